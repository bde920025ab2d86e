"""All that is kept of a student, as one answer."""

from service.contract.base import Answer
from service.contract.deciding import DecisionOut
from service.contract.events import EventOut, SeatOut
from service.contract.evidence import EvidenceOut, EvidencePiece
from service.contract.supporting import AnsweredOut, PlanOut, SubmissionOut


class StudentExport(Answer):
    """All that is kept of a student.

    Evidence as it counts now and as it was recorded, events, places in groups, answers to
    interventions, plans, work that was handed in, and decisions on choices.
    """

    student: str
    name: str
    interests: list[str]
    classes: list[str]
    evidence: list[EvidenceOut]
    recorded: list[EvidencePiece]
    events: list[EventOut]
    groups: list[SeatOut]
    answers: list[AnsweredOut]
    plans: list[PlanOut]
    submissions: list[SubmissionOut]
    decisions: list[DecisionOut]
