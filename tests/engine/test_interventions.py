from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Board, Intervention, Layout, Policy, interventions, make_board
from engine.interventions import ACTIONS, EXITS
from models import BKTModel, Evidence, in_force
from tests.cast import ADA, BEN, CLEO, NOW, answers, class_evidence, small_curriculum
from tests.engine.boards import RandomSchool, Seen, board_with, schools

quick = settings(max_examples=50, deadline=None)
SHOWN = Seen(0.97, 4)
LOW = Seen(0.2, 4)


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
        assert proposal.reason.evidence
        for cited in proposal.reason.evidence:
            assert cited in mine
            assert proposal.target is None or proposal.target in mine[cited].targets


@quick
@given(schools(most_students=4, most_targets=3), st.randoms(use_true_random=False))
def test_the_order_of_students_and_evidence_does_not_matter(
    school: RandomSchool, rng: st.DataObject
) -> None:
    shuffled = []
    for student, log in school.log.items():
        mine = list(log)
        rng.shuffle(mine)  # type: ignore[attr-defined]  # a random.Random
        shuffled.append((student, tuple(mine)))
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    other = RandomSchool(school.curriculum, school.policy, school.model, dict(shuffled))
    assert proposed(other) == proposed(school)


@quick
@given(schools(most_students=4, most_targets=3))
def test_each_cause_holds_wherever_it_is_given(school: RandomSchool) -> None:
    board, rule = school.board, school.policy
    for proposal in proposed(school):
        mine = in_force(school.log[proposal.student])
        if proposal.target is None:
            assert proposal.cause == "inactive"
            last = max(e.observed_at for e in mine if e.observed_at)
            assert (NOW - last).days == proposal.reason.number >= rule.inactive_days
            continue
        row, column = board.row(proposal.student), board.targets.index(proposal.target)
        status = board.status_of(row, column)
        scores = [e.score or 0.0 for e in mine if proposal.target in e.targets]
        if proposal.cause == "fading":
            assert status == "check_again"
        else:
            assert status in {"developing", "near", "not_enough_evidence"}
            assert board.p[row, column] < rule.near_at
        if proposal.cause == "missing_prerequisite":
            assert proposal.reason.targets[1:] == board.blocked_by(row, proposal.target) != ()
            assert sum(score <= 0.5 for score in scores) >= 2
        if proposal.cause == "wheel_spinning":
            assert proposal.reason.number == len(scores) >= rule.stuck_after
            assert "111" not in "".join("1" if score > 0.5 else "0" for score in scores)


@quick
@given(schools(most_students=4, most_targets=3))
def test_the_most_urgent_come_first(school: RandomSchool) -> None:
    order = [(-proposal.priority, proposal.student) for proposal in proposed(school)]
    assert order == sorted(order)
    assert all(negative <= 0 for negative, _ in order)


def test_failing_on_an_unmet_prerequisite_proposes_the_prerequisite() -> None:
    board = board_with({BEN: {"count": LOW, "add": LOW}})
    (proposal,) = one_student(board, answers(BEN, "add", "0010", start=26))
    assert proposal.cause == "missing_prerequisite"
    assert proposal.target == "add"
    assert proposal.reason.targets == ("add", "count")
    assert proposal.reason.evidence == ("ben-add-26", "ben-add-27", "ben-add-28", "ben-add-29")


@pytest.mark.parametrize(
    ("count", "add", "scores"),
    [
        (LOW, LOW, "1011"),  # failed only once
        (SHOWN, LOW, "0010"),  # the prerequisite is met
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
    (proposal,) = one_student(board, answers(BEN, "count", "0110110110", start=20))
    assert proposal.cause == "wheel_spinning"
    assert proposal.reason.targets == ("count",)
    assert proposal.reason.number == 10
    assert len(proposal.reason.evidence) == 10


@pytest.mark.parametrize(
    ("count", "scores"),
    [
        (LOW, "011011011"),  # nine, not ten
        (LOW, "0111000000"),  # three in a row once
        (Seen(0.7, 10), "0110110110"),  # near
        (SHOWN, "0110110110"),  # mastered
        (Seen(0.7, 10, peak=0.97), "0110110110"),  # shown before
    ],
)
def test_less_than_that_is_not_wheel_spinning(count: Seen, scores: str) -> None:
    board = board_with({BEN: {"count": count}})
    assert one_student(board, answers(BEN, "count", scores, start=20)) == ()


def test_a_faded_target_that_others_lean_on_is_proposed_for_a_check() -> None:
    faded = Seen(0.6, 5, peak=0.97)
    board = board_with({ADA: {"add": faded, "multiply": Seen(0.5, 1)}})
    (proposal,) = one_student(board, answers(ADA, "add", "11100", start=25))
    assert proposal.cause == "fading"
    assert proposal.reason.targets == ("add", "multiply")
    assert proposal.reason.number == 0.6
    assert proposal.reason.evidence == ("ada-add-27", "ada-add-28", "ada-add-29")


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


@pytest.mark.parametrize(("days", "fires"), [(9, False), (10, True), (25, True)])
def test_inactive_is_no_evidence_for_the_days_of_the_policy(days: int, fires: bool) -> None:
    found = one_student(board_with({ADA: {}}), answers(ADA, "shapes", "1", start=30 - days))
    assert [(p.cause, p.target, p.reason.number) for p in found] == (
        [("inactive", None, days)] if fires else []
    )


def test_evidence_without_a_clock_says_nothing_about_activity() -> None:
    evidence = [Evidence("e1", ADA, ("shapes",), 1.0, position=1)]
    assert one_student(board_with({ADA: {}}), evidence) == ()


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
    shapes = answers(BEN, "shapes", "0110110110", start=20)
    add = answers(BEN, "add", "0010", start=26)
    assert [p.target for p in one_student(board, shapes)] == ["shapes"]
    assert [p.target for p in one_student(board, add)] == ["add"]
    # More targets wait behind add than behind shapes.
    assert [p.target for p in one_student(board, [*shapes, *add])] == ["add"]


def test_the_list_is_cut_after_the_alerts_of_a_day() -> None:
    students = [f"s{i}" for i in range(8)]
    rows = {s: {"count": Seen(0.1 + i / 100, 10)} for i, s in enumerate(students)}
    log = {s: answers(s, "count", "0110110110", start=20) for s in students}
    found = interventions(board_with(rows), log, NOW)
    assert [p.student for p in found] == students[:5]
    assert len(interventions(board_with(rows, Policy(alerts_per_day=2)), log, NOW)) == 2


def test_a_proposal_carries_action_exit_and_expiry() -> None:
    rule = Policy(intervention_days=3)
    found = one_student(board_with({ADA: {}}, rule), answers(ADA, "shapes", "1"))
    (proposal,) = found
    assert proposal.action == ACTIONS["inactive"]
    assert proposal.exit_rule == EXITS["inactive"]
    assert proposal.expires == NOW.date() + timedelta(days=3)


def test_in_the_small_school_only_those_who_left_or_struggle_are_named() -> None:
    model = BKTModel()
    log = {s: [e for e in class_evidence() if e.student == s] for s in (ADA, BEN, CLEO)}
    states = {student: model.fold(mine) for student, mine in log.items()}
    board = make_board(Layout(small_curriculum()), Policy(), model, states)
    found = {p.student: p.cause for p in interventions(board, log, NOW)}
    assert found == {ADA: "inactive", BEN: "missing_prerequisite"}


def proposed(school: RandomSchool) -> tuple[Intervention, ...]:
    return interventions(school.board, school.log, NOW)


def one_student(board: Board, evidence: list[Evidence]) -> tuple[Intervention, ...]:
    return interventions(board, {board.students[0]: evidence}, NOW)


def scored(piece: Evidence, score: float) -> Evidence:
    return Evidence(piece.id, piece.student, piece.targets, score, observed_at=piece.observed_at)
