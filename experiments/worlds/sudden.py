"""All-or-none learners: one either can or cannot, and learning is a jump (world B, §7.1)."""

import numpy as np

from experiments.worlds.domain import Domain
from experiments.worlds.gradual import ITEMS, MASTERED_FROM, depths, starts, with_ability
from experiments.worlds.world import Days, Floats, Ints, Mask, Which

GUESS = 0.2
UNREADY = 0.3
"""How much slower the jump comes for each prerequisite that is missing."""
LASTS = 250.0
"""Days that half of what was learned lasts at first; each later day of practice adds half."""


class SuddenWorld:
    """Learners who jump from not knowing to knowing, guess, slip, and lose it again at once."""

    name = "sudden"
    vectorised = True

    def __init__(self, domain: Domain, size: int, seed: int, rng: np.random.Generator) -> None:
        self.domain, self.rng = domain, rng
        fixed = np.random.default_rng(seed)
        targets = len(domain)
        self.pace = np.clip(fixed.lognormal(-1.3, 0.3, targets), 0.05, 0.6)
        self.ability = rng.normal(0, 1, size)
        self.rate = np.exp(with_ability(self.ability, 0.4, rng))
        self.slip = np.clip(0.08 * np.exp(with_ability(self.ability, -0.4, rng)), 0.01, 0.25)
        start = starts(domain, 0.3 + self.ability, depths(domain, fixed), rng)
        self.known = start >= MASTERED_FROM
        self.until = np.where(self.known, self._lifetime(self.known.shape, 1.0), -1.0)
        self.last = np.full((size, targets), -1)
        self.stability = np.ones((size, targets))

    @property
    def size(self) -> int:
        """How many students there are."""
        return len(self.ability)

    def practise(self, student: Which, target: Which, day: Days) -> tuple[Ints, Mask]:
        """Let students work on a target each; return the items and whether answers were right."""
        shape = np.shape(student)
        item = np.asarray(self.rng.integers(ITEMS, size=shape))
        knows = self.mastered(student, target, day)
        chance = np.where(knows, 1 - self.slip[student], GUESS)
        right = np.asarray(self.rng.random(shape) < chance)
        jump = self.rng.random(shape) < self._jump(student, target, day)
        self.known[student, target] = knows | jump
        last = self.last[student, target]
        self.stability[student, target] += 0.5 * ((last >= 0) & (last < day))
        lasts = self._lifetime(shape, self.stability[student, target])
        self.until[student, target] = np.where(knows | jump, day + lasts, -1.0)
        self.last[student, target] = day
        return item, right

    def mastered(self, student: Which, target: Which, day: Days) -> Mask:
        """Say whether students truly master a target on that day."""
        return np.asarray(self.known[student, target] & (self.until[student, target] > day))

    def _jump(self, student: Which, target: Which, day: Days) -> Floats:
        before = self.domain.before[target]
        who, when = np.asarray(student)[..., None], np.asarray(day)[..., None]
        missing = ((before >= 0) & ~self.mastered(who, before, when)).sum(axis=-1)
        found: Floats = np.minimum(self.rate[student] * self.pace[target], 0.9) * UNREADY**missing
        return found

    def _lifetime(self, shape: tuple[int, ...], stability: Floats | float) -> Floats:
        """Draw how many days what is known now will last."""
        drawn: Floats = self.rng.exponential(LASTS / np.log(2), shape) * stability
        return drawn
