"""Gradual learners: strengths that grow a little with every opportunity and fade with time.

World A of the science notes (§7.1), none of whose formulas Footpath's model has: a start held
back by the weakest prerequisite, gains by a rate of the student's own that shrink near the top,
answers from a logistic curve between guess and slip, forgetting by the logarithm of the days.
Rates, forgetting and slips go with ability.
"""

import math

import numpy as np

from experiments.worlds.domain import Domain
from experiments.worlds.world import Days, Floats, Ints, Mask, Which

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
    vectorised = True
    known, forgets = 0.3, 0.08

    def __init__(
        self,
        domain: Domain,
        size: int,
        seed: int,
        rng: np.random.Generator,
        known: float | None = None,
        forget: float | None = None,
    ) -> None:
        self.domain = domain
        self.rng = rng
        fixed = np.random.default_rng(seed)
        targets = len(domain)
        self.pace = fixed.lognormal(-0.6, 0.3, targets)
        self.items = fixed.normal(0, 0.5, (targets, ITEMS))
        depth = depths(domain, fixed)
        self.ability = rng.normal(0, 1, size)
        self.rate = np.exp(with_ability(self.ability, 0.4, rng) - 0.1)
        share = self.forgets if forget is None else forget
        self.forget = share * np.exp(with_ability(self.ability, -0.4, rng))
        self.slip = np.clip(0.06 * np.exp(with_ability(self.ability, -0.4, rng)), 0.01, 0.2)
        start = self.known if known is None else known
        self.strength = starts(domain, start + self.ability, depth, rng)
        self.last = np.full((size, targets), -1)
        self.stability = np.ones((size, targets))

    @property
    def size(self) -> int:
        """How many students there are."""
        return len(self.ability)

    def practise(self, student: Which, target: Which, day: Days) -> tuple[Ints, Mask]:
        """Let students work on a target each; return the items and whether answers were right."""
        item = np.asarray(self.rng.integers(ITEMS, size=np.shape(student)))
        now, ready = self.strength_on(student, target, day), self.readiness(student, target, day)
        chance = self.chance_on(student, target, item, now, ready)
        right = np.asarray(self.rng.random(np.shape(student)) < chance)
        slowing = 1 / (1 + np.exp(1.1 * (now - 2.2)))
        gain = self.rate[student] * self.pace[target] * ready * slowing
        self.strength[student, target] = now + gain * np.where(right, 1, FROM_AN_ERROR)
        last = self.last[student, target]
        self.stability[student, target] += 0.5 * ((last >= 0) & (last < day))
        self.last[student, target] = day
        return item, right

    def mastered(self, student: Which, target: Which, day: Days) -> Mask:
        """Say whether students truly master a target on that day."""
        return np.asarray(self.strength_on(student, target, day) >= MASTERED_FROM)

    def chance(self, student: int, target: int, day: int) -> float:
        """Return a student's true chance of a right answer, the mean over the items."""
        now, ready = self.strength_on(student, target, day), self.readiness(student, target, day)
        each = [self.chance_on(student, target, np.asarray(i), now, ready) for i in range(ITEMS)]
        return float(np.mean(each))

    def chance_on(
        self, student: Which, target: Which, item: Ints, now: Floats, ready: Floats
    ) -> Floats:
        """Return the chance of a right answer to an item at a strength and readiness."""
        ease = now - self.items[target, item] - 0.6 * (1 - ready)
        slip = self.slip[student]
        chance: Floats = GUESS + (1 - GUESS - slip) / (1 + np.exp(-STEEPNESS * ease))
        return chance

    def strength_on(self, student: Which, target: Which, day: Days) -> Floats:
        """Strength on a day: some is lost for each doubling of the days since the last work."""
        now, last = self.strength[student, target], self.last[student, target]
        days = np.where(last < 0, 0, np.maximum(np.asarray(day) - last, 0))
        kept: Floats = now - self.forget[student] * np.log1p(days) / self.stability[student, target]
        return kept

    def readiness(self, student: Which, target: Which, day: Days) -> Floats:
        """How well the weakest prerequisite supports a target, 0 to 1; 1 without any."""
        before = self.domain.before[target]
        who, when = np.asarray(student)[..., None], np.asarray(day)[..., None]
        found = np.where(before < 0, np.inf, self.strength_on(who, before, when))
        ready: Floats = 1 / (1 + np.exp(-1.5 * (found.min(axis=-1) - 0.2)))
        return ready


class ForgetfulWorld(GradualWorld):
    """Gradual learners who forget three times as fast (science notes §7.4)."""

    name = "forgetful"
    forgets = 0.25


def depths(domain: Domain, fixed: np.random.Generator) -> Floats:
    """Draw how hard each target is to start on: deeper layers are harder."""
    layer = np.array(domain.layer, dtype=np.float64)
    found: Floats = 0.45 * (layer - layer.mean()) + fixed.normal(0, 0.3, len(domain))
    return found


def with_ability(ability: Floats, spread: float, rng: np.random.Generator) -> Floats:
    """Draw a trait of this spread that goes with ability (against it: a negative spread)."""
    own = rng.normal(0, 1, len(ability))
    mixed: Floats = math.copysign(WITH_ABILITY, spread) * ability
    return abs(spread) * (mixed + math.sqrt(1 - WITH_ABILITY**2) * own)


def starts(domain: Domain, level: Floats, depth: Floats, rng: np.random.Generator) -> Floats:
    """Draw strengths at the start, [S, K]; none much above the weakest prerequisite."""
    size, targets = len(level), len(domain)
    found = np.empty((size, targets))
    for k in range(targets):
        own = level - depth[k] + rng.normal(0, 1, size)
        before = domain.prerequisites[k]
        weakest = found[:, before].min(axis=1) if before else np.full(size, np.inf)
        found[:, k] = np.minimum(own, weakest + 1.0)
    return found
