"""How well predicted chances of a right answer agree with what happened.

Pure functions over a response log and float64[n] predictions, in which NaN marks a row that
was not predicted. A partial score counts as right from .5 on wherever only right or wrong
will do (AUC, log loss).
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from models.log import Floats, Ints, Mask, ResponseLog

BINS = 10
"""Bins of the calibration error, of equal count: the usual number, and enough to see a bend."""
EVIDENCE_CELLS = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, None))
"""First and last number of earlier responses on the target, for each cell of evidence."""
HELD_OUT = 5
"""One student in five judges what the other four were fitted on."""


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


@dataclass(frozen=True, slots=True)
class Cell:
    """Predictions of like rows beside what happened: mean chance, mean score, calibration error.

    `ece` is the distance of the two means in a decile, the error of ten bins in a cell of
    evidence; in a cell without rows all three are NaN.
    """

    label: str
    rows: int
    predicted: float
    observed: float
    ece: float


@dataclass(frozen=True)
class Ranking:
    """Predictions sorted once: what an AUC needs, cheap to ask again under other weights.

    `order` int64[n] sorts the rows by prediction, `start` int64[g] is where each of the g
    distinct predictions begins in that order, `right` float64[n] is 0 or 1 in that order.
    """

    order: Ints
    start: Ints
    right: Floats

    def auc(self, weight: Floats | None = None) -> float:
        """Return P(a right row is ranked above a wrong one), a tie counting half.

        `weight` float64[n] says how often each row counts. NaN when all rows have one outcome.
        """
        counted = np.ones(len(self.order)) if weight is None else weight[self.order]
        if not len(counted):
            return float("nan")
        right = np.add.reduceat(counted * self.right, self.start)
        wrong = np.add.reduceat(counted * (1.0 - self.right), self.start)
        pairs = right.sum() * wrong.sum()
        won = right @ (np.cumsum(wrong) - 0.5 * wrong)
        return float(won / pairs) if pairs > 0 else float("nan")


def rank(right: Mask, predicted: Floats) -> Ranking:
    """Sort predictions of rows that turned out right or not."""
    order = np.argsort(predicted, kind="stable")
    step = np.diff(predicted[order], prepend=-np.inf) != 0
    return Ranking(order, np.flatnonzero(step), right[order].astype(np.float64))


def auc(right: Mask, predicted: Floats) -> float:
    """Return the area under the ROC curve; NaN when all rows have the same outcome."""
    return rank(right, predicted).auc()


def measure(log: ResponseLog, predicted: Floats) -> Metrics:
    """Compare predictions with what happened, on the rows that were predicted."""
    rows = ~np.isnan(predicted)
    p, score, first = predicted[rows], log.score[rows], practised_before(log)[rows] == 0
    right = score >= 0.5
    return Metrics(
        auc=auc(right, p),
        auc_first=auc(right[first], p[first]),
        log_loss=_log_loss(right, p),
        rmse=float(np.sqrt(np.mean((score - p) ** 2))),
        ece=calibration_error(score, p),
        rows=int(rows.sum()),
        students=students_predicted(log, predicted),
    )


def students_predicted(log: ResponseLog, predicted: Floats) -> int:
    """Return how many students have rows that were predicted."""
    return len(np.unique(log.student[~np.isnan(predicted)]))


def practised_before(log: ResponseLog) -> Ints:
    """Return int64[n]: the student's earlier responses on the most practised target of a row.

    0 is a first response in the strict sense: none of the row's targets was met before.
    """
    row = np.repeat(np.arange(len(log)), np.diff(log.offset))
    pair = log.student[row] * len(log.targets) + log.target
    order = np.argsort(pair, kind="stable")
    begin = np.diff(pair[order], prepend=-1) != 0
    place = np.arange(len(pair))
    earlier = np.empty(len(pair), dtype=np.int64)
    earlier[order] = place - np.maximum.accumulate(np.where(begin, place, 0))
    most: Ints = np.maximum.reduceat(earlier, log.offset[:-1]) if len(log) else earlier
    return most


def calibration_error(score: Floats, predicted: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error: mean |mean score − mean prediction| over bins."""
    if not len(score):
        return float("nan")
    gaps = [abs(score[i].mean() - predicted[i].mean()) * len(i) for i in _bins(predicted, bins)]
    return float(sum(gaps) / len(score))


def calibration_by_decile(log: ResponseLog, predicted: Floats) -> tuple[Cell, ...]:
    """Return ten cells of equal count, from the lowest predictions to the highest."""
    rows = np.flatnonzero(~np.isnan(predicted))
    p, score = predicted[rows], log.score[rows]
    return tuple(
        _cell(f"{p[i].min():.3f}–{p[i].max():.3f}", score[i], p[i], 1) for i in _bins(p, BINS)
    )


def calibration_by_evidence(log: ResponseLog, predicted: Floats) -> tuple[Cell, ...]:
    """Return a cell for each of `EVIDENCE_CELLS`: how much was known before the answer."""
    known, before = ~np.isnan(predicted), practised_before(log)
    cells = []
    for first, last in EVIDENCE_CELLS:
        inside = known & (before >= first) & (before <= (len(log) if last is None else last))
        label = f">{first - 1}" if last is None else str(first)
        label = label if last in (None, first) else f"{first}–{last}"
        cells.append(_cell(label, log.score[inside], predicted[inside], BINS))
    return tuple(cells)


def held_out(log: ResponseLog) -> Mask:
    """Return bool[n]: the rows of one student in five, chosen by a fingerprint of their ids.

    At least one student where there are two. The choice needs no seed and depends neither on
    the order of the log nor on what anyone answered.
    """
    present = np.unique(log.student)
    order = sorted(
        present.tolist(), key=lambda s: hashlib.sha256(log.students[s].encode()).digest()
    )
    chosen = order[: max(len(order) // HELD_OUT, min(1, len(order) - 1))]
    return np.isin(log.student, np.array(chosen, dtype=np.int64))


def _cell(label: str, score: Floats, predicted: Floats, bins: int) -> Cell:
    if not len(score):
        return Cell(label, 0, float("nan"), float("nan"), float("nan"))
    error = calibration_error(score, predicted, bins)
    return Cell(label, len(score), float(predicted.mean()), float(score.mean()), error)


def _bins(predicted: Floats, bins: int) -> list[Ints]:
    order = np.argsort(predicted, kind="stable")
    return np.array_split(order, max(min(bins, len(order)), 1))


def _log_loss(right: Mask, predicted: Floats) -> float:
    p = np.clip(predicted, 1e-9, 1 - 1e-9)  # a certainty that fails costs 20 nats, not infinity
    return float(-np.mean(np.where(right, np.log(p), np.log1p(-p))))
