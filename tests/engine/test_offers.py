"""What an offer says as a whole, in every state in which it holds little or nothing."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Board, Reason, Wishes, choices
from engine.decisions import Decision, Why, answers_to, heard
from engine.offers import about_offer
from engine.policy import Policy
from engine.reviews import DAY, new_schedule
from graphs import Curriculum, Edge, Framework, LearningTarget, Task
from tests.cast import ADA, NOW, TARGETS
from tests.engine.boards import EVERY, RandomSchool, Seen, board_with, schools

SHOWN = Seen(0.99, 5)


def said(board: Board, wishes: Wishes | None = None) -> dict[str, Reason]:
    wishes = wishes or Wishes()
    found = choices(board, ADA, wishes, {})
    return {reason.code: reason for reason in about_offer(board, ADA, wishes, found)}


def declining(board: Board, options: Collection[str]) -> Wishes:
    at = NOW - timedelta(days=1)
    no = [Decision(f"d-{o}", ADA, "r-1", "declined", o, "not_now", at) for o in options]
    return Wishes(heard=heard(board, 0, no, NOW))


def all_but(*left: str, seen: Seen = SHOWN, policy: Policy | None = None) -> Board:
    return board_with({ADA: {t: seen for t in TARGETS if t not in left}}, policy)


def test_an_offer_of_several_choices_speaks_for_itself() -> None:
    board = board_with({ADA: {"count": SHOWN}})
    assert len(choices(board, ADA, Wishes(), {})) > 1
    assert said(board) == {}


def test_who_has_shown_everything_is_told_so_and_when_to_look_back() -> None:
    assert said(all_but()) == {"offer_all_shown": Reason("offer_all_shown")}
    plan = new_schedule(1, len(TARGETS))
    plan.since[0, :2], plan.days[0, :2] = NOW.timestamp(), (7.0, 3.0)
    board = replace(all_but(), now=NOW.timestamp(), plan=plan)
    later = Reason("offer_next_due", ("add",), (), 3.0, "5 March")
    assert said(board) == {"offer_all_shown": Reason("offer_all_shown"), "offer_next_due": later}
    due = replace(board, now=NOW.timestamp() + 4 * DAY)
    only = {"offer_same": Reason("offer_same", ("add",)), "offer_one": Reason("offer_one")}
    assert said(due) == only, "two ways to review the one that is due"


def test_a_format_that_no_task_has_is_named_with_what_is_ready() -> None:
    board = board_with({ADA: {"count": SHOWN}})
    found = said(board, Wishes(formats=("large_print", "oral")))
    assert found == {
        "offer_no_format": Reason("offer_no_format", ("add", "shapes"), words="large print, oral")
    }
    found = said(board, Wishes(formats=("project",)))
    assert found == {"offer_format": Reason("offer_format", ("add",), words="project")}
    assert said(board, Wishes(formats=("project", "paper"))) == {}


def test_the_only_option_there_is_says_so() -> None:
    assert said(all_but("shapes")) == {"offer_one": Reason("offer_one")}
    assert said(all_but("shapes"), Wishes(number=1)) == {}, "one was asked for"


def test_what_was_set_aside_and_comes_back_says_why() -> None:
    board = board_with({ADA: {"count": SHOWN}})
    options = [option.id for option in board.layout.options]
    assert set(said(board, declining(board, options))) == {"offer_declined"}
    one_left = [option for option in options if option != "shape-hunt"]
    assert set(said(board, declining(board, one_left))) == {"offer_aside"}
    assert said(board, declining(board, options[:1])) == {}


def test_what_was_worked_on_enough_today_says_so() -> None:
    board = all_but("shapes", "divide")
    column = board.curriculum.graph.position
    today = np.zeros((1, len(TARGETS)), dtype=np.int8)
    today[0, column["shapes"]] = today[0, column["divide"]] = board.policy.a_session
    found = said(replace(board, today=today))
    assert found == {"offer_rests": Reason("offer_rests", ("divide", "shapes"))}
    today[0, column["divide"]] = 0
    found = said(replace(board, today=today))
    assert found == {"offer_tired": Reason("offer_tired", ("shapes",))}


def test_what_rests_but_still_comes_first_says_so() -> None:
    board = all_but("subtract", "multiply", "divide", "shapes", policy=Policy(at_once=2))
    today = np.zeros((1, len(TARGETS)), dtype=np.int8)
    today[0, [board.curriculum.graph.position[t] for t in ("subtract", "multiply")]] = 2
    found = said(replace(board, today=today), Wishes(number=2))
    assert found == {"offer_first": Reason("offer_first", ("subtract",))}


def test_practice_that_is_enough_is_named_when_nothing_else_is_open() -> None:
    policy = Policy(enough_at=0.8)
    row = {**dict.fromkeys(TARGETS, SHOWN), "divide": Seen(0.9, 3)}
    board = board_with({ADA: row}, policy)
    assert said(board) == {"offer_enough": Reason("offer_enough", ("divide",))}


def test_a_target_whose_tasks_all_need_more_is_named() -> None:
    targets = tuple(LearningTarget(t, t) for t in ("first", "both", "after"))
    tasks = (Task("t1", "One", ("first",)), Task("t2", "Two", ("both", "after")))
    edges = (Edge("first", "both"), Edge("both", "after"))
    curriculum = Curriculum(Framework("f", "F", targets, tasks=tasks), edges)
    board = board_with({ADA: {"first": SHOWN}}, curriculum=curriculum)
    assert said(board) == {"offer_no_task": Reason("offer_no_task", ("both",))}


ONE_WAY = Curriculum(
    Framework(
        "f", "F", tuple(LearningTarget(t, t) for t in ("first", "then", "last", "other")),
        tasks=tuple(Task(f"{t}-{i}", f"{t} {i}", (t,)) for t in ("first", "other") for i in "abc"),
    ),
    (Edge("first", "then"), Edge("then", "last")),
)  # fmt: skip
"""Three tasks on what all but one target waits for."""


def test_choices_that_are_all_on_one_target_say_so_and_what_waits_for_it() -> None:
    board = board_with({ADA: {"other": SHOWN}}, curriculum=ONE_WAY)
    found = said(board)
    assert found == {
        "offer_same": Reason("offer_same", ("first",)),
        "offer_one": Reason("offer_one"),
        "offer_waits": Reason("offer_waits", ("first", "then", "last")),
    }
    today = np.zeros((1, 4), dtype=np.int8)
    today[0, ONE_WAY.graph.position["other"]] = board.policy.a_session
    tired = board_with({ADA: {}}, curriculum=ONE_WAY)
    found = said(replace(tired, today=today))
    assert found["offer_others_rest"] == Reason("offer_others_rest", ("other",))
    assert "offer_one" in found
    aside = [f"other-{i}" for i in "abc"]
    assert "offer_aside" in said(tired, declining(tired, aside))
    assert said(tired) == {}, "there are two targets to choose from"


def test_other_work_that_is_open_is_named_where_all_choices_are_on_one_target() -> None:
    tasks = (*ONE_WAY.framework.tasks[:3], Task("long", "Long", ("other",), minutes=1440.0))
    one = replace(ONE_WAY.framework, tasks=tasks)
    board = board_with({ADA: {}}, Policy(choices=2), Curriculum(one, ONE_WAY.edges))
    assert said(board) == {
        "offer_same": Reason("offer_same", ("first",)),
        "offer_more": Reason("offer_more", ("other",)),
    }


def declined(board: Board, **whys: Why) -> Wishes:
    """Return wishes of who declined a task of each target with a word for it."""
    at = NOW - timedelta(days=1)
    no = [Decision(t, ADA, "r", "declined", f"on-{t}", why, at) for t, why in whys.items()]
    return Wishes(heard=heard(board, 0, no, NOW))


def ladder(chances: dict[str, float]) -> Board:
    """A board of targets without edges, each with one task and a chance of success."""
    targets = tuple(LearningTarget(t, t) for t in chances)
    tasks = tuple(Task(f"on-{t}", f"On {t}", (t,)) for t in chances)
    board = board_with({ADA: {}}, curriculum=Curriculum(Framework("f", "F", targets, tasks=tasks)))
    return replace(board, p_right=np.array([[chances[t] for t in board.targets]]))


def test_where_nothing_open_is_harder_or_easier_it_says_so() -> None:
    board = ladder({"a": 0.7, "b": 0.7, "c": 0.72})
    easier = Reason("unheard_easier", (), (), 0.0, "On a")
    assert said(board, declined(board, a="too_hard")) == {"unheard_easier": easier}
    harder = Reason("unheard_harder", (), (), 0.0, "On a")
    assert said(board, declined(board, a="too_easy")) == {"unheard_harder": harder}
    assert said(board, declined(board, a="not_now")) == {}


def test_where_few_are_harder_it_says_how_many() -> None:
    board = ladder({"a": 0.7, "b": 0.6, "c": 0.72, "d": 0.8})
    found = said(board, declined(board, a="too_easy"))
    assert found == {"unheard_harder": Reason("unheard_harder", (), (), 1.0, "On a")}
    board = ladder({"a": 0.7, "b": 0.6, "c": 0.6, "d": 0.5})
    assert said(board, declined(board, a="too_easy")) == {}, "all of them are harder"


def test_where_words_ask_for_opposites_it_says_that_nothing_answers_all() -> None:
    chances = {"a": 0.7, "b": 0.75, "c": 0.72, "d": 0.73, "e": 0.71, "f": 0.95, "g": 0.2}
    board = ladder(chances)
    asked = replace(declined(board, a="too_hard", b="too_easy"), number=2)
    assert said(board, asked) == {"unheard_all": Reason("unheard_all")}
    board = ladder({t: p for t, p in chances.items() if t in "abfg"})
    assert set(said(board, asked)) == {"unheard_easier", "unheard_harder"}, "one for each word"


@settings(deadline=None)  # the first call compiles
@given(school=schools(), why=st.sampled_from(("too_hard", "too_easy", "not_my_thing")))
def test_what_is_said_of_declining_is_true(school: RandomSchool, why: Why) -> None:
    board, student = school.board, "s0"
    found = choices(board, student, Wishes(), {})
    if not found:
        return
    first = found[0].option
    no = Decision("d", student, "r", "declined", first.id, why, NOW - timedelta(days=1))
    wishes = Wishes(heard=heard(board, 0, [no], NOW))
    now = choices(board, student, wishes, {})
    answering = [c for c in now if answers_to(board, 0, c.option, first, why)]
    awake = [c for c in choices(board, student, replace(wishes, number=EVERY), {})
             if c.option != first]  # fmt: skip
    in_all = [c for c in awake if answers_to(board, 0, c.option, first, why)]
    told = [r for r in about_offer(board, student, wishes, now) if r.code.startswith("unheard")]
    assert bool(told) == (len(in_all) <= len(answering) < len(now))
    assert all(reason.number == len(answering) for reason in told)


@pytest.mark.parametrize("formats", [(), ("paper",), ("braille",)])
@settings(deadline=None)  # the first call compiles
@given(school=schools())
def test_fewer_than_two_choices_are_always_explained(
    formats: tuple[str, ...], school: RandomSchool
) -> None:
    board, wishes = school.board, Wishes(formats=formats)
    for student in board.students:
        found = choices(board, student, wishes, {})
        says = about_offer(board, student, wishes, found)
        assert says or len(found) > 1
        named = {target for reason in says for target in reason.targets}
        assert named <= set(board.targets)
        if any(reason.code == "offer_all_shown" for reason in says):
            assert not found
