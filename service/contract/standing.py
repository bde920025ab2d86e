"""Where students stand, and why."""

from typing import Literal

from pydantic import AwareDatetime

from engine import Status
from service.contract.base import Answer
from service.contract.events import EventOut


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
    family: str
    targets: list[str]
    evidence: list[str]


class TargetMastery(Answer):
    """One learning target of one student.

    `p_mastered` is P(mastered) as the evidence left it, `learned` its peak, `retrievable` what
    forgetting up to now leaves of it, `evidence` the ids in force. `p_right` is the chance of a
    right answer now; the student's own lies in `p_right_low` to `p_right_high` nine times in ten.
    `implied_by` names later mastery that stands in for a target nobody has seen.
    `if_next_right` and `if_next_wrong` say what one more answer would make of it; `settled` that
    it would hardly change anything: short of mastery, time for help and not for more practice.

    `missing` says what evidence mastery still needs. A teacher's `override` takes the place of
    `estimated`, the status by evidence and policy alone. `baseline` is the estimate after the
    first piece of evidence, `growth` what has been gained since.
    """

    target: str
    text: str
    status: Status
    estimated: Status
    override: EventOut | None
    missing: list[ReasonOut]
    ready: bool
    blocked_by: list[str]
    implied_by: list[str]
    p_mastered: float
    learned: float
    retrievable: float
    p_right: float
    p_right_low: float
    p_right_high: float
    if_next_right: float
    if_next_wrong: float
    settled: bool
    baseline: float | None
    growth: float | None
    evidence_count: int
    evidence: list[str]


class StudentMastery(Answer):
    """Where a student stands on every learning target, in curriculum order, `as_of` a moment."""

    student: str
    as_of: AwareDatetime
    versions: Versions
    targets: list[TargetMastery]
    summary: dict[Status, int]


class ContributionOut(Answer):
    """What one piece of evidence did to one estimate, in log-odds.

    `waiting_effect` is what was forgotten before it. `direct` is false for evidence on other
    targets, which speaks through general ability only. `ratings` are the ids of all ratings
    of the same work, which count as one piece. `says` tells why the estimate went the other way
    than the evidence, where it did by a whole percent: practice teaches, and time forgets.
    """

    evidence: str
    ratings: list[str]
    before: float
    after: float
    evidence_effect: float
    practice_effect: float
    waiting_effect: float
    direct: bool
    says: ReasonOut | None


class NotCountedOut(Answer):
    """A piece of evidence that does not count, and why."""

    evidence: str
    why: Literal["missed", "revised"]


class TargetExplanation(TargetMastery):
    """Where a student stands on one target, and why: the prior and every step from there."""

    student: str
    as_of: AwareDatetime
    versions: Versions
    prior: float
    contributions: list[ContributionOut]
    not_counted: list[NotCountedOut]


class ClassMastery(Answer):
    """The class × target grid: a status for each student and target.

    `overridden` says where it is a teacher's judgement and not the estimate.
    """

    class_id: str
    title: str
    versions: Versions
    targets: list[str]
    students: list[str]
    status: list[list[Status]]
    overridden: list[list[bool]]
    p_mastered: list[list[float]]
