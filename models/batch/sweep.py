"""The likelihood of Bayesian Knowledge Tracing (BKT) over a trie of response sequences.

A target has the parameters (prior, learn, guess, slip, forget). With belief ``m`` that the
student knows the target and ``n = 1 - m``, a response with symbol ``a`` (score ``x``, weight
``w``) has the likelihood ``P = m e1 + n e0`` where

    e1 = (1 - slip)^(w x) slip^(w (1 - x))      e0 = guess^(w x) (1 - guess)^(w (1 - x)),

the belief is conditioned on it, ``q = m e1 / P`` and ``r = n e0 / P``, and then moves on,

    m' = q (1 - forget) + r learn               n' = q forget + r (1 - learn)

(Corbett & Anderson 1995; both components are kept because ``1 - m`` cancels as m -> 1.)
Students who begin alike share their first beliefs: the sequences of one target are merged into
a trie, and each node, visited once, counts for all students who pass through it.

All parameter sets under trial ("lanes", such as the restarts of an optimiser) go through the
trie together as the innermost, vectorised dimension. Derivatives are taken forward with the
belief and with respect to the logits of the parameters. For node ``i`` with ``c`` visits and
score vector ``u = d log P / d logit``, the sweep adds up ``c u`` (the exact gradient) and
``c u u'`` (the outer-product estimate of the Fisher information: the scores of successive
responses are uncorrelated, so at the true parameters it has the mean of the negative Hessian).

Tables are flat arrays of rows of LANES numbers. Row offsets are constants and indices unsigned,
and ``lanes`` is an argument though mostly 8: these let LLVM vectorise the inner loops.
"""

from math import exp, log
from typing import NamedTuple

import numpy as np

from models.batch.chains import Reals
from models.batch.forward import N_PARAMETERS
from models.batch.trie import Trie
from models.compiled import compiled, compiled_fast, inlined

LANES = 8  # most parameter sets in one sweep: two AVX2 registers; 16 gain nothing per lane
LOGIT_BOUND = 15.0  # probabilities stay within 3e-7 of 0 and 1: P >= 3e-7 cannot underflow
PRODUCT_LENGTH = 40  # factors multiplied before a logarithm is taken: (3e-7)^40 = 1e-261
SHARED_COUNTS = 64  # nodes with fewer visits share one running product for each count

STATE_ROWS = 7  # m, n, dm/dprior, dm/dlearn, dm/dguess, dm/dslip, dm/dforget
EMISSION_ROWS = 4  # e1, e0, de1/dslip, de0/dguess
MOVE_ROWS = 7  # learn, 1 - learn, forget, 1 - forget, dlearn, dforget, 1 - learn - forget
SUM_ROWS = 20  # 5 of the gradient, then the 15 of the upper triangle of the information matrix

_U, _R2, _R3, _R4 = np.uint64, np.uint64(2 * LANES), np.uint64(3 * LANES), np.uint64(4 * LANES)
_R1, _R5, _R6 = np.uint64(LANES), np.uint64(5 * LANES), np.uint64(6 * LANES)
_NEXT = np.uint64(STATE_ROWS * LANES)


class Tables(NamedTuple):
    """The working memory of `sweep`; every row has LANES columns.

    ``states``: a stack of STATE_ROWS rows for each depth (depth-first order needs only the path
    to the node); ``emissions``: EMISSION_ROWS for each symbol; ``moves``: MOVE_ROWS; the results
    ``sums``: SUM_ROWS, and ``loglik``: one row.
    """

    states: Reals
    emissions: Reals
    moves: Reals
    sums: Reals
    loglik: Reals


@compiled
def new_tables(longest: int, n_symbols: int) -> Tables:
    """Allocate tables for chains of up to ``longest`` responses."""
    return Tables(
        np.zeros((longest + 2) * STATE_ROWS * LANES),
        np.zeros(n_symbols * EMISSION_ROWS * LANES),
        np.zeros(MOVE_ROWS * LANES),
        np.zeros(SUM_ROWS * LANES),
        np.zeros(LANES),
    )


@compiled
def load_lane(
    lane: int, logits: Reals, with_forget: bool, scores: Reals, weights: Reals, tables: Tables
) -> None:
    """Write one parameter set, float64[5] logits, into column ``lane`` of the tables."""
    states, emissions, moves, _, _ = tables
    p, q = np.empty(N_PARAMETERS), np.empty(N_PARAMETERS)
    for i in range(N_PARAMETERS):
        p[i], q[i] = 1 / (1 + exp(-logits[i])), 1 / (1 + exp(logits[i]))
    if not with_forget:
        p[4], q[4] = 0.0, 1.0
    prior, learn, guess, slip, forget = p
    for row in range(STATE_ROWS):
        states[row * LANES + lane] = 0.0
    states[lane] = prior
    states[LANES + lane] = q[0]
    states[2 * LANES + lane] = prior * q[0]
    moves[lane] = learn
    moves[LANES + lane] = q[1]
    moves[2 * LANES + lane] = forget
    moves[3 * LANES + lane] = q[4]
    moves[4 * LANES + lane] = learn * q[1]
    moves[5 * LANES + lane] = forget * q[4]
    moves[6 * LANES + lane] = q[1] - forget
    for a in range(len(scores)):
        right, wrong = weights[a] * scores[a], weights[a] * (1 - scores[a])
        known = exp(right * log(q[3]) + wrong * log(slip))
        unknown = exp(right * log(guess) + wrong * log(q[2]))
        base = a * EMISSION_ROWS * LANES + lane
        emissions[base] = known
        emissions[base + LANES] = unknown
        emissions[base + 2 * LANES] = known * (wrong * q[3] - right * slip)
        emissions[base + 3 * LANES] = unknown * (right * q[2] - wrong * guess)


@inlined
def _score(
    lanes: int,
    visits: float,
    states: Reals,
    s: np.uint64,
    emissions: Reals,
    e: np.uint64,
    products: Reals,
    b: np.uint64,
    sums: Reals,
) -> None:
    """Add one node's likelihood, score and outer product to the running totals."""
    for j in range(lanes):
        i = _U(j)
        m, n = states[s + i], states[s + _R1 + i]
        e1, e0 = emissions[e + i], emissions[e + _R1 + i]
        p = m * e1 + n * e0
        v = 1.0 / p
        products[b + i] *= p
        slope = (e1 - e0) * v
        s0 = states[s + _R2 + i] * slope
        s1 = states[s + _R3 + i] * slope
        s2 = states[s + _R4 + i] * slope + n * v * emissions[e + _R3 + i]
        s3 = states[s + _R5 + i] * slope + m * v * emissions[e + _R2 + i]
        c0, c1, c2, c3 = visits * s0, visits * s1, visits * s2, visits * s3
        sums[i] += c0
        sums[_R1 + i] += c1
        sums[_R2 + i] += c2
        sums[_R3 + i] += c3
        sums[_R5 + i] += c0 * s0
        sums[_R6 + i] += c0 * s1
        sums[_U(7 * LANES) + i] += c0 * s2
        sums[_U(8 * LANES) + i] += c0 * s3
        sums[_U(10 * LANES) + i] += c1 * s1
        sums[_U(11 * LANES) + i] += c1 * s2
        sums[_U(12 * LANES) + i] += c1 * s3
        sums[_U(14 * LANES) + i] += c2 * s2
        sums[_U(15 * LANES) + i] += c2 * s3
        sums[_U(17 * LANES) + i] += c3 * s3


@inlined
def _score_forget(
    lanes: int,
    visits: float,
    states: Reals,
    s: np.uint64,
    emissions: Reals,
    e: np.uint64,
    sums: Reals,
) -> None:
    """Add the rows of the totals that belong to forget."""
    for j in range(lanes):
        i = _U(j)
        m, n = states[s + i], states[s + _R1 + i]
        e1, e0 = emissions[e + i], emissions[e + _R1 + i]
        v = 1.0 / (m * e1 + n * e0)
        slope = (e1 - e0) * v
        s2 = states[s + _R4 + i] * slope + n * v * emissions[e + _R3 + i]
        s3 = states[s + _R5 + i] * slope + m * v * emissions[e + _R2 + i]
        s4 = states[s + _R6 + i] * slope
        c4 = visits * s4
        sums[_R4 + i] += c4
        sums[_U(9 * LANES) + i] += c4 * states[s + _R2 + i] * slope
        sums[_U(13 * LANES) + i] += c4 * states[s + _R3 + i] * slope
        sums[_U(16 * LANES) + i] += c4 * s2
        sums[_U(18 * LANES) + i] += c4 * s3
        sums[_U(19 * LANES) + i] += c4 * s4


@inlined
def _advance(
    lanes: int, states: Reals, s: np.uint64, emissions: Reals, e: np.uint64, moves: Reals
) -> None:
    """Write belief and tangents after the node into the next block of the stack."""
    for j in range(lanes):
        i = _U(j)
        m, n = states[s + i], states[s + _R1 + i]
        e1, e0 = emissions[e + i], emissions[e + _R1 + i]
        v = 1.0 / (m * e1 + n * e0)
        q, r = m * e1 * v, n * e0 * v
        gain = v * v * moves[_R6 + i]
        keep, mix = e1 * e0 * gain, m * n * gain
        states[s + _NEXT + i] = q * moves[_R3 + i] + r * moves[i]
        states[s + _NEXT + _R1 + i] = q * moves[_R2 + i] + r * moves[_R1 + i]
        states[s + _NEXT + _R2 + i] = states[s + _R2 + i] * keep
        states[s + _NEXT + _R3 + i] = states[s + _R3 + i] * keep + r * moves[_R4 + i]
        states[s + _NEXT + _R4 + i] = states[s + _R4 + i] * keep - mix * e1 * emissions[e + _R3 + i]
        states[s + _NEXT + _R5 + i] = states[s + _R5 + i] * keep + mix * e0 * emissions[e + _R2 + i]


@inlined
def _advance_forget(
    lanes: int, states: Reals, s: np.uint64, emissions: Reals, e: np.uint64, moves: Reals
) -> None:
    for j in range(lanes):
        i = _U(j)
        m, n = states[s + i], states[s + _R1 + i]
        e1, e0 = emissions[e + i], emissions[e + _R1 + i]
        v = 1.0 / (m * e1 + n * e0)
        keep = e1 * e0 * v * v * moves[_R6 + i]
        states[s + _NEXT + _R6 + i] = states[s + _R6 + i] * keep - m * e1 * v * moves[_R5 + i]


@inlined
def _take_logs(lanes: int, visits: float, products: Reals, b: int, loglik: Reals) -> None:
    for i in range(lanes):
        loglik[i] += visits * log(products[b + i])
        products[b + i] = 1.0


@compiled_fast
def sweep(trie: Trie, lanes: int, with_forget: bool, tables: Tables) -> None:
    """Set ``tables.sums`` and ``tables.loglik`` for the first ``lanes`` columns."""
    symbols, visits, depths, _ = trie
    states, emissions, moves, sums, loglik = tables
    products = np.ones((SHARED_COUNTS + 1) * LANES)
    factors = np.zeros(SHARED_COUNTS + 1, np.int64)
    sums[:] = 0.0
    loglik[:] = 0.0
    for node in range(len(symbols)):
        c = np.float64(visits[node])
        s = _U(depths[node] * STATE_ROWS * LANES)
        e = _U(symbols[node] * EMISSION_ROWS * LANES)
        bucket = min(visits[node], SHARED_COUNTS)
        b = _U(bucket * LANES)
        _score(lanes, c, states, s, emissions, e, products, b, sums)
        if with_forget:
            _score_forget(lanes, c, states, s, emissions, e, sums)
        if depths[node + 1] > depths[node]:
            _advance(lanes, states, s, emissions, e, moves)
            if with_forget:
                _advance_forget(lanes, states, s, emissions, e, moves)
        factors[bucket] += 1
        if bucket == SHARED_COUNTS or factors[bucket] == PRODUCT_LENGTH:
            factors[bucket] = 0
            _take_logs(lanes, c, products, int(b), loglik)
    for count in range(1, SHARED_COUNTS):
        _take_logs(lanes, np.float64(count), products, count * LANES, loglik)
