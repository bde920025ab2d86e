"""Column generation: the bound that proves, and the groups that good divisions are made of.

There are millions of possible groups. The linear programme over a small pool of them sets
prices; the search for groups worth more than their price extends the pool; when there are
none, the programme's worth bounds every division. Prices are taken between the newest and
the best so far (Wentges 1997), which saves half of the rounds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.groups.solver.master import Pool, Prices, opening_prices, upper_bound
from engine.groups.solver.pricing import best_groups
from engine.groups.solver.problem import Column, Problem

TOLERANCE = 1e-5
"""Difference in worth that counts as none; that of a place in a group is about 1."""
EXCESS = 1e-7
"""By how much a group must exceed its price to be worth adding: HiGHS works to 1e-7."""
STEADY = 0.8
"""Share of the best prices so far in those that are tried."""
KEEP_EACH = 8
"""Groups taken an aim and round: enough for few rounds, few enough for a small programme."""
SEARCH_NODES = 2_000_000
"""Most steps of one search for groups: about half a second."""
LARGEST_POOL = 15
"""Columns kept for each block once the pool has outgrown them: the programme stays quick."""
MOST_ROUNDS = 500
"""A safety net: ordinary problems need 10 to 60 rounds."""


@dataclass(frozen=True)
class Bound:
    """A proven bound: no division is worth more than `bound`.

    `prices` prove it, with no group exceeding them by more than `most_excess`; `weights` are
    those of the pool's last solution.
    """

    bound: float
    prices: Prices
    most_excess: float
    weights: Mapping[Column, float]


def bound_by_columns(
    problem: Problem, pool: Pool, penalty: float, good_enough: float, late: Callable[[], bool],
    start: Prices | None = None, rounds: int = MOST_ROUNDS,
) -> Bound:  # fmt: skip
    """Extend a pool until its linear programme bounds every division.

    Stops early once the bound is down to `good_enough`, after some `rounds` or when `late`
    says so: what is returned is a valid bound then, too, though not the best.
    """
    best = _tried(problem, pool, start or opening_prices(problem)[0], late)
    for _ in range(rounds):
        solved = pool.solve(problem, penalty)
        best = replace(best, weights=solved.weights)
        if best.bound - max(solved.worth, good_enough) <= TOLERANCE or late():
            break
        found, best = _improve(problem, pool, solved.prices, best, late)
        if not found:
            break
        if len(pool.columns) > 2 * LARGEST_POOL * problem.blocks:
            pool.keep_best(solved.prices, LARGEST_POOL * problem.blocks)
    return best


def _improve(
    problem: Problem, pool: Pool, newest: Prices, best: Bound, late: Callable[[], bool]
) -> tuple[bool, Bound]:
    """Add groups that exceed the newest prices, looked for at steadier ones first."""
    for share in (STEADY, STEADY / 2, 0.0):
        before = len(pool.columns)
        tried = _tried(problem, pool, best.prices.mixed(newest, share), late)
        if tried.bound < best.bound:
            best = replace(tried, weights=best.weights)
        if max(pool.excess(pool.columns[before:], newest), default=0.0) > EXCESS:
            return True, best
    return False, best


def _tried(problem: Problem, pool: Pool, prices: Prices, late: Callable[[], bool]) -> Bound:
    """Extend the pool at some prices, and say what bound they prove."""
    surcharge = prices.surcharge(problem)
    found, complete = best_groups(
        problem, prices.block, surcharge, EXCESS, KEEP_EACH, SEARCH_NODES, late
    )
    for _, column in found:
        pool.add(column)
    most = max((excess for excess, _ in found), default=EXCESS)
    bound = upper_bound(problem, prices, most) if complete else np.inf
    return Bound(float(bound), prices, most, {})
