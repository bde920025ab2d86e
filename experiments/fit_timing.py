"""Time one of our own fits in a process of its own, so that its peak memory is its own, as JSON.

`python -m experiments.fit_timing MODEL LOG`: MODEL is bkt or full, LOG a response log, or a
number of responses to simulate.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from models import ResponseLog, read_log
from models.fitting import fit_bkt
from models.full import FullConfig
from models.full import fit as fit_responses
from models.full.training import item_names, responses

SEED = 1
COURSE, TARGETS, ITEMS = 200, 100, 1_000
"""Responses of a simulated student, targets and items: a year on a platform."""
WARM = 2_000
"""Responses of the fit that compiles everything before the clock runs."""
KIB = 1024


def learners(rows: int) -> ResponseLog:
    """Return a log of students of different ability who come to know target after target."""
    rng = np.random.default_rng(SEED)
    students = max(rows // COURSE, 1)
    ability, hard = rng.normal(size=students), rng.normal(0, 0.7, ITEMS)
    known = rng.random((students, TARGETS)) < 0.3
    item = rng.integers(0, ITEMS, (students, COURSE))
    target, who = item % TARGETS, np.arange(students)
    score = np.empty((students, COURSE))
    for step in range(COURSE):
        t = target[:, step]
        knows = known[who, t]
        logit = np.where(knows, 1.8, -1.2) + 0.6 * ability - hard[item[:, step]]
        score[:, step] = rng.random(students) < 1 / (1 + np.exp(-logit))
        known[who, t] = knows | (rng.random(students) < 0.15)
    n = students * COURSE
    return ResponseLog(
        students=tuple(map(str, range(students))),
        items=tuple(map(str, range(ITEMS))),
        targets=tuple(map(str, range(TARGETS))),
        student=np.repeat(who, COURSE),
        item=item.ravel(),
        score=score.ravel(),
        weight=np.ones(n),
        time=np.full(n, np.nan),
        offset=np.arange(n + 1),
        target=target.ravel(),
    )


def fit_plain(log: ResponseLog) -> int:
    """Fit plain BKT; how often it looked at the data is not told."""
    fit_bkt(log, aim="likelihood")
    return 0


def fit_full(log: ResponseLog, most: int = 150) -> int:
    """Fit the full model as `evaluate` does; returns how often it looked at all of the data."""
    config = replace(FullConfig(), max_iterations=most)
    found = fit_responses(responses(log), log.targets, item_names(log), config, (), log.scales)
    return found.evaluations


FITS: dict[str, Callable[[ResponseLog], int]] = {"bkt": fit_plain, "full": fit_full}


def main() -> None:
    """Print seconds, peak memory and size as one line of JSON."""
    model, source = sys.argv[1], sys.argv[2]
    fit = FITS[model]
    fit(learners(WARM))
    log = learners(int(source)) if source.isdigit() else read_log(Path(source))
    wall, cpu = time.perf_counter(), time.process_time()
    passes = fit(log)
    answer = {
        "model": model,
        "rows": len(log),
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB,
        "passes": passes,
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
