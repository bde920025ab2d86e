"""The contract that every mastery model passes; a model's test inherits it in four lines."""

import math
from datetime import UTC, datetime, timedelta
from functools import reduce

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import (
    Evidence,
    MasteryModel,
    in_force,
    model_document,
    model_from_document,
)

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
# Every model inherits the same tests: that they run from several classes is the point.
LAW = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
)
LATER = START + timedelta(days=20)
TARGETS = ("a", "b", "never-fitted")


@st.composite
def logs(draw: st.DrawFn) -> list[Evidence]:
    """One student's evidence: several targets, kinds, revisions, missed tasks, ties in time."""
    size = draw(st.integers(0, 12))
    pieces: list[Evidence] = []
    for i in range(size):
        missed = draw(st.booleans()) and draw(st.booleans())
        targets = draw(st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3, unique=True))
        pieces.append(
            Evidence(
                id=f"e{i}",
                student="s",
                targets=tuple(targets),
                score=None if missed else draw(st.sampled_from((0.0, 1 / 3, 0.5, 1.0))),
                missed=missed,
                kind=draw(st.sampled_from(("quiz_item", "homework", "self_rating"))),
                observed_at=draw(
                    st.none() | st.integers(0, 5).map(lambda d: START + timedelta(days=d))
                ),
                supersedes=draw(st.none() | st.just(f"e{i - 1}")) if i else None,
            )
        )
    return pieces


class MasteryModelContract:
    """Inherit, and override `model`."""

    def model(self) -> MasteryModel:
        raise NotImplementedError

    @LAW
    @given(log=logs(), seed=st.integers(0, 2**32 - 1))
    def test_the_order_of_arrival_never_matters(self, log: list[Evidence], seed: int) -> None:
        model = self.model()
        shuffled = [log[i] for i in np.random.default_rng(seed).permutation(len(log))]
        assert model.fold(shuffled).to_bytes() == model.fold(log).to_bytes()

    @LAW
    @given(log=logs())
    def test_folding_is_observing_one_by_one(self, log: list[Evidence]) -> None:
        model = self.model()
        stepped = reduce(model.observe, in_force(log), model.start())
        assert stepped.to_bytes() == model.fold(log).to_bytes()

    @LAW
    @given(log=logs())
    def test_the_same_evidence_twice_counts_once(self, log: list[Evidence]) -> None:
        model = self.model()
        assert model.fold(log + log).to_bytes() == model.fold(log).to_bytes()

    @LAW
    @given(log=logs())
    def test_a_state_survives_being_packed(self, log: list[Evidence]) -> None:
        model = self.model()
        state = model.fold(log)
        packed = state.to_bytes()
        assert model.unpack(packed).to_bytes() == packed
        for target in TARGETS:
            again = model.estimate(model.unpack(packed), target, LATER)
            assert again == model.estimate(state, target, LATER)

    @LAW
    @given(log=logs())
    def test_estimates_are_probabilities_and_count_what_is_in_force(
        self, log: list[Evidence]
    ) -> None:
        model = self.model()
        state = model.fold(log)
        for target in TARGETS:
            estimate = model.estimate(state, target)
            for p in (estimate.p_mastered, estimate.learned, estimate.retrievable):
                assert 0 <= p <= 1
            assert 0 < estimate.p_right_low <= estimate.p_right_high < 1
            assert estimate.evidence_count == sum(target in e.targets for e in in_force(log))
            assert estimate.learned >= estimate.p_mastered or estimate.evidence_count == 0

    @LAW
    @given(log=logs())
    def test_the_steps_add_up_to_the_estimate(self, log: list[Evidence]) -> None:
        model = self.model()
        for target in TARGETS:
            start = model.estimate(model.start(), target).p_mastered
            steps = model.trace(log, target)
            moved = sum(s.waiting_effect + s.evidence_effect + s.practice_effect for s in steps)
            now = model.estimate(model.fold(log), target).p_mastered
            assert _log_odds(start) + moved == pytest.approx(_log_odds(now), abs=1e-6)
            direct = [s.evidence for s in steps if s.direct]
            assert direct == [e.id for e in in_force(log) if target in e.targets]

    @LAW
    @given(log=logs())
    def test_the_table_says_what_the_estimates_say(self, log: list[Evidence]) -> None:
        model = self.model()
        states = [model.start(), model.fold(log)]
        table = model.table(states, TARGETS, LATER)
        for row, state in enumerate(states):
            for column, target in enumerate(TARGETS):
                one = model.estimate(state, target, LATER)
                assert table.p_mastered[row, column] == pytest.approx(one.p_mastered, abs=1e-12)
                assert table.learned[row, column] == pytest.approx(one.learned, abs=1e-12)
                assert table.retrievable[row, column] == pytest.approx(one.retrievable, abs=1e-12)
                assert table.evidence_count[row, column] == one.evidence_count
                assert table.p_right[row, column] == pytest.approx(one.p_right, abs=1e-12)
                after = table.p_after_practice[row, column]
                assert after == pytest.approx(one.p_after_practice, abs=1e-12)
                last = math.nan if one.last_observed is None else one.last_observed
                assert np.isclose(table.last_observed[row, column], last, equal_nan=True)

    @LAW
    @given(logs())
    def test_the_chain_it_looks_like_says_its_own_numbers(self, log: list[Evidence]) -> None:
        model = self.model()
        state = model.fold(log)
        for target in TARGETS:
            estimate, chain = (
                model.estimate(state, target, LATER),
                model.chain(state, target, LATER),
            )
            assert chain.known == pytest.approx(estimate.retrievable)
            right = chain.known * (1 - chain.slip) + (1 - chain.known) * chain.guess
            assert right == pytest.approx(estimate.p_right)
            assert 0 < chain.learn < 1

    def test_observing_leaves_the_state_before_untouched(self) -> None:
        model = self.model()
        piece = Evidence("e", "s", ("a",), 1.0)
        before = model.observe(model.start(), piece)
        packed = before.to_bytes()
        model.observe(before, Evidence("f", "s", ("a", "b"), 0.0))
        assert before.to_bytes() == packed

    def test_a_right_answer_says_more_than_a_wrong_one(self) -> None:
        model = self.model()
        estimate = model.estimate(model.start(), "a")
        assert estimate.if_next_right > estimate.if_next_wrong

    def test_what_is_announced_for_the_next_answer_comes_true(self) -> None:
        model = self.model()
        state = model.fold([Evidence("e0", "s", ("a",), 1.0, position=0)])
        announced = model.estimate(state, "a")
        for score, expected in ((1.0, announced.if_next_right), (0.0, announced.if_next_wrong)):
            after = model.observe(state, Evidence("e1", "s", ("a",), score, position=1))
            assert model.estimate(after, "a").p_mastered == expected

    def test_nobody_succeeds_more_often_than_who_has_mastered_a_target(self) -> None:
        model = self.model()
        best = model.chance_if_mastered(TARGETS)
        assert best.shape == (len(TARGETS),)
        assert ((best > 0.5) & (best < 1.0)).all()
        estimates = model.table([model.start()], TARGETS)
        assert (estimates.p_right[0] < best).all()

    def test_a_missed_task_changes_nothing(self) -> None:
        model = self.model()
        missed = Evidence("e", "s", ("a",), None, missed=True)
        assert model.fold([missed]).to_bytes() == model.start().to_bytes()

    def test_a_revision_replaces_what_it_revises(self) -> None:
        model = self.model()
        first = Evidence("e0", "s", ("a",), 0.0, position=0)
        revision = Evidence("e1", "s", ("a",), 1.0, position=1, supersedes="e0")
        assert model.fold([first, revision]).to_bytes() == model.fold([revision]).to_bytes()

    def test_the_document_reads_back_as_the_same_model(self) -> None:
        model = self.model()
        document = model_document(model)
        again = model_from_document(document)
        assert model_document(again) == document
        log = [Evidence(f"e{i}", "s", ("a", "b"), i % 2, position=i) for i in range(6)]
        assert again.fold(log).to_bytes() == model.fold(log).to_bytes()


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)
