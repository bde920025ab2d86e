"""Maximally diverse grouping: an independent check of the heuristic (`anneal`).

n elements into m groups, so that the distances inside groups sum to the most. Instances as
those of Gallego, Laguna, Martí & Duarte (2013): *RanInt* distances are whole numbers from 0 to
100, *Geo* those of points in up to 21 dimensions; groups have one size (ss) or a range (ds).
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.board import Floats
from engine.groups.solver import Problem, anneal, plain_problem, warm_up

SHAPES = {30: (5, 5, 10), 60: (6, 7, 14), 120: (10, 8, 16)}
"""Elements → groups, and the fewest and most elements of a group of type *ds*, as published."""
SIDE = 10.0
DIMENSIONS = (2, 21)
PROBE_STEPS = 100_000
"""Moves by which the speed of this machine is measured."""
SHORT_SEEDS = 2
"""Runs that share the time of the short one: one alone may end in a bad corner."""
LONG_SEEDS = 4
"""Runs from different starts among which the best known is found."""


@dataclass(frozen=True, slots=True)
class Diverse:
    """One instance: what `seconds` of annealing reach, the best known, and how far below it.

    `best` is the best of the short run and of all long ones.
    """

    name: str
    elements: int
    seconds: float
    found: float
    best: float
    below: float


def diverse(each: int, seconds: float, long_seconds: float) -> Iterator[Diverse]:
    """Yield `each` instances of every size and kind, solved briefly and at length."""
    warm_up()
    for elements in SHAPES:
        for kind in ("RanInt", "Geo"):
            for sizes in ("ss", "ds"):
                for number in range(each):
                    name = f"{kind}_n{elements:03d}_{sizes}_{number + 1:02d}"
                    problem = instance(kind, elements, sizes, number)
                    yield _compared(name, problem, seconds, long_seconds)


def instance(kind: str, elements: int, sizes: str, number: int) -> Problem:
    """Draw an instance; the same arguments draw the same."""
    rng = np.random.default_rng([elements, number, len(kind), len(sizes)])
    groups, least, most = SHAPES[elements]
    if sizes == "ss":
        least = most = elements // groups
    return plain_problem(
        np.zeros((elements, 1)),
        repeat=-_distances(kind, elements, rng),
        least=np.array([least]),
        most=np.array([most]),
        fewest=groups,
        largest=groups,
    )


def _distances(kind: str, elements: int, rng: np.random.Generator) -> Floats:
    if kind == "RanInt":
        upper = np.triu(rng.integers(0, 101, (elements, elements)), 1).astype(np.float64)
        drawn: Floats = upper + upper.T
        return drawn
    points = rng.uniform(0, SIDE, (elements, int(rng.integers(*DIMENSIONS, endpoint=True))))
    away: Floats = np.linalg.norm(points[:, None, :] - points, axis=2)
    return away


def _compared(name: str, problem: Problem, seconds: float, long_seconds: float) -> Diverse:
    began = time.perf_counter()
    anneal(problem, PROBE_STEPS, LONG_SEEDS + 1)
    a_second = PROBE_STEPS / (time.perf_counter() - began)
    began = time.perf_counter()
    steps = int(0.8 * seconds * a_second / SHORT_SEEDS)
    found = max(_worth(problem, steps, LONG_SEEDS + seed) for seed in range(SHORT_SEEDS))
    took = time.perf_counter() - began
    steps = int(long_seconds * a_second / LONG_SEEDS)
    best = max(found, *(_worth(problem, steps, seed) for seed in range(LONG_SEEDS)))
    return Diverse(name, problem.blocks, took, found, best, (best - found) / best)


def _worth(problem: Problem, steps: int, seed: int) -> float:
    division = anneal(problem, steps, seed)
    return -np.inf if division is None else division.worth
