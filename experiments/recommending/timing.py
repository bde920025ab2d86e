"""One timing of choices in a process of its own, as one line of JSON.

`python -m experiments.recommending.timing one TARGETS TASKS`, or
`… batch STUDENTS TARGETS TASKS PROCESSES`, or `… plain TARGETS TASKS`.
"""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from engine import Board, Layout, Wishes, choices, slates
from experiments.recommending.district import board, curriculum, wishes
from experiments.recommending.plain import learner, plain_slate

SEED = 22
CALLS = 300
"""Calls of which the median is told, each for another student."""
CHUNK = 1_000
"""Students on one board: some 50 MB at 300 targets, whatever the size of the district."""
PLAIN = 20
"""Students that plain Python is given: it needs milliseconds for each."""
KIB = 1024


def one(targets: int, tasks: int) -> dict[str, float]:
    """Time `choices`, score, slate and reasons, for one student; the board is given."""
    layout, rng = _layout(targets, tasks), np.random.default_rng(SEED)
    boards = [board(layout, range(i, i + 1), rng) for i in range(CALLS)]
    asked = wishes(layout, CALLS, rng)
    cited = {t: [f"{t}-{i}" for i in range(5)] for t in layout.curriculum.graph.targets}
    _timed(boards, asked, lambda at, wish: choices(at, at.students[0], wish, cited))  # compiles
    fresh = [board(layout, range(i, i + 1), rng) for i in range(CALLS)]
    cold = _timed(fresh, asked, lambda at, wish: choices(at, at.students[0], wish, cited))
    cpu = time.thread_time()
    warm = _timed(fresh, asked, lambda at, wish: choices(at, at.students[0], wish, cited))
    cpu = time.thread_time() - cpu
    return {
        "median_ms": 1e3 * statistics.median(warm),
        "cpu_ms": 1e3 * cpu / CALLS,
        "p95_ms": 1e3 * float(np.quantile(warm, 0.95)),
        "new_board_ms": 1e3 * statistics.median(cold),
    }


def plain(targets: int, tasks: int) -> dict[str, float]:
    """Time our slates and those of plain Python for the same students; count equal ones."""
    layout, rng = _layout(targets, tasks), np.random.default_rng(SEED)
    whole, asked = board(layout, range(PLAIN), rng), wishes(layout, PLAIN, rng)
    options = {option.id: option for option in layout.options}
    slates(whole, asked)
    begun = time.perf_counter()
    ours = slates(whole, asked).option
    taken = time.perf_counter() - begun
    equal, theirs = 0, []
    for row, student in enumerate(whole.students):
        who = learner(whole, student)
        begun = time.perf_counter()
        picked = plain_slate(who, options, asked[row])
        theirs.append(time.perf_counter() - begun)
        equal += picked == [layout.options[o].id for o in ours[row] if o >= 0]
    return {
        "ours_ms": 1e3 * taken / PLAIN,
        "plain_ms": 1e3 * statistics.fmean(theirs),
        "equal": equal,
        "students": PLAIN,
    }


def batch(students: int, targets: int, tasks: int, processes: int) -> dict[str, float]:
    """Time the slates of a district: boards made of estimates, and whole slates.

    Drawing the estimates stands for reading them and is timed too, but not in the engine's
    `cpu_s`.
    """
    spawn = get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, _prepare, (targets, tasks)) as pool:
        list(pool.map(_chunk, [range(1)] * 4 * processes))  # every process has compiled and warmed
        parts = [range(i, min(i + CHUNK, students)) for i in range(0, students, CHUNK)]
        begun = time.perf_counter()
        done = list(pool.map(_chunk, parts))
        wall = time.perf_counter() - begun
    return {
        "wall_s": wall,
        "cpu_s": sum(cpu for cpu, _, _, _ in done),
        "chosen": sum(chosen for _, chosen, _, _ in done),
        "peak_mb": sum({process: peak for _, _, process, peak in done}.values()),
    }


_prepared: list[Layout] = []


def _prepare(targets: int, tasks: int) -> None:
    _prepared.append(_layout(targets, tasks))


def _chunk(students: range) -> tuple[float, int, int, float]:
    """Return (CPU seconds in the engine, choices made, which process, its peak in MiB)."""
    (layout,) = _prepared
    rng = np.random.default_rng((SEED, students.start))
    drawn, asked = board(layout, students, rng), wishes(layout, len(students), rng)
    begun = time.process_time()
    found = slates(drawn, asked)
    taken = time.process_time() - begun
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return taken, int((found.option >= 0).sum()), os.getpid(), usage.ru_maxrss / KIB


def _layout(targets: int, tasks: int) -> Layout:
    return Layout(curriculum(targets, tasks, np.random.default_rng(SEED)))


def _timed(
    boards: list[Board], asked: list[Wishes], call: Callable[[Board, Wishes], object]
) -> list[float]:
    found = []
    for at, wish in zip(boards, asked, strict=True):
        begun = time.perf_counter()
        call(at, wish)
        found.append(time.perf_counter() - begun)
    return found


if __name__ == "__main__":
    what, *sizes = sys.argv[1:]
    timings: dict[str, Callable[..., dict[str, float]]] = {
        "one": one, "batch": batch, "plain": plain,
    }  # fmt: skip
    json.dump(timings[what](*map(int, sizes)), sys.stdout)
