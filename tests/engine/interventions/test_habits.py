"""Causes beyond a single target, each by an example and its opposite."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import (
    Background,
    Plan,
    Policy,
    Waiting,
    interventions,
)
from models import Evidence
from tests.cast import ADA, BEN, NOW, answers
from tests.engine.boards import Seen, board_with
from tests.engine.interventions.proposed import LOW, SHOWN, one_student, scored


@pytest.mark.parametrize(("days", "fires"), [(7, False), (8, True), (20, True)])
def test_inactive_is_no_evidence_for_more_than_five_school_days(days: int, fires: bool) -> None:
    found = one_student(board_with({ADA: {}}), answers(ADA, "shapes", "1", start=30 - days))
    assert [(p.cause, p.target, p.reason.number) for p in found] == (
        [("inactive", None, days)] if fires else []
    )


def test_inactive_goes_by_the_student_s_own_rhythm() -> None:
    """Who comes every nine days is not missed after nine; who comes daily is."""
    seldom = [e for start in range(-60, 22, 9) for e in answers(ADA, "shapes", "1", start=start)]
    daily = answers(ADA, "shapes", "1" * 22)
    policy = Policy(look_every_days=365)
    assert one_student(board_with({ADA: {}}, policy), seldom) == ()
    assert [p.cause for p in one_student(board_with({ADA: {}}, policy), daily)] == ["inactive"]


def test_holidays_make_nobody_inactive() -> None:
    board = board_with({ADA: {}, BEN: {}})
    log = {s: answers(s, "shapes", "10", start=15) for s in (ADA, BEN)}
    assert interventions(board, log, NOW) == ()
    log[BEN] = answers(BEN, "shapes", "10" * 4, start=15)  # the others went on
    assert [(p.student, p.cause) for p in interventions(board, log, NOW)] == [(ADA, "inactive")]


def test_evidence_without_a_clock_says_nothing_about_activity() -> None:
    evidence = [Evidence("e1", ADA, ("shapes",), 1.0, position=1)]
    assert one_student(board_with({ADA: {}}), evidence) == ()


def timed(student: str, seconds: float, score: float, number: int = 4) -> list[Evidence]:
    return [
        replace(e, id=f"{e.id}-{seconds:g}", task="count-beans", duration=seconds, score=score)
        for e in answers(student, "shapes", "1" * number, start=26)
    ]


def test_rushing_is_wrong_answers_in_a_tenth_of_the_usual_time() -> None:
    board = board_with({ADA: {}})  # the task states fifteen minutes
    (proposal,) = one_student(board, timed(ADA, 20, 0.0))
    assert (proposal.cause, proposal.reason.number) == ("rushing", 4)
    assert len(proposal.reason.evidence) == 4
    assert one_student(board, timed(ADA, 20, 1.0)) == ()  # quick and right
    assert one_student(board, timed(ADA, 200, 0.0)) == ()  # slow and wrong
    undated = [replace(e, observed_at=None) for e in timed(ADA, 20, 0.0)]
    assert one_student(board, undated) == ()  # nobody can say that it is news
    both = board_with({ADA: {}, BEN: {}})
    quick_class = {ADA: timed(ADA, 20, 0.0), BEN: timed(BEN, 30, 1.0)}
    assert interventions(both, quick_class, NOW) == ()  # half a minute is usual here


@pytest.mark.parametrize(("days", "fires"), [(3, False), (4, True)])
def test_work_that_waits_for_its_mark_is_the_school_s_to_do(days: int, fires: bool) -> None:
    board = board_with({ADA: {}})
    waits = Waiting("w1", ADA, ("shapes",), NOW - timedelta(days=days))
    found = interventions(board, {}, NOW, Background(waiting=(waits,)))
    assert [(p.cause, p.action, p.rests_on) for p in found] == (
        [("awaiting_marking", "marking", ("w1",))] if fires else []
    )


@pytest.mark.parametrize(("weeks", "fires"), [(2, True), (60, False)])
def test_a_goal_is_at_risk_when_the_way_is_longer_than_the_time(weeks: int, fires: bool) -> None:
    board = board_with({ADA: {"count": SHOWN, "add": Seen(0.75, 3)}})
    plan = Plan(goal="divide", by=NOW.date() + timedelta(weeks=weeks))
    log = {ADA: answers(ADA, "add", "110", start=27)}
    found = interventions(board, log, NOW, Background(plans={ADA: plan}))
    assert [p.cause for p in found] == (["goal_at_risk"] if fires else [])


def test_who_has_shown_all_the_class_works_on_may_go_ahead() -> None:
    rows = {ADA: {"count": SHOWN, "add": SHOWN}, BEN: {"count": SHOWN, "add": LOW}}
    log = {ADA: answers(ADA, "add", "1" * 10, start=19), BEN: answers(BEN, "add", "11", start=28)}
    (proposal,) = interventions(board_with(rows), log, NOW)
    assert (proposal.student, proposal.cause) == (ADA, "ready_to_go_ahead")
    assert proposal.target == "multiply"  # of what is ready, the most waits behind it
    assert proposal.option == "arrays"
    log[ADA][-1] = scored(log[ADA][-1], 0.5)
    assert interventions(board_with(rows), log, NOW) == ()


def test_a_target_without_a_task_that_fits_is_stuck_by_design() -> None:
    board = board_with({ADA: {"count": SHOWN, "add": Seen(0.75, 3)}})
    log = {ADA: answers(ADA, "add", "110", start=27)}
    background = Background(plans={ADA: Plan(formats=("digital",))})
    (proposal,) = interventions(board, log, NOW, background)
    assert (proposal.cause, proposal.target, proposal.action) == (
        "stuck_by_design", "add", "new_task",
    )  # fmt: skip
    paper = Background(plans={ADA: Plan(formats=("paper", "hands_on"))})
    assert interventions(board, log, NOW, paper) == ()
