"""The full model under evaluation: its variant is picked on training students alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from models.full import FullConfig, FullParameters, Responses, predict_log, training
from models.full import fit as fit_full
from models.log import Floats, ResponseLog
from models.measures import held_out

PICKING_ROWS = 40_000
"""A variant is picked on so many responses of training students at most: differences between
variants that matter (.001 of log loss) show there, and it bounds the cost on large logs."""
CLEAR = 2.0
"""Standard errors by which a departure must lower the loss of the held-out students: what one
inner split shows by accident is not followed."""
PICKING_TOLERANCE, PICKING_ITERATIONS = 5e-5, 60
"""Fits that only rank variants stop earlier: by then the order of their losses stands."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What is decided before a fit.

    `second_tries`: the same item again at once counts as another, easier or harder item.
    `clock` false: gaps are counted in responses even where there are times.
    """

    config: FullConfig = field(default_factory=FullConfig)
    second_tries: bool = True
    clock: bool = True

    def responses(self, log: ResponseLog) -> Responses:
        """Return a log as this variant reads it."""
        found = training.responses(log)
        if not self.second_tries:
            found = replace(found, item=np.where(found.item < 0, -1, log.item))
        return found if self.clock else replace(found, time=np.full(len(log), np.nan))

    def fit(self, train: ResponseLog) -> FullParameters:
        """Fit every parameter jointly."""
        names = training.item_names(train) if self.second_tries else train.items
        return fit_full(
            self.responses(train), train.targets, names, self.config, (), train.scales
        ).parameters


def _spread(variant: Variant, value: float) -> Variant:
    spreads = {**variant.config.spreads, "difficulty": value}
    return replace(variant, config=replace(variant.config, spreads=spreads))


STEPS: Mapping[str, Callable[[Variant], Variant]] = {
    "second tries are no item of their own": lambda v: replace(v, second_tries=False),
    "no recent form": lambda v: replace(
        v, config=replace(v.config, today_rates=(), local_rates=())
    ),
    "items differ more": lambda v: _spread(v, 1.1),
}
"""Departures from a variant, tried in turn; one is kept if it predicts the held-out clearly
better."""


@dataclass
class FullTracer:
    """The full model; `start` is the variant that the steps depart from."""

    start: Variant = field(default_factory=Variant)
    steps: Mapping[str, Callable[[Variant], Variant]] = field(default_factory=lambda: STEPS)
    taken: tuple[str, ...] = ()
    variant: Variant = field(default_factory=Variant)
    parameters: FullParameters | None = None

    def fit(self, train: ResponseLog) -> None:
        """Pick the variant on an inner split of the training students, then fit it on all."""
        self._pick(sample_students(train, PICKING_ROWS))
        self.parameters = self.variant.fit(train)

    def predict(self, test: ResponseLog) -> Floats:
        """Filter each student from the prior on."""
        return predict_log(self._fitted(), self.variant.responses(test))

    def learned(self) -> dict[str, Floats]:
        """Return the parameters of each target and item, for an average student."""
        p = self._fitted()
        return {
            "prior": _probability(p.start[:-1]),
            "learn": _probability(p.learn[:-1]),
            "guess": _probability(p.guess[:-1]),
            "slip": p.slip()[:-1],
            "forget": p.forget[:-1],
            "difficulty": p.difficulty[:-1],
        }

    def _pick(self, train: ResponseLog) -> None:
        self.variant, self.taken = self.start, ()
        judge = held_out(train)
        if not judge.any() or judge.all():
            return
        learn, test = train.where(~judge), train.where(judge)
        best = _inner_losses(self.variant, learn, test)
        for name, step in self.steps.items():
            candidate = step(self.variant)
            losses = _inner_losses(candidate, learn, test)
            if _clearly_better(losses, best, test):
                self.variant, self.taken, best = candidate, (*self.taken, name), losses

    def _fitted(self) -> FullParameters:
        if self.parameters is None:
            raise ValueError("fit before predicting")
        return self.parameters


def without(**config: object) -> FullTracer:
    """Return the full model with settings of its configuration changed, for ablations."""
    return FullTracer(start=Variant(replace(FullConfig(), **config)))  # type: ignore[arg-type]


def sample_students(log: ResponseLog, most_rows: int) -> ResponseLog:
    """Return whole students, evenly through the log, with at most so many rows in all.

    The first student in line is kept in any case.
    """
    if len(log) <= most_rows:
        return log
    rows = np.bincount(log.student, minlength=len(log.students))
    present = np.flatnonzero(rows)
    line = np.random.default_rng(0).permutation(present)
    inside = np.cumsum(rows[line]) <= most_rows
    return log.of_students(line[: max(int(inside.sum()), 1)])


def _inner_losses(variant: Variant, train: ResponseLog, judge: ResponseLog) -> Floats:
    """Return the log loss of each judging response under a rough fit."""
    rough = replace(variant.config, tolerance=PICKING_TOLERANCE, max_iterations=PICKING_ITERATIONS)
    parameters = replace(variant, config=rough).fit(train)
    p = np.clip(predict_log(parameters, variant.responses(judge)), 1e-9, 1 - 1e-9)
    losses: Floats = -np.where(judge.score >= 0.5, np.log(p), np.log1p(-p))
    return losses


def _clearly_better(losses: Floats, others: Floats, judge: ResponseLog) -> bool:
    """Compare the mean losses, students being drawn and not responses."""
    gain, size = np.bincount(judge.student, others - losses), np.bincount(judge.student)
    error = np.sqrt(np.sum((gain - size * gain.sum() / size.sum()) ** 2))
    return bool(gain.sum() > CLEAR * error)


def _probability(logit: Floats) -> Floats:
    p: Floats = 1.0 / (1.0 + np.exp(-logit))
    return p
