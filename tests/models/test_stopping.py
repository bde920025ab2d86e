"""Predictive stability: practice that changes nothing, at the top as at the bottom."""

from hypothesis import given
from hypothesis import strategies as st

from models import BKTModel, BKTParameters, Estimate, Evidence, is_settled

HOPELESS = BKTModel({"t": BKTParameters(0.1, 0.0, 0.1, 0.1)})
PROBABILITY = st.floats(0, 1)


def after(model: BKTModel, answers: str) -> Estimate:
    """Return the estimate after a row of answers."""
    state = model.start()
    for i, answer in enumerate(answers):
        piece = Evidence(id=str(i), student="s", targets=("t",), score=float(answer), position=i)
        state = model.observe(state, piece)
    return model.estimate(state, "t")


def test_a_new_student_is_not_settled() -> None:
    assert not is_settled(after(BKTModel(), ""), 0.01, 0.95)
    assert not is_settled(after(BKTModel(), "10"), 0.01, 0.95)


def test_who_is_through_is_settled() -> None:
    assert is_settled(after(BKTModel(), "1" * 12), 0.01, 0.95)


def test_whom_practice_no_longer_moves_is_settled_far_below_mastery() -> None:
    stuck = after(HOPELESS, "0" * 8)
    assert stuck.p_mastered < 0.01
    assert is_settled(stuck, 0.01, 0.95)


@given(
    here=PROBABILITY, up=PROBABILITY, down=PROBABILITY, right=PROBABILITY,
    within=st.floats(0, 1), wider=st.floats(0, 1), surely=st.floats(0.5, 1),
)  # fmt: skip
def test_asking_for_less_never_unsettles(
    here: float, up: float, down: float, right: float, within: float, wider: float, surely: float
) -> None:
    estimate = Estimate(here, here, here, 3, right, right, right, here, up, down, None)
    narrow, wide = sorted((within, wider))
    assert is_settled(estimate, wide, surely) or not is_settled(estimate, narrow, surely)
    assert is_settled(estimate, narrow, 0.5) or not is_settled(estimate, narrow, surely)
