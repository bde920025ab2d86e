"""A drawn district: a layered curriculum of any size, and where its students stand."""

import numpy as np

from engine import Board, Layout, Policy, Seen, Wishes
from engine.board import DEFAULT_BAR, Floats
from graphs import Curriculum, Edge, Framework, LearningTarget, Task

LAYERS = 20
"""Layers of prerequisites, whatever the size: a deep curriculum of several years."""
FORMATS = ("", "paper", "screen", "talk")
KINDS = ("quiz_item", "exit_ticket", "performance_task")
INTERESTS = ("music", "sports", "animals", "space", "cooking")
NOW = 1_800_000_000.0
DAY = 86_400.0


def curriculum(targets: int, tasks: int, rng: np.random.Generator) -> Curriculum:
    """Draw a curriculum whose targets build on one or two of the layer before.

    Every fifth task is on two neighbouring targets. No two tasks take equally long, so that
    which one is better never hangs on rounding.
    """
    names = [f"t{i}" for i in range(targets)]
    edges = [
        Edge(names[p], names[t])
        for layer in range(1, LAYERS)
        for t in _members(layer, targets)
        for p in rng.choice(
            _members(layer - 1, targets), min(2, len(_members(layer - 1, targets))), replace=False
        )
    ]
    place, minutes = rng.integers(0, targets, tasks), rng.uniform(4, 40, tasks)
    drawn = tuple(
        Task(
            f"task{i}",
            f"Task {i}",
            (names[place[i]], names[(place[i] + 1) % targets])[: 2 if i % 5 == 0 else 1],
            KINDS[rng.integers(len(KINDS))],
            FORMATS[rng.integers(len(FORMATS))],
            tuple(rng.choice(INTERESTS, rng.integers(3), replace=False).tolist()),
            float(minutes[i]),
        )
        for i in range(tasks)
    )
    learning = tuple(LearningTarget(name, name.upper()) for name in names)
    return Curriculum(Framework("drawn", "Drawn", learning, tasks=drawn), tuple(edges))


def _members(layer: int, targets: int) -> range:
    return range(layer * targets // LAYERS, (layer + 1) * targets // LAYERS)


def board(layout: Layout, students: range, rng: np.random.Generator) -> Board:
    """Draw the estimates of some students, each somewhere between the first layer and the last."""
    shape = (len(students), len(layout.curriculum.graph))
    reached = rng.uniform(0, LAYERS, (shape[0], 1))
    away = reached - np.arange(shape[1]) * LAYERS / max(shape[1], 1)
    p: Floats = 1 / (1 + np.exp(-2 * away - rng.standard_normal(shape)))
    count = np.where(away > -1, rng.integers(0, 12, shape), 0).astype(np.float64)
    learned = np.minimum(p + 0.3 * (rng.random(shape) < 0.1), 1.0)
    enough = count >= Policy().min_evidence
    return Board(
        layout=layout,
        policy=Policy(),
        students=tuple(f"s{i}" for i in students),
        p=p,
        learned=learned,
        retrievable=p * rng.uniform(0.7, 1, shape),
        count=count,
        p_right=0.25 + 0.65 * p,
        p_next=p + 0.15 * (1 - p),
        last=np.where(count > 0, NOW - rng.integers(0, 60, shape) * DAY, np.nan),
        bar=DEFAULT_BAR,
        seen=Seen(enough, enough & (learned >= DEFAULT_BAR)),
        today=np.zeros(shape, dtype=np.int8),
        rights=np.minimum(rng.integers(0, 5, shape), count).astype(np.int8),
        now=NOW,
    )


def wishes(layout: Layout, students: int, rng: np.random.Generator) -> list[Wishes]:
    """Draw what students wish: half have a goal, all an interest, every tenth extra time."""
    targets = layout.curriculum.graph.targets
    goal = rng.integers(0, 2 * len(targets), students).tolist()
    liked = rng.integers(0, len(INTERESTS), students).tolist()
    return [
        Wishes(
            targets[goal[i]] if goal[i] < len(targets) else None,
            interests=(INTERESTS[liked[i]],),
            extra_time=1.5 if i % 10 == 0 else 1.0,
        )
        for i in range(students)
    ]
