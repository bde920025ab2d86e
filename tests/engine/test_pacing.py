"""What comes first: few targets at once, in the curriculum's order, and what rests least."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Board, Option, Policy, Wishes, choices, first_choices
from engine.board import CHECK_AGAIN, MASTERED
from engine.proposed import Placed
from engine.scoring import on_the_way
from graphs import Curriculum, Edge, Framework, LearningTarget
from tests.engine.boards import EVERY, Seen, board_with
from tests.engine.test_choices import Drawn, asked

NAMES = "abcdefgh"


@settings(max_examples=80, deadline=None)
@given(asked(), st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_what_comes_first_is_at_the_front_and_rests_least_there(
    drawn: Drawn, pieces: list[int]
) -> None:
    school, wishes = drawn
    today = np.resize(np.array(pieces, dtype=np.int8), school.board.p.shape)
    board, rule = replace(school.board, today=today), school.policy
    found = choices(board, "s0", replace(wishes, number=EVERY), {})
    tired = [max(0, n - rule.a_session + 1) for n in today[0].tolist()]
    position = school.curriculum.graph.position
    front = {position[t] for t in the_front(board, None)}
    if wishes.goal is not None:
        front |= {position[t] for t in the_front(board, wishes.goal)}
    fits = [o for o in board.layout.options if not wishes.formats or o.format in wishes.formats]

    def rest(option: Option) -> tuple[bool, int]:
        columns = [position[target] for target in option.targets]
        return front.isdisjoint(columns), max(tired[column] for column in columns)

    allowed = [
        rest(option)
        for option in fits
        if any(to_do(board, position[target]) for target in option.targets)
        and all(board.unmet[0, position[target]] == 0 for target in option.targets)
    ]
    assert bool(found) == bool(allowed)
    for first in found[:1]:
        assert rest(first.option) == min(allowed)
        alike = [choice.score for choice in found if rest(choice.option) == min(allowed)]
        assert first.score == pytest.approx(max(alike), abs=1e-9)


def to_do(board: Board, column: int) -> bool:
    done = board.status[0, column] == MASTERED or board.enough[0, column] or board.stuck[0, column]
    return not done and bool(not board.implied[0, column] or board.gaps[0, column])


def the_front(board: Board, goal: str | None) -> set[str]:
    """Return what goes back, the first targets to do and more until two are ready."""
    way = range(len(board.targets)) if goal is None else on_the_way(board, 0, goal)
    waiting, found, ready = [c for c in way if to_do(board, c)], set[int](), 0
    while waiting and (len(found) < board.policy.at_once or ready < 2):
        found.add(waiting[0])
        ready += int(board.unmet[0, waiting.pop(0)] == 0)
    back = np.flatnonzero(board.gaps[0] | (board.status[0] == CHECK_AGAIN)).tolist()
    return {board.targets[c] for c in [*found, *back]}


def eight(edges: tuple[Edge, ...] = ()) -> Curriculum:
    targets = tuple(LearningTarget(name, name) for name in NAMES)
    return Curriculum(Framework("f", "F", targets), edges)


def worked(board: Board, pieces: int, rule: Policy) -> list[str]:
    """Return the targets of the first choices of one sitting in which nothing gets mastered."""
    found, today = list[str](), np.zeros(board.p.shape, dtype=np.int8)
    for _ in range(pieces):
        option, _ = first_choices(replace(board, policy=rule, today=today), Wishes())
        found.append(board.layout.options[option[0]].id)
        today[0, board.targets.index(found[-1])] += 1
    return found


def test_a_sitting_stays_with_the_first_few_targets_and_takes_turns() -> None:
    board = board_with({"s": {}}, curriculum=eight())
    assert worked(board, 12, Policy(at_once=2)) == list("aabbabababab")
    assert set(worked(board, 8, Policy())) == set("abcd")


def test_who_is_being_placed_is_asked_what_tells_most_before_what_comes_next() -> None:
    board = board_with({"s": {}}, curriculum=eight())
    assert first_of(board) == "a"
    worth = np.array([[0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]])
    nothing = np.zeros(worth.shape)
    assert first_of(replace(board, placed=Placed(worth, nothing, {}))) == "h"
    done = Placed(nothing, nothing, {})
    assert first_of(replace(board, placed=done)) == "a", "nothing is asked any more"


def first_of(board: Board) -> str:
    option, _ = first_choices(board, Wishes())
    found: str = board.layout.options[option[0]].id
    return found


def test_nobody_is_held_at_one_target_while_another_one_is_ready() -> None:
    chain = eight((Edge("a", "b"), Edge("b", "c"), Edge("c", "d"), Edge("d", "e")))
    board = board_with({"s": {}}, curriculum=chain)
    assert worked(board, 8, Policy(at_once=1)) == list("aaffafaf")


def test_what_comes_later_may_be_chosen_but_is_not_first() -> None:
    shown = {name: Seen(0.99, 5) for name in "abc"}
    board = board_with({"s": shown}, Policy(at_once=2), eight())
    tired = np.zeros(board.p.shape, dtype=np.int8)
    tired[0, [3, 4]] = 2
    found = [c.option.id for c in choices(replace(board, today=tired), "s", Wishes(), {})]
    assert found[0] in "de"
    assert set("fgh") & set(found[1:])
