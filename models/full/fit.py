"""MAP fit of the full model by L-BFGS on exact gradients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, minimize
from threadpoolctl import threadpool_limits

from models.full import features
from models.full.arrays import Floats, Integers
from models.full.config import FullConfig
from models.full.layout import POOLED, Context, make_layout, to_parameters
from models.full.log import Responses
from models.full.objective import Problem, make_problem, negative_log_posterior
from models.full.parameters import FullParameters
from models.full.tables import design

#: Rough information of one response about a logit of each block, as measured at the optimum of
#: ASSISTments 2009: p (1 - p) where every response speaks, far less where only hidden states do.
#: Only the path of the optimiser depends on these.
INFORMATION: dict[str, float] = {
    "start": 0.014,
    "guess": 0.1,
    "rise": 0.2,
    "learn": 0.0015,
    "forget": 0.01,
    "difficulty": 0.15,
    "ability_target": 0.1,
    "ability_start": 0.01,
    "ability_learn": 0.004,
    "ability_emit": 0.1,
    "start_gaps": 0.05,
    "learn_steps": 0.02,
    "recent_emit": 0.001,
    "recent_start": 0.0002,
    "recent_learn": 0.0001,
    "gate_start": 0.01,
    "gate_learn": 0.01,
    "scale_shift": 0.2,
    "scale_gaps": 0.1,
}
#: Pairs of steps that L-BFGS remembers.
MEMORY = 10
#: Improvement is judged over so many steps: a single step of L-BFGS is often short by accident.
WINDOW = 5


@dataclass(frozen=True, slots=True)
class FitResult:
    """Fitted parameters and how the fit ended."""

    parameters: FullParameters
    log_posterior: float
    iterations: int
    evaluations: int
    converged: bool
    problem: Problem
    vector: Floats  # standardised, (P,)


def tally(values: Integers, size: int) -> Floats:
    """How often each of 0..size - 1 occurs; the pooled slot ``size`` is left out."""
    return np.bincount(values, minlength=size + 1)[:size].astype(np.float64)


def curvature(problem: Problem) -> Floats:
    """1 + information x count x spread^2: an estimate of the Hessian's diagonal."""
    packed, layout = problem.data.packed, problem.layout
    targets, items = len(problem.context.targets), len(problem.context.items)
    seen = tally(packed.target, targets)
    first = tally(packed.target[packed.previous < 0], targets)
    gaps = tally(packed.target[packed.log_gap > 0.0], targets)
    counts: dict[str, Floats] = dict.fromkeys((*POOLED, "ability_target"), seen)
    counts |= {"start": first, "forget": gaps}
    counts["difficulty"] = tally(packed.item, items)
    at_start = {"start_mean", "ability_start", "start_gaps", "recent_start", "gate_start"}
    out = np.ones(layout.centre.shape[0])
    for name, where in layout.slices.items():
        whole = first.sum() if name in at_start else len(packed.score)
        share = INFORMATION[name.removesuffix("_mean")]
        out[where] += share * counts.get(name, whole) * layout.spread[where] ** 2
    return out


def make_context(
    log: Responses,
    targets: Sequence[str],
    items: Sequence[str],
    config: FullConfig,
    parents: Sequence[Sequence[int]] = (),
    scales: Mapping[str, int] | None = None,
) -> Context:
    """Names, usual scores of the training log and settings."""
    by_item, by_target = features.usual_scores(log, len(items), len(targets))
    return Context(
        tuple(targets),
        tuple(items),
        by_item,
        by_target,
        tuple(tuple(row) for row in parents),
        config,
        dict(scales or {}),
    )


def make_fit_problem(log: Responses, context: Context) -> Problem:
    """Return the objective of a log."""
    config = context.config
    data = design(
        log,
        context.by_item,
        context.by_target,
        np.array(config.today_rates),
        np.array(config.local_rates),
        context.parents,
        tuple(context.scales.values()),
    )
    return make_problem(context, make_layout(context), data)


class Patience:
    """Stops L-BFGS when WINDOW steps together gain less than ``tolerance`` of the objective."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.values: list[float] = []
        self.satisfied = False

    def __call__(self, intermediate_result: OptimizeResult) -> None:
        """Note a step; raises `StopIteration` when enough is enough."""
        self.values.append(float(intermediate_result.fun))
        if len(self.values) > WINDOW:
            gain = self.values[-1 - WINDOW] - self.values[-1]
            self.satisfied = gain < self.tolerance * abs(self.values[-1])
        if self.satisfied:
            raise StopIteration


def descend(problem: Problem, vector: Floats, tolerance: float, limit: int) -> OptimizeResult:
    """L-BFGS from a standardised vector, preconditioned by :func:`curvature`."""
    scale = np.sqrt(curvature(problem))

    def scaled(y: Floats) -> tuple[float, Floats]:
        value, slope = negative_log_posterior(problem, y / scale)
        return value, slope / scale

    patience = Patience(tolerance)
    options = {"maxiter": limit, "maxcor": MEMORY, "ftol": 0.0, "gtol": 1e-4}
    # BLAS would start threads for vectors this short, and those spin: three times the CPU time.
    with threadpool_limits(1, user_api="blas"):
        found = minimize(
            scaled,
            vector * scale,
            jac=True,
            method="L-BFGS-B",
            callback=patience,
            options=options,
        )
    found.x = found.x / scale
    found.success = patience.satisfied or found.status == 0
    return found


def fit(
    log: Responses,
    targets: Sequence[str],
    items: Sequence[str],
    config: FullConfig | None = None,
    parents: Sequence[Sequence[int]] = (),
    scales: Mapping[str, int] | None = None,
) -> FitResult:
    """Fit every parameter jointly; deterministic for a log and configuration.

    ``targets`` and ``items`` name the indices used in the log, ``scales`` its rubrics in order,
    each with its number of levels.  ``parents[k]`` lists the prerequisites of target k.  Stops
    when five steps together improve the log-posterior by less than ``config.tolerance`` of
    itself, or after ``config.max_iterations``.
    """
    config = config or FullConfig()
    if not len(log):
        raise ValueError("cannot fit without responses")
    context = make_context(log, targets, items, config, parents, scales)
    problem = make_fit_problem(log, context)
    vector = np.zeros(problem.layout.centre.shape[0])
    found = descend(problem, vector, config.tolerance, config.max_iterations)
    return FitResult(
        to_parameters(problem.layout, context, found.x),
        -float(found.fun),
        int(found.nit),
        int(found.nfev),
        bool(found.success),
        problem,
        found.x,
    )
