"""What comes first today: few targets at once, in the curriculum's order, with rest between days.

The front of a student holds the first `at_once` targets that are still to be worked on, in the
order that the curriculum's author gave them, and more until two of them are ready. What is not at
the front may be chosen as well, but does not come first: the author's order knows more of what
builds on what than the edges say, and an edge may be wrong.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.board import CHECK_AGAIN, MASTERED, Board, Floats, Mask
from engine.lists import Ints
from engine.requirements import SESSION_GAP
from models.compiled import compiled

READY_AT_ONCE = 2
"""Ready targets that the front holds at least, where there are as many: with one alone there
would be no other to turn to while it rests."""


class Pace(NamedTuple):
    """What is to be done now by R students on T targets, and in which order.

    `way` float64[R, T] is 1 on the way to a goal, `to_do` bool[R, T] still to be worked on, reviews
    aside, `tired` int64[R, T] how much a target should rest (0: not at all), `front` bool[R, T] is
    worked on before anything else, `soon` float64[R, T] is 1 for what comes first of what is ready,
    1/2 for the second, and so on: what is awake at the front, what rests there, then the rest, each
    in the curriculum's order; 0 for who is still being placed.
    """

    way: Floats
    to_do: Mask
    tired: Ints
    front: Mask
    soon: Floats


def pace(board: Board, rows: Ints, way: Floats, heads: Sequence[bool]) -> Pace:
    """Say what some rows of a board come to next.

    `heads` says who heads for a goal, and `way` float64[R, T] what is on the way there: it has a
    front of its own, and alone comes soon.
    """
    to_do, tired = _to_do(board, rows), tiredness(board, rows)
    counts = to_do & ((way > 0) | ~np.array(heads, dtype=np.bool_)[:, None])
    ready = board.unmet[rows] == 0
    front, soon = np.zeros(to_do.shape, dtype=np.bool_), np.zeros(to_do.shape)
    _front(to_do, ready, board.policy.at_once, front)
    if any(heads):
        _front(counts, ready, board.policy.at_once, front)
    _order(counts & ready, tired, front, soon)
    # What a student is sent back to, or asked about, has its own reason to come first.
    front |= board.gaps[rows] | (board.status[rows] == CHECK_AGAIN)
    if board.placed is not None:
        asks = board.placed.worth[rows] > 0
        front |= asks
        soon[asks.any(axis=1)] = 0.0  # what comes next is what is being found out
    return Pace(way, to_do, tired, front, soon)


def tiredness(board: Board, rows: Ints) -> Ints:
    """How much each target should rest until another day, int64[R, T]; 0: not at all.

    1 after `a_session` pieces in the session under way, one more for each piece after; 1 at least
    after `stuck_after` in all without mastery: more of the same on the same day helps little.
    """
    rule = board.policy
    today = board.now - board.last[rows] < SESSION_GAP
    stuck = today & (board.count[rows] >= rule.stuck_after) & (board.learned[rows] < board.bar)
    tired = stuck.astype(np.int64)
    if board.today is not None:
        tired = np.maximum(tired, board.today[rows].astype(np.int64) - (rule.a_session - 1))
    return tired


def _to_do(board: Board, rows: Ints) -> Mask:
    """Where there is still work to do, reviews aside, bool[R, T]."""
    shown = (board.status[rows] == MASTERED) | board.enough[rows] | board.stuck[rows]
    to_do: Mask = ~shown & (~board.implied[rows] | board.gaps[rows])
    if board.waived is not None:
        to_do &= ~board.waived[rows]
    return to_do


@compiled
def _front(to_do: Mask, ready: Mask, at_once: int, front: Mask) -> None:
    """Mark the first targets to do, row by row."""
    for row in range(to_do.shape[0]):
        number, open_ = 0, 0
        for column in range(to_do.shape[1]):
            if to_do[row, column]:
                number += 1
                open_ += ready[row, column]
                front[row, column] = True
                if number >= at_once and open_ >= READY_AT_ONCE:
                    break


@compiled
def _order(counts: Mask, tired: npt.NDArray[np.int64], front: Mask, soon: Floats) -> None:
    """Put what counts in order, row by row: awake at the front, tired there, the rest."""
    for row in range(counts.shape[0]):
        place = 0
        for turn in range(3):
            for column in range(counts.shape[1]):
                if not counts[row, column]:
                    continue
                mine = 2 if not front[row, column] else int(tired[row, column] > 0)
                if mine == turn:
                    place += 1
                    soon[row, column] = 1.0 / place
