"""Queries on the evidence log (append-only) and on the state cache beside it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from models import Evidence
from service.store.connection import Unit
from service.store.people import chunks
from service.store.schema import evidence, states

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS = tuple(field.name for field in fields(Evidence))
_TARGETS, _OBSERVED = _FIELDS.index("targets"), _FIELDS.index("observed_at")


def microseconds(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970 UTC, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(stored: int) -> datetime:
    """Return the aware UTC moment that `microseconds` stored."""
    return EPOCH + timedelta(microseconds=stored)


def append(unit: Unit, pieces: Iterable[Evidence], now: datetime) -> None:
    """Append evidence whose ids are new; its students must be on the roster."""
    rows = [_row(unit, piece, now) for piece in pieces]
    if rows:
        unit.connection.execute(insert(evidence), rows)


def by_ids(unit: Unit, ids: Collection[str]) -> dict[str, Evidence]:
    """Return the stored evidence among these ids."""
    found: dict[str, Evidence] = {}
    for part in chunks(sorted(ids)):
        query = _mine(unit).where(evidence.c.id.in_(part))
        found.update((row.id, _evidence(row)) for row in unit.connection.execute(query))
    return found


def of_students(unit: Unit, ids: Collection[str]) -> dict[str, list[Evidence]]:
    """Return the whole log of some students, by student."""
    logs: dict[str, list[Evidence]] = {student: [] for student in ids}
    for part in chunks(sorted(ids)):
        query = _mine(unit).where(evidence.c.student.in_(part))
        for row in unit.connection.execute(query):
            logs[row.student].append(_evidence(row))
    return logs


def whole_log(unit: Unit) -> Iterator[Evidence]:
    """Yield the whole log of the district, student by student."""
    query = _mine(unit).order_by(evidence.c.student, evidence.c.seq)
    result = unit.connection.execution_options(yield_per=5000).execute(query)
    return (_evidence(row) for row in result)


def students_with_evidence(unit: Unit) -> list[str]:
    """Return the ids of the students who have any evidence, sorted."""
    query = (
        select(evidence.c.student)
        .distinct()
        .where(evidence.c.district == unit.district)
        .order_by(evidence.c.student)
    )
    return list(unit.connection.execute(query).scalars())


def students_with_state(unit: Unit) -> list[str]:
    """Return the ids of the students who have a cached state, sorted."""
    mine = states.c.district == unit.district
    query = select(states.c.student).where(mine).order_by(states.c.student)
    return list(unit.connection.execute(query).scalars())


def put_states(unit: Unit, model: str, packed: Mapping[str, bytes]) -> None:
    """Replace the cached states of some students."""
    for part in chunks(sorted(packed)):
        mine = (states.c.district == unit.district) & states.c.student.in_(part)
        unit.connection.execute(delete(states).where(mine))
        rows = [
            {"district": unit.district, "student": s, "model": model, "packed": packed[s]}
            for s in part
        ]
        unit.connection.execute(insert(states), rows)


def get_states(unit: Unit, model: str, ids: Collection[str]) -> dict[str, bytes]:
    """Return the cached states of some students under one model; others are absent."""
    found: dict[str, bytes] = {}
    for part in chunks(sorted(ids)):
        query = select(states.c.student, states.c.packed).where(
            states.c.district == unit.district,
            states.c.model == model,
            states.c.student.in_(part),
        )
        found.update((student, packed) for student, packed in unit.connection.execute(query))
    return found


def _mine(unit: Unit) -> Select[Any]:
    columns = (evidence.c[name] for name in _FIELDS)
    return select(*columns).where(evidence.c.district == unit.district)


def _row(unit: Unit, piece: Evidence, now: datetime) -> dict[str, Any]:
    row = {name: getattr(piece, name) for name in _FIELDS}
    observed = piece.observed_at
    row["targets"] = "~".join(piece.targets)
    row["observed_at"] = None if observed is None else microseconds(observed)
    row["district"], row["recorded_at"] = unit.district, microseconds(now)
    return row


def _evidence(row: Row[Any]) -> Evidence:
    values = list(row)
    values[_TARGETS] = tuple(values[_TARGETS].split("~"))
    if values[_OBSERVED] is not None:
        values[_OBSERVED] = moment(values[_OBSERVED])
    return Evidence(*values)
