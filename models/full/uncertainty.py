"""Intervals: how sure the model is, from levels, ability and the parameters themselves.

Parameters are drawn from the Laplace approximation with a diagonal Hessian, the student's history
is replayed under each draw, and the atoms (node, level) of all draws are pooled.  The diagonal is
measured with gradients only (Hutchinson: E[v * Hv] over random signs v); it ignores correlations
between parameters, so the parameters' part of an interval is an approximation.
"""

from collections.abc import Sequence

import numpy as np

from models.full.arrays import Floats
from models.full.fit import FitResult
from models.full.layout import to_parameters
from models.full.objective import negative_log_posterior
from models.full.online import (
    Model,
    Response,
    atoms,
    make_model,
    new_student,
    observe,
)

#: Step of the finite difference of gradients along a sign vector, in standardised units.
STEP = 1e-3


def hessian_diagonal(result: FitResult, rng: np.random.Generator, probes: int = 8) -> Floats:
    """Estimated diagonal of the Hessian of -log posterior, at least 1 (the prior's part), (P,)."""
    total = np.zeros_like(result.vector)
    for _ in range(probes):
        sign = rng.choice([-1.0, 1.0], result.vector.shape[0])
        _, up = negative_log_posterior(result.problem, result.vector + STEP * sign)
        _, down = negative_log_posterior(result.problem, result.vector - STEP * sign)
        total += sign * (up - down) / (2.0 * STEP)
    return np.maximum(total / probes, 1.0)


def draw_models(
    result: FitResult, diagonal: Floats, rng: np.random.Generator, draws: int = 16
) -> tuple[Model, ...]:
    """Models from the Laplace approximation around the fit."""
    layout, context = result.problem.layout, result.problem.context
    vectors = result.vector + rng.normal(size=(draws, diagonal.shape[0])) / np.sqrt(diagonal)
    return tuple(make_model(to_parameters(layout, context, vector)) for vector in vectors)


def weighted_quantile(values: Floats, weights: Floats, at: Floats) -> Floats:
    """Quantiles of a weighted sample, linear between the midpoints of its cumulative weights."""
    order = np.argsort(values, kind="stable")
    middle = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.interp(at, middle / weights.sum(), values[order])


def success_interval(
    models: Sequence[Model],
    history: Sequence[Response],
    targets: tuple[int, ...],
    item: int = -1,
    coverage: float = 0.9,
) -> tuple[float, float]:
    """Interval of the student's own chance of success now, oldest response first."""
    values, weights = [], []
    for model in models:
        state = new_student(model)
        for response in history:
            state = observe(model, state, response)
        p, w = atoms(model, state, targets, item)
        values.append(p.ravel())
        weights.append(w.ravel())
    edge = 0.5 * (1.0 - coverage)
    low, high = weighted_quantile(
        np.concatenate(values), np.concatenate(weights), np.array([edge, 1.0 - edge])
    )
    return float(low), float(high)
