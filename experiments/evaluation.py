"""Leak-free evaluation: split by student, one row a response, predict before learning."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import log_loss, roc_auc_score

from experiments.tracers import Tracer
from graphs import InvalidInput
from models.log import Floats, ResponseLog

BINS = 10
"""Bins of the calibration error, of equal count: the usual number, and enough to see a bend."""
BOOTSTRAP_DRAWS = 300
"""Draws of a bootstrap: the ends of a 95 % interval then stand on seven draws each."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Metrics:
    """How well responses were predicted.

    `auc` over all rows, `auc_first` over each student's first response on its targets (cold
    start), `log_loss` in nats, `rmse`, `ece` the expected calibration error of ten bins.
    An AUC is NaN where all rows have the same outcome.
    """

    auc: float
    auc_first: float
    log_loss: float
    rmse: float
    ece: float
    rows: int
    students: int


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
) -> Floats:
    """Return P(right) of every row whose student has a fold ≥ 0; NaN elsewhere.

    Each fold is predicted by a fresh tracer that was fitted on all other students.
    """
    predicted = np.full(len(log), np.nan)
    numbers = sorted(set(fold[fold >= 0].tolist()))
    for done, number in enumerate(numbers, 1):
        test = fold[log.student] == number
        tracer = make()
        tracer.fit(log.where(~test))
        predicted[test] = tracer.predict(log.where(test))
        progress(done, len(numbers))
    return predicted


def measure(log: ResponseLog, predicted: Floats) -> Metrics:
    """Compare predictions with what happened, on the rows that were predicted.

    Partial scores count as right from .5 on for the AUC and the log loss.
    """
    rows = ~np.isnan(predicted)
    p, right = predicted[rows], log.score[rows] >= 0.5
    first = first_on_target(log)[rows]
    return Metrics(
        auc=_auc(right, p),
        auc_first=_auc(right[first], p[first]),
        log_loss=float(log_loss(right, np.clip(p, 1e-9, 1 - 1e-9), labels=[False, True])),
        rmse=float(np.sqrt(np.mean((log.score[rows] - p) ** 2))),
        ece=calibration_error(log.score[rows], p),
        rows=int(rows.sum()),
        students=len(np.unique(log.student[rows])),
    )


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
    by_student = np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place))[:-1])

    def difference(chosen: npt.NDArray[np.int64]) -> float:
        truth = right[chosen]
        mine, theirs = predicted[rows][chosen], other[rows][chosen]
        return _auc(truth, mine) - _auc(truth, theirs)

    drawn = [
        difference(
            np.concatenate([by_student[s] for s in rng.integers(0, len(students), len(students))])
        )
        for _ in range(draws)
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Difference(difference(np.arange(len(rows))), float(low), float(high))


def first_on_target(log: ResponseLog) -> npt.NDArray[np.bool_]:
    """Return bool[n]: whether none of a row's targets was met before by its student."""
    pair = np.repeat(log.student, np.diff(log.offset)) * len(log.targets) + log.target
    _, first = np.unique(pair, return_index=True)
    new = np.zeros(len(pair), dtype=np.int64)
    new[first] = 1
    met: npt.NDArray[np.bool_] = np.add.reduceat(new, log.offset[:-1]) == np.diff(log.offset)
    return met


def calibration_error(score: Floats, predicted: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error: mean |mean score − mean prediction| over bins."""
    order = np.argsort(predicted, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    gaps = [abs(score[i].mean() - predicted[i].mean()) * len(i) for i in parts]
    return float(sum(gaps) / len(order))


def _auc(right: npt.NDArray[np.bool_], predicted: Floats) -> float:
    if not 0 < right.sum() < len(right):
        return float("nan")
    return float(roc_auc_score(right, predicted))
