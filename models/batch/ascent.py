"""Maximum likelihood for one target: damped Fisher scoring of several restarts side by side.

Each restart (lane) climbs the log-likelihood over the logits ``z`` of its parameters with the
Levenberg-Marquardt step ``(I + d diag I)^-1 g`` from the exact gradient ``g`` and the
outer-product information ``I`` of `sweep` (Berndt, Hall, Hall & Hausman 1974). Near a maximum
the step is close to Newton's: about 15 sweeps where BFGS needs 27 and EM 121.
"""

from math import exp, log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.batch.chains import Reals
from models.batch.forward import N_PARAMETERS
from models.batch.sweep import LANES, LOGIT_BOUND, load_lane, new_tables, sweep
from models.batch.trie import Trie
from models.compiled import compiled

MAX_STEP = 3.0  # largest change of a logit in one step; 2 and 5 were no better
FIRST_DAMPING = 0.3  # from .0001 to .1 the first steps overshoot and cost 10-40 % more sweeps
RELAX, TIGHTEN, REJECT = 0.3, 2.0, 10.0  # damping after a good, a disappointing, a failed step
GOOD_STEP = 0.4  # share of the promised gain that makes a step good
MAX_DAMPING = 1e6  # the step is then a millionth of Newton's: nothing left to gain
RIDGE = 1e-6  # added to the information, which vanishes as a parameter nears its bound
MERGE_DISTANCE = 0.3  # lanes closer in every logit climb the same hill; .1 finds no more
MERGE_LOGIT = 8.0  # beyond it (p < 3e-4) logits differ without a difference in likelihood
HOPELESS = 20.0  # a lane is left if 20 promised gains do not reach the best; 3 loses optima
MARGIN = 0.3  # ... and this many nats besides
PATIENCE = 3  # no lane is left as hopeless before so many sweeps


class Task(NamedTuple):
    """What is fitted: alphabet, Beta pseudo-counts float64[5, 2], options."""

    scores: Reals
    weights: Reals
    pseudo: Reals
    with_forget: bool
    ordered: bool
    tolerance: float
    max_sweeps: int


class Lanes(NamedTuple):
    """The climbing restarts, one in each row; ``promise`` is the gain expected of ``trial``."""

    point: Reals
    trial: Reals
    value: Reals
    gradient: Reals
    information: Reals
    damping: Reals
    promise: Reals
    settled: NDArray[np.bool_]


@compiled
def _new_lanes(starts: Reals) -> Lanes:
    n = len(starts)
    return Lanes(
        starts.copy(),
        starts.copy(),
        np.full(n, -np.inf),
        np.zeros((n, N_PARAMETERS)),
        np.zeros((n, N_PARAMETERS, N_PARAMETERS)),
        np.full(n, FIRST_DAMPING),
        np.full(n, np.inf),
        np.zeros(n, np.bool_),
    )


@compiled
def _solve(matrix: Reals, vector: Reals) -> None:
    """Replace ``vector`` by ``matrix^-1 vector`` (Cholesky, pivots kept positive)."""
    n = len(vector)
    for j in range(n):
        pivot = matrix[j, j]
        floor = 1e-10 * pivot  # rounding may push the last pivots of a flat problem below 0
        for k in range(j):
            pivot -= matrix[j, k] * matrix[j, k]
        matrix[j, j] = np.sqrt(max(pivot, floor))
        for i in range(j + 1, n):
            for k in range(j):
                matrix[i, j] -= matrix[i, k] * matrix[j, k]
            matrix[i, j] /= matrix[j, j]
    for i in range(n):
        for k in range(i):
            vector[i] -= matrix[i, k] * vector[k]
        vector[i] /= matrix[i, i]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            vector[i] -= matrix[k, i] * vector[k]
        vector[i] /= matrix[i, i]


@compiled
def _propose(lanes: Lanes, lane: int, n_parameters: int) -> None:
    """Set the lane's next trial and the gain it promises to first order, halved."""
    point, gradient = lanes.point[lane], lanes.gradient[lane]
    free = np.empty(n_parameters, np.int64)
    n = 0
    for i in range(n_parameters):
        if abs(point[i]) < LOGIT_BOUND or point[i] * gradient[i] < 0:
            free[n] = i
            n += 1
    matrix, step = np.empty((n, n)), np.empty(n)
    for a in range(n):
        step[a] = gradient[free[a]]
        for b in range(n):
            matrix[a, b] = lanes.information[lane, free[a], free[b]]
        matrix[a, a] += lanes.damping[lane] * matrix[a, a] + RIDGE
    _solve(matrix, step)
    lanes.trial[lane] = point
    promise = 0.0
    for a in range(n):
        i = free[a]
        target = point[i] + min(max(step[a], -MAX_STEP), MAX_STEP)
        lanes.trial[lane, i] = min(max(target, -LOGIT_BOUND), LOGIT_BOUND)
        promise += 0.5 * abs(gradient[i] * (lanes.trial[lane, i] - point[i]))
    lanes.promise[lane] = promise


@compiled
def _objective(loglik: float, logits: Reals, n_parameters: int, task: Task) -> float:
    """Add the log density of the Beta pseudo-counts; rule out guess + slip > 1 if asked."""
    if task.ordered and logits[2] + logits[3] > 0.0:
        return -np.inf
    for i in range(n_parameters):
        loglik -= task.pseudo[i, 0] * log1p(exp(-logits[i]))
        loglik -= task.pseudo[i, 1] * log1p(exp(logits[i]))
    return loglik


@compiled
def _accept(
    lanes: Lanes,
    lane: int,
    value: float,
    column: int,
    sums: Reals,
    n_parameters: int,
    pseudo: Reals,
) -> None:
    lanes.value[lane] = value
    lanes.point[lane] = lanes.trial[lane]
    row = N_PARAMETERS
    for i in range(N_PARAMETERS):
        lanes.gradient[lane, i] = sums[i * LANES + column]
        for j in range(i, N_PARAMETERS):
            lanes.information[lane, i, j] = sums[row * LANES + column]
            lanes.information[lane, j, i] = sums[row * LANES + column]
            row += 1
    for i in range(n_parameters):
        p = 1 / (1 + exp(-lanes.point[lane, i]))
        total = pseudo[i, 0] + pseudo[i, 1]
        lanes.gradient[lane, i] += pseudo[i, 0] - total * p
        lanes.information[lane, i, i] += total * p * (1 - p)


@compiled
def _judge(lanes: Lanes, lane: int, value: float, column: int, sums: Reals, task: Task) -> None:
    """Take or refuse the lane's trial, now that its value is known, and plan the next."""
    n_parameters = N_PARAMETERS if task.with_forget else N_PARAMETERS - 1
    value = _objective(value, lanes.trial[lane], n_parameters, task)
    gain, promise = value - lanes.value[lane], lanes.promise[lane]
    if gain > 0:
        good = gain > GOOD_STEP * promise or promise == np.inf
        lanes.damping[lane] *= RELAX if good else TIGHTEN
        lanes.settled[lane] = gain < task.tolerance and promise < 10 * task.tolerance
        _accept(lanes, lane, value, column, sums, n_parameters, task.pseudo)
    else:
        lanes.damping[lane] = max(lanes.damping[lane] * REJECT, 1e-3)
        lanes.settled[lane] = promise < task.tolerance or lanes.damping[lane] > MAX_DAMPING
    if not lanes.settled[lane]:
        _propose(lanes, lane, n_parameters)
        lanes.settled[lane] = lanes.promise[lane] < 0.01 * task.tolerance


@compiled
def _superfluous(lanes: Lanes, lane: int, n_sweeps: int) -> bool:
    """Tell whether the lane cannot reach the best or follows a better lane up the same hill."""
    best = lanes.value.max()
    if n_sweeps >= PATIENCE and lanes.value[lane] + HOPELESS * lanes.promise[lane] + MARGIN < best:
        return True
    if lanes.promise[lane] > 1.0:
        return False
    for other in range(len(lanes.value)):
        lead = lanes.value[other] - lanes.value[lane]
        if lead > 0 or (lead == 0 and other < lane):
            distance = 0.0
            for i in range(N_PARAMETERS):
                here = min(max(lanes.point[lane, i], -MERGE_LOGIT), MERGE_LOGIT)
                there = min(max(lanes.point[other, i], -MERGE_LOGIT), MERGE_LOGIT)
                distance = max(distance, abs(here - there))
            if distance < MERGE_DISTANCE:
                return True
    return False


@compiled
def ascend(trie: Trie, starts: Reals, task: Task) -> tuple[Reals, float, bool, int]:
    """Climb from up to LANES starting points, float64[r, 5] logits, at once.

    Returns the best point float64[5], its value, whether it settled, and the number of
    likelihood evaluations. Lanes that are settled or superfluous leave the sweep.
    """
    lanes = _new_lanes(starts)
    tables = new_tables(trie.longest, len(task.scores))
    active = np.arange(len(starts))
    n_active, n_sweeps, evaluations = len(starts), 0, 0
    while n_active > 0 and n_sweeps < task.max_sweeps:
        n_sweeps += 1
        evaluations += n_active
        width = (n_active + 3) // 4 * 4  # whole registers; the columns in excess repeat the last
        for column in range(width):
            logits = lanes.trial[active[min(column, n_active - 1)]]
            load_lane(column, logits, task.with_forget, task.scores, task.weights, tables)
        sweep(trie, width, task.with_forget, tables)
        for column in range(n_active):
            _judge(lanes, active[column], tables.loglik[column], column, tables.sums, task)
        kept = 0
        for lane in active[:n_active].copy():
            if not lanes.settled[lane] and not _superfluous(lanes, lane, n_sweeps):
                active[kept] = lane
                kept += 1
        n_active = kept
    best = lanes.value.argmax()
    return lanes.point[best], lanes.value[best], lanes.settled[best], evaluations
