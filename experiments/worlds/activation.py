"""Learners whose memory is a sum of fading traces, some of them misled.

As unlike a ladder of levels as we could make it. Activation follows ACT-R (Anderson & Schooler
1991): ln Σ w_j age_j^(−d_j), where a trace laid down while activation is high fades faster
(Pavlik & Anderson 2005: the spacing effect). A misconception gives wrong answers with confidence,
worse than guessing, until enough practice has worn it away.
"""

import numpy as np

from experiments.worlds.domain import Domain
from experiments.worlds.gradual import ITEMS, depths, starts, with_ability
from experiments.worlds.world import Days, Floats, Ints, Mask, Which

TRACES = 48
"""Traces kept of a student and target; more than anyone practises one target here."""
DECAY, SPACING = 0.08, 0.045
"""Decay of a trace: DECAY + SPACING · e^activation at the time it is laid down."""
THRESHOLD = 0.7
"""Activation at which recall is as likely as not."""
NOISE = 0.45
"""Scale of the logistic that turns activation into a chance of recall."""
MASTERED_FROM = 0.75
"""Chance of recall that is true mastery."""
GUESS, MISLED = 0.2, 0.08
"""Chance of a right answer without recall, and under a misconception."""
WORN_AFTER = 4.0
"""Practice that wears a misconception away, for a middling student."""
BEFORE = 40.0
"""Days before the course from which what was known at the start dates."""
OPPORTUNITY = 0.004
"""Days that an opportunity takes: some six minutes."""


class ActivationWorld:
    """Learners with fading traces, spacing effects and misconceptions."""

    name = "activation"
    vectorised = True

    def __init__(self, domain: Domain, size: int, seed: int, rng: np.random.Generator) -> None:
        self.domain, self.rng = domain, rng
        fixed = np.random.default_rng(seed)
        targets = len(domain)
        self.items = fixed.normal(0, 0.25, (targets, ITEMS))
        self.ease = fixed.lognormal(-0.2, 0.25, targets)
        self.ability = rng.normal(0, 1, size)
        self.rate = np.exp(with_ability(self.ability, 0.35, rng))
        self.fade = DECAY * np.exp(with_ability(self.ability, -0.15, rng))
        self.when = np.zeros((size, targets, TRACES))
        self.weight, self.decay = np.zeros_like(self.when), np.full_like(self.when, 0.2)
        self.traces = np.ones((size, targets), dtype=np.int64)
        start = starts(domain, 0.2 + self.ability, depths(domain, fixed), rng)
        self.when[..., 0], self.weight[..., 0] = -BEFORE, np.exp(0.8 * start + 0.45)
        wrong = rng.random((size, targets)) < 0.25 / (1 + np.exp(start))
        self.misled = np.where(wrong, WORN_AFTER, 0.0)
        self.steps = np.zeros(size)

    @property
    def size(self) -> int:
        """How many students there are."""
        return len(self.ability)

    def practise(self, student: Which, target: Which, day: Days) -> tuple[Ints, Mask]:
        """Let students work on a target each; return the items and whether answers were right."""
        shape = np.shape(student)
        now = np.asarray(day) + (self.steps[student] % 12) * OPPORTUNITY
        item = np.asarray(self.rng.integers(ITEMS, size=shape))
        active = self._activation(student, target, now)
        recall = 1 / (1 + np.exp(-(active - self.items[target, item]) / NOISE))
        misled = self.misled[student, target] > 0
        chance = np.where(misled, MISLED, recall * 0.97 + (1 - recall) * GUESS)
        right = np.asarray(self.rng.random(shape) < chance)
        self._lay_down(student, target, now, active)
        wears = self.rate[student] * np.where(right, 0.5, 1.0)  # an error shows what is wrong
        self.misled[student, target] = np.maximum(self.misled[student, target] - wears, 0.0)
        self.steps[student] += 1
        return item, right

    def mastered(self, student: Which, target: Which, day: Days) -> Mask:
        """Say whether students truly master a target on that day."""
        recall = 1 / (1 + np.exp(-self._activation(student, target, np.asarray(day) + 0.1) / NOISE))
        return np.asarray((recall >= MASTERED_FROM) & (self.misled[student, target] == 0))

    def _activation(self, student: Which, target: Which, now: Floats) -> Floats:
        age = np.maximum(np.asarray(now)[..., None] - self.when[student, target], OPPORTUNITY)
        # A trace minutes old is as strong as one of a tenth of a day: practice within a sitting
        # would otherwise look like mastery.
        age = np.maximum(age, 0.1)
        left = self.weight[student, target] * age ** -self.decay[student, target]
        found: Floats = np.log(np.maximum(left.sum(axis=-1), 1e-6)) - THRESHOLD
        return found

    def _lay_down(self, student: Which, target: Which, now: Floats, active: Floats) -> None:
        before = self.domain.before[target]
        who, when = np.asarray(student)[..., None], np.asarray(now)[..., None]
        below = np.where(before < 0, np.inf, self._activation(who, before, when))
        ready = 1 / (1 + np.exp(-1.5 * (below.min(axis=-1) + 0.3)))
        slot = self.traces[student, target] % TRACES
        self.when[student, target, slot] = now
        learned = self.rate[student] * self.ease[target] * (0.25 + 0.75 * ready)
        self.weight[student, target, slot] = learned
        faster = SPACING * np.exp(np.minimum(active + THRESHOLD, 1.5))
        self.decay[student, target, slot] = self.fade[student] + faster
        self.traces[student, target] += 1
