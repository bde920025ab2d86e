"""Choices on small boards made by hand: which comes first, and why."""

from dataclasses import replace

import pytest
from hypothesis import settings

from engine import (
    Choice,
    Layout,
    Policy,
    Reason,
    Wishes,
    choices,
    make_board,
    policy_from_document,
)
from graphs import Curriculum, Edge, Framework, LearningTarget, Task, UnknownId
from models import BKTModel, BKTParameters
from tests.cast import ADA, small_curriculum
from tests.engine.boards import EVERY, WEIGHTS, Seen, board_with

quick = settings(max_examples=40, deadline=None)

FOUR = Curriculum(
    Framework(
        "four",
        "Four",
        tuple(LearningTarget(t, t.upper()) for t in ("a", "b", "c", "d", "after")),
        tasks=(
            Task("on-a", "A", ("a",)),
            Task("on-b", "B", ("b",)),
            Task("on-c", "C", ("c",)),
            Task("on-d", "D", ("d",), interests=("music",)),
        ),
    ),
    (Edge("c", "after"),),
)
SILENT = Policy(
    w_gain=0, w_opens=0, w_goal=0, w_information=0, w_review=0, w_gap=0, w_interest=0,
    w_order=0,    band_low=0, band_high=1, choices=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("weight", "best"),
    [
        ("w_gain", "on-b"),  # stands lowest, so practice gains most
        ("w_opens", "on-c"),  # the only one that something waits for
        ("w_goal", "on-c"),  # lies on the way to the goal
        ("w_information", "on-b"),  # most open, and least is known of it
        ("w_review", "on-a"),  # was shown and has faded
        ("w_interest", "on-d"),
        ("w_order", "on-c"),  # the first on the way to the goal
    ],
)
def test_each_weight_alone_brings_forward_what_it_is_for(weight: str, best: str) -> None:
    cells = {
        "a": Seen(0.6, 5, peak=0.97),
        "b": Seen(0.5, 3),
        "c": Seen(0.6, 5),
        "d": Seen(0.6, 5),
    }
    rule = policy_from_document({**SILENT.to_document(), weight: 1.0})
    board = board_with({ADA: cells}, rule, FOUR)
    first, *_ = choices(board, ADA, Wishes("after", interests=("music",)), {})
    assert first.option.id == best
    assert set(first.terms) == {WEIGHTS[weight]}


def test_the_curriculums_order_is_that_of_what_is_ready_and_on_the_way_to_a_goal() -> None:
    rule = replace(SILENT, w_order=1.0)
    cells = {"a": Seen(0.97, 5), "b": Seen(0.5, 3), "c": Seen(0.6, 5), "d": Seen(0.6, 5)}
    board = board_with({ADA: cells}, rule, FOUR)
    anywhere = choices(board, ADA, Wishes(number=EVERY), {})
    order = {c.option.id: c.terms["order"] * c.minutes for c in anywhere}
    assert order == pytest.approx({"on-b": 1.0, "on-c": 1 / 2, "on-d": 1 / 3})
    assert [c.option.id for c in anywhere if Reason("comes_next", ("b",)) in c.reasons] == ["on-b"]
    toward = choices(board, ADA, Wishes("after", number=EVERY), {})
    assert {c.option.id for c in toward if c.terms} == {"on-c"}


def test_who_is_stuck_is_taken_back_to_what_that_builds_on_and_is_not_mastered() -> None:
    rule = replace(SILENT, w_gap=1.0, stuck_after=6)
    cells = {"count": Seen(0.8, 4), "add": Seen(0.4, 6)}
    log = {"count": ["c"], "add": ["a1", "a2"]}
    first, *_ = choices(board_with({ADA: cells}, rule), ADA, Wishes(), log)
    assert (first.option.targets, first.purpose, set(first.terms)) == (("count",), "gap", {"gap"})
    assert Reason("gap", ("count", "add"), ("a1", "a2", "c"), 0.8) in first.reasons
    fewer = board_with({ADA: {**cells, "add": Seen(0.4, 5)}}, rule)
    assert "gap" not in {c.purpose for c in choices(fewer, ADA, Wishes(number=EVERY), log)}
    shown = board_with({ADA: {**cells, "count": Seen(0.97, 4)}}, rule)
    assert "gap" not in {c.purpose for c in choices(shown, ADA, Wishes(number=EVERY), log)}


def test_what_nobody_has_seen_is_looked_at_when_what_builds_on_it_is_stuck() -> None:
    cells = {"add": Seen(0.4, 10), "multiply": Seen(0.97, 5)}
    wishes = Wishes(number=EVERY)
    stuck = choices(board_with({ADA: cells}), ADA, wishes, {})
    assert ("count",) in {c.option.targets for c in stuck if c.purpose == "gap"}
    moving = choices(board_with({ADA: {**cells, "add": Seen(0.4, 9)}}), ADA, wishes, {})
    assert ("count",) not in {c.option.targets for c in moving}


def test_what_is_new_is_to_go_ahead_once_all_before_it_is_mastered() -> None:
    met, mastered = Seen(0.8, 3), Seen(0.97, 3)
    wishes = Wishes(formats=("paper",))
    (probe, *_) = choices(board_with({ADA: {"count": met}}), ADA, wishes, {})
    (ahead, *_) = choices(board_with({ADA: {"count": mastered}}), ADA, wishes, {"count": ["e"]})
    assert (probe.option.targets, probe.purpose) == (("add",), "probe")
    assert (ahead.option.targets, ahead.purpose) == (("add",), "ahead")
    assert ahead.reasons[0] == Reason("ahead", ("add", "count"), ("e",))


def test_extra_time_lengthens_every_task_and_lowers_what_a_minute_brings() -> None:
    board = board_with({ADA: {"count": Seen(0.6, 3)}})
    usual = choices(board, ADA, Wishes(interests=("sports",)), {})
    longer = choices(board, ADA, Wishes(interests=("sports",), extra_time=1.5), {})
    assert ids(longer) == ids(usual)
    for a, b in zip(usual, longer, strict=True):
        assert b.minutes == 1.5 * a.minutes
        assert b.score == pytest.approx(a.score / 1.5)
        assert sum(b.terms.values()) == pytest.approx(b.score)


def test_equal_tasks_are_spread_over_a_class_and_stay_with_a_student() -> None:
    tasks = tuple(Task(f"t{i}", "T", ("a",)) for i in range(4))
    curriculum = Curriculum(Framework("f", "F", (LearningTarget("a", "A"),), tasks=tasks))
    turned = Curriculum(Framework("f", "F", (LearningTarget("a", "A"),), tasks=tasks[::-1]))
    students: dict[str, dict[str, Seen]] = {f"s{i}": {} for i in range(40)}
    board, other = board_with(students, None, curriculum), board_with(students, None, turned)
    first = [ids(choices(board, student, Wishes(), {})) for student in students]
    assert first == [ids(choices(other, student, Wishes(), {})) for student in students]
    counts = [sum(each[0] == task.id for each in first) for task in tasks]
    assert min(counts) >= 4


def test_a_shorter_task_comes_before_a_longer_one_of_the_same_use() -> None:
    tasks = (Task("long", "L", ("a",), minutes=30), Task("short", "S", ("a",), minutes=10))
    curriculum = Curriculum(Framework("f", "F", (LearningTarget("a", "A"),), tasks=tasks))
    board = board_with({ADA: {}}, None, curriculum)
    assert ids(choices(board, ADA, Wishes(), {})) == ["short", "long"]


def test_the_second_choice_differs_in_target_before_it_scores_best() -> None:
    tasks = (
        Task("best", "B", ("a",), minutes=10),
        Task("again", "A", ("a",), minutes=10.1),
        Task("other", "O", ("b",), minutes=15),
    )
    targets = (LearningTarget("a", "A"), LearningTarget("b", "B"))
    board = board_with({ADA: {}}, None, Curriculum(Framework("f", "F", targets, tasks=tasks)))
    assert ids(choices(board, ADA, Wishes(), {})) == ["best", "other", "again"]


@pytest.mark.parametrize(
    "tasks",
    [
        (
            Task("first", "F", ("a",), format="paper", minutes=10),
            Task("alike", "A", ("b",), format="paper", minutes=10.1),
            Task("unlike", "U", ("c",), format="game", minutes=10.2),
        ),
        (
            Task("first", "F", ("a",), interests=("music", "art"), minutes=10),
            Task("alike", "A", ("b",), interests=("music",), minutes=10.1),
            Task("unlike", "U", ("c",), interests=("sports",), minutes=10.2),
        ),
    ],
)
def test_the_second_choice_prefers_another_format_or_interest(tasks: tuple[Task, ...]) -> None:
    targets = tuple(LearningTarget(t, t.upper()) for t in "abc")
    curriculum = Curriculum(Framework("f", "F", targets, tasks=tasks))
    board = board_with({ADA: {}}, Policy(w_order=0), curriculum)
    assert ids(choices(board, ADA, Wishes(), {})) == ["first", "unlike", "alike"]


def test_a_task_on_two_targets_waits_for_the_prerequisites_of_both() -> None:
    met = Seen(0.8, 3)
    ready_for_one = board_with({ADA: {"count": met, "add": met, "multiply": Seen(0.1)}})
    ready_for_both = board_with({ADA: {"count": met, "add": met, "multiply": met}})
    wishes = Wishes(number=EVERY)
    assert "share" not in ids(choices(ready_for_one, ADA, wishes, {}))
    assert "share" in ids(choices(ready_for_both, ADA, wishes, {}))


def test_a_task_opens_what_its_targets_open_only_together() -> None:
    targets = tuple(LearningTarget(t, t.upper()) for t in ("a", "b", "after"))
    framework = Framework("f", "F", targets, tasks=(Task("both", "Both", ("a", "b")),))
    curriculum = Curriculum(framework, (Edge("a", "after"), Edge("b", "after")))
    (choice,) = choices(board_with({ADA: {}}, None, curriculum), ADA, Wishes(), {})
    assert choice.opens == ("after",)


def test_a_target_already_met_is_not_said_to_be_opened() -> None:
    board = board_with({ADA: {"add": Seen(0.8, 4)}})
    first, *_ = choices(board, ADA, Wishes(formats=("game",)), {})
    assert first.option.targets == ("count",)
    assert first.opens == ()
    assert "opens" not in first.terms


def test_a_task_that_holds_its_own_prerequisite_says_what_it_rests_on() -> None:
    targets = (LearningTarget("a", "A"), LearningTarget("b", "B"))
    framework = Framework("f", "F", targets, tasks=(Task("both", "Both", ("b", "a")),))
    curriculum = Curriculum(framework, (Edge("a", "b"),))
    board = board_with({ADA: {"a": Seen(0.8, 3)}}, None, curriculum)
    (choice,) = choices(board, ADA, Wishes(), {"a": ["e1"]})
    assert choice.reasons[0] == Reason("ready", ("a",), ("e1",))


def test_a_reason_cites_all_that_it_rests_on() -> None:
    board = board_with({ADA: {"count": Seen(0.9, 7), "add": Seen(0.9, 7)}})
    log = {"count": [f"e{i}" for i in range(7)]}
    on_add = choices(board, ADA, Wishes(formats=("paper",)), log)[0]
    assert on_add.option.id == "add-apples"
    assert on_add.reasons[0].evidence == tuple(log["count"])


def test_a_goal_met_but_not_mastered_is_still_a_step() -> None:
    board = board_with({ADA: {"count": Seen(0.9, 5)}})
    (choice,) = choices(board, ADA, Wishes("count", formats=("game",)), {})
    (reason,) = (r for r in choice.reasons if r.code == "toward_goal")
    assert (reason.targets, reason.number) == (("count",), 1.0)


def test_a_mastered_goal_has_no_step_left() -> None:
    targets = (LearningTarget("a", "A"), LearningTarget("b", "B"))
    framework = Framework("f", "F", targets, tasks=(Task("both", "Both", ("a", "b")),))
    board = board_with({ADA: {"a": Seen(0.97, 5)}}, None, Curriculum(framework))
    (choice,) = choices(board, ADA, Wishes("a"), {})
    assert "goal" not in choice.terms
    assert "toward_goal" not in {reason.code for reason in choice.reasons}


def test_practice_that_would_lose_more_than_it_gains_counts_as_no_gain() -> None:
    forgetful = BKTModel(fallback=BKTParameters(0.9, 0.01, 0.2, 0.1, forget=0.5))
    states = {ADA: forgetful.start()}
    board = make_board(Layout(small_curriculum()), Policy(), forgetful, states)
    for choice in choices(board, ADA, Wishes(number=EVERY), {}):
        assert choice.score > 0
        assert "gain" not in choice.terms


def test_whoever_has_mastered_everything_gets_no_choice() -> None:
    board = board_with({ADA: dict.fromkeys(small_curriculum().graph.targets, Seen(0.99, 5))})
    assert choices(board, ADA, Wishes(), {}) == ()


def test_a_format_that_nothing_has_leaves_no_choice() -> None:
    assert choices(board_with({ADA: {}}), ADA, Wishes(formats=("braille",)), {}) == ()


def test_an_empty_curriculum_offers_no_choice() -> None:
    board = board_with({ADA: {}}, None, Curriculum(Framework("f", "F", ())))
    assert choices(board, ADA, Wishes(), {}) == ()


def test_an_unknown_student_or_goal_is_an_unknown_id() -> None:
    board = board_with({ADA: {}})
    with pytest.raises(UnknownId, match="no student with the id 'dora'"):
        choices(board, "dora", Wishes(), {})
    with pytest.raises(UnknownId, match="no goal with the id 'fly'"):
        choices(board, ADA, Wishes(goal="fly"), {})


def ids(found: tuple[Choice, ...]) -> list[str]:
    return [choice.option.id for choice in found]
