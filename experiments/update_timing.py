"""Time our own updates and batch filters in a process of their own, and print them as JSON.

`python -m experiments.update_timing EVENTS ROWS`. The benchmark starts it with one thread on
one core, so that rows a second are those of one core.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from models import BKTModel, Evidence, ResponseLog
from models.batch.filter import predict_responses
from models.full import predict_log
from models.full.model import FullModel
from models.full.training import fit_full, responses
from models.log import Floats
from models.model import MasteryModel

SEED = 1
STUDENTS, TARGETS, ITEMS = 60, 20, 10
"""The class that the full model is fitted on: its speed does not depend on what was fitted."""
COURSE = 200
"""Responses of each student in the batch: about a year on a platform."""
REPEATS = 3


def simulated(students: int, length: int) -> ResponseLog:
    """Return a log of students who answer as chance has it: a filter costs the same."""
    rng = np.random.default_rng(SEED)
    rows = students * length
    return ResponseLog(
        students=tuple(f"s{i}" for i in range(students)),
        items=tuple(f"i{i}" for i in range(ITEMS)),
        targets=tuple(f"t{i}" for i in range(TARGETS)),
        student=np.repeat(np.arange(students), length),
        item=rng.integers(0, ITEMS, rows),
        score=(rng.random(rows) < 0.6).astype(np.float64),
        weight=np.ones(rows),
        time=np.full(rows, np.nan),
        offset=np.arange(rows + 1),
        target=rng.integers(0, TARGETS, rows),
    )


def updates(model: MasteryModel, events: int) -> dict[str, float]:
    """Time evidence → new state → P(mastered) of its target, one by one, in microseconds."""
    rng = np.random.default_rng(SEED)
    pieces = [
        Evidence(
            id=str(i),
            student="s",
            targets=(f"t{rng.integers(TARGETS)}",),
            score=float(rng.random() < 0.6),
            task=f"i{rng.integers(ITEMS)}",
            position=i,
        )
        for i in range(events)
    ]
    state, update, estimate = model.start(), np.empty(events), np.empty(events)
    for i, piece in enumerate(pieces):
        begin = time.perf_counter_ns()
        state = model.observe(state, piece)
        middle = time.perf_counter_ns()
        model.estimate(state, piece.targets[0])
        update[i], estimate[i] = middle - begin, time.perf_counter_ns() - middle
    settled = slice(events // 4, None)  # by then every target has been met, all code compiled
    return {
        "median_us": _quantile(update[settled], 0.5),
        "p99_us": _quantile(update[settled], 0.99),
        "estimate_us": _quantile(estimate[settled], 0.5),
    }


def rows_per_second(run: Callable[[], Floats], rows: int) -> float:
    """Return rows a CPU second of a batch filter, warm, the median of some runs."""
    run()
    seconds = []
    for _ in range(REPEATS):
        begin = time.process_time()
        run()
        seconds.append(time.process_time() - begin)
    return rows / statistics.median(seconds)


def main() -> None:
    """Print every figure as one line of JSON."""
    events, rows = int(sys.argv[1]), int(sys.argv[2])
    full: FullModel = fit_full(simulated(STUDENTS, 5 * TARGETS))
    log = simulated(max(rows // COURSE, 1), COURSE)
    read = responses(log)
    plain = np.tile([0.35, 0.12, 0.2, 0.1, 0.0], (TARGETS, 1))
    answer = {
        "full": updates(full, events),
        "bkt": updates(BKTModel(), events),
        "full_rows_per_s": rows_per_second(lambda: predict_log(full.parameters, read), len(log)),
        "bkt_rows_per_s": rows_per_second(lambda: predict_responses(log, plain), len(log)),
        "levels": full.parameters.levels,
        "nodes": len(full.parameters.nodes),
        "rows": len(log),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


def _quantile(nanoseconds: Floats, at: float) -> float:
    return float(np.quantile(nanoseconds, at)) / 1000


if __name__ == "__main__":
    main()
