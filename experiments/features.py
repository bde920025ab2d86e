"""What a student did before each response, as arrays: the raw material of the baselines.

Every value of a row is computed from the rows before it of the same student alone.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.compiled import compiled
from models.full import Responses
from models.full.features import recent_performance, surprises
from models.full.log import entry_rows, log_gaps, pack, previous_entries
from models.full.training import responses as responses_of
from models.log import Floats, Ints, ResponseLog

ABILITY_NODES = 21
"""Gauss–Hermite nodes of the ability posterior: its mean is then right to three digits."""
ABILITY_SPREADS = (0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.6)
"""Spreads of ability tried, in logits: real classes lie between .5 and 1."""
TODAY_RATES, LOCAL_RATES = np.array([0.03, 0.2]), np.array([0.3])
"""The rates of recent form that the full model has by default."""
UsualScores = tuple[Floats, Floats]
"""Usual score of each item (NaN where unseen) and of each target, from training students."""


@dataclass(frozen=True)
class History:
    """Counts before each response.

    For each (response, target) pair, in the order of `log.target`: `wins`, `fails` on that
    target, `streak` of right answers there, `last` score and `mean` score there before the
    last (NaN where there is none), `mastered` whether the streak ever reached `n`. For each
    response: `all_wins`, `all_fails` over all targets.
    """

    wins: Floats
    fails: Floats
    streak: Floats
    last: Floats
    mean: Floats
    mastered: Floats
    all_wins: Floats
    all_fails: Floats


def history(log: ResponseLog, in_a_row: int = 3) -> History:
    """Count what came before each response of a log."""
    right = (log.score >= 0.5).astype(np.float64)
    columns = _count(log.student, log.offset, log.target, right, len(log.targets), in_a_row)
    return History(*columns)


@compiled
def _count(
    student: Ints, offset: Ints, target: Ints, right: Floats, targets: int, in_a_row: int
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
    pairs, rows = len(target), len(right)
    wins, fails, streak = np.zeros(pairs), np.zeros(pairs), np.zeros(pairs)
    last, mean, mastered = np.full(pairs, np.nan), np.full(pairs, np.nan), np.zeros(pairs)
    all_wins, all_fails = np.zeros(rows), np.zeros(rows)
    now = np.zeros((targets, 5))  # wins, fails, streak, last, mastered
    total = np.zeros(2)
    first = 0
    for row in range(rows):
        if row > 0 and student[row] != student[row - 1]:
            for i in range(first, offset[row]):
                now[target[i]] = 0.0
            first = offset[row]
            total[:] = 0.0
        all_wins[row], all_fails[row] = total[0], total[1]
        for i in range(offset[row], offset[row + 1]):
            state = now[target[i]]
            wins[i], fails[i], streak[i], mastered[i] = state[0], state[1], state[2], state[4]
            seen = state[0] + state[1]
            if seen > 0:
                last[i] = state[3]
            if seen > 1:
                mean[i] = (state[0] - state[3]) / (seen - 1)
        total[0] += right[row]
        total[1] += 1.0 - right[row]
        for i in range(offset[row], offset[row + 1]):
            state = now[target[i]]
            state[0] += right[row]
            state[1] += 1.0 - right[row]
            state[2] = (state[2] + 1.0) * right[row]
            state[3] = right[row]
            if state[2] >= in_a_row:
                state[4] = 1.0
    return wins, fails, streak, last, mean, mastered, all_wins, all_fails


def mean_over_targets(log: ResponseLog, values: Floats) -> Floats:
    """Return float64[n], the mean over each response's targets of a value for each pair."""
    sums: Floats = np.add.reduceat(values, log.offset[:-1])
    means: Floats = sums / np.diff(log.offset)
    return means


def pair_matrix(log: ResponseLog, values: Floats) -> sparse.csr_matrix:
    """Return a sparse matrix [n, targets] that holds a value for each (response, target)."""
    shape = (len(log), len(log.targets))
    return sparse.csr_matrix((values, log.target, log.offset), shape=shape)


def item_matrix(item: Ints, items: int) -> sparse.csr_matrix:
    """Return the one-hot matrix [n, items] of the items answered; an unknown one (-1) is none."""
    known = item >= 0
    place = np.concatenate(([0], np.cumsum(known)))
    return sparse.csr_matrix((np.ones(place[-1]), item[known], place), shape=(len(item), items))


def gaps(log: ResponseLog) -> tuple[Floats, Floats]:
    """Return, for each (response, target) pair, log(1 + gap) and whether it is the first.

    The gap is in minutes, or in responses in between without a clock; 0 at the first.
    """
    responses = responses_of(log)
    row = entry_rows(responses.offsets)
    previous = previous_entries(responses, row)
    return log_gaps(responses, row, previous), (previous < 0).astype(np.float64)


def recent_form(responses: Responses, usual: UsualScores) -> Floats:
    """Return float64[n, 3]: the full model's running means of surprise before each response."""
    by_item, by_target = usual
    packed = pack(responses, len(by_target) - 1, len(by_item) - 1)
    surprise = surprises(responses, by_item, by_target)
    return recent_performance(packed, surprise, len(by_target) - 1, TODAY_RATES, LOCAL_RATES)


@dataclass(frozen=True, slots=True)
class Ability:
    """A one-parameter item-response model: P(right) = σ(spread · z + logit(usual score)).

    z ~ N(0, 1) for every student; `spread` in logits.
    """

    spread: float = 0.7

    @classmethod
    def fitted(cls, responses: Responses, usual: UsualScores) -> "Ability":
        """Return the spread of greatest likelihood."""
        easiness = _easiness(responses, usual)
        logliks = [_posterior(responses, easiness, s)[1] for s in ABILITY_SPREADS]
        return cls(ABILITY_SPREADS[int(np.argmax(logliks))])

    def before(self, responses: Responses, usual: UsualScores) -> Floats:
        """Return float64[n]: E[z | the student's earlier responses], 0 at the first."""
        return _posterior(responses, _easiness(responses, usual), self.spread)[0]


def _easiness(responses: Responses, usual: UsualScores) -> Floats:
    """Return the logit of each response's usual score."""
    expected: Floats = responses.score - surprises(responses, *usual)
    inside = np.clip(expected, 0.01, 0.99)  # an item that all solve says little, not nothing
    easiness: Floats = np.log(inside) - np.log1p(-inside)
    return easiness


def _posterior(responses: Responses, easiness: Floats, spread: float) -> tuple[Floats, float]:
    nodes, prior = np.polynomial.hermite_e.hermegauss(ABILITY_NODES)
    found: tuple[Floats, float] = _filter_ability(
        responses.student, responses.score, easiness, spread * nodes, prior / prior.sum()
    )
    return found[0] / spread, found[1]


@compiled
def _filter_ability(
    student: Ints, score: Floats, easiness: Floats, nodes: Floats, prior: Floats
) -> tuple[Floats, float]:
    mean, loglik = np.empty(len(score)), 0.0
    belief = prior.copy()
    for row in range(len(score)):
        if row > 0 and student[row] != student[row - 1]:
            belief = prior.copy()
        mean[row] = np.sum(belief * nodes)
        p = 1.0 / (1.0 + np.exp(-(nodes + easiness[row])))
        belief = belief * p ** score[row] * (1.0 - p) ** (1.0 - score[row])
        total = np.sum(belief)
        loglik += np.log(total)
        belief = belief / total
    return mean, loglik
