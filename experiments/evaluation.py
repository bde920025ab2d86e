"""Leak-free evaluation: split by student, one row a response, predict before learning."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiments.tracers import Tracer
from graphs import InvalidInput
from models.log import Floats, ResponseLog
from models.measures import rank

BOOTSTRAP_DRAWS = 500
"""Draws of a bootstrap: each end of a 95 % interval then stands on a dozen draws."""
Progress = Callable[[int, int], None]


def student_folds(log: ResponseLog, folds: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the fold of each student, int64[students]: shuffled, then dealt in turn."""
    if not 2 <= folds <= len(log.students):
        raise InvalidInput(f"{folds} folds need at least as many students, and at least 2 folds")
    order = np.random.default_rng(seed).permutation(len(log.students))
    fold = np.empty(len(log.students), dtype=np.int64)
    fold[order] = np.arange(len(log.students)) % folds
    return fold


def split_by_column(log: ResponseLog, column: str) -> npt.NDArray[np.int64]:
    """Return the fold of each student from a published split: 0 where its cell is *test*.

    Raises `InvalidInput` when the column is missing, holds anything but *train* and *test*,
    or puts one student on both sides.
    """
    if column not in log.extra:
        raise InvalidInput(f"the data has no column {column!r}")
    cells = set(log.extra[column])
    if cells != {"train", "test"}:
        raise InvalidInput(f"the column {column!r} must hold train and test, not {sorted(cells)}")
    test = log.extra[column] == "test"
    share = np.bincount(log.student, test, len(log.students)) / np.bincount(
        log.student, minlength=len(log.students)
    )
    if ((share > 0) & (share < 1)).any():
        raise InvalidInput(f"the column {column!r} puts a student on both sides of the split")
    return np.where(share == 1, 0, -1)


def cross_predict(
    log: ResponseLog,
    fold: npt.NDArray[np.int64],
    make: Callable[[], Tracer],
    progress: Progress = lambda _, __: None,
    fitted: Callable[[Tracer], None] = lambda _: None,
) -> Floats:
    """Return P(right) of every row whose student has a fold ≥ 0; NaN elsewhere.

    Each fold is predicted by a fresh tracer that was fitted on all other students, and is
    then shown to `fitted`.
    """
    predicted = np.full(len(log), np.nan)
    numbers = sorted(set(fold[fold >= 0].tolist()))
    progress(0, len(numbers))
    for done, number in enumerate(numbers, 1):
        test = fold[log.student] == number
        tracer = make()
        tracer.fit(log.where(~test))
        predicted[test] = tracer.predict(log.where(test))
        fitted(tracer)
        progress(done, len(numbers))
    return predicted


@dataclass(frozen=True, slots=True)
class Difference:
    """AUC of one model minus AUC of another on the same rows, with a 95 % interval."""

    auc: float
    low: float
    high: float


def auc_difference(
    log: ResponseLog,
    predicted: Floats,
    other: Floats,
    rng: np.random.Generator,
    draws: int = BOOTSTRAP_DRAWS,
) -> Difference:
    """Compare two predictions of the same rows by a paired bootstrap over students.

    Students are drawn, not rows: responses of one student are not independent.
    """
    rows = np.flatnonzero(~np.isnan(predicted))
    right = log.score[rows] >= 0.5
    students, place = np.unique(log.student[rows], return_inverse=True)
    mine, theirs = rank(right, predicted[rows]), rank(right, other[rows])

    def drawn() -> float:
        times = np.bincount(rng.integers(0, len(students), len(students)), minlength=len(students))
        weight = times[place].astype(np.float64)
        return mine.auc(weight) - theirs.auc(weight)

    found = np.array([drawn() for _ in range(draws)])
    found = found[~np.isnan(found)]
    low, high = np.quantile(found, [0.025, 0.975]) if len(found) else (np.nan, np.nan)
    return Difference(mine.auc() - theirs.auc(), float(low), float(high))
