"""Numbers that are not known yet: their moments, sums, intervals and chances."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import gammainc, gammaincinv

from engine.board import Floats

COVERAGE = 0.8
"""Probability with which an interval is to hold what it will really take: four in five."""
TOGETHER = 0.3
"""Correlation between what two checkpoints take the same student. `footpath bench pathway` says
how often the intervals then hold."""
LEAST_SPREAD = 0.4
"""Smallest standard deviation of a sum, as a share of its mean: the model's five numbers are not
known exactly either, and a task's minutes are a guess. Checked by `footpath bench pathway`."""


@dataclass(frozen=True, slots=True)
class Span:
    """An expected number, and the interval that holds the real one with `COVERAGE`."""

    expected: float
    low: float
    high: float


NOTHING = Span(0.0, 0.0, 0.0)


class Moments(NamedTuple):
    """What is known of a number to come: mean, variance, and the least it can be."""

    mean: float
    variance: float
    least: float


def moments_of(chance: Floats) -> Moments:
    """Return the moments of a number n that has the chance `chance[n]`."""
    number = np.arange(len(chance))
    mean = float(chance @ number)
    return Moments(mean, float(chance @ (number - mean) ** 2), float(np.argmax(chance > 0)))


def spent_on(number: Moments, mean: float, variance: float) -> Moments:
    """Return the minutes that so many opportunities take, each with this mean and variance."""
    return Moments(
        number.mean * mean,
        number.mean * variance + number.variance * mean**2,
        number.least * mean,
    )


def summed(parts: Sequence[Moments]) -> Moments:
    """Return the moments of a sum, whose parts go together as `TOGETHER` says."""
    mean, variance = sum(p.mean for p in parts), sum(p.variance for p in parts)
    together = sum(math.sqrt(p.variance) for p in parts) ** 2
    least = sum(p.least for p in parts)
    return Moments(mean, (1 - TOGETHER) * variance + TOGETHER * together, least)


def scaled(number: Moments, factor: float) -> Moments:
    """Return the moments of a number times a factor."""
    return Moments(number.mean * factor, number.variance * factor**2, number.least * factor)


def _gamma(number: Moments) -> tuple[float, float, float]:
    """Return where a gamma distribution with these moments begins, its shape and its scale.

    It begins at the least, or one standard deviation below the mean where that is lower: where
    nearly all would sit on the least, an interval would shrink to a point.
    """
    spread = max(math.sqrt(number.variance), LEAST_SPREAD * number.mean)
    start = min(number.least, number.mean - spread)
    beyond = number.mean - start
    return start, (beyond / spread) ** 2, spread**2 / beyond


def span_of(number: Moments) -> Span:
    """Return the mean and the central interval of a number."""
    if number.mean <= 0:
        return NOTHING
    start, shape, scale = _gamma(number)
    edges = np.array([(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    low, high = start + gammaincinv(shape, edges) * scale
    return Span(number.mean, max(float(low), number.least), float(high))


def chance_within(number: Moments, most: float) -> float:
    """Return the chance that a number is at most so large."""
    if number.mean <= 0:
        return 1.0
    if most < number.least:
        return 0.0
    start, shape, scale = _gamma(number)
    return float(gammainc(shape, (most - start) / scale))
