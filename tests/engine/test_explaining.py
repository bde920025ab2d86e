"""Why an estimate rose on a wrong answer, or fell on a right one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.explaining import against_the_evidence
from engine.reasons import for_teacher, percent
from models import BKTModel, BKTParameters, Step
from tests.cast import BEN, answers, small_framework

STEEP = BKTModel({"add": BKTParameters(0.01, 0.3, 0.1, 0.2)})
"""Much is learned by every task: where little is known, no wrong answer outweighs it."""


def test_a_wrong_answer_after_which_the_estimate_is_higher_is_explained_by_the_practice() -> None:
    (step,) = STEEP.trace(answers(BEN, "add", "0"), "add")
    assert step.after > step.before < 0.02
    reason = against_the_evidence(step, "add")
    assert reason is not None
    assert (reason.code, reason.evidence) == ("practice_outweighs", (step.evidence,))
    said = for_teacher(reason, small_framework())
    assert f"({step.evidence_effect:+.2f})" in said
    assert f"({step.practice_effect:+.2f})" in said


@pytest.mark.parametrize(
    ("evidence", "practice", "waiting", "direct", "code"),
    [
        (-0.5, 0.8, 0.0, True, "practice_outweighs"),
        (-0.5, 0.8, -0.4, True, None),  # forgotten before: all in all it fell
        (-0.5, 0.3, 0.0, True, None),
        (-0.5, 0.8, 0.0, False, None),  # nothing was practised here
        (0.5, 0.8, 0.0, True, None),
        (0.5, 0.1, -0.8, True, "forgetting_outweighs"),
        (0.5, 0.1, -0.3, True, None),
        (0.5, -0.8, 0.0, True, "forgetting_outweighs"),
        (-0.5, 0.51, 0.0, True, None),  # nobody would see it
    ],
)
def test_only_what_went_the_other_way_is_explained(
    evidence: float, practice: float, waiting: float, direct: bool, code: str | None
) -> None:
    moved = 0.1 * (evidence + practice + waiting)
    step = Step("e", 0.5, 0.5 + moved, evidence, practice, waiting, direct)
    reason = against_the_evidence(step, "add")
    assert (reason.code if reason else None) == code


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 19), min_size=4, max_size=4), st.text("01", min_size=1, max_size=8))
def test_every_step_against_its_evidence_says_why_and_no_other_does(
    parameters: list[int], scores: str
) -> None:
    prior, learn, guess, slip = (each / 20 for each in parameters)
    model = BKTModel({"add": BKTParameters(prior, learn, guess, slip, forget=0.05)})
    for step in model.trace(answers(BEN, "add", scores), "add"):
        moved = step.evidence_effect + step.practice_effect + step.waiting_effect
        shown = percent(step.before) != percent(step.after)
        against = moved * step.evidence_effect < 0 and shown
        assert (against_the_evidence(step, "add") is not None) == against
