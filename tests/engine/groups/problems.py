"""Random small problems, and their optimum found by trying every division."""

import math
import time
from collections.abc import Iterator

import numpy as np

from engine.groups.solver import Column, Effort, Problem, faults, objective, plain_problem
from engine.groups.solver.problem import broken

UNHURRIED = Effort(60.0, time.perf_counter)


def drawn_problem(seed: int, blocks: int | None = None) -> Problem:
    """Draw a small problem in which every kind of rule occurs, and many cannot be kept."""
    rng = np.random.default_rng(seed)
    count, aims = blocks or int(rng.integers(1, 7)), int(rng.integers(1, 4))
    value = np.round(rng.random((count, aims)), 1 if seed % 3 else 3)
    value[rng.random((count, aims)) < rng.choice([0.0, 0.3])] = -np.inf
    size = np.where(rng.random(count) < 0.15, 2, 1)
    alone = np.where(rng.random(count) < rng.choice([0.0, 0.5, 1.0]), -0.5, -np.inf)
    least = rng.integers(1, 4, aims)
    return plain_problem(
        value,
        alone=alone,
        repeat=_pairs(rng, count, 0.4) * 0.3,
        size=size,
        low=np.minimum((rng.random(count) < 0.4).astype(np.int64), size),
        leads=rng.integers(0, 2, (count, aims)),
        least=least,
        most=least + rng.integers(0, 4, aims),
        led=rng.random(aims) < 0.25,
        adult=rng.random(aims) < 0.5,
        apart=_pairs(rng, count, 0.15) > 0,
        low_cap=float(rng.choice([0.5, 0.6, 1.0])),
        fewest=int(rng.choice([0, 0, 1, 2])),
        largest=int(rng.choice([1, 2, 3, count])),
        adults=int(rng.choice([0, 1, count])),
    )


def _pairs(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    drawn = np.round(rng.random((count, count)), 1) + 0.1
    upper = np.triu(drawn * (rng.random((count, count)) < share), 1)
    return upper + upper.T


def best_by_trying(problem: Problem) -> float | None:
    """Return the worth of the best division, found by trying all; `None` when there is none."""
    best = None
    for parts in partitions(problem.blocks):
        for columns, alone in _with_aims(problem, parts):
            if not faults(problem, columns, alone):
                worth = objective(problem, columns, alone)
                best = worth if best is None else max(best, worth)
    return best


def partitions(count: int) -> Iterator[list[list[int]]]:
    """Yield every way to part 0 … count − 1 into sets."""
    if count == 0:
        yield []
        return
    for parts in partitions(count - 1):
        for i in range(len(parts)):
            yield [*parts[:i], [*parts[i], count - 1], *parts[i + 1 :]]
        yield [*parts, [count - 1]]


def _with_aims(
    problem: Problem, parts: list[list[int]]
) -> Iterator[tuple[list[Column], list[int]]]:
    if not parts:
        yield [], []
        return
    first, *rest = parts
    options = [Column(aim, tuple(first)) for aim in range(problem.aims)]
    allowed = [column for column in options if not broken(problem, column)]
    for columns, alone in _with_aims(problem, rest):
        for column in allowed:
            yield [column, *columns], alone
        if len(first) == 1 and math.isfinite(problem.alone[first[0]]):
            yield columns, [*first, *alone]
