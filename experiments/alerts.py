"""How well wheel-spinning is told ahead, on a real log: by student, each predicted by the others.

A response on several skills counts once, under the skills it names together, so that no answer
is judged twice; with `each_target` it counts for each of them, as in a school.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import Policy
from experiments.evaluation import Progress, student_folds
from models import read_log
from models.log import Floats, Mask
from models.measures import auc, calibration_error
from models.wheel_spinning import ATTEMPTS, NAMES, WheelSpinning, outcomes
from models.wheel_spinning_fit import Moments, fit_wheel_spinning, histories, moments

AFTER = (3, 5)
"""Attempts after which risks are judged, as in the published figures."""
ALERT_AT = Policy().spin_risk
"""Risk from which lead time counts a pair as told: that of the policy."""


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth of the predictions: mean risk beside the share that span."""

    pairs: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class After:
    """Risks after some attempts, of pairs whose end is known and who have not got it yet.

    `precision_top10` is the share of the tenth with the highest risk that spun, `base` that
    of all.
    """

    attempts: int
    pairs: int
    base: float
    auc: float
    precision_top10: float
    ece: float
    deciles: tuple[Decile, ...]


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How early those who spin are told at `risk`: median attempts left before the tenth.

    `early` of the `spinning` pairs were told by the fifth attempt; `right` is the share of all
    pairs told (with a known end) that did spin.
    """

    risk: float
    spinning: int
    early: int
    median: float
    right: float


@dataclass(frozen=True)
class AlertReport:
    """What `evaluate-alerts` prints."""

    determinate_pairs: int
    indeterminate_pairs: int
    spinning_pairs: int
    students: int
    after: tuple[After, ...]
    lead_time: LeadTime
    model: WheelSpinning


def evaluate_alerts(
    path: Path,
    folds: int,
    seed: int,
    progress: Progress = lambda _, __: None,
    *,
    each_target: bool = False,
) -> AlertReport:
    """Predict every student by a model fitted on the others; the last model is of all.

    Raises `InvalidInput` when the file is no response log or has too little to learn from.
    """
    log = read_log(path, joined=not each_target)
    fold = student_folds(log, folds, seed)
    everyone = histories(log)
    parts: list[tuple[Moments, Floats]] = []
    for number in range(folds):
        chosen = [h for h, f in zip(everyone, fold, strict=True) if f != number]
        model = fit_wheel_spinning(chosen, path.name)
        theirs = [h if f == number else [] for h, f in zip(everyone, fold, strict=True)]
        found = moments(theirs, model.usual)
        parts.append((found, _risks(model, found)))
        progress(number + 1, folds + 1)
    ends = [end for history in everyone for end in outcomes(history).values()]
    whole = fit_wheel_spinning(everyone, f"{path.name} {log.fingerprint[:16]}")
    progress(folds + 1, folds + 1)
    return AlertReport(
        determinate_pairs=sum(end is not None for end in ends),
        indeterminate_pairs=sum(end is None for end in ends),
        spinning_pairs=sum(end is True for end in ends),
        students=sum(map(bool, everyone)),
        after=tuple(_after(parts, attempts) for attempts in AFTER),
        lead_time=_lead_time(parts),
        model=whole,
    )


def _risks(model: WheelSpinning, found: Moments) -> Floats:
    weights = np.array([model.weights[name] for name in NAMES])
    risk: Floats = 1 / (1 + np.exp(-(model.intercept + found.features @ weights)))
    return risk


def _after(parts: list[tuple[Moments, Floats]], attempts: int) -> After:
    spins, risk = [], []
    for found, risks in parts:
        rows = (found.attempts == attempts) & (found.spins >= 0)
        spins.append(found.spins[rows] == 1)
        risk.append(risks[rows])
    ends, predicted = np.concatenate(spins), np.concatenate(risk)
    order = np.argsort(-predicted, kind="stable")
    return After(
        attempts=attempts,
        pairs=len(ends),
        base=float(ends.mean()),
        auc=auc(ends, predicted),
        precision_top10=float(ends[order[: max(len(order) // 10, 1)]].mean()),
        ece=calibration_error(ends.astype(np.float64), predicted),
        deciles=_deciles(ends, predicted),
    )


def _deciles(ends: Mask, predicted: Floats) -> tuple[Decile, ...]:
    parts = np.array_split(np.argsort(predicted, kind="stable"), 10)
    return tuple(
        Decile(len(part), float(predicted[part].mean()), float(ends[part].mean()))
        for part in parts
        if len(part)
    )


def _lead_time(parts: list[tuple[Moments, Floats]]) -> LeadTime:
    first: dict[tuple[int, int, str], tuple[int, int]] = {}
    spinning: set[tuple[int, int, str]] = set()
    for fold, (found, risks) in enumerate(parts):
        known = np.flatnonzero(found.spins >= 0)
        for row in known.tolist():
            pair = (fold, int(found.student[row]), found.target[row])
            if found.spins[row] == 1:
                spinning.add(pair)
            if risks[row] >= ALERT_AT:
                first.setdefault(pair, (int(found.attempts[row]), int(found.spins[row])))
    left = [ATTEMPTS - attempts for attempts, spins in first.values() if spins]
    return LeadTime(
        risk=ALERT_AT,
        spinning=len(spinning),
        early=sum(each >= ATTEMPTS - max(AFTER) for each in left),
        median=float(np.median(left)) if left else float("nan"),
        right=len(left) / len(first) if first else float("nan"),
    )
