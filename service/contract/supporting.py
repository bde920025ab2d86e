"""Whom to see first, what was answered, what was agreed, and the conference sheet."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.contract.base import Answer, Body, Day, Id, Moment, Text
from service.contract.pathways import PathwayOut
from service.contract.recommending import ChoiceOut
from service.contract.standing import ReasonOut, Versions

Said = Literal["accept", "not_now", "wrong"]
"""What may be answered to a proposal."""


Told = Literal["accept", "not_now", "wrong", "held_out"]
"""What was said to a proposal; *held out*: by lot it was not shown, so that effects show."""


class ExpectedOut(Answer):
    """What the model expects of an action: P(mastered) now, and after some opportunities."""

    target: str
    now: float
    then: float
    opportunities: int


class MateOut(Answer):
    """A classmate with the same need, and why it is theirs; `chain` as in the proposal."""

    student: str
    reason: ReasonOut
    chain: ReasonOut | None


class InterventionOut(Answer):
    """A proposal to help one student.

    `chain` goes from the target that the student is stuck on down to a gap further below, each a
    prerequisite of the one before and not met (null: nothing lies between). `action` is a
    sentence, `action_kind` its code; `tier` that of a multi-tiered system of support (3 only says
    that people must decide), `tried` the agreed rounds that did not end it, `together` classmates
    with the same need and `mates` the same with what is true of each, `besides` those of them for
    whom something else is to be done: an answer does not speak for them, `unseen` whoever of all
    these has no evidence on the target, `task` the cheapest one that fits.
    """

    id: str
    student: str
    cause: str
    target: str | None
    priority: float
    reason: ReasonOut
    chain: ReasonOut | None
    action: str
    action_kind: str
    task: str | None
    effect: ExpectedOut | None
    tier: int
    together: list[str]
    besides: list[str]
    unseen: list[str]
    mates: list[MateOut]
    exit_rule: str
    expires: date
    tried: int


class Interventions(Answer):
    """Whom to see first, most urgent first; `alert_model` told wheel-spinning ahead."""

    class_id: str
    date: date
    versions: Versions
    alert_model: str
    interventions: list[InterventionOut]


class AnswerIn(Body):
    """What someone says to a proposal of today's list, and who; *wrong* says why."""

    intervention: Id
    said: Said
    reason: Text = ""
    author: Id | None = None


class OutcomeOut(Answer):
    """How it went since: the estimate then and now, and what was seen in between.

    `course` of what was accepted: *ended* by its exit rule, *open*, or *expired* without an end.
    Before and after, not cause and effect: other things may have helped, or got in the way.
    """

    before: float | None
    now: float | None
    new_evidence: int
    course: Literal["ended", "open", "expired"] | None
    words: str


class AnsweredOut(Answer):
    """An answer to a proposal, what was proposed, and how it went since."""

    intervention: str
    student: str
    cause: str
    target: str | None
    said: Told
    reason: str
    author: str
    recorded_at: AwareDatetime
    why: str
    action: str
    exit_rule: str
    expires: date
    outcome: OutcomeOut


class CauseCourses(Answer):
    """How many proposals of a cause were answered what, and how the accepted ones went.

    `held_out` were not shown, by lot.
    """

    cause: str
    accepted: int
    ended: int
    open: int
    expired: int
    not_now: int
    wrong: int
    held_out: int


class AnsweredList(Answer):
    """What was answered in a class, latest first, and how it went by cause."""

    class_id: str
    answers: list[AnsweredOut]
    by_cause: list[CauseCourses]


class PlanIn(Body):
    """What is agreed with a student: a goal and its day, formats that fit, their own words."""

    goal: Id | None = None
    by: Day | None = None
    formats: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    reflection: Text = ""
    author: Id | None = None


class PlanOut(Answer):
    """What was agreed with a student, when, and the minutes the way was expected to take then."""

    student: str
    goal: str | None
    by: date | None
    formats: list[str]
    reflection: str
    author: str
    recorded_at: AwareDatetime
    minutes: float | None


class SubmissionIn(Body):
    """Work that was handed in: it waits until evidence names it as its `work`, id or task."""

    id: Id
    student: Id
    targets: Annotated[list[Id], Field(min_length=1, max_length=20)]
    task: Id | None = None
    handed_in_at: Moment


class SubmissionOut(Answer):
    """Work that was handed in; `waiting` until it is marked."""

    id: str
    student: str
    targets: list[str]
    task: str | None
    handed_in_at: AwareDatetime
    waiting: bool


class GrowthOut(Answer):
    """A learning target that moved since last time."""

    target: str
    text: str
    before: float
    now: float
    status: str


class CelebrationOut(Answer):
    """A piece of evidence to celebrate, and why."""

    evidence: str
    target: str
    text: str
    words: str


class Conference(Answer):
    """The sheet of a talk with one student.

    `since` is the last answer or plan, else four weeks ago; `new_evidence` what was seen since
    then, `undated_evidence` what was recorded since then without a date. `intervention` is what the
    student needs first, `others` what else, in the one order of the class's list and agenda; who
    has no other need needs a look. `question` is one good question on the first, whose cause
    `asked_because` names; `not_offered` says why none of the choices is on the target of the first
    (null: one is, or it is about no single target).
    """

    student: str
    name: str
    as_of: AwareDatetime
    since: AwareDatetime
    versions: Versions
    new_evidence: int
    undated_evidence: int
    growth: list[GrowthOut]
    plan: PlanOut | None
    pathway: PathwayOut | None
    celebrate: list[CelebrationOut]
    choices: list[ChoiceOut]
    not_offered: ReasonOut | None
    question: str
    asked_because: str
    intervention: InterventionOut
    others: list[InterventionOut]
    agreed: list[AnsweredOut]


class AgendaEntry(Answer):
    """Whom to talk with, and what about: the student's first need.

    `days_since` a person last looked is null while there is no evidence.
    """

    student: str
    about: str
    cause: str
    target: str | None
    days_since: int | None


class AgendaDay(Answer):
    """The talks of one day of school."""

    day: date
    entries: list[AgendaEntry]


class Agenda(Answer):
    """The talks of a week in the order of the list of interventions, which may be cut short.

    Needs first, then those whom nobody has talked with for longest.
    """

    class_id: str
    days: list[AgendaDay]
