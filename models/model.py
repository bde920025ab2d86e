"""What every mastery model offers, and plain BKT behind it.

A model is frozen once fitted. `observe` is the only verb that moves a state, and it moves
a copy. A new model joins by implementing `MasteryModel` and adding itself to `KINDS` in
`models.artifact`; `tests/models/contract.py` is the contract it must pass.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import reduce
from typing import Any, ClassVar, Protocol

from graphs.framework import DEFAULT_KINDS
from models.bkt import USUAL, BKTParameters, condition, emissions, right, transit
from models.evidence import Evidence, in_force
from models.state import Estimate, Step, StudentState, TargetState

DEFAULT_RELIABILITY: Mapping[str, float] = {k.id: k.reliability for k in DEFAULT_KINDS}


class MasteryModel(Protocol):
    """A fitted model of mastery: folds evidence into a state and reads estimates off it."""

    name: ClassVar[str]

    def start(self) -> StudentState:
        """Return the state of a student of whom nothing is known."""
        ...

    def observe(self, state: StudentState, evidence: Evidence) -> StudentState:
        """Return the state after one more piece of evidence; `state` is left untouched."""
        ...

    def fold(self, evidence: Iterable[Evidence]) -> StudentState:
        """Return the state of one student from all evidence, whatever order it comes in."""
        ...

    def estimate(self, state: StudentState, target: str) -> Estimate:
        """Return the estimate of one target; defined for any target, seen or not."""
        ...

    def trace(self, evidence: Iterable[Evidence], target: str) -> tuple[Step, ...]:
        """Return what each piece of evidence did to the estimate of one target."""
        ...

    def to_document(self) -> dict[str, Any]:
        """Return the model as plain JSON values."""
        ...


@dataclass(frozen=True)
class BKTModel:
    """Plain BKT: five numbers a target, `fallback` for targets that were never fitted.

    `reliability` gives the weight of each evidence kind (unknown kinds count in full);
    `fit` records where the numbers come from.
    """

    parameters: Mapping[str, BKTParameters] = field(default_factory=dict)
    fallback: BKTParameters = USUAL
    reliability: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_RELIABILITY))
    fit: Mapping[str, Any] = field(default_factory=dict)

    name: ClassVar[str] = "bkt"

    def of(self, target: str) -> BKTParameters:
        """Return the parameters in force for a target."""
        return self.parameters.get(target, self.fallback)

    def start(self) -> StudentState:
        """Return the state of a student of whom nothing is known."""
        return StudentState()

    def observe(self, state: StudentState, evidence: Evidence) -> StudentState:
        """Return the state after one more piece of evidence, each of its targets updated."""
        if evidence.score is None:
            return state
        targets = dict(state.targets)
        when = None if evidence.observed_at is None else evidence.observed_at.timestamp()
        for target in evidence.targets:
            before = targets.get(target) or self._unseen(target)
            after, _ = self._step(before.known, target, evidence.kind, evidence.score)
            peak = max(before.peak, after) if before.count else after
            targets[target] = TargetState(after, peak, before.count + 1, when)
        return StudentState(targets)

    def fold(self, evidence: Iterable[Evidence]) -> StudentState:
        """Return the state of one student from all evidence, whatever order it comes in."""
        return reduce(self.observe, in_force(evidence), self.start())

    def estimate(self, state: StudentState, target: str) -> Estimate:
        """Return the estimate of one target; its prior when there is no evidence."""
        now = state.targets.get(target) or self._unseen(target)
        p = self.of(target)
        return Estimate(
            p_mastered=now.known,
            learned=now.peak,
            evidence_count=now.count,
            p_right=right(now.known, p.guess, p.slip),
            p_after_practice=transit(now.known, p.learn, p.forget),
            if_next_right=_after(now.known, p, score=1.0),
            if_next_wrong=_after(now.known, p, score=0.0),
            last_observed=now.last,
        )

    def trace(self, evidence: Iterable[Evidence], target: str) -> tuple[Step, ...]:
        """Return what each piece of evidence did to the estimate of one target."""
        known = self.of(target).prior
        steps = []
        for piece in in_force(evidence):
            if target in piece.targets:
                score = 0.0 if piece.score is None else piece.score  # in force means scored
                after, answered = self._step(known, target, piece.kind, score)
                spoken = _log_odds(answered) - _log_odds(known)
                practised = _log_odds(after) - _log_odds(answered)
                steps.append(Step(piece.id, known, after, spoken, practised))
                known = after
        return tuple(steps)

    def to_document(self) -> dict[str, Any]:
        """Return the model as plain JSON values; `models.artifact` reads them back."""
        return {
            "parameters": {t: asdict(p) for t, p in sorted(self.parameters.items())},
            "fallback": asdict(self.fallback),
            "reliability": dict(self.reliability),
            "fit": dict(self.fit),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "BKTModel":
        """Read what `to_document` wrote."""
        return cls(
            {t: BKTParameters(**p) for t, p in document["parameters"].items()},
            BKTParameters(**document["fallback"]),
            {kind: float(weight) for kind, weight in document["reliability"].items()},
            document.get("fit", {}),
        )

    def _unseen(self, target: str) -> TargetState:
        prior = self.of(target).prior
        return TargetState(prior, prior, 0, None)

    def _step(self, known: float, target: str, kind: str, score: float) -> tuple[float, float]:
        """Return P(known) after practice, and before it but after the answer."""
        p = self.of(target)
        weight = self.reliability.get(kind, 1.0)
        answered = condition(known, *emissions(score, weight, p.guess, p.slip))
        return transit(answered, p.learn, p.forget), answered


def _after(known: float, p: BKTParameters, score: float) -> float:
    answered = condition(known, *emissions(score, 1.0, p.guess, p.slip))
    return transit(answered, p.learn, p.forget)


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)
