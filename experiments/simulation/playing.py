"""One policy, one class, one course: who practises what until the policy is satisfied."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

from experiments.simulation.school import SimulatedClass
from experiments.worlds import Domain
from experiments.worlds.world import A_DAY, Floats, Ints, Mask
from graphs import Curriculum, Edge, Framework, LearningTarget
from models import BKTModel
from models.fitting import fit_bkt
from models.full import FullModel
from models.full.training import fit_full
from models.log import ResponseLog

MOST = 30
"""Opportunities on one target after which nobody goes on with it (science notes §7.1)."""
LATER = 14
"""Days after a student's course at which mastery is looked at again."""


@dataclass(frozen=True)
class Setup:
    """What a policy may know before it meets its class.

    `domain` is the curriculum as its author drew it: its edges may be wrong. `log` is the fixed
    course of other students. `truth` is for the oracle alone.
    """

    domain: Domain
    size: int
    seed: int
    log: ResponseLog
    truth: SimulatedClass | None = field(default=None, compare=False)

    @cached_property
    def curriculum(self) -> Curriculum:
        """The domain as a curriculum; its targets have no tasks of their own."""
        return curriculum_of(self.domain)


def curriculum_of(domain: Domain) -> Curriculum:
    """Return a domain as a curriculum."""
    names = domain.targets
    edges = [Edge(names[p], names[k]) for k, row in enumerate(domain.prerequisites) for p in row]
    targets = tuple(LearningTarget(name, name) for name in names)
    return Curriculum(Framework("simulated", "Simulated", targets), tuple(edges))


@dataclass(frozen=True, slots=True)
class Fits:
    """The models that a course log yields, fitted once for all policies."""

    full: FullModel
    plain: BKTModel


def fits(log: ResponseLog) -> Fits:
    """Fit what schools are served, and plain BKT."""
    return Fits(fit_full(log), fit_bkt(log))


class Player(Protocol):
    """A policy at one setting, steering S students over K targets.

    `declared` bool[S, K] says what it calls mastered by now.
    """

    declared: Mask

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the next target of each student, −1 for who is done.

        `allowed` bool[S, K] leaves out what nobody goes on with.
        """
        ...

    def observe(self, student: Ints, target: Ints, item: Ints, right: Mask, day: int) -> None:
        """Take in what these students answered."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each student, arrays (S,): counts, and shares of the K targets.

    `claims` targets declared and `false_claims` those not truly mastered at that moment ·
    `true_end`, `true_later` share truly mastered at the end and 14 days after · `over`
    opportunities on what was truly mastered already · `under` share of targets left before true
    mastery.
    """

    opportunities: Floats
    claims: Floats
    false_claims: Floats
    true_end: Floats
    true_later: Floats
    over: Floats
    under: Floats


def play(world: SimulatedClass, player: Player, budget: int = 10**6) -> Outcome:
    """Let a policy steer a class until it is done, or each student had `budget` opportunities."""
    size, targets = world.size, world.targets
    count = np.zeros((size, targets), dtype=np.int64)
    declared = np.zeros((size, targets), dtype=np.bool_)
    total, over = np.zeros(size, dtype=np.int64), np.zeros(size)
    claims, wrong = np.zeros(size), np.zeros(size)
    for number in range(min(budget, MOST * targets)):
        day = number // A_DAY
        target = player.choose(day, count < MOST)
        who = np.flatnonzero(target >= 0)
        if not len(who):
            break
        what = target[who]
        over[who] += world.mastered(who, what, np.full(len(who), day))
        item, right = world.practise(who, what, day)
        player.observe(who, what, item, right, day)
        count[who, what] += 1
        total[who] += 1
        student, new = np.nonzero(player.declared & ~declared)
        declared[student, new] = True
        np.add.at(claims, student, 1)
        false = ~world.mastered(student, new, np.full(len(student), day))
        np.add.at(wrong, student, false)
    ended = np.maximum(total - 1, 0) // A_DAY
    at_end, later = world.truth(ended), world.truth(ended + LATER)
    share = at_end.mean(axis=1)
    return Outcome(total.astype(np.float64), claims, wrong, share, later.mean(axis=1),
                   over, 1.0 - share)  # fmt: skip
