import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs import InvalidInput
from models import BKTModel, BKTParameters, Evidence, MasteryModel
from models.bkt import USUAL, condition, emissions, pooled, right, transit
from tests.models.contract import MasteryModelContract

inside = st.floats(0.01, 0.99)


class TestPlainBKT(MasteryModelContract):
    def model(self) -> MasteryModel:
        parameters = {
            "a": BKTParameters(0.4, 0.2, 0.2, 0.1),
            "b": BKTParameters(0.1, 0.05, 0.3, 0.3, 0.02),
        }
        return BKTModel(parameters)


def test_the_two_steps_match_corbett_and_anderson_by_hand() -> None:
    # prior .5, learn .2, guess .2, slip .1 after one right answer:
    # .5·.9 / (.5·.9 + .5·.2) = .45/.55 = 9/11; then 9/11 + 2/11·.2 = 9.4/11.
    answered = condition(0.5, *emissions(1.0, 1.0, 0.2, 0.1))
    assert answered == pytest.approx(9 / 11, abs=1e-15)
    assert transit(answered, 0.2, 0.0) == pytest.approx(9.4 / 11, abs=1e-15)
    assert right(0.5, 0.2, 0.1) == pytest.approx(0.55, abs=1e-15)


@given(known=inside, guess=st.floats(0.01, 0.45), slip=st.floats(0.01, 0.45))
def test_right_answers_raise_and_wrong_answers_lower_the_belief(
    known: float, guess: float, slip: float
) -> None:
    assert condition(known, *emissions(1.0, 1.0, guess, slip)) > known
    assert condition(known, *emissions(0.0, 1.0, guess, slip)) < known


@given(known=inside, guess=inside, slip=inside, score=st.floats(0, 1))
def test_less_reliable_evidence_moves_the_belief_less(
    known: float, guess: float, slip: float, score: float
) -> None:
    def shift(weight: float) -> float:
        moved = condition(known, *emissions(score, weight, guess, slip))
        return abs(_log_odds(moved) - _log_odds(known))

    assert shift(0.15) <= shift(0.4) + 1e-9 <= shift(1.0) + 2e-9


@given(known=inside, p=st.builds(BKTParameters, inside, inside, inside, inside, inside))
def test_the_belief_before_an_answer_is_the_mean_over_its_outcomes(
    known: float, p: BKTParameters
) -> None:
    chance = right(known, p.guess, p.slip)
    if_right = condition(known, *emissions(1.0, 1.0, p.guess, p.slip))
    if_wrong = condition(known, *emissions(0.0, 1.0, p.guess, p.slip))
    assert chance * if_right + (1 - chance) * if_wrong == pytest.approx(known, abs=1e-12)


def test_impossible_evidence_leaves_the_belief_as_it_was() -> None:
    assert condition(1.0, 0.0, 0.5) == 1.0


def test_a_thousand_right_answers_never_make_certain() -> None:
    model = BKTModel()
    log = [Evidence(f"e{i}", "s", ("a",), 1.0, position=i) for i in range(1000)]
    now = model.estimate(model.fold(log), "a").p_mastered
    assert 0.999 < now < 1
    assert math.isfinite(sum(step.evidence_effect for step in model.trace(log, "a")))


def test_every_parameter_out_of_range_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        BKTParameters(1.5, 0.1, -0.1, float("nan"))
    assert [fault.field for fault in refused.value.faults] == ["prior", "guess", "slip"]


def test_the_pooled_parameters_are_the_medians() -> None:
    some = [BKTParameters(p, p, p / 4, p / 4) for p in (0.1, 0.5, 0.9)]
    assert pooled(some) == some[1]
    assert pooled([]) == USUAL


def test_an_unknown_kind_of_evidence_counts_in_full() -> None:
    model = BKTModel()
    by = {
        kind: model.fold([Evidence("e", "s", ("a",), 1.0, kind=kind)]).targets["a"].known
        for kind in ("quiz_item", "oral_exam", "self_rating")
    }
    assert by["quiz_item"] == by["oral_exam"] > by["self_rating"]


def test_the_peak_stays_when_the_belief_falls() -> None:
    model = BKTModel()
    scores = (1.0, 1.0, 1.0, 0.0, 0.0)
    log = [Evidence(f"e{i}", "s", ("a",), s, position=i) for i, s in enumerate(scores)]
    state = model.fold(log).targets["a"]
    assert state.peak == max(step.after for step in model.trace(log, "a")) > state.known
    assert state.count == len(scores)
    assert state.last is None


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)
