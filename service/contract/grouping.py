"""Groups: what is asked of them, what is proposed, what was accepted and what became of it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from engine.groups import MIX, Purpose
from service.contract.base import Answer, Body, Id, Name
from service.contract.standing import ReasonOut, Versions

Count = Annotated[int, Field(ge=0, le=1000)]
Some = Annotated[int, Field(ge=1, le=1000)]
Students = Annotated[list[Id], Field(max_length=500)]
Sets = Annotated[list[Students], Field(max_length=500)]


class AimIn(Body):
    """A purpose and its learning target; `word` is the interest or the goal that is shared."""

    purpose: Purpose
    target: Id
    word: Name = ""


class LockIn(AimIn):
    """Students who stay, or were put, in one group with this aim; others may join them."""

    students: Annotated[Students, Field(min_length=1)]


class GroupRules(Body):
    """What is asked of today's groups; everything may be left out.

    `purposes` and `targets` allowed; `least` and `most` students in a group; `groups_min` to
    `groups_max` groups; `adults` who can lead one; students kept `apart` or `together`;
    `locks`; who is `absent`. `everyone`: nobody may be in no group. `low_cap`: the largest
    share of a group from the lowest third. `balance` spreads *strength* or one of
    `attributes` (by name, then student) evenly. `goals` gives students a target or a
    competency to head for.
    """

    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: [*MIX]
    )
    targets: Annotated[list[Id], Field(max_length=500)] = Field(default_factory=list)
    least: Some | None = None
    most: Some | None = None
    groups_min: Count = 0
    groups_max: Count | None = None
    adults: Count | None = None
    apart: Sets = Field(default_factory=list)
    together: Sets = Field(default_factory=list)
    locks: Annotated[list[LockIn], Field(max_length=500)] = Field(default_factory=list)
    absent: Students = Field(default_factory=list)
    everyone: bool = False
    low_cap: Annotated[float, Field(ge=0, le=1)] | None = None
    balance: Annotated[list[Name], Field(max_length=10)] = Field(default_factory=list)
    attributes: dict[Name, dict[Id, Name]] = Field(default_factory=dict)
    goals: dict[Id, Id] = Field(default_factory=dict)


class AcceptedGroup(AimIn):
    """A group to accept: its aim, its students, and who of them coaches."""

    students: Annotated[Students, Field(min_length=1)]
    coaches: Students = Field(default_factory=list)


class Acceptance(Body):
    """Groups to accept as they are; each student in one at most."""

    groups: Annotated[list[AcceptedGroup], Field(min_length=1, max_length=500)]


class GroupForm(Body):
    """The form of the page of groups, as a browser sends it: all text.

    `seat` has an entry for each student: the number of the group now (empty: none), the role,
    and the id, with blanks between; `place` what the teacher chose for the same student: a
    group's number, `absent` or nothing. `aim` has an entry for each group: purpose, target
    and word, joined by `~`. The others are rules; of pairs, each half has a list.
    """

    do: Literal["solve", "accept"]
    seat: list[str] = Field(default_factory=list)
    place: list[str] = Field(default_factory=list)
    aim: list[str] = Field(default_factory=list)
    purpose: str = ""
    least: str = ""
    most: str = ""
    groups_max: str = ""
    adults: str = ""
    everyone: str = ""
    apart_one: list[str] = Field(default_factory=list)
    apart_other: list[str] = Field(default_factory=list)
    together_one: list[str] = Field(default_factory=list)
    together_other: list[str] = Field(default_factory=list)


class MemberOut(Answer):
    """A student in a group: why here, and what changed since the last round."""

    student: str
    role: Literal["learner", "coach"]
    reasons: list[ReasonOut]


class GroupOut(Answer):
    """A short-lived group with a purpose.

    `need` is the mean of 1 − P(mastered) over its learners; `back` the target in which a
    pair's other half coaches in return; `new_pairs` the share of pairs who were not together
    in the last round; `minutes` the length of the first task.
    """

    purpose: Purpose
    target: str
    text: str
    word: str
    back: str | None
    students: list[str]
    members: list[MemberOut]
    need: float
    tasks: list[str]
    minutes: float
    expires: date
    reason: ReasonOut
    exit_check: ReasonOut
    new_pairs: float


class OwnOut(Answer):
    """What a student in no group does: a probe, an own next step, or what they choose."""

    student: str
    why: Literal["no_shared_need", "too_little_evidence", "nothing_open"]
    target: str | None
    tasks: list[str]
    reason: ReasonOut


class QualityOut(Answer):
    """How good the division is: no other is worth more than `bound`.

    `gap` is the most that is missing, as a share of the bound: 0 when it is `proven` optimal,
    `null` when unknown. `terms` are the parts of the `objective`.
    """

    objective: float
    bound: float | None
    gap: float | None
    proven: bool
    seconds: float
    terms: dict[str, float]


class Groups(Answer):
    """Groups for a day; `own` says what everyone else does, `alone` in one word why."""

    class_id: str
    date: date
    versions: Versions
    groups: list[GroupOut]
    own: list[OwnOut]
    alone: dict[str, str]
    absent: list[str]
    quality: QualityOut


class EffectOut(Answer):
    """What became of a group: a comparison of estimates, not a cause.

    Means of P(mastered) over the learners with new evidence on the target (`seen` of
    `students`), as the round began and now; the same for `others`: class mates with a gap in
    the target then, in no group on it. `null` where there is no new evidence.
    """

    students: int
    seen: int
    before: float | None
    after: float | None
    mastered: int
    others: int
    others_before: float | None
    others_after: float | None


class AcceptedGroupOut(Answer):
    """A group of a round; `lowest` when its mean estimate was the round's lowest."""

    purpose: Purpose
    target: str
    text: str
    word: str
    students: list[str]
    coaches: list[str]
    lowest: bool
    effect: EffectOut | None


class RoundOut(Answer):
    """Groups accepted together, in force until they expire (that day included)."""

    id: str
    class_id: str
    accepted_at: AwareDatetime
    accepted_by: str
    expires: date
    in_force: bool
    versions: Versions
    groups: list[AcceptedGroupOut]


class Rounds(Answer):
    """The rounds of a class, the latest first; `note` says how to read their effects."""

    class_id: str
    note: str
    rounds: list[RoundOut]
