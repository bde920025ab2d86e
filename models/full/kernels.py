"""Compiled filter of the full model and its hand-written adjoint.

Beliefs are stored as ``[entry, level, node]``, the ability node innermost.  An *entry* is one
(response, target) pair; a response on several targets has several entries but one prediction.
Logits arrive as odds (``exp`` taken once per parameter or row), so that the inner loops hold no
transcendental function but forgetting.

Formulas, for target k, level l, node z, response r with m targets as implemented::

    forget   b_l <- D b_l + (1 - D) b_{l+1}, D = (1 + gap)^(-f_k)  (lowest level absorbs)
    emission p_klz = sigma(B_klz + eta_r)
    score    e_klz = (p^x (1 - p)^(1 - x))^w,   S_kz = sum_l b_klz e_klz
    predict  P_z = mean_k S_kz,  P = sum_z rho_z P_z
    ability  rho_z <- rho_z P_z / P
    condition b_klz <- b_klz (e_klz + psi sum_{j != k} S_jz) / normaliser
    learn    one level up with u_klz = sigma(T_klz + tau_r)
"""

import numpy as np

from models.compiled import compiled_fast, embedded
from models.full.arrays import Floats

#: Floor of a likelihood: a weight of several hundred would underflow to 0 / 0.
TINY = 1e-290


@embedded
def clear(values: Floats) -> None:
    """Set a vector to zero."""
    for z in range(values.shape[0]):
        values[z] = 0.0


@embedded
def retention(rate: float, log_gap: float) -> float:
    """(1 + gap)^(-rate)."""
    return float(np.exp(-rate * log_gap)) if log_gap > 0.0 else 1.0


@embedded
def share_out(given: Floats, r: int, total: Floats, targets: int) -> None:
    """P_z = mean of S_kz over the targets of row r."""
    for z in range(total.shape[0]):
        given[r, z] = total[z] / targets


@embedded
def add_up(total: Floats, own: Floats, first: int, last: int) -> None:
    """total_z = sum of S_kz over entries first..last."""
    for z in range(total.shape[0]):
        total[z] = 0.0
        for i in range(first, last):
            total[z] += own[i, z]


@embedded
def back_share(rest: Floats, given: Floats, targets: int) -> None:
    """From d/d others to d/d own: bar S_k = bar P / m + sum_{j != k} bar R_j, in place."""
    for z in range(given.shape[0]):
        whole = given[z] / targets
        for c in range(targets):
            whole += rest[c, z]
        for c in range(targets):
            rest[c, z] = whole - rest[c, z]


@embedded
def fill_start(out: Floats, i: int, start_odds: Floats, target: int, shift: float) -> None:
    """Start distribution over levels: P(level > l) = sigma(S_klz + sig), shape (L, Z)."""
    levels, nodes = out.shape[1], out.shape[2]
    for z in range(nodes):
        above = 1.0
        for level in range(levels - 1):
            odds = start_odds[target, level, z] * shift
            higher = odds / (1.0 + odds)
            out[i, level, z] = above - higher
            above = higher
        out[i, levels - 1, z] = above


@embedded
def fill_forget(out: Floats, i: int, belief: Floats, prev: int, keep: float) -> None:
    """One level down with probability 1 - keep; the lowest level absorbs."""
    levels, nodes = out.shape[1], out.shape[2]
    lose = 1.0 - keep
    for z in range(nodes):
        out[i, 0, z] = belief[prev, 0, z] + lose * belief[prev, 1, z]
        out[i, levels - 1, z] = keep * belief[prev, levels - 1, z]
    for level in range(1, levels - 1):
        for z in range(nodes):
            out[i, level, z] = keep * belief[prev, level, z] + lose * belief[prev, level + 1, z]


@compiled_fast
def likelihood(p: float, score: float, weight: float) -> float:
    """Tempered likelihood of a score in [0, 1]: (p^x (1-p)^(1-x))^w."""
    return float(max(np.exp(weight * (score * np.log(p) + (1.0 - score) * np.log1p(-p))), TINY))


@embedded
def fill_emission(
    p: Floats,
    e: Floats,
    i: int,
    emit_odds: Floats,
    target: int,
    row_odds: float,
    score: float,
    weight: float,
) -> None:
    """P(right | level, node) and the likelihood of the observed score, both (L, Z)."""
    levels, nodes = p.shape[1], p.shape[2]
    plain = weight == 1.0 and (score in (1.0, 0.0))
    for level in range(levels):
        for z in range(nodes):
            odds = emit_odds[target, level, z] * row_odds
            wrong = 1.0 / (1.0 + odds)
            p[i, level, z] = odds * wrong
            e[i, level, z] = score * odds * wrong + (1.0 - score) * wrong
    if not plain:
        for level in range(levels):
            for z in range(nodes):
                e[i, level, z] = likelihood(p[i, level, z], score, weight)


@embedded
def weigh(own: Floats, total: Floats, belief: Floats, value: Floats, i: int) -> None:
    """own_z = sum_l belief_lz value_lz, added to ``total`` as well."""
    levels, nodes = belief.shape[1], belief.shape[2]
    for z in range(nodes):
        own[i, z] = belief[i, 0, z] * value[i, 0, z]
    for level in range(1, levels):
        for z in range(nodes):
            own[i, z] += belief[i, level, z] * value[i, level, z]
    for z in range(nodes):
        total[z] += own[i, z]


@embedded
def condition(
    out: Floats, belief: Floats, e: Floats, own: Floats, total: Floats, i: int, psi: float
) -> None:
    """Posterior of one target's level; ``total`` = sum over all targets of S_jz."""
    levels, nodes = out.shape[1], out.shape[2]
    for level in range(levels):
        for z in range(nodes):
            rest = psi * (total[z] - own[i, z])
            out[i, level, z] = belief[i, level, z] * (e[i, level, z] + rest) / (own[i, z] + rest)


@embedded
def fill_learn(u: Floats, i: int, learn_odds: Floats, target: int, row_odds: float) -> None:
    """Probability of one step up from each level but the top, (L - 1, Z)."""
    steps, nodes = u.shape[1], u.shape[2]
    for level in range(steps):
        for z in range(nodes):
            odds = learn_odds[target, level, z] * row_odds
            u[i, level, z] = odds / (1.0 + odds)


@embedded
def step_up(out: Floats, belief: Floats, u: Floats, i: int) -> None:
    """bn_l = b_l (1 - u_l) + b_{l-1} u_{l-1}; ``out`` must not alias ``belief``."""
    steps, nodes = u.shape[1], u.shape[2]
    for z in range(nodes):
        out[i, 0, z] = belief[i, 0, z] * (1.0 - u[i, 0, z])
        out[i, steps, z] = belief[i, steps, z] + belief[i, steps - 1, z] * u[i, steps - 1, z]
    for level in range(1, steps):
        for z in range(nodes):
            stay = belief[i, level, z] * (1.0 - u[i, level, z])
            out[i, level, z] = stay + belief[i, level - 1, z] * u[i, level - 1, z]


@embedded
def reweigh(rho: Floats, r: int, given: Floats) -> float:
    """rho_z <- rho_z P_z / P from row r to row r + 1; returns P."""
    nodes = rho.shape[1]
    total = 0.0
    for z in range(nodes):
        total += rho[r, z] * given[r, z]
    scale = 1.0 / total
    for z in range(nodes):
        rho[r + 1, z] = rho[r, z] * given[r, z] * scale
    return total


@embedded
def back_reweigh(bar_rho: Floats, bar_given: Floats, rho: Floats, given: Floats, r: int) -> None:
    """Adjoint of the ability update and of log P; ``bar_rho`` is overwritten in place."""
    nodes = bar_rho.shape[0]
    mean = 0.0
    prob = 0.0
    for z in range(nodes):
        mean += bar_rho[z] * rho[r + 1, z]
        prob += rho[r, z] * given[r, z]
    for z in range(nodes):
        v = (bar_rho[z] - mean + 1.0) / prob
        bar_given[z] = v * rho[r, z]
        bar_rho[z] = v * given[r, z]


@embedded
def back_condition(
    to_b: Floats,
    to_e: Floats,
    to_rest: Floats,
    c: int,
    bar: Floats,
    post: Floats,
    belief: Floats,
    e: Floats,
    own: Floats,
    total: Floats,
    i: int,
    psi: float,
) -> None:
    """Adjoint of :func:`condition`; sets to_b, to_e (L, Z), to_rest (Z,) of slot c."""
    levels, nodes = belief.shape[1], belief.shape[2]
    for z in range(nodes):
        rest = psi * (total[z] - own[i, z])
        scale = 1.0 / (own[i, z] + rest)
        mean = 0.0
        for level in range(levels):
            mean += bar[level, z] * post[i, level, z]
        acc = 0.0
        for level in range(levels):
            q = (bar[level, z] - mean) * scale
            to_b[c, level, z] = q * (e[i, level, z] + rest)
            to_e[c, level, z] = q * belief[i, level, z]
            acc += q * belief[i, level, z]
        to_rest[c, z] = psi * acc


@embedded
def back_learn(
    bar_post: Floats,
    grad_learn: Floats,
    target: int,
    bar: Floats,
    post: Floats,
    u: Floats,
    i: int,
) -> float:
    """Adjoint of :func:`step_up` and :func:`fill_learn`; returns d/d row shift."""
    steps, nodes = u.shape[1], u.shape[2]
    to_row = 0.0
    for level in range(steps):
        for z in range(nodes):
            rate = u[i, level, z]
            rise = bar[i, level + 1, z] - bar[i, level, z]
            bar_post[level, z] = bar[i, level, z] + rate * rise
            g = post[i, level, z] * rise * rate * (1.0 - rate)
            grad_learn[target, level, z] += g
            to_row += g
    for z in range(nodes):
        bar_post[steps, z] = bar[i, steps, z]
    return to_row


@embedded
def back_emission(
    to_b: Floats,
    to_e: Floats,
    bar_own: Floats,
    c: int,
    grad_emit: Floats,
    target: int,
    before: Floats,
    p: Floats,
    e: Floats,
    i: int,
    score: float,
    weight: float,
) -> float:
    """From d/d own likelihood to belief and emission table; returns d/d row shift."""
    levels, nodes = p.shape[1], p.shape[2]
    to_row = 0.0
    for level in range(levels):
        for z in range(nodes):
            like = e[i, level, z]
            bar_e = to_e[c, level, z] + bar_own[c, z] * before[i, level, z]
            to_b[c, level, z] += bar_own[c, z] * like
            g = bar_e * like * weight * (score - p[i, level, z])
            grad_emit[target, level, z] += g
            to_row += g
    return to_row


@embedded
def back_forget(
    bar_after: Floats, prev: int, bar: Floats, c: int, after: Floats, keep: float
) -> float:
    """Adjoint of :func:`fill_forget`; sets bar_after[prev], returns d/d keep."""
    levels, nodes = after.shape[1], after.shape[2]
    to_keep = 0.0
    for z in range(nodes):
        bar_after[prev, 0, z] = bar[c, 0, z]
    for level in range(1, levels):
        for z in range(nodes):
            drop = bar[c, level, z] - bar[c, level - 1, z]
            bar_after[prev, level, z] = bar[c, level - 1, z] + keep * drop
            to_keep += after[prev, level, z] * drop
    return to_keep


@embedded
def back_start(
    grad_start: Floats, bar: Floats, c: int, start_odds: Floats, target: int, shift: float
) -> float:
    """Adjoint of :func:`fill_start`; adds to its table, returns d/d row shift."""
    levels, nodes = bar.shape[1], bar.shape[2]
    to_shift = 0.0
    for level in range(levels - 1):
        for z in range(nodes):
            odds = start_odds[target, level, z] * shift
            higher = odds / (1.0 + odds)
            g = (bar[c, level + 1, z] - bar[c, level, z]) * higher * (1.0 - higher)
            grad_start[target, level, z] += g
            to_shift += g
    return to_shift
