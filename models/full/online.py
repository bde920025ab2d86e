"""One student's state as a frozen value: ``observe(state, response) -> state``.

The same kernels as the batch filter, one row at a time; stepping through a log gives the batch's
numbers.  Nothing is written into parameters, tables or the old state.
"""

from dataclasses import dataclass, field
from math import exp, isfinite, isnan, log1p, nan
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from models.compiled import compiled_fast
from models.full import kernels as k
from models.full.arrays import Floats, Integers
from models.full.features import READY_RATE
from models.full.log import SECONDS_PER_UNIT
from models.full.parameters import FullParameters
from models.full.sweep import Tables
from models.full.tables import odds_tables


@dataclass(frozen=True, slots=True)
class Response:
    """One response; targets and item by index (-1: unknown), time in seconds or NaN."""

    targets: tuple[int, ...]
    item: int
    score: float
    weight: float = 1.0
    time: float = nan


@dataclass(frozen=True, slots=True)
class TargetState:
    """Belief on one target after its last response."""

    belief: Floats  # (L, Z)
    trial: int
    time: float
    local: tuple[float, ...]  # (C2,) recent performance on this target
    ready: float  # recent surprise, read by the targets that need this one


@dataclass(frozen=True, slots=True)
class StudentState:
    """All that is remembered of a student."""

    ability: Floats  # (Z,) posterior weights
    today: tuple[float, ...]  # (C1,)
    trials: int = 0
    targets: MappingProxyType[int, TargetState] = field(
        default_factory=lambda: MappingProxyType({})
    )


@dataclass(frozen=True, slots=True)
class Model:
    """Parameters with their odds tables, built once."""

    parameters: FullParameters
    tables: Tables
    unseen: TargetState  # stands for a target without responses
    #: (today, local) weights for emission, start and learning as plain floats: for three
    #: or four terms Python is several times faster than numpy.
    recent: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]
    today_rate: tuple[float, ...]
    local_rate: tuple[float, ...]


def make_model(parameters: FullParameters) -> Model:
    """Prepare parameters for stepping."""
    shape = (parameters.levels, parameters.nodes.shape[0])
    unseen = TargetState(np.zeros(shape), -1, nan, (0.0,) * parameters.local_rate.shape[0], 0.0)
    p = parameters
    weights = (
        tuple(p.recent_emit.tolist()),
        tuple(p.recent_start.tolist()),
        tuple(p.recent_learn.tolist()),
    )
    return Model(
        p,
        odds_tables(p),
        unseen,
        weights,
        tuple(p.today_rate.tolist()),
        tuple(p.local_rate.tolist()),
    )


def new_student(model: Model) -> StudentState:
    """Return a student of whom nothing is known."""
    return StudentState(model.parameters.prior, (0.0,) * len(model.today_rate))


@compiled_fast
def recall_row(
    after: Floats,
    seen: Integers,
    target: Integers,
    log_gap: Floats,
    forget: Floats,
    start_odds: Floats,
    start: float,
) -> Floats:
    """Beliefs of a row's targets just before it, (m, L, Z), from those after their last row."""
    before = np.empty_like(after)
    for i in range(target.shape[0]):
        if seen[i] == 0:
            k.fill_start(before, i, start_odds, target[i], start)
        else:
            k.fill_forget(before, i, after, i, k.retention(forget[target[i]], log_gap[i]))
    return before


@compiled_fast
def expect_row(
    after: Floats,
    seen: Integers,
    target: Integers,
    log_gap: Floats,
    forget: Floats,
    start_odds: Floats,
    start: float,
    rho: Floats,
    emit_odds: Floats,
    emit: float,
) -> float:
    """P(right) of a row."""
    before = recall_row(after, seen, target, log_gap, forget, start_odds, start)
    m, levels, nodes = before.shape
    total = 0.0
    for i in range(m):
        for level in range(levels):
            for z in range(nodes):
                odds = emit_odds[target[i], level, z] * emit
                total += rho[z] * before[i, level, z] * odds / (1.0 + odds)
    return float(total / m)


@compiled_fast
def learn_row(
    known: Floats,
    seen: Integers,
    target: Integers,
    log_gap: Floats,
    forget: Floats,
    start_odds: Floats,
    start: float,
    rho: Floats,
    emit_odds: Floats,
    emit: float,
    learn_odds: Floats,
    learn: float,
    score: float,
    weight: float,
    psi: float,
) -> tuple[Floats, Floats, Floats]:
    """Condition and learn: beliefs after, beliefs in between (m, L, Z), ability (Z,)."""
    before = recall_row(known, seen, target, log_gap, forget, start_odds, start)
    m, levels, nodes = before.shape
    p, e, post = np.empty_like(before), np.empty_like(before), np.empty_like(before)
    after, u = np.empty_like(before), np.empty((m, levels - 1, nodes))
    own, total, given = np.empty((m, nodes)), np.zeros(nodes), np.empty((1, nodes))
    ability = np.empty((2, nodes))
    ability[0] = rho
    for i in range(m):
        k.fill_emission(p, e, i, emit_odds, target[i], emit, score, weight)
        k.weigh(own, total, before, e, i)
    for i in range(m):
        k.condition(post, before, e, own, total, i, psi)
        k.fill_learn(u, i, learn_odds, target[i], learn)
        k.step_up(after, post, u, i)
    k.share_out(given, 0, total, m)
    k.reweigh(ability, 0, given)
    return after, post, ability[1].copy()


class _View(NamedTuple):
    """A response as the kernels need it; the first seven are recall_row's arguments."""

    after: Floats
    seen: Integers
    target: Integers
    log_gap: Floats
    forget: Floats
    start_odds: Floats
    start: float
    emit: float
    learn: float


def _log_gap(state: StudentState, past: TargetState, time: float) -> float:
    """log(1 + gap) as in :func:`models.full.log.log_gaps`."""
    seconds = time - past.time
    if isfinite(seconds):
        return log1p(max(seconds, 0.0) / SECONDS_PER_UNIT)
    return log1p(state.trials - past.trial - 1)


def _readiness(model: Model, state: StudentState, targets: tuple[int, ...]) -> float:
    """Lowest recent surprise over the prerequisites of these targets, 0 without any."""
    parents = model.parameters.parents
    found = [
        state.targets.get(q, model.unseen).ready
        for t in targets
        if 0 <= t < len(parents)
        for q in parents[t]
    ]
    return min(found, default=0.0)


def _dot(values: tuple[float, ...], weights: tuple[float, ...]) -> float:
    """Sum of products."""
    return sum(v * w for v, w in zip(values, weights, strict=True))


def _view(
    model: Model, state: StudentState, targets: tuple[int, ...], item: int, time: float
) -> _View:
    """Look up the targets of a response and work out the row's shifts."""
    p = model.parameters
    last = len(p.targets)
    past = [state.targets.get(t, model.unseen) for t in targets]
    count = len(past)
    local = (
        past[0].local
        if count == 1
        else tuple(sum(column) / count for column in zip(*(q.local for q in past), strict=True))
    )
    recent = (*state.today, *local)
    emit, start, learn = (_dot(recent, weights) for weights in model.recent)
    if p.parents:
        ready = _readiness(model, state, targets)
        start += p.gate_start * ready
        learn += p.gate_learn * ready
    if 0 <= item < len(p.items):
        emit -= float(p.difficulty[item])
    return _View(
        past[0].belief[np.newaxis] if count == 1 else np.stack([q.belief for q in past]),
        np.array([q.trial >= 0 for q in past], np.int64),
        np.array([t if 0 <= t < last else last for t in targets], np.int64),
        np.array([_log_gap(state, q, time) if q.trial >= 0 else 0.0 for q in past]),
        p.forget,
        model.tables.start,
        exp(start),
        exp(emit),
        exp(learn),
    )


def predict(
    model: Model, state: StudentState, targets: tuple[int, ...], item: int = -1, time: float = nan
) -> float:
    """P(right) on this item now."""
    view = _view(model, state, targets, item, time)
    return float(expect_row(*view[:7], state.ability, model.tables.emit, view.emit))


def surprise(parameters: FullParameters, response: Response) -> float:
    """Score minus the usual score of the item, or of the targets when the item is new."""
    last = len(parameters.targets)
    usual = nan
    if 0 <= response.item < len(parameters.items):
        usual = float(parameters.expected_item[response.item])
    if isnan(usual):
        known = [t if 0 <= t < last else last for t in response.targets]
        usual = sum(float(parameters.expected_target[t]) for t in known) / len(known)
    return response.score - usual


def condition_and_learn(
    model: Model, state: StudentState, response: Response
) -> tuple[Floats, Floats, Floats]:
    """Beliefs after the response, beliefs between Bayes and learning (m, L, Z), ability (Z,)."""
    view = _view(model, state, response.targets, response.item, response.time)
    tables = model.tables
    result: tuple[Floats, Floats, Floats] = learn_row(
        *view[:7],
        state.ability,
        tables.emit,
        view.emit,
        tables.learn,
        view.learn,
        response.score,
        response.weight,
        tables.psi,
    )
    return result


def _approach(
    values: tuple[float, ...], rates: tuple[float, ...], share: float, news: float
) -> tuple[float, ...]:
    """Each mean moves its rate of the way to the news."""
    return tuple(v + rate * share * (news - v) for v, rate in zip(values, rates, strict=True))


def observe(model: Model, state: StudentState, response: Response) -> StudentState:
    """Return the state after a response; the old one stays as it was."""
    p = model.parameters
    after, _, ability = condition_and_learn(model, state, response)
    news = surprise(p, response)
    share = min(response.weight, 1.0)
    known: dict[int, TargetState] = {}
    for i, t in enumerate(response.targets):
        if t >= 0:
            past = state.targets.get(t, model.unseen)
            local = past.local
            if t < len(p.targets):
                local = _approach(local, model.local_rate, share, news)
            ready = past.ready + READY_RATE * share * (news - past.ready)
            known[t] = TargetState(after[i], state.trials, response.time, local, ready)
    today = _approach(state.today, model.today_rate, share, news)
    return StudentState(ability, today, state.trials + 1, MappingProxyType(state.targets | known))


def atoms(
    model: Model, state: StudentState, targets: tuple[int, ...], item: int = -1, time: float = nan
) -> tuple[Floats, Floats]:
    """P(right | target, level, node) and the probability of each such atom, both (m, L, Z)."""
    view = _view(model, state, targets, item, time)
    odds = model.tables.emit[view.target] * view.emit
    before = recall_row(*view[:7])
    return odds / (1.0 + odds), before * state.ability / len(targets)


def mastery(
    model: Model, state: StudentState, target: int, level: int = -1, time: float = nan
) -> float:
    """P(level of the target >= ``level``) now, forgetting included; -1 is the top level."""
    view = _view(model, state, (target,), -1, time)
    first = level % model.parameters.levels
    return float(recall_row(*view[:7])[0, first:].sum(0) @ state.ability)
