"""Reviews: laws of the intervals, of implicit credit, and of who may be offered one."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Policy, Wishes, choices
from engine.board import MASTERED, Board, Floats
from engine.proposed import why_proposed
from engine.reviews import DAY, Schedule, due_now, need, new_schedule, reviewing, schedule_of
from engine.scoring import paced, terms
from graphs import Curriculum, Edge, Framework, LearningTarget
from models.trail import RECORD, Trail
from tests.engine.boards import Seen, board_with

RULE = Policy()
GAPS = st.lists(st.floats(0.01, 60), min_size=1, max_size=8)


def curriculum() -> Curriculum:
    """Return two targets, `b` after `a`, which it also practises, and one alone."""
    targets = tuple(LearningTarget(t, t) for t in "abc")
    edges = (Edge("a", "b"), Edge("a", "b", "encompasses"))
    return Curriculum(Framework("f", "F", targets), edges)


def shown(answers: list[tuple[int, float, bool]], rule: Policy = RULE) -> Schedule:
    """Return the schedule of one student who mastered `a` and `b` on day 0, then answered."""
    plan, steps = new_schedule(1, 3), reviewing(curriculum(), rule)
    for target in (0, 1):
        steps.step(plan, 0, target, 0.0, True, True)
    for target, day, right in answers:
        steps.step(plan, 0, target, day * DAY, right, True)
    return plan


def due(answers: list[tuple[int, float, bool]], target: int = 0, rule: Policy = RULE) -> float:
    return float(shown(answers, rule).due[0, target]) / DAY


def test_what_was_mastered_comes_due_after_the_first_interval() -> None:
    assert due([]) == pytest.approx(RULE.review_first_days)
    assert math.isnan(due([], 2))


@given(GAPS)
def test_every_spaced_success_moves_the_due_date_on_and_lets_the_interval_grow(
    gaps: list[float],
) -> None:
    days = np.cumsum(gaps).tolist()
    plans = [shown([(0, day, True) for day in days[:n]]) for n in range(len(days) + 1)]
    for before, after in pairwise(plans):
        assert after.due[0, 0] >= before.due[0, 0]
        assert before.days[0, 0] <= after.days[0, 0] <= before.days[0, 0] * RULE.review_grow + 1e-9


@given(GAPS, st.integers(0, 7))
def test_a_failure_brings_the_next_review_forward(gaps: list[float], at: int) -> None:
    days = np.cumsum(gaps).tolist()
    right = [(0, day, True) for day in days]
    wrong = [(0, day, i != at % len(days)) for i, day in enumerate(days)]
    assert due(wrong) <= due(right)


@given(GAPS, st.floats(0, 1))
def test_credit_never_exceeds_own_practice(gaps: list[float], credit: float) -> None:
    days, rule = np.cumsum(gaps).tolist(), Policy(review_credit=credit)
    own = due([(0, day, True) for day in days], rule=rule)
    passing = due([(1, day, True) for day in days], rule=rule)
    nothing = due([], rule=rule)
    assert nothing - 1e-9 <= passing <= own + 1e-9


def test_a_wrong_answer_practises_nothing_in_passing() -> None:
    assert due([(1, 2.0, False)]) == due([])
    assert due([(1, 2.0, True)]) == pytest.approx(due([]) + 2.0 * RULE.review_credit)


def test_answers_of_the_same_hour_say_nothing_about_lasting() -> None:
    plan = shown([(0, 0.01, True)])
    assert plan.days[0, 0] == pytest.approx(RULE.review_first_days, rel=0.01)


def trail(*steps: tuple[int, float, float, float]) -> Trail:
    """Return a trail of (target, day, score, P(mastered))."""
    rows = [(target, 0, day * DAY, score, p) for target, day, score, p in steps]
    return Trail(("a", "b", "c"), ("quiz_item",), np.array(rows, dtype=RECORD))


def test_a_schedule_is_read_off_a_trail() -> None:
    first = [(0, 0.0, 1.0, p) for p in (0.5, 0.8, 0.97)]
    plan = schedule_of(curriculum(), RULE, 0.95, [trail(*first), trail(*first[:2])])
    assert plan.due[0, 0] / DAY == pytest.approx(RULE.review_first_days)
    assert np.isnan(plan.due[1]).all()
    later = schedule_of(curriculum(), RULE, 0.95, [trail(*first, (0, 8.0, 1.0, 0.99))])
    assert later.due[0, 0] / DAY == pytest.approx(8 + RULE.review_first_days * RULE.review_grow)
    assert later.between[0] == 0


def test_what_was_shown_without_a_date_is_due_at_once_until_it_is_shown_on_a_day() -> None:
    undated = [(0, math.nan, 1.0, p) for p in (0.5, 0.8, 0.97)]
    for later in ([], [(1, 3.0, 1.0, 0.5)]):  # `b`, which also practises `a`
        plan = schedule_of(curriculum(), RULE, 0.95, [trail(*undated, *later)])
        assert plan.due[0, 0] == -math.inf
    plan = schedule_of(curriculum(), RULE, 0.95, [trail(*undated, (0, 8.0, 1.0, 0.99))])
    assert plan.due[0, 0] / DAY == pytest.approx(8 + RULE.review_first_days * RULE.review_grow)


def test_lucky_first_answers_plan_nothing_and_seven_in_a_row_do() -> None:
    sure = trail((0, 0.0, 1.0, 0.99))
    assert np.isnan(schedule_of(curriculum(), RULE, 0.95, [sure]).due).all()
    often = trail(*[(0, 0.0, 1.0, 0.6)] * RULE.enough_in_a_row)
    assert schedule_of(curriculum(), RULE, 0.95, [often]).due[0, 0] > 0


def planned(days: float, between: int, p_b: float = 0.4, p_c: float = 0.4) -> Board:
    """Return a board on which `a` was mastered so many days ago."""
    found = board_with(
        {"s": {"a": Seen(0.99, 5, 0.99), "b": Seen(p_b, 3), "c": Seen(p_c, 3)}}, RULE, curriculum()
    )
    plan = new_schedule(1, 3)
    plan.since[0, 0], plan.days[0, 0], plan.between[0] = 0.0, RULE.review_first_days, between
    object.__setattr__(found, "plan", plan)
    object.__setattr__(found, "now", days * DAY)
    return found


def test_a_due_target_stays_mastered_and_is_offered_as_a_review() -> None:
    board = planned(days=8, between=5)
    assert board.status[0, 0] == MASTERED
    offered = {c.option.id: c for c in choices(board, "s", Wishes(number=4), {"a": ["e1"]})}
    assert offered["a"].purpose == "review"
    assert offered["a"].terms["review"] > 0
    (why,) = [r for r in offered["a"].reasons if r.code == "due"]
    assert why.evidence == ("e1",)
    assert why.number == pytest.approx(8)
    assert "review" not in {c.purpose for c in choices(planned(2, 5), "s", Wishes(), {})}


def test_a_task_on_two_due_targets_says_once_how_long_ago_and_not_what_it_keeps_fresh() -> None:
    board = planned(days=8, between=5, p_b=0.99)
    assert board.plan is not None
    board.plan.since[0, 1], board.plan.days[0, 1] = DAY, RULE.review_first_days
    both = list(why_proposed(board, 0, [0, 1], {}))
    assert [(r.code, r.targets) for r in both] == [("due", ("a",))]
    assert both[0].number == pytest.approx(8)
    one = list(why_proposed(board, 0, [1], {}))
    assert [(r.code, r.targets) for r in one] == [("due", ("b",)), ("encompassed", ("b", "a"))]


def reviews(board: Board) -> set[str]:
    found = choices(board, "s", Wishes(number=4), {})
    return {c.option.id for c in found if c.purpose == "review"}


def test_one_task_in_three_is_a_review_unless_there_is_nothing_else() -> None:
    assert reviews(planned(8, 0)) == set()
    assert reviews(planned(8, 2)) == {"a"}
    assert reviews(planned(8, 0, p_b=0.99, p_c=0.99)) == {"a"}


def test_work_that_practises_what_is_due_is_preferred() -> None:
    first = np.array([0])

    def in_passing(board: Board) -> Floats:
        found: Floats = terms(board, first, paced(board, first, [Wishes()]))["encompassed"][0]
        return found

    passing = in_passing(planned(8, 0))
    assert passing[1] > 0 == passing[2]
    assert not in_passing(planned(2, 0)).any()


@given(st.floats(7, 100), st.floats(0, 100))
def test_the_need_grows_with_the_days(days: float, more: float) -> None:
    first = np.array([0])
    now, later = (need(planned(d, 5), first)[0, 0] for d in (days, days + more))
    assert 0.5 <= now <= later < 1 + 1e-12
    assert due_now(planned(days, 5), first)[0].tolist() == [True, False, False]
