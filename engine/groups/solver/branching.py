"""From a bound to a proof: branch and bound.

The relaxation is nearly tight but for one thing: it may open two thirds of a group. So where
it does, the problem is split: at most so many groups of that aim, or at least one more; where
it does not, a block is in a group with an aim, or is not. Where the gap is small, the few
groups near their price are listed and every way they fit together is tried (`cover`).
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.board import Floats
from engine.groups.solver.annealing import Division, anneal
from engine.groups.solver.cover import Offer, best_cover
from engine.groups.solver.master import Pool, Prices
from engine.groups.solver.pricing import best_groups
from engine.groups.solver.problem import Column, Problem
from engine.groups.solver.relaxation import TOLERANCE, Bound, bound_by_columns

MOST_PARTS = 1_000
"""Parts looked at before giving up: a class needs 1 to 20."""
FIRST_BUDGET = 1 / 16
"""Share of the gap in which a better division is sought first: it mostly lies there."""
SEARCH_NODES = 5_000_000
SEATING = 8_000
"""Moves for each block that divide those with one aim among its groups."""
WHOLE = 1e-4
"""How near to a whole number counts as whole: HiGHS works to 1e-7."""


class Patience(NamedTuple):
    """How many offers, and steps of trying them, before a gap is left open."""

    offers: int
    steps: int


FEW = Patience(1_000, 2_000_000)
"""While the problem can still be split, which usually is quicker."""
MANY = Patience(20_000, 100_000_000)
"""When it cannot: about a second."""


@dataclass(frozen=True)
class Proof:
    """The best division found; none is worth more than `bound`."""

    division: Division
    bound: float

    @property
    def proven(self) -> bool:
        """Whether the division is optimal."""
        return self.bound <= self.division.worth + TOLERANCE


class _Part(NamedTuple):
    """A part of the problem that may hold a better division: those of the highest bound first."""

    minus_bound: float
    number: int
    problem: Problem
    start: Prices | None


def prove(
    problem: Problem, pool: Pool, best: Division, penalty: float, late: Callable[[], bool],
    start: Prices | None = None, ceiling: float = np.inf,
) -> Proof:  # fmt: skip
    """Improve a division until it is proven optimal, or time or patience run out.

    `pool` is extended; `penalty` is what the linear programmes pay for what they leave out;
    `ceiling` a bound that is known already.
    """
    parts = [_Part(-ceiling, 0, problem, start)]
    left_open = -np.inf
    number = 0
    while parts and -parts[0].minus_bound > best.worth + TOLERANCE:
        if late() or number > MOST_PARTS:
            break
        part = heapq.heappop(parts)
        bound = bound_by_columns(part.problem, pool, penalty, best.worth, late, part.start)
        most = min(bound.bound, -part.minus_bound)
        if most <= best.worth + TOLERANCE:
            continue
        children = _children(part.problem, bound)
        if not children:
            best = _better(best, _seated(part.problem, bound))
            if most <= best.worth + TOLERANCE:
                continue
        closed, best = _close(part.problem, bound, best, FEW if children else MANY, late)
        if closed:
            continue
        if not children or late():
            left_open = max(left_open, most)
            continue
        for child in children:
            number += 1
            heapq.heappush(parts, _Part(-most, number, child, bound.prices))
    most = max([left_open, best.worth, *(-part.minus_bound for part in parts)])
    return Proof(best, float(most))


def _children(problem: Problem, bound: Bound) -> list[Problem]:
    """Split a problem so that the bound's solution in parts is in neither half; [] if whole."""
    counts, sits = _totals(problem, bound)
    if _away(counts).max(initial=0.0) > WHOLE:
        return _by_count(problem, int(_away(counts).argmax()), counts)
    if _away(sits).max(initial=0.0) > WHOLE:
        block, aim = np.unravel_index(int(_away(sits).argmax()), sits.shape)
        return _by_seat(problem, int(block), int(aim))
    return []


def _seated(problem: Problem, bound: Bound) -> Division | None:
    """Divide those whom the bound's solution gives one aim among the groups of that aim.

    It knows who pursues what and in how many groups, but may still take groups in parts.
    """
    counts, sits = _totals(problem, bound)
    value = np.where(sits > WHOLE, problem.value, -np.inf)
    grouped = sits.sum(axis=1) > WHOLE
    alone = np.where(grouped, -np.inf, problem.alone)
    columns = []
    for aim in np.flatnonzero(counts > WHOLE):
        members = sorted(np.flatnonzero(sits[:, aim] > WHOLE), key=lambda b: -problem.low[b])
        number = round(counts[aim])
        columns += [Column(int(aim), tuple(map(int, members[k::number]))) for k in range(number)]
    start = Division(tuple(columns), tuple(map(int, np.flatnonzero(~grouped))), 0.0)
    seated = problem._replace(value=value, alone=alone)
    return anneal(seated, SEATING * problem.blocks, 0, start)


def _totals(problem: Problem, bound: Bound) -> tuple[Floats, Floats]:
    """Return, of the bound's solution, groups by aim and what of each block sits where."""
    counts, sits = np.zeros(problem.aims), np.zeros((problem.blocks, problem.aims))
    for column, weight in bound.weights.items():
        counts[column.aim] += weight
        sits[list(column.blocks), column.aim] += weight
    return counts, sits


def _better(best: Division, other: Division | None) -> Division:
    return best if other is None or other.worth <= best.worth else other


def _away(numbers: Floats) -> Floats:
    """Return how far each number is from a whole one."""
    away: Floats = np.abs(numbers - np.round(numbers))
    return away


def _by_count(problem: Problem, aim: int, counts: Floats) -> list[Problem]:
    """Split into at most so many groups of an aim, or one more."""
    upper, lower = problem.upper.copy(), problem.lower.copy()
    upper[aim] = int(counts[aim])
    lower[aim] = upper[aim] + 1
    return [problem._replace(upper=upper), problem._replace(lower=lower)]


def _by_seat(problem: Problem, block: int, aim: int) -> list[Problem]:
    """Split into a block in a group with this aim, or not."""
    inside, alone, outside = problem.value.copy(), problem.alone.copy(), problem.value.copy()
    inside[block, np.arange(problem.aims) != aim] = alone[block] = -np.inf
    outside[block, aim] = -np.inf
    return [problem._replace(value=inside, alone=alone), problem._replace(value=outside)]


def _close(
    problem: Problem, bound: Bound, best: Division, patience: Patience, late: Callable[[], bool]
) -> tuple[bool, Division]:
    """Try every division within the gap, nearest to the bound first; says if that was all."""
    tried, budget = 0.0, (bound.bound - best.worth) * FIRST_BUDGET
    while bound.bound - best.worth > tried + TOLERANCE:
        offers = None if late() else _offers(problem, bound, budget, patience.offers)
        if offers is None:
            return False, best
        found, complete = best_cover(
            problem, offers, bound.bound, best.worth, budget, patience.steps
        )
        if found is not None:
            best = _division(found)
        if not complete:
            return False, best
        tried, budget = budget, min(2 * budget, bound.bound - best.worth)
    return True, best


def _offers(problem: Problem, bound: Bound, budget: float, most: int) -> list[Offer] | None:
    """List what may lose at most `budget`; `None` when that is too much to try."""
    prices, least = bound.prices, -budget - TOLERANCE
    if not np.isfinite(bound.bound):
        return None
    found, complete = best_groups(
        problem, prices.block, prices.surcharge(problem), least, most, SEARCH_NODES
    )
    if not complete or len(found) >= most:
        return None
    pool = Pool(problem)
    offers: dict[tuple[tuple[int, ...], bool], Offer] = {}
    for excess, column in sorted(found, key=lambda each: (-each[0], each[1])):
        pool.add(column)
        offer = Offer(column, column.blocks, pool.worth(column), max(-excess, 0.0))
        offers.setdefault((column.blocks, bool(problem.adult[column.aim])), offer)
    losses = prices.block - problem.alone
    lonely = (
        Offer(None, (int(b),), float(problem.alone[b]), max(float(losses[b]), 0.0))
        for b in np.flatnonzero(losses <= budget + TOLERANCE)
    )
    return [*offers.values(), *lonely]


def _division(offers: list[Offer]) -> Division:
    columns = tuple(sorted(o.column for o in offers if o.column is not None))
    alone = tuple(sorted(b for o in offers if o.column is None for b in o.blocks))
    return Division(columns, alone, sum(o.worth for o in offers))
