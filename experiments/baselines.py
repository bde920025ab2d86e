"""Baselines without regression: Elo (Pelánek 2016), and the rules of thumb products use.

N in a row and Canvas's decaying average say no probability, so their state is calibrated on
training data. The regressions: `logistic`.
"""

from dataclasses import dataclass, field

import numpy as np

from experiments.features import History, history, mean_over_targets
from models.compiled import compiled
from models.log import Floats, Ints, ResponseLog


@dataclass
class RuleTracer:
    """A rule of thumb whose state, cut into cells, predicts by its share right in training."""

    rule: str
    shares: Floats = field(default_factory=lambda: np.empty(0))

    def fit(self, train: ResponseLog) -> None:
        """Count the share of right answers in each cell, with one imagined answer at the mean."""
        cells = self._cells(train)
        size = int(cells.max()) + 1
        right = np.bincount(cells, train.score, size) + train.score.mean()
        self.shares = right / (np.bincount(cells, minlength=size) + 1)

    def predict(self, test: ResponseLog) -> Floats:
        """Look the cell up; a cell that training never met takes the highest one that it did."""
        p: Floats = self.shares[np.minimum(self._cells(test), len(self.shares) - 1)]
        return p

    def learned(self) -> dict[str, Floats]:
        """Return the share of right answers in each cell."""
        return {"share right": self.shares}

    def _cells(self, log: ResponseLog) -> Ints:
        past = history(log)
        state = _in_a_row(past) if self.rule == "n-in-a-row" else _decaying_average(past)
        cells: Ints = np.rint(mean_over_targets(log, state)).astype(np.int64)
        return cells


def _in_a_row(past: History, n: int = 3) -> Floats:
    """Return the streak up to n, and n + 1 once it was reached: *mastered*."""
    return np.where(past.mastered > 0, n + 1, np.minimum(past.streak, n))


def _decaying_average(past: History) -> Floats:
    """Return Canvas's 65/35 rule in twentieths: the last result and the mean of earlier ones."""
    earlier = np.where(np.isnan(past.mean), past.last, past.mean)
    average = 0.65 * past.last + 0.35 * earlier
    return np.where(np.isnan(average), 0, 1 + np.rint(20 * average))


@dataclass
class EloTracer:
    """Elo ratings: student, student on target, item; P = σ(θ + θ_k − d), K = k / (1 + a·n).

    Item difficulties come from the training students and stay as they are under test.
    """

    k: float = 1.8
    a: float = 0.05
    k_target: float = 0.9
    difficulty: Floats = field(default_factory=lambda: np.empty(0))

    def fit(self, train: ResponseLog) -> None:
        """Rate the items while the training students pass by, in the order of the log."""
        items = len(train.items)
        self.difficulty, seen = np.zeros(items), np.zeros(items)
        self._run(train, self.difficulty, seen, learning=True)

    def predict(self, test: ResponseLog) -> Floats:
        """Rate each test student from zero on."""
        difficulty = self.difficulty.copy()
        return self._run(test, difficulty, np.zeros(len(difficulty)), learning=False)

    def learned(self) -> dict[str, Floats]:
        """Return the items' difficulties."""
        return {"difficulty": self.difficulty}

    def _run(self, log: ResponseLog, difficulty: Floats, seen: Floats, *, learning: bool) -> Floats:
        rates = (self.k, self.a, self.k_target)
        arrays = (log.student, log.item, log.offset, log.target, log.score)
        return _elo(*arrays, difficulty, seen, len(log.targets), rates, learning)


@compiled
def _elo(
    student: Ints, item: Ints, offset: Ints, target: Ints, score: Floats, difficulty: Floats,
    seen: Floats, targets: int, rates: tuple[float, float, float], learning: bool,
) -> Floats:  # fmt: skip
    k, a, k_target = rates
    predicted = np.empty(len(score))
    local = np.zeros((targets, 2))  # rating, responses
    ability, answered, first = 0.0, 0.0, 0
    for row in range(len(score)):
        begin, end = offset[row], offset[row + 1]
        if row > 0 and student[row] != student[row - 1]:
            for i in range(first, begin):
                local[target[i]] = 0.0
            ability, answered, first = 0.0, 0.0, begin
        own = 0.0
        for i in range(begin, end):
            own += local[target[i], 0] / (end - begin)
        p = 1.0 / (1.0 + np.exp(difficulty[item[row]] - ability - own))
        predicted[row] = p
        error = score[row] - p
        ability += k / (1.0 + a * 20 * answered) * error
        answered += 1.0
        for i in range(begin, end):
            state = local[target[i]]
            state[0] += k_target / (1.0 + a * state[1]) * error
            state[1] += 1.0
        if learning:
            difficulty[item[row]] -= k / (1.0 + a * 20 * seen[item[row]]) * error
            seen[item[row]] += 1.0
    return predicted
