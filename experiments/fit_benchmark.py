"""`footpath bench fit`: our plain fit against pyBKT's, in one run, pinned to one core alike.

Both start from the same data frame, so ours includes the packing. The times are CPU seconds
of the fit call; log-likelihoods are those of one judge, the plain forward recursion.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.children import answer_of, one_core
from models.batch import Chains, fit_chains, log_likelihood, pack_frame

SEED, RESTARTS = 42, 5
"""pyBKT's default number of restarts; its seed only fixes which ones."""
REPEATS = 3
SAMPLE_RESPONSES = 3_000
"""Responses of the default sample: pyBKT as installed needs about 5 ms for each, three times."""
WITNESSES = 40
"""Restarts of the reference fit that ours is held against."""
TIMER = Path(__file__).parent / "pybkt_timing.py"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FitBenchmark:
    """The figures; a fitter is `{cpu_s, loglik}` or `None` when it was not run."""

    ours: dict[str, float]
    pybkt: dict[str, float]
    pybkt_cpp: dict[str, float] | None
    ratio_pybkt: float
    ratio_pybkt_cpp: float | None
    worst_target_deficit: float
    worst_target_deficit_to_best_of_40: float
    responses: int
    targets: int
    repeats: int
    ours_whole_log: dict[str, float]


def bench_fit(
    data: Path,
    *,
    full: bool = False,
    cpp_python: str | None = None,
    progress: Progress = lambda _, __: None,
) -> FitBenchmark:
    """Run the benchmark; `cpp_python` is an interpreter with pyBKT's C++ build, if there is one."""
    whole = _frame(data)
    frame = whole if full else _sample(whole)
    with one_core(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        frame.to_csv(path, index=False)
        _ours(frame)  # compiled and warm before the clock runs
        runs: dict[str, list[dict[str, Any]]] = {"ours": [], "pybkt": [], "cpp": [], "whole": []}
        for repeat in range(REPEATS):
            runs["ours"].append(_ours(frame))
            runs["whole"].append(_ours(whole))
            runs["pybkt"].append(_theirs(sys.executable, path))
            if cpp_python:
                runs["cpp"].append(_theirs(cpp_python, path))
            progress(repeat + 1, REPEATS)
    return _judged(frame, runs)


def _frame(data: Path) -> pd.DataFrame:
    frame = pd.read_csv(data, usecols=["student", "skill", "correct", "order"])
    # Plain names, because pyBKT reads a skill as a regular expression.
    frame["skill"] = [f"k{code:03d}" for code in pd.factorize(frame["skill"])[0]]
    return frame


def _sample(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep every so-manieth target by size, smallest and largest parts alike."""
    sizes = frame["skill"].value_counts()
    chosen: list[str] = []
    total = 0
    for skill in sizes.index[len(sizes) // 4 :: 7]:
        if total + sizes[skill] <= SAMPLE_RESPONSES:
            chosen.append(skill)
            total += int(sizes[skill])
    return frame[frame["skill"].isin(chosen)].reset_index(drop=True)


def _ours(frame: pd.DataFrame) -> dict[str, Any]:
    start = time.process_time()
    chains, names = _packed(frame)
    fitted = fit_chains(chains)
    seconds = time.process_time() - start
    return {"cpu_s": seconds, "parameters": dict(zip(names, fitted.parameters, strict=True))}


def _packed(frame: pd.DataFrame) -> tuple[Chains, list[str]]:
    chains, skills, _ = pack_frame(frame)
    return chains, [str(skill) for skill in skills]


def _theirs(python: str, path: Path) -> dict[str, Any]:
    return answer_of("pyBKT", [python, str(TIMER), str(path), str(SEED), str(RESTARTS)])


def _judged(frame: pd.DataFrame, runs: dict[str, list[dict[str, Any]]]) -> FitBenchmark:
    chains, names = _packed(frame)
    logliks = {
        name: log_likelihood(chains, np.array([run[0]["parameters"][k] for k in names]))
        for name, run in runs.items()
        if run and name != "whole"
    }
    best = np.maximum(fit_chains(chains, restarts=WITNESSES).loglik, logliks["ours"])
    rivals = [value for name, value in logliks.items() if name != "ours"]
    cpu = {name: statistics.median(r["cpu_s"] for r in each) for name, each in runs.items() if each}
    results = {name: {"cpu_s": cpu[name], "loglik": float(v.sum())} for name, v in logliks.items()}
    return FitBenchmark(
        ours=results["ours"],
        pybkt=results["pybkt"],
        pybkt_cpp=results.get("cpp"),
        ratio_pybkt=cpu["pybkt"] / cpu["ours"],
        ratio_pybkt_cpp=cpu["cpp"] / cpu["ours"] if "cpp" in cpu else None,
        worst_target_deficit=float(np.max([rival - logliks["ours"] for rival in rivals])),
        worst_target_deficit_to_best_of_40=float((best - logliks["ours"]).max()),
        responses=len(frame),
        targets=len(names),
        repeats=REPEATS,
        ours_whole_log={"cpu_s": cpu["whole"]},
    )
