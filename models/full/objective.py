"""Log-posterior of a standardised vector and its exact gradient."""

from dataclasses import dataclass

import numpy as np

from models.full.arrays import Floats, Integers
from models.full.layout import POOLED, Context, Layout, to_parameters
from models.full.log import chunk_bounds
from models.full.parameters import FullParameters
from models.full.sweep import Gradient, all_chunks
from models.full.tables import Design, odds_tables, sweep_rows


@dataclass(frozen=True, slots=True)
class Problem:
    """Data and settings of one fit."""

    context: Context
    layout: Layout
    data: Design
    bounds: Integers  # student indices of the chunks


def make_problem(context: Context, layout: Layout, data: Design) -> Problem:
    """Bundle a design with its layout; fixes the chunks."""
    return Problem(context, layout, data, chunk_bounds(data.packed.students, context.config.chunks))


def table_gradient(problem: Problem, parameters: FullParameters) -> tuple[float, Gradient]:
    """Log-likelihood and its derivatives by the logit tables and row shifts."""
    rows, parts = len(problem.data.packed.score), len(problem.bounds) - 1
    targets, levels = parameters.start.shape[0], parameters.levels
    nodes = parameters.nodes.shape[0]
    step = (parts, targets, levels - 1, nodes)
    grad = Gradient(
        np.zeros((parts, targets, levels, nodes)),
        np.zeros(step),
        np.zeros(step),
        np.zeros((parts, targets)),
        np.zeros(rows),
        np.zeros(rows),
        np.zeros(rows),
    )
    values = all_chunks(
        sweep_rows(parameters, problem.data), odds_tables(parameters), problem.bounds, grad
    )
    total = Gradient(
        grad.emit.sum(0),
        grad.start.sum(0),
        grad.learn.sum(0),
        grad.forget.sum(0),
        grad.emit_row,
        grad.start_row,
        grad.learn_row,
    )
    return float(values.sum()), total


def pull_back(problem: Problem, p: FullParameters, g: Gradient) -> dict[str, Floats]:
    """Chain rule from tables and rows to the named blocks (not yet times spread)."""
    heights = p.heights
    by_node = g.emit @ p.nodes  # (K + 1, L)
    per_target = {
        "start": g.start.sum((1, 2)),
        "guess": g.emit.sum((1, 2)),
        "rise": (g.emit.sum(2) @ heights) * p.rise,
        "learn": g.learn.sum((1, 2)),
        "forget": g.forget * p.forget,
    }
    out: dict[str, Floats] = {}
    for name in POOLED:
        out[name] = per_target[name][:-1]
        out[f"{name}_mean"] = per_target[name].sum(keepdims=True)
    out["ability_start"] = np.array([(g.start @ p.nodes).sum()])
    out["ability_learn"] = np.array([(g.learn @ p.nodes).sum()])
    out["ability_emit"] = np.array([(by_node @ (1.0 - heights)).sum(), (by_node @ heights).sum()])
    out["ability_target"] = by_node.sum(1)[:-1]
    above: Floats = -np.cumsum(g.start.sum((0, 2))[::-1])[::-1]
    out["start_gaps"] = above[1:] * np.diff(p.start_steps)
    out["learn_steps"] = g.learn.sum((0, 2))[1:]
    item, recent, ready = problem.data.packed.item, problem.data.recent, problem.data.ready
    to_item = np.bincount(item, g.emit_row, p.difficulty.shape[0]).astype(np.float64)
    out["difficulty"] = -to_item[:-1]
    out["recent_emit"] = g.emit_row @ recent
    out["recent_start"] = g.start_row @ recent
    out["recent_learn"] = g.learn_row @ recent
    out["gate_start"] = np.array([g.start_row @ ready])
    out["gate_learn"] = np.array([g.learn_row @ ready])
    return out


def negative_log_posterior(problem: Problem, vector: Floats) -> tuple[float, Floats]:
    """-log P(data | x) + |x|^2 / 2 and its gradient."""
    parameters = to_parameters(problem.layout, problem.context, vector)
    value, grad = table_gradient(problem, parameters)
    named = pull_back(problem, parameters, grad)
    slope = np.empty(vector.shape[0])
    for name, where in problem.layout.slices.items():
        slope[where] = named[name]
    return 0.5 * float(vector @ vector) - value, vector - slope * problem.layout.spread
