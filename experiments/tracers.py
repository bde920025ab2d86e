"""Models under evaluation: fit on some students, then predict others, response by response.

A tracer is predicted *before* each response is shown to it. New ones join `TRACERS`; the
contract in `tests/experiments/test_tracers.py` is what each must pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, field
from typing import Protocol

import numpy as np

from experiments.baselines import EloTracer, RuleTracer
from experiments.full_tracer import FullTracer, Variant, without
from experiments.logistic import AbilityAndTime, Counts, LogisticTracer
from models.batch.filter import predict_responses
from models.fitting import Aim, Fitter, fit_bkt, parameter_table
from models.log import Floats, ResponseLog
from models.model import BKTModel


class Tracer(Protocol):
    """A knowledge-tracing model under evaluation."""

    def fit(self, train: ResponseLog) -> None:
        """Learn from the responses of the training students."""
        ...

    def predict(self, test: ResponseLog) -> Floats:
        """Return P(right) of each row, from the training students and the rows before it."""
        ...

    def learned(self) -> dict[str, Floats]:
        """Return what was fitted, as named float64 arrays, for histograms."""
        ...


@dataclass
class BKTTracer:
    """Plain BKT, fitted by us or by pyBKT."""

    fitter: Fitter = "footpath"
    aim: Aim = "likelihood"
    forget: bool = False
    model: BKTModel = field(default_factory=BKTModel)

    def fit(self, train: ResponseLog) -> None:
        """Fit every target of the training log; unseen targets take the pooled values."""
        self.model = fit_bkt(train, fitter=self.fitter, aim=self.aim, forget=self.forget)

    def predict(self, test: ResponseLog) -> Floats:
        """Filter each student from the prior on."""
        return predict_responses(test, parameter_table(self.model, test.targets))

    def learned(self) -> dict[str, Floats]:
        """Return the parameters of every target that was fitted."""
        fitted = np.array([astuple(p) for p in self.model.parameters.values()])
        return dict(zip(("prior", "learn", "guess", "slip", "forget"), fitted.T, strict=True))


@dataclass
class MostFrequentClass:
    """The floor: the share of right answers in training, for everyone, always."""

    share: float = 0.5

    def fit(self, train: ResponseLog) -> None:
        """Take the mean score."""
        self.share = float(train.score.mean())

    def predict(self, test: ResponseLog) -> Floats:
        """Say the same of every response."""
        return np.full(len(test), self.share)

    def learned(self) -> dict[str, Floats]:
        """Return the share."""
        return {"share": np.array([self.share])}


TRACERS: Mapping[str, Callable[[], Tracer]] = {
    "full": FullTracer,
    "full-no-forgetting": lambda: without(forgetting=False),
    "full-by-trials": lambda: FullTracer(start=Variant(clock=False)),
    "full-no-ability": lambda: without(nodes=1),
    "full-no-items": lambda: without(items=False),
    "best-lr": lambda: LogisticTracer(Counts(items=True, totals=True, logs=True)),
    "best-lr-ability": lambda: LogisticTracer(AbilityAndTime()),
    "pfa": lambda: LogisticTracer(Counts(items=False, totals=False, logs=False)),
    "elo": EloTracer,
    "n-in-a-row": lambda: RuleTracer("n-in-a-row"),
    "canvas": lambda: RuleTracer("canvas"),
    "bkt": BKTTracer,
    "bkt-forgets": lambda: BKTTracer(forget=True),
    "pybkt": lambda: BKTTracer(fitter="pybkt"),
    "most-frequent-class": MostFrequentClass,
}
