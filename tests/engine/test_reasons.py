from typing import get_args

import pytest

from engine import Reason, for_family, for_student, for_teacher
from engine.reasons import Code
from graphs import Framework, LearningTarget, UnknownId
from tests.cast import small_framework
from tests.engine.choice_sentences import CHOICES
from tests.engine.goal_sentences import GOALS
from tests.engine.group_sentences import GROUPS
from tests.engine.offer_sentences import OFFERS
from tests.engine.support_sentences import SUPPORT

SENTENCES = [*CHOICES, *SUPPORT, *GOALS, *GROUPS, *OFFERS]


JARGON = (
    "%", "evidence", "master", "probe", "prerequisite", "target", "opportunit", "struggl", "low",
    "estimate",
)  # fmt: skip


@pytest.mark.parametrize(("reason", "teacher", "student"), SENTENCES)
def test_a_reason_says_one_sentence_to_each(reason: Reason, teacher: str, student: str) -> None:
    assert for_teacher(reason, small_framework()) == teacher
    assert for_student(reason, small_framework()) == student


@pytest.mark.parametrize("reason", [reason for reason, _, _ in SENTENCES])
def test_a_family_is_told_in_one_plain_sentence(reason: Reason) -> None:
    said = for_family(reason, small_framework())
    assert said.endswith(".")
    assert not any(word in said.replace(reason.words or "\n", "") for word in JARGON)


@pytest.mark.parametrize(
    ("reason", "family"),
    [
        (
            Reason("gap", ("count", "add"), ("e1",), 0.74),
            "“Add” is hard right now, and going back to “Count” will help.",
        ),
        (
            Reason("faded", ("count",), ("e1",), 0.42),
            "Your child showed this before; now we look whether it is still there.",
        ),
        (
            Reason("would_go_back", ("add",), number=2.0, words="Count shells"),
            "After 2 wrong answers in a row today we would offer “Count shells” instead.",
        ),
        (
            Reason("inactive", (), ("e1",), 12.0),
            "We have not seen your child’s work for 12 days.",
        ),
    ],
)
def test_what_a_family_is_told(reason: Reason, family: str) -> None:
    assert for_family(reason, small_framework()) == family


def test_every_code_has_its_sentences_tested() -> None:
    assert {reason.code for reason, _, _ in SENTENCES} == set(get_args(Code))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("inactive", number=1.0), "No evidence for 1 day."),
        (Reason("toward_goal", ("add",), number=1.0), "1 step left"),
        (Reason("stuck", ("add",), number=1.0), "1 opportunity on"),
    ],
)
def test_one_of_a_kind_is_singular(reason: Reason, words: str) -> None:
    assert words in for_teacher(reason, small_framework())


@pytest.mark.parametrize(
    ("targets", "named"),
    [
        (("count",), "“Count”"),
        (("count", "add"), "“Count” and “Add”"),
        (("count", "add", "divide"), "“Count”, “Add” and “Divide”"),
        (("count", "add", "divide", "shapes"), "“Count”, “Add”, “Divide” and 1 more"),
        (
            ("count", "add", "divide", "shapes", "multiply"),
            "“Count”, “Add”, “Divide” and 2 more",
        ),
    ],
)
def test_at_most_three_targets_are_named(targets: tuple[str, ...], named: str) -> None:
    said = for_student(Reason("opens", targets), small_framework())
    assert said == f"It opens {named}."


def test_braces_in_a_target_are_only_text() -> None:
    framework = Framework("f", "F", (LearningTarget("a", "Sets {1, 2} and {share}"),))
    assert for_student(Reason("opens", ("a",)), framework) == "It opens “Sets {1, 2} and {share}”."


def test_a_target_that_is_gone_is_an_unknown_id() -> None:
    with pytest.raises(UnknownId):
        for_teacher(Reason("opens", ("gone",)), small_framework())
