"""What people did to the log, in and out: corrections, withdrawals, overrides, undone or not."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.contract.base import Answer, Body, Id, Text
from service.contract.evidence import EvidenceIn, EvidencePiece

Judgement = Literal["mastered", "near", "developing"]
"""What a teacher may say of a learning target in place of the estimate."""


class ActIn(Body):
    """Who does it and why; `id` makes sending it twice safe.

    Without an `author` it is whoever asks.
    """

    reason: Annotated[Text, Field(min_length=1)]
    author: Id | None = None
    id: Id | None = None


class OverrideIn(ActIn):
    """A teacher's judgement of one learning target of one student, in place of the estimate."""

    student: Id
    target: Id
    status: Judgement


class CorrectionIn(ActIn):
    """What a piece of evidence should have said; its id and its student stay."""

    evidence: EvidenceIn


class EventOut(Answer):
    """One thing a person did to a student's log; `undone` once someone has undone it.

    `subject` is the evidence that was replaced or withdrawn, the learning target that was
    judged, or the event that was undone; `evidence` what the evidence was replaced by.
    """

    id: str
    type: Literal["replace", "withdraw", "override", "undo"]
    student: str
    subject: str
    status: Judgement | None
    evidence: EvidencePiece | None
    author: str
    reason: str
    recorded_at: AwareDatetime
    undone: bool


class StudentEvents(Answer):
    """What people did to a student's log, in the order it was done."""

    student: str
    events: list[EventOut]


class SeatOut(Answer):
    """A place that a student had in an accepted group."""

    class_id: str
    accepted_at: AwareDatetime
    purpose: str
    target: str
    role: str


class ErasedOut(Answer):
    """What was removed for good."""

    student: str
    evidence: int
    events: int
