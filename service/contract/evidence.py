"""Evidence as it is sent, and as it is kept."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.contract.base import MOST_EVIDENCE, Answer, Body, Id, Moment, Probability, Text, Title


class EvidenceIn(Body):
    """One piece of evidence as it is sent.

    Exactly one of `score`, `level` (on `scale`) or `missed` says how it went. `targets` may
    be left out when `task` names a task of the framework. `id` makes sending it twice safe;
    without one, equal content counts as the same evidence.
    """

    student: Id
    id: Id | None = None
    targets: list[Id] = Field(default_factory=list, max_length=20)
    task: Annotated[Title, Field(min_length=1)] | None = None
    kind: Id | None = None
    score: Probability | None = None
    level: Annotated[int, Field(ge=1)] | None = None
    scale: Id | None = None
    missed: bool = False
    observed_at: Moment | None = None
    position: Annotated[int, Field(ge=0, le=2**53)] | None = None
    attempt: Annotated[int, Field(ge=1, le=10_000)] | None = None
    rater: Id | None = None
    duration: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    supersedes: Id | None = None
    note: Text = ""


class EvidenceBatch(Body):
    """Evidence to record, all or nothing."""

    evidence: Annotated[list[EvidenceIn], Field(min_length=1, max_length=MOST_EVIDENCE)]


class EvidenceOutcome(Answer):
    """What became of each piece, in the order sent: `stored` or `duplicate` of one we have."""

    stored: int
    duplicates: int
    students_added: int
    outcomes: list[Literal["stored", "duplicate"]]
    ids: list[str]


class EvidenceOut(Answer):
    """One piece of evidence as it is kept; `in_force` is false once a revision supersedes it."""

    id: str
    targets: list[str]
    kind: str
    task: str | None
    score: float | None
    level: int | None
    scale: str | None
    missed: bool
    observed_at: AwareDatetime | None
    position: int | None
    attempt: int | None
    rater: str | None
    supersedes: str | None
    note: str
    in_force: bool


class StudentEvidence(Answer):
    """A student's evidence log in reading order."""

    student: str
    evidence: list[EvidenceOut]
