"""Logistic regressions on a student's past: the strongest honest baselines.

Performance factors analysis (Pavlik, Cen & Koedinger 2009), Best-LR (Gervet, Koedinger,
Schneider & Mitchell 2020), and Best-LR given the full model's own material. Each is solved to
convergence by Newton's method, its regularisation tuned on an inner split of the training
students.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from experiments.features import (
    Ability,
    History,
    gaps,
    history,
    item_matrix,
    mean_over_targets,
    pair_matrix,
    recent_form,
)
from models.full.features import usual_scores
from models.full.training import responses as responses_of
from models.log import Floats, ResponseLog
from models.measures import held_out

STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Inverse regularisation strengths, tried from the strongest on until the loss rises: on six data
sets the best lies between .3 and 10."""
MOST_ITERATIONS, TOLERANCE = 1000, 1e-5
"""Newton's method needs about ten iterations where L-BFGS needs six hundred and stops early at
scikit-learn's usual tolerance (.7775 instead of .7778 on training folds of assist2009_lpp)."""


class Columns(Protocol):
    """Turns a log into columns; may learn what it needs from the training students first."""

    def learn(self, train: ResponseLog) -> None:
        """Learn from the training students."""
        ...

    def matrix(self, log: ResponseLog) -> sparse.csr_matrix:
        """Return [n, columns]; a row knows only the rows before it of its student."""
        ...


@dataclass(frozen=True)
class Counts:
    """Right and wrong answers so far; `items` and `totals` make PFA into Best-LR.

    With `logs` counts enter as log(1 + count), as Best-LR has them, else raw, as in PFA.
    """

    items: bool
    totals: bool
    logs: bool

    def learn(self, train: ResponseLog) -> None:
        """Nothing: counts need no training."""

    def matrix(self, log: ResponseLog) -> sparse.csr_matrix:
        """Return target, wins and fails on it, and the item and totals where asked for."""
        past = history(log)
        parts = _counts(log, past, logs=self.logs)
        if self.items:
            parts.append(item_matrix(log.item, len(log.items)))
        if self.totals:
            parts.append(_totals(past, logs=self.logs))
        return sparse.hstack(parts, format="csr")


@dataclass
class AbilityAndTime:
    """Best-LR's columns and all that the full model is given, as columns of a regression.

    - the same item again at once is another item;
    - ability: the mean of the exact posterior of a one-parameter item-response model, from
      earlier answers alone (items' difficulties from the training students), for all targets
      together and for each target apart;
    - time: log(1 + minutes since the target was last practised), or log(1 + responses in
      between) without a clock, and whether this is the first time, again together and apart;
    - recent form: the full model's running means of surprise, two rates over all targets and
      one on the response's own.
    """

    ability: Ability = field(default_factory=Ability)
    usual: tuple[Floats, Floats] = field(default_factory=lambda: (np.empty(0), np.empty(0)))

    def learn(self, train: ResponseLog) -> None:
        """Learn the usual score of each item and target, and how widely ability spreads."""
        responses = responses_of(train)
        self.usual = usual_scores(responses, 2 * len(train.items), len(train.targets))
        self.ability = Ability.fitted(responses, self.usual)

    def matrix(self, log: ResponseLog) -> sparse.csr_matrix:
        """Return every column named above."""
        responses, past = responses_of(log), history(log)
        counts = np.diff(log.offset)
        gap, first = gaps(log)
        ability = self.ability.before(responses, self.usual)
        together = [ability, mean_over_targets(log, gap), mean_over_targets(log, first)]
        parts = [
            *_counts(log, past, logs=True),
            item_matrix(responses.item, 2 * len(log.items)),
            _totals(past, logs=True),
            sparse.csr_matrix(np.column_stack(together)),
            pair_matrix(log, np.repeat(ability, counts)),
            pair_matrix(log, gap),
            pair_matrix(log, first),
            sparse.csr_matrix(recent_form(responses, self.usual)),
        ]
        return sparse.hstack(parts, format="csr")


@dataclass
class LogisticTracer:
    """A logistic regression on some columns."""

    columns: Columns
    model: Any = None
    strength: float = 1.0

    def fit(self, train: ResponseLog) -> None:
        """Choose the regularisation on training students, then fit to convergence on all."""
        self.strength = self._tuned(train)
        self.columns.learn(train)
        self.model = _solved(self.columns.matrix(train), train.score >= 0.5, self.strength)

    def predict(self, test: ResponseLog) -> Floats:
        """Return P(right) from what lies before each response."""
        p: Floats = self.model.predict_proba(self.columns.matrix(test))[:, 1]
        return p

    def learned(self) -> dict[str, Floats]:
        """Return the coefficients."""
        return {"coefficient": np.ravel(self.model.coef_)}

    def _tuned(self, train: ResponseLog) -> float:
        """Return the strength of least loss on the training students that are held out."""
        judge = held_out(train)
        if not judge.any() or len(set(train.score[~judge] >= 0.5)) < 2:
            return 1.0
        self.columns.learn(train.where(~judge))
        features, right = self.columns.matrix(train), train.score >= 0.5
        best, chosen = np.inf, STRENGTHS[0]
        model = None
        for strength in STRENGTHS:
            model = _solved(features[~judge], right[~judge], strength, model)
            loss = _loss(right[judge], model.predict_proba(features[judge])[:, 1])
            if loss >= best:
                break
            best, chosen = loss, strength
        return chosen


def _counts(log: ResponseLog, past: History, *, logs: bool) -> list[sparse.csr_matrix]:
    scale = np.log1p if logs else np.asarray
    return [
        pair_matrix(log, np.ones(len(log.target))),
        pair_matrix(log, scale(past.wins)),
        pair_matrix(log, scale(past.fails)),
    ]


def _totals(past: History, *, logs: bool) -> sparse.csr_matrix:
    scale = np.log1p if logs else np.asarray
    return sparse.csr_matrix(np.column_stack([scale(past.all_wins), scale(past.all_fails)]))


def _loss(right: np.ndarray[Any, np.dtype[np.bool_]], p: Floats) -> float:
    return float(-np.mean(np.log(np.where(right, p, 1 - p))))


def _solved(
    features: sparse.csr_matrix,
    right: np.ndarray[Any, np.dtype[np.bool_]],
    strength: float,
    near: LogisticRegression | None = None,
) -> LogisticRegression:
    """Solve to convergence, starting from a solution for another strength if there is one."""
    model = LogisticRegression(
        C=strength, solver="newton-cg", max_iter=MOST_ITERATIONS, tol=TOLERANCE, warm_start=True
    )
    if near is not None:
        model.coef_, model.intercept_ = near.coef_.copy(), near.intercept_.copy()
        model.classes_ = near.classes_
    return model.fit(features, right)
