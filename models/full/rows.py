"""Compiled work on one response or one moment of one student.

The same kernels as the batch filter, a row at a time, so that stepping through a log gives the
batch's numbers. Shapes: m targets of a row, L levels, Z ability nodes.
"""

import numpy as np

from models.compiled import compiled_fast
from models.full import kernels as k
from models.full.arrays import Floats, Integers
from models.lanes import LANES, put


@compiled_fast
def in_lanes(belief: Floats) -> Floats:
    """Fill up the last axis of beliefs with copies of the last node, (m, L, lanes)."""
    m, levels, nodes = belief.shape
    out = np.empty((m, levels, LANES))
    for i in range(m):
        for level in range(levels):
            for z in range(LANES):
                out[i, level, z] = belief[i, level, min(z, nodes - 1)]
    return out


@compiled_fast
def recall_lanes(
    after: Floats,
    seen: Integers,
    target: Integers,
    log_gap: Floats,
    start: Floats,
    forget: Floats,
    start_odds: Floats,
) -> Floats:
    """Beliefs of m targets just before a row, (m, L, lanes), from those after their last row."""
    last = in_lanes(after)
    before = np.empty_like(last)
    for i in range(target.shape[0]):
        if seen[i] == 0:
            k.fill_start(before, i, start_odds, target[i], start[i])
        else:
            k.fill_forget(before, i, last, i, k.retention(forget[target[i]], log_gap[i]))
    return before


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
    """As :func:`recall_lanes`, (m, L, Z)."""
    before = recall_lanes(after, seen, target, log_gap, start, forget, start_odds)
    return before[:, :, : after.shape[2]].copy()


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
def expect_share(
    before: Floats,
    target: Integers,
    rho: Floats,
    emit_odds: Floats,
    emit: float,
    grades: Floats,
    first: int,
    end: int,
) -> float:
    """Return the expected score of a judgement on the scale in rows first..end of the grades."""
    m, levels, nodes = before.shape
    total = 0.0
    for i in range(m):
        for level in range(levels):
            for z in range(nodes):
                odds = emit_odds[target[i], level, z] * emit
                for c in range(first + 1, end):
                    total += rho[z] * before[i, level, z] * odds / (odds + grades[c, 0])
    return float(total / (m * (end - first - 1)))


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
    grade: int,
    grades: Floats,
    psi: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Recall, condition and learn.

    Returns beliefs after the row, beliefs between Bayes and learning (m, L, Z), ability (Z,) and
    P(highest level) after the row (m,).
    """
    before = recall_lanes(known, seen, target, log_gap, start, forget, start_odds)
    m, levels, nodes = known.shape
    p, e, post = np.empty_like(before), np.empty_like(before), np.empty_like(before)
    after, u = np.empty_like(before), np.empty((m, levels - 1, LANES))
    own, given, ability = np.empty((m, LANES)), np.empty((1, LANES)), np.zeros((2, LANES))
    ability[0, :nodes] = rho
    for i in range(m):
        k.fill_emission(p, e, i, emit_odds, target[i], emit[i], score)
        if grade >= 0:
            k.fill_rubric(e, i, emit_odds, target[i], emit[i], grades, grade, weight)
        elif grade == k.SCORED:
            k.temper_score(e, i, emit_odds, target[i], emit[i], score, weight)
        k.weigh(own, before, e, i)
    whole = k.together(own, 0, m)
    for i in range(m):
        k.condition(post, before, e, own, whole, i, psi)
        k.learn(after, u, post, i, learn_odds, target[i], learn[i])
    put(given, (0,), whole * (1.0 / m))
    k.reweigh(ability, 0, given)
    posterior = ability[1, :nodes].copy()
    found = after[:, :, :nodes].copy()
    return found, post[:, :, :nodes].copy(), posterior, top_mass(found, posterior)


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
