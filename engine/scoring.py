"""The score of every option for some students of a board, and which options are allowed.

One student or a hundred thousand: the same arrays, R rows and O options.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.board import CHECK_AGAIN, MASTERED, Board, Floats, Mask
from engine.requirements import SESSION_GAP

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the student or an adult asks of the choices.

    `goal` a target to head for; `number` of options (the policy's when `None`); `formats`
    allowed (any when empty: an accommodation filter, never a model input); `interests`.
    """

    goal: str | None = None
    number: int | None = None
    formats: Collection[str] = ()
    interests: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """Every option for R students: weighted `terms`, `total`, chance of success, `allowed`.

    All arrays are [R, O]; the total is the sum of the terms but *interest*, times the success
    band, plus *interest*.
    """

    terms: Mapping[str, Floats] = field(repr=False)
    total: Floats = field(repr=False)
    p_right: Floats = field(repr=False)
    allowed: Mask = field(repr=False)


def score(board: Board, rows: Ints, wishes: Sequence[Wishes]) -> Scored:
    """Score every option for some rows of a board, `wishes` one for each."""
    terms = _terms(board, rows, wishes)
    total, p_right = _total(board, rows, terms)
    return Scored(terms, total, p_right, _allowed(board, rows, wishes))


def way_to(board: Board, row: int, goal: str) -> tuple[str, ...]:
    """Return the way to a goal; one only met well enough to build on is still a step."""
    graph = board.curriculum.graph
    column = graph.position.get(goal)
    if column is not None and board.status[row, column] == MASTERED:
        return ()
    return graph.pathway(goal, board.mastered(row) - {goal})


def _allowed(board: Board, rows: Ints, wishes: Sequence[Wishes]) -> Mask:
    """Options whose targets all have their prerequisites met, one of them still to be worked on."""
    layout = board.layout
    blocked = (board.unmet[rows] > 0).astype(np.float64) @ layout.option_targets
    open_targets = (board.status[rows] != MASTERED) & ~board.implied[rows] & ~board.enough[rows]
    open_targets &= ~board.stuck[rows]
    if board.waived is not None:
        open_targets &= ~board.waived[rows]
    to_do = open_targets.astype(np.float64) @ layout.option_targets
    allowed: Mask = (blocked == 0) & (to_do > 0) & _fits(board, wishes)
    rested: Mask = allowed & ~((resting(board, rows) @ layout.option_targets) > 0)
    return np.where(rested.any(axis=1, keepdims=True), rested, allowed)


def resting(board: Board, rows: Ints) -> Floats:
    """Where a target should rest, float64[R, T] of 0 and 1.

    After `in_a_row` pieces in a row, and after `stuck_after` without mastery until another day:
    more of the same helps no one.
    """
    rule = board.policy
    rest = np.zeros((len(rows), len(board.targets)), dtype=np.bool_)
    if board.streak is not None:
        rest |= board.streak[rows] >= rule.in_a_row
    today = board.now - board.last[rows] < SESSION_GAP
    rest |= today & (board.count[rows] >= rule.stuck_after) & (board.learned[rows] < board.bar)
    return rest.astype(np.float64)


def _fits(board: Board, wishes: Sequence[Wishes]) -> Mask:
    """Whether each option has a format that is wished for, bool[R, O]; few wishes differ."""
    layout, found = board.layout, {}
    for wish in wishes:
        key = tuple(wish.formats)
        if key not in found:
            codes = [layout.formats[f] for f in key if f in layout.formats]
            found[key] = np.isin(layout.format, codes) if key else np.ones(len(layout.format), bool)
    if len(found) == 1:
        return next(iter(found.values()))[None]
    return np.stack([found[tuple(wish.formats)] for wish in wishes])


def _terms(board: Board, rows: Ints, wishes: Sequence[Wishes]) -> dict[str, Floats]:
    """Weigh the terms of every option's score, float64[R, O] each."""
    rule, layout, p = board.policy, board.layout, board.p[rows]
    open_gain = np.maximum(board.p_next[rows] - p, 0.0)  # forgetting is no gain
    information = 4 * p * (1 - p) / (1 + board.count[rows])
    faded = board.learned[rows] - board.retrievable[rows]
    by_target = {
        "gain": rule.w_gain * open_gain,
        "opens": rule.w_opens * open_gain * _opens(board, rows),
        "goal": rule.w_goal * _on_the_way(board, rows, wishes),
        "information": rule.w_information * information,
        "review": rule.w_review * np.where(board.status[rows] == CHECK_AGAIN, faded, 0.0),
    }
    terms = {name: value @ layout.option_targets for name, value in by_target.items()}
    terms["interest"] = rule.w_interest * _liked(board, wishes)
    return {name: value / layout.minutes for name, value in terms.items()}


def _opens(board: Board, rows: Ints) -> Floats:
    """How many unmet targets each target alone still holds back, float64[R, T]."""
    unmet, met = board.unmet[rows], board.met[rows]
    last_missing = ((unmet == 1) & ~met).astype(np.float64)
    held: Floats = (board.layout.prerequisites @ last_missing.T).T * ~met
    return held


def _on_the_way(board: Board, rows: Ints, wishes: Sequence[Wishes]) -> Floats:
    way = np.zeros((len(rows), len(board.targets)))
    position = board.curriculum.graph.position
    for i, (row, wish) in enumerate(zip(rows.tolist(), wishes, strict=True)):
        if wish.goal is not None:
            way[i, [position[t] for t in way_to(board, row, wish.goal)]] = 1.0
    return way


def _liked(board: Board, wishes: Sequence[Wishes]) -> Floats:
    """Whether an option shares an interest, float64[R, O] of 0 and 1."""
    layout = board.layout
    liked = np.zeros((len(wishes), len(layout.interests)))
    for i, wish in enumerate(wishes):
        liked[i, [layout.interests[w] for w in wish.interests if w in layout.interests]] = 1.0
    found: Floats = ((liked @ layout.option_interests) > 0).astype(np.float64)
    return found


def _total(board: Board, rows: Ints, terms: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Return (score, chance of success) of every option."""
    rule, layout = board.policy, board.layout
    p_right = (board.p_right[rows] @ layout.option_targets) / layout.targets_of_option
    outside = np.maximum(rule.band_low - p_right, p_right - rule.band_high)
    band = np.clip(1 - np.maximum(outside, 0) / rule.band_slope, rule.band_floor, 1)
    base: Floats = np.sum([v for name, v in terms.items() if name != "interest"], axis=0)
    return base * band + terms["interest"], p_right
