"""Timing our own fits."""

from pathlib import Path

import numpy as np

from experiments.fit_timing import learners
from experiments.full_fit_benchmark import FitTime, bench_full, sizes


def test_a_log_is_fitted_and_its_cost_told(tmp_path: Path) -> None:
    rows = [f"s{s},i{i % 4},t{i % 2},{int(i > s)},{i}" for s in range(8) for i in range(9)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["student,item,skill,correct,order", *rows]) + "\n")
    found = bench_full(path, repeats=1)
    assert (found.responses, found.repeats) == (72, 1)
    assert found.passes > 1
    assert found.cpu_s > 0
    assert found.peak_mb > 50


def test_sizes_grow_tenfold_and_cost_is_by_response_and_pass() -> None:
    assert list(sizes(1_500_000)) == [10_000, 100_000, 1_000_000]
    assert FitTime("full", 1_000, 1.0, 0.5, 100.0, 50).us_per_row == 10.0


def test_simulated_learners_come_to_know_their_targets() -> None:
    log = learners(20_000)
    assert len(log) == 20_000
    half = np.arange(len(log)) % 200 < 100
    assert log.score[~half].mean() > log.score[half].mean() + 0.02
