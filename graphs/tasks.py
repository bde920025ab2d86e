"""Tasks from a CSV file for a curriculum, every fault named by line and column."""

from collections.abc import Iterator
from dataclasses import replace

from graphs.curriculum import Curriculum
from graphs.errors import Fault, InvalidInput
from graphs.files import tasks_from
from graphs.framework import ID_RULE, Task, task_faults, usable_id
from graphs.naming import Names
from graphs.tables import Table


def tasks_for(table: Table, curriculum: Curriculum) -> tuple[Task, ...]:
    """Read tasks; their targets may be named by id, CASE identifier or code.

    Raises `InvalidInput` naming every cell that a task of this curriculum cannot have.
    """
    names = Names(curriculum)
    tasks = tuple(
        replace(task, targets=tuple(names.target(name) or name for name in task.targets))
        for task in tasks_from(table)
    )
    faults = list(_faults(table, tasks, curriculum))
    if faults:
        raise InvalidInput(faults)
    return tasks


def _faults(table: Table, tasks: tuple[Task, ...], curriculum: Curriculum) -> Iterator[Fault]:
    framework = curriculum.framework
    targets, kinds = {t.id for t in framework}, {k.id for k in framework.kinds}
    lines: dict[str, int] = {}
    for row, task in zip(table.rows, tasks, strict=True):
        for column, message in task_faults(task, targets, kinds):
            yield table.fault(row, column, message)
        if not usable_id(task.id):
            yield table.fault(row, "id", f"the id {task.id!r} is not usable: {ID_RULE}")
        if lines.setdefault(task.id, row.line) != row.line:
            message = f"the id {task.id!r} stands on line {lines[task.id]} already"
            yield table.fault(row, "id", message)
