"""Evidence as it is sent, and as it is kept."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from service.contract.base import (
    MOST_EVIDENCE,
    Answer,
    Body,
    Id,
    Link,
    Moment,
    Probability,
    Text,
    Title,
    Trimmed,
    broken,
)
from service.contract.problems import ErrorItem


class EvidenceIn(Body):
    """One piece of evidence as it is sent.

    Exactly one of `score`, `level` (on `scale`) or `missed` says how it went; a score may
    come with its level when they agree. `targets` may be left out when `task` names a task
    of the framework. `id` makes sending it twice safe; without one, equal content counts as
    the same evidence. Ratings of the same `work` by several raters are one performance.

    `recorded_at` and `in_force` are what the log answers: they may be sent back and are not
    read.
    """

    student: Id
    id: Id | None = None
    targets: list[Id] = Field(default_factory=list, max_length=20)
    task: Annotated[Title, Trimmed, Field(min_length=1)] | None = None
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
    hints: Annotated[int, Field(ge=0, le=10_000)] | None = None
    artifact: Link | None = None
    work: Id | None = None
    supersedes: Id | None = None
    note: Annotated[Text, Trimmed] = ""
    recorded_at: Moment | None = None
    in_force: bool | None = None


class EvidenceBatch(Body):
    """Evidence to record, all or nothing.

    `student` may be left out; where it is given, as a student's log answers it, every piece
    must be of that student.
    """

    evidence: Annotated[list[EvidenceIn], Field(min_length=1, max_length=MOST_EVIDENCE)]
    student: Id | None = None

    @model_validator(mode="after")
    def _of_one_student(self) -> Self:
        if self.student and any(piece.student != self.student for piece in self.evidence):
            raise broken("every piece must be of the student that the batch names")
        return self


class EvidenceOutcome(Answer):
    """What became of each piece, in the order sent: `stored` or `duplicate` of one we have.

    `remarks` are no faults, but worth a look, such as a revision of evidence that nobody has
    sent.
    """

    stored: int
    duplicates: int
    students_added: int
    outcomes: list[Literal["stored", "duplicate"]]
    ids: list[str]
    remarks: list[ErrorItem]


class EvidencePiece(Answer):
    """What one piece of evidence says; it may be sent as it is."""

    id: str
    student: str
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
    duration: float | None
    hints: int | None
    artifact: str | None
    work: str | None
    supersedes: str | None
    note: str


class EvidenceOut(EvidencePiece):
    """One piece of evidence as the log has it now; it may be sent back as it is.

    `in_force` says whether it counts: not when it was missed or a revision supersedes it.
    `recorded_at` is when it was first recorded.
    """

    recorded_at: AwareDatetime
    in_force: bool


class StudentEvidence(Answer):
    """A student's evidence log in reading order."""

    student: str
    evidence: list[EvidenceOut]
