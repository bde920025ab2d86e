"""What every mastery model offers, and plain BKT behind it.

A model is frozen once fitted. `observe` is the only verb that moves a state, and it moves
a copy. A new model joins by implementing `MasteryModel` and adding itself to `KINDS` in
`models.artifact`; `tests/models/contract.py` is the contract it must pass.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import reduce
from typing import Any, ClassVar, Protocol

import numpy as np

from graphs.framework import DEFAULT_KINDS
from models.bkt import USUAL, BKTParameters, condition, emissions, right, transit
from models.evidence import Evidence, in_force
from models.interval import central_interval
from models.passage import Chain
from models.state import (
    BKTState,
    Estimate,
    EstimateTable,
    Floats,
    Step,
    StudentState,
    TargetState,
    estimate_table,
)

DEFAULT_RELIABILITY: Mapping[str, float] = {k.id: k.weight for k in DEFAULT_KINDS}


class MasteryModel(Protocol):
    """A fitted model of mastery: folds evidence into a state and reads estimates off it.

    A state is whatever `start`, `observe`, `fold` or `unpack` of the same model returned.
    `now` is aware; without it forgetting counts the responses in between.
    """

    name: ClassVar[str]

    @property
    def certain_at(self) -> float | None:
        """P(mastered) from which later checks bore the claim out; `None`: never measured."""
        ...

    def start(self) -> StudentState:
        """Return the state of a student of whom nothing is known."""
        ...

    def unpack(self, packed: bytes) -> StudentState:
        """Read back what a state's `to_bytes` wrote."""
        ...

    def observe(self, state: Any, evidence: Evidence) -> StudentState:
        """Return the state after one more piece of evidence; `state` is left untouched."""
        ...

    def fold(self, evidence: Iterable[Evidence]) -> StudentState:
        """Return the state of one student from all evidence, whatever order it comes in."""
        ...

    def estimate(self, state: Any, target: str, now: datetime | None = None) -> Estimate:
        """Return the estimate of one target; defined for any target, seen or not."""
        ...

    def chain(self, state: Any, target: str, now: datetime | None = None) -> Chain:
        """Return the two-state chain that one target looks like from here on, seen or not."""
        ...

    def table(
        self, states: Sequence[Any], targets: Sequence[str], now: datetime | None = None
    ) -> EstimateTable:
        """Return the estimates of several students on several targets, seen or not."""
        ...

    def chance_if_mastered(self, targets: Sequence[str]) -> Floats:
        """Return P(right on a usual item) of who has mastered each target, float64[T]."""
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
    `fit` records where the numbers come from. Time plays no part: `now` changes nothing.
    """

    parameters: Mapping[str, BKTParameters] = field(default_factory=dict)
    fallback: BKTParameters = USUAL
    reliability: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_RELIABILITY))
    fit: Mapping[str, Any] = field(default_factory=dict)

    name: ClassVar[str] = "bkt"

    @property
    def certain_at(self) -> float | None:
        """Never measured for plain BKT."""
        return None

    def of(self, target: str) -> BKTParameters:
        """Return the parameters in force for a target."""
        return self.parameters.get(target, self.fallback)

    def start(self) -> BKTState:
        """Return the state of a student of whom nothing is known."""
        return BKTState()

    def unpack(self, packed: bytes) -> BKTState:
        """Read back what a state's `to_bytes` wrote."""
        return BKTState.from_bytes(packed)

    def observe(self, state: BKTState, evidence: Evidence) -> BKTState:
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
        return BKTState(targets)

    def fold(self, evidence: Iterable[Evidence]) -> BKTState:
        """Return the state of one student from all evidence, whatever order it comes in."""
        return reduce(self.observe, in_force(evidence), self.start())

    def estimate(self, state: BKTState, target: str, now: datetime | None = None) -> Estimate:
        """Return the estimate of one target; its prior when there is no evidence."""
        seen = state.targets.get(target) or self._unseen(target)
        p = self.of(target)
        low, high = _own_chance(seen.known, p)
        return Estimate(
            p_mastered=seen.known,
            learned=seen.peak,
            retrievable=seen.known,
            evidence_count=seen.count,
            p_right=right(seen.known, p.guess, p.slip),
            p_right_low=low,
            p_right_high=high,
            p_after_practice=transit(seen.known, p.learn, p.forget),
            if_next_right=_after(seen.known, p, score=1.0),
            if_next_wrong=_after(seen.known, p, score=0.0),
            last_observed=seen.last,
        )

    def chain(self, state: BKTState, target: str, now: datetime | None = None) -> Chain:
        """Return the two-state chain of one target: its own numbers, forgetting left out."""
        known, p = (state.targets.get(target) or self._unseen(target)).known, self.of(target)
        return Chain(known, p.learn, p.guess, p.slip)

    def table(
        self, states: Sequence[BKTState], targets: Sequence[str], now: datetime | None = None
    ) -> EstimateTable:
        """Return the estimates of several students on several targets, seen or not."""
        blank = np.array([self._numbers(t, self._unseen(t)) for t in targets]).reshape(-1, 7).T
        position = {target: i for i, target in enumerate(targets)}
        rows: list[Floats] = []
        for state in states:
            row = blank.copy()
            for target, seen in state.targets.items():
                if target in position:
                    row[:, position[target]] = self._numbers(target, seen)
            rows.append(row)
        return estimate_table(rows, len(targets))

    def chance_if_mastered(self, targets: Sequence[str]) -> Floats:
        """Return P(right) of who knows each target: all but the slips, float64[T]."""
        return np.array([1.0 - self.of(target).slip for target in targets])

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

    def _numbers(self, target: str, seen: TargetState) -> tuple[float, ...]:
        """Return one column of an `EstimateTable`."""
        p = self.of(target)
        return (
            seen.known,
            seen.peak,
            seen.known,
            seen.count,
            right(seen.known, p.guess, p.slip),
            transit(seen.known, p.learn, p.forget),
            math.nan if seen.last is None else seen.last,
        )


def _own_chance(known: float, p: BKTParameters) -> tuple[float, float]:
    return central_interval(np.array([p.guess, 1.0 - p.slip]), np.array([1.0 - known, known]))


def _after(known: float, p: BKTParameters, score: float) -> float:
    answered = condition(known, *emissions(score, 1.0, p.guess, p.slip))
    return transit(answered, p.learn, p.forget)


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)
