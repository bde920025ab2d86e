"""A curriculum as CSV files, in and out, and documents as JSON files.

Columns: targets `id,text[,competency,grade,student_text]`; prerequisites
`prereq,target[,relation]`; competencies `id,text[,parent]`; tasks
`id,title,targets[,kind,format,interests,minutes]` with several targets or interests joined
by `~`. Other columns are kept as `extra` and written back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from graphs.errors import Fault, InvalidInput
from graphs.framework import Competency, LearningTarget, Task
from graphs.json_source import read_json_source
from graphs.prerequisites import Edge, Relation
from graphs.tables import Row, Table, split_list, write_table

V = TypeVar("V")

COMPETENCY_COLUMNS = ("id", "text", "parent")
TARGET_COLUMNS = ("id", "text", "competency", "grade", "student_text")
EDGE_COLUMNS = ("prereq", "target", "relation")
TASK_COLUMNS = ("id", "title", "targets", "kind", "format", "interests", "minutes")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds one object. Raises `InvalidInput` naming file and line."""
    return read_json_source(path).document


def competencies_from(table: Table) -> tuple[Competency, ...]:
    """Read competencies; raises `InvalidInput` with file, line and column."""
    return _values(table, _competency)


def targets_from(table: Table) -> tuple[LearningTarget, ...]:
    """Read learning targets; a missing text falls back to the id. Raises `InvalidInput`."""
    return _values(table, _target)


def edges_from(table: Table) -> tuple[Edge, ...]:
    """Read prerequisite and encompasses edges; a blank relation is a prerequisite."""
    return _values(table, _edge)


def tasks_from(table: Table) -> tuple[Task, ...]:
    """Read tasks; blank optional cells take the defaults of `Task`. Raises `InvalidInput`."""
    return _values(table, _task)


def competencies_csv(competencies: Iterable[Competency]) -> str:
    """Write competencies as CSV text."""
    return _csv(COMPETENCY_COLUMNS, [({"parent": c.parent or ""}, c) for c in competencies])


def targets_csv(targets: Iterable[LearningTarget]) -> str:
    """Write learning targets as CSV text."""
    return _csv(TARGET_COLUMNS, [({"competency": t.competency or ""}, t) for t in targets])


def edges_csv(edges: Iterable[Edge]) -> str:
    """Write edges as CSV text."""
    return write_table(EDGE_COLUMNS, [(e.prereq, e.target, e.relation) for e in edges])


def tasks_csv(tasks: Iterable[Task]) -> str:
    """Write tasks as CSV text; reading it back gives equal tasks."""
    joined = [
        (
            {
                "targets": "~".join(t.targets),
                "interests": "~".join(t.interests),
                "minutes": str(t.minutes).removesuffix(".0"),
            },
            t,
        )
        for t in tasks
    ]
    return _csv(TASK_COLUMNS, joined)


def _values(table: Table, read: Callable[[Table, Row, list[Fault]], V]) -> tuple[V, ...]:
    faults: list[Fault] = []
    values = tuple(read(table, row, faults) for row in table.rows)
    if faults:
        raise InvalidInput(faults)
    return values


def _need(table: Table, row: Row, column: str, faults: list[Fault]) -> str:
    if not row[column]:
        faults.append(table.fault(row, column, "this cell must not be empty"))
    return row[column]


def _competency(table: Table, row: Row, faults: list[Fault]) -> Competency:
    return Competency(
        _need(table, row, "id", faults),
        row["text"] or row["id"],
        row["parent"] or None,
        table.extra(row, COMPETENCY_COLUMNS),
    )


def _target(table: Table, row: Row, faults: list[Fault]) -> LearningTarget:
    return LearningTarget(
        _need(table, row, "id", faults),
        row["text"] or row["id"],
        row["competency"] or None,
        row["grade"],
        row["student_text"],
        table.extra(row, TARGET_COLUMNS),
    )


def _edge(table: Table, row: Row, faults: list[Fault]) -> Edge:
    relation = row["relation"] or "prerequisite"
    if relation not in get_args(Relation):
        message = f"{relation!r} is not a relation; use one of {', '.join(get_args(Relation))}"
        faults.append(table.fault(row, "relation", message))
    prereq = _need(table, row, "prereq", faults)
    return Edge(prereq, _need(table, row, "target", faults), relation)  # type: ignore[arg-type]


def _task(table: Table, row: Row, faults: list[Fault]) -> Task:
    given: dict[str, Any] = {c: row[c] for c in ("kind", "format") if row[c]}
    if row["minutes"]:
        given["minutes"] = _number(table, row, "minutes", faults)
    return Task(
        id=_need(table, row, "id", faults),
        title=row["title"] or row["id"],
        targets=split_list(_need(table, row, "targets", faults)),
        interests=split_list(row["interests"]),
        extra=table.extra(row, TASK_COLUMNS),
        **given,
    )


def _number(table: Table, row: Row, column: str, faults: list[Fault]) -> float:
    try:
        return float(row[column])
    except ValueError:
        faults.append(table.fault(row, column, f"{row[column]!r} is not a number"))
        return 1.0


def _csv(columns: tuple[str, ...], values: Sequence[tuple[Mapping[str, str], Any]]) -> str:
    """Write values by attribute; the mapping before each gives the cells that differ."""
    extra = list(dict.fromkeys(column for _, value in values for column in value.extra))
    rows = [
        [
            *(cells[c] if c in cells else getattr(value, c) for c in columns),
            *(value.extra.get(c, "") for c in extra),
        ]
        for cells, value in values
    ]
    return write_table([*columns, *extra], rows)
