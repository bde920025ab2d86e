"""How sure a model is of a student's own chance of a right answer."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

COVERAGE = 0.9
"""Probability with which an interval is to hold the true chance: the usual nine in ten."""
BLUR = 0.15
"""Scale, in log-odds, by which each of a model's few levels is smeared out: real students do
not sit exactly on a level. The usual one; a model that knows more of a student takes less."""
GRID = np.linspace(-8.0, 8.0, 257)
"""Log-odds at which the distribution is worked out: steps of 1/16, from .0003 to .9997."""


def central_interval(
    chance: Floats, weight: Floats, blur: float = BLUR, coverage: float = COVERAGE
) -> tuple[float, float]:
    """Return the central interval of a chance that takes each value with a weight.

    `chance` and `weight` float64[n], weights adding up to 1. Each value is smeared out by a
    logistic distribution of scale `blur` in log-odds.
    """
    inside = np.clip(chance, 3e-4, 1.0 - 3e-4)
    centre = np.log(inside) - np.log1p(-inside)
    below = (1.0 / (1.0 + np.exp((centre - GRID[:, None]) / blur))) @ weight
    edge = 0.5 * (1.0 - coverage)
    low, high = np.interp([edge, 1.0 - edge], below, GRID)
    return float(1.0 / (1.0 + np.exp(-low))), float(1.0 / (1.0 + np.exp(-high)))
