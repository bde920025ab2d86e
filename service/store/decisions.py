"""Queries on decisions: what students took and declined of what was offered, and what was undone.

A decision is never changed: its undo stands beside it.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, select

from service.store.connection import Unit
from service.store.people import chunks
from service.store.schema import decision_undos, decisions
from service.store.times import microseconds, moment


@dataclass(frozen=True, slots=True)
class StoredUndo:
    """Who took a decision back, when and why; `id` is that of the act."""

    id: str
    author: str
    reason: str
    undone_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision; `offer` holds (option, purpose) in the order that was offered.

    `undone` is how it was taken back, `None` while it stands.
    """

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
    undone: StoredUndo | None = None


_PLAIN = (
    "id", "student", "recommendation", "said", "option", "why", "words", "author", "goal",
)  # fmt: skip
_UNDO = ("id", "author", "reason", "undone_at")


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


def add_undo(unit: Unit, decision: StoredDecision, undo: StoredUndo) -> None:
    """Keep that a decision, which stands, was taken back; the id of the act must be new."""
    row = {
        "district": unit.district,
        "decision": decision.id,
        "id": undo.id,
        "student": decision.student,
        "author": undo.author,
        "reason": undo.reason,
        "undone_at": microseconds(undo.undone_at),
    }
    unit.connection.execute(insert(decision_undos).values(row))


def undone_by(unit: Unit, undo_id: str) -> str | None:
    """Return the id of the decision that an act took back; `None` for an act nobody did."""
    mine = (decision_undos.c.district == unit.district) & (decision_undos.c.id == undo_id)
    found: str | None = unit.connection.execute(
        select(decision_undos.c.decision).where(mine)
    ).scalar_one_or_none()
    return found


def by_id(unit: Unit, decision_id: str) -> StoredDecision | None:
    """Return one decision; `None` when there is none with this id."""
    row = unit.connection.execute(_all(unit).where(decisions.c.id == decision_id)).first()
    return None if row is None else _decision(row)


def of_students(unit: Unit, students: Collection[str] | None) -> list[StoredDecision]:
    """Return the decisions of some students (`None`: of all), by when they were made."""
    mine = _all(unit)
    parts = [None] if students is None else chunks(sorted(students))
    found = [
        _decision(row)
        for part in parts
        for row in unit.connection.execute(
            mine if part is None else mine.where(decisions.c.student.in_(part))
        )
    ]
    return sorted(found, key=lambda each: (each.decided_at, each.id))


def _all(unit: Unit) -> Any:
    taken_back = and_(
        decision_undos.c.district == decisions.c.district,
        decision_undos.c.decision == decisions.c.id,
    )
    columns = (decision_undos.c[name].label(f"undo_{name}") for name in _UNDO)
    query = select(decisions, *columns).outerjoin(decision_undos, taken_back)
    return query.where(decisions.c.district == unit.district)


def _decision(row: Row[Any]) -> StoredDecision:
    return StoredDecision(
        **{name: getattr(row, name) for name in _PLAIN},
        decided_at=moment(row.decided_at),
        recorded_at=moment(row.recorded_at),
        offer=tuple((option, purpose) for option, purpose in json.loads(row.offer)),
        versions=json.loads(row.versions),
        undone=_undo(row),
    )


def _undo(row: Row[Any]) -> StoredUndo | None:
    if row.undo_id is None:
        return None
    return StoredUndo(row.undo_id, row.undo_author, row.undo_reason, moment(row.undo_undone_at))
