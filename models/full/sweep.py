"""Forward and reverse sweeps over students; students are shared out in fixed chunks.

The number of chunks does not depend on the number of threads and their partial sums are added in
order, so log-likelihood and gradient are the same bits on one core and on many.
"""

from typing import NamedTuple

import numpy as np

from models.compiled import compiled_fast, compiled_parallel, prange
from models.full import adjoints as back
from models.full import kernels as k
from models.full.arrays import Floats, Integers
from models.lanes import LANES, load, put, spread, total

#: Factors of P(all answers) are multiplied until the product falls below this: each is at least
#: 1e-290, and a logarithm costs as much as everything else about a row.
SMALL = 1e-15
#: Which logit a row shifts.
EMIT, START, LEARN = 0, 1, 2


class Tables(NamedTuple):
    """Odds tables of one parameter set; K targets (last: pooled), L levels, Z lanes."""

    emit: Floats  # (K, L, Z)
    start: Floats  # (K, L - 1, Z)
    learn: Floats  # (K, L - 1, Z)
    forget: Floats  # (K,) f_k, a rate and not an odds
    difficulty: Floats  # (I,) a logit
    recent: Floats  # (3, C) weights of recent performance: emission, start, learning
    gate: Floats  # (3,) weights of readiness
    grade: Floats  # (G, 3) see :func:`models.full.rubrics.grade_table`
    prior: Floats  # (Z,) quadrature weights of ability, 0 beyond the last node
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
    grade: Integers  # (n,) row of the grade table, PLAIN or SCORED
    item: Integers  # (n,)
    recent: Floats  # (n, C) recent performance
    ready: Floats  # (n,) readiness of the prerequisites


class Tape(NamedTuple):
    """What one student's forward sweep leaves for the reverse sweep; i counts own entries."""

    before: Floats  # (E, L, Z) belief just before the response
    p: Floats  # (E, L, Z) P(right | level, node)
    e: Floats  # (E, L, Z) likelihood of the score
    post: Floats  # (E, L, Z) after conditioning
    after: Floats  # (E, L, Z) after learning
    u: Floats  # (E, L - 1, Z)
    own: Floats  # (E, Z) S_kz
    keep: Floats  # (E,) share not forgotten
    rho: Floats  # (R + 1, Z) ability before each row
    given: Floats  # (R, Z) P_z
    shift: Floats  # (R, 3) odds by which the row shifts emission, start and learning


class Bars(NamedTuple):
    """Adjoints in flight; the first axis of ``b``, ``e`` and ``rest`` is the target in its row."""

    after: Floats  # (E, L, Z)
    post: Floats  # (L, Z)
    b: Floats  # (m, L, Z)
    e: Floats  # (m, L, Z)
    rest: Floats  # (m, Z)
    rho: Floats  # (Z,)


class Gradient(NamedTuple):
    """Derivatives of the log-likelihood by every logit table and row shift."""

    emit: Floats  # (K, L, Z)
    start: Floats  # (K, L - 1, Z)
    learn: Floats  # (K, L - 1, Z)
    forget: Floats  # (K,)
    difficulty: Floats  # (I,)
    recent: Floats  # (3, C)
    gate: Floats  # (3,), the first of no use
    grade: Floats  # (G, 3) see :func:`models.full.adjoints.back_rubric`


@compiled_fast
def new_tape(rows: int, entries: int, levels: int) -> Tape:
    """Uninitialised tape for a student of at most this size."""
    shape = (entries, levels, LANES)
    return Tape(
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty((entries, levels - 1, LANES)),
        np.empty((entries, LANES)),
        np.empty(entries),
        np.empty((rows + 1, LANES)),
        np.empty((rows, LANES)),
        np.empty((rows, 3)),
    )


@compiled_fast
def new_bars(entries: int, wide: int, levels: int) -> Bars:
    """Adjoints of a student with at most ``entries`` entries and ``wide`` targets a row."""
    return Bars(
        np.zeros((entries, levels, LANES)),
        np.zeros((levels, LANES)),
        np.zeros((wide, levels, LANES)),
        np.zeros((wide, levels, LANES)),
        np.zeros((wide, LANES)),
        np.zeros(LANES),
    )


@compiled_fast
def shift_rows(data: Rows, tab: Tables, tape: Tape, s: int) -> None:
    """Work out the shifts of each row of a student."""
    item, recent, ready, shift = data.item, data.recent, data.ready, tape.shift
    difficulty, weights, gate = tab.difficulty, tab.recent, tab.gate
    r0, r1 = data.students[s], data.students[s + 1]
    for r in range(r0, r1):  # apart, so that the processor fetches many items at once
        shift[r - r0, EMIT] = -difficulty[item[r]]
    for r in range(r0, r1):
        shift[r - r0, EMIT] = k.shift_odds(recent, r, weights, EMIT, shift[r - r0, EMIT])
        shift[r - r0, START] = k.shift_odds(recent, r, weights, START, gate[START] * ready[r])
        shift[r - r0, LEARN] = k.shift_odds(recent, r, weights, LEARN, gate[LEARN] * ready[r])


@compiled_fast
def back_shift_rows(data: Rows, tape: Tape, grad: Gradient, s: int) -> None:
    """Adjoint of :func:`shift_rows`, from the slopes that stand in place of the shifts."""
    item, recent, ready, slope = data.item, data.recent, data.ready, tape.shift
    g_item, g_recent, g_gate = grad.difficulty, grad.recent, grad.gate
    r0, r1 = data.students[s], data.students[s + 1]
    for r in range(r0, r1):
        g_item[item[r]] -= slope[r - r0, EMIT]
        for kind in range(3):
            g_gate[kind] += slope[r - r0, kind] * ready[r]
            for c in range(recent.shape[1]):
                g_recent[kind, c] += slope[r - r0, kind] * recent[r, c]


@compiled_fast
def forward_student(data: Rows, tab: Tables, tape: Tape, s: int) -> float:
    """Predict and then learn from each row in turn; returns the log-likelihood."""
    # Attributes are read once: inside the loop each read would count references.
    ent, tgt, previous, gap = data.entries, data.target, data.previous, data.log_gap
    score, weight, grade = data.score, data.weight, data.grade
    emit_odds, start_odds, learn_odds, grades = tab.emit, tab.start, tab.learn, tab.grade
    psi, forget, shift = tab.psi, tab.forget, tape.shift
    before, p, e, post, after = tape.before, tape.p, tape.e, tape.post, tape.after
    u, own, keep, rho, given = tape.u, tape.own, tape.keep, tape.rho, tape.given
    r0, base = data.students[s], ent[data.students[s]]
    shift_rows(data, tab, tape, s)
    put(rho, (0,), load(tab.prior, ()))
    value, product = 0.0, 1.0
    for r in range(r0, data.students[s + 1]):
        first, last = ent[r] - base, ent[r + 1] - base
        emit, start, learn = shift[r - r0, EMIT], shift[r - r0, START], shift[r - r0, LEARN]
        for i in range(first, last):
            t, prev = tgt[base + i], previous[base + i]
            if prev < 0:
                k.fill_start(before, i, start_odds, t, start)
            else:
                keep[i] = k.retention(forget[t], gap[base + i])
                k.fill_forget(before, i, after, prev - base, keep[i])
            k.fill_emission(p, e, i, emit_odds, t, emit, score[r])
            if grade[r] >= 0:
                k.fill_rubric(e, i, emit_odds, t, emit, grades, grade[r], weight[r])
            elif grade[r] == k.SCORED:
                k.temper_score(e, i, emit_odds, t, emit, score[r], weight[r])
            k.weigh(own, before, e, i)
        whole = k.together(own, first, last)
        for i in range(first, last):
            k.condition(post, before, e, own, whole, i, psi)
            k.learn(after, u, post, i, learn_odds, tgt[base + i], learn)
        put(given, (r - r0,), whole * (1.0 / (last - first)))
        product *= k.reweigh(rho, r - r0, given)
        if product < SMALL:
            value += np.log(product)
            product = 1.0
    return float(value + np.log(product))


@compiled_fast
def backward_student(
    data: Rows, tab: Tables, tape: Tape, bars: Bars, grad: Gradient, s: int
) -> None:
    """Reverse sweep over the tape of :func:`forward_student`; adds to ``grad``."""
    ent, tgt, previous, gap = data.entries, data.target, data.previous, data.log_gap
    score, weight, grade = data.score, data.weight, data.grade
    emit_odds, start_odds, grades, psi = tab.emit, tab.start, tab.grade, tab.psi
    before, p, e, post, after = tape.before, tape.p, tape.e, tape.post, tape.after
    u, own, keep, rho, given = tape.u, tape.own, tape.keep, tape.rho, tape.given
    g_emit, g_start, g_learn, g_forget = grad.emit, grad.start, grad.learn, grad.forget
    b_after, b_post, b_b, b_e, b_rest = bars.after, bars.post, bars.b, bars.e, bars.rest
    g_grade, b_rho, shift = grad.grade, bars.rho, tape.shift
    r0, base = data.students[s], ent[data.students[s]]
    b_after[: ent[data.students[s + 1]] - base] = 0.0
    put(b_rho, (), spread(0.0))
    for r in range(data.students[s + 1] - 1, r0 - 1, -1):
        first, last = ent[r] - base, ent[r + 1] - base
        emit, start = shift[r - r0, EMIT], shift[r - r0, START]
        to_emit, to_start, to_learn = spread(0.0), spread(0.0), spread(0.0)
        bar_given = back.back_reweigh(b_rho, rho, given, r - r0)
        whole = k.together(own, first, last)
        for i in range(first, last):
            t, c = tgt[base + i], i - first
            to_learn += back.back_learn(b_post, g_learn, t, b_after, post, u, i)
            mean = back.mean_bar(b_post, post, i)
            back.back_condition(b_b, b_e, b_rest, c, b_post, mean, before, e, own, whole, i, psi)
        back.back_share(b_rest, bar_given, last - first)
        for i in range(first, last):
            t, c, prev = tgt[base + i], i - first, previous[base + i]
            back.back_weigh(b_b, b_e, b_rest, c, before, e, i)
            if grade[r] >= 0:
                to_emit += back.back_rubric(
                    g_emit, g_grade, t, b_e, c, emit_odds, emit, grades, grade[r], weight[r]
                )
            else:
                to_emit += back.back_score(g_emit, t, b_e, c, p, i, score[r], weight[r])
            if prev < 0:
                to_start += back.back_start(g_start, b_b, c, start_odds, t, start)
            else:
                slope = back.back_forget(b_after, prev - base, b_b, c, after, keep[i])
                g_forget[t] -= slope * gap[base + i] * keep[i]
        shift[r - r0, EMIT] = total(to_emit)
        shift[r - r0, START] = total(to_start)
        shift[r - r0, LEARN] = total(to_learn)
    back_shift_rows(data, tape, grad, s)


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
    levels = tab.emit.shape[1]
    rows, entries, wide = sizes(data, s0, s1)
    tape = new_tape(rows, entries, levels)
    bars = new_bars(entries, wide, levels)
    value = 0.0
    for s in range(s0, s1):
        value += forward_student(data, tab, tape, s)
        backward_student(data, tab, tape, bars, grad, s)
    return value


@compiled_parallel
def all_chunks(data: Rows, tab: Tables, bounds: Integers, parts: Gradient) -> Floats:
    """Log-likelihood of every chunk, in parallel; ``parts`` carry a leading chunk axis."""
    count = bounds.shape[0] - 1
    values = np.zeros(count)
    for c in prange(count):
        grad = Gradient(
            parts.emit[c],
            parts.start[c],
            parts.learn[c],
            parts.forget[c],
            parts.difficulty[c],
            parts.recent[c],
            parts.gate[c],
            parts.grade[c],
        )
        values[c] = chunk_pass(data, tab, grad, bounds[c], bounds[c + 1])
    return values
