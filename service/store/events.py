"""Queries on the events of the log: what people corrected, withdrew, judged and undid."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, func, insert, select

from models import Event, Evidence
from service.store.connection import Unit
from service.store.people import chunks
from service.store.schema import events
from service.store.times import microseconds, moment

_COLUMNS = ("id", "type", "student", "subject", "author", "reason", "recorded_at", "body")


def append(unit: Unit, event: Event) -> None:
    """Append an event whose id is new; its student must be on the roster."""
    row = {name: getattr(event, name) for name in _COLUMNS[:6]}
    row["recorded_at"] = microseconds(event.recorded_at)
    row["body"] = _body(event)
    unit.connection.execute(insert(events).values(district=unit.district, **row))


def of_students(unit: Unit, students: Collection[str] | None) -> dict[str, list[Event]]:
    """Return the events of some students (`None`: of all), by student, in their order."""
    found: dict[str, list[Event]] = {}
    parts = [None] if students is None else chunks(sorted(students))
    for part in parts:
        query = _all(unit).order_by(events.c.seq)
        if part is not None:
            query = query.where(events.c.student.in_(part))
        for row in unit.connection.execute(query):
            found.setdefault(row.student, []).append(_event(row))
    return found


def replacements(unit: Unit, ids: Collection[str]) -> list[Event]:
    """Return every event that replaced one of these pieces of evidence, in their order."""
    found: list[Event] = []
    for part in chunks(sorted(ids)):
        query = _all(unit).where(events.c.type == "replace", events.c.subject.in_(part))
        found += [_event(row) for row in unit.connection.execute(query.order_by(events.c.seq))]
    return found


def how_many(unit: Unit) -> int:
    """Return how many events the district has recorded."""
    query = select(func.count()).where(events.c.district == unit.district)
    return int(unit.connection.execute(query).scalar_one())


def by_id(unit: Unit, event_id: str) -> Event | None:
    """Return one event; `None` when there is none with this id."""
    row = unit.connection.execute(_all(unit).where(events.c.id == event_id)).first()
    return None if row is None else _event(row)


def _all(unit: Unit) -> Any:
    columns = (events.c[name] for name in _COLUMNS)
    return select(*columns).where(events.c.district == unit.district)


def _body(event: Event) -> str:
    body: dict[str, Any] = {}
    if event.status is not None:
        body["status"] = event.status
    if event.evidence is not None:
        piece = asdict(event.evidence)
        observed = event.evidence.observed_at
        piece["observed_at"] = None if observed is None else microseconds(observed)
        body["evidence"] = piece
    return json.dumps(body, ensure_ascii=False)


def _event(row: Row[Any]) -> Event:
    body: Mapping[str, Any] = json.loads(row.body)
    return Event(
        id=row.id,
        type=row.type,
        student=row.student,
        subject=row.subject,
        author=row.author,
        reason=row.reason,
        recorded_at=moment(row.recorded_at),
        evidence=_piece(body["evidence"]) if "evidence" in body else None,
        status=body.get("status"),
    )


def _piece(kept: Mapping[str, Any]) -> Evidence:
    observed = kept["observed_at"]
    when = None if observed is None else moment(observed)
    return Evidence(**{**kept, "targets": tuple(kept["targets"]), "observed_at": when})
