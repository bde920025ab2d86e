"""Queries on the evidence log. Rows are only ever appended; events say what became of them."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select

from models import Evidence, StudentLog
from models.batch.standing import PlainPiece
from models.evidence import BEFORE_ALL
from service.store import events
from service.store.connection import Unit
from service.store.people import chunks
from service.store.schema import evidence
from service.store.times import EPOCH, MICROSECOND, microseconds, moment

FIELDS = tuple(field.name for field in fields(Evidence))
"""The fields of a piece of evidence, in the order of a stored row."""
_TARGETS, _OBSERVED = FIELDS.index("targets"), FIELDS.index("observed_at")
_STUDENT = FIELDS.index("student")
_PLAIN = ("student", "observed_at", "position", "id", "targets", "kind", "score", "supersedes",
          "work")  # fmt: skip
EPOCH_SINCE_YEAR_1 = (EPOCH - BEFORE_ALL) // MICROSECOND
StoredRow = tuple[Any, ...]
"""A piece of evidence as it is kept: `FIELDS`, targets joined by `~`, time in microseconds."""


def stored_row(piece: Evidence) -> StoredRow:
    """Return the row that keeps a piece of evidence."""
    row = [getattr(piece, name) for name in FIELDS]
    row[_TARGETS] = "~".join(piece.targets)
    if piece.observed_at is not None:
        row[_OBSERVED] = microseconds(piece.observed_at)
    return tuple(row)


def append(unit: Unit, rows: Sequence[StoredRow], now: datetime) -> None:
    """Append rows whose ids are new; their students must be on the roster."""
    more = (unit.district, microseconds(now))
    unit.insert_many(evidence, (*FIELDS, "district", "recorded_at"), [row + more for row in rows])


def rows_by_id(unit: Unit, ids: Collection[str]) -> dict[str, StoredRow]:
    """Return the rows kept under these ids, as they were recorded."""
    found: dict[str, StoredRow] = {}
    columns = [evidence.c[name] for name in FIELDS]
    for part in chunks(sorted(ids)):
        query = select(*columns).where(
            evidence.c.district == unit.district, evidence.c.id.in_(part)
        )
        found.update((row[0], tuple(row)) for row in unit.connection.execute(query))
    return found


def how_many(unit: Unit) -> int:
    """Return how many pieces of evidence the district has recorded."""
    query = select(func.count()).where(evidence.c.district == unit.district)
    return int(unit.connection.execute(query).scalar_one())


def any_kept(unit: Unit) -> bool:
    """Say whether the district has any evidence."""
    query = select(evidence.c.seq).where(evidence.c.district == unit.district).limit(1)
    return unit.connection.execute(query).first() is not None


def last_row(unit: Unit) -> int:
    """Return the number of the row that was appended last, of any district; 0 without one."""
    return int(unit.connection.execute(select(func.max(evidence.c.seq))).scalar() or 0)


def known_ids(unit: Unit, ids: Collection[str]) -> set[str]:
    """Return which of these ids stand for evidence that is kept."""
    found: set[str] = set()
    for part in chunks(sorted(ids)):
        query = select(evidence.c.id).where(
            evidence.c.district == unit.district, evidence.c.id.in_(part)
        )
        found.update(unit.connection.execute(query).scalars())
    return found


def logs_of(unit: Unit, students: Collection[str]) -> dict[str, StudentLog]:
    """Return the whole log of some students, by student."""
    rows: dict[str, list[Row[Any]]] = {student: [] for student in students}
    acts = events.of_students(unit, students)
    for part in chunks(sorted(rows)):
        query = _logged(unit).where(evidence.c.student.in_(part)).order_by(evidence.c.seq)
        for row in unit.connection.execute(query):
            rows[row[_STUDENT]].append(row)
    return {student: _log(mine, acts.get(student, ())) for student, mine in rows.items()}


def plain_pieces(unit: Unit, students: Collection[str]) -> tuple[list[PlainPiece], set[str]]:
    """Return what counts of the logs of some students, and the students whose log is not plain.

    A log is plain when nothing in it was revised, rated twice, corrected or withdrawn. Of
    the other students nothing is returned.
    """
    rows: list[Sequence[Any]] = []
    odd = set(events.of_students(unit, students))
    for part in chunks(sorted(set(students) - odd)):
        query = select(*(evidence.c[name] for name in _PLAIN)).where(
            evidence.c.district == unit.district,
            evidence.c.student.in_(part),
            evidence.c.missed.is_(False),
        )
        rows += unit.connection.execute(query).all()
    odd |= {row[0] for row in rows if row[-2] or row[-1]}  # revised, or rated twice
    split = lru_cache(maxsize=None)(lambda cell: tuple(cell.split("~")))
    found = [
        PlainPiece(
            student,
            0 if at is None else at + EPOCH_SINCE_YEAR_1,
            -1 if place is None else place,
            name,
            split(targets),
            kind,
            score,
            math.nan if at is None else at / 10**6,
        )
        for student, at, place, name, targets, kind, score, _, _ in rows
        if student not in odd
    ]
    return found, odd


def all_logs(unit: Unit) -> Iterator[tuple[str, StudentLog]]:
    """Yield every student with evidence and their whole log, student by student."""
    acts = events.of_students(unit, None)
    query = _logged(unit).order_by(evidence.c.student, evidence.c.seq)
    result = unit.connection.execution_options(yield_per=5000).execute(query)
    for student, rows in groupby(result, key=lambda row: row[_STUDENT]):
        yield student, _log(list(rows), acts.get(student, ()))


def students_with_evidence(unit: Unit) -> list[str]:
    """Return the ids of the students who have any evidence, sorted."""
    query = (
        select(evidence.c.student)
        .distinct()
        .where(evidence.c.district == unit.district)
        .order_by(evidence.c.student)
    )
    return list(unit.connection.execute(query).scalars())


def students_with_rated_work(unit: Unit) -> list[str]:
    """Return the ids of the students of whom some evidence names the work it rates, sorted."""
    query = (
        select(evidence.c.student)
        .distinct()
        .where(evidence.c.district == unit.district, evidence.c.work.is_not(None))
        .order_by(evidence.c.student)
    )
    return list(unit.connection.execute(query).scalars())


def evidence_of(row: Sequence[Any]) -> Evidence:
    """Return the piece of evidence that a row keeps."""
    values = list(row[: len(FIELDS)])
    values[_TARGETS] = tuple(values[_TARGETS].split("~"))
    if values[_OBSERVED] is not None:
        values[_OBSERVED] = moment(values[_OBSERVED])
    return Evidence(*values)


def _logged(unit: Unit) -> Any:
    columns = (evidence.c[name] for name in (*FIELDS, "recorded_at"))
    return select(*columns).where(evidence.c.district == unit.district)


def _log(rows: Sequence[Row[Any]], acts: Sequence[Any]) -> StudentLog:
    return StudentLog(
        tuple(evidence_of(row) for row in rows),
        tuple(moment(row.recorded_at) for row in rows),
        tuple(acts),
    )
