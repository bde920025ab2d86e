"""The full model, served: the contract of every mastery model, and what is its own."""

import functools
from datetime import UTC, datetime, timedelta

import numpy as np

from models import Evidence
from models.full import FullConfig, FullModel, FullParameters, Responses, fit
from tests.models.contract import MasteryModelContract

TARGETS = ("a", "b", "c")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@functools.cache
def fitted() -> FullParameters:
    """Fit a small class whose students differ, on items a0 … c3; c builds on a."""
    rng = np.random.default_rng(1)
    students, each = 40, 18
    ability = np.repeat(rng.normal(size=students), each)
    target = rng.integers(0, 3, students * each)
    right = rng.random(students * each) < 1 / (1 + np.exp(-ability - 0.4 + 0.3 * target))
    log = Responses(
        np.repeat(np.arange(students), each),
        target * 4 + rng.integers(0, 4, students * each),
        np.arange(students * each + 1),
        target,
        right.astype(np.float64),
        np.ones(students * each),
        np.tile(np.arange(each) * 86400.0, students),
    )
    items = tuple(f"{t}{i}" for t in TARGETS for i in range(4))
    return fit(log, TARGETS, items, FullConfig(levels=4, nodes=5), ((), (), (0,))).parameters


class TestFullModel(MasteryModelContract):
    def model(self) -> FullModel:
        return FullModel(fitted(), certain_at=0.9)


def answers(target: str, scores: list[float]) -> list[Evidence]:
    return [
        Evidence(f"{target}-{i}", "s", (target,), x, observed_at=MONDAY + timedelta(days=i))
        for i, x in enumerate(scores)
    ]


def test_evidence_on_one_target_speaks_of_another_through_ability() -> None:
    model = FullModel(fitted())
    before = model.estimate(model.start(), "b").p_mastered
    well = model.fold(answers("a", [1.0] * 6))
    assert model.estimate(well, "b").p_mastered > before
    steps = model.trace(answers("a", [1.0] * 6), "b")
    assert not any(step.direct for step in steps)


def test_what_was_learned_is_kept_apart_from_what_is_retrievable() -> None:
    model = FullModel(fitted())
    state = model.fold(answers("a", [1.0] * 6))
    soon = model.estimate(state, "a", MONDAY + timedelta(days=6))
    late = model.estimate(state, "a", MONDAY + timedelta(days=200))
    assert soon.p_mastered == late.p_mastered
    assert late.retrievable < soon.retrievable < soon.p_mastered


def test_more_evidence_narrows_the_interval() -> None:
    model = FullModel(fitted())
    none = model.estimate(model.start(), "a")
    some = model.estimate(model.fold(answers("a", [1.0] * 12)), "a")
    assert some.p_right_high - some.p_right_low < none.p_right_high - none.p_right_low
