"""Do raters agree? Weighted kappa, and how severe each rater is, from work that several rated.

Kappa with quadratic weights (Cohen 1968) says how much of the agreement is more than chance:
two levels apart weighs four times one level apart. Severity comes from the additive model

    level of rater r on work w = work_w − severity_r + error,

fitted by least squares on all ratings of all works at once, so that who happened to rate
which work plays no part.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from models.evidence import Evidence, performances

Ratings = Mapping[str, int]
"""One work: the level that each rater gave it."""
Ints = npt.NDArray[np.int64]
RESAMPLES = 1000
"""Resamples of an interval: its ends are steady to about a hundredth."""
COVERED = 0.95
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement on `works` rated twice; `None` where chance alone explains everything.

    `exact` and `adjacent` are the shares of pairs of ratings that are equal, and at most one
    level apart; `low` to `high` holds kappa with 95 % confidence (bootstrap over works).
    """

    works: int
    exact: float
    adjacent: float
    kappa: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Severity:
    """How many levels lower a rater rates the same work than the mean of all raters.

    Negative: higher. `low` to `high` is the 95 % interval, `None` with too few ratings.
    """

    rater: str
    works: int
    severity: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ScaleAgreement:
    """Agreement on one scale: of all pairs of ratings, of each two raters, and the raters."""

    scale: str
    overall: Kappa
    pairs: Mapping[tuple[str, str], Kappa]
    raters: tuple[Severity, ...]


def agreement(
    logs: Iterable[Iterable[Evidence]],
    levels: Mapping[str, int],
    rng: np.random.Generator,
) -> tuple[ScaleAgreement, ...]:
    """Return how well raters agree on each scale that work was rated on twice.

    `levels` gives the number of levels of each scale. Of several ratings by one rater the
    last counts.
    """
    works: dict[str, list[Ratings]] = {}
    for log in logs:
        for ratings in performances(log):
            for scale, given in _by_scale(ratings).items():
                if len(given) > 1 and scale in levels:
                    works.setdefault(scale, []).append(given)
    return tuple(_on_scale(s, rated, levels[s], rng) for s, rated in sorted(works.items()))


def _by_scale(ratings: Sequence[Evidence]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for rating in ratings:
        if rating.rater and rating.scale and rating.level is not None:
            found.setdefault(rating.scale, {})[rating.rater] = rating.level
    return found


def _on_scale(
    scale: str, works: Sequence[Ratings], top: int, rng: np.random.Generator
) -> ScaleAgreement:
    together: dict[tuple[str, str], list[Ratings]] = {}
    for given in works:
        for pair in combinations(sorted(given), 2):
            together.setdefault(pair, []).append({rater: given[rater] for rater in pair})
    return ScaleAgreement(
        scale,
        _kappa(works, top, rng),
        {pair: _kappa(shared, top, rng) for pair, shared in sorted(together.items())},
        _severities(works),
    )


def _kappa(works: Sequence[Ratings], top: int, rng: np.random.Generator) -> Kappa:
    pairs = [np.array([*combinations(given.values(), 2)]) for given in works]
    every = np.concatenate(pairs)
    apart = np.abs(every[:, 0] - every[:, 1])
    low, high = _interval(pairs, rng)
    return Kappa(
        len(works),
        float((apart == 0).mean()),
        float((apart <= 1).mean()),
        _weighted(every, top),
        low,
        high,
    )


def _weighted(pairs: Ints, top: int) -> float | None:
    """Return kappa with each pair read both ways: who is named first does not matter."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    if (both == both[0, 0]).all():
        return None  # one level only: nothing to agree on
    labels = range(1, top + 1)
    return float(cohen_kappa_score(both[:, 0], both[:, 1], labels=labels, weights="quadratic"))


def _interval(
    pairs: Sequence[Ints], rng: np.random.Generator
) -> tuple[float, float] | tuple[None, None]:
    """Resample works: read both ways, kappa is 1 − E(d²) / 2 Var(level), a matter of sums."""
    sums = np.array(
        [[len(p), ((p[:, 0] - p[:, 1]) ** 2).sum(), p.sum(), (p**2).sum()] for p in pairs]
    )
    drawn = rng.multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), RESAMPLES) @ sums
    n, apart, total, squares = drawn.T
    variance = squares / (2 * n) - (total / (2 * n)) ** 2
    varied = variance > ROUNDING
    if not varied.any():
        return None, None
    kappas = 1 - (apart[varied] / n[varied]) / (2 * variance[varied])
    low, high = np.quantile(kappas, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return float(low), float(high)


def _severities(works: Sequence[Ratings]) -> tuple[Severity, ...]:
    raters = sorted({rater for given in works for rater in given})
    place = {rater: i for i, rater in enumerate(raters)}
    rows, lowered = [], []
    for given in works:
        mean = sum(given.values()) / len(given)
        for rater, level in given.items():
            row = np.zeros(len(raters))
            row[[place[other] for other in given]] = -1 / len(given)
            row[place[rater]] += 1
            rows.append(row)
            lowered.append(mean - level)
    design, observed = np.array(rows), np.array(lowered)
    inverse = np.linalg.pinv(design.T @ design)
    severity = inverse @ design.T @ observed
    left = len(observed) - len(works) - np.linalg.matrix_rank(design)
    half = np.full(len(raters), np.nan)
    if left > 0:
        variance = ((observed - design @ severity) ** 2).sum() / left
        quantile = stats.t.ppf((1 + COVERED) / 2, left)
        half = quantile * np.sqrt(variance * np.diag(inverse))
    return tuple(
        Severity(
            rater,
            sum(rater in given for given in works),
            float(severity[i]),
            None if np.isnan(half[i]) else float(severity[i] - half[i]),
            None if np.isnan(half[i]) else float(severity[i] + half[i]),
        )
        for rater, i in place.items()
    )
