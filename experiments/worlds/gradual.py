"""Gradual learners: strengths that grow a little with every opportunity and fade with time.

World A of the science notes (§7.1), none of whose formulas Footpath's model has: a start held
back by the weakest prerequisite, gains by a rate of the student's own that shrink near the top,
answers from a logistic curve between guess and slip, forgetting by the logarithm of the days.
Rates, forgetting and slips go with ability.
"""

import math

import numpy as np

from experiments.worlds.domain import Domain

MASTERED_FROM = math.log(0.75 / 0.25)
"""Strength of true mastery: three in four on a usual item, guessing and slips aside (§7.1)."""
ITEMS = 8
"""Items of a target."""
GUESS = 0.15
STEEPNESS = 1.3
FROM_AN_ERROR = 0.7
"""How much a wrong answer teaches, beside a right one."""
WITH_ABILITY = 0.5
"""Correlation of a student's learning rate, retention and care with ability."""


class GradualWorld:
    """Simulated gradual learners.

    `known` moves the start (log-odds): about .17 of the targets are truly mastered at the start
    for -.2, .34 for .7. `forget` is the strength lost by a middling student per unit of
    log(1 + days). `seed` draws the domain's difficulties, `rng` the students.
    """

    name = "gradual"

    def __init__(
        self,
        domain: Domain,
        size: int,
        seed: int,
        rng: np.random.Generator,
        known: float = 0.3,
        forget: float = 0.08,
    ) -> None:
        self.domain = domain
        self.rng = rng
        fixed = np.random.default_rng(seed)
        targets = len(domain)
        self.pace = fixed.lognormal(-0.6, 0.3, targets)
        self.items = fixed.normal(0, 0.5, (targets, ITEMS))
        layer = np.array(domain.layer, dtype=np.float64)
        depth = 0.45 * (layer - layer.mean()) + fixed.normal(0, 0.3, targets)
        self.ability = rng.normal(0, 1, size)
        self.rate = np.exp(self._with_ability(0.4) - 0.1)
        self.forget = forget * np.exp(self._with_ability(-0.4))
        self.slip = np.clip(0.06 * np.exp(self._with_ability(-0.4)), 0.01, 0.2)
        self.strength = self._starts(known, depth)
        self.last = np.full((size, targets), -1)
        self.stability = np.ones((size, targets))

    @property
    def size(self) -> int:
        """How many students there are."""
        return len(self.ability)

    def practise(self, student: int, target: int, day: int) -> tuple[int, bool]:
        """Let a student work on a target; return the item and whether the answer was right."""
        item = int(self.rng.integers(ITEMS))
        now = self._strength(student, target, day)
        ready = self._readiness(student, target, day)
        right = bool(self.rng.random() < self._chance(student, target, item, now, ready))
        slowing = 1 / (1 + math.exp(1.1 * (now - 2.2)))
        gain = self.rate[student] * self.pace[target] * ready * slowing
        self.strength[student, target] = now + gain * (1 if right else FROM_AN_ERROR)
        if 0 <= self.last[student, target] < day:
            self.stability[student, target] += 0.5
        self.last[student, target] = day
        return item, right

    def mastered(self, student: int, target: int, day: int) -> bool:
        """Say whether a student truly masters a target on that day."""
        return self._strength(student, target, day) >= MASTERED_FROM

    def chance(self, student: int, target: int, day: int) -> float:
        """Return a student's true chance of a right answer, the mean over the items."""
        now = self._strength(student, target, day)
        ready = self._readiness(student, target, day)
        each = [self._chance(student, target, i, now, ready) for i in range(ITEMS)]
        return sum(each) / ITEMS

    def _chance(self, student: int, target: int, item: int, now: float, ready: float) -> float:
        ease = now - self.items[target, item] - 0.6 * (1 - ready)
        floor, slip = GUESS, float(self.slip[student])
        return floor + (1 - floor - slip) / (1 + math.exp(-STEEPNESS * ease))

    def _strength(self, student: int, target: int, day: int) -> float:
        """Strength on a day: some is lost for each doubling of the days since the last work."""
        now, last = float(self.strength[student, target]), int(self.last[student, target])
        if last < 0 or day <= last:
            return now
        lost = self.forget[student] * math.log1p(day - last) / self.stability[student, target]
        return now - float(lost)

    def _readiness(self, student: int, target: int, day: int) -> float:
        before = self.domain.prerequisites[target]
        if not before:
            return 1.0
        weakest = min(self._strength(student, p, day) for p in before)
        return 1 / (1 + math.exp(-1.5 * (weakest - 0.2)))

    def _with_ability(self, spread: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        own = self.rng.normal(0, 1, len(self.ability))
        share = math.copysign(WITH_ABILITY, spread)
        mixed: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = share * self.ability
        return abs(spread) * (mixed + math.sqrt(1 - WITH_ABILITY**2) * own)

    def _starts(
        self, known: float, depth: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        size, targets = len(self.ability), len(self.domain)
        found = np.empty((size, targets))
        for k in range(targets):
            own = known + self.ability - depth[k] + self.rng.normal(0, 1, size)
            before = self.domain.prerequisites[k]
            weakest = found[:, before].min(axis=1) if before else np.full(size, np.inf)
            found[:, k] = np.minimum(own, weakest + 1.0)
        return found
