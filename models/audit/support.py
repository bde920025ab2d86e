"""Whether two targets go together beyond ability, and whether one is done without the other."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from models.audit.answers import Answers, Floats, earlier_on
from models.audit.direction import Both

COVERED = 0.95
QUANTILE = float(stats.norm.ppf((1 + COVERED) / 2))
LOST = 5
"""Degrees of freedom of a partial correlation spent on ability (straight and curved) and means."""


@dataclass(frozen=True, slots=True)
class Support:
    """Correlation of the work on two targets, ability held fixed, with its 95 % interval."""

    correlation: float
    low: float
    high: float

    def z_above(self, bar: float, students: int) -> float:
        """How many standard errors the correlation lies above a bar (Fisher's z)."""
        return float((np.arctanh(self.correlation) - np.arctanh(bar)) * _precision(students))


@dataclass(frozen=True, slots=True)
class Without:
    """How many do the target without the prerequisite.

    Of `able` students right on the target at the first try, `lacking` had just been wrong on the
    prerequisite: their last answer before, or else their first. `expected` is the share that
    guesses and slips explain though the edge is true.
    """

    able: int
    lacking: int
    expected: float

    @property
    def share(self) -> float:
        """Share of the able who lack the prerequisite; 0 without any."""
        return self.lacking / self.able if self.able else 0.0

    def z_above(self, slack: float) -> float:
        """How many standard errors the share lies above what is expected and a slack."""
        if not self.able:
            return 0.0
        bar = min(self.expected + slack, 0.99)
        return float((self.share - bar) / np.sqrt(bar * (1 - bar) / self.able))


def support(answers: Answers, a: int, b: int, both: Both) -> Support:
    """Correlate the shares right of the students seen on both, ability held fixed.

    Ability is that on all other targets, straight and curved.
    """
    able = answers.ability(a, b)[both.who]
    known = np.stack([np.ones(len(able)), able, able**2], axis=1)
    one, other = _rest(known, both.share_a), _rest(known, both.share_b)
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    found = float(np.clip((one @ other) / scale, -0.999, 0.999)) if scale > 1e-12 else 0.0
    half = QUANTILE / _precision(len(both))
    low, high = np.tanh([np.arctanh(found) - half, np.arctanh(found) + half])
    return Support(found, float(low), float(high))


def _rest(known: Floats, values: Floats) -> Floats:
    fitted, *_ = np.linalg.lstsq(known, values, rcond=None)
    rest: Floats = values - known @ fitted
    return rest


def _precision(students: int) -> float:
    return float(max(students - LOST, 1) ** 0.5)


@dataclass(frozen=True, slots=True)
class Noise:
    """How often a target is answered right without being known, and wrong though it is."""

    guess: float
    slip: float


def without(answers: Answers, a: int, b: int, both: Both, noise: tuple[Noise, Noise]) -> Without:
    """Count who did the target without the prerequisite. `noise` of the prerequisite, target.

    If the edge is true, who really knows the target misses the prerequisite by a slip alone;
    who guessed may miss it as often as those do who failed the target.
    """
    on_a = _last_on_a(answers, a, b, both)
    able = both.first_b == 1
    count, lacking = int(able.sum()), int((able & (on_a == 0)).sum())
    failed = both.first_b == 0
    wrong = float(1 - on_a[failed].mean()) if failed.any() else 1.0
    here, there = noise
    right = float(both.first_b.mean())
    spread = max(1 - there.slip - there.guess, 1e-3)
    known = float(np.clip((right - there.guess) / spread, 0, 1))
    guessed = min(there.guess * (1 - known) / right, 1.0) if right else 1.0
    expected = (1 - guessed) * here.slip + guessed * max(wrong, here.slip)
    return Without(count, lacking, float(expected))


def _last_on_a(answers: Answers, a: int, b: int, both: Both) -> Floats:
    """Each student's last answer on a before the first on b, or the first of all."""
    one, other = answers.work[a], answers.work[b]
    before, start = earlier_on(one, other)
    place = np.searchsorted(other.who, both.who)
    at = other.start[place]
    found: Floats = one.right[start[at] + np.maximum(before[at] - 1, 0)]
    return found
