"""The division of a class as arrays: what a solver is given, and what makes a group allowed.

Students who must stay together are one *block*; a group is a set of blocks with one *aim*.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.board import Floats, Mask

Ints = npt.NDArray[np.int64]


class Problem(NamedTuple):
    """Divide B blocks into groups, each with one of A aims; compiled code takes it as it is.

    The worth of a division is the sum of `value[b, a]` over the blocks in groups with aim a,
    plus `alone[b]` over those in none, minus `repeat[b, c]` for each two blocks in one group.
    −inf in `value` or `alone` forbids. A group of aim a has `least[a]` to `most[a]` students,
    at most `low_cap` of them *low*, no two blocks that are `apart`, and, where the aim is
    `led`, at least one who leads (`leads`) and at least as many who do not. There are `fewest` to
    `largest` groups, of which at most `adults` have an aim that needs an `adult`, and
    `lower[a]` to `upper[a]` aim a.

    Arrays: `value`, `leads` [B, A]; `alone`, `size`, `low` [B]; `repeat` [B, B], symmetric
    with a zero diagonal; `apart` [B, B]; `least`, `most`, `led`,
    `adult`, `lower`, `upper` [A].
    """

    value: Floats
    alone: Floats
    repeat: Floats
    size: Ints
    low: Ints
    leads: Ints
    least: Ints
    most: Ints
    led: Mask
    adult: Mask
    lower: Ints
    upper: Ints
    apart: Mask
    low_cap: float
    fewest: int
    largest: int
    adults: int

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return int(self.value.shape[0])

    @property
    def aims(self) -> int:
        """How many aims a group may have."""
        return int(self.value.shape[1])

    @property
    def slots(self) -> int:
        """The most groups that could ever stand side by side."""
        smallest = int(self.least.min(initial=self.size.sum() + 1))
        by_size = int(self.size.sum()) // max(smallest, 1)
        by_adults = self.adults if self.adult.all() else self.blocks
        return max(min(self.largest, by_size, by_adults), 0)


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A possible group: its aim and its blocks, in ascending order."""

    aim: int
    blocks: tuple[int, ...]


def plain_problem(value: Floats, **rules: object) -> Problem:
    """Make a problem of B single students and A aims in which only what is named restricts.

    Groups may have any size, nobody may be alone, nobody is low, nothing repeats.
    """
    blocks, aims = value.shape
    fields: dict[str, object] = {
        "value": np.ascontiguousarray(value, dtype=np.float64),
        "alone": np.full(blocks, -np.inf),
        "repeat": np.zeros((blocks, blocks)),
        "size": np.ones(blocks, dtype=np.int64),
        "low": np.zeros(blocks, dtype=np.int64),
        "leads": np.zeros((blocks, aims), dtype=np.int64),
        "least": np.ones(aims, dtype=np.int64),
        "most": np.full(aims, max(blocks, 1), dtype=np.int64),
        "led": np.zeros(aims, dtype=np.bool_),
        "adult": np.zeros(aims, dtype=np.bool_),
        "lower": np.zeros(aims, dtype=np.int64),
        "upper": np.full(aims, blocks, dtype=np.int64),
        "apart": np.zeros((blocks, blocks), dtype=np.bool_),
        "low_cap": 1.0,
        "fewest": 0,
        "largest": blocks,
        "adults": blocks,
    }
    return Problem(**{**fields, **rules})  # type: ignore[arg-type]  # the fields of a Problem


def worth(problem: Problem, column: Column) -> float:
    """Return what one group adds to the worth of a division; −inf if a block may not join."""
    inside = list(column.blocks)
    gained = problem.value[inside, column.aim].sum()
    repeated = problem.repeat[np.ix_(inside, inside)].sum() / 2
    return float(gained - repeated)


def broken(problem: Problem, column: Column) -> int:
    """Count the rules that one group breaks: size, low share, apart, leading, not its aim."""
    inside, aim = list(column.blocks), column.aim
    size = int(problem.size[inside].sum())
    low = int(problem.low[inside].sum())
    leading = int(problem.leads[inside, aim].sum())
    faults = [
        not problem.least[aim] <= size <= problem.most[aim],
        low > low_limit(problem, size),
        bool(problem.apart[np.ix_(inside, inside)].any()),
        bool(problem.led[aim]) and not 1 <= leading <= size - leading,
        not np.isfinite(problem.value[inside, aim]).all(),
    ]
    return sum(faults)


def low_limit(problem: Problem, size: int) -> int:
    """Return how many of a group of this size may be low."""
    return math.floor(problem.low_cap * size + 1e-9)


def objective(problem: Problem, columns: Iterable[Column], alone: Iterable[int]) -> float:
    """Return the worth of a whole division."""
    in_groups = math.fsum(worth(problem, column) for column in columns)
    return in_groups + math.fsum(float(problem.alone[b]) for b in alone)


def faults(problem: Problem, columns: Iterable[Column], alone: Iterable[int]) -> int:
    """Count the rules a whole division breaks; 0 for an allowed one."""
    groups, single = list(columns), list(alone)
    placed = sorted([*(b for column in groups for b in column.blocks), *single])
    led_by_adults = sum(bool(problem.adult[column.aim]) for column in groups)
    counts = np.bincount([column.aim for column in groups], minlength=problem.aims)
    return (
        sum(broken(problem, column) for column in groups)
        + (placed != list(range(problem.blocks)))
        + sum(not math.isfinite(problem.alone[b]) for b in single)
        + (not problem.fewest <= len(groups) <= problem.largest)
        + (led_by_adults > problem.adults)
        + int(((counts < problem.lower) | (counts > problem.upper)).sum())
    )
