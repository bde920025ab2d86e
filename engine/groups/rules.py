"""What a teacher asks of today's groups, as one validated value."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from engine.board import Board
from engine.groups.purposes import MIX, PURPOSES, Aim, Purpose
from graphs import Fault, InvalidInput

MOST = 1_000
"""More students, groups or adults than any class has."""
STRENGTH = "strength"
"""The one attribute that is always known: lower, middle or upper third of the class."""
ClauseKind = Literal[
    "size", "groups", "adults", "low_cap", "everyone", "apart", "together", "lock"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lock:
    """Students who stay, or were put, in one group with this aim; others may join them."""

    aim: Aim
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule that can be dropped; `number` counts those of its kind from 0."""

    kind: ClauseKind
    number: int = 0
    students: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The rule's field, as it is sent."""
        single = {"size": "least", "groups": "groups_max"}
        several = {"apart": "apart", "together": "together", "lock": "locks"}
        if self.kind in several:
            return f"{several[self.kind]}.{self.number}"
        return single.get(self.kind, self.kind)


@dataclass(frozen=True)
class Rules:
    """The rules for one division. Raises `InvalidInput` listing every one that makes no sense.

    `purposes` allowed (the mix by default), `targets` allowed (any when empty). `least` and
    `most` students in a group, `None` for the policy's; `groups_min` to `groups_max` groups;
    `adults` who can lead one (reteaching needs an adult; `None`: enough). `apart` and
    `together` are sets of two or more students; `locks` hold students in a group; `absent`
    are not placed. `everyone`: nobody may be in no group. `low_cap` is the largest share of a
    group that the lowest third may have (`None`: the policy's). `balance` names attributes to
    spread evenly: *strength*, or one of `attributes`, which give each student a value.
    """

    purposes: tuple[Purpose, ...] = MIX
    targets: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    groups_min: int = 0
    groups_max: int | None = None
    adults: int | None = None
    apart: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    locks: tuple[Lock, ...] = ()
    absent: tuple[str, ...] = ()
    everyone: bool = False
    low_cap: float | None = None
    balance: tuple[str, ...] = ()
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = [*_number_faults(self), *_word_faults(self), *_set_faults(self)]
        if found:
            raise InvalidInput(found)

    @property
    def pairs(self) -> bool:
        """Whether peer coaching in pairs is all that is asked for."""
        small = self.most in {None, 2} and (self.least or 2) <= 2
        return small and self.purposes == ("peer_coaching",)

    def clauses(self) -> tuple[Clause, ...]:
        """Return every rule that could stand in the way of a division."""
        blank = Rules()
        single: tuple[tuple[ClauseKind, tuple[str, ...]], ...] = (
            ("size", ("least", "most")), ("groups", ("groups_min", "groups_max")),
            ("adults", ("adults",)), ("low_cap", ("low_cap",)), ("everyone", ("everyone",)),
        )  # fmt: skip
        always = {"size", "low_cap"}  # the policy has them, whatever is asked
        given = [
            Clause(kind)
            for kind, names in single
            if kind in always or any(getattr(self, n) != getattr(blank, n) for n in names)
        ]
        several: tuple[tuple[ClauseKind, tuple[tuple[str, ...], ...]], ...] = (
            ("apart", self.apart), ("together", self.together),
            ("lock", tuple(lock.students for lock in self.locks)),
        )  # fmt: skip
        return (
            *given,
            *(Clause(kind, i, each) for kind, sets in several for i, each in enumerate(sets)),
        )

    def without(self, dropped: Collection[Clause]) -> "Rules":
        """Return the rules with some clauses dropped."""
        kinds = {clause.kind for clause in dropped}
        gone = {(clause.kind, clause.number) for clause in dropped}
        changes: dict[str, object] = {
            "apart": tuple(s for i, s in enumerate(self.apart) if ("apart", i) not in gone),
            "together": tuple(
                s for i, s in enumerate(self.together) if ("together", i) not in gone
            ),
            "locks": tuple(k for i, k in enumerate(self.locks) if ("lock", i) not in gone),
        }
        free: Mapping[ClauseKind, dict[str, object]] = {
            "size": {"least": 1, "most": MOST},
            "groups": {"groups_min": 0, "groups_max": None},
            "adults": {"adults": None},
            "low_cap": {"low_cap": 1.0},
            "everyone": {"everyone": False},
        }
        for kind, values in free.items():
            if kind in kinds:
                changes |= values
        return replace(self, **changes)  # type: ignore[arg-type]  # the names of fields

    def check(self, board: Board) -> None:
        """Refuse students and targets that are not on the board. Raises `InvalidInput`."""
        students, targets = set(board.students), set(board.targets)
        named = {
            "apart": [s for each in self.apart for s in each],
            "together": [s for each in self.together for s in each],
            "locks": [s for lock in self.locks for s in lock.students],
            "absent": [*self.absent],
        }
        faults = [
            Fault(f"{student!r} is not in this class", field=name)
            for name, ids in named.items()
            for student in sorted(set(ids) - students)
        ]
        asked = {"targets": [*self.targets], "locks": [lock.aim.target for lock in self.locks]}
        faults += [
            Fault(f"there is no learning target {target!r}", field=name)
            for name, ids in asked.items()
            for target in sorted(set(ids) - targets)
        ]
        if faults:
            raise InvalidInput(faults)


def _number_faults(rules: Rules) -> Iterator[Fault]:
    for name, low in (
        ("least", 1), ("most", 1), ("groups_min", 0), ("groups_max", 0), ("adults", 0)
    ):  # fmt: skip
        value = getattr(rules, name)
        if value is not None and not low <= value <= MOST:
            yield Fault(f"{value} is not between {low} and {MOST}", field=name)
    if rules.least is not None and rules.most is not None and rules.least > rules.most:
        yield Fault("must not be above most", field="least")
    if rules.groups_max is not None and rules.groups_min > rules.groups_max:
        yield Fault("must not be above groups_max", field="groups_min")
    if rules.low_cap is not None and not 0 <= rules.low_cap <= 1:
        yield Fault(f"{rules.low_cap} is not between 0 and 1", field="low_cap")


def _word_faults(rules: Rules) -> Iterator[Fault]:
    if not rules.purposes:
        yield Fault("at least one purpose is needed", field="purposes")
    for purpose in rules.purposes:
        if purpose not in PURPOSES:
            yield Fault(f"{purpose!r} is not one of {', '.join(PURPOSES)}", field="purposes")
    if "project" in rules.purposes and len(set(rules.purposes)) > 1:
        yield Fault("project teams take the whole class: ask for nothing else", field="purposes")
    for name in rules.balance:
        if name != STRENGTH and name not in rules.attributes:
            yield Fault(f"{name!r} is neither {STRENGTH!r} nor an attribute", field="balance")


def _set_faults(rules: Rules) -> Iterator[Fault]:
    for name in ("apart", "together"):
        for i, each in enumerate(getattr(rules, name)):
            if len(set(each)) != len(each) or len(each) < 2:
                yield Fault("needs two different students or more", field=f"{name}.{i}")
    held = Counter(s for lock in rules.locks for s in set(lock.students))
    for student, times in sorted(held.items()):
        if times > 1:
            yield Fault(f"{student!r} cannot be in {times} groups", field="locks")
    for i, lock in enumerate(rules.locks):
        if not lock.students:
            yield Fault("holds nobody", field=f"locks.{i}")
        if lock.aim.purpose not in PURPOSES:
            yield Fault(f"{lock.aim.purpose!r} is not a purpose", field=f"locks.{i}")
    for student in sorted(set(rules.absent) & set(held)):
        yield Fault(f"{student!r} is absent and cannot be in a group", field="locks")


FIELDS = tuple(each.name for each in fields(Rules))
"""The names of the rules, as API and pages send them."""
