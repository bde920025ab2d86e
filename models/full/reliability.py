"""How much one piece of each kind of evidence says, judged by what it foretells.

The power w to which a kind's likelihood is raised is no parameter of a likelihood: raising it to
zero would explain the kind's own answers best. So w is chosen by the *other* kinds' answers, each
predicted from all that came before it. A noisy kind would always be foretold best by vague
beliefs, so the predictions of each judging kind are first brought to its own noise,

    P'(right) = sigma(a_kind + b_kind logit P(right)),    a, b by maximum likelihood,

and what counts is sum x log P' + (1 - x) log(1 - P'). Kinds are taken in turn, the most frequent
first, the others held at their present weights.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from models.full.arrays import Flags, Floats, Integers
from models.full.log import Responses, entry_rows, select_rows
from models.full.parameters import FullParameters
from models.full.predict import predict_log

#: Shares of the highest weight that are tried. The lowest hardly moves an estimate.
SHARES = (1.0, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05)
#: Prior standard deviation of log(weight / default): a factor of two either way is no surprise.
SPREAD = 0.7
#: Answers of other kinds, on a target after evidence of the kind, below which the default stays:
#: the usual difference between two weights is a hundredth of a nat an answer.
FEWEST = 300
#: Responses looked at for each kind: bounds the cost on large logs, where it is long settled.
MOST_ROWS = 30_000
#: Weights that lose less than this many nats are as good: half the 95 % point of chi-squared(1).
TOLERATED = 1.92
#: Newton steps of the two-parameter logistic regression; it has converged after four or five.
STEPS = 8


@dataclass(frozen=True, slots=True)
class KindFit:
    """What was found for a kind.

    `answers` of the kind, `checks` on it: answers of other kinds on a target after the kind was
    seen there; `weight` chosen, with all weights from `low` to `high` about as good; `gain` in
    nats over the `default`. Without enough checks the default stands.
    """

    kind: str
    default: float
    weight: float
    low: float
    high: float
    answers: int
    checks: int
    gain: float

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Trial:
    """The students who have evidence of a kind, and which of their answers judge it.

    The weights of `log` are those of points, as if every kind counted in full.
    """

    name: str
    log: Responses
    kind: Integers
    own: Flags
    judges: Flags
    checks: int


def make_trials(log: Responses, kind: Integers, defaults: Mapping[str, float]) -> dict[int, Trial]:
    """Prepare the trial of each kind that has data, the most frequent first.

    `kind` numbers the kinds of the responses in the order of `defaults`, which has the weight
    of each. No trials where kinds are not known.
    """
    if not kind.size:
        return {}
    names, weights = tuple(defaults), np.array(list(defaults.values()))
    log = replace(log, weight=log.weight / weights[kind])
    counts = np.bincount(kind, minlength=len(names))
    order = np.argsort(-counts, kind="stable")
    return {int(k): _trial(log, kind, int(k), names[k]) for k in order if counts[k]}


def settled(trials: Mapping[int, Trial]) -> bool:
    """Tell whether no kind has enough checks: all keep their defaults."""
    return all(trial.checks < FEWEST for trial in trials.values())


def fit_reliability(
    parameters: FullParameters,
    trials: Mapping[int, Trial],
    weights: Mapping[str, float],
    defaults: Mapping[str, float],
) -> tuple[KindFit, ...]:
    """Choose the weight of every kind once, from the present `weights`.

    `parameters` were fitted under them. A kind without enough checks keeps its default.
    """
    table = np.array([weights[name] for name in defaults], np.float64)
    found: dict[int, KindFit] = {}
    for k, trial in trials.items():
        default = defaults[trial.name]
        found[k] = _best(parameters, trial, table, k, default)
        table[k] = found[k].weight
    return tuple(found[k] for k in sorted(found))


def _trial(log: Responses, kind: Integers, k: int, name: str) -> Trial:
    """Take students with evidence of kind k, evenly through the log, and find who judges it."""
    student = np.cumsum(np.diff(log.student, prepend=log.student[:1]) != 0)
    rows = np.bincount(student)
    having = np.flatnonzero(np.bincount(student, kind == k))
    step = max(1, -(-int(rows[having].sum()) // MOST_ROWS))
    keep = np.flatnonzero(np.isin(student, having[::step]))
    own, student = kind[keep] == k, student[keep]
    first = np.full(rows.shape[0], len(keep))
    np.minimum.at(first, student[own], np.flatnonzero(own))
    judges = ~own & (np.arange(len(keep)) > first[student])
    part = select_rows(log, keep)
    return Trial(name, part, kind[keep], own, judges, _checks(part, student, own))


def _checks(log: Responses, student: Integers, own: Flags) -> int:
    """Answers of other kinds on a target on which the student has shown the kind before."""
    row = entry_rows(log.offsets)
    pair = student[row] * (int(log.target.max(initial=0)) + 2) + log.target + 1
    _, pair = np.unique(pair, return_inverse=True)
    first = np.full(pair.max(initial=0) + 1, len(log))
    np.minimum.at(first, pair[own[row]], row[own[row]])
    checked = ~own[row] & (row > first[pair])
    return len(np.unique(row[checked]))


def _best(
    parameters: FullParameters, trial: Trial, table: Floats, k: int, default: float
) -> KindFit:
    """Try weights for kind k, the other kinds at theirs."""
    answers = int(trial.own.sum())
    if trial.checks < FEWEST:
        return KindFit(trial.name, default, default, default, default, answers, trial.checks, 0.0)
    tried = np.unique(np.append(np.array(SHARES) * max(1.0, default), default))
    told = np.array([_foretold(parameters, trial, table, k, w) for w in tried])
    belief = told - 0.5 * (np.log(tried / default) / SPREAD) ** 2
    good = tried[belief >= belief.max() - TOLERATED]
    gain = float(told[belief.argmax()] - told[tried == default][0])
    weight = _peak(tried, belief)
    low, high = min(float(good.min()), weight), max(float(good.max()), weight)
    return KindFit(trial.name, default, weight, low, high, answers, trial.checks, gain)


def _foretold(
    parameters: FullParameters, trial: Trial, table: Floats, k: int, weight: float
) -> float:
    """Log-chance of the judging answers when kind k counts this much."""
    weights = table.copy()
    weights[k] = weight
    p = predict_log(parameters, replace(trial.log, weight=trial.log.weight * weights[trial.kind]))
    inside = np.clip(p, 1e-9, 1.0 - 1e-9)
    logit = np.log(inside) - np.log1p(-inside)
    kinds = np.unique(trial.kind[trial.judges])
    rows = (trial.judges & (trial.kind == judge) for judge in kinds)
    return sum(_at_own_noise(logit[of], trial.log.score[of]) for of in rows)


def _at_own_noise(logit: Floats, score: Floats) -> float:
    """Greatest log-chance of scores over a and b; N(0, 1) on a and b - 1 keeps both finite."""
    design = np.stack([np.ones_like(logit), logit], axis=1)
    usual = np.array([0.0, 1.0])
    found = usual.copy()
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-design @ found))
        slope = design.T @ (score - p) - (found - usual)
        curve = (design * (p * (1.0 - p))[:, None]).T @ design + np.eye(2)
        found = found + np.linalg.solve(curve, slope)
    eta = design @ found
    return float((score * eta - np.logaddexp(0.0, eta)).sum())


def _peak(tried: Floats, belief: Floats) -> float:
    """Top of the parabola through the best weight and its neighbours, on the log scale."""
    best = int(belief.argmax())
    if best in {0, len(tried) - 1}:
        return float(tried[best])
    x, y = np.log(tried[best - 1 : best + 2]), belief[best - 1 : best + 2]
    curve, slope, _ = np.polyfit(x - x[1], y - y[1], 2)
    return float(np.exp(x[1] - 0.5 * slope / curve))
