"""What people did to a student's log, as events: nothing that was recorded is ever changed.

A correction *replaces* a piece of evidence, a deletion *withdraws* it, an *override* judges
a learning target, and an *undo* takes one of these back. Each has an author and a reason.
What the log says is a fold of its events in the order they were recorded: the last word on
each piece, and on each target, counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from models.evidence import Evidence

EventType = Literal["replace", "withdraw", "override", "undo"]
Clock = Literal["observed", "recorded"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a person did to a log.

    `subject` is the id of the evidence that is replaced or withdrawn, of the learning target
    that is judged, or of the event that is undone. `evidence` is the replacement, under the
    id of what it replaces; `status` the judgement.
    """

    id: str
    type: EventType
    student: str
    subject: str
    author: str
    reason: str
    recorded_at: datetime
    evidence: Evidence | None = None
    status: str | None = None


@dataclass(frozen=True)
class StudentLog:
    """One student's log: evidence as it was recorded, when, and the events in their order."""

    recorded: tuple[Evidence, ...] = ()
    recorded_at: tuple[datetime, ...] = ()
    events: tuple[Event, ...] = ()

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The evidence as the log has it now: corrections applied, the withdrawn left out."""
        changes = [e for e in in_effect(self.events) if e.type in {"replace", "withdraw"}]
        if not changes:
            return self.recorded
        pieces: dict[str, Evidence | None] = {piece.id: piece for piece in self.recorded}
        pieces.update((e.subject, e.evidence) for e in changes if e.subject in pieces)
        return tuple(piece for piece in pieces.values() if piece is not None)

    @cached_property
    def overrides(self) -> dict[str, Event]:
        """The judgement in force on each learning target that has one."""
        return {e.subject: e for e in in_effect(self.events) if e.type == "override"}

    def as_of(self, moment: datetime, clock: Clock = "observed") -> "StudentLog":
        """Return the log as it stood at an aware moment.

        By the clock *recorded* it is what was known then: nothing that was recorded,
        corrected or withdrawn later. By the clock *observed* it is what had been shown by
        then, as it is known now: late marks count, on the day of the work. Evidence without
        a clock counts from when it was recorded. Judgements always count from when they were
        given until they were undone.
        """
        early = tuple(e for e in self.events if e.recorded_at <= moment)
        if clock == "recorded":
            known = [i for i, at in enumerate(self.recorded_at) if at <= moment]
            return StudentLog(
                tuple(self.recorded[i] for i in known),
                tuple(self.recorded_at[i] for i in known),
                early,
            )
        at = {p.id: when for p, when in zip(self.recorded, self.recorded_at, strict=True)}
        shown = [p for p in self.evidence if (p.observed_at or at[p.id]) <= moment]
        judged = {e.id for e in self.events if e.type == "override"}
        kept = tuple(e for e in early if e.type == "override" or e.subject in judged)
        return StudentLog(tuple(shown), tuple(at[p.id] for p in shown), kept)


def in_effect(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events that nobody has undone, in their order; an undo is none of them."""
    events = tuple(events)
    undone = {event.subject for event in events if event.type == "undo"}
    return tuple(e for e in events if e.type != "undo" and e.id not in undone)
