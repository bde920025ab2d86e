"""Compiled steps of the full model's filter.

Beliefs are stored as ``[entry, level, lane]``: an ability node lies in a lane, the lanes beyond
the last node weigh nothing. An *entry* is one (response, target) pair; a response on several
targets has several entries but one prediction. Logits arrive as odds (``exp`` taken once per
parameter or row), so that plain answers need no transcendental function but forgetting.

Formulas, for target k, level l, node z, response r with m targets::

    forget   b_l <- D b_l + (1 - D) b_{l+1}, D = (1 + gap)^(-f_k)  (lowest level absorbs)
    emission p_klz = sigma(B_klz + eta_r)
    score    e_klz = (p^x (1 - p)^(1 - x))^w
    rubric   e_klz = (F_c - F_{c+1})^w, F_c = P(judged c or higher) = sigma(B_klz + eta_r - beta_c)
    predict  S_kz = sum_l b_klz e_klz, P_z = mean_k S_kz,  P = sum_z rho_z P_z
    ability  rho_z <- rho_z P_z / P
    condition b_klz <- b_klz (e_klz + psi sum_{j != k} S_jz) / normaliser
    learn    one level up with u_klz = sigma(T_klz + tau_r)
"""

import numpy as np

from models.compiled import embedded
from models.full.arrays import Floats
from models.lanes import LANES, Lanes, load, put, spread, total

#: Floor of a likelihood: a weight of several hundred would underflow to 0 / 0.
TINY = 1e-290
#: What stands in place of a row of the grade table for an answer that is right or wrong and
#: counts in full, and for any other score.
PLAIN, SCORED = -1, -2


@embedded
def retention(rate: float, log_gap: float) -> float:
    """(1 + gap)^(-rate)."""
    return float(np.exp(-rate * log_gap)) if log_gap > 0.0 else 1.0


@embedded
def shift_odds(recent: Floats, r: int, weights: Floats, kind: int, rest: float) -> float:
    """Return exp of what recent performance and the rest add to a logit of row r."""
    found = rest
    for c in range(recent.shape[1]):
        found += recent[r, c] * weights[kind, c]
    return float(np.exp(found))


@embedded
def fill_start(out: Floats, i: int, start_odds: Floats, target: int, shift: float) -> None:
    """Start distribution over levels: P(level > l) = sigma(S_klz + sig)."""
    steps = out.shape[1] - 1
    above = spread(1.0)
    for level in range(steps):
        odds = load(start_odds, (target, level)) * shift
        higher = odds / (1.0 + odds)
        put(out, (i, level), above - higher)
        above = higher
    put(out, (i, steps), above)


@embedded
def fill_forget(out: Floats, i: int, belief: Floats, prev: int, keep: float) -> None:
    """One level down with probability 1 - keep; the lowest level absorbs."""
    top = out.shape[1] - 1
    lose = 1.0 - keep
    stays = load(belief, (prev, 0))
    for level in range(top):
        higher = load(belief, (prev, level + 1))
        put(out, (i, level), stays + higher * lose)
        stays = higher * keep
    put(out, (i, top), stays)


@embedded
def fill_emission(
    p: Floats, e: Floats, i: int, emit_odds: Floats, target: int, shift: float, score: float
) -> None:
    """P(right | level, node), and the likelihood of a plain answer: score 1 or 0."""
    for level in range(p.shape[1]):
        odds = load(emit_odds, (target, level)) * shift
        wrong = 1.0 / (1.0 + odds)
        right = odds * wrong
        put(p, (i, level), right)
        put(e, (i, level), right * score + wrong * (1.0 - score))


@embedded
def temper_score(
    e: Floats, i: int, emit_odds: Floats, target: int, shift: float, score: float, weight: float
) -> None:
    """Likelihood (p^x (1 - p)^(1 - x))^w of a score in [0, 1] that counts w."""
    for level in range(e.shape[1]):
        for z in range(LANES):
            odds = emit_odds[target, level, z] * shift
            log_e = weight * (score * np.log(odds) - np.log1p(odds))
            e[i, level, z] = max(np.exp(log_e), TINY)


@embedded
def fill_rubric(
    e: Floats,
    i: int,
    emit_odds: Floats,
    target: int,
    shift: float,
    grades: Floats,
    grade: int,
    weight: float,
) -> None:
    """Likelihood (F_c - F_{c+1})^w of a rubric level, a row of the grade table."""
    low, high, gap = grades[grade, 0], grades[grade, 1], grades[grade, 2]
    for level in range(e.shape[1]):
        odds = load(emit_odds, (target, level)) * shift
        put(e, (i, level), odds * gap / ((odds + low) * (1.0 + odds * high)))
        if weight != 1.0:
            for z in range(LANES):
                e[i, level, z] = max(e[i, level, z] ** weight, TINY)


@embedded
def weigh(own: Floats, belief: Floats, value: Floats, i: int) -> None:
    """own_z = sum_l belief_lz value_lz."""
    found = load(belief, (i, 0)) * load(value, (i, 0))
    for level in range(1, belief.shape[1]):
        found += load(belief, (i, level)) * load(value, (i, level))
    put(own, (i,), found)


@embedded
def together(own: Floats, first: int, last: int) -> Lanes:
    """Sum of S_kz over entries first..last."""
    found = load(own, (first,))
    for i in range(first + 1, last):
        found += load(own, (i,))
    return found


@embedded
def condition(
    out: Floats, belief: Floats, e: Floats, own: Floats, all_own: Lanes, i: int, psi: float
) -> None:
    """Posterior of one target's level; ``all_own`` = sum over all targets of S_jz."""
    mine = load(own, (i,))
    rest = (all_own - mine) * psi
    scale = 1.0 / (mine + rest)
    for level in range(belief.shape[1]):
        put(out, (i, level), load(belief, (i, level)) * (load(e, (i, level)) + rest) * scale)


@embedded
def learn(
    out: Floats, u: Floats, belief: Floats, i: int, learn_odds: Floats, target: int, shift: float
) -> None:
    """bn_l = b_l (1 - u_l) + b_{l-1} u_{l-1}; keeps the probabilities u of a step up."""
    steps = u.shape[1]
    rising = spread(0.0)
    for level in range(steps):
        odds = load(learn_odds, (target, level)) * shift
        rate = odds / (1.0 + odds)
        held = load(belief, (i, level))
        moves = held * rate
        put(u, (i, level), rate)
        put(out, (i, level), held - moves + rising)
        rising = moves
    put(out, (i, steps), load(belief, (i, steps)) + rising)


@embedded
def reweigh(rho: Floats, r: int, given: Floats) -> float:
    """rho_z <- rho_z P_z / P from row r to row r + 1; returns P."""
    joint = load(rho, (r,)) * load(given, (r,))
    found = total(joint)
    put(rho, (r + 1,), joint * (1.0 / found))
    return float(found)
