"""What review at expanding intervals keeps (`footpath simulate --review`).

Every way of spending a course meets the same students and gets the same number of opportunities,
twelve a day; what counts is how much is truly mastered 14 days after the course. Beside fixed
practice there is the fixed course with its own look-backs, and Footpath without review.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from typing import Protocol

import numpy as np

from engine import Policy
from engine.reviews import reviewing
from experiments.simulation.cells import Cell
from experiments.simulation.ours import CERTIFIED, PRACTICES, Footpath, Practice
from experiments.simulation.playing import LATER, MOST, Fits, Setup, curriculum_of, fits
from experiments.simulation.school import (
    REVIEW_EVERY,
    SimulatedClass,
)
from experiments.simulation.tournament import (
    Progress,
    each_cell,
)
from experiments.worlds.world import A_DAY, Floats, Ints, Mask
from graphs import Curriculum, Edge

GAINED = 0.08
"""What the project promises under strong forgetting, over the better of the fixed courses."""


STRONG = "forgetful"
"""The world of strong forgetting."""
BUDGETS = (300, 400)
"""Opportunities of a student: some five and seven weeks at twelve a day."""
HURRIED = PRACTICES.index(Practice(0.9, 5, reviews=True))
"""The practice tried: with so few opportunities a school is short of time, and keeps reviews. Those
who certify every target before they go on do not get far enough to have much to keep."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One world and budget: mean share of all targets truly mastered 14 days after the course.

    `fixed` is even practice, `look_back` the fixed course that gives a fifth of the budget to
    earlier targets, `without` Footpath with no review, `footpath` with it, `served` as a school
    with time enough has it: practice until a target is certified, and reviews; `used` and `reviews`
    are its opportunities and how many of them were reviews, `low` and `high` the smallest and
    largest gain of a seed over the better fixed course.
    """

    world: str
    budget: int
    fixed: float
    look_back: float
    without: float
    served: float
    footpath: float
    used: float
    reviews: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CreditRow:
    """What implicit credit saves where one thing practises another: with and without it."""

    budget: int
    reviews: float
    reviews_without: float
    later: float
    later_without: float


class Steered(Protocol):
    """What spends a class's opportunities."""

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the next target of each student, −1 for none."""
        ...

    def observe(self, student: Ints, target: Ints, item: Ints, right: Mask, day: int) -> None:
        """Take in the answers."""
        ...


class Course:
    """A fixed course that spends a budget evenly on all targets, with or without look-backs."""

    def __init__(self, setup: Setup, budget: int, look_back: bool) -> None:
        self.plan = _even_plan(len(setup.domain), budget, look_back)
        self.rng, self.size, self.place = np.random.default_rng(setup.seed), setup.size, 0

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the next target of the course; a look back goes to an earlier one at random."""
        del day, allowed
        if self.place >= len(self.plan):
            return np.full(self.size, -1)
        target = self.plan[self.place]
        self.place += 1
        if target >= 0:
            return np.full(self.size, target)
        return self.rng.integers(0, -target, self.size)

    def observe(self, student: Ints, target: Ints, item: Ints, right: Mask, day: int) -> None:
        """Go on, whatever was answered."""


class Clocked(Footpath):
    """Footpath, with its reviews or without; its clock also runs for who has nothing to do."""

    def __init__(
        self,
        setup: Setup,
        fits: Fits,
        practice: int = HURRIED,
        review: bool = True,
        credit: float = Policy().review_credit,
    ) -> None:
        super().__init__(setup, fits, practice)
        self.rule = replace(self.rule, review_credit=credit)
        self.reviewing = reviewing(setup.curriculum, self.rule)
        if not review:
            self.schedule = None

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the first choice of each student today."""
        self.number = np.maximum(self.number, day * A_DAY)
        self.active = np.arange(len(self.number))  # who was done may have a review today
        return super().choose(day, allowed)


def spend(world: SimulatedClass, player: Steered, budget: int) -> tuple[Floats, Floats, Floats]:
    """Spend a budget; returns opportunities used, mastery at the end and 14 days later, (S,)."""
    count = np.zeros((world.size, world.targets), dtype=np.int64)
    for number in range(budget):
        day = number // A_DAY
        target = player.choose(day, count < MOST)
        who = np.flatnonzero(target >= 0)
        if len(who):
            item, right = world.practise(who, target[who], day)
            player.observe(who, target[who], item, right, day)
            count[who, target[who]] += 1
    end = np.full(world.size, (budget - 1) // A_DAY)
    at_end, later = (world.truth(end + days).mean(axis=1) for days in (0, LATER))
    return count.sum(axis=1).astype(np.float64), at_end, later


def _even_plan(targets: int, budget: int, look_back: bool) -> list[int]:
    """Return the target of each opportunity; −k looks back at one of the first k."""
    own = budget if not look_back else budget * (REVIEW_EVERY - 1) // REVIEW_EVERY
    ends = np.rint(np.arange(1, targets + 1) * own / targets).astype(int)
    plan: list[int] = []
    for target, count in enumerate(np.diff(ends, prepend=0).tolist()):
        for _ in range(count):
            plan.append(target)
            if look_back and target > 2 and len(plan) % REVIEW_EVERY == 0:
                plan.append(1 - target)
    return (plan + [-targets] * budget)[:budget] if look_back else plan


@dataclass(frozen=True)
class Encompassing(Setup):
    """A course whose author says that each target also practises what it builds on."""

    @cached_property
    def curriculum(self) -> Curriculum:
        """The domain as a curriculum with both relations."""
        plain = curriculum_of(self.domain)
        also = tuple(Edge(e.prereq, e.target, "encompasses") for e in plain.edges)
        return Curriculum(plain.framework, plain.edges + also)


def run_review(
    worlds: Sequence[str], seeds: Sequence[int], students: int, processes: int, progress: Progress
) -> tuple[list[ReviewRow], list[CreditRow]]:
    """Spend every budget in every world, and where one thing practises another."""
    cells = [(world, seed) for world in (*worlds, "encompassing") for seed in seeds]
    found: dict[tuple[str, int], list[Mapping[str, float]]] = {}
    for place, figures in enumerate(each_cell(partial(_cell, students), cells, processes)):
        for budget, each in figures.items():
            found.setdefault((cells[place][0], budget), []).append(each)
        progress(place + 1, len(cells))
    rows = [_row(*key, each) for key, each in found.items() if key[0] != "encompassing"]
    credit = [CreditRow(budget, **_mean(each)) for (world, budget), each in found.items()
              if world == "encompassing"]  # fmt: skip
    return rows, credit


def as_answer(
    rows: Sequence[ReviewRow], credit: Sequence[CreditRow], seeds: Sequence[int]
) -> dict[str, object]:
    """Return the rows and the claims as plain values."""
    strong = [row for row in rows if row.world == STRONG]
    gains = {
        "the fixed course with look-backs": [row.footpath - row.look_back for row in strong],
        "even fixed practice": [row.footpath - row.fixed for row in strong],
    }
    claims = [
        {"words": f"14-day mastery at least {GAINED} above {other}, under strong forgetting",
         "worst": STRONG, "value": min(gain), "holds": min(gain) >= GAINED}
        for other, gain in gains.items() if gain
    ]  # fmt: skip
    return {"rows": [asdict(row) for row in rows], "credit": [asdict(row) for row in credit],
            "seeds": list(seeds), "claims": claims}  # fmt: skip


def _mean(each: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([figures[name] for figures in each])) for name in each[0]}


def _row(world: str, budget: int, each: Sequence[Mapping[str, float]]) -> ReviewRow:
    gain = [f["footpath"] - max(f["fixed"], f["look_back"]) for f in each]
    return ReviewRow(world, budget, low=min(gain), high=max(gain), **_mean(each))


def _cell(students: int, cell: tuple[str, int]) -> Mapping[int, Mapping[str, float]]:
    """Spend every budget in one world and seed."""
    name, seed = cell
    school = Cell(name, seed)
    domain, log = school.domain, school.log
    fitted = fits(log)
    new = partial(school.new_class, students)
    if name == "encompassing":
        both = Encompassing(domain, students, seed, log)
        return {budget: _credit(new, both, fitted, budget) for budget in BUDGETS}
    setup = Setup(domain, students, seed, log)
    return {budget: _spent(new, setup, fitted, budget) for budget in BUDGETS}


def _spent(
    new: Callable[[], SimulatedClass], setup: Setup, fitted: Fits, budget: int
) -> dict[str, float]:
    ours = Clocked(setup, fitted)
    used, _, later = spend(new(), ours, budget)
    others: dict[str, Steered] = {
        "fixed": Course(setup, budget, look_back=False),
        "look_back": Course(setup, budget, look_back=True),
        "without": Clocked(setup, fitted, review=False),
        "served": Clocked(setup, fitted, CERTIFIED),
    }
    found = {way: float(spend(new(), each, budget)[2].mean()) for way, each in others.items()}
    return found | {
        "footpath": float(later.mean()),
        "used": float(used.mean()),
        "reviews": float(ours.reviews.mean()),
    }


def _credit(
    new: Callable[[], SimulatedClass], setup: Setup, fitted: Fits, budget: int
) -> dict[str, float]:
    found: dict[str, float] = {}
    for way, credit in (("", Policy().review_credit), ("_without", 0.0)):
        ours = Clocked(setup, fitted, credit=credit)
        found["later" + way] = float(spend(new(), ours, budget)[2].mean())
        found["reviews" + way] = float(ours.reviews.mean())
    return found
