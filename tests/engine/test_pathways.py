"""Pathways: the order of checkpoints, what they take, rhythm and pace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.board import MASTERED, STATUSES, Board, make_board
from engine.layout import Layout
from engine.pathway_reasons import between, reasons, weeks
from engine.pathways import Agreed, Pathway, pathway, rhythm_of, steps_to
from engine.policy import Policy
from engine.spans import COVERAGE, Moments, Span, chance_within, span_of, summed
from graphs import UnknownId
from models import BKTModel, Evidence
from tests.cast import ADA, NOW, answers, small_curriculum
from tests.engine.boards import RandomSchool, Seen, board_with, schools

SHOWN = Seen(0.99, 5)
TODAY = NOW.date()
few = settings(max_examples=25, deadline=None)


def way_of(school: RandomSchool, goal: str, log: Sequence[Evidence] | None = None) -> Pathway:
    pieces = school.log["s0"] if log is None else log
    return pathway(school.board, school.board.row("s0"), goal, pieces, NOW)


def to_divide(rows: dict[str, Seen], log: Sequence[Evidence] = (), **asked: object) -> Pathway:
    return pathway(board_with({ADA: rows}), 0, "divide", log, NOW, **asked)  # type: ignore[arg-type]


@few
@given(schools(most_targets=5), st.integers(0, 4))
def test_checkpoints_stand_after_what_they_build_on(school: RandomSchool, number: int) -> None:
    targets = school.curriculum.graph.targets
    goal = targets[number % len(targets)]
    way = way_of(school, goal)
    steps = [each.target for each in way.checkpoints]
    stage = {each.target: each.stage for each in way.checkpoints}
    for place, target in enumerate(steps):
        for before in school.prerequisites(target):
            assert school.is_met("s0", before) or before in steps[:place]
            assert before not in stage or stage[before] < stage[target]
    assert [each.stage for each in way.checkpoints] == sorted(stage.values())
    assert way.reached == (not steps)
    assert not set(way.behind) & set(steps)
    assert all(each.opportunities.low >= 1 and each.minutes.low > 0 for each in way.checkpoints)
    assert way.minutes.low <= way.minutes.expected
    assert way.minutes.high > way.minutes.low or way.reached


@few
@given(schools(most_targets=5), st.integers(0, 4), st.integers(0, 4))
def test_what_is_left_falls_or_stays_when_a_checkpoint_is_mastered(
    school: RandomSchool, number: int, done: int
) -> None:
    graph = school.curriculum.graph
    goal, mastered = (graph.targets[n % len(graph)] for n in (number, done))
    board = school.board
    judged = np.full(board.p.shape, -1, dtype=np.int8)
    judged[0, graph.position[mastered]] = MASTERED
    before = pathway(board, 0, goal, (), NOW)
    after = pathway(replace(board, judged=judged), 0, goal, (), NOW)
    assert after.minutes.expected <= before.minutes.expected + 1e-9
    assert after.opportunities.expected <= before.opportunities.expected + 1e-9
    assert len(after.checkpoints) <= len(before.checkpoints)


@few
@given(schools(most_targets=4), st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_arrives_cannot_matter(
    school: RandomSchool, order: object
) -> None:
    goal = school.curriculum.graph.targets[-1]
    log = list(school.log["s0"])
    order.shuffle(log)  # type: ignore[attr-defined]
    assert way_of(school, goal, log) == way_of(school, goal)


def test_a_competency_is_all_its_targets() -> None:
    board = board_with({ADA: {"count": SHOWN, "add": Seen(0.75, 3)}})
    way = pathway(board, 0, "numbers", (), NOW)
    assert way.targets == ("count", "add", "subtract", "multiply", "divide")
    assert [(c.target, c.stage, c.is_goal) for c in way.checkpoints] == [
        ("add", 1, True), ("subtract", 2, True), ("multiply", 2, True), ("divide", 3, True),
    ]  # fmt: skip
    assert way.behind == ("count",)
    with pytest.raises(UnknownId, match="no goal with the id 'fly'"):
        steps_to(board, 0, "fly")


def test_a_prerequisite_is_left_once_it_is_met_and_a_goal_once_it_is_mastered() -> None:
    assert [c.target for c in to_divide({"multiply": Seen(0.75, 3)}).checkpoints] == ["divide"]
    way = to_divide({"divide": SHOWN}, answers(ADA, "divide", "111", start=20))
    assert way.reached
    assert way.evidence == ("ada-divide-20", "ada-divide-21", "ada-divide-22")
    assert [r.code for r in reasons(way)] == ["way_reached"]
    own = replace(way, agreed=Agreed(TODAY, None, 10.0))
    assert [r.code for r in reasons(own)] == ["goal_reached"]
    assert reasons(way)[0].evidence == way.evidence
    assert way.minutes == Span(0, 0, 0)


def test_minutes_are_those_of_the_tasks_that_fit() -> None:
    rows = {"multiply": SHOWN, "divide": Seen(0.9, 3)}
    whole = to_divide(rows)
    assert whole.minutes.expected == pytest.approx(15 * whole.opportunities.expected)
    both = pathway(board_with({ADA: rows}), 0, "numbers", (), NOW)
    (divide,) = [c for c in both.checkpoints if c.target == "divide"]
    assert divide.minutes.expected == pytest.approx(7.5 * divide.opportunities.expected)


@pytest.mark.parametrize(
    ("scores", "start", "expected"),
    [
        ("11", 20, None),  # too little
        ("111", 27, (3.0, 7)),  # three days, counted as a week
        ("1" * 8, 16, (4.0, 14)),
        ("111", 0, (0.75, 28)),  # a month ago: one of the three within four weeks, and two
    ],
)
def test_a_rhythm_is_what_was_done_of_late(
    scores: str, start: int, expected: tuple[float, int] | None
) -> None:
    log = answers(ADA, "add", scores, start=start)
    rhythm = rhythm_of(board_with({ADA: {}}), log, NOW)
    if expected is None:
        assert rhythm is None
    else:
        assert rhythm is not None
        inside = [e for e in log if e.observed_at and NOW - e.observed_at <= timedelta(rhythm.days)]
        assert (rhythm.opportunities, rhythm.days) == (7 * len(inside) / rhythm.days, expected[1])


def test_evidence_without_a_clock_has_no_rhythm_and_says_so() -> None:
    undated = [replace(e, observed_at=None, position=i)
               for i, e in enumerate(answers(ADA, "add", "1111"))]  # fmt: skip
    way = to_divide({}, undated)
    assert (way.rhythm, way.weeks, way.at_risk) == (None, None, False)
    assert "no_rhythm" in [r.code for r in reasons(way)]


def test_who_rests_is_told_so_and_a_goal_with_a_day_is_then_at_risk() -> None:
    old = [replace(e, observed_at=NOW - timedelta(days=60)) for e in answers(ADA, "add", "1111")]
    way = to_divide({}, old, by=TODAY + timedelta(days=90))
    assert way.weeks is None
    assert way.at_risk
    assert "at_rest" in [r.code for r in reasons(way)]


@pytest.mark.parametrize(("idle", "foretold"), [(0, True), (7, True), (8, False), (27, False)])
def test_an_old_rhythm_foretells_nothing_and_says_how_long_nothing_came(
    idle: int, foretold: bool
) -> None:
    log = [replace(e, observed_at=NOW - timedelta(days=idle + i))
           for i, e in enumerate(answers(ADA, "add", "1" * 20))]  # fmt: skip
    way = to_divide({"count": SHOWN}, log, by=TODAY + timedelta(days=900))
    assert way.rhythm is not None
    assert way.idle == idle
    assert (way.weeks is not None, way.in_time is not None) == (foretold, foretold)
    said = {r.code: r for r in reasons(way)}
    assert ("at_rest" not in said) == foretold
    assert ("goal_in_time" in said) == ("own_rhythm" in said) == foretold
    if not foretold:
        assert said["at_rest"].number == idle
        undated = replace(log[-1], id="undated", observed_at=None)
        again = to_divide({"count": SHOWN}, [*log, undated], by=TODAY + timedelta(days=900))
        (rest,) = [r for r in reasons(again) if r.code == "at_rest"]
        assert rest.words == " with a date"


def test_only_an_agreed_goal_is_called_one_s_own() -> None:
    asked, own = to_divide({}), to_divide({}, agreed=Agreed(TODAY, None, None))
    assert [reasons(way)[0].code for way in (asked, own)] == ["way_left", "goal_left"]


def test_more_time_is_less_risk() -> None:
    log = answers(ADA, "add", "1" * 14, start=16)
    ways = [to_divide({"count": SHOWN}, log, by=TODAY + timedelta(weeks=w)) for w in (0, 1, 20)]
    chances = [way.in_time or 0.0 for way in ways]
    assert chances == sorted(chances)
    assert [way.at_risk for way in ways] == [True, True, False]


@pytest.mark.parametrize(
    ("planned", "pace"), [(2000.0, "ahead"), (None, None), (40.0, "behind"), (0.0, "on")]
)
def test_the_pace_is_that_of_the_own_plan(planned: float | None, pace: str | None) -> None:
    """Half of the time has gone: half of the planned minutes may be left."""
    left = to_divide({"count": SHOWN}).minutes.expected
    minutes = 2 * left if planned == 0 else planned
    plan = Agreed(TODAY - timedelta(days=10), TODAY + timedelta(days=10), minutes)
    way = to_divide({"count": SHOWN}, agreed=plan)
    assert way.pace == pace
    assert way.planned_minutes == (None if minutes is None else pytest.approx(minutes / 2))
    assert [r.code for r in reasons(way) if r.code.startswith("pace")] == (
        [f"pace_{pace}"] if pace else []
    )


def test_a_plan_without_a_day_or_for_another_day_has_no_pace() -> None:
    agreed = Agreed(TODAY, None, 100.0)
    assert to_divide({}, agreed=agreed).pace is None
    other = Agreed(TODAY, TODAY + timedelta(days=9), 100.0)
    assert to_divide({}, agreed=other, by=TODAY + timedelta(days=30)).pace is None


@given(st.floats(1, 50), st.floats(0.1, 100), st.floats(0.1, 0.9))
def test_an_interval_holds_as_often_as_it_says(mean: float, variance: float, part: float) -> None:
    number = Moments(mean, variance, mean * part)
    span = span_of(number)
    assert number.least <= span.low < span.high
    inside = chance_within(number, span.high) - (1 - COVERAGE) / 2
    assert inside == pytest.approx(COVERAGE, abs=1e-6)
    assert chance_within(number, number.least * 0.5) == 0


def test_a_sum_is_at_most_as_wide_as_its_parts_together() -> None:
    parts = [Moments(5, 4, 1), Moments(7, 9, 2)]
    total = summed(parts)
    assert (total.mean, total.least) == (12, 3)
    assert 13 < total.variance < 25


@pytest.mark.parametrize(
    ("low", "high", "words"), [(0.2, 0.9, "about 1 week"), (2, 5.4, "2 to 5 weeks")]
)
def test_weeks_are_written_in_words(low: float, high: float, words: str) -> None:
    assert weeks(Span(1, low, high)) == words
    assert between(Span(3, 3.1, 3.2)) == "3"


def test_a_served_model_says_how_its_belief_moves() -> None:
    """From the model's own numbers, not from those a board of numbers assumes."""
    model = BKTModel()
    board = make_board(
        Layout(small_curriculum()), Policy(), model, {ADA: model.fold(answers(ADA, "add", "10"))}
    )
    bare: Board = replace(board, model=None, states={})
    one, other = (pathway(b, 0, "divide", (), NOW).minutes.expected for b in (board, bare))
    assert one == pytest.approx(other, rel=1e-3)  # the usual parameters are what both use
    assert set(STATUSES) >= {c.status for c in pathway(board, 0, "divide", (), NOW).checkpoints}


def test_where_a_row_of_right_answers_is_asked_for_it_takes_that_many_at_least() -> None:
    board = board_with({ADA: {"multiply": SHOWN, "divide": Seen(0.99, 1)}})
    column = board.curriculum.graph.position["divide"]
    sure, rights = np.ones(6, dtype=np.bool_), np.zeros((1, 6), dtype=np.int8)
    sure[column], rights[0, column] = False, 2
    way = pathway(replace(board, sure=sure, rights=rights), 0, "divide", (), NOW)
    assert way.opportunities.low >= Policy().enough_in_a_row - 2
    assert pathway(board, 0, "divide", (), NOW).opportunities.low < 3


def test_the_day_asked_about_goes_before_the_agreed_one() -> None:
    day = date(2026, 5, 1)
    assert to_divide({}, agreed=Agreed(TODAY, day, 1.0)).by == day
    assert to_divide({}, agreed=Agreed(TODAY, day, 1.0), by=TODAY).by == TODAY
