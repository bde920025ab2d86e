"""`footpath bench full` and `footpath bench scale`: time and memory of our own fits.

Each fit runs in a process of its own, so that its peak memory is its own.
"""

import os
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from experiments.children import answer_of

REPEATS = 3
SMALLEST = 10_000
"""Responses of the smallest simulated log; each next one is ten times as long."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FitTime:
    """One fit: `wall_s` and `cpu_s` of the call, `peak_mb` of its whole process (MiB).

    `passes` over the data that an optimiser made, 0 for plain BKT; `us_per_row` is CPU time, of
    one pass where there are passes.
    """

    model: str
    rows: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    passes: int

    @property
    def us_per_row(self) -> float:
        """CPU microseconds a response, and a pass."""
        return 1e6 * self.cpu_s / self.rows / max(self.passes, 1)


@dataclass(frozen=True, slots=True)
class FullFitBenchmark:
    """Medians of the runs of the full model's fit on one log, with as many `cores` as stated."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    passes: int
    responses: int
    cores: int
    repeats: int


def bench_full(
    data: Path, repeats: int = REPEATS, progress: Progress = lambda _, __: None
) -> FullFitBenchmark:
    """Fit the full model to a response log, so many times."""
    runs = []
    for repeat in range(repeats):
        runs.append(_timed("full", str(data)))
        progress(repeat + 1, repeats)
    return FullFitBenchmark(
        wall_s=statistics.median(run.wall_s for run in runs),
        cpu_s=statistics.median(run.cpu_s for run in runs),
        peak_mb=max(run.peak_mb for run in runs),
        passes=runs[0].passes,
        responses=runs[0].rows,
        cores=len(os.sched_getaffinity(0)),
        repeats=repeats,
    )


def bench_scale(
    most_bkt: int, most_full: int, progress: Progress = lambda _, __: None
) -> list[FitTime]:
    """Fit both models to simulated logs, each ten times as long as the one before."""
    wanted = [("bkt", n) for n in sizes(most_bkt)] + [("full", n) for n in sizes(most_full)]
    found = []
    for done, (model, rows) in enumerate(wanted):
        found.append(_timed(model, str(rows)))
        progress(done + 1, len(wanted))
    return found


def sizes(most: int) -> Iterator[int]:
    """Yield the sizes up to the largest."""
    size = SMALLEST
    while size <= most:
        yield size
        size *= 10


def _timed(model: str, source: str) -> FitTime:
    words = [sys.executable, "-m", "experiments.fit_timing", model, source]
    return FitTime(**answer_of("our own fit", words))
