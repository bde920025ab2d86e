"""Fit where students start to the first answers of others.

The spreads, how far the graph reaches, guess and slip are those that predict best what students
answered on targets from a few first answers on others, the very thing that placement does: the
log's students are placed with answers drawn from their own log, and judged on the rest. The usual
strength of a target follows from how often first answers on it are right (`models.starts_rates`),
and the strength to ask about from placing the log's students again (`models.starts_asking`).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from graphs import InvalidInput, PrerequisiteGraph
from models.log import ResponseLog
from models.starts import Floats, Joint, Starts
from models.starts_asking import asked_about
from models.starts_rates import first_rates

ANSWERS = 3
"""First answers on a target that are predicted; later ones tell of learning."""
LOOKS, DRAWS = 10, 2
"""First answers by which a student is placed during the fit, and how often it is done anew."""
MOST_STUDENTS = 400
"""Students that are placed; their 16,000 answers settle five numbers."""
USUAL = np.array([0.0, 0.0, -1.0, -1.7, -1.7])
"""Centre of a weak prior: log of the spreads and the reach, log-odds of guess and slip."""
FIRM = 1e-4
"""Weight of that prior, in nats an answer for a distance of one."""
TRIES = 200
"""Evaluations of the search; a fit takes some 100."""
GOLDEN = (5**0.5 - 1) / 2
MOST_GUESS, MOST_SLIP = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class _Data:
    """Answers float64[ANSWERS, S, T] (NaN: none) and what each draw looks at, float64[S, T].

    `rate` float64[T] is how often first answers on a target are right, `overall` float64[ANSWERS]
    how often each next one is.
    """

    answers: Floats
    looks: tuple[Floats, ...]
    rate: Floats
    overall: Floats


def fit_starts(log: ResponseLog, graph: PrerequisiteGraph, use_graph: bool = True) -> Starts:
    """Fit where students start; deterministic for a log. Raises `InvalidInput` without responses.

    `use_graph` off leaves the graph out: general ability alone, the control of experiments.
    """
    if not len(log):
        raise InvalidInput("there are no responses to fit")
    depth = [float(graph.generation[target]) for target in graph.targets] if use_graph else None
    answers = first_answers(log, graph.targets)
    data = _data(answers, depth)

    def loss(x: Floats) -> float:
        starts, shifts = _starts(x, data, graph, use_graph)
        return _surprise(Joint(starts, graph), shifts, data) + FIRM * float(
            ((x - USUAL) ** 2).sum()
        )

    simplex = np.concatenate([[USUAL], USUAL + 0.6 * np.eye(len(USUAL))])
    options = {"maxfev": TRIES, "xatol": 0.03, "fatol": 3e-5, "initial_simplex": simplex}
    found = minimize(loss, USUAL, method="Nelder-Mead", options=options)
    starts = _starts(found.x, data, graph, use_graph)[0]
    return replace(starts, line=asked_about(Joint(starts, graph), answers, LOOKS))


def first_answers(log: ResponseLog, targets: tuple[str, ...]) -> Floats:
    """Return the first answers of each student on each target, float64[ANSWERS, S, T]."""
    column = {target: i for i, target in enumerate(targets)}
    places = np.array([column.get(t, -1) for t in log.targets], dtype=np.int64)
    row = np.repeat(np.arange(len(log.score)), np.diff(log.offset))
    place = places[log.target]
    row, place = row[place >= 0], place[place >= 0]
    cell = log.student[row] * len(targets) + place
    order = np.argsort(cell, kind="stable")
    cell, score = cell[order], log.score[row[order]]
    start = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]) if len(cell) else cell
    rank = np.arange(len(cell)) - np.repeat(start, np.diff(np.r_[start, len(cell)]))
    found = np.full((ANSWERS, len(log.students) * len(targets)), np.nan)
    early = rank < ANSWERS
    found[rank[early], cell[early]] = score[early]
    return found.reshape(ANSWERS, len(log.students), len(targets))


def _data(answers: Floats, depth: list[float] | None) -> _Data:
    rate = first_rates(answers, depth)
    step = -(-answers.shape[1] // MOST_STUDENTS)
    answers = answers[:, ::step]
    each = [some[~np.isnan(some)] for some in answers]
    first = float(each[0].mean()) if len(each[0]) else 0.5
    overall = np.array([float(some.mean()) if len(some) else first for some in each])
    looks = tuple(_drawn(answers[0], draw) for draw in range(DRAWS))
    return _Data(answers, looks, rate, overall)


def _drawn(first: Floats, draw: int) -> Floats:
    """Keep a few first answers of each student, at most half of what there are.

    Which ones is spread by multiples of the golden ratio: even, and the same at every fit.
    """
    place = np.arange(first.size, dtype=np.float64).reshape(first.shape) + draw * first.size
    order = np.modf(place * GOLDEN * (1 + np.sqrt(np.arange(len(first)))[:, None]))[0]
    order[np.isnan(first)] = np.inf
    rank = order.argsort(axis=1).argsort(axis=1)
    half = (~np.isnan(first)).sum(axis=1, keepdims=True) // 2
    return np.where((rank < np.minimum(half, LOOKS)) & ~np.isnan(first), first, np.nan)


def _starts(
    x: Floats, data: _Data, graph: PrerequisiteGraph, use_graph: bool
) -> tuple[Starts, Floats]:
    """Return the model at a point of the search, and by how much each next answer is stronger."""
    ability, own, along = np.exp(np.clip(x[:3], -5, 2))
    guess, slip = MOST_GUESS * expit(x[3]), MOST_SLIP * expit(x[4])
    blank = Starts(float(ability), float(own), float(along) * use_graph, float(guess), float(slip))
    spread = np.sqrt(1 + np.pi * np.diag(Joint(blank, graph).covariance) / 8)

    def strength(rate: Floats) -> Floats:
        found: Floats = logit(np.clip((rate - guess) / (1 - guess - slip), 0.02, 0.98))
        return found

    among = strength(data.overall) * spread.mean()
    mean, shifts, usual = strength(data.rate) * spread, among - among[0], float(among[0])
    named = dict(zip(graph.targets, mean.tolist(), strict=True))
    return Starts(
        blank.ability, blank.own, blank.along, blank.guess, blank.slip, usual, named
    ), shifts


def _surprise(joint: Joint, shifts: Floats, data: _Data) -> float:
    """Mean log loss of the answers on targets that were not looked at, in nats."""
    total, count = 0.0, 0
    for looks in data.looks:
        belief = joint.belief(looks)
        for answers, shift in zip(data.answers, shifts.tolist(), strict=True):
            asked = np.isnan(looks) & ~np.isnan(answers)
            p, x = np.clip(joint.right(belief, shift)[asked], 1e-6, 1 - 1e-6), answers[asked]
            total -= float((x * np.log(p) + (1 - x) * np.log1p(-p)).sum())
            count += int(asked.sum())
    return total / max(count, 1)
