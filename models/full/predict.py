"""Batch filter: what the model expected before each response, in one compiled pass."""

import numpy as np

from models.compiled import compiled, compiled_parallel, prange
from models.full import sweep
from models.full.arrays import Floats, Integers
from models.full.log import Responses, chunk_bounds
from models.full.parameters import FullParameters
from models.full.sweep import Rows, Tables
from models.full.tables import design_for, odds_tables, sweep_rows

#: Parts for the threads; results do not depend on it.
CHUNKS = 8


@compiled
def expected_scores(
    out: Floats, entries: Integers, r0: int, r1: int, rho: Floats, before: Floats, p: Floats
) -> None:
    """P(right) = sum_z rho_z mean_k sum_l b_klz p_klz for rows r0..r1."""
    levels, nodes = p.shape[1], p.shape[2]
    for r in range(r0, r1):
        total = 0.0
        for i in range(entries[r] - entries[r0], entries[r + 1] - entries[r0]):
            for level in range(levels):
                for z in range(nodes):
                    total += rho[r - r0, z] * before[i, level, z] * p[i, level, z]
        out[r] = total / (entries[r + 1] - entries[r])


@compiled_parallel
def filter_rows(data: Rows, tab: Tables, bounds: Integers) -> Floats:
    """P(right) before every row, (n,)."""
    out = np.empty(data.score.shape[0])
    for c in prange(bounds.shape[0] - 1):
        rows, entries, _ = sweep.sizes(data, bounds[c], bounds[c + 1])
        _, levels, nodes = tab.emit.shape
        tape = sweep.new_tape(rows, entries, levels, nodes)
        for s in range(bounds[c], bounds[c + 1]):
            sweep.forward_student(data, tab, tape, s)
            expected_scores(
                out,
                data.entries,
                data.students[s],
                data.students[s + 1],
                tape.rho,
                tape.before,
                tape.p,
            )
    return out


def predict_log(parameters: FullParameters, log: Responses) -> Floats:
    """P(right) of each response given only the same student's earlier responses, (n,)."""
    if not len(log):
        return np.zeros(0)
    data = design_for(parameters, log)
    bounds = chunk_bounds(data.packed.students, CHUNKS)
    result: Floats = filter_rows(sweep_rows(parameters, data), odds_tables(parameters), bounds)
    return result
