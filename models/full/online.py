"""One student, response by response: ``observe(state, response) -> state``.

Stepping through a log gives the batch filter's numbers. Nothing is written into parameters,
tables or the old state. Targets and items go by their names; what the fit never saw takes the
pooled values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, isfinite, isnan, log1p, nan
from typing import NamedTuple

import numpy as np

from models.full import rows
from models.full.arrays import Floats, Integers
from models.full.features import READY_RATE
from models.full.kernels import PLAIN, SCORED
from models.full.log import AGAIN, SECONDS_PER_UNIT
from models.full.parameters import FullParameters
from models.full.student import FullState, TargetBelief
from models.full.sweep import Tables
from models.full.tables import odds_tables


@dataclass(frozen=True, slots=True)
class Response:
    """One response: its targets and item by name, time in seconds or NaN.

    `level` on the named `scale` is a rubric judgement: read where the scale was fitted and has
    such a level, else its score stands for it.
    """

    targets: tuple[str, ...]
    item: str | None
    score: float
    weight: float = 1.0
    time: float = nan
    level: int | None = None
    scale: str | None = None


Weights = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Parameters with their odds tables and indices, built once."""

    parameters: FullParameters
    tables: Tables
    unseen: TargetBelief  # stands for a target without responses
    target: Mapping[str, int]
    item: Mapping[str, int]
    #: First row of each scale, and the row after its last, in the table of grades.
    grades: Mapping[str, tuple[int, int]]
    #: (today, local) weights for emission, start and learning as plain floats: for three
    #: or four terms Python is several times faster than numpy.
    recent: tuple[Weights, Weights, Weights]
    today_rate: Weights
    local_rate: Weights


def make_model(parameters: FullParameters) -> Model:
    """Prepare parameters for stepping."""
    p = parameters
    shape = (p.levels, p.nodes.shape[0])
    nothing = (0.0,) * p.local_rate.shape[0]
    return Model(
        p,
        odds_tables(p),
        TargetBelief(np.zeros(shape), 0, 0.0, -1, nan, nothing, 0.0),
        {name: i for i, name in enumerate(p.targets)},
        {name: i for i, name in enumerate(p.items)},
        _grade_rows(p),
        (
            tuple(p.recent_emit.tolist()),
            tuple(p.recent_start.tolist()),
            tuple(p.recent_learn.tolist()),
        ),
        tuple(p.today_rate.tolist()),
        tuple(p.local_rate.tolist()),
    )


def _grade_rows(p: FullParameters) -> dict[str, tuple[int, int]]:
    """First row of each scale in the table of grades, and the row after its last."""
    ends = list(accumulate((found.shape[0] + 1 for found in p.scales.values()), initial=0))
    return dict(zip(p.scales, pairwise(ends), strict=True))


def grade_of(model: Model, response: Response) -> int:
    """Row of a response in the table of grades, else what kind of score it has."""
    if response.level is not None:
        first, end = model.grades.get(response.scale or "", (0, 0))
        if 1 <= response.level <= end - first:
            return first + response.level - 1
    plain = response.weight == 1.0 and response.score in {0.0, 1.0}
    return PLAIN if plain else SCORED


def scale_of(model: Model, response: Response) -> str | None:
    """Return the scale on which the model reads a response, `None` where it reads the score."""
    return response.scale if grade_of(model, response) >= 0 else None


def new_student(model: Model) -> FullState:
    """Return a student of whom nothing is known."""
    return FullState(model.parameters.prior, (0.0,) * len(model.today_rate))


class View(NamedTuple):
    """Some targets of one student as the kernels need them, shapes (m,) and (m, L, Z)."""

    after: Floats
    seen: Integers
    target: Integers
    log_gap: Floats
    start: Floats
    emit: Floats
    learn: Floats


class Shifts(NamedTuple):
    """Odds by which a moment shifts emission, start and learning."""

    emit: float
    start: float
    learn: float


def view_row(
    model: Model, state: FullState, targets: Sequence[str], item: int, time: float
) -> View:
    """Look up the targets of one response; they share recent performance and readiness."""
    past = [state.targets.get(t, model.unseen) for t in targets]
    index = [model.target.get(t, len(model.target)) for t in targets]
    local = past[0].local
    if len(past) > 1:
        local = tuple(sum(c) / len(past) for c in zip(*(q.local for q in past), strict=True))
    shifts = _shifts(model, state, local, index, item)
    return _view(state, past, index, [shifts] * len(past), time)


def view_targets(model: Model, state: FullState, targets: Sequence[str], time: float) -> View:
    """Look up targets side by side, each as if it came next, on a usual item."""
    past = [state.targets.get(t, model.unseen) for t in targets]
    index = [model.target.get(t, len(model.target)) for t in targets]
    blank = _shifts(model, state, model.unseen.local, [], -1)
    alike = not model.parameters.parents
    shifts = [
        blank if alike and not q.count else _shifts(model, state, q.local, [i], -1)
        for q, i in zip(past, index, strict=True)
    ]
    return _view(state, past, index, shifts, time)


def _shifts(
    model: Model, state: FullState, local: Weights, index: Sequence[int], item: int
) -> Shifts:
    """Recent performance, readiness of the prerequisites and the item's difficulty."""
    p, recent = model.parameters, (*state.today, *local)
    emit, start, learn = (_dot(recent, weights) for weights in model.recent)
    if p.parents:
        ready = _readiness(model, state, index)
        start += p.gate_start * ready
        learn += p.gate_learn * ready
    if item >= 0:
        emit -= float(p.difficulty[item])
    return Shifts(exp(emit), exp(start), exp(learn))


def _view(
    state: FullState,
    past: Sequence[TargetBelief],
    index: Sequence[int],
    shifts: Sequence[Shifts],
    time: float,
) -> View:
    return View(
        past[0].belief[np.newaxis] if len(past) == 1 else np.stack([q.belief for q in past]),
        np.array([q.count for q in past]),
        np.array(index),
        np.array([_log_gap(state, q, time) if q.count else 0.0 for q in past]),
        np.array([s.start for s in shifts]),
        np.array([s.emit for s in shifts]),
        np.array([s.learn for s in shifts]),
    )


def recall(model: Model, seen: View) -> Floats:
    """Return beliefs now, (m, L, Z): forgotten since the last response, or the start."""
    forget, start = model.parameters.forget, model.tables.start
    found: Floats = rows.recall_row(*seen[:5], forget, start)
    return found


def item_index(model: Model, state: FullState, item: str | None) -> int:
    """Return the index of an item, -1 where unknown; again at once is an item of its own."""
    if item is None:
        return -1
    again = model.item.get(item + AGAIN, -1) if item == state.last_item else -1
    return again if again >= 0 else model.item.get(item, -1)


def predict(
    model: Model,
    state: FullState,
    targets: tuple[str, ...],
    item: str | None = None,
    time: float = nan,
    scale: str | None = None,
) -> float:
    """P(right) on this item now; the expected score where it is judged on a fitted `scale`."""
    seen = view_row(model, state, targets, item_index(model, state, item), time)
    known = (recall(model, seen), seen.target, state.ability, model.tables.emit)
    emit = float(seen.emit[0])
    if scale is not None and scale in model.grades:
        return float(rows.expect_share(*known, emit, model.tables.grade, *model.grades[scale]))
    return float(rows.expect_row(*known, emit))


def surprise(model: Model, response: Response, item: int) -> float:
    """Score minus the usual score of the item, or of the targets when the item is new."""
    p = model.parameters
    last = len(p.targets)
    usual = float(p.expected_item[item]) if item >= 0 else nan
    if isnan(usual):
        known = [model.target.get(t, last) for t in response.targets]
        usual = sum(float(p.expected_target[t]) for t in known) / len(known)
    return response.score - usual


class Judged(NamedTuple):
    """What a response does.

    Beliefs after it, beliefs between Bayes and learning (m, L, Z), ability (Z,), and P(highest
    level) after it (m,).
    """

    after: Floats
    between: Floats
    ability: Floats
    top: Floats


def condition_and_learn(
    model: Model, state: FullState, response: Response, item: int | None = None
) -> Judged:
    """Apply Bayes' rule and practice to the targets of a response; `item` where known."""
    item = item_index(model, state, response.item) if item is None else item
    seen = view_row(model, state, response.targets, item, response.time)
    tables = model.tables
    return Judged(
        *rows.judge_row(
            *seen,
            model.parameters.forget,
            tables.start,
            tables.emit,
            tables.learn,
            state.ability,
            response.score,
            response.weight,
            grade_of(model, response),
            tables.grade,
            tables.psi,
        )
    )


def observe(model: Model, state: FullState, response: Response) -> FullState:
    """Return the state after a response; the old one stays as it was."""
    item = item_index(model, state, response.item)
    judged = condition_and_learn(model, state, response, item)
    news = surprise(model, response, item)
    share = min(response.weight, 1.0)
    targets = dict(state.targets)
    for i, target in enumerate(response.targets):
        past = state.targets.get(target, model.unseen)
        local = past.local
        if target in model.target:
            local = _approach(local, model.local_rate, share, news)
        targets[target] = TargetBelief(
            judged.after[i],
            past.count + 1,
            max(past.peak, float(judged.top[i])),
            state.trials,
            response.time,
            local,
            past.ready + READY_RATE * share * (news - past.ready),
        )
    today = _approach(state.today, model.today_rate, share, news)
    return FullState(judged.ability, today, state.trials + 1, response.item, targets)


def mastery(model: Model, state: FullState, target: str, time: float | None = None) -> float:
    """P(highest level): as of the last response on the target, or forgotten up to `time`."""
    past = state.targets.get(target)
    if past is not None and time is None:
        return float(past.belief[-1] @ state.ability)
    seen = view_row(model, state, (target,), -1, nan if time is None else time)
    return float(recall(model, seen)[0, -1] @ state.ability)


def _dot(values: Weights, weights: Weights) -> float:
    return sum(v * w for v, w in zip(values, weights, strict=True))


def _approach(values: Weights, rates: Weights, share: float, news: float) -> Weights:
    """Each mean moves its rate of the way to the news."""
    return tuple(v + rate * share * (news - v) for v, rate in zip(values, rates, strict=True))


def _log_gap(state: FullState, past: TargetBelief, time: float) -> float:
    """log(1 + gap) as in :func:`models.full.log.log_gaps`."""
    seconds = time - past.time
    if isfinite(seconds):
        return log1p(max(seconds, 0.0) / SECONDS_PER_UNIT)
    return log1p(state.trials - past.trial - 1)


def _readiness(model: Model, state: FullState, index: Sequence[int]) -> float:
    """Lowest recent surprise over the prerequisites of these targets, 0 without any."""
    p = model.parameters
    parents = [p.targets[q] for t in index if t < len(p.parents) for q in p.parents[t]]
    found = [state.targets.get(q, model.unseen).ready for q in parents]
    return min(found, default=0.0)
