"""Gradual learners of whom some rush on some days, while guessing gets easier.

The adversary of the science notes (§3.4, family D): answers that mean nothing come in streaks,
and the items leak as the course goes on.
"""

import numpy as np

from experiments.worlds.domain import Domain
from experiments.worlds.gradual import GradualWorld
from experiments.worlds.world import Days, Floats, Ints, Mask, Which

RUSHERS, DAYS_RUSHED = 0.25, 0.3
"""Share of students who ever rush, and of their days on which they do."""
RUSHED = 0.3
"""Chance of a right answer in a hurry, whatever is known; little is learned then."""
LEAK = 0.002
"""By how much a wrong answer becomes right, more each day, at most .12: items get known."""


class RushingWorld(GradualWorld):
    """Gradual learners, some rushing, with items that leak."""

    name = "rushing"

    def __init__(self, domain: Domain, size: int, seed: int, rng: np.random.Generator) -> None:
        super().__init__(domain, size, seed, rng)
        self.rusher = rng.random(size) < RUSHERS
        self.hurried = rng.random((size, 400)) < DAYS_RUSHED

    def practise(self, student: Which, target: Which, day: Days) -> tuple[Ints, Mask]:
        """Let students work; in a hurry answers say nothing and teach a third."""
        before = np.copy(self.strength_on(student, target, day))
        item, right = super().practise(student, target, day)
        hurry = self.rusher[student] & self.hurried[student, np.asarray(day) % 400]
        drawn = self.rng.random(np.shape(student))
        leaked = self.rng.random(np.shape(student)) < np.minimum(LEAK * np.asarray(day), 0.12)
        seen = np.asarray(np.where(hurry, drawn < RUSHED, right | leaked))
        gained: Floats = self.strength[student, target] - before
        self.strength[student, target] = before + gained * np.where(hurry, 0.33, 1.0)
        return item, seen
