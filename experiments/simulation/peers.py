"""The rules of today's systems, from their published formulas, on a class at once.

Those that only say when to stop take the targets in learning order.
"""

import numpy as np

from experiments.simulation.playing import Fits, Setup
from experiments.worlds.world import Floats, Ints, Mask
from models import BKTModel, BKTParameters

CANVAS_LAST = 0.65
"""Weight of the last result in Canvas's decaying average; the mean of the earlier has the rest."""
CANVAS_RESULTS = 3
"""Results before Canvas's average says anything here: one right answer would be mastery."""
OATUTOR = BKTParameters(0.1, 0.1, 0.1, 0.1)
MASTERED = 0.95
READY = 0.9
"""P(mastered) at which ALOSI takes a prerequisite as met: L* is its log-odds."""
ARTEMIS_PRIOR = 150.0
"""What Artemis gives for having mastered all prior competencies."""


class InOrder:
    """Targets one after another until a rule stops each."""

    def __init__(self, setup: Setup) -> None:
        shape = (setup.size, len(setup.domain))
        self.declared: Mask = np.zeros(shape, dtype=np.bool_)
        self.count = np.zeros(shape, dtype=np.int64)

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the first target that is neither declared nor given up."""
        del day
        return first(allowed & ~self.declared)

    def observe(self, student: Ints, target: Ints, item: Ints, right: Mask, day: int) -> None:
        """Count, and declare where the rule says so."""
        del item, day
        self.count[student, target] += 1
        self.declared[student, target] |= self.stops(student, target, right)

    def stops(self, student: Ints, target: Ints, right: Mask) -> Mask:
        """Say where practice stops now."""
        raise NotImplementedError


class Fixed(InOrder):
    """So many opportunities for everyone."""

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        del fits
        super().__init__(setup)
        self.each = setting

    def stops(self, student: Ints, target: Ints, right: Mask) -> Mask:
        """After `each` opportunities."""
        return np.asarray(self.count[student, target] >= self.each)


class InARow(InOrder):
    """So many right answers in a row."""

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        del fits
        super().__init__(setup)
        self.wanted = setting
        self.streak = np.zeros_like(self.count)

    def stops(self, student: Ints, target: Ints, right: Mask) -> Mask:
        """After `wanted` in a row."""
        now = np.where(right, self.streak[student, target] + 1, 0)
        self.streak[student, target] = now
        return np.asarray(now >= self.wanted)


class Canvas(InOrder):
    """Decaying average: the last result and the mean of the earlier ones."""

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        del fits
        super().__init__(setup)
        self.threshold = setting
        self.earlier = np.zeros(self.count.shape)

    def stops(self, student: Ints, target: Ints, right: Mask) -> Mask:
        """When .65 last + .35 mean of the earlier reaches the threshold."""
        seen = self.count[student, target]
        mean = self.earlier[student, target] / np.maximum(seen - 1, 1)
        self.earlier[student, target] += right
        average = CANVAS_LAST * right + (1 - CANVAS_LAST) * mean
        return np.asarray((seen >= CANVAS_RESULTS) & (average >= self.threshold))


class Slate(InOrder):
    """The N best ratings all at the top: N right answers, whatever else there was."""

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        del fits
        super().__init__(setup)
        self.wanted = setting
        self.right = np.zeros_like(self.count)

    def stops(self, student: Ints, target: Ints, right: Mask) -> Mask:
        """After N right answers in all."""
        self.right[student, target] += right
        return np.asarray(self.right[student, target] >= self.wanted)


class Bkt(InOrder):
    """Plain BKT at a threshold, in learning order."""

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        super().__init__(setup)
        self.threshold = setting
        self.bkt = Filter(setup, self.model(fits))
        self.domain = setup.domain
        self.rng = np.random.default_rng(setup.seed)

    def model(self, fits: Fits) -> BKTModel:
        """Return the model in use."""
        return fits.plain

    @property
    def known(self) -> Floats:
        """P(known), float64[S, K]."""
        return self.bkt.known

    def stops(self, student: Ints, target: Ints, right: Mask) -> Mask:
        """When P(known) reaches the threshold."""
        return np.asarray(self.bkt.observe(student, target, right) >= self.threshold)

    def met(self) -> Mask:
        """Say where every prerequisite is declared, bool[S, K]."""
        before = self.domain.before
        return np.asarray(((before[None] < 0) | self.declared[:, before]).all(axis=2))


class OaTutor(Bkt):
    """.1/.1/.1/.1 for every target, lowest mastery first within a lesson (a layer here)."""

    def model(self, fits: Fits) -> BKTModel:
        """Return the one model that OATutor has."""
        del fits
        return BKTModel(fallback=OATUTOR)

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the lowest of the first lesson that is not done."""
        del day
        left = allowed & ~self.declared
        layer = np.where(left, np.array(self.domain.layer), np.inf)
        lesson = left & (layer == layer.min(axis=1, keepdims=True))
        return best(-self.known, lesson)


class RandomReady(Bkt):
    """Any target whose prerequisites are declared."""

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return one at random; where nothing is ready, anything left."""
        del day
        left = allowed & ~self.declared
        return best(self.rng.random(left.shape) + self.met(), left)


class Alosi(Bkt):
    """2 · readiness + 2 · remediation + continuity + .5 · difficulty match, in log-odds.

    Rosen et al. (2018): readiness counts what prerequisites lack of L*, remediation what the
    target lacks, continuity prefers the target just worked on.
    """

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        super().__init__(setup, fits, setting)
        self.last = np.full(setup.size, -1)

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the target of the highest score."""
        del day
        wanted, own = log_odds(READY), log_odds(self.known)
        lack = np.maximum(wanted - own, 0.0)
        before = self.domain.before
        readiness = -np.where(before[None] < 0, 0.0, lack[:, before]).sum(axis=2)
        continuity = np.arange(own.shape[1]) == self.last[:, None]
        score = 2 * readiness + 2 * lack + continuity - 0.5 * np.abs(own)
        return best(score, allowed & ~self.declared)

    def observe(self, student: Ints, target: Ints, item: Ints, right: Mask, day: int) -> None:
        """Remember what was worked on last."""
        super().observe(student, target, item, right, day)
        self.last[student] = target


class Artemis(Bkt):
    """Utility by the share of prior competencies mastered; no due dates here."""

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the target of the highest utility, the earlier at a tie."""
        del day
        before = self.domain.before
        prior = (before >= 0).sum(axis=1)
        met = np.where(before[None] < 0, False, self.declared[:, before]).sum(axis=2)
        share = np.where(prior == 0, 1.0, met / np.maximum(prior, 1))
        return best(ARTEMIS_PRIOR * share, allowed & ~self.declared)


class Oracle(InOrder):
    """Knows the truth: practises what is not mastered, stops when it is.

    Its setting is the share of targets, in learning order, that it cares for.
    """

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        del fits
        super().__init__(setup)
        assert setup.truth is not None, "the oracle needs the truth"
        self.truth = setup.truth
        self.cares = np.arange(len(setup.domain)) < round(setting * len(setup.domain))
        self.day = -1

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the first target that is truly not mastered."""
        if day != self.day:
            self.declared = self.truth.truth(np.full(len(self.declared), day))
            self.day = day
        return first(allowed & ~self.declared & self.cares)

    def stops(self, student: Ints, target: Ints, right: Mask) -> Mask:
        """As soon as it is true."""
        return self.truth.mastered(student, target, np.full(len(student), self.day))


class Filter:
    """Plain BKT for a class: P(known) float64[S, K]."""

    def __init__(self, setup: Setup, model: BKTModel) -> None:
        each = [model.of(target) for target in setup.domain.targets]
        self.learn, self.guess, self.slip = (
            np.array([getattr(p, name) for p in each]) for name in ("learn", "guess", "slip")
        )
        self.known = np.tile([p.prior for p in each], (setup.size, 1))

    def observe(self, student: Ints, target: Ints, right: Mask) -> Floats:
        """Condition on an answer each, then learn; returns P(known)."""
        p, guess, slip = self.known[student, target], self.guess[target], self.slip[target]
        has = np.where(right, 1 - slip, slip) * p
        not_ = np.where(right, guess, 1 - guess) * (1 - p)
        answered = has / (has + not_)
        after: Floats = answered + (1 - answered) * self.learn[target]
        self.known[student, target] = after
        return after


def first(left: Mask) -> Ints:
    """Return the first column that is left in each row, −1 where none is."""
    return np.where(left.any(axis=1), left.argmax(axis=1), -1)


def best(score: Floats, left: Mask) -> Ints:
    """Return the column of the highest score among those left, −1 where none is."""
    return np.where(left.any(axis=1), np.where(left, score, -np.inf).argmax(axis=1), -1)


def log_odds(p: Floats | float) -> Floats:
    """Return log(p / (1 − p)), kept finite."""
    inside = np.clip(p, 1e-9, 1 - 1e-9)
    found: Floats = np.log(inside) - np.log1p(-inside)
    return found
