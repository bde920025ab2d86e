"""What goes over the wire: request and answer bodies of API, CLI `--json` and pages.

The pages render these same values, so a screen cannot show another number than the API.
Unknown fields are refused. Field names are the vocabulary of CONTRIBUTING's page *Names*.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)
from pydantic_core import PydanticCustomError

from engine import Status
from graphs.framework import ID_RULE, usable_id


def _broken(rule: str) -> PydanticCustomError:
    return PydanticCustomError("rule", "{rule}", {"rule": rule})


def _id(text: str) -> str:
    if not usable_id(text):
        raise _broken(f"not a usable id: {ID_RULE}")
    return text


def _words(text: str) -> str:
    if "\0" in text:
        raise _broken("must not hold the character NUL, which not every database keeps")
    return text


def _iso(value: object) -> object:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise _broken("a time is written like 2026-03-02T09:30:00+01:00") from None


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _broken("is outside the calendar in UTC") from None


Id = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_id)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_words)]
Title = Annotated[str, Field(max_length=500), AfterValidator(_words)]
Name = Annotated[str, Field(max_length=200), AfterValidator(_words)]
Moment = Annotated[AwareDatetime, BeforeValidator(_iso), AfterValidator(_utc), Field(strict=False)]
"""A time with its zone, kept in UTC: the same moment is the same content."""
Probability = Annotated[float, Field(ge=0, le=1)]
MOST_EVIDENCE = 2000
"""Pieces of evidence in one request; larger loads go through `footpath import`."""


class Body(BaseModel):
    """Base of every request body: strict types, no unknown field."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True)


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


class RosterStudent(Body):
    """A student of a class: opaque id, display name, interests."""

    id: Id
    name: Name = ""
    interests: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)


class RosterClass(Body):
    """A class and its students."""

    id: Id
    title: Name = ""
    students: Annotated[list[RosterStudent], Field(max_length=500)]


class Roster(Body):
    """Classes to add, or to replace where the id is known."""

    classes: Annotated[list[RosterClass], Field(min_length=1, max_length=200)]


class RosterOutcome(Answer):
    """What a roster changed."""

    classes: int
    students: int
    students_added: int


class ClassOut(Answer):
    """A class on the roster."""

    id: str
    title: str
    students: list[str]


class Versions(Answer):
    """What an answer was computed with; each names one immutable document."""

    model: str
    policy: str
    curriculum: str


class ReasonOut(Answer):
    """A typed reason with its sentences and the evidence it rests on."""

    code: str
    teacher: str
    student: str
    targets: list[str]
    evidence: list[str]


class TargetMastery(Answer):
    """One learning target of one student.

    `p_mastered` is P(mastered) now, `learned` its peak, `evidence` the ids in force.
    `if_next_right` and `if_next_wrong` say what one more answer would make of it.
    """

    target: str
    text: str
    status: Status
    ready: bool
    blocked_by: list[str]
    p_mastered: float
    learned: float
    p_right: float
    if_next_right: float
    if_next_wrong: float
    evidence_count: int
    evidence: list[str]


class StudentMastery(Answer):
    """Where a student stands on every learning target, in curriculum order."""

    student: str
    versions: Versions
    targets: list[TargetMastery]
    summary: dict[Status, int]


class ContributionOut(Answer):
    """What one piece of evidence did to one estimate, in log-odds."""

    evidence: str
    before: float
    after: float
    evidence_effect: float
    practice_effect: float


class TargetExplanation(Answer):
    """Why an estimate is what it is: the prior and every step from there."""

    student: str
    target: str
    prior: float
    p_mastered: float
    contributions: list[ContributionOut]


class ClassMastery(Answer):
    """The class × target grid: a status for each student and target."""

    class_id: str
    title: str
    versions: Versions
    targets: list[str]
    students: list[str]
    status: list[list[Status]]
    p_mastered: list[list[float]]


class ChoiceOut(Answer):
    """One option in a student's set of next tasks, with its reasons."""

    option: str
    task: str | None
    title: str
    targets: list[str]
    minutes: float
    format: str
    kind: str
    purpose: Literal["learn", "probe", "review"]
    p_right: float
    score: float
    terms: dict[str, float]
    opens: list[str]
    reasons: list[ReasonOut]


class Choices(Answer):
    """A student's choices. Equal state, policy and wishes give an equal `recommendation_id`."""

    recommendation_id: str
    student: str
    goal: str | None
    versions: Versions
    choices: list[ChoiceOut]


class GroupOut(Answer):
    """A short-lived group with a purpose."""

    purpose: str
    target: str
    text: str
    students: list[str]
    need: float
    tasks: list[str]
    expires: date
    reason: ReasonOut


class Groups(Answer):
    """Groups for today; `alone` says why a student is in none."""

    class_id: str
    date: date
    versions: Versions
    groups: list[GroupOut]
    alone: dict[str, str]


class InterventionOut(Answer):
    """A proposal to help one student."""

    student: str
    cause: str
    target: str | None
    priority: float
    reason: ReasonOut
    action: str
    exit_rule: str
    expires: date


class Interventions(Answer):
    """Whom to see first, most urgent first."""

    class_id: str
    date: date
    versions: Versions
    interventions: list[InterventionOut]


class TargetIn(Body):
    """A learning target of an inline curriculum."""

    id: Id
    text: Title = ""


class EdgeIn(Body):
    """A prerequisite of an inline curriculum."""

    prereq: Id
    target: Id


class TaskIn(Body):
    """A task of an inline curriculum."""

    id: Id
    title: Title = ""
    targets: Annotated[list[Id], Field(min_length=1, max_length=20)]
    kind: Id = "quiz_item"
    format: Annotated[Title, Field(max_length=100)] = ""
    interests: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    minutes: Annotated[float, Field(gt=0, le=1440)] = 15.0


class CurriculumIn(Body):
    """A small curriculum sent along with a prediction request."""

    targets: Annotated[list[TargetIn], Field(min_length=1, max_length=2000)]
    prerequisites: Annotated[list[EdgeIn], Field(max_length=20_000)] = Field(default_factory=list)
    tasks: Annotated[list[TaskIn], Field(max_length=10_000)] = Field(default_factory=list)


class HistoryItem(EvidenceIn):
    """Evidence of a prediction request; the student need not be named."""

    student: Id = "student"


class PredictIn(Body):
    """History in, mastery and choices out; nothing is stored.

    Without `curriculum` the one in force is used.
    """

    history: Annotated[list[HistoryItem], Field(max_length=MOST_EVIDENCE)]
    curriculum: CurriculumIn | None = None
    goal: Id | None = None
    choices: Annotated[int, Field(ge=2, le=4)] | None = None
    formats: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    interests: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)


class Prediction(Answer):
    """The answer to `PredictIn`."""

    mastery: StudentMastery
    choices: Choices


class CurriculumSummary(Answer):
    """The curriculum in force, in short."""

    id: str
    title: str
    version: str
    competencies: int
    targets: int
    prerequisites: int
    tasks: int


class GraphOut(Answer):
    """The prerequisite graph: targets in layers, edges as `[prereq, target]` pairs."""

    version: str
    generations: list[list[str]]
    prerequisites: list[tuple[str, str]]
    encompasses: list[tuple[str, str]]


class TargetOut(Answer):
    """One learning target and its neighbours in the graph."""

    id: str
    text: str
    student_text: str
    competency: str | None
    grade: str
    prerequisites: list[str]
    dependents: list[str]
    tasks: list[str]


class ErrorItem(BaseModel):
    """One fault: where in the request, and which rule."""

    field: str | None = None
    line: int | None = None
    message: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorItem] = Field(default_factory=list)


class Health(Answer):
    """State of the service."""

    status: Literal["ok", "not_ready"]
    detail: dict[str, Any] = Field(default_factory=dict)
