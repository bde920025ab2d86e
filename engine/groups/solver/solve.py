"""Solve a division to proven optimality, or as near as the time allows, saying how near.

1. Simulated annealing finds good divisions (`annealing`).
2. Column generation bounds every division and prices each group (`relaxation`).
3. Branch and bound with these bounds proves the best division (`branching`).
4. More students than a class: before 3, groups are fixed one by one and the rest priced
   anew (`diving`), and the best division of all groups seen so far is chosen (`choosing`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.groups.solver.annealing import Division, anneal
from engine.groups.solver.branching import prove
from engine.groups.solver.choosing import choose
from engine.groups.solver.cover import Offer, best_cover
from engine.groups.solver.diving import dive
from engine.groups.solver.master import Pool, opening_prices
from engine.groups.solver.pricing import best_groups
from engine.groups.solver.problem import Problem, faults, plain_problem
from engine.groups.solver.relaxation import TOLERANCE, bound_by_columns

RESTARTS = 4
STEPS_EACH = 4_000
"""Moves of one annealing for each block: more rarely find better, and the proof does the rest."""
PROVABLE = 45
"""Blocks up to which proof needs no dive: a whole class."""
CHOICE = 0.15
"""Share of the time left before a dive that is kept for what comes after it."""
NO_COVER = -1e-4
"""Bound on a problem in which all is worth 0 from which some block must stay uncovered."""


@dataclass(frozen=True)
class Effort:
    """How long to try: `seconds`, told by a `clock` that returns seconds and never runs back.

    The same problem gives the same answer as long as the time does not run out.
    """

    seconds: float
    clock: Callable[[], float]


@dataclass(frozen=True)
class Solution:
    """The best division found, if any; no division is worth more than `bound`.

    `proven`: the division is optimal or, without one, there is none. `seconds` it took.
    """

    division: Division | None
    bound: float
    proven: bool
    seconds: float

    @property
    def gap(self) -> float:
        """How far from optimal it can be at most, as a share of the bound; ∞ if unknown."""
        if self.proven:
            return 0.0
        if self.division is None or not np.isfinite(self.bound):
            return np.inf
        missing = max(self.bound - self.division.worth, 0.0)
        return missing / max(abs(self.bound), TOLERANCE)


@cache
def warm_up() -> None:
    """Load the compiled steps, or compile them where that was never done: some 15 seconds."""
    tiny = plain_problem(np.ones((2, 1)))
    anneal(tiny, 1, 0)
    best_groups(tiny, np.zeros(2), np.zeros(1), 0.0, 1, 1)
    best_cover(tiny, [Offer(None, (0,), 0.0, 0.0), Offer(None, (1,), 0.0, 0.0)], 1.0, 0.0, 0.0, 1)


def solve(problem: Problem, effort: Effort) -> Solution:
    """Divide as well as can be; see the module. Deterministic while the time lasts."""
    warm_up()
    began = effort.clock()

    def left() -> float:
        return effort.seconds - (effort.clock() - began)

    division, bound, proven = _solved(problem, left)
    return Solution(division, bound, proven, effort.clock() - began)


def _solved(problem: Problem, left: Callable[[], float]) -> tuple[Division | None, float, bool]:
    def late() -> bool:
        return left() <= 0

    tried = _annealed(problem, late)
    if not tried:
        return _any(problem, late)
    best = max(tried, key=lambda division: division.worth)
    if problem.slots == 0:
        return best, best.worth, True
    pool = Pool(problem)
    for column in (column for division in tried for column in division.columns):
        pool.add(column)
    penalty = _penalty(problem)
    start, ceiling = opening_prices(problem)
    if problem.blocks > PROVABLE or best.columns == ():
        root = bound_by_columns(problem, pool, penalty, best.worth, late, start)
        start, ceiling = root.prices, min(ceiling, root.bound)
        kept = CHOICE * left()
        dived = dive(problem, pool, penalty, lambda: left() <= kept)
        found = [dived, choose(problem, pool, left() / 2)]
        best = max([best, *(d for d in found if d is not None)], key=lambda d: d.worth)
    proof = prove(problem, pool, best, penalty, late, start, ceiling)
    return proof.division, proof.bound, proof.proven


def _annealed(problem: Problem, late: Callable[[], bool]) -> list[Division]:
    nobody = Division((), tuple(range(problem.blocks)), float(problem.alone.sum()))
    found = [] if faults(problem, *nobody[:2]) else [nobody]
    for seed in range(RESTARTS):
        division = anneal(problem, STEPS_EACH * max(problem.blocks, 1), seed)
        if division is not None:
            found.append(division)
        if late():
            break
    return found


def _penalty(problem: Problem) -> float:
    """Return what leaving a block out costs a linear programme: more than all it could gain."""
    gains = problem.value[np.isfinite(problem.value)]
    return 10.0 * (1.0 + float(np.abs(gains).max(initial=0.0)) * int(problem.most.max(initial=1)))


def _any(problem: Problem, late: Callable[[], bool]) -> tuple[Division | None, float, bool]:
    """Find a division where annealing found none, or prove that there is none."""
    if not coverable(problem, late):
        return None, -np.inf, True
    below_all = Division((), (), _least_worth(problem) - 1.0)
    penalty = 100.0 * (abs(below_all.worth) + _penalty(problem))
    proof = prove(problem, Pool(problem), below_all, penalty, late)
    if proof.division is below_all:
        return None, proof.bound, proof.proven
    return proof.division, proof.bound, proof.proven


def _least_worth(problem: Problem) -> float:
    """Return a worth that no division falls below."""
    gains = np.column_stack([problem.value, problem.alone])
    least = np.where(np.isfinite(gains), gains, 0.0).min(axis=1)
    return float(least.sum() - problem.repeat.sum())


def coverable(problem: Problem, late: Callable[[], bool]) -> bool:
    """Say whether groups, taken in parts, could cover everyone; if not, no division exists."""
    free = problem._replace(
        value=np.where(np.isfinite(problem.value), 0.0, -np.inf),
        alone=np.where(np.isfinite(problem.alone), 0.0, -np.inf),
        repeat=np.zeros_like(problem.repeat),
    )
    return bound_by_columns(free, Pool(free), 1.0, NO_COVER, late).bound > NO_COVER
