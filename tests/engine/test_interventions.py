"""What holds of every list of interventions, and each cause by an example and its opposite."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    STATUSES,
    Answered,
    Background,
    Board,
    Intervention,
    Layout,
    Plan,
    Policy,
    Waiting,
    interventions,
    make_board,
)
from engine.actions import EXITS, WORDS
from engine.proposals import CAUSES, Said
from engine.reasons import for_student, for_teacher
from models import BKTModel, Evidence, in_force
from tests.cast import ADA, BEN, CLEO, NOW, answers, class_evidence, small_curriculum
from tests.engine.boards import RandomSchool, Seen, board_with, digits, schools

quick = settings(max_examples=40, deadline=None)
SHOWN = Seen(0.97, 4)
LOW = Seen(0.2, 4)


@st.composite
def pasts(draw: st.DrawFn, school: RandomSchool) -> tuple[Answered, ...]:
    """Draw answers to what would have been proposed some days ago, and to made-up proposals."""
    found: list[Answered] = []
    for days, said in draw(st.lists(digits(40, 3), max_size=3)):
        then = NOW - timedelta(days=days)
        saying: Said = ("accept", "not_now", "wrong")[said]
        found += [
            Answered(p.student, p.cause, p.target, saying, then, p.rests_on)
            for p in interventions(school.board, school.log, then, Background(tuple(found)))
        ]
    return tuple(found)


@quick
@given(schools(most_students=4, most_targets=3), st.data())
def test_what_was_answered_rests_until_it_cooled_down_and_rests_on_something_new(
    school: RandomSchool, data: st.DataObject
) -> None:
    past = data.draw(pasts(school))
    for proposal in interventions(school.board, school.log, NOW, Background(past)):
        key = (proposal.student, proposal.cause, proposal.target)
        for before in past:
            if (before.student, before.cause, before.target) == key:
                days = (NOW - before.at).days
                assert days >= school.policy.cool_down_days
                assert proposal.rests_on[-1] not in before.rests_on


@quick
@given(schools(most_students=4, most_targets=3))
def test_the_same_day_again_with_every_answer_proposes_nothing_twice(school: RandomSchool) -> None:
    past: tuple[Answered, ...] = ()
    seen: set[str] = set()
    for _ in range(4):
        found = interventions(school.board, school.log, NOW, Background(past))
        assert seen.isdisjoint(p.id for p in found)
        seen.update(p.id for p in found)
        past += tuple(
            Answered(p.student, p.cause, p.target, "accept", NOW, p.rests_on) for p in found
        )


@quick
@given(schools(most_students=4, most_targets=3))
def test_at_most_one_proposal_a_student_and_so_many_a_day(school: RandomSchool) -> None:
    found = proposed(school)
    assert max(Counter(p.student for p in found).values(), default=0) <= 1
    assert len(found) <= school.policy.alerts_per_day


@quick
@given(schools(most_students=4, most_targets=3))
def test_every_proposal_cites_evidence_of_the_student_that_is_in_force(
    school: RandomSchool,
) -> None:
    for proposal in proposed(school):
        mine = {e.id: e for e in in_force(school.log[proposal.student])}
        assert proposal.reason.evidence or not mine or proposal.cause == "look_in"
        for cited in proposal.reason.evidence:
            assert cited in mine
            subject = proposal.reason.targets[:1]
            on_subject = not subject or subject[0] in mine[cited].targets
            assert on_subject or proposal.cause == "ready_to_go_ahead"
        assert set(proposal.reason.evidence) <= set(proposal.rests_on) or (
            proposal.cause == "look_in"
        )


@quick
@given(schools(most_students=4, most_targets=3), st.data(), st.randoms(use_true_random=False))
def test_the_order_of_students_evidence_and_answers_does_not_matter(
    school: RandomSchool, data: st.DataObject, rng: st.DataObject
) -> None:
    shuffled = []
    for student, log in school.log.items():
        mine = list(log)
        rng.shuffle(mine)  # type: ignore[attr-defined]  # a random.Random
        shuffled.append((student, tuple(mine)))
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    other = RandomSchool(school.curriculum, school.policy, school.model, dict(shuffled))
    past = data.draw(pasts(school))
    again = list(past)
    rng.shuffle(again)  # type: ignore[attr-defined]
    assert interventions(other.board, other.log, NOW, Background(tuple(again))) == interventions(
        school.board, school.log, NOW, Background(past)
    )


@quick
@given(schools(most_students=4, most_targets=3))
def test_each_cause_holds_wherever_it_is_given(school: RandomSchool) -> None:
    board, rule = school.board, school.policy
    for proposal in proposed(school):
        mine = in_force(school.log[proposal.student])
        row = board.row(proposal.student)
        if proposal.cause == "inactive":
            last = max(e.observed_at for e in mine if e.observed_at)
            assert (NOW.date() - last.date()).days == proposal.reason.number >= rule.inactive_days
        if proposal.target is None:
            continue
        if proposal.cause == "fading":
            column = board.targets.index(proposal.target)
            assert board.status_of(row, column) in {"check_again", "mastered"}
            assert board.retrievable[row, column] < rule.ready_at
        if proposal.cause == "missing_prerequisite":
            struggle, gap = proposal.reason.targets
            assert gap == proposal.target
            assert gap in school.curriculum.graph.ancestors(struggle)
            assert not school.is_met(proposal.student, gap)
            assert board.blocked_by(row, gap) == ()
            latest = [e for e in mine if struggle in e.targets][-4:]
            assert sum((e.score or 0) <= 0.5 for e in latest) >= 2
        if proposal.cause == "wheel_spinning":
            scores = [e.score or 0.0 for e in mine if proposal.target in e.targets]
            assert "111" not in "".join("1" if score > 0.5 else "0" for score in scores)
            assert len(scores) >= min(3, rule.stuck_after)
            assert board.blocked_by(row, proposal.target) == ()


@quick
@given(schools(most_students=4, most_targets=3))
def test_the_most_urgent_come_first_and_every_sentence_can_be_said(school: RandomSchool) -> None:
    found = proposed(school)
    order = [(-proposal.priority, proposal.student) for proposal in found]
    assert order == sorted(order)
    assert all(negative <= 0 for negative, _ in order)
    for proposal in found:
        for say in (for_teacher, for_student):
            assert "{" not in say(proposal.reason, school.curriculum.framework)
        assert proposal.effect is None or 0 <= proposal.effect.now <= 1
        assert proposal.effect is None or proposal.effect.then <= 1 + 1e-9


def test_failing_on_an_unmet_prerequisite_proposes_the_prerequisite() -> None:
    board = board_with({BEN: {"count": LOW, "add": LOW}})
    (proposal,) = one_student(board, answers(BEN, "add", "0010", start=26))
    assert proposal.cause == "missing_prerequisite"
    assert proposal.target == "count"
    assert proposal.action == "reteach"
    assert proposal.reason.targets == ("add", "count")
    assert proposal.reason.evidence == ("ben-add-26", "ben-add-27", "ben-add-28", "ben-add-29")
    assert proposal.option == "count-beans"
    assert proposal.effect is not None
    assert proposal.effect.now == 0.2 < proposal.effect.then == pytest.approx(1 - 0.8 * 0.85**3)


def test_the_gap_is_found_through_the_graph_where_it_can_be_begun() -> None:
    """Division fails, multiplication is not shown, nor what it builds on: addition comes first."""
    board = board_with({BEN: {"count": SHOWN, "divide": LOW}})
    (proposal,) = one_student(board, answers(BEN, "divide", "00", start=28))
    assert proposal.target == "add"
    assert proposal.reason.targets == ("divide", "add")
    assert proposal.reason.code == "unseen_prerequisite"
    assert proposal.action == "probe"
    assert proposal.option == "add-coins"  # five minutes, the cheapest that gives evidence


@pytest.mark.parametrize(
    ("count", "add", "scores"),
    [
        (LOW, LOW, "1011"),  # failed only once of late
        (SHOWN, LOW, "0110"),  # the prerequisite is met
        (LOW, Seen(0.75, 4), "0010"),  # near: not struggling
        (LOW, SHOWN, "0010"),  # mastered all the same
    ],
)
def test_a_prerequisite_is_proposed_only_for_failing_on_what_it_blocks(
    count: Seen, add: Seen, scores: str
) -> None:
    board = board_with({BEN: {"count": count, "add": add}})
    assert one_student(board, answers(BEN, "add", scores, start=26)) == ()


def test_half_right_counts_as_not_right() -> None:
    board = board_with({BEN: {"count": LOW, "add": LOW}})
    halves = [scored(e, 0.5) for e in answers(BEN, "add", "00", start=28)]
    more = [scored(e, 0.6) for e in answers(BEN, "add", "00", start=28)]
    assert [p.cause for p in one_student(board, halves)] == ["missing_prerequisite"]
    assert one_student(board, more) == ()


def test_much_practice_without_three_in_a_row_is_wheel_spinning() -> None:
    board = board_with({BEN: {"count": LOW}})
    (proposal,) = one_student(board, answers(BEN, "count", "0110110100", start=20))
    assert proposal.cause == "wheel_spinning"
    assert proposal.reason.code == "stuck"
    assert proposal.reason.number == 10
    assert len(proposal.reason.evidence) == 10


def test_wheel_spinning_is_told_ahead_when_it_is_likely() -> None:
    board = board_with({BEN: {"count": LOW}})
    (proposal,) = one_student(board, answers(BEN, "count", "000000", start=24))
    assert proposal.cause == "wheel_spinning"
    assert proposal.reason.code == "spinning_ahead"
    assert 0.6 <= proposal.reason.number < 1
    assert one_student(board, answers(BEN, "count", "000011", start=24)) == ()


@pytest.mark.parametrize(
    ("count", "scores"),
    [
        (LOW, "0111000000"),  # three in a row once
        (Seen(0.7, 10), "0110110100"),  # near
        (SHOWN, "0110110100"),  # mastered
        (Seen(0.7, 10, peak=0.97), "0110110100"),  # shown before
    ],
)
def test_less_than_that_is_not_wheel_spinning(count: Seen, scores: str) -> None:
    board = board_with({BEN: {"count": count}})
    assert one_student(board, answers(BEN, "count", scores, start=20)) == ()


def test_a_faded_target_that_others_lean_on_is_proposed_for_a_check() -> None:
    faded = Seen(0.6, 5, peak=0.97)
    board = board_with({ADA: {"count": SHOWN, "add": faded, "multiply": Seen(0.5, 1)}})
    (proposal,) = one_student(board, answers(ADA, "add", "11100", start=25))
    assert proposal.cause == "fading"
    assert proposal.reason.targets == ("add", "multiply")
    assert proposal.reason.number == 0.6
    assert proposal.reason.evidence == ("ada-add-27", "ada-add-28", "ada-add-29")


def test_the_next_target_to_a_goal_leans_on_it_too() -> None:
    board = board_with({ADA: {"count": SHOWN, "add": Seen(0.6, 5, peak=0.97)}})
    log = {ADA: answers(ADA, "add", "11100", start=25)}
    plan = Background(plans={ADA: Plan(goal="divide")})
    assert [p.cause for p in interventions(board, log, NOW, plan)] == ["fading"]
    assert interventions(board, log, NOW) == ()


def test_what_a_teacher_judged_is_not_called_fading() -> None:
    board = board_with({ADA: {"add": Seen(0.6, 5, peak=0.97), "multiply": Seen(0.5, 1)}})
    judged = np.full(board.p.shape, -1, np.int8)
    judged[0, board.targets.index("add")] = STATUSES.index("mastered")
    log = {ADA: answers(ADA, "add", "11100", start=25)}
    assert interventions(replace(board, judged=judged), log, NOW) == ()


@pytest.mark.parametrize(
    "cells",
    [
        {"add": Seen(0.6, 5, peak=0.97)},  # nothing leans on it yet
        {"add": Seen(0.75, 5), "multiply": Seen(0.5, 1)},  # never shown
        {"add": SHOWN, "multiply": Seen(0.5, 1)},  # still shown
    ],
)
def test_nothing_else_is_fading(cells: dict[str, Seen]) -> None:
    assert one_student(board_with({ADA: cells}), answers(ADA, "add", "11100", start=25)) == ()


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
    both = board_with({ADA: {}, BEN: {}})
    quick_class = {ADA: timed(ADA, 20, 0.0), BEN: timed(BEN, 30, 1.0)}
    assert interventions(both, quick_class, NOW) == ()  # half a minute is usual here


def contradicting(student: str) -> list[Evidence]:
    tasks = answers(student, "shapes", "11111", start=20)
    tickets = answers(student, "shapes", "00000", start=25)
    return [
        *(replace(e, kind="performance_task") for e in tasks),
        *(replace(e, kind="exit_ticket") for e in tickets),
    ]


def test_kinds_of_evidence_that_contradict_one_another_ask_for_one_more_look() -> None:
    board = board_with({ADA: {"shapes": Seen(0.5, 4)}})
    (proposal,) = one_student(board, contradicting(ADA))
    assert proposal.cause == "contradictory"
    assert proposal.reason.words == "exit ticket and other evidence"
    assert one_student(board, answers(ADA, "shapes", "1111100000", start=20)) == ()  # one kind


@pytest.mark.parametrize(("second", "fires"), [(0.0, True), (0.75, False)])
def test_raters_two_levels_apart_ask_for_one_more_look(second: float, fires: bool) -> None:
    board = board_with({ADA: {"shapes": Seen(0.5, 1)}})
    ratings = [
        Evidence(f"r{i}", ADA, ("shapes",), score, rater=f"t{i}", work="w", observed_at=NOW)
        for i, score in enumerate((1.0, second))
    ]
    found = one_student(board, ratings)
    assert [(p.cause, p.reason.code) for p in found] == (
        [("contradictory", "raters_apart")] if fires else []
    )


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


def test_a_missed_or_revised_failure_is_not_held_against_anyone() -> None:
    board = board_with({BEN: {"count": LOW, "add": LOW}})
    first, second, third = answers(BEN, "add", "000", start=27)
    missed = Evidence("m", BEN, ("add",), None, observed_at=NOW, missed=True)
    revised = [
        Evidence(f"r{e.id}", BEN, ("add",), 1.0, observed_at=NOW, supersedes=e.id)
        for e in (second, third)
    ]
    assert one_student(board, [first, missed]) == ()
    assert one_student(board, [first, second, third, *revised]) == ()


def test_nothing_is_proposed_without_evidence() -> None:
    board = board_with({ADA: {"add": LOW}, BEN: {"count": Seen(0.6, 5, peak=0.97), "add": LOW}})
    assert interventions(board, {ADA: [], CLEO: answers(CLEO, "add", "0000")}, NOW) == ()


def test_of_two_causes_the_more_urgent_is_shown() -> None:
    cells = {"count": LOW, "add": Seen(0.6, 4), "shapes": Seen(0.65, 10)}
    board = board_with({BEN: cells})
    shapes = answers(BEN, "shapes", "0110110100", start=20)
    add = answers(BEN, "add", "0010", start=26)
    assert [p.target for p in one_student(board, shapes)] == ["shapes"]
    assert [p.target for p in one_student(board, add)] == ["count"]
    # More targets wait behind counting than behind shapes.
    assert [p.target for p in one_student(board, [*shapes, *add])] == ["count"]


def test_the_list_is_cut_after_the_alerts_of_a_day_and_answered_ones_count() -> None:
    students = [f"s{i}" for i in range(8)]
    rows: dict[str, dict[str, Seen]] = {s: {} for s in students}
    log = {s: contradicting(s) for s in students}
    found = interventions(board_with(rows), log, NOW)
    assert [(p.student, p.cause) for p in found] == [(s, "contradictory") for s in students[:5]]
    assert len(interventions(board_with(rows, Policy(alerts_per_day=2)), log, NOW)) == 2
    done = tuple(
        Answered(p.student, p.cause, p.target, "accept", NOW - timedelta(minutes=i), p.rests_on)
        for i, p in enumerate(found[:3])
    )
    again = interventions(board_with(rows), log, NOW, Background(done))
    assert [p.student for p in again] == students[3:5]


def test_a_need_that_several_share_is_one_proposal_and_names_them() -> None:
    students = [f"s{i}" for i in range(4)]
    rows = {s: {"count": Seen(0.1 + i / 100, 10)} for i, s in enumerate(students)}
    log = {s: answers(s, "count", "0110110100", start=20) for s in students}
    (shared,) = interventions(board_with(rows), log, NOW)
    assert shared.student == "s0"
    assert shared.together == ("s1", "s2", "s3")
    (alone,) = interventions(board_with({"s0": rows["s0"]}), log, NOW)
    assert shared.priority == pytest.approx(2 * alone.priority)


def test_a_need_of_most_of_a_class_is_the_lesson_s_turn_and_names_who_shares_it() -> None:
    students = [f"s{i}" for i in range(8)]
    log = {s: answers(s, "count", "0110110100", start=20) for s in students}
    rows = {s: {"count": LOW} for s in students}
    everyone = interventions(board_with(rows), log, NOW)
    assert {p.tier for p in everyone} == {1}
    assert everyone[0].together == tuple(students[1:])
    few = {s: row if s in students[:3] else {"count": SHOWN} for s, row in rows.items()}
    assert {p.tier for p in interventions(board_with(few), log, NOW)} == {2}


def test_called_wrong_a_cause_counts_half_for_this_student() -> None:
    board = board_with({BEN: {"count": LOW, "shapes": LOW}})
    log = [*answers(BEN, "shapes", "0110110100", start=20)]
    (before,) = one_student(board, log)
    wrong = Answered(BEN, "wheel_spinning", "count", "wrong", NOW - timedelta(days=9), ())
    (after,) = interventions(board, {BEN: log}, NOW, Background((wrong,)))
    assert after.priority == pytest.approx(before.priority / 2)


def test_an_answer_lets_a_need_rest_until_new_evidence_and_cooled_down() -> None:
    board = board_with({BEN: {"count": LOW}})
    log = answers(BEN, "count", "0110110100", start=20)
    (first,) = one_student(board, log)

    def after(said: Said, days: int, *more: Evidence) -> list[str]:
        at = NOW - timedelta(days=days)
        past = (Answered(BEN, first.cause, first.target, said, at, first.rests_on),)
        return [p.cause for p in interventions(board, {BEN: [*log, *more]}, NOW, Background(past))]

    new = replace(log[0], id="new", observed_at=NOW)
    assert after("not_now", 8) == []  # nothing new
    assert after("not_now", 6, new) == []  # too soon
    assert after("not_now", 7, new) == ["wheel_spinning"]
    assert after("wrong", 20, new) == []  # called wrong, it rests three times as long
    assert after("wrong", 21, new) == ["wheel_spinning"]


def test_everyone_is_looked_at_in_three_weeks() -> None:
    """A class of twenty without any need; the teacher answers what is shown, on school days."""
    students = [f"s{i:02d}" for i in range(20)]
    board = board_with({s: {} for s in students})
    start = NOW - timedelta(days=28)
    log = {s: [replace(e, observed_at=start) for e in answers(s, "shapes", "1")] for s in students}
    past: list[Answered] = []
    for day in range(22):
        now = start + timedelta(days=day)
        if now.weekday() < 5:
            shown = [
                p
                for p in interventions(board, log, now, Background(tuple(past)))
                if p.cause == "look_in"
            ]
            assert len(shown) <= 2  # spread over the days, not all on the last
            past += [Answered(p.student, p.cause, None, "accept", now, p.rests_on) for p in shown]
    assert {a.student for a in past} == set(students)


def test_a_proposal_carries_action_exit_and_expiry() -> None:
    rule = Policy(intervention_days=3)
    found = one_student(board_with({ADA: {}}, rule), answers(ADA, "shapes", "1", start=20))
    (proposal,) = found
    assert proposal.what == WORDS["conference"]
    assert proposal.exit_rule == EXITS["inactive"]
    assert proposal.expires == NOW.date() + timedelta(days=3)
    assert set(EXITS) == set(CAUSES)
    assert date(2026, 3, 5) == proposal.expires


def test_in_the_small_school_only_those_who_left_or_struggle_are_named() -> None:
    model = BKTModel()
    log = {s: [e for e in class_evidence() if e.student == s] for s in (ADA, BEN, CLEO)}
    states = {student: model.fold(mine) for student, mine in log.items()}
    board = make_board(Layout(small_curriculum()), Policy(), model, states)
    found = {p.student: p.cause for p in interventions(board, log, NOW)}
    assert found[BEN] == "missing_prerequisite"
    assert found[CLEO] == "look_in"


def proposed(school: RandomSchool) -> tuple[Intervention, ...]:
    return interventions(school.board, school.log, NOW)


def one_student(board: Board, evidence: list[Evidence]) -> tuple[Intervention, ...]:
    return interventions(board, {board.students[0]: evidence}, NOW)


def scored(piece: Evidence, score: float) -> Evidence:
    return replace(piece, score=score)
