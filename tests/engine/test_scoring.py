"""When a target rests, is enough or is let go; and that a class gets what each student gets."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from engine import (
    PURPOSES,
    Choice,
    Policy,
    Slates,
    Wishes,
    choices,
    first_choices,
    slates,
)
from engine.board import Board
from graphs import Curriculum, Framework, LearningTarget
from tests.cast import ADA
from tests.engine.boards import RandomSchool, Seen, board_with, schools

COUNT, ADD = 0, 1
"""Columns of the small curriculum: counting comes before adding."""


def ids(board: Board) -> set[str]:
    return {t for c in choices(board, ADA, Wishes(number=99), {}) for t in c.option.targets}


def at(board: Board, column: int, value: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    found = np.zeros(board.p.shape, dtype=np.int8)
    found[0, column] = value
    return found


def both_open() -> Board:
    return board_with({ADA: {"count": Seen(0.8, 4), "add": Seen(0.5, 4)}})


def test_after_two_pieces_today_a_target_rests_while_another_is_open() -> None:
    board = both_open()
    assert ids(replace(board, today=at(board, ADD, 1))) >= {"count", "add"}
    assert "add" not in ids(replace(board, today=at(board, ADD, 2)))


def test_a_target_does_not_rest_when_nothing_else_is_open() -> None:
    alone = Curriculum(Framework("f", "F", (LearningTarget("a", "A"),)))
    board = board_with({ADA: {}}, None, alone)
    assert ids(replace(board, today=at(board, 0, 9))) == {"a"}


def test_ten_without_mastery_rest_until_another_day() -> None:
    board = board_with({ADA: {"count": Seen(0.8, 4), "add": Seen(0.5, 10)}})
    last = np.full(board.p.shape, 1000.0)
    assert "add" not in ids(replace(board, last=last, now=1000.0 + 3600))
    assert "add" in ids(replace(board, last=last, now=1000.0 + 20 * 3600))


def test_seven_right_in_a_row_are_enough_but_no_mastery() -> None:
    board = both_open()
    done = replace(board, rights=at(board, ADD, 7))
    assert "add" in ids(replace(board, rights=at(board, ADD, 6)))
    assert "add" not in ids(done)
    assert done.status_of(0, ADD) == board.status_of(0, ADD) != "mastered"
    assert done.met[0, ADD]


def test_practice_may_stop_at_a_chance_of_success_but_not_after_one_answer() -> None:
    rule = Policy(enough_at=0.75)  # boards here have a chance of .25 + .65 P(mastered)
    assert "count" not in ids(board_with({ADA: {"count": Seen(0.8, 2)}}, rule))
    assert "count" in ids(board_with({ADA: {"count": Seen(0.8, 1)}}, rule))
    assert "count" in ids(board_with({ADA: {"count": Seen(0.75, 4)}}, rule))


def test_what_an_adult_waives_is_not_offered_and_holds_nothing_up() -> None:
    board = board_with({ADA: {"count": Seen(0.2, 12)}})
    assert "count" in ids(board)
    assert "add" not in ids(board)
    waived = replace(board, waived=at(board, COUNT, 1).astype(np.bool_))
    assert "count" not in ids(waived)
    assert "add" in ids(waived)


def test_what_builds_on_a_waived_target_is_left_when_the_gap_shows() -> None:
    board = board_with({ADA: {"count": Seen(0.2, 12), "add": Seen(0.2, 30)}})
    waived = replace(board, waived=at(board, COUNT, 1).astype(np.bool_))
    assert "add" not in ids(waived)
    fewer = board_with({ADA: {"count": Seen(0.2, 12), "add": Seen(0.2, 29)}})
    assert "add" in ids(replace(fewer, waived=waived.waived))


@settings(max_examples=40, deadline=None)
@given(schools(most_students=4))
def test_a_class_is_offered_first_what_each_student_is(school: RandomSchool) -> None:
    board = school.board
    option, any_ = first_choices(board, Wishes())
    found = slates(board, Wishes())
    for row, student in enumerate(board.students):
        own = choices(board, student, Wishes(), school.in_force[student])
        assert bool(any_[row]) == bool(own)
        if own:
            assert board.layout.options[option[row]].id == own[0].option.id
        assert same(board, found, row, own)


def same(board: Board, found: Slates, row: int, own: tuple[Choice, ...]) -> bool:
    """Whether a row of slates is, bit for bit, what `choices` gives."""
    return [
        (board.layout.options[o].id, found.score[row, i], found.p_right[row, i],
         PURPOSES[found.purpose[row, i]])
        for i, o in enumerate(found.option[row])
        if o >= 0
    ] == [(c.option.id, c.score, c.p_right, c.purpose) for c in own]  # fmt: skip
