"""Why the estimate is what it is: exact log-odds contributions of every past response.

The log-odds of mastery of one target are followed through the history.  Each response changes
them in three named steps, and the steps add up to the present value exactly (a telescoping sum,
no approximation)::

    now = start + sum_r (waiting_r + evidence_r + learning_r) + waiting_now

``waiting``: forgetting since the last response, and today's form for a target not yet begun.
``evidence``: Bayes' rule, directly (a response on the target) or through ability (any other).
``learning``: the step up that the model expects from practice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.full.arrays import Floats
from models.full.online import (
    Model,
    Response,
    StudentState,
    condition_and_learn,
    mastery,
    new_student,
    observe,
)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one response did to the log-odds of mastery of the target."""

    waiting: float
    evidence: float
    learning: float

    @property
    def total(self) -> float:
        """The whole change."""
        return self.waiting + self.evidence + self.learning


@dataclass(frozen=True, slots=True)
class Explanation:
    """start + the sum of all totals + waiting = now, in log-odds."""

    start: float
    contributions: tuple[Contribution, ...]
    waiting: float
    now: float


def log_odds(p: float) -> float:
    """log(p / (1 - p)), finite for p of 0 or 1 (clipped at 1e-15)."""
    inside = min(max(p, 1e-15), 1.0 - 1e-15)
    return float(np.log(inside) - np.log1p(-inside))


def explain(
    model: Model,
    history: Sequence[Response],
    target: int,
    level: int = -1,
    now: float = float("nan"),
) -> Explanation:
    """Follow one target through a history, oldest response first."""
    state = new_student(model)
    start = last = log_odds(mastery(model, state, target, level))
    found = []
    for response in history:
        asked = log_odds(mastery(model, state, target, level, response.time))
        judged = _after_evidence(model, state, response, target, level)
        state = observe(model, state, response)
        learned = log_odds(mastery(model, state, target, level, response.time))
        found.append(Contribution(asked - last, judged - asked, learned - judged))
        last = learned
    final = log_odds(mastery(model, state, target, level, now))
    return Explanation(start, tuple(found), final - last, final)


def _after_evidence(
    model: Model, state: StudentState, response: Response, target: int, level: int
) -> float:
    """Log-odds after Bayes' rule and before learning."""
    _, between, ability = condition_and_learn(model, state, response)
    first = level % model.parameters.levels
    if target in response.targets:
        belief: Floats = between[response.targets.index(target)]
        return log_odds(float(belief[first:].sum(0) @ ability))
    changed = replace(state, ability=ability)
    return log_odds(mastery(model, changed, target, level, response.time))
