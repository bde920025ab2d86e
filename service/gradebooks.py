"""A gradebook as teachers keep it: a wide CSV table, a row a student, a column a target.

Columns are learning targets, by id, CASE identifier or code, or tasks by id. A cell is a
score from 0 to 1 or in percent, points of a maximum, or a level of a scale by number or
name; `missed` is missed and not wrong, and takes no score back; blank, `-` and `exempt` say
nothing.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from graphs import Curriculum, Fault, InvalidInput, Scale, read_table
from graphs.naming import Names
from graphs.tables import Row, Table
from models import Evidence
from service.cells import evidence_of

KNOWN = ("student", "name", "class")
NOTHING = frozenset({"", "-", "–", "ex", "exempt"})
MISSED = frozenset({"missed", "missing", "m"})


@dataclass(frozen=True, slots=True)
class CellRule:
    """How cells are read: as points of `out_of`, as levels of `scale`, else as scores.

    `name` tells this gradebook from others: a cell read again under the same name revises
    what it said before. `kind` is the evidence kind of columns that are no task, `date` when
    it was observed (`None`: when it is imported).
    """

    name: str
    scale: str | None = None
    out_of: float | None = None
    kind: str | None = None
    date: datetime | None = None


@dataclass(frozen=True)
class GradebookRead:
    """Evidence in a gradebook, how many cells said nothing, and columns of nothing we know."""

    pieces: list[Evidence] = field(default_factory=list)
    silent: int = 0
    unread_columns: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the file: the target it is of, or the task."""

    title: str
    target: str | None
    task: str | None

    @property
    def key(self) -> str:
        return self.task or self.target or ""


def read_gradebook(
    path: Path, curriculum: Curriculum, rule: CellRule, now: datetime
) -> GradebookRead:
    """Read a gradebook. Raises `InvalidInput` naming every fault by file, line and column."""
    table = read_table(path, ("student",))
    scale = _scale(curriculum, rule)
    columns = _columns(table, curriculum)
    faults = list(_repeats(table, columns))
    pieces: list[Evidence] = []
    silent = 0
    for row in table.rows:
        for column in columns:
            try:
                piece = _piece(table, row, column, curriculum, rule, scale, now)
            except InvalidInput as error:
                faults += error.faults
            else:
                silent += piece is None
                pieces += [piece] if piece else []
    if faults:
        raise InvalidInput(faults)
    read = {column.title for column in columns}
    unread = [c for c in table.columns if c not in read and c not in KNOWN]
    return GradebookRead(pieces, silent, unread)


def _columns(table: Table, curriculum: Curriculum) -> list[_Column]:
    names, framework = Names(curriculum), curriculum.framework
    columns = []
    for title in table.columns:
        if title not in KNOWN:
            task = title if framework.has_task(title) else None
            target = None if task else names.target(title)
            if task or target:
                columns.append(_Column(title, target, task))
    if not columns:
        message = "no column is a learning target or a task of the framework"
        raise InvalidInput([Fault(message, table.name, 1)])
    return columns


def _repeats(table: Table, columns: Sequence[_Column]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for column in columns:
        if first.setdefault(column.key, column.title) != column.title:
            message = f"means the same as the column {first[column.key]!r}"
            yield Fault(message, table.name, 1, column.title)
    lines: dict[str, int] = {}
    for row in table.rows:
        if lines.setdefault(row["student"], row.line) != row.line:
            message = f"{row['student']!r} stands on line {lines[row['student']]} already"
            yield table.fault(row, "student", message)


def _piece(
    table: Table,
    row: Row,
    column: _Column,
    curriculum: Curriculum,
    rule: CellRule,
    scale: Scale | None,
    now: datetime,
) -> Evidence | None:
    cell = row[column.title]
    if cell.casefold() in NOTHING:
        return None
    fields = {
        "id": cell_id(rule.name, row["student"], column.key),
        "student": row["student"],
        "targets": [column.target] if column.target else [],
        "task": column.task,
        "kind": None if column.task else rule.kind,
        "observed_at": rule.date,
        **_said(table, row, column, rule, scale),
    }
    try:
        return evidence_of(fields, curriculum, now)
    except InvalidInput as error:
        raise InvalidInput(
            table.fault(row, _place(fault.field, column), fault.message) for fault in error.faults
        ) from None


def _place(name: str | None, column: _Column) -> str:
    return "student" if name == "student" else column.title


def _said(
    table: Table, row: Row, column: _Column, rule: CellRule, scale: Scale | None
) -> Mapping[str, object]:
    """Return what a cell says: a score, a level, or that the work was missed."""
    cell = row[column.title]
    if cell.casefold() in MISSED:
        return {"missed": True}
    if scale is not None:
        names = [level.casefold() for level in scale.levels]
        if cell.casefold() in names:
            return {"level": names.index(cell.casefold()) + 1, "scale": scale.id}
        if cell.isdecimal() and 1 <= int(cell) <= len(names):
            return {"level": int(cell), "scale": scale.id}
        message = f"{cell!r} is not a level of {scale.id!r}: 1 to {len(names)}, or its name"
        raise InvalidInput([table.fault(row, column.title, message)])
    most = 100.0 if cell.endswith("%") else rule.out_of or 1.0
    value = _number(cell.removesuffix("%"))
    if value is None or not 0 <= value <= most:
        needs = f"a number from 0 to {most:g}" + ("" if rule.out_of else ", or a percentage")
        raise InvalidInput([table.fault(row, column.title, f"{cell!r} is not {needs}")])
    return {"score": value / most}


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _scale(curriculum: Curriculum, rule: CellRule) -> Scale | None:
    if rule.scale and rule.out_of:
        raise InvalidInput("a cell is either a level of a scale or points, not both")
    if rule.out_of is not None and not 0 < rule.out_of < math.inf:
        raise InvalidInput([Fault("must be greater than 0", field="out-of")])
    return curriculum.framework.scale(rule.scale) if rule.scale else None


def cell_id(gradebook: str, student: str, column: str) -> str:
    """Return the id of the evidence that a cell first became."""
    name = "\0".join((gradebook, student, column))
    return "gradebook:" + hashlib.sha256(name.encode()).hexdigest()[:32]
