"""What every option is worth to some students of a board, and what may be offered at all.

One student or a hundred thousand: the same arrays, R rows and T targets. An option is worth
what its targets are worth, so terms and rules stay by target here; `engine.slates` adds them
up by option.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.board import CHECK_AGAIN, MASTERED, Board, Floats, Mask
from engine.decisions import NOTHING_HEARD, Heard
from engine.layout import Seeds, seeds
from engine.lists import Ints, Lists, count_along, lists_of
from engine.pacing import Pace, pace
from engine.proposed import need_in_passing, placement_worth
from engine.reviews import due_now, need, to_review
from engine.telling import about_target
from graphs.goals import goal_targets
from models.compiled import compiled

BLOCKED, OPEN, RESTS, FADED, IS_GAP, SEEN, AHEAD, FRONT = (np.uint8(1 << bit) for bit in range(8))
"""What holds of a target: a prerequisite is not met · still to be worked on · should rest ·
to be checked again · a gap under something the student is stuck on · has evidence · all that it
needs is mastered · it is worked on before anything that is not at the front (`engine.pacing`)."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the student or an adult asks of the choices.

    `goal` a target or competency to head for, and whether it is the student's `own` or was only
    asked about; `number` of options (the policy's when `None`);
    `formats` allowed (any when empty) and `extra_time` (1.5: half as much again) are
    accommodations: they filter and lengthen, and are never a model input; `interests`; `heard`
    what was said to earlier offers.
    """

    goal: str | None = None
    number: int | None = None
    formats: Collection[str] = ()
    interests: Collection[str] = ()
    extra_time: float = 1.0
    heard: Heard = NOTHING_HEARD
    own: bool = True


class Stands(NamedTuple):
    """What is known of R students on T targets, as compiled code takes it.

    `value` float64[R, T] the sum of the weighted terms, `p_right` float64[R, T], `holds`
    uint8[R, T] the bits above, `tired` int64[R, T] how much a target should rest.
    """

    value: Floats
    p_right: Floats
    holds: npt.NDArray[np.uint8]
    tired: Ints


class Asked(NamedTuple):
    """What is wished of O options, as compiled code takes it; students share W kinds of wishes.

    `wish` int64[R] the wishes of each row, `fits` bool[W, O] formats allowed, `liked`,
    `rests` and `suits` bool[W, O],
    `time` float64[W] the extra time, `number` int64[W] of choices, `seed` uint64[R] made from the
    student's id.
    """

    wish: Ints
    fits: Mask
    liked: Mask
    rests: Mask
    suits: Mask
    time: Floats
    number: Ints
    seed: Seeds


def paced(board: Board, rows: Ints, wishes: Sequence[Wishes]) -> Pace:
    """Say what some rows of a board come to next, with these wishes. Raises `UnknownId`."""
    way = _on_the_way(board, rows, wishes)
    return pace(board, rows, way, [wish.goal is not None for wish in wishes])


def stands(board: Board, rows: Ints, valued: Mapping[str, Floats], at: Pace) -> Stands:
    """Say how some rows of a board stand, given the `terms` of each and where it is `paced`."""
    value = np.zeros((len(rows), len(board.targets)))
    for term in valued.values():
        value += term
    return Stands(value, board.p_right[rows], _holds(board, rows, at), at.tired)


def terms(board: Board, rows: Ints, at: Pace) -> dict[str, Floats]:
    """Weigh the terms of the score by target, float64[R, T] each, for rows that are `paced`."""
    rule, p = board.policy, board.p[rows]
    open_gain = np.maximum(board.p_next[rows] - p, 0.0)  # forgetting is no gain
    information = about_target(p, board.count[rows])
    faded = board.learned[rows] - board.retrievable[rows]
    found = {
        "gain": rule.w_gain * open_gain,
        "opens": rule.w_opens * open_gain * _opens(board, rows),
        "goal": rule.w_goal * at.way,
        "information": rule.w_information * information,
        "review": rule.w_review * np.where(board.status[rows] == CHECK_AGAIN, faded, 0.0),
        "gap": rule.w_gap * np.where(board.gaps[rows], 1 - p, 0.0),
        "order": rule.w_order * at.soon,
    }
    if board.plan is not None:
        found["review"] += rule.w_review * need(board, rows)
        found["encompassed"] = rule.w_encompassed * need_in_passing(board, rows)
    if board.placed is not None:
        found["placement"] = rule.w_placement * placement_worth(board, rows)
    return found


def asked(board: Board, rows: Ints, wishes: Sequence[Wishes]) -> Asked:
    """Lay out the wishes of some rows; equal ones once."""
    numbered: dict[object, int] = {}
    different = []
    wish = np.empty(len(rows), dtype=np.int64)
    for i, each in enumerate(wishes):
        said = (each.heard.rests, frozenset(each.heard.suits))
        key = (each.number, tuple(each.formats), tuple(each.interests), each.extra_time, said)
        if key not in numbered:
            different.append(each)
        wish[i] = numbered.setdefault(key, len(numbered))
    shape = (len(different), len(board.layout.options))
    students = seeds(board.students[row] for row in rows.tolist())
    return Asked(
        wish,
        np.array([_fits(board, each) for each in different], dtype=np.bool_).reshape(shape),
        np.array([_liked(board, each) for each in different], dtype=np.bool_).reshape(shape),
        np.array([_named(board, e.heard.rests) for e in different], dtype=np.bool_).reshape(shape),
        np.array([_named(board, e.heard.suits) for e in different], dtype=np.bool_).reshape(shape),
        np.array([each.extra_time for each in different], dtype=np.float64),
        np.array([each.number or board.policy.choices for each in different], dtype=np.int64),
        students,
    )


def on_the_way(board: Board, row: int, goal: str) -> tuple[int, ...]:
    """Return the columns on the way to a goal, a learning target or a competency.

    A target of the goal is on it until it is mastered, or implied by later mastery; what it
    builds on until it is met. Raises `UnknownId`.
    """
    way = _on_the_way(board, np.array([row]), [Wishes(goal)])
    return tuple(np.flatnonzero(way[0]).tolist())


def _holds(board: Board, rows: Ints, at: Pace) -> npt.NDArray[np.uint8]:
    mastered = board.status[rows] == MASTERED
    blocked = board.unmet[rows] > 0
    review = to_review(board, rows, at.to_do & ~blocked)
    bits = {
        BLOCKED: blocked,
        OPEN: at.to_do | review,
        RESTS: at.tired > 0,
        FADED: (board.status[rows] == CHECK_AGAIN) | due_now(board, rows),
        IS_GAP: board.gaps[rows] & at.to_do,
        SEEN: board.count[rows] > 0,
        AHEAD: _all_before_mastered(board, mastered),
        FRONT: at.front | review,
    }
    holds = np.zeros(mastered.shape, dtype=np.uint8)
    for bit, mask in bits.items():
        holds |= bit * mask
    return holds


def _all_before_mastered(board: Board, mastered: Mask) -> Mask:
    """Whether a target has prerequisites and every one is mastered, bool[R, T]."""
    before = board.layout.building_on
    found: Mask = (count_along(before, ~mastered) == 0) & (np.diff(before.start) > 0)
    return found


def _fits(board: Board, wish: Wishes) -> Mask:
    """Whether each option has a format that is wished for, bool[O]."""
    formats, found = board.layout.formats, np.full(len(board.layout.formats), not wish.formats)
    found[[formats[each] for each in wish.formats if each in formats]] = True
    fits: Mask = found[board.layout.arrays.format]
    return fits


def _liked(board: Board, wish: Wishes) -> Mask:
    """Whether each option shares an interest, bool[O]."""
    layout = board.layout
    wanted = {layout.interests[word] for word in wish.interests if word in layout.interests}
    liked = np.zeros(len(layout.options), dtype=np.bool_)
    for number in wanted:
        liked[layout.of_interest.of(number)] = True
    return liked


def _named(board: Board, ids: Collection[str]) -> Mask:
    """Whether each option is one of those named, bool[O]."""
    options = board.layout.options
    named = np.zeros(len(options), dtype=np.bool_)
    if ids:  # usually none, and there may be thousands of options
        named[[o for o, option in enumerate(options) if option.id in ids]] = True
    return named


def _opens(board: Board, rows: Ints) -> Floats:
    """How many unmet targets each target alone still holds back, float64[R, T]."""
    unmet, met = board.unmet[rows], board.met[rows]
    held: Floats = count_along(board.layout.built_on, (unmet == 1) & ~met) * (1.0 - met)
    return held


def _on_the_way(board: Board, rows: Ints, wishes: Sequence[Wishes]) -> Floats:
    position, framework = board.curriculum.graph.position, board.curriculum.framework
    columns: dict[str | None, list[int]] = {None: []}
    for goal in {wish.goal for wish in wishes} - {None}:
        columns[goal] = [position[target] for target in goal_targets(framework, goal or "")]
    way = np.zeros((len(rows), len(position)))
    if len(columns) > 1:
        goals = lists_of([columns[wish.goal] for wish in wishes])
        row = np.repeat(rows, np.diff(goals.start))
        there = board.status[row, goals.item] == MASTERED
        there |= board.implied[row, goals.item]
        _walk_back(board.layout.building_on, goals, there, board.met[rows], way)
    return way


@compiled
def _walk_back(building_on: Lists, goals: Lists, there: Mask, met: Mask, way: Floats) -> None:
    """Mark with 1 the targets from each row's goals that are not `there` down to what is met."""
    start, item = building_on
    waiting = np.empty(way.shape[1], dtype=np.int64)
    for row in range(way.shape[0]):
        length = 0
        for k in range(goals.start[row], goals.start[row + 1]):
            if not there[k]:
                way[row, goals.item[k]] = 1.0
                waiting[length] = goals.item[k]
                length += 1
        while length:
            length -= 1
            here = waiting[length]
            for before in item[start[here] : start[here + 1]]:
                if way[row, before] == 0 and not met[row, before]:
                    way[row, before] = 1.0
                    waiting[length] = before
                    length += 1
