"""The way of a student to a goal: checkpoints, what they take, and the pace."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from engine import Status
from service.contract.base import Answer
from service.contract.standing import ReasonOut, Versions


class SpanOut(Answer):
    """An expected number, and the interval that holds the real one with the `coverage` named."""

    expected: float
    low: float
    high: float


class CheckpointOut(Answer):
    """A target still to be met on the way to a goal.

    What shares a `stage` (from 1) can be done in any order. `is_goal`: it belongs to the goal and
    is to be mastered; any other is to be met. `beyond` is the chance that it takes more
    opportunities than are looked ahead.
    """

    target: str
    text: str
    status: Status
    stage: int
    ready: bool
    is_goal: bool
    opportunities: SpanOut
    minutes: SpanOut
    beyond: float


class RhythmOut(Answer):
    """What a student did of late: opportunities and minutes a week, over so many days."""

    opportunities: float
    minutes: float
    days: int


class AgreedOut(Answer):
    """The student's own plan: when it was agreed, for which day, the minutes expected then."""

    on: date
    by: date | None
    minutes: float | None


class PathwayOut(Answer):
    """The way of one student to one goal, worked out anew from the evidence.

    `coverage` is that of every interval. `behind` are targets on the way that are met already,
    `evidence` what shows the goal's own targets. `weeks` at the student's own `rhythm`; without
    dated evidence there is neither. `idle_days` since the latest dated evidence: after the policy's
    `inactive_days` an old rhythm foretells no weeks and no `in_time`. With a day `by`: `in_time`
    the chance to be there by then, `at_risk` whether it is too far. With a plan of one's own:
    `planned_minutes` that it leaves for today, and the `pace` beside it. `says` tells all this in
    sentences.
    """

    student: str
    goal: str
    text: str
    kind: Literal["target", "competency"]
    as_of: AwareDatetime
    versions: Versions
    reached: bool
    targets: list[str]
    checkpoints: list[CheckpointOut]
    behind: list[str]
    evidence: list[str]
    coverage: float
    opportunities: SpanOut
    minutes: SpanOut
    rhythm: RhythmOut | None
    idle_days: int | None
    weeks: SpanOut | None
    by: date | None
    in_time: float | None
    at_risk: bool
    agreed: AgreedOut | None
    planned_minutes: float | None
    pace: Literal["ahead", "on", "behind"] | None
    says: list[ReasonOut]
