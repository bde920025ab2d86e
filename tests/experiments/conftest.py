import numpy as np
import pytest

from models import ResponseLog


def make_log(students: int = 80, targets: int = 4, length: int = 6, seed: int = 5) -> ResponseLog:
    """A log of learners who do improve: one target a row but for every fifth row, with two."""
    rng = np.random.default_rng(seed)
    rows = students * targets * length
    student = np.repeat(np.arange(students), targets * length)
    main = np.tile(np.repeat(np.arange(targets), length), students)
    step = np.tile(np.arange(length), students * targets)
    ability = rng.normal(0, 1, students)[student]
    chance = 1 / (1 + np.exp(-(ability + 0.3 * step - 0.5 * main)))
    double = np.arange(rows) % 5 == 0
    counts = 1 + double
    offset = np.concatenate(([0], np.cumsum(counts)))
    flat = np.repeat(main, counts)
    flat[offset[:-1][double] + 1] = (main[double] + 1) % targets
    return ResponseLog(
        students=tuple(f"s{i}" for i in range(students)),
        items=tuple(f"i{i}" for i in range(10)),
        targets=tuple(f"t{i}" for i in range(targets)),
        student=student,
        item=rng.integers(0, 10, rows),
        score=(rng.random(rows) < chance).astype(np.float64),
        weight=np.ones(rows),
        time=np.full(rows, np.nan),
        offset=offset,
        target=flat,
    )


@pytest.fixture(scope="session")
def log() -> ResponseLog:
    return make_log()
