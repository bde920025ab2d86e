"""What goes over the wire: request and answer bodies of API, CLI `--json` and pages.

The pages render these same values, so a screen cannot show another number than the API.
Unknown fields are refused. Field names are the vocabulary of CONTRIBUTING's page *Names*.
"""

from service.contract.base import (
    MOST_EVIDENCE,
    Answer,
    Body,
    Id,
    Moment,
    Name,
    Probability,
    Statement,
    Text,
    Title,
)
from service.contract.curricula import (
    CaseOutcome,
    CurriculumIn,
    CurriculumSummary,
    EdgeIn,
    ExternalId,
    GraphOut,
    TargetIn,
    TargetOut,
    TaskIn,
)
from service.contract.events import (
    ActIn,
    CorrectionIn,
    EventOut,
    Judgement,
    OverrideIn,
    StudentEvents,
)
from service.contract.evidence import (
    EvidenceBatch,
    EvidenceIn,
    EvidenceOut,
    EvidenceOutcome,
    StudentEvidence,
)
from service.contract.prediction import HistoryItem, PredictIn, Prediction
from service.contract.problems import ErrorItem, Health, Problem
from service.contract.recommending import (
    ChoiceOut,
    Choices,
    GroupOut,
    Groups,
    InterventionOut,
    Interventions,
)
from service.contract.rosters import ClassOut, Roster, RosterClass, RosterOutcome, RosterStudent
from service.contract.standing import (
    ClassMastery,
    ContributionOut,
    NotCountedOut,
    ReasonOut,
    StudentMastery,
    TargetExplanation,
    TargetMastery,
    Versions,
)

__all__ = [
    "MOST_EVIDENCE",
    "ActIn",
    "Answer",
    "Body",
    "CaseOutcome",
    "ChoiceOut",
    "Choices",
    "ClassMastery",
    "ClassOut",
    "ContributionOut",
    "CorrectionIn",
    "CurriculumIn",
    "CurriculumSummary",
    "EdgeIn",
    "ErrorItem",
    "EventOut",
    "EvidenceBatch",
    "EvidenceIn",
    "EvidenceOut",
    "EvidenceOutcome",
    "ExternalId",
    "GraphOut",
    "GroupOut",
    "Groups",
    "Health",
    "HistoryItem",
    "Id",
    "InterventionOut",
    "Interventions",
    "Judgement",
    "Moment",
    "Name",
    "NotCountedOut",
    "OverrideIn",
    "PredictIn",
    "Prediction",
    "Probability",
    "Problem",
    "ReasonOut",
    "Roster",
    "RosterClass",
    "RosterOutcome",
    "RosterStudent",
    "Statement",
    "StudentEvents",
    "StudentEvidence",
    "StudentMastery",
    "TargetExplanation",
    "TargetIn",
    "TargetMastery",
    "TargetOut",
    "TaskIn",
    "Text",
    "Title",
    "Versions",
]
