"""Correct, withdraw, judge and undo: one more event each time, never a changed row."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from graphs import Fault, FootpathError, InvalidInput, UnknownId
from models import Event, Evidence, StudentLog
from models.events import EventType, in_effect
from service.access import visible_students
from service.contract import (
    ActIn,
    CorrectionIn,
    EventOut,
    EvidenceIn,
    EvidencePiece,
    OverrideIn,
    StudentEvents,
)
from service.principal import Principal
from service.school import load_school
from service.standings import refresh
from service.store import Store, Unit, events, evidence
from service.store.evidence import stored_row
from service.usecases.recording import evidence_from


class EventConflict(FootpathError):
    """An act that does not fit the log: an id of another act, an undo of an undo."""


class TakenBackBefore(EventConflict):
    """An undo of an act that is undone already."""


def override(store: Store, principal: Principal, act: OverrideIn, now: datetime) -> EventOut:
    """Put a teacher's judgement in place of the estimate, until it is undone.

    Raises `UnknownId` for the student or the learning target, `EventConflict`.
    """
    with store.write(principal.district) as unit:
        visible_students(unit, principal, [act.student])
        load_school(unit).curriculum.framework.target(act.target)
        event = _event("override", act.student, act.target, act, principal, now)
        return _appended(unit, replace(event, status=act.status))


def correct(
    store: Store, principal: Principal, evidence_id: str, act: CorrectionIn, now: datetime
) -> EventOut:
    """Let a piece of evidence say what it should have said.

    Raises `UnknownId` for the evidence, `InvalidInput` for what it should say.
    """
    with store.write(principal.district) as unit:
        student = _student_of(unit, principal, evidence_id)
        if act.evidence.student != student:
            rule = f"a correction stays with its student, {student!r}; withdraw it instead"
            raise InvalidInput([Fault(rule, field="evidence.student")])
        if act.evidence.id not in {None, evidence_id}:
            raise InvalidInput([Fault("a correction keeps the id", field="evidence.id")])
        sent = act.evidence.model_copy(update={"id": evidence_id})
        piece = evidence_from(load_school(unit).curriculum, sent, now)
        event = _event("replace", student, evidence_id, act, principal, now)
        return _appended(unit, replace(event, evidence=piece))


def as_it_is(store: Store, principal: Principal, evidence_id: str) -> Evidence:
    """Return a piece of evidence as the log has it now, or as it was before it was withdrawn.

    Raises `UnknownId`.
    """
    with store.read(principal.district) as unit:
        student = _student_of(unit, principal, evidence_id)
        log = evidence.logs_of(unit, [student])[student]
    pieces = {piece.id: piece for piece in (*log.recorded, *log.evidence)}
    return pieces[evidence_id]


def changed(before: Evidence, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return evidence as it is sent, some fields changed; one way to say how it went is left."""
    names = set(EvidenceIn.model_fields) - {"recorded_at", "in_force"}
    sent = {name: getattr(before, name) for name in names}
    if {"score", "level", "missed"} & set(changes):
        sent |= {"score": None, "level": None, "missed": False}
    elif before.level is not None:
        sent["score"] = None
    return {**sent, "targets": list(before.targets), **changes}


def withdraw(
    store: Store, principal: Principal, evidence_id: str, act: ActIn, now: datetime
) -> EventOut:
    """Take a piece of evidence out of the log's word; its row stays. Raises `UnknownId`."""
    with store.write(principal.district) as unit:
        student = _student_of(unit, principal, evidence_id)
        return _appended(unit, _event("withdraw", student, evidence_id, act, principal, now))


def undo(store: Store, principal: Principal, event_id: str, act: ActIn, now: datetime) -> EventOut:
    """Take back an act: the log says again what it said without it.

    Raises `UnknownId` for the event, `TakenBackBefore`, and `EventConflict` for an undo, which is
    done anew instead.
    """
    with store.write(principal.district) as unit:
        undone = events.by_id(unit, event_id)
        if undone is None:
            raise UnknownId("event", event_id)
        visible_students(unit, principal, [undone.student])
        if undone.type == "undo":
            raise EventConflict("an undo cannot be undone; do again what it took back")
        return _appended(unit, _event("undo", undone.student, event_id, act, principal, now))


def student_events(store: Store, principal: Principal, student: str) -> StudentEvents:
    """Return what people did to a student's log. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        log = evidence.logs_of(unit, [student])[student]
    return StudentEvents(student=student, events=[event_answer(e, log) for e in log.events])


def event_answer(event: Event, log: StudentLog) -> EventOut:
    """Write an event of a log as an answer."""
    undone = {each.subject for each in log.events if each.type == "undo"}
    return EventOut(
        id=event.id,
        type=event.type,
        student=event.student,
        subject=event.subject,
        status=event.status,
        evidence=piece_answer(event.evidence) if event.evidence else None,
        author=event.author,
        reason=event.reason,
        recorded_at=event.recorded_at,
        undone=event.id in undone,
    )


def piece_answer(piece: Evidence) -> EvidencePiece:
    """Write what a piece of evidence says."""
    said = {field.name: getattr(piece, field.name) for field in fields(piece)}
    return EvidencePiece(**{**said, "targets": list(piece.targets)})


def _student_of(unit: Unit, principal: Principal, evidence_id: str) -> str:
    row = evidence.rows_by_id(unit, [evidence_id]).get(evidence_id)
    if row is None:
        raise UnknownId("evidence", evidence_id)
    student: str = evidence.evidence_of(row).student
    visible_students(unit, principal, [student])
    return student


def _event(
    kind: EventType, student: str, subject: str, act: ActIn, principal: Principal, now: datetime
) -> Event:
    author = act.author or principal.id
    return Event(act.id or "", kind, student, subject, author, act.reason, now)


def _appended(unit: Unit, event: Event) -> EventOut:
    """Append an event and bring the state up to date; the same act again changes nothing."""
    log = evidence.logs_of(unit, [event.student])[event.student]
    known = events.by_id(unit, event.id) if event.id else _last_word(log, event)
    if known is not None:
        if _act(known) != _act(event):
            raise EventConflict(f"the id {event.id!r} already stands for another act")
        return event_answer(known, log)
    if event.type == "undo" and event.subject not in {each.id for each in in_effect(log.events)}:
        raise TakenBackBefore(f"{event.subject!r} is undone already")
    event = event if event.id else replace(event, id=_new_id(event, log))
    events.append(unit, event)
    if event.type != "override":
        refresh(unit, load_school(unit), [event.student])
    return event_answer(event, log)


def _last_word(log: StudentLog, event: Event) -> Event | None:
    """Return the act that says the same as this one, if it is the last word on its subject."""
    said = log.events if event.type == "undo" else in_effect(log.events)
    judged = event.type == "override"
    last = [e for e in said if e.subject == event.subject and (e.type == "override") == judged]
    return last[-1] if last and _act(last[-1]) == _act(event) else None


def _act(event: Event) -> tuple[object, ...]:
    piece = stored_row(event.evidence) if event.evidence else None
    words = (event.author, event.reason)
    return (event.type, event.student, event.subject, event.status, piece, *words)


def _new_id(event: Event, log: StudentLog) -> str:
    """Return an id for an act that came without one: no two acts on a log share it."""
    text = repr((len(log.events), _act(event)))
    return "v-" + hashlib.sha256(text.encode()).hexdigest()[:24]
