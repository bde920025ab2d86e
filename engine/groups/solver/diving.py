"""A near-optimal division where proof is out of reach: fix groups one by one.

After each group that is fixed, the rest is priced and completed anew, so that later groups
fit the earlier ones. What remains at the end is mended by annealing.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from engine.board import Mask
from engine.groups.solver.annealing import Division, anneal, judged
from engine.groups.solver.master import Pool
from engine.groups.solver.problem import Column, Problem
from engine.groups.solver.relaxation import bound_by_columns

ROUNDS_EACH = 4
"""Rounds of pricing after each step: the first few bring nearly all the gain."""
CLEAR = 0.9
"""Weight from which a group of the linear programme is fixed with others: more than a half, so
that no two of them share a block, and high enough that few would be regretted."""
MENDING_STEPS, MENDING_HEAT = 6_000, 0.025
"""Moves of the final mending for each block, and a temperature that mends but does not undo."""


def dive(problem: Problem, pool: Pool, penalty: float, late: Callable[[], bool]) -> Division | None:
    """Return a division built by fixing groups of a pool, or `None` if it cannot be mended.

    The pool takes up every group that is met on the way.
    """
    free = np.ones(problem.blocks, dtype=np.bool_)
    fixed: list[Column] = []
    candidates = [*pool.columns]
    while free.any() and not late():
        part, names = _part(problem, free, fixed)
        if part.largest <= 0:
            break
        chosen, candidates = _step(part, names, candidates, penalty, late)
        for column in candidates:
            pool.add(column)
        fixed += chosen
        free[[b for column in chosen for b in column.blocks]] = False
        if not chosen:
            break
    alone = tuple(int(b) for b in np.flatnonzero(free))
    begun = Division(tuple(sorted(fixed)), alone, 0.0)
    steps = MENDING_STEPS * problem.blocks
    found = [judged(problem, *begun[:2]), anneal(problem, steps, 0, begun, MENDING_HEAT)]
    return max((d for d in found if d is not None), key=lambda d: d.worth, default=None)


def _part(problem: Problem, free: Mask, fixed: Sequence[Column]) -> tuple[Problem, list[int]]:
    """Return the problem of the blocks that are free, and their numbers in the whole."""
    keep = np.flatnonzero(free)
    adults = sum(bool(problem.adult[column.aim]) for column in fixed)
    used = np.bincount([column.aim for column in fixed], minlength=problem.aims)
    part = problem._replace(
        value=problem.value[keep],
        alone=problem.alone[keep],
        repeat=problem.repeat[np.ix_(keep, keep)],
        size=problem.size[keep],
        low=problem.low[keep],
        leads=problem.leads[keep],
        apart=problem.apart[np.ix_(keep, keep)],
        fewest=max(problem.fewest - len(fixed), 0),
        largest=problem.largest - len(fixed),
        adults=problem.adults - adults,
        lower=np.maximum(problem.lower - used, 0),
        upper=problem.upper - used,
    )
    return part, [int(b) for b in keep]


def _step(
    part: Problem, names: list[int], candidates: list[Column], penalty: float,
    late: Callable[[], bool],
) -> tuple[list[Column], list[Column]]:  # fmt: skip
    """Return the groups to fix next, and the groups that may still be used after them."""
    number = {b: i for i, b in enumerate(names)}
    pool = Pool(part)
    for column in candidates:
        if all(b in number for b in column.blocks):
            pool.add(Column(column.aim, tuple(number[b] for b in column.blocks)))
    bound_by_columns(part, pool, penalty, -np.inf, late, rounds=ROUNDS_EACH)
    weights = pool.solve(part, penalty).weights
    picked = _picked(part, weights)
    whole = [_renamed(column, names) for column in pool.columns]
    return [_renamed(column, names) for column in picked], whole


def _picked(part: Problem, weights: Mapping[Column, float]) -> list[Column]:
    """Return the groups of clear weight, or the heaviest, as many as the limits allow."""
    ranked = sorted(weights, key=lambda c: (-weights[c], c))
    picked: list[Column] = []
    for column in [c for c in ranked if weights[c] >= CLEAR] or ranked[:1]:
        led = sum(bool(part.adult[c.aim]) for c in (*picked, column))
        alike = sum(c.aim == column.aim for c in (*picked, column))
        if len(picked) < part.largest and led <= part.adults and alike <= part.upper[column.aim]:
            picked.append(column)
    return picked


def _renamed(column: Column, names: Sequence[int]) -> Column:
    return Column(column.aim, tuple(names[b] for b in column.blocks))
