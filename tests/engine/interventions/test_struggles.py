"""Causes on a target, each by an example and its opposite."""

from dataclasses import replace

import numpy as np
import pytest

from engine import (
    STATUSES,
    Background,
    Plan,
    interventions,
)
from models import Estimate, Evidence
from tests.cast import ADA, BEN, NOW, answers
from tests.engine.boards import Seen, board_with
from tests.engine.interventions.proposed import LOW, SHOWN, contradicting, one_student, scored


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
    (proposal,) = one_student(board, answers(BEN, "count", "0110110000", start=20))
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
        (Seen(0.7, 10), "0110110000"),  # near
        (SHOWN, "0110110000"),  # mastered
        (Seen(0.7, 10, peak=0.97), "0110110000"),  # shown before
    ],
)
def test_less_than_that_is_not_wheel_spinning(count: Seen, scores: str) -> None:
    board = board_with({BEN: {"count": count}})
    assert one_student(board, answers(BEN, "count", scores, start=20)) == ()


def test_a_faded_target_that_others_lean_on_is_proposed_for_a_check() -> None:
    faded = Seen(0.6, 5, peak=0.97)
    board = board_with({ADA: {"count": SHOWN, "add": faded, "multiply": Seen(0.5, 1)}})
    (proposal,) = one_student(board, answers(ADA, "add", "1111100", start=23))
    assert proposal.cause == "fading"
    assert proposal.reason.targets == ("add", "multiply")
    assert proposal.reason.number == 0.6
    assert proposal.reason.evidence == ("ada-add-27", "ada-add-28", "ada-add-29")


def test_the_next_target_to_a_goal_leans_on_it_too() -> None:
    board = board_with({ADA: {"count": SHOWN, "add": Seen(0.6, 5, peak=0.97)}})
    log = {ADA: answers(ADA, "add", "1111100", start=23)}
    plan = Background(plans={ADA: Plan(goal="divide")})
    assert [p.cause for p in interventions(board, log, NOW, plan)] == ["fading"]
    assert interventions(board, log, NOW) == ()


def test_what_a_teacher_judged_is_not_called_fading() -> None:
    board = board_with({ADA: {"add": Seen(0.6, 5, peak=0.97), "multiply": Seen(0.5, 1)}})
    judged = np.full(board.p.shape, -1, np.int8)
    judged[0, board.targets.index("add")] = STATUSES.index("mastered")
    log = {ADA: answers(ADA, "add", "1111100", start=23)}
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
    assert one_student(board_with({ADA: cells}), answers(ADA, "add", "1111100", start=23)) == ()


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


def test_what_is_forgotten_by_time_alone_fades_too() -> None:
    """Nobody has answered wrongly; the last success is long ago, and the next target has begun."""
    board = board_with({ADA: {"count": SHOWN, "add": SHOWN, "multiply": Seen(0.5, 1)}})
    left = board.retrievable.copy()
    left[0, board.targets.index("add")] = 0.4
    (proposal,) = one_student(
        replace(board, retrievable=left), answers(ADA, "add", "11111", start=20)
    )
    assert (proposal.cause, proposal.target, proposal.action) == ("fading", "add", "short_check")
    assert proposal.reason.number == 0.4


@pytest.mark.parametrize(
    ("below", "cause"),
    [
        ("1111100", "fading"),  # shown well before, and wrong twice in a row since
        ("1100100", "missing_prerequisite"),  # never shown well
        ("1111101", None),  # a slip
    ],
)
def test_what_was_shown_before_has_faded_and_is_not_called_missing(
    below: str, cause: str | None
) -> None:
    board = board_with({BEN: {"count": Seen(0.65, 7), "add": LOW}})
    log = [*answers(BEN, "count", below, start=15), *answers(BEN, "add", "1000", start=26)]
    if cause == "missing_prerequisite":
        board = board_with({BEN: {"count": LOW, "add": LOW}})
    found = one_student(board, log)
    assert [(p.cause, p.target) for p in found] == ([(cause, "count")] if cause else [])


def test_what_the_board_still_counts_as_met_is_not_called_lost() -> None:
    log = [*answers(BEN, "count", "1111100", start=15), *answers(BEN, "add", "1000", start=26)]
    assert one_student(board_with({BEN: {"count": SHOWN, "add": LOW}}), log) == ()
    (proposal,) = one_student(board_with({BEN: {"count": Seen(0.65, 7), "add": LOW}}), log)
    assert (proposal.cause, proposal.target) == ("fading", "count")
    cited = [f"ben-count-{i}" for i in (19, 20, 21)] + [f"ben-add-{i}" for i in range(26, 30)]
    assert proposal.reason.evidence == tuple(cited)


@pytest.mark.parametrize(("moves", "fires"), [(0.001, True), (0.2, False)])
def test_an_estimate_that_practice_does_not_move_asks_for_help(moves: float, fires: bool) -> None:
    board = board_with({BEN: {"count": LOW}})
    log = {BEN: answers(BEN, "count", "1000", start=26)}
    still = Estimate(
        p_mastered=0.2, learned=0.2, retrievable=0.2, evidence_count=4, p_right=0.3,
        p_right_low=0.1, p_right_high=0.5, p_after_practice=0.2, if_next_right=0.2 + moves,
        if_next_wrong=0.2 - moves, last_observed=None,
    )  # fmt: skip
    found = interventions(board, log, NOW, Background(estimate=lambda _, __: still))
    assert [(p.cause, p.reason.code) for p in found] == (
        [("wheel_spinning", "settled")] if fires else []
    )
