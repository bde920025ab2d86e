"""`footpath bench update`: one piece of evidence in, the new estimate out; and whole logs.

Ours and pyBKT's roster are timed in one run, each in a process of its own, pinned to one core
alike. Times of single updates are wall-clock medians; rows a second are by CPU time.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiments.children import answer_of, one_core

EVENTS = 4_000
"""Updates timed: the 99th percentile then stands on thirty of them."""
ROWS = 1_000_000
"""Rows of the batch: enough for a second or so of the slower filter."""
THEIRS = Path(__file__).parent / "pybkt_roster.py"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class UpdateBenchmark:
    """The figures.

    `median_us`, `p99_us` one piece of evidence into the full model's state, which holds
    P(mastered) · `estimate_us` reading everything off it: intervals, what the next answer would
    do · `bkt_median_us` the same update by plain BKT · `…_rows_per_s` batch filters on one
    core · `pybkt_us` and `pybkt_serial_us` pyBKT's `Roster.update_state`, as it comes and with
    `parallel` off, and how many times slower that is than ours.
    """

    median_us: float
    p99_us: float
    estimate_us: float
    bkt_median_us: float
    bkt_rows_per_s: float
    full_rows_per_s: float
    pybkt_us: float
    pybkt_serial_us: float
    ratio_pybkt: float
    ratio_pybkt_serial: float
    levels: int
    nodes: int
    rows: int


def bench_update(
    events: int = EVENTS, rows: int = ROWS, progress: Progress = lambda _, __: None
) -> UpdateBenchmark:
    """Run the benchmark."""
    with one_core():
        words = [sys.executable, "-m", "experiments.update_timing", str(events), str(rows)]
        ours = answer_of("our own timing", words, {"NUMBA_NUM_THREADS": "1"})
        progress(1, 2)
        theirs = answer_of("pyBKT's roster", [sys.executable, str(THEIRS)])
        progress(2, 2)
    median = ours["full"]["median_us"]
    return UpdateBenchmark(
        median_us=median,
        p99_us=ours["full"]["p99_us"],
        estimate_us=ours["full"]["estimate_us"],
        bkt_median_us=ours["bkt"]["median_us"],
        bkt_rows_per_s=ours["bkt_rows_per_s"],
        full_rows_per_s=ours["full_rows_per_s"],
        pybkt_us=theirs["default"],
        pybkt_serial_us=theirs["serial"],
        ratio_pybkt=theirs["default"] / median,
        ratio_pybkt_serial=theirs["serial"] / median,
        levels=ours["levels"],
        nodes=ours["nodes"],
        rows=ours["rows"],
    )
