"""Goals: learning targets, and competencies with all that is under them."""

import pytest

from graphs import Competency, Framework, LearningTarget, UnknownId
from graphs.goals import goal_targets, goal_text, is_goal

FRAMEWORK = Framework(
    "f",
    "F",
    targets=(
        LearningTarget("a", "Add", "sums", student_text="I can add"),
        LearningTarget("b", "Halve", "parts"),
        LearningTarget("both", "Both"),
    ),
    competencies=(
        Competency("numbers", "Numbers"),
        Competency("sums", "Sums", "numbers"),
        Competency("parts", "Parts", "sums"),
        Competency("empty", "Empty"),
        Competency("both", "A competency of the same id", "numbers"),
    ),
)


@pytest.mark.parametrize(
    ("goal", "targets"),
    [("a", ("a",)), ("sums", ("a", "b")), ("numbers", ("a", "b")), ("parts", ("b",)),
     ("both", ("both",))],
)  # fmt: skip
def test_a_goal_stands_for_its_targets_however_deep(goal: str, targets: tuple[str, ...]) -> None:
    assert goal_targets(FRAMEWORK, goal) == targets
    assert is_goal(FRAMEWORK, goal)


@pytest.mark.parametrize("goal", ["empty", "fly"])
def test_what_has_no_target_is_no_goal(goal: str) -> None:
    assert not is_goal(FRAMEWORK, goal)
    with pytest.raises(UnknownId, match=f"no goal with the id '{goal}'"):
        goal_targets(FRAMEWORK, goal)


def test_a_goal_is_called_by_its_wording() -> None:
    assert goal_text(FRAMEWORK, "a") == "Add"
    assert goal_text(FRAMEWORK, "a", student=True) == "I can add"
    assert goal_text(FRAMEWORK, "sums") == "Sums"
    with pytest.raises(UnknownId):
        goal_text(FRAMEWORK, "fly")
