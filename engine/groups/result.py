"""What is proposed: groups, what the others do, and how good the division is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.groups.purposes import Aim
from engine.layout import Option
from engine.reasons import Reason

Role = Literal["learner", "coach"]
Why = Literal["no_shared_need", "too_little_evidence", "nothing_open"]


@dataclass(frozen=True, slots=True)
class Member:
    """A student in a group, with the reasons: why here, and what changed since last time."""

    student: str
    role: Role
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A short-lived group with a purpose.

    `need` is the mean of 1 − P(mastered) over those who learn (0 without any); `back` the
    target in which a pair's other half coaches in return; `minutes` the length of the first
    task; `exit_check` what ends it; `new_pairs` the share of pairs who were not together last
    time, in [0, 1].
    """

    aim: Aim
    members: tuple[Member, ...]
    need: float
    reason: Reason
    exit_check: Reason
    tasks: tuple[Option, ...]
    minutes: float
    expires: date
    new_pairs: float
    back: str | None = None

    @property
    def students(self) -> tuple[str, ...]:
        """The members' ids, sorted."""
        return tuple(member.student for member in self.members)

    @property
    def coaches(self) -> tuple[str, ...]:
        """The ids of those who coach."""
        return tuple(member.student for member in self.members if member.role == "coach")


@dataclass(frozen=True, slots=True)
class Own:
    """What a student in no group does: a probe, an own next step, or what they choose.

    `why`: *no_shared_need* (has needs that no allowed group shares today),
    *too_little_evidence* (something is ready, but nobody is put in a group for a gap that
    nobody has seen) or *nothing_open* (has shown all that is ready).
    """

    student: str
    why: Why
    target: str | None
    tasks: tuple[Option, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a division is: its `objective` and the `bound` that none exceeds.

    `gap` is how far from optimal it can be at most, as a share of the bound (0 when `proven`,
    infinite when unknown); `terms` are the parts of the objective; `seconds` it took.
    """

    objective: float
    bound: float
    gap: float
    proven: bool
    seconds: float
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of one class for one day, and what everyone else does."""

    groups: tuple[Group, ...]
    own: tuple[Own, ...]
    absent: tuple[str, ...]
    quality: Quality
