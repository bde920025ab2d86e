"""What an intervention is, what people answered to earlier ones, and what else must be known."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from engine.reasons import Reason
from graphs.curriculum import content_version
from models import Estimate
from models.wheel_spinning import PUBLISHED, WheelSpinning

Cause = Literal[
    "missing_prerequisite", "wheel_spinning", "fading", "inactive", "rushing", "contradictory",
    "awaiting_marking", "goal_at_risk", "ready_to_go_ahead", "stuck_by_design", "look_in",
]  # fmt: skip
CAUSES: tuple[Cause, ...] = get_args(Cause)
Action = Literal[
    "probe", "reteach", "change_of_approach", "short_check", "conference", "reassessment",
    "marking", "enrichment", "new_task", "lesson", "class_probe", "team",
]  # fmt: skip
Said = Literal["accept", "not_now", "wrong", "held_out"]
Key = tuple[str, Cause, str | None]
"""What makes two proposals the same one: student, cause and target."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something one student needs, before it is ranked against what others need.

    `target` is what is to be worked on (`None`: no single one), `blocks` the target whose
    progress waits for it. `need` in [0, 1] is how sure and how large it is. `rests_on` names
    all it stands on, latest last: evidence, or work that waits, or a goal and its date; a need
    is new when the last of these is. `chain` leads from the target that the student is stuck
    on down to what is to be worked on: each link is a prerequisite of the one before and not met.
    Empty where nothing lies between.
    """

    student: str
    cause: Cause
    target: str | None
    blocks: str | None
    need: float
    action: Action
    reason: Reason
    rests_on: tuple[str, ...]
    chain: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Student, cause and target."""
        return (self.student, self.cause, self.target)

    @property
    def way_down(self) -> Reason | None:
        """The chain as it is told; `None` where nothing lies between."""
        return Reason("chain", self.chain, self.reason.evidence) if self.chain else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What the mastery model expects of an action: P(mastered) of a target now and then.

    `opportunities` is how many opportunities of usual practice lie between.
    """

    target: str
    now: float
    then: float
    opportunities: int


@dataclass(frozen=True, slots=True)
class Mate:
    """A classmate with the same need, and why it is theirs: seldom for quite the same reason."""

    student: str
    reason: Reason
    chain: Reason | None


@dataclass(frozen=True, slots=True)
class Intervention:
    """A proposal to help one student: cause, evidence, action, exit rule and expiry.

    `priority` is 0 or more and only ranks. `tier` is that of a multi-tiered system of support:
    1 for the whole class, 2 for a small group or a named student for a few weeks; 3 says only
    that help was agreed on `tried` times and the need is still there: what to do then, a team of
    people decides. `mates` are classmates with the same need that does not rest, `together` their
    ids, `besides` those of them for whom another action is the right one: an answer does not speak
    for them; `unseen` whoever of all these has no evidence on the target,
    `chain` how the need bears on what the student is stuck on, where that is not plain (`None`: it
    is), `option` a task that fits, `effect` what the model expects (`None` where it has no say).
    `id` is the same for the same need on the same evidence.
    """

    student: str
    cause: Cause
    target: str | None
    priority: float
    reason: Reason
    action: Action
    what: str
    exit_rule: str
    expires: date
    tier: int
    mates: tuple[Mate, ...]
    option: str | None
    effect: Effect | None
    rests_on: tuple[str, ...]
    tried: int = 0
    chain: Reason | None = None
    besides: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Student, cause and target."""
        return (self.student, self.cause, self.target)

    @property
    def together(self) -> tuple[str, ...]:
        """The classmates with the same need."""
        return tuple(mate.student for mate in self.mates)

    @property
    def id(self) -> str:
        """Name of this proposal: who, why, on which target, resting on what."""
        rests_on = list(self.rests_on)
        return "i-" + content_version(
            {"who": self.student, "why": self.cause, "on": self.target, "rests_on": rests_on}
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """What a teacher said to a proposal: *accept*, *not now*, or *wrong*, at an aware time.

    *Held out* was said by lot: the proposal was not shown. `rests_on` is what the proposal
    stood on, latest last.
    """

    student: str
    cause: Cause
    target: str | None
    said: Said
    at: datetime
    rests_on: tuple[str, ...]

    @property
    def key(self) -> Key:
        """Student, cause and target."""
        return (self.student, self.cause, self.target)


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed with a student: a goal and when it is due, and the formats that fit.

    `formats` are those in which the student can show what they know (an accommodation); none
    named means any. `on` is the day of the talk, if one is known.
    """

    goal: str | None = None
    by: date | None = None
    formats: tuple[str, ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that was handed in at an aware time and has not been marked."""

    id: str
    student: str
    targets: tuple[str, ...]
    since: datetime


NO_PLAN = Plan()


@dataclass(frozen=True)
class Background:
    """All that interventions rest on besides the board and the evidence.

    `past` are the answers to earlier proposals (any order), `plans` by student, `waiting` the
    unmarked work, `spinning` the model of wheel-spinning in force, `before` what was on the list
    of the day before (today's keeps it unless it is resolved), `estimate` says what the mastery
    model knows of a student and a target (`None`: then no estimate counts as settled), `draw`
    names the class in the lots of the hold-out. `known` is the day from which any evidence of a
    student was known, whenever it was observed.
    """

    past: Sequence[Answered] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    waiting: Sequence[Waiting] = ()
    spinning: WheelSpinning = PUBLISHED
    before: AbstractSet[Key] = frozenset()
    estimate: Callable[[str, str], Estimate] | None = None
    draw: str = ""
    known: Mapping[str, date] = field(default_factory=dict)

    def plan(self, student: str) -> Plan:
        """Return what was agreed with a student; nothing by default."""
        return self.plans.get(student, NO_PLAN)
