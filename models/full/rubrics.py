"""Rubric levels as an ordered logit (Samejima 1969).

With eta the logit of a right answer, a rater judges level c or higher, of 1..R on a scale, with
probability sigma(eta - threshold_c), c = 2..R. A scale of two levels whose threshold is 0 is a
right and a wrong answer. The default thresholds lie SPACING apart around 0: without data the
middle of a rubric is as hard to reach as a right answer.
"""

from collections.abc import Mapping

import numpy as np

from models.full.arrays import Floats

#: Distance between thresholds before any data, in log-odds: a student in the middle of a level
#: is then judged at it about half the time, as in the graded items of large assessments.
SPACING = 1.5


def thresholds(shift: float, log_gaps: Floats) -> Floats:
    """Increasing thresholds: mean ``shift``, distances exp(log_gaps), (len(log_gaps) + 1,)."""
    ladder = np.concatenate([[0.0], np.cumsum(np.exp(log_gaps))])
    found: Floats = shift + ladder - ladder.mean()
    return found


def pull_thresholds(slope: Floats, gaps: Floats) -> tuple[float, Floats]:
    """Chain rule of :func:`thresholds`: derivatives by shift and by the logs of the gaps."""
    centred = slope - slope.mean()
    above: Floats = np.cumsum(centred[::-1])[::-1][1:]
    return float(slope.sum()), above * gaps


def grade_table(scales: Mapping[str, Floats]) -> Floats:
    """Return what the kernels need of every level of every scale, in order, (G, 3).

    For level c: exp(threshold_c) (0 for the lowest), exp(-threshold_{c+1}) (0 for the highest) and
    1 minus their product, so that F_c - F_{c+1} = o gap / ((o + low) (1 + o high)).
    """
    rows = []
    for found in scales.values():
        low = np.concatenate([[0.0], np.exp(found)])
        high = np.concatenate([np.exp(-found), [0.0]])
        gap = np.concatenate([[1.0], -np.expm1(-np.diff(found)), [1.0]])
        rows.append(np.stack([low, high, gap], axis=1))
    return np.concatenate(rows) if rows else np.zeros((0, 3))


def threshold_slopes(sums: Floats, table: Floats) -> Floats:
    """Return derivatives by one scale's thresholds, (R - 1,), from the kernels' sums, (R, 3).

    d log(F_c - F_{c+1}) by threshold_c is -low high / gap - (1 - F_c), and by threshold_{c+1}
    it is 1 / gap - (1 - F_{c+1}).
    """
    whole, below, within = sums.T
    low, high, gap = table.T
    by_lower = -whole * low * high / gap - below
    by_upper = whole / gap - within
    found: Floats = by_lower[1:] + by_upper[:-1]
    return found
