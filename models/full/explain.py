"""Why the estimate is what it is: exact log-odds contributions of every past response.

The log-odds of mastery of one target are followed through the history. Each response changes
them in three named steps, and the steps add up to the present value exactly (a telescoping sum,
no approximation)::

    now = start + sum_r (waiting_r + evidence_r + practice_r)

``waiting``: what was forgotten since the last response on the target, or today's form for a
target not yet begun. ``evidence``: Bayes' rule, directly (a response on the target) or through
ability (any other). ``practice``: the step up that the model expects from an opportunity.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.full.online import Model, Response, condition_and_learn, mastery, new_student, observe
from models.full.student import FullState


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one response did to P(highest level) of a target, its parts in log-odds."""

    before: float
    after: float
    waiting: float
    evidence: float
    practice: float


def explain(model: Model, history: Sequence[Response], target: str) -> Iterator[Contribution]:
    """Follow one target through a history, oldest response first."""
    state = new_student(model)
    before = mastery(model, state, target)
    for response in history:
        direct = target in response.targets
        asked = mastery(model, state, target, response.time) if direct else before
        answered = _after_evidence(model, state, response, target)
        state = observe(model, state, response)
        after = mastery(model, state, target)
        yield Contribution(
            before,
            after,
            log_odds(asked) - log_odds(before),
            log_odds(answered) - log_odds(asked),
            log_odds(after) - log_odds(answered),
        )
        before = after


def log_odds(p: float) -> float:
    """log(p / (1 - p)), finite for p of 0 or 1 (clipped at 1e-15)."""
    inside = min(max(p, 1e-15), 1.0 - 1e-15)
    return math.log(inside) - math.log1p(-inside)


def _after_evidence(model: Model, state: FullState, response: Response, target: str) -> float:
    """P(highest level) after Bayes' rule and before learning."""
    judged = condition_and_learn(model, state, response)
    if target in response.targets:
        between = judged.between[response.targets.index(target)]
        return float(between[-1] @ judged.ability)
    return mastery(model, replace(state, ability=judged.ability), target)
