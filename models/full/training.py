"""Fit the full model to a response log, and find the bar from which it may certify."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from graphs import InvalidInput
from models.full import online
from models.full.arrays import Integers
from models.full.certifying import Certification, Checks, certify, follow, join
from models.full.config import SPREADS, FullConfig
from models.full.fit import fit
from models.full.log import AGAIN, Responses, separate_second_tries
from models.full.model import FullModel
from models.full.parameters import FullParameters
from models.full.predict import predict_log
from models.full.reliability import KindFit, fit_reliability, make_trials, settled
from models.log import ResponseLog
from models.model import DEFAULT_RELIABILITY

SERVED = FullConfig(
    levels=3,
    today_rates=(0.2,),
    local_rates=(),
    beliefs={
        "start_mean": (-0.3, 0.3),
        "learn_mean": (-1.2, 0.1),
        "rise_mean": (1.4, 0.1),
        "ability_emit": (0.0, 0.03),
    },
    spreads={**SPREADS, "ability_target": 0.02},
)
"""What is served must mean mastery, not only predict answers (docs/adr/0008, 0019):

- a ladder of three levels: with two, gradual learners are certified while half-way, for they
  have nowhere else to be; with four or more, learners who jump seem never to arrive, for answers
  hardly tell the highest two apart;
- no slow recent-performance terms: they predict, but take from the levels what tells who has
  mastered what; today's form alone leaves it to them;
- ability moves where students start and how fast they learn, never their answers: else the
  highest level of a weak student would be less than that of a strong one, and who answers badly
  could be certified for having practised long;
- firm beliefs about start, pace (a step up in four opportunities) and what knowing adds: with a
  class or two, the likelihood alone is content to let everyone climb by mere practice, which
  would show completion as mastery.
"""
MOST_CHECKED = 400
"""Students of each half whose answers are followed as checks: some 10,000 checks settle the
offset to a tenth of a log-odd."""
ROUNDS = 2
"""Times that parameters and weights of kinds are fitted in turn before the last fit: the first
parameters were fitted under weights that may be far off, the second hardly change."""
Progress = Callable[[int, int], None]
Aim = Literal["mastery", "likelihood"]


def fit_full(
    log: ResponseLog,
    *,
    aim: Aim = "mastery",
    parents: Mapping[str, tuple[str, ...]] | None = None,
    reliability: Mapping[str, float] = DEFAULT_RELIABILITY,
    progress: Progress = lambda _, __: None,
) -> FullModel:
    """Fit the full model; deterministic for a log.

    With the aim *mastery* it is fitted to be served: a ladder of levels, and three fits, one on
    each half of the students, whose claims the other half's answers check, and one on all. With
    the aim *likelihood* it is the two-level model that research compares, fitted once.
    `parents` names the prerequisites of targets and adds their gate; left out by default,
    because a start and a pace taken from the graph make certification sure too early (science
    notes §7.3). How much each kind of evidence says is fitted first, where a log has several
    kinds (`models.full.reliability`); it starts from the log's own weights, `reliability` is of
    the kinds that the log does not know.
    """
    if not len(log):
        raise InvalidInput("there are no responses to fit")
    record: dict[str, Any] = {
        "aim": aim,
        "responses": len(log),
        "students": len(np.unique(log.student)),
        "data": log.fingerprint,
    }
    config = SERVED if aim == "mastery" else FullConfig()
    log, kinds = weigh_kinds(log, config, parents)
    if kinds:
        record["kinds"] = {found.kind: found.to_document() for found in kinds}
    bar = None
    if aim == "mastery":
        certified = _certification(log, parents, progress)
        bar, record["certification"] = certified.bar, certified.to_document()
    parameters = _fit(log, config, parents)
    progress(3, 3)
    return FullModel(parameters, bar, {**reliability, **log.kinds}, record)


def weigh_kinds(
    log: ResponseLog,
    config: FullConfig,
    parents: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[ResponseLog, tuple[KindFit, ...]]:
    """Fit how much each kind of evidence says; returns the log so weighted, and what was found.

    Without two kinds on the same targets, or too few answers of them, the log stays as it is.
    """
    trials = make_trials(responses(log), log.kind, log.kinds)
    if settled(trials):
        return log, ()
    defaults, found = dict(log.kinds), tuple[KindFit, ...]()
    for _ in range(ROUNDS):
        found = fit_reliability(_fit(log, config, parents), trials, log.kinds, defaults)
        log = log.weighed({each.kind: each.weight for each in found})
    return log, found


def log_likelihood(parameters: FullParameters, log: ResponseLog) -> float:
    """Return sum x log P + (1 - x) log(1 - P), each response predicted from those before it."""
    p = np.clip(predict_log(parameters, responses(log)), 1e-12, 1.0 - 1e-12)
    return float((log.score * np.log(p) + (1.0 - log.score) * np.log1p(-p)).sum())


def responses(log: ResponseLog) -> Responses:
    """Return a log as the full model's sweeps read it, second tries apart.

    Evidence without a task (item "") is on no item: two such pieces are not the same task again.
    """
    nameless = np.array([item == "" for item in log.items])
    item = np.where(nameless[log.item], -1, log.item)
    plain = Responses(
        log.student, item, log.offset, log.target, log.score, log.weight, log.time,
        log.level, log.scale,
    )  # fmt: skip
    return separate_second_tries(plain, len(log.items))


def item_names(log: ResponseLog) -> tuple[str, ...]:
    """Return the names of a log's items, then those of the same items tried again at once."""
    return (*log.items, *(item + AGAIN for item in log.items))


def _certification(
    log: ResponseLog, parents: Mapping[str, tuple[str, ...]] | None, progress: Progress
) -> Certification:
    """Let each half of the students check what a fit on the other half claims of them."""
    half = np.arange(len(log.students)) % 2
    parts: list[Checks] = []
    for side in (0, 1):
        train = log.where(half[log.student] != side)
        if 0 < len(train) < len(log):
            held_out = np.flatnonzero(half == side)[:MOST_CHECKED]
            model = online.make_model(_fit(train, SERVED, parents))
            parts.append(follow(model, _histories(log.of_students(held_out))))
        progress(side + 1, 3)
    return certify(join(parts)) if parts else Certification(None, 0.0, 0, ())


def _fit(
    log: ResponseLog, config: FullConfig, parents: Mapping[str, tuple[str, ...]] | None
) -> FullParameters:
    position = {target: i for i, target in enumerate(log.targets)}
    rows: tuple[tuple[int, ...], ...] = ()
    if parents is not None:
        rows = tuple(
            tuple(position[p] for p in parents.get(target, ()) if p in position)
            for target in log.targets
        )
    return fit(responses(log), log.targets, item_names(log), config, rows, log.scales).parameters


def _histories(log: ResponseLog) -> list[list[online.Response]]:
    """Return each student's responses in order."""
    starts = np.flatnonzero(np.diff(log.student, prepend=-1))
    return [_history(log, rows) for rows in np.split(np.arange(len(log)), starts[1:])]


def judged(log: ResponseLog, r: int) -> tuple[int | None, str | None]:
    """Return the rubric level of a row and its scale, if it has any."""
    if not log.level.size or not log.level[r]:
        return None, None
    return int(log.level[r]), tuple(log.scales)[log.scale[r]]


def _history(log: ResponseLog, rows: Integers) -> list[online.Response]:
    return [
        online.Response(
            tuple(log.targets[t] for t in log.target[log.offset[r] : log.offset[r + 1]]),
            log.items[log.item[r]] or None,
            float(log.score[r]),
            float(log.weight[r]),
            float(log.time[r]),
            *judged(log, r),
        )
        for r in rows
    ]
