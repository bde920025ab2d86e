"""Responses of every kind: at random, and as a known model gives them."""

import numpy as np

from models.full import Responses
from models.full.arrays import Floats

TARGETS = ("add", "carry", "divide")
SCALES = {"rubric4": 4, "pass": 2, "five": 5}


def judged_log(rng: np.random.Generator, students: int) -> Responses:
    """Random responses, a third of them judged on a rubric, the others scores of any weight."""
    lengths = rng.integers(2, 14, students)
    student = np.repeat(np.arange(students), lengths)
    n = len(student)
    chosen = [rng.choice(3, size=rng.integers(1, 3), replace=False) for _ in range(n)]
    scale = rng.integers(0, 3, n)
    sizes = np.array(list(SCALES.values()))[scale]
    level = np.where(rng.random(n) < 0.4, rng.integers(1, sizes + 1), 0)
    score = np.where(level > 0, (level - 1) / (sizes - 1), rng.choice([0.0, 0.3, 1.0], n))
    return Responses(
        student,
        rng.integers(0, 6, n),
        np.concatenate([[0], np.cumsum([len(c) for c in chosen])]),
        np.concatenate(chosen),
        score,
        rng.choice([0.15, 1.0, 2.7], n),
        np.full(n, np.nan),
        level,
        np.where(level > 0, scale, -1),
    )


def simulated(
    rng: np.random.Generator, students: int, rubric: Floats | None = None, length: int = 24
) -> Responses:
    """Two-level learners of different ability; with `rubric`, half is judged at its thresholds."""
    n = students * length
    student, target = np.repeat(np.arange(students), length), rng.integers(0, 3, n)
    level, score = np.zeros(n, np.int64), np.zeros(n)
    ability = rng.normal(size=students)
    known = rng.random((students, 3)) < 0.4
    judged = rng.random(n) < (0.5 if rubric is not None else 0.0)
    for r in range(n):
        s, t = student[r], target[r]
        eta = (1.8 if known[s, t] else -1.2) + 0.6 * ability[s]
        score[r] = rng.random() < 1 / (1 + np.exp(-eta))
        if rubric is not None and judged[r]:
            reached = 1 / (1 + np.exp(rubric - eta)) > rng.random()
            level[r] = 1 + reached.sum()
            score[r] = (level[r] - 1) / len(rubric)
        known[s, t] |= rng.random() < 0.1
    return Responses(
        student,
        rng.integers(0, 6, n),
        np.arange(n + 1),
        target,
        score,
        np.ones(n),
        np.full(n, np.nan),
        level,
        np.where(judged, 0, -1),
    )
