"""The adapter to pyBKT: as a second fitter, and as an oracle for our own predictions.

The only module that imports pyBKT. Its traps are kept out here: skill names are regular
expressions to it (so targets go in under plain numbers), `fit` changes the caller's frame
(so each call gets its own), and its in-memory roster shares state between students (so it
is never used).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pyBKT.fit import predict_onestep
from pyBKT.models import Model

from models.bkt import BKTParameters
from models.log import Floats, Ints, ResponseLog

SEED = 42
"""pyBKT draws its starting points from its own generator; only its `seed` argument fixes it."""
RESTARTS = 5
"""pyBKT's own default number of restarts."""
COLUMNS = {
    "order_id": "order",
    "skill_name": "skill",
    "correct": "correct",
    "user_id": "student",
}


def fit_with_pybkt(
    log: ResponseLog,
    *,
    restarts: int = RESTARTS,
    seed: int = SEED,
    progress: Callable[[int, int], None] = lambda _, __: None,
) -> Floats:
    """Fit every target with pyBKT; return float64[K, 5] in our order, forget 0.

    Scores are rounded to right or wrong and reliabilities ignored: pyBKT knows neither. A
    target without responses gets NaN.
    """
    frame = _frame(log)
    fitted = np.full((len(log.targets), 5), np.nan)
    for target in range(len(log.targets)):
        mine = frame[frame["skill"] == str(target)]
        if len(mine):
            model = Model(seed=seed, num_fits=restarts, parallel=False)
            model.fit(data=mine.copy(), defaults=dict(COLUMNS))
            fitted[target] = _table(imported(model)[str(target)])
        progress(target + 1, len(log.targets))
    return fitted


def imported(model: Model) -> dict[str, BKTParameters]:
    """Return the parameters of a fitted pyBKT model, by skill name (basic variant)."""
    found: dict[str, BKTParameters] = {}
    for skill, fit in model.fit_model.items():
        forgets = np.ravel(fit["forgets"])
        found[skill] = BKTParameters(
            prior=float(fit["prior"]),
            learn=float(np.ravel(fit["learns"])[0]),
            guess=float(np.ravel(fit["guesses"])[0]),
            slip=float(np.ravel(fit["slips"])[0]),
            forget=float(forgets[0]) if forgets.size else 0.0,
        )
    return found


def predict_with_pybkt(log: ResponseLog, parameters: Floats) -> Floats:
    """Return pyBKT's own P(right) of each row of a log with one target a row, given parameters.

    The oracle of our tests: with equal parameters both must agree to 1e-9. `parameters` is
    float64[K, 5] in our order.
    """
    if len(log.target) != len(log):
        raise ValueError("the oracle knows one target a response")
    predicted = np.full(len(log), np.nan)
    for target, (prior, learn, guess, slip, forget) in enumerate(parameters):
        rows = np.flatnonzero(log.target == target)
        if len(rows):
            model = {
                "prior": prior,
                "learns": np.array([learn]),
                "forgets": np.array([forget]),
                "guesses": np.array([guess]),
                "slips": np.array([slip]),
            }
            predicted[rows], _ = predict_onestep.run(model, _sequences(log, rows), False)
    return predicted


def _sequences(log: ResponseLog, rows: Ints) -> dict[str, Any]:
    """Pack rows of one target as pyBKT does: 1 wrong, 2 right, sequences numbered from 1."""
    student = log.student[rows]
    starts = np.flatnonzero(np.concatenate(([True], student[1:] != student[:-1])))
    return {
        "data": np.rint(log.score[rows])[None, :].astype(np.int32) + 1,
        "resources": np.ones(len(rows), dtype=np.int64),
        "starts": starts + 1,
        "lengths": np.diff(np.append(starts, len(rows))),
    }


def _frame(log: ResponseLog) -> pd.DataFrame:
    rows = np.repeat(np.arange(len(log)), np.diff(log.offset))
    return pd.DataFrame(
        {
            "order": np.arange(len(rows)),
            "student": log.student[rows],
            "skill": log.target.astype(str),
            "correct": np.rint(log.score[rows]).astype(np.int64),
        }
    )


def _table(p: BKTParameters) -> tuple[float, ...]:
    return (p.prior, p.learn, p.guess, p.slip, p.forget)
