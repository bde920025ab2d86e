"""Forward and reverse sweeps over students; students are shared out in fixed chunks.

The number of chunks does not depend on the number of threads and their partial sums are added in
order, so log-likelihood and gradient are the same bits on one core and on many.
"""

from typing import NamedTuple

import numpy as np

from models.compiled import compiled_fast, compiled_parallel, prange
from models.full import kernels as k
from models.full.arrays import Floats, Integers


class Tables(NamedTuple):
    """Odds tables of one parameter set; K targets (last: pooled), L levels, Z nodes."""

    emit: Floats  # (K, L, Z)
    start: Floats  # (K, L - 1, Z)
    learn: Floats  # (K, L - 1, Z)
    forget: Floats  # (K,) f_k, a rate and not an odds
    prior: Floats  # (Z,) quadrature weights of ability
    psi: float  # share of the other targets' likelihood


class Rows(NamedTuple):
    """Responses sorted by student then time; n rows, E entries, S students."""

    students: Integers  # (S + 1,) row offsets
    entries: Integers  # (n + 1,) entry offsets
    target: Integers  # (E,)
    previous: Integers  # (E,) entry of the same student and target before, or -1
    log_gap: Floats  # (E,)
    score: Floats  # (n,)
    weight: Floats  # (n,)
    emit: Floats  # (n,) exp of the row's emission shift
    start: Floats  # (n,) exp of the row's start shift
    learn: Floats  # (n,) exp of the row's learning shift


class Tape(NamedTuple):
    """What one student's forward sweep leaves for the reverse sweep; i counts own entries."""

    before: Floats  # (E, L, Z) belief just before the response
    p: Floats  # (E, L, Z) P(right | level, node)
    e: Floats  # (E, L, Z) likelihood of the score
    post: Floats  # (E, L, Z) after conditioning
    after: Floats  # (E, L, Z) after learning
    u: Floats  # (E, L - 1, Z)
    own: Floats  # (E, Z) S_kz
    rho: Floats  # (R + 1, Z) ability before each row
    given: Floats  # (R, Z) P_z
    total: Floats  # (Z,) sum of the targets' S of the current row


class Bars(NamedTuple):
    """Adjoints in flight; the first axis of ``b``, ``e`` and ``rest`` is the target in its row."""

    after: Floats  # (E, L, Z)
    post: Floats  # (L, Z)
    b: Floats  # (m, L, Z)
    e: Floats  # (m, L, Z)
    rest: Floats  # (m, Z)
    rho: Floats  # (Z,)
    given: Floats  # (Z,)


class Gradient(NamedTuple):
    """Derivatives of the log-likelihood by every logit table and row shift."""

    emit: Floats  # (K, L, Z)
    start: Floats  # (K, L - 1, Z)
    learn: Floats  # (K, L - 1, Z)
    forget: Floats  # (K,)
    emit_row: Floats  # (n,)
    start_row: Floats  # (n,)
    learn_row: Floats  # (n,)


@compiled_fast
def new_tape(rows: int, entries: int, levels: int, nodes: int) -> Tape:
    """Uninitialised tape for a student of at most this size."""
    shape = (entries, levels, nodes)
    return Tape(
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty((entries, levels - 1, nodes)),
        np.empty((entries, nodes)),
        np.empty((rows + 1, nodes)),
        np.empty((rows, nodes)),
        np.empty(nodes),
    )


@compiled_fast
def new_bars(entries: int, wide: int, levels: int, nodes: int) -> Bars:
    """Adjoints of a student with at most ``entries`` entries and ``wide`` targets a row."""
    return Bars(
        np.zeros((entries, levels, nodes)),
        np.zeros((levels, nodes)),
        np.zeros((wide, levels, nodes)),
        np.zeros((wide, levels, nodes)),
        np.zeros((wide, nodes)),
        np.zeros(nodes),
        np.zeros(nodes),
    )


@compiled_fast
def forward_student(data: Rows, tab: Tables, tape: Tape, s: int) -> float:
    """Predict and then learn from each row in turn; returns the log-likelihood."""
    # Attributes are read once: inside the loop each read would count references.
    ent, tgt, previous, gap = data.entries, data.target, data.previous, data.log_gap
    score, weight, emit, start, learn = data.score, data.weight, data.emit, data.start, data.learn
    emit_odds, start_odds, learn_odds = tab.emit, tab.start, tab.learn
    psi, forget = tab.psi, tab.forget
    before, p, e, post, after = tape.before, tape.p, tape.e, tape.post, tape.after
    u, own, rho, given, total = tape.u, tape.own, tape.rho, tape.given, tape.total
    r0, r1 = data.students[s], data.students[s + 1]
    base = ent[r0]
    rho[0] = tab.prior
    value = 0.0
    for r in range(r0, r1):
        k.clear(total)
        for j in range(ent[r], ent[r + 1]):
            i = j - base
            if previous[j] < 0:
                k.fill_start(before, i, start_odds, tgt[j], start[r])
            else:
                keep = k.retention(forget[tgt[j]], gap[j])
                k.fill_forget(before, i, after, previous[j] - base, keep)
            k.fill_emission(p, e, i, emit_odds, tgt[j], emit[r], score[r], weight[r])
            k.weigh(own, total, before, e, i)
        for j in range(ent[r], ent[r + 1]):
            i = j - base
            k.condition(post, before, e, own, total, i, psi)
            k.fill_learn(u, i, learn_odds, tgt[j], learn[r])
            k.step_up(after, post, u, i)
        k.share_out(given, r - r0, total, ent[r + 1] - ent[r])
        value += np.log(k.reweigh(rho, r - r0, given))
    return value


@compiled_fast
def backward_student(
    data: Rows, tab: Tables, tape: Tape, bars: Bars, grad: Gradient, s: int
) -> None:
    """Reverse sweep over the tape of :func:`forward_student`; adds to ``grad``."""
    ent, tgt, previous, gap = data.entries, data.target, data.previous, data.log_gap
    score, weight, start = data.score, data.weight, data.start
    psi, forget, start_odds = tab.psi, tab.forget, tab.start
    before, p, e, post, after = tape.before, tape.p, tape.e, tape.post, tape.after
    u, own, rho, given, total = tape.u, tape.own, tape.rho, tape.given, tape.total
    g_emit, g_start, g_learn, g_forget = grad.emit, grad.start, grad.learn, grad.forget
    g_emit_row, g_start_row, g_learn_row = grad.emit_row, grad.start_row, grad.learn_row
    b_after, b_post, b_b, b_e, b_rest = bars.after, bars.post, bars.b, bars.e, bars.rest
    b_rho, b_given = bars.rho, bars.given
    r0, base = data.students[s], ent[data.students[s]]
    b_after[: ent[data.students[s + 1]] - base] = 0.0
    k.clear(b_rho)
    for r in range(data.students[s + 1] - 1, r0 - 1, -1):
        first, last = ent[r], ent[r + 1]
        k.back_reweigh(b_rho, b_given, rho, given, r - r0)
        k.add_up(total, own, first - base, last - base)
        for j in range(first, last):
            i, c, t = j - base, j - first, tgt[j]
            g_learn_row[r] += k.back_learn(b_post, g_learn, t, b_after, post, u, i)
            k.back_condition(b_b, b_e, b_rest, c, b_post, post, before, e, own, total, i, psi)
        k.back_share(b_rest, b_given, last - first)
        for j in range(first, last):
            i, c, t, prev = j - base, j - first, tgt[j], previous[j] - base
            g_emit_row[r] += k.back_emission(
                b_b, b_e, b_rest, c, g_emit, t, before, p, e, i, score[r], weight[r]
            )
            if previous[j] < 0:
                g_start_row[r] += k.back_start(g_start, b_b, c, start_odds, t, start[r])
            else:
                keep = k.retention(forget[t], gap[j])
                slope = k.back_forget(b_after, prev, b_b, c, after, keep)
                g_forget[t] -= slope * gap[j] * keep


@compiled_fast
def sizes(data: Rows, s0: int, s1: int) -> tuple[int, int, int]:
    """Largest number of rows and entries of a student, and of targets of a row."""
    rows = entries = wide = 1
    for s in range(s0, s1):
        r0, r1 = data.students[s], data.students[s + 1]
        rows = max(rows, r1 - r0)
        entries = max(entries, data.entries[r1] - data.entries[r0])
        for r in range(r0, r1):
            wide = max(wide, data.entries[r + 1] - data.entries[r])
    return rows, entries, wide


@compiled_fast
def chunk_pass(data: Rows, tab: Tables, grad: Gradient, s0: int, s1: int) -> float:
    """Log-likelihood and gradient of students s0..s1."""
    _, levels, nodes = tab.emit.shape
    rows, entries, wide = sizes(data, s0, s1)
    tape = new_tape(rows, entries, levels, nodes)
    bars = new_bars(entries, wide, levels, nodes)
    value = 0.0
    for s in range(s0, s1):
        value += forward_student(data, tab, tape, s)
        backward_student(data, tab, tape, bars, grad, s)
    return value


@compiled_parallel
def all_chunks(data: Rows, tab: Tables, bounds: Integers, parts: Gradient) -> Floats:
    """Every chunk in parallel; ``parts`` tables carry a leading chunk axis, row shifts do not."""
    count = bounds.shape[0] - 1
    values = np.zeros(count)
    for c in prange(count):
        grad = Gradient(
            parts.emit[c],
            parts.start[c],
            parts.learn[c],
            parts.forget[c],
            parts.emit_row,
            parts.start_row,
            parts.learn_row,
        )
        values[c] = chunk_pass(data, tab, grad, bounds[c], bounds[c + 1])
    return values
