"""Why a target is on no choice: the one reason that holds of it, in every state it can be in."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Board, Policy, Reason, Wishes, choices
from engine.board import MASTERED
from engine.decisions import Decision, heard
from engine.reviews import new_schedule
from engine.unoffered import why_not_offered
from graphs import Curriculum, Edge, Framework, LearningTarget, Task
from tests.cast import ADA, NOW, TARGETS
from tests.engine.boards import RandomSchool, Seen, board_with, schools

SHOWN = Seen(0.99, 5)


def why(board: Board, target: str, wishes: Wishes | None = None) -> Reason | None:
    wishes = wishes or Wishes()
    return why_not_offered(board, ADA, wishes, choices(board, ADA, wishes, {}), target)


def test_what_is_on_a_choice_needs_no_word() -> None:
    board = board_with({ADA: {"count": SHOWN}})
    for choice in choices(board, ADA, Wishes(), {}):
        assert all(why(board, target) is None for target in choice.option.targets)


def test_what_needs_something_first_names_it() -> None:
    assert why(board_with({ADA: {}}), "add") == Reason("left_blocked", ("add", "count"))


def test_what_is_shown_or_practised_enough_says_so() -> None:
    board = board_with({ADA: {"count": SHOWN}})
    assert why(board, "count") == Reason("left_shown", ("count",))
    assert why(board_with({ADA: {"add": SHOWN}}), "count") == Reason("left_implied", ("count",))
    often = board_with({ADA: {"count": Seen(0.9, 3)}}, Policy(enough_at=0.8))
    assert why(often, "count") == Reason("left_enough", ("count",))
    left = np.zeros((1, len(TARGETS)), dtype=np.bool_)
    left[0, board.curriculum.graph.position["add"]] = True
    assert why(replace(board, waived=left), "add") == Reason("left_alone", ("add",))


def test_a_review_that_is_due_waits_for_its_turn() -> None:
    board = board_with({ADA: {"count": SHOWN}})
    plan = new_schedule(1, len(TARGETS))
    plan.since[0, board.curriculum.graph.position["count"]] = 0.0
    plan.between[0] = 0
    board = replace(board, now=NOW.timestamp(), plan=plan)
    assert why(board, "count") == Reason("left_turn", ("count",))


TWO = tuple(LearningTarget(t, t) for t in ("a", "b", "c", "d"))
CURRICULUM = Curriculum(
    Framework("f", "F", TWO, tasks=tuple(
        Task(f"on-{t.id}", f"On {t.id}", (t.id,), format="paper" if t.id == "d" else "digital")
        for t in TWO
    )), ()
)  # fmt: skip


def test_what_is_open_says_what_came_before_it_and_what_one_could_take() -> None:
    board = board_with({ADA: {}}, Policy(choices=3), CURRICULUM)
    offered = {choice.option.id for choice in choices(board, ADA, Wishes(), {})}
    (left,) = (t for t in "abcd" if f"on-{t}" not in offered)
    assert why(board, left) == Reason("left_behind", (left,), words=f"On {left}")
    today = np.zeros((1, 4), dtype=np.int8)
    today[0, CURRICULUM.graph.position["a"]] = board.policy.a_session
    assert why(replace(board, today=today), "a") == Reason("left_rests", ("a",))
    no = Decision("d", ADA, "r", "declined", "on-b", "not_now", NOW - timedelta(days=1))
    aside = Wishes(heard=heard(board, 0, [no], NOW))
    assert why(board, "b", aside) == Reason("left_aside", ("b",))
    digital = Wishes(formats=("digital",))
    assert why(board, "d", digital) == Reason("left_format", ("d",), words="digital")


def test_what_has_no_task_of_its_own_says_so() -> None:
    tasks = (Task("t1", "One", ("a",)), Task("t2", "Two", ("b", "c")), Task("t3", "D", ("d",)))
    framework = Framework("f", "F", TWO, tasks=tasks)
    board = board_with({ADA: {}}, curriculum=Curriculum(framework, (Edge("a", "c"),)))
    assert why(board, "b") == Reason("left_no_task", ("b",))


@pytest.mark.parametrize("formats", [(), ("paper",)])
@settings(deadline=None)  # the first call compiles
@given(school=schools(), number=st.sampled_from((None, 1)))
def test_whatever_is_on_no_choice_has_one_reason_that_holds(
    formats: tuple[str, ...], school: RandomSchool, number: int | None
) -> None:
    board, wishes = school.board, Wishes(formats=formats, number=number)
    found = choices(board, "s0", wishes, {})
    offered = {target for choice in found for target in choice.option.targets}
    for column, target in enumerate(board.targets):
        reason = why_not_offered(board, "s0", wishes, found, target)
        assert (reason is None) == (target in offered)
        if reason is None:
            continue
        assert reason.targets[0] == target
        blocked = not school.is_open("s0", target)
        assert (reason.code == "left_blocked") == blocked
        assert (reason.code == "left_shown") <= (board.status[0, column] == MASTERED)
        assert (reason.code == "left_format") <= bool(formats)
        if reason.code == "left_behind":
            every = choices(board, "s0", replace(wishes, number=1000), {})
            titles = {c.option.title for c in every if target in c.option.targets}
            assert reason.words in titles
