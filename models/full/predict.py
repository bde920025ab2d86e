"""Batch filter: what the model expected before each response, in one compiled pass."""

import numpy as np

from models.compiled import compiled_fast, compiled_parallel, prange, threads_for
from models.full import sweep
from models.full.arrays import Floats, Integers
from models.full.log import Responses, chunk_bounds
from models.full.parameters import FullParameters
from models.full.sweep import Rows, Tables, Tape
from models.full.tables import design_for, odds_tables, sweep_rows
from models.lanes import load, put, spread, total

#: Parts for the threads; results do not depend on it.
CHUNKS = 8


@compiled_fast
def fill_share(p: Floats, i: int, odds: Floats, target: int, shift: float, grades: Floats,
               grade: int) -> None:  # fmt: skip
    """Set the expected score of a rubric judgement: the mean of P(judged c or higher)."""
    while grades[grade, 0] > 0.0:  # back to the lowest level of the scale
        grade -= 1
    for level in range(p.shape[1]):
        at = load(odds, (target, level)) * shift
        found, c = spread(0.0), grade
        while grades[c, 1] > 0.0:
            c += 1
            found += at / (at + grades[c, 0])
        put(p, (i, level), found * (1.0 / (c - grade)))


@compiled_fast
def expected_scores(out: Floats, data: Rows, tab: Tables, tape: Tape, s: int) -> None:
    """E(score) = sum_z rho_z mean_k sum_l b_klz p_klz for the rows of a student."""
    entries, target, grade = data.entries, data.target, data.grade
    before, p, rho, shift = tape.before, tape.p, tape.rho, tape.shift
    odds, grades = tab.emit, tab.grade
    r0, base = data.students[s], entries[data.students[s]]
    for r in range(r0, data.students[s + 1]):
        found = spread(0.0)
        for i in range(entries[r] - base, entries[r + 1] - base):
            if grade[r] >= 0:
                emit = shift[r - r0, sweep.EMIT]
                fill_share(p, i, odds, target[base + i], emit, grades, grade[r])
            for level in range(p.shape[1]):
                found += load(before, (i, level)) * load(p, (i, level))
        out[r] = total(found * load(rho, (r - r0,))) / (entries[r + 1] - entries[r])


@compiled_parallel
def filter_rows(data: Rows, tab: Tables, bounds: Integers) -> Floats:
    """Return the expected score before every row, (n,)."""
    out = np.empty(data.score.shape[0])
    for c in prange(bounds.shape[0] - 1):
        rows, entries, _ = sweep.sizes(data, bounds[c], bounds[c + 1])
        tape = sweep.new_tape(rows, entries, tab.emit.shape[1])
        for s in range(bounds[c], bounds[c + 1]):
            sweep.forward_student(data, tab, tape, s)
            expected_scores(out, data, tab, tape, s)
    return out


def predict_log(parameters: FullParameters, log: Responses) -> Floats:
    """P(right) of each response given only the same student's earlier responses, (n,).

    Of a rubric judgement it is the expected score: the mean of P(judged c or higher) over the
    levels above the lowest.
    """
    if not len(log):
        return np.zeros(0)
    data = design_for(parameters, log)
    bounds = chunk_bounds(data.packed.students, CHUNKS)
    with threads_for(len(log)):
        found: Floats = filter_rows(sweep_rows(data), odds_tables(parameters), bounds)
    return found
