"""The full model as every mastery model is served: evidence in, estimates out."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, reduce
from typing import Any, ClassVar

import numpy as np

from models.evidence import Evidence, in_force
from models.full import online, rows
from models.full.arrays import Floats
from models.full.explain import explain
from models.full.ladder import chain_of
from models.full.parameters import FullParameters, from_json, to_json
from models.full.student import FullState, clock
from models.interval import central_interval
from models.model import DEFAULT_RELIABILITY
from models.passage import Chain
from models.state import Estimate, EstimateTable, Step, estimate_table

BLUR = 0.09
"""Scale, in log-odds, of what is left of a student's chance once level and ability are known.
Covers .905 at .90 on simulated learners of seeds 50 and 51 (.03: .85, .15: .95); reported on
others by `footpath bench mastery`."""


@dataclass(frozen=True)
class FullModel:
    """The full model: what a teacher would call mastered is the highest level of its ladder.

    `certain_at` is the P(mastered) that later checks bore out (see `models.full.certifying`),
    `reliability` the weight of each evidence kind (unknown kinds count in full), `fit` where
    the numbers come from. Certification rests on the target's own evidence and on general
    ability; the prerequisite graph plays a part only where the fit was given one.
    """

    parameters: FullParameters
    certain_at: float | None = None
    reliability: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_RELIABILITY))
    fit: Mapping[str, Any] = field(default_factory=dict)

    name: ClassVar[str] = "full"

    @cached_property
    def stepping(self) -> online.Model:
        """The parameters, prepared for stepping."""
        return online.make_model(self.parameters)

    def start(self) -> FullState:
        """Return the state of a student of whom nothing is known."""
        return online.new_student(self.stepping)

    def unpack(self, packed: bytes) -> FullState:
        """Read back what a state's `to_bytes` wrote."""
        return FullState.from_bytes(packed)

    def observe(self, state: FullState, evidence: Evidence) -> FullState:
        """Return the state after one more piece of evidence, each of its targets updated."""
        response = self.response(evidence)
        return state if response is None else online.observe(self.stepping, state, response)

    def fold(self, evidence: Iterable[Evidence]) -> FullState:
        """Return the state of one student from all evidence, whatever order it comes in."""
        return reduce(self.observe, in_force(evidence), self.start())

    def response(self, evidence: Evidence) -> online.Response | None:
        """Return evidence as the model reads it; `None` when the task was missed."""
        if evidence.score is None:
            return None
        return online.Response(
            evidence.targets,
            evidence.task,
            evidence.score,
            self.reliability.get(evidence.kind, 1.0),
            _seconds(evidence.observed_at),
            evidence.level,
            evidence.scale,
        )

    def estimate(self, state: FullState, target: str, now: datetime | None = None) -> Estimate:
        """Return the estimate of one target, seen or not."""
        model, time = self.stepping, _seconds(now)
        past = state.targets.get(target)
        shown, learned, retrievable, count, right, after, _ = self._numbers(state, [target], time)
        low, high = self._own_chance(state, target, time)
        return Estimate(
            p_mastered=float(shown[0]),
            learned=float(learned[0]),
            retrievable=float(retrievable[0]),
            evidence_count=int(count[0]),
            p_right=float(right[0]),
            p_right_low=low,
            p_right_high=high,
            p_after_practice=float(after[0]),
            if_next_right=_after(model, state, target, 1.0, time),
            if_next_wrong=_after(model, state, target, 0.0, time),
            last_observed=None if past is None else clock(past.time),
        )

    def chain(self, state: FullState, target: str, now: datetime | None = None) -> Chain:
        """Return the two-state chain that one target looks like from here on, seen or not."""
        return chain_of(self.stepping, state, target, _seconds(now))

    def table(
        self, states: Sequence[FullState], targets: Sequence[str], now: datetime | None = None
    ) -> EstimateTable:
        """Return the estimates of several students on several targets, seen or not."""
        time = _seconds(now)
        return estimate_table([self._numbers(s, targets, time) for s in states], len(targets))

    def chance_if_mastered(self, targets: Sequence[str]) -> Floats:
        """Return P(right on a usual item) at the highest level of each target, float64[T].

        The mean over general ability as it is spread among all students.
        """
        model, prior = self.stepping, self.parameters.prior
        rows = [model.target.get(target, len(model.target)) for target in targets]
        odds = model.tables.emit[rows, -1, : len(prior)]
        chance: Floats = (odds / (1.0 + odds)) @ prior
        return chance

    def trace(self, evidence: Iterable[Evidence], target: str) -> tuple[Step, ...]:
        """Return what each piece of evidence did to the estimate of one target."""
        pieces = in_force(evidence)
        history = [response for piece in pieces if (response := self.response(piece))]
        return tuple(
            Step(
                piece.id,
                part.before,
                part.after,
                part.evidence,
                part.practice,
                part.waiting,
                target in piece.targets,
            )
            for piece, part in zip(pieces, explain(self.stepping, history, target), strict=True)
        )

    def to_document(self) -> dict[str, Any]:
        """Return the model as plain JSON values; `models.artifact` reads them back."""
        return {
            "parameters": json.loads(to_json(self.parameters)),
            "certain_at": self.certain_at,
            "reliability": dict(self.reliability),
            "fit": dict(self.fit),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "FullModel":
        """Read what `to_document` wrote."""
        return cls(
            from_json(json.dumps(document["parameters"])),
            document["certain_at"],
            {kind: float(weight) for kind, weight in document["reliability"].items()},
            document.get("fit", {}),
        )

    def _numbers(self, state: FullState, targets: Sequence[str], time: float) -> Floats:
        """Return float64[7, T] in the order of an `EstimateTable`."""
        model, out = self.stepping, np.empty((7, len(targets)))
        seen = online.view_targets(model, state, targets, time)
        now = online.recall(model, seen)
        tables, ability = model.tables, state.ability
        retrievable, right, after = rows.read_rows(
            now, seen.target, ability, tables.emit, seen.emit, tables.learn, seen.learn
        )
        past = [state.targets.get(t, model.unseen) for t in targets]
        shown = np.where(seen.seen > 0, rows.top_mass(seen.after, ability), retrievable)
        out[0], out[2], out[3], out[4], out[5] = shown, retrievable, seen.seen, right, after
        out[1] = np.maximum(shown, [q.peak for q in past])
        out[6] = [q.time for q in past]
        return out

    def _own_chance(self, state: FullState, target: str, time: float) -> tuple[float, float]:
        model = self.stepping
        seen = online.view_targets(model, state, (target,), time)
        odds = model.tables.emit[seen.target[0], :, : len(state.ability)] * seen.emit[0]
        weight = online.recall(model, seen)[0] * state.ability
        return central_interval((odds / (1.0 + odds)).ravel(), weight.ravel(), BLUR)


def _after(model: online.Model, state: FullState, target: str, score: float, time: float) -> float:
    judged = online.condition_and_learn(
        model, state, online.Response((target,), None, score, 1.0, time)
    )
    return float(judged.top[0])


def _seconds(moment: datetime | None) -> float:
    return math.nan if moment is None else moment.timestamp()
