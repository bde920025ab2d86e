"""Models under evaluation: fit on some students, then predict others, response by response.

A tracer is predicted *before* each response is shown to it. New ones join `TRACERS`; the
contract in `tests/experiments/test_tracers.py` is what each must pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from experiments.baselines import EloTracer, LogisticTracer, RuleTracer
from models.batch.filter import predict_responses
from models.fitting import Aim, Fitter, fit_bkt, parameter_table
from models.full import FullConfig, FullParameters, fit, predict_log
from models.full.training import item_names, responses
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


@dataclass
class BKTTracer:
    """Plain BKT, fitted by us or by pyBKT."""

    fitter: Fitter = "footpath"
    aim: Aim = "likelihood"
    forget: bool = False
    model: BKTModel = field(default_factory=BKTModel)

    def fit(self, train: ResponseLog) -> None:
        """Fit every target of the training log; unseen targets take the pooled values."""
        seen = np.unique(train.target)
        model = fit_bkt(train, fitter=self.fitter, aim=self.aim, forget=self.forget)
        kept = {train.targets[t]: model.parameters[train.targets[t]] for t in seen}
        self.model = BKTModel(kept, model.fallback)

    def predict(self, test: ResponseLog) -> Floats:
        """Filter each student from the prior on."""
        return predict_responses(test, parameter_table(self.model, test.targets))


@dataclass
class FullTracer:
    """The full model. The same item again at once counts as another, easier or harder item."""

    config: FullConfig = field(default_factory=FullConfig)
    parameters: FullParameters | None = None

    def fit(self, train: ResponseLog) -> None:
        """Fit every parameter jointly."""
        found = fit(responses(train), train.targets, item_names(train), self.config)
        self.parameters = found.parameters

    def predict(self, test: ResponseLog) -> Floats:
        """Filter each student from the prior on."""
        if self.parameters is None:
            raise ValueError("fit before predicting")
        return predict_log(self.parameters, responses(test))


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


TRACERS: Mapping[str, Callable[[], Tracer]] = {
    "full": FullTracer,
    "best-lr": lambda: LogisticTracer(items=True, totals=True, logs=True),
    "pfa": lambda: LogisticTracer(items=False, totals=False, logs=False),
    "elo": EloTracer,
    "n-in-a-row": lambda: RuleTracer("n-in-a-row"),
    "canvas": lambda: RuleTracer("canvas"),
    "bkt": BKTTracer,
    "bkt-forgets": lambda: BKTTracer(forget=True),
    "pybkt": lambda: BKTTracer(fitter="pybkt"),
    "most-frequent-class": MostFrequentClass,
}
