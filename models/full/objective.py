"""Log-posterior of a standardised vector and its exact gradient."""

from dataclasses import dataclass

import numpy as np

from models.compiled import threads_for
from models.full.arrays import Floats, Integers
from models.full.layout import POOLED, Context, Layout, to_parameters
from models.full.log import chunk_bounds
from models.full.parameters import FullParameters
from models.full.rubrics import grade_table, pull_thresholds, threshold_slopes
from models.full.sweep import LEARN, START, Gradient, all_chunks
from models.full.tables import Design, odds_tables, sweep_rows
from models.lanes import LANES


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
    """Log-likelihood and its derivatives by the tables."""
    tables, parts = odds_tables(parameters), len(problem.bounds) - 1
    grad = Gradient(*(np.zeros((parts, *getattr(tables, name).shape)) for name in Gradient._fields))
    with threads_for(len(problem.data.packed.score)):
        values = all_chunks(sweep_rows(problem.data), tables, problem.bounds, grad)
    return float(values.sum()), Gradient(*(part.sum(0) for part in grad))


def pull_back(problem: Problem, p: FullParameters, g: Gradient) -> dict[str, Floats]:
    """Chain rule from tables to the named blocks (not yet times spread)."""
    heights, nodes = p.heights, np.zeros(LANES)
    nodes[: p.nodes.shape[0]] = p.nodes
    by_node = g.emit @ nodes  # (K + 1, L)
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
    out["ability_start"] = np.array([(g.start @ nodes).sum()])
    out["ability_learn"] = np.array([(g.learn @ nodes).sum()])
    out["ability_emit"] = np.array([(by_node @ (1.0 - heights)).sum(), (by_node @ heights).sum()])
    out["ability_target"] = by_node.sum(1)[:-1]
    above: Floats = -np.cumsum(g.start.sum((0, 2))[::-1])[::-1]
    out["start_gaps"] = above[1:] * np.diff(p.start_steps)
    out["learn_steps"] = g.learn.sum((0, 2))[1:]
    out["difficulty"] = g.difficulty[:-1]
    out["recent_emit"], out["recent_start"], out["recent_learn"] = g.recent
    out["gate_start"], out["gate_learn"] = g.gate[START : START + 1], g.gate[LEARN : LEARN + 1]
    return out | pull_scales(p, g.grade)


def pull_scales(p: FullParameters, sums: Floats) -> dict[str, Floats]:
    """Chain rule from the kernels' sums of every rubric level to its scale's thresholds."""
    shifts, gaps = [np.zeros(0)], [np.zeros(0)]
    end = 0
    for found in p.scales.values():
        start, end = end, end + found.shape[0] + 1
        slope = threshold_slopes(sums[start:end], grade_table({"": found}))
        shift, gap = pull_thresholds(slope, np.diff(found))
        shifts.append(np.array([shift]))
        gaps.append(gap)
    return {"scale_shift": np.concatenate(shifts), "scale_gaps": np.concatenate(gaps)}


def negative_log_posterior(problem: Problem, vector: Floats) -> tuple[float, Floats]:
    """-log P(data | x) + |x|^2 / 2 and its gradient."""
    parameters = to_parameters(problem.layout, problem.context, vector)
    value, grad = table_gradient(problem, parameters)
    named = pull_back(problem, parameters, grad)
    slope = np.empty(vector.shape[0])
    for name, where in problem.layout.slices.items():
        slope[where] = named[name]
    return 0.5 * float(vector @ vector) - value, vector - slope * problem.layout.spread
