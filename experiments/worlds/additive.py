"""Learners of the additive factors model: every opportunity adds the same, for ever.

Cen, Koedinger & Junker (2006), with what Koedinger et al. (2023) found: students start far apart
and learn at nearly the same rate. Nothing is forgotten, nothing is guessed, prerequisites only
show in where students start, and mastery is a chance of .8 on a usual item.
"""

import math

import numpy as np

from experiments.worlds.domain import Domain
from experiments.worlds.gradual import ITEMS, depths, with_ability
from experiments.worlds.world import Days, Ints, Mask, Which

MASTERED_FROM = math.log(0.8 / 0.2)
RATE = 0.18
"""Log-odds that an opportunity adds; .1 in tutors, twice that where practice is chosen well."""
AFTER_AN_ERROR = 0.6


class AdditiveWorld:
    """Learners whose log-odds grow in a straight line."""

    name = "additive"
    vectorised = True

    def __init__(self, domain: Domain, size: int, seed: int, rng: np.random.Generator) -> None:
        self.domain, self.rng = domain, rng
        fixed = np.random.default_rng(seed)
        targets = len(domain)
        self.items = fixed.normal(0, 0.6, (targets, ITEMS))
        self.pace = RATE * fixed.lognormal(0, 0.3, targets)
        self.ability = rng.normal(0, 1, size)
        self.rate = np.exp(with_ability(self.ability, 0.15, rng))
        own = rng.normal(0, 0.7, (size, targets))
        self.ease = 0.8 + 0.9 * self.ability[:, None] - depths(domain, fixed) + own

    @property
    def size(self) -> int:
        """How many students there are."""
        return len(self.ability)

    def practise(self, student: Which, target: Which, day: Days) -> tuple[Ints, Mask]:
        """Let students work on a target each; return the items and whether answers were right."""
        del day  # nothing is forgotten
        shape = np.shape(student)
        item = np.asarray(self.rng.integers(ITEMS, size=shape))
        chance = 1 / (1 + np.exp(-(self.ease[student, target] - self.items[target, item])))
        right = np.asarray(self.rng.random(shape) < chance)
        gain = self.rate[student] * self.pace[target] * np.where(right, 1, AFTER_AN_ERROR)
        self.ease[student, target] += gain
        return item, right

    def mastered(self, student: Which, target: Which, day: Days) -> Mask:
        """Say whether students truly master a target on that day."""
        del day
        return np.asarray(self.ease[student, target] >= MASTERED_FROM)
