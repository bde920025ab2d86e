"""Gradebooks in and out: one class's evidence as a wide table of students × targets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from engine import STATUSES
from graphs import Curriculum, InvalidInput
from graphs.naming import Names
from models import Evidence, in_force, in_order
from service.access import visible_class
from service.gradebooks import CellRule, read_gradebook
from service.looking import look_at
from service.principal import Principal
from service.school import load_school
from service.store import Store, people
from service.usecases.recording import record_within
from service.usecases.rehearsing import writing
from service.usecases.revising import as_revisions

Cells = Literal["score", "level", "status", "estimate"]
"""What stands in a cell: the latest score or level in force, the status, or P(mastered)."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class GradebookOutcome:
    """What a gradebook changed: new evidence, revisions of changed cells, unchanged ones.

    `silent` counts cells that say nothing; `undated` of the new pieces have no date, so they say
    what was shown and never when.
    """

    students_added: int
    evidence: int
    revisions: int
    unchanged: int
    silent: int
    undated: int
    unread_columns: list[str]


def import_gradebook(
    store: Store,
    principal: Principal,
    file: Path,
    rule: CellRule,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _, __: None,
) -> GradebookOutcome:
    """Record a gradebook's cells, all or nothing; changed cells revise what they said before.

    Raises `InvalidInput` naming every fault by file, line and column.
    """
    with writing(store, principal, dry_run=dry_run) as unit:
        read = read_gradebook(file, load_school(unit).curriculum, rule, now)
        pieces = as_revisions(unit, read.pieces)
        done = record_within(unit, pieces, now, progress)
    revisions = sum(piece.supersedes is not None for piece in pieces)
    return GradebookOutcome(
        done.students_added,
        len(pieces) - revisions,
        revisions,
        len(read.pieces) - len(pieces),
        read.silent,
        sum(piece.observed_at is None for piece in pieces),
        read.unread_columns,
    )


def class_gradebook(
    store: Store,
    principal: Principal,
    class_id: str,
    now: datetime,
    cells: Cells = "score",
    *,
    every: bool = False,
) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a class's gradebook at `now`, fit to be imported again as scores.

    Columns are the targets with evidence in this class (`every`: all), by code where that
    leads back to the target. Raises `UnknownId`.
    """
    if cells not in get_args(Cells):
        raise InvalidInput(f"{cells!r} is not one of {', '.join(get_args(Cells))}")
    with store.read(principal.district) as unit:
        visible_class(unit, principal, class_id)
        school = load_school(unit)
        students = people.get_students(unit, people.members(unit, class_id))
        look = look_at(unit, school, [s.id for s in students], now)
    logs = {student: log.evidence for student, log in look.logs.items()}
    board = look.board
    seen = {target for log in logs.values() for piece in log for target in piece.targets}
    targets = [t.id for t in school.curriculum.framework if every or t.id in seen]
    rows = []
    for row, student in enumerate(students):
        said = _latest(logs[student.id])
        line = [student.id, student.name]
        for target in targets:
            column = school.curriculum.graph.position[target]
            if cells == "status":
                line.append(STATUSES[board.status[row, column]])
            elif cells == "estimate":
                line.append(f"{board.p[row, column]:.4f}")
            else:
                line.append(_cell(said.get(target), cells))
        rows.append(line)
    return ["student", "name", *_titles(school.curriculum, targets)], rows


def _titles(curriculum: Curriculum, targets: Sequence[str]) -> list[str]:
    names = Names(curriculum)
    codes = [curriculum.framework.target(target).code for target in targets]
    return [
        code if code and names.target(code) == target else target
        for code, target in zip(codes, targets, strict=True)
    ]


def _latest(log: Sequence[Evidence]) -> dict[str, Evidence]:
    """Return the latest evidence in force on each target; what was missed only alone."""
    missed = [piece for piece in in_order(log) if piece.missed]
    return {target: p for p in (*missed, *in_force(log)) for target in p.targets}


def _cell(piece: Evidence | None, cells: Cells) -> str:
    if piece is None:
        return ""
    if piece.missed:
        return "missed"
    if cells == "level":
        return "" if piece.level is None else str(piece.level)
    return repr(piece.score)
