"""A curriculum as CSV files, in and out, and documents as JSON files.

Columns: targets `id,text[,competency,grade,student_text]`; prerequisites
`prereq,target[,relation]`; competencies `id,text[,parent]`; tasks
`id,title,targets[,kind,format,interests,minutes]` with several targets or interests joined
by `~`; kinds `id,text[,reliability]`; scales `id,levels`, from lowest to highest, joined by
`~`; requirements `target,competency,pieces,sessions,kinds,level,scale`. Other columns are
kept as `extra` and written back, where there is room for them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from graphs.errors import Fault, InvalidInput
from graphs.framework import Competency, EvidenceKind, LearningTarget, Scale, Task
from graphs.json_source import read_json_source
from graphs.prerequisites import Edge, Relation
from graphs.requirements import Requirement
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


def kinds_from(table: Table) -> tuple[EvidenceKind, ...]:
    """Read evidence kinds; a blank reliability is 1. Raises `InvalidInput`."""
    return _values(table, _kind)


def scales_from(table: Table) -> tuple[Scale, ...]:
    """Read scales, their levels from lowest to highest. Raises `InvalidInput`."""
    return _values(table, _scale)


def requirements_from(table: Table) -> tuple[Requirement, ...]:
    """Read evidence requirements; blank cells take the defaults. Raises `InvalidInput`."""
    return _values(table, _requirement)


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


def _kind(table: Table, row: Row, faults: list[Fault]) -> EvidenceKind:
    weight = _number(table, row, "reliability", faults) if row["reliability"] else 1.0
    name = _need(table, row, "id", faults)
    return EvidenceKind(name, row["text"] or name.replace("_", " ").capitalize(), weight)


def _scale(table: Table, row: Row, faults: list[Fault]) -> Scale:
    return Scale(_need(table, row, "id", faults), split_list(_need(table, row, "levels", faults)))


def _requirement(table: Table, row: Row, faults: list[Fault]) -> Requirement:
    return Requirement(
        target=row["target"] or None,
        competency=row["competency"] or None,
        pieces=_whole(table, row, "pieces", faults) if row["pieces"] else 1,
        sessions=_whole(table, row, "sessions", faults) if row["sessions"] else 1,
        kinds=split_list(row["kinds"]),
        level=_whole(table, row, "level", faults) if row["level"] else None,
        scale=row["scale"] or None,
    )


def _whole(table: Table, row: Row, column: str, faults: list[Fault]) -> int:
    if not row[column].isdecimal():
        faults.append(table.fault(row, column, f"{row[column]!r} is not a whole number"))
        return 1
    return int(row[column])


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
