"""What a student did before each response, as arrays: the raw material of the baselines.

Every value of a row is computed from the rows before it of the same student alone.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.compiled import compiled
from models.log import Floats, Ints, ResponseLog

Streaks = Ints


@dataclass(frozen=True)
class History:
    """Counts before each response.

    For each (response, target) pair, in the order of `log.target`: `wins`, `fails` on that
    target, `streak` of right answers there, `last` score and `mean` score there before the
    last (NaN where there is none), `mastered` whether the streak ever reached `n`. For each
    response: `all_wins`, `all_fails` over all targets.
    """

    wins: Floats
    fails: Floats
    streak: Floats
    last: Floats
    mean: Floats
    mastered: Floats
    all_wins: Floats
    all_fails: Floats


def history(log: ResponseLog, in_a_row: int = 3) -> History:
    """Count what came before each response of a log."""
    right = (log.score >= 0.5).astype(np.float64)
    columns = _count(log.student, log.offset, log.target, right, len(log.targets), in_a_row)
    return History(*columns)


@compiled
def _count(
    student: Ints, offset: Ints, target: Ints, right: Floats, targets: int, in_a_row: int
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
    pairs, rows = len(target), len(right)
    wins, fails, streak = np.zeros(pairs), np.zeros(pairs), np.zeros(pairs)
    last, mean, mastered = np.full(pairs, np.nan), np.full(pairs, np.nan), np.zeros(pairs)
    all_wins, all_fails = np.zeros(rows), np.zeros(rows)
    now = np.zeros((targets, 5))  # wins, fails, streak, last, mastered
    total = np.zeros(2)
    first = 0
    for row in range(rows):
        if row > 0 and student[row] != student[row - 1]:
            for i in range(first, offset[row]):
                now[target[i]] = 0.0
            first = offset[row]
            total[:] = 0.0
        all_wins[row], all_fails[row] = total[0], total[1]
        for i in range(offset[row], offset[row + 1]):
            state = now[target[i]]
            wins[i], fails[i], streak[i], mastered[i] = state[0], state[1], state[2], state[4]
            seen = state[0] + state[1]
            if seen > 0:
                last[i] = state[3]
            if seen > 1:
                mean[i] = (state[0] - state[3]) / (seen - 1)
        total[0] += right[row]
        total[1] += 1.0 - right[row]
        for i in range(offset[row], offset[row + 1]):
            state = now[target[i]]
            state[0] += right[row]
            state[1] += 1.0 - right[row]
            state[2] = (state[2] + 1.0) * right[row]
            state[3] = right[row]
            if state[2] >= in_a_row:
                state[4] = 1.0
    return wins, fails, streak, last, mean, mastered, all_wins, all_fails


def mean_over_targets(log: ResponseLog, values: Floats) -> Floats:
    """Return float64[n], the mean over each response's targets of a value for each pair."""
    sums: Floats = np.add.reduceat(values, log.offset[:-1])
    means: Floats = sums / np.diff(log.offset)
    return means


def pair_matrix(log: ResponseLog, values: Floats) -> sparse.csr_matrix:
    """Return a sparse matrix [n, targets] that holds a value for each (response, target)."""
    shape = (len(log), len(log.targets))
    return sparse.csr_matrix((values, log.target, log.offset), shape=shape)


def item_matrix(log: ResponseLog) -> sparse.csr_matrix:
    """Return the one-hot matrix [n, items] of the items answered."""
    ones = np.ones(len(log))
    shape = (len(log), len(log.items))
    return sparse.csr_matrix((ones, log.item, np.arange(len(log) + 1)), shape=shape)
