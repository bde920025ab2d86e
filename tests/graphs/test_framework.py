import math

import pytest

from graphs import (
    Competency,
    EvidenceKind,
    Framework,
    InvalidInput,
    LearningTarget,
    Scale,
    Task,
    UnknownId,
)
from graphs.framework import LONGEST_ID, usable_id
from tests.cast import TARGETS, small_framework

ONE = LearningTarget("a", "A")


def test_the_small_school_is_consistent_and_iterates_its_targets_in_order() -> None:
    assert tuple(target.id for target in small_framework()) == TARGETS


def test_everything_is_found_by_its_id() -> None:
    framework = small_framework()
    assert framework.target("add").text == "Add"
    assert framework.task("arrays").targets == ("multiply",)
    assert framework.kind("homework").reliability == 0.4
    assert framework.scale("rubric4").levels[0] == "beginning"
    assert framework.has_target("add")
    assert not framework.has_target("arrays")
    assert framework.has_task("arrays")
    assert not framework.has_task("add")


@pytest.mark.parametrize(
    ("collection", "kind"),
    [
        ("target", "learning target"),
        ("task", "task"),
        ("kind", "evidence kind"),
        ("scale", "scale"),
    ],
)
def test_an_unknown_id_says_what_it_should_have_named(collection: str, kind: str) -> None:
    with pytest.raises(UnknownId, match=f"no {kind} with the id 'x'"):
        getattr(small_framework(), collection)("x")


def test_every_fault_of_a_framework_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        Framework(
            "broken",
            "Broken",
            targets=(ONE, ONE, LearningTarget("b~c", "B"), LearningTarget("d", "D", "nowhere")),
            competencies=(Competency("k", "K", "nobody"), Competency("k", "K")),
            tasks=(
                Task("none", "N", ()),
                Task("lost", "L", ("z", "a")),
                Task("double", "D", ("a", "a")),
                Task("odd", "O", ("a",), kind="guesswork"),
                Task("odd", "O", ("a",), minutes=0),
            ),
            kinds=(
                EvidenceKind("quiz_item", "Quiz", 1.5),
                EvidenceKind("", "Blank", 1.0),
                EvidenceKind("exam", "Exam", 1.0, points=1001),
            ),
            scales=(Scale("s", ("only",)), Scale("s", ("low", "high"))),
        )
    named = {(fault.field, fault.message.split(":")[0]) for fault in refused.value.faults}
    assert named == {
        ("targets", "the id 'a' stands 2 times"),
        ("targets", "the id 'b~c' is not usable"),
        ("competencies", "the id 'k' stands 2 times"),
        ("tasks", "the id 'odd' stands 2 times"),
        ("kinds", "the id '' is not usable"),
        ("scales", "the id 's' stands 2 times"),
        (None, "'k' has the unknown parent 'nobody'"),
        (None, "'d' belongs to the unknown competency 'nowhere'"),
        (None, "the task 'none' has no learning target"),
        (None, "the task 'lost' names the unknown learning target 'z'"),
        (None, "the task 'double' names the learning target 'a' twice"),
        (None, "the task 'odd' has the unknown evidence kind 'guesswork'"),
        (None, "the task 'odd' takes 0 minutes; 0 to 1440 make sense"),
        (None, "the kind 'quiz_item' has reliability 1.5, not in (0, 1]"),
        (None, "the kind 'exam' has 1001 points; 1 to 1000 make sense"),
        (None, "the scale 's' needs at least two levels"),
    }


@pytest.mark.parametrize("minutes", [0, -1, 1440.1, math.inf, math.nan])
def test_minutes_outside_a_day_are_refused(minutes: float) -> None:
    with pytest.raises(InvalidInput, match="minutes"):
        Framework("f", "F", (ONE,), tasks=(Task("t", "T", ("a",), minutes=minutes),))


@pytest.mark.parametrize("minutes", [0.1, 1440])
def test_minutes_up_to_a_day_are_fine(minutes: float) -> None:
    framework = Framework("f", "F", (ONE,), tasks=(Task("t", "T", ("a",), minutes=minutes),))
    assert framework.task("t").minutes == minutes


def test_points_of_one_score_hang_together() -> None:
    weights = [EvidenceKind("k", "K", 0.7, points).weight for points in (1, 2, 10, 1000)]
    assert weights == pytest.approx([0.7, 0.7 * 2 / 1.3, 0.7 * 10 / 3.7, 0.7 * 1000 / 300.7])


@pytest.mark.parametrize("reliability", [0, -0.1, 1.01, math.nan])
def test_a_reliability_outside_zero_to_one_is_refused(reliability: float) -> None:
    kinds = (EvidenceKind("k", "K", reliability),)
    with pytest.raises(InvalidInput, match="reliability"):
        Framework("f", "F", (ONE,), kinds=kinds)


@pytest.mark.parametrize("text", ["a", "MATH.5.NF-1", "größer", "a b", "x" * LONGEST_ID])
def test_ordinary_ids_are_usable(text: str) -> None:
    assert usable_id(text)


@pytest.mark.parametrize(
    "text", ["", " a", "a ", "a~b", "a\nb", "a\0", "a\u200b", "\ud800", "x" * (LONGEST_ID + 1)]
)
def test_ids_that_would_break_a_file_or_a_page_are_not(text: str) -> None:
    assert not usable_id(text)


def test_a_student_reads_the_student_text_and_else_the_text() -> None:
    assert LearningTarget("a", "Adds", student_text="I can add").for_student == "I can add"
    assert LearningTarget("a", "Adds").for_student == "Adds"


def test_competencies_that_contain_one_another_are_refused_with_their_circle() -> None:
    competencies = (Competency("c", "C", "a"), Competency("a", "A", "b"), Competency("b", "B", "c"))
    with pytest.raises(InvalidInput, match="in a circle: a → b → c → a") as refused:
        Framework("f", "F", (ONE,), competencies)
    assert len(refused.value.faults) == 1


def test_a_competency_cannot_contain_itself() -> None:
    with pytest.raises(InvalidInput, match="in a circle: a → a"):
        Framework("f", "F", (ONE,), (Competency("a", "A", "a"),))


def test_a_target_has_the_code_that_its_source_gave_it() -> None:
    assert LearningTarget("a", "A", extra={"code": "6.RP.A.1"}).code == "6.RP.A.1"
    assert not ONE.code
