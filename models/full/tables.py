"""From readable parameters to the odds tables of the sweeps."""

from dataclasses import dataclass

import numpy as np

from models.full import features
from models.full.arrays import Floats
from models.full.log import Packed, Responses, pack
from models.full.parameters import FullParameters
from models.full.rubrics import grade_table
from models.full.sweep import Rows, Tables
from models.lanes import LANES


@dataclass(frozen=True, slots=True)
class Design:
    """A packed log and its covariates; everything about the data that a fit needs."""

    packed: Packed
    recent: Floats  # (n, C)
    ready: Floats  # (n,)


def quadrature(count: int) -> tuple[Floats, Floats]:
    """Gauss-Hermite nodes and weights of N(0, 1); one node is "no ability" (z = 0)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return np.asarray(nodes, np.float64), np.asarray(weights / weights.sum(), np.float64)


def design(
    log: Responses,
    by_item: Floats,
    by_target: Floats,
    today: Floats,
    local: Floats,
    parents: tuple[tuple[int, ...], ...],
    scales: tuple[int, ...] = (),
) -> Design:
    """Pack a log and compute its covariates from each student's past."""
    targets, items = by_target.shape[0] - 1, by_item.shape[0] - 1
    packed = pack(log, targets, items, scales)
    surprise = features.surprises(log, by_item, by_target)
    recent = features.recent_performance(packed, surprise, targets, today, local)
    ready = np.zeros(len(log))
    if parents:
        offsets, parent = features.parent_table(parents, targets)
        ready = features.readiness(
            packed.students,
            packed.entries,
            packed.target,
            surprise,
            packed.weight,
            offsets,
            parent,
            features.READY_RATE,
        )
    return Design(packed, recent, ready)


def design_for(parameters: FullParameters, log: Responses) -> Design:
    """Return the design of a log under fitted parameters."""
    return design(
        log,
        parameters.expected_item,
        parameters.expected_target,
        parameters.today_rate,
        parameters.local_rate,
        parameters.parents,
        tuple(found.shape[0] + 1 for found in parameters.scales.values()),
    )


def emission_logits(p: FullParameters) -> Floats:
    """B_klz = guess_k + rise_k h_l + (a_l + a_k) z, shape (K + 1, L, Z)."""
    base = p.guess[:, None] + p.rise[:, None] * p.heights
    slope = p.ability_emit + p.ability_target[:, None]
    return base[:, :, None] + slope[:, :, None] * p.nodes


def start_logits(p: FullParameters) -> Floats:
    """S_klz = start_k - start_steps_l + ability_start z, shape (K + 1, L - 1, Z)."""
    return (p.start[:, None] - p.start_steps)[:, :, None] + p.ability_start * p.nodes


def learn_logits(p: FullParameters) -> Floats:
    """T_klz = learn_k + learn_steps_l + ability_learn z, shape (K + 1, L - 1, Z)."""
    return (p.learn[:, None] + p.learn_steps)[:, :, None] + p.ability_learn * p.nodes


def odds_tables(p: FullParameters) -> Tables:
    """Exp of the logit tables, as the sweeps read them."""
    return Tables(
        _in_lanes(np.exp(emission_logits(p)), 1.0),
        _in_lanes(np.exp(start_logits(p)), 1.0),
        _in_lanes(np.exp(learn_logits(p)), 1.0),
        p.forget,
        p.difficulty,
        np.stack([p.recent_emit, p.recent_start, p.recent_learn]),
        np.array([0.0, p.gate_start, p.gate_learn]),
        grade_table(p.scales),
        _in_lanes(p.prior, 0.0),
        p.others,
    )


def _in_lanes(values: Floats, filler: float) -> Floats:
    """Fill up the last axis: nodes that do not exist weigh nothing and disturb nothing."""
    out = np.full((*values.shape[:-1], LANES), filler)
    out[..., : values.shape[-1]] = values
    return out


def sweep_rows(data: Design) -> Rows:
    """Return the rows of a design."""
    packed = data.packed
    return Rows(
        packed.students,
        packed.entries,
        packed.target,
        packed.previous,
        packed.log_gap,
        packed.score,
        packed.weight,
        packed.grade,
        packed.item,
        data.recent,
        data.ready,
    )
