"""Compiled work on one response or one moment of one student.

The same kernels as the batch filter, a row at a time, so that stepping through a log gives the
batch's numbers. Shapes: m targets of a row, L levels, Z ability nodes.
"""

import numpy as np

from models.compiled import compiled_fast
from models.full import kernels as k
from models.full.arrays import Floats, Integers


@compiled_fast
def recall_row(
    after: Floats,
    seen: Integers,
    target: Integers,
    log_gap: Floats,
    start: Floats,
    forget: Floats,
    start_odds: Floats,
) -> Floats:
    """Beliefs of m targets just before a row, (m, L, Z), from those after their last row."""
    before = np.empty_like(after)
    for i in range(target.shape[0]):
        if seen[i] == 0:
            k.fill_start(before, i, start_odds, target[i], start[i])
        else:
            k.fill_forget(before, i, after, i, k.retention(forget[target[i]], log_gap[i]))
    return before


@compiled_fast
def expect_row(
    before: Floats, target: Integers, rho: Floats, emit_odds: Floats, emit: float
) -> float:
    """P(right) of a row on m targets."""
    m, levels, nodes = before.shape
    total = 0.0
    for i in range(m):
        for level in range(levels):
            for z in range(nodes):
                odds = emit_odds[target[i], level, z] * emit
                total += rho[z] * before[i, level, z] * odds / (1.0 + odds)
    return float(total / m)


@compiled_fast
def top_mass(belief: Floats, rho: Floats) -> Floats:
    """P(highest level) of m targets, (m,)."""
    m, levels, nodes = belief.shape
    out = np.zeros(m)
    for i in range(m):
        for z in range(nodes):
            out[i] += belief[i, levels - 1, z] * rho[z]
    return out


@compiled_fast
def judge_row(
    known: Floats,
    seen: Integers,
    target: Integers,
    log_gap: Floats,
    start: Floats,
    emit: Floats,
    learn: Floats,
    forget: Floats,
    start_odds: Floats,
    emit_odds: Floats,
    learn_odds: Floats,
    rho: Floats,
    score: float,
    weight: float,
    psi: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Recall, condition and learn.

    Returns beliefs after the row, beliefs between Bayes and learning (m, L, Z), ability (Z,) and
    P(highest level) after the row (m,).
    """
    before = recall_row(known, seen, target, log_gap, start, forget, start_odds)
    m, levels, nodes = before.shape
    p, e, post = np.empty_like(before), np.empty_like(before), np.empty_like(before)
    after, u = np.empty_like(before), np.empty((m, levels - 1, nodes))
    own, total, given = np.empty((m, nodes)), np.zeros(nodes), np.empty((1, nodes))
    ability = np.empty((2, nodes))
    ability[0] = rho
    for i in range(m):
        k.fill_emission(p, e, i, emit_odds, target[i], emit[i], score, weight)
        k.weigh(own, total, before, e, i)
    for i in range(m):
        k.condition(post, before, e, own, total, i, psi)
        k.fill_learn(u, i, learn_odds, target[i], learn[i])
        k.step_up(after, post, u, i)
    k.share_out(given, 0, total, m)
    k.reweigh(ability, 0, given)
    posterior = ability[1].copy()
    return after, post, posterior, top_mass(after, posterior)


@compiled_fast
def read_rows(
    now: Floats,
    target: Integers,
    rho: Floats,
    emit_odds: Floats,
    emit: Floats,
    learn_odds: Floats,
    learn: Floats,
) -> Floats:
    """Of beliefs now: P(highest level), P(right), P(highest level) after one opportunity, (3, m).

    The opportunity's answer is not seen: Bayes' rule then leaves the expected belief where it
    was, and only learning moves it.
    """
    m, levels, nodes = now.shape
    out = np.zeros((3, m))
    top = levels - 1
    for i in range(m):
        for z in range(nodes):
            odds = learn_odds[target[i], top - 1, z] * learn[i]
            risen = now[i, top - 1, z] * odds / (1.0 + odds)
            out[0, i] += rho[z] * now[i, top, z]
            out[2, i] += rho[z] * (now[i, top, z] + risen)
            for level in range(levels):
                odds = emit_odds[target[i], level, z] * emit[i]
                out[1, i] += rho[z] * now[i, level, z] * odds / (1.0 + odds)
    return out
