"""`footpath bench recommend`: choices for one student and for a district, and how they grow.

Every timing runs in a process of its own. Each claim is printed with its figure, kept or not.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

from experiments.children import answer_of

ONE_MS, BATCH_S, GROWTH = 2.0, 60.0, 1.1
"""What is claimed: one student, a district, and how steep cost may grow (1: in proportion)."""
ONE_SIZES = ((250, 1_250), (500, 2_500), (1_000, 5_000))
TARGETS, TASKS = 300, 1_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class OneTime:
    """One student: `median_ms` and `p95_ms` of choices with reasons, asked for a second time.

    `cpu_ms` is the mean without waiting for a busy machine; `new_board_ms` the median of the
    first time, which has in it what a new board works out at its first use.
    """

    targets: int
    tasks: int
    median_ms: float
    cpu_ms: float
    p95_ms: float
    new_board_ms: float


@dataclass(frozen=True, slots=True)
class BatchTime:
    """A district: `wall_s` from drawn estimates to slates, `cpu_s` of the engine in all.

    `chosen` options in all slates; `peak_mb` of all processes (MiB).
    """

    students: int
    wall_s: float
    cpu_s: float
    chosen: int
    peak_mb: float

    @property
    def us_per_student(self) -> float:
        """CPU microseconds in the engine for each student."""
        return 1e6 * self.cpu_s / self.students


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed, what was found, and whether the claim was kept."""

    claim: str
    found: float
    kept: bool


@dataclass(frozen=True, slots=True)
class RecommendBenchmark:
    """The figures.

    `one_ms` (with a new board: nothing of this student worked out before) and `batch_s` at the
    largest size, `students`, `targets` and `tasks` of the batch,
    its `peak_mb` and `processes` · `one_growth`, `batch_growth`: by which power of the size the
    CPU time grows (1: in proportion) · `ratio_plain` how many times slower plain Python over
    networkx is for the same slates, `plain_equal` of `plain_students` equal ones.
    """

    one_ms: float
    batch_s: float
    students: int
    targets: int
    tasks: int
    peak_mb: float
    processes: int
    one_growth: float
    batch_growth: float
    ours_ms: float
    plain_ms: float
    ratio_plain: float
    plain_equal: int
    plain_students: int
    one: list[OneTime]
    batch: list[BatchTime]
    claims: list[Claim]


def bench_recommend(
    students: int = 100_000, processes: int = 2, progress: Progress = lambda _, __: None
) -> RecommendBenchmark:
    """Run the benchmark; the district is timed at a tenth, at three tenths and whole."""
    sizes = [students // 10, 3 * students // 10, students]
    steps, one, batch = len(ONE_SIZES) + len(sizes) + 1, [], []
    for targets, tasks in ONE_SIZES:
        one.append(OneTime(targets, tasks, **_timed("one", targets, tasks)))
        progress(len(one), steps)
    for size in sizes:
        done = _timed("batch", size, TARGETS, TASKS, processes)
        seconds = done["wall_s"], done["cpu_s"]
        batch.append(BatchTime(size, *seconds, int(done["chosen"]), done["peak_mb"]))
        progress(len(one) + len(batch), steps)
    plain = _timed("plain", TARGETS, TASKS)
    progress(steps, steps)
    return judged(one, batch, plain, processes)


def judged(
    one: list[OneTime], batch: list[BatchTime], plain: dict[str, float], processes: int
) -> RecommendBenchmark:
    """Put the timings together, the largest last, and hold them against what is claimed."""
    one_growth = growth([(o.targets, o.cpu_ms) for o in one])
    batch_growth = growth([(b.students, b.cpu_s) for b in batch])
    return RecommendBenchmark(
        one_ms=one[-1].new_board_ms,
        batch_s=batch[-1].wall_s,
        students=batch[-1].students,
        targets=TARGETS,
        tasks=TASKS,
        peak_mb=batch[-1].peak_mb,
        processes=processes,
        one_growth=one_growth,
        batch_growth=batch_growth,
        ours_ms=plain["ours_ms"],
        plain_ms=plain["plain_ms"],
        ratio_plain=plain["plain_ms"] / plain["ours_ms"],
        plain_equal=int(plain["equal"]),
        plain_students=int(plain["students"]),
        one=one,
        batch=batch,
        claims=[
            _claim("one student, ms", one[-1].new_board_ms, ONE_MS),
            _claim("the district, s", batch[-1].wall_s, BATCH_S),
            _claim("growth with targets and tasks, power", one_growth, GROWTH),
            _claim("growth with students, power", batch_growth, GROWTH),
            _claim("slates unlike those of plain Python", plain["students"] - plain["equal"], 0),
        ],
    )


def growth(points: list[tuple[float, float]]) -> float:
    """Return the slope of cost over size, both in logarithms, from the first point to the last."""
    (size, cost), (last_size, last_cost) = points[0], points[-1]
    return math.log(last_cost / cost) / math.log(last_size / size)


def _claim(what: str, found: float, most: float) -> Claim:
    return Claim(f"{what} (at most {most:g})", found, found <= most)


def _timed(what: str, *sizes: int) -> dict[str, float]:
    words = [sys.executable, "-m", "experiments.recommending.timing", what, *map(str, sizes)]
    return answer_of(f"the timing of {what}", words, {"OMP_NUM_THREADS": "1"})
