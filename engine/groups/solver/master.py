"""The relaxed problem over a pool of groups: its linear programme and its prices.

Rows: each block once, not more than `largest` and not fewer than `fewest` groups, not more
than `adults` that an adult leads, and `lower` to `upper` groups of each aim. The dual of a
row is its *price*; any prices give a valid upper bound on the worth of every division
(Lagrange), the best ones the bound of the relaxation. HiGHS solves the programmes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from engine.board import Floats
from engine.groups.solver.problem import Column, Ints, Problem, worth

BLUR = 1e-6
"""Added to the worth of a programme that bounds: HiGHS works to 1e-7 a row."""
LIGHTEST = 1e-7
"""Weight below which a group is not in the solution: the accuracy of HiGHS."""


@dataclass(frozen=True)
class Prices:
    """What a place costs: for each `block`, and ≥ 0 for each of the limits of `limits`."""

    block: Floats
    limit: Floats

    def surcharge(self, problem: Problem) -> Floats:
        """Return what a group of each aim costs beside its blocks, float64[A]."""
        dear: Floats = self.limit @ limits(problem)[0]
        return dear

    def total(self, problem: Problem) -> float:
        """Return what all rows are worth at these prices."""
        return float(self.block.sum() + self.limit @ limits(problem)[1])

    def mixed(self, other: "Prices", share: float) -> "Prices":
        """Return prices between these and others; `share` of these."""
        rest = 1 - share
        return Prices(
            share * self.block + rest * other.block, share * self.limit + rest * other.limit
        )


def limits(problem: Problem) -> tuple[Floats, Floats]:
    """Return limits on the number of groups: matrix [3 + 2A, A] and the most of each row."""
    one, of_aim = np.ones(problem.aims), np.eye(problem.aims)
    matrix = np.vstack([one, -one, problem.adult, of_aim, -of_aim])
    counts = [problem.largest, -problem.fewest, problem.adults]
    return matrix, np.r_[counts, problem.upper, -problem.lower].astype(np.float64)


def _binding(problem: Problem) -> Ints:
    """Return the rows of `limits` that could ever bind; the others would only be slow."""
    slots = problem._replace(largest=problem.blocks, adults=problem.blocks).slots
    counts = [problem.largest < slots, problem.fewest > 0, problem.adults < slots]
    return np.flatnonzero(np.r_[counts, problem.upper < slots, problem.lower > 0])


def upper_bound(problem: Problem, prices: Prices, most_excess: float) -> float:
    """Return a bound on the worth of any division, given the best excess of any group."""
    lonely = np.maximum(problem.alone - prices.block, 0.0).sum()
    return prices.total(problem) + float(lonely) + problem.slots * max(most_excess, 0.0)


@dataclass(frozen=True)
class Relaxed:
    """The solved linear programme: its worth, its prices and the weight of each group."""

    worth: float
    prices: Prices
    weights: Mapping[Column, float]


class Pool:
    """The groups that the linear programme may choose from, each once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.columns: list[Column] = []
        self._worth: dict[Column, float] = {}

    def add(self, column: Column) -> bool:
        """Add a group; says whether it is new."""
        if column in self._worth:
            return False
        self._worth[column] = worth(self.problem, column)
        self.columns.append(column)
        return True

    def worth(self, column: Column) -> float:
        """Return the worth of a group of the pool."""
        return self._worth[column]

    def excess(self, columns: Sequence[Column], prices: Prices) -> list[float]:
        """Return by how much each of some groups is worth more than its price."""
        dear = prices.surcharge(self.problem)
        return [
            self._worth[c] - float(prices.block[list(c.blocks)].sum() + dear[c.aim])
            for c in columns
        ]

    def keep_best(self, prices: Prices, number: int) -> None:
        """Drop all but the groups that come nearest to their price."""
        excess = np.array(self.excess(self.columns, prices))
        kept = sorted(np.argsort(-excess, kind="stable")[:number])
        self.columns = [self.columns[i] for i in kept]
        self._worth = {column: self._worth[column] for column in self.columns}

    def solve(self, problem: Problem, penalty: float) -> Relaxed:
        """Solve the linear programme; what is left uncovered costs `penalty` a row.

        `problem` may limit the number of groups otherwise than the pool's own.
        """
        able = [*self.allowed(problem)]
        return _solve(problem, able, [self._worth[column] for column in able], penalty)

    def allowed(self, problem: Problem) -> Iterator[Column]:
        """Yield the groups whose blocks may all pursue their aim."""
        possible = np.isfinite(problem.value)
        return (c for c in self.columns if possible[list(c.blocks), c.aim].all())


def _solve(problem: Problem, columns: list[Column], gains: list[float], penalty: float) -> Relaxed:
    lonely = np.flatnonzero(np.isfinite(problem.alone))
    everyone = range(problem.blocks)
    covered = [
        *(c.blocks for c in columns),
        *((int(b),) for b in lonely),
        *((b,) for b in everyone),
    ]
    binding = _binding(problem)
    matrix, most = (each[binding] for each in limits(problem))
    beside = lonely.size + problem.blocks
    counted = np.zeros((len(most), len(columns) + beside + len(most)))
    counted[:, : len(columns)] = matrix[:, [c.aim for c in columns]]
    counted[:, len(columns) + beside :] = -np.eye(len(most))  # what a limit falls short of
    found = linprog(
        -np.r_[gains, problem.alone[lonely], np.full(problem.blocks + len(most), -penalty)],
        A_eq=cover_matrix([*covered, *(() for _ in most)], problem.blocks),
        b_eq=np.ones(problem.blocks),
        A_ub=sparse.csr_array(counted), b_ub=most, method="highs-ds",
    )  # fmt: skip
    if found.x is None:  # it cannot be: all rows may stay uncovered
        raise ArithmeticError(found.message)
    prices = _prices(problem, found.eqlin.marginals, binding, found.ineqlin.marginals)
    weights = {c: float(w) for c, w in zip(columns, found.x, strict=False) if w > LIGHTEST}
    return Relaxed(-float(found.fun), prices, weights)


def _prices(problem: Problem, blocks: Floats, binding: Ints, marginals: Floats) -> Prices:
    """Make prices of the marginals of a programme that minimises."""
    of_limits = np.zeros(3 + 2 * problem.aims)
    of_limits[binding] = np.maximum(-marginals, 0.0)
    return Prices(-blocks, of_limits)


def cover_matrix(columns: list[tuple[int, ...]], blocks: int) -> sparse.csc_array:
    """Matrix [blocks, columns]: 1 where the column holds the block."""
    ends = np.cumsum([0, *map(len, columns)])
    inside = np.array([b for column in columns for b in column], dtype=np.int64)
    return sparse.csc_array((np.ones(len(inside)), inside, ends), shape=(blocks, len(columns)))


def opening_prices(problem: Problem) -> tuple[Prices, float]:
    """Return prices from which column generation converges in a few rounds, and a first bound.

    They are those of a transport programme: students to aims, with the sizes, low shares and
    numbers of groups, but blind to who is with whom. Where company only ever costs, its worth
    bounds every division; otherwise the bound is infinite.
    """
    able = np.argwhere(np.isfinite(problem.value))
    lonely = np.flatnonzero(np.isfinite(problem.alone))
    blocks, aims, moves = problem.blocks, problem.aims, len(able)
    width = moves + aims + lonely.size
    nothing = Prices(np.zeros(blocks), np.zeros(3 + 2 * aims))
    if not width:
        return nothing, np.inf
    cover = np.zeros((blocks, width))
    cover[able[:, 0], np.arange(moves)] = 1.0
    cover[lonely, moves + aims + np.arange(lonely.size)] = 1.0
    size, low = problem.size[able[:, 0]], problem.low[able[:, 0]]
    sizes = np.zeros((3, aims, width))
    for row, amount in enumerate((size, -size, low - problem.low_cap * size)):
        sizes[row, able[:, 1], np.arange(moves)] = amount
    each = np.arange(aims)
    sizes[0, each, moves + each], sizes[1, each, moves + each] = -problem.most, problem.least
    binding = _binding(problem)
    matrix, most = (every[binding] for every in limits(problem))
    counted = np.zeros((len(most), width))
    counted[:, moves : moves + aims] = matrix
    gains = problem.value[able[:, 0], able[:, 1]]
    found = linprog(
        -np.r_[gains, np.zeros(aims), problem.alone[lonely]],
        A_eq=sparse.csr_array(cover), b_eq=np.ones(blocks),
        A_ub=sparse.csr_array(np.vstack([*sizes, counted])), b_ub=np.r_[np.zeros(3 * aims), most],
        method="highs",
    )  # fmt: skip
    if found.x is None:  # not even this can be divided: start from nothing
        return nothing, np.inf
    prices = _prices(problem, found.eqlin.marginals, binding, found.ineqlin.marginals[3 * aims :])
    return prices, np.inf if (problem.repeat < 0).any() else BLUR - float(found.fun)
