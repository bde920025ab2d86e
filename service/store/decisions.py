"""Queries on decisions: what students took and declined of what was offered, and why."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from service.store.connection import Unit
from service.store.people import chunks
from service.store.schema import decisions
from service.store.times import microseconds, moment


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision; `offer` holds (option, purpose) in the order that was offered."""

    id: str
    student: str
    recommendation: str
    said: str
    option: str | None
    why: str
    words: str
    author: str
    decided_at: datetime
    recorded_at: datetime
    goal: str | None
    offer: tuple[tuple[str, str], ...]
    versions: dict[str, str]


_PLAIN = (
    "id", "student", "recommendation", "said", "option", "why", "words", "author", "goal",
)  # fmt: skip


def add(unit: Unit, decision: StoredDecision) -> None:
    """Keep a decision under an id that is new; its student must be on the roster."""
    row = {
        "district": unit.district,
        **{name: getattr(decision, name) for name in _PLAIN},
        "decided_at": microseconds(decision.decided_at),
        "recorded_at": microseconds(decision.recorded_at),
        "offer": json.dumps(decision.offer, ensure_ascii=False),
        "versions": json.dumps(decision.versions),
    }
    unit.connection.execute(insert(decisions).values(row))


def by_id(unit: Unit, decision_id: str) -> StoredDecision | None:
    """Return one decision; `None` when there is none with this id."""
    mine = (decisions.c.district == unit.district) & (decisions.c.id == decision_id)
    row = unit.connection.execute(select(decisions).where(mine)).first()
    return None if row is None else _decision(row)


def of_students(unit: Unit, students: Collection[str] | None) -> list[StoredDecision]:
    """Return the decisions of some students (`None`: of all), by when they were made."""
    mine = select(decisions).where(decisions.c.district == unit.district)
    parts = [None] if students is None else chunks(sorted(students))
    found = [
        _decision(row)
        for part in parts
        for row in unit.connection.execute(
            mine if part is None else mine.where(decisions.c.student.in_(part))
        )
    ]
    return sorted(found, key=lambda each: (each.decided_at, each.id))


def _decision(row: Row[Any]) -> StoredDecision:
    return StoredDecision(
        **{name: getattr(row, name) for name in _PLAIN},
        decided_at=moment(row.decided_at),
        recorded_at=moment(row.recorded_at),
        offer=tuple((option, purpose) for option, purpose in json.loads(row.offer)),
        versions=json.loads(row.versions),
    )
