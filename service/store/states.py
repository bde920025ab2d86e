"""Queries on the cache of standings: it may be dropped at any time, and never lies."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from models.trail import Tail
from service.store.connection import Unit
from service.store.people import chunks
from service.store.schema import states


@dataclass(frozen=True, slots=True)
class CachedState:
    """A standing in bytes: the packed state, the packed trail, and the tail of the log."""

    packed: bytes
    trail: bytes
    tail: Tail | None


def put(unit: Unit, model: str, found: Mapping[str, CachedState]) -> None:
    """Replace the cached standings of some students."""
    drop(unit, found)
    rows = [
        {
            "district": unit.district,
            "student": student,
            "model": model,
            "packed": each.packed,
            "trail": each.trail,
            "tail": None if each.tail is None else json.dumps(each.tail, ensure_ascii=False),
        }
        for student, each in sorted(found.items())
    ]
    if rows:
        unit.connection.execute(insert(states), rows)


def drop(unit: Unit, students: Collection[str]) -> None:
    """Forget the cached standings of some students: their log has changed."""
    for part in chunks(sorted(students)):
        mine = (states.c.district == unit.district) & states.c.student.in_(part)
        unit.connection.execute(delete(states).where(mine))


def of_students(unit: Unit, model: str, students: Collection[str]) -> dict[str, CachedState]:
    """Return the cached standings of some students under one model; others are absent."""
    found: dict[str, CachedState] = {}
    for part in chunks(sorted(students)):
        query = select(states.c.student, states.c.packed, states.c.trail, states.c.tail).where(
            states.c.district == unit.district,
            states.c.model == model,
            states.c.student.in_(part),
        )
        for student, packed, trail, tail in unit.connection.execute(query):
            key = None if tail is None else tuple(json.loads(tail))
            found[student] = CachedState(packed, trail, key)
    return found


def known(unit: Unit, model: str, students: Collection[str]) -> set[str]:
    """Return which of these students have a cached standing under one model."""
    found: set[str] = set()
    for part in chunks(sorted(students)):
        query = select(states.c.student).where(
            states.c.district == unit.district,
            states.c.model == model,
            states.c.student.in_(part),
        )
        found.update(unit.connection.execute(query).scalars())
    return found


def students_with_state(unit: Unit) -> list[str]:
    """Return the ids of the students with a cached standing, sorted."""
    mine = states.c.district == unit.district
    query = select(states.c.student).where(mine).order_by(states.c.student)
    return list(unit.connection.execute(query).scalars())
