"""`footpath bench groups`: are groups optimal, how fast, and how good beside the usual ones."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.groups.solver import Effort, faults, solve, warm_up
from experiments.grouping.diverse import Diverse, diverse
from experiments.grouping.instances import Instance, real_instances, simulated_instances
from experiments.grouping.matchings import matchings_equal
from experiments.grouping.rounds import OURS, TenRounds, ten_rounds
from experiments.grouping.usual import WAYS, classroom, judge

CLASS = 30
LARGE = {120: 9.0, 300: 55.0}
"""Students → seconds allowed: a grade, and more than are ever divided at once. A step that has
begun is ended, so that little more is taken: the promise is 10 and 60."""
CLASS_SECONDS = 10.0
"""Allowed for a class, so that what takes longer than the promised two seconds is seen."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Solved:
    """How one kind of instances was solved.

    `proven` to optimality, `broken` rules in all divisions together, `worst_gap` between
    worth and bound as a share of the bound, times in seconds.
    """

    kind: str
    students: int
    instances: int
    proven: int
    broken: int
    worst_gap: float
    median_s: float
    max_s: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way of grouping: how far below the optimum, and rules broken, means an instance.

    `None` for the mix of purposes, which answers another question.
    """

    way: str
    below: float | None
    broken: float | None
    rounds: TenRounds


@dataclass(frozen=True, slots=True)
class GroupsBenchmark:
    """The figures; the first five are of simulated classes of 30 with 20 targets.

    `solved` tells each kind apart, larger ones and real classes too; `ways` compares the usual
    ways; `diverse` is the heuristic on maximally diverse grouping, `diverse_worst` its worst
    share below the best known up to 60 elements; `pairs_equal` of `pairs` matchings were best.
    """

    instances: int
    proven: int
    broken: int
    max_s: float
    median_s: float
    solved: list[Solved]
    ways: list[Way]
    diverse: list[Diverse]
    diverse_worst: float
    pairs: int
    pairs_equal: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is run.

    Instances of a class and of each `large` size; classes and rounds in which the ways are
    compared; instances of each diverse kind, and the seconds of a long run; pair cases.
    """

    instances: int = 40
    large: int = 2
    classes: int = 2
    rounds: int = 10
    diverse: int = 1
    long_seconds: float = 6.0
    pairs: int = 1_000


def bench_groups(
    extent: Extent, real: Path | None = None, progress: Progress = lambda _, __: None
) -> GroupsBenchmark:
    """Run everything; a default run takes a few minutes, most of them on the largest class."""
    warm_up()
    steps = 5
    classes = [*simulated_instances(extent.instances, CLASS)]
    parts = [_solved("simulated", classes, CLASS_SECONDS)]
    progress(1, steps)
    parts += [
        _solved("simulated", simulated_instances(extent.large, size), seconds)
        for size, seconds in LARGE.items()
        if extent.large
    ]
    if real is not None:
        parts.append(_solved(real.name, real_instances(real), CLASS_SECONDS))
    progress(2, steps)
    ways = _ways(classes, extent)
    progress(3, steps)
    diverged = [*diverse(extent.diverse, 1.0, extent.long_seconds)]
    progress(4, steps)
    equal = matchings_equal(extent.pairs)
    progress(5, steps)
    first = parts[0]
    return GroupsBenchmark(
        first.instances, first.proven, first.broken, first.max_s, first.median_s, parts, ways,
        diverged, max((d.below for d in diverged if d.elements <= 60), default=0.0),
        extent.pairs, equal,
    )  # fmt: skip


def _solved(kind: str, instances: Iterable[Instance], seconds: float) -> Solved:
    gaps, times, proven, broken, most = [], [], 0, 0, 0
    for instance in instances:
        problem = instance.assembled().problem
        found = solve(problem, Effort(seconds, time.perf_counter))
        gaps.append(found.gap)
        times.append(found.seconds)
        proven += found.proven
        most = max(most, len(instance.board.students))
        if found.division is not None:
            broken += faults(problem, found.division.columns, found.division.alone)
    return Solved(
        kind, most, len(times), proven, broken, max(gaps, default=0.0),
        statistics.median(times or [0.0]), max(times, default=0.0),
    )  # fmt: skip


def _ways(instances: Iterable[Instance], extent: Extent) -> list[Way]:
    """Judge every way by the problem of each class that reteaches, and over the rounds."""
    below: dict[str, list[float]] = {way: [] for way in (*OURS, *WAYS)}
    broken: dict[str, list[int]] = {way: [] for way in (*OURS, *WAYS)}
    for instance in instances:
        problem = instance.assembled().problem
        best = solve(problem, Effort(CLASS_SECONDS, time.perf_counter)).division
        if best is None or instance.asked.rules.purposes != ("reteach",):
            continue
        below[OURS[0]].append(0.0)
        broken[OURS[0]].append(faults(problem, best.columns, best.alone))
        room = classroom(instance)
        for way, divide in WAYS.items():
            judged = judge(room, divide(room, np.random.default_rng(0)))
            below[way].append(1 - judged.objective / best.worth)
            broken[way].append(judged.broken)
    played = ten_rounds(extent.classes, extent.rounds) if extent.classes else []
    return [Way(row.way, _mean(below[row.way]), _mean(broken[row.way]), row) for row in played]


def _mean(numbers: Sequence[float]) -> float | None:
    return float(np.mean(numbers)) if numbers else None
