"""Fit Bayesian Knowledge Tracing to packed chains: all targets, deterministic, in one call."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.batch.ascent import Task, ascend
from models.batch.chains import Chains, Reals
from models.batch.forward import N_PARAMETERS, log_likelihood
from models.batch.sweep import LANES
from models.batch.trie import build_trie
from models.compiled import compiled

PRIOR, LEARN, GUESS, SLIP, FORGET = range(N_PARAMETERS)

# prior, learn, guess, slip, forget. Chosen greedily from 208 points of an R-sequence so that on
# each of five data sets (514 targets), for the plain, the ordered and the forgetting model, some
# row climbs to the best optimum of all 208 points (loss over all targets: .05 nats a model).
# Rows with guess + slip > 1 find the optima where practice makes answers worse. Most useful first.
_STARTS = np.array(
    [
        [0.626, 0.291, 0.443, 0.105, 0.637],
        [0.199, 0.507, 0.714, 0.689, 0.008],
        [0.483, 0.192, 0.111, 0.407, 0.071],
        [0.569, 0.697, 0.311, 0.526, 0.037],
        [0.104, 0.022, 0.456, 0.721, 0.586],
        [0.705, 0.107, 0.566, 0.264, 0.011],
        [0.795, 0.005, 0.537, 0.089, 0.134],
        [0.733, 0.005, 0.033, 0.303, 0.046],
    ]
)
_GOLDEN = 1.1347241384015194  # root of x^6 = x + 1: powers of 1/x spread points evenly in 5-d
_BOX = np.array([[0.05, 0.005, 0.03, 0.03, 0.005], [0.95, 0.9, 0.6, 0.5, 0.7]])


@dataclass(frozen=True, slots=True)
class FitResult:
    """Fitted parameters.

    Attributes
    ----------
    parameters
        float64[k, 5]: prior, learn, guess, slip, forget of each target, in (0, 1); forget is
        exactly 0 unless it was fitted.
    loglik
        float64[k], the log-likelihood in nats, as `log_likelihood` computes it, without any
        penalty.
    converged
        bool[k]: the climb to the best optimum ended by itself. False for a target without
        responses.
    evaluations
        Number of evaluations of the likelihood of a target, over all targets and restarts.

    """

    parameters: Reals
    loglik: Reals
    converged: NDArray[np.bool_]
    evaluations: int


def fit_chains(
    chains: Chains,
    *,
    restarts: int = len(_STARTS),
    forget: bool = False,
    ordered: bool = False,
    shrink: float = 0.0,
    beliefs: Reals | None = None,
    tolerance: float = 1e-3,
    max_sweeps: int = 300,
    threads: int = 1,
) -> FitResult:
    """Fit every target by maximum likelihood, or maximum a posteriori if ``shrink > 0``.

    The answer depends on the arguments only: starts are fixed and no random numbers are drawn.

    Parameters
    ----------
    chains
        The packed responses.
    restarts
        Number of starting points; the default eight find the best of 200 on real data.
    forget
        Fit the probability of forgetting, too. The model is then symmetric in its two states
        and the solution with ``guess + slip <= 1`` is reported.
    ordered
        Keep ``guess + slip <= 1``. Without it, and with forget fixed at 0, the likelihood is
        sometimes highest where the "learned" state answers worse: practice that harms, fatigue,
        or harder items later. Such parameters describe the data but not mastery.
    shrink
        Pseudo-counts of the Beta prior that pulls each parameter toward its mean over all
        targets (weighted by responses, from a first, ordered fit without it; empirical Bayes).
        0 for none; with 10 a target with five responses has sane parameters.
    beliefs
        float64[5, 2], imagined counts for and against each parameter (a Beta prior): what is
        held before any data. Takes the place of ``shrink``.
    tolerance, max_sweeps
        A climb ends when a step gains less than ``tolerance`` nats and promised less than ten
        times as much, or after so many sweeps (15 are usual).
    threads
        Targets are spread over so many threads; the answer is the same.

    A target without responses keeps the first start, or has the mean with ``shrink``.

    """
    if restarts < 1 or threads < 1 or max_sweeps < 1:
        raise ValueError("restarts, threads and max_sweeps must be at least 1")
    if not (shrink >= 0 and tolerance > 0):
        raise ValueError("shrink must not be negative and tolerance must be positive")
    alphabet, one_sided = (chains.scores, chains.weights), ordered or forget
    flat = np.zeros((N_PARAMETERS, 2))
    task = Task(*alphabet, flat, forget, ordered and not forget, tolerance, max_sweeps)
    starts = _starts(restarts, one_sided=one_sided)
    if beliefs is not None:
        if beliefs.shape != flat.shape or (beliefs < 0).any() or shrink:
            raise ValueError(f"beliefs must be counts of shape {flat.shape}, without shrink")
        return _fit(chains, starts, task._replace(pseudo=beliefs, ordered=one_sided), threads)
    if shrink == 0:
        return _fit(chains, starts, task, threads)
    pilot_starts = _starts(restarts, one_sided=True)
    pilot = _fit(chains, pilot_starts, task._replace(ordered=not forget), threads)
    mean = _pooled_mean(chains, pilot.parameters)
    pseudo = shrink * np.column_stack([mean, 1 - mean])
    starts = np.vstack([_logit(mean), starts])[:restarts]
    # The penalty tells the two states apart, so names are not exchanged but kept in order.
    result = _fit(chains, starts, task._replace(pseudo=pseudo, ordered=one_sided), threads)
    return replace(result, evaluations=pilot.evaluations + result.evaluations)


def _logit(p: Reals) -> Reals:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p) - np.log1p(-p))


def _starts(n: int, *, one_sided: bool) -> Reals:
    """Return float64[n, 5] logits; beyond the table, points of an R-sequence (Roberts 2018)."""
    index = np.arange(1, max(n - len(_STARTS), 0) + 1)[:, None]
    cube = (0.5 + index / _GOLDEN ** np.arange(1, N_PARAMETERS + 1)) % 1
    low, high = _BOX
    more = low + (high - low) * cube
    for rate in (LEARN, FORGET):  # spread evenly in the logarithm
        more[:, rate] = low[rate] * (high[rate] / low[rate]) ** cube[:, rate]
    points = np.vstack([_STARTS, more])[:n]
    if one_sided:
        mirrored = points[:, GUESS] + points[:, SLIP] >= 1
        points[mirrored, GUESS:FORGET] = 1 - points[mirrored, GUESS:FORGET]
    return _logit(points)


def _pooled_mean(chains: Chains, parameters: Reals) -> Reals:
    """Return float64[5], the mean over targets weighted by responses."""
    rows = np.bincount(chains.target, np.diff(chains.start), chains.n_targets)
    return np.asarray(rows @ parameters / max(rows.sum(), 1))


def _fit(chains: Chains, starts: Reals, task: Task, threads: int) -> FitResult:
    bounds = chains.bounds()
    cuts = np.searchsorted(
        chains.start[bounds], np.linspace(0, len(chains.symbol), threads + 1)[1:-1]
    )
    edges = [0, *np.maximum.accumulate(cuts).tolist(), chains.n_targets]
    packed = (chains.symbol, chains.start, bounds)

    def run(first: int, last: int) -> tuple[Reals, NDArray[np.bool_], int]:
        logits, settled, evaluations = _fit_targets(*packed, first, last, starts, task)
        return logits, settled, int(evaluations)

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(run, edges[:-1], edges[1:]))
    logits = np.concatenate([part[0] for part in parts])
    parameters = 1 / (1 + np.exp(-logits))
    if not task.with_forget:
        parameters[:, FORGET] = 0.0
    elif not task.ordered:
        _relabel(parameters)
    return FitResult(
        parameters,
        log_likelihood(chains, parameters),
        np.concatenate([part[1] for part in parts]),
        sum(part[2] for part in parts),
    )


def _relabel(parameters: Reals) -> None:
    """Exchange the names of the two states where guess + slip > 1 (needs forget fitted)."""
    swap = parameters[:, GUESS] + parameters[:, SLIP] > 1
    old = parameters[swap]
    parameters[swap] = np.column_stack(
        [1 - old[:, PRIOR], old[:, FORGET], 1 - old[:, SLIP], 1 - old[:, GUESS], old[:, LEARN]]
    )


@compiled
def _fit_targets(
    symbol: NDArray[np.uint8],
    start: NDArray[np.int64],
    bounds: NDArray[np.int64],
    first: int,
    last: int,
    starts: Reals,
    task: Task,
) -> tuple[Reals, NDArray[np.bool_], int]:
    """Fit the targets ``first..last-1``, restarts in groups of LANES."""
    points = np.empty((last - first, N_PARAMETERS))
    settled = np.zeros(last - first, np.bool_)
    evaluations = 0
    for target in range(first, last):
        row = target - first
        points[row] = starts[0]
        if bounds[target] == bounds[target + 1]:
            continue
        trie = build_trie(symbol, start, bounds[target], bounds[target + 1])
        best = -np.inf
        for group in range(0, len(starts), LANES):
            point, value, done, n = ascend(trie, starts[group : group + LANES], task)
            evaluations += n
            if value > best:
                best, points[row], settled[row] = value, point, done
    return points, settled, evaluations
