"""The best division that the groups of a pool make up, chosen all at once.

Beyond a class the groups that bound a problem and those that a dive met number a few thousand:
HiGHS chooses among them, each student once, the limits kept. What it finds is rarely the optimum
of the whole, for that may need a group that nobody thought of, but it is near.
"""

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from engine.groups.solver.annealing import Division, judged
from engine.groups.solver.master import Pool, cover_matrix, limits
from engine.groups.solver.problem import Problem

MOST_NODES = 2_000
"""Parts of the choice that are looked at: a fixed number, so that each run finds the same."""
NEARLY = 1e-4
"""Share of the worth by which the choice may miss the best: less than any bound is sharp."""


def choose(problem: Problem, pool: Pool, seconds: float) -> Division | None:
    """Return the best division from a pool's groups, or `None` when none was found in time."""
    columns = [*pool.allowed(problem)]
    lonely = np.flatnonzero(np.isfinite(problem.alone))
    if seconds <= 0 or not columns:
        return None
    members = [*(column.blocks for column in columns), *((int(b),) for b in lonely)]
    gains = np.r_[[pool.worth(column) for column in columns], problem.alone[lonely]]
    matrix, most = limits(problem)
    counted = np.zeros((len(most), len(members)))
    counted[:, : len(columns)] = matrix[:, [column.aim for column in columns]]
    found = milp(
        -gains,
        constraints=[
            LinearConstraint(cover_matrix(members, problem.blocks), 1, 1),
            LinearConstraint(sparse.csr_array(counted), -np.inf, most),
        ],
        integrality=np.ones(len(members)),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "node_limit": MOST_NODES, "mip_rel_gap": NEARLY},
    )
    if found.x is None:
        return None
    taken = np.flatnonzero(found.x > 0.5)
    groups = tuple(sorted(columns[k] for k in taken if k < len(columns)))
    alone = tuple(int(lonely[k - len(columns)]) for k in taken if k >= len(columns))
    return judged(problem, groups, alone)
