"""What would change a choice holds of the slate that comes out when it is really answered."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Choice, Layout, Policy, Reason, Wishes, changes, choices, make_board
from engine.board import Board
from engine.would import MOST_RIGHT
from graphs import Curriculum, Edge, Framework, LearningTarget, Task
from models import BKTModel, BKTParameters, Evidence, standing
from tests.cast import ADA, NOW
from tests.engine.boards import RandomSchool, schools


def board_after(school: RandomSchool, more: Sequence[Evidence]) -> Board:
    """Fold the whole log anew, with more evidence at its end."""
    found = standing(school.model, [*school.log["s0"], *more])
    states, trails = {"s0": found.state}, {"s0": found.trail}
    layout = Layout(school.curriculum)
    return make_board(layout, school.policy, school.model, states, NOW, trails)


def on_another_day(school: RandomSchool, more: Sequence[Evidence]) -> Board:
    """The same, where what is added was not of today."""
    return replace(board_after(school, more), today=board_after(school, []).today)


def asked(school: RandomSchool, more: Sequence[Evidence], wishes: Wishes) -> tuple[Choice, ...]:
    return choices(on_another_day(school, more), "s0", wishes, {})


def answers(choice: Choice, score: float, number: int) -> list[Evidence]:
    return [
        Evidence(
            f"real-{i}", "s0", choice.option.targets, score, choice.option.kind or "quiz_item",
            observed_at=NOW, position=10**9 + i,
        )
        for i in range(number)
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(schools(), st.sampled_from([Wishes(), Wishes(number=2)]))
def test_what_would_change_a_choice_does(school: RandomSchool, wishes: Wishes) -> None:
    board = board_after(school, [])
    found = choices(board, "s0", wishes, {})
    told = changes(board, "s0", wishes, found, lambda more: board_after(school, more))
    assert len(told) == len(found)
    for choice, reasons in zip(found, told, strict=True):
        assert reasons
        for reason in reasons:
            assert holds(school, wishes, choice, reason)


def holds(school: RandomSchool, wishes: Wishes, choice: Choice, reason: Reason) -> bool:
    """Whether a statement is true of a log in which it was really so answered."""
    n, score = int(reason.number), 0.0 if reason.code == "would_go_back" else 1.0
    board = on_another_day(school, answers(choice, score, n))
    now = {c.option.id: c for c in choices(board, "s0", wishes, {})}
    before = {
        c.option.id for c in asked(school, answers(choice, score, n - 1), wishes)
    }  # one fewer was not enough
    if reason.code == "would_stay":
        return choice.option.id in now and n == MOST_RIGHT
    gone = choice.option.id in before and choice.option.id not in now
    columns = [board.targets.index(t) for t in choice.option.targets]
    if reason.code == "would_show":
        return gone and all(board.status_of(0, c) == "mastered" for c in columns)
    if reason.code == "would_do":
        return gone and bool((board.met[0, columns]).all())
    if reason.code == "would_rest":
        return gone and bool(board.count[0, columns].max() >= school.policy.stuck_after)
    if reason.code == "would_go":
        return gone
    return gone and reason.words in {c.option.title for c in now.values()}


# A student who can count is offered adding; the model and the tasks are plain.
SMALL = Curriculum(
    Framework(
        "f", "F", tuple(LearningTarget(t, t.upper()) for t in ("a", "b", "c")),
        tasks=tuple(Task(f"on-{t}", t, (t,)) for t in "abc"),
    ),
    (Edge("a", "b"), Edge("a", "c")),
)  # fmt: skip
PLAIN = BKTModel(fallback=BKTParameters(0.3, 0.2, 0.2, 0.1))


def told_of(rights: int, policy: Policy) -> tuple[tuple[Choice, ...], list[set[str]]]:
    log = [Evidence(f"e{i}", ADA, ("a",), 1.0, position=i) for i in range(rights)]

    def board(more: Sequence[Evidence]) -> Board:
        found = standing(PLAIN, [*log, *more])
        return make_board(Layout(SMALL), policy, PLAIN, {ADA: found.state}, NOW, {ADA: found.trail})

    found = choices(board([]), ADA, Wishes(), {})
    told = changes(board([]), ADA, Wishes(), found, board)
    return found, [{reason.code for reason in reasons} for reasons in told]


@pytest.mark.parametrize(
    ("rights", "policy", "code"),
    [
        (0, Policy(), "would_show"),
        (0, Policy(min_evidence=20, enough_in_a_row=3), "would_do"),
        (0, Policy(min_evidence=20, stuck_after=3, ready_at=0.3, mastered_at=0.999), "would_rest"),
        (0, Policy(min_evidence=20, ready_evidence=20), "would_stay"),
    ],
)
def test_each_way_out_is_told(rights: int, policy: Policy, code: str) -> None:
    found, told = told_of(rights, policy)
    assert [c.option.id for c in found] == ["on-a"]
    assert code in told[0]


def test_nothing_offered_has_nothing_to_change() -> None:
    board = board_after(RandomSchool(SMALL, Policy(), PLAIN, {"s0": ()}), [])
    assert changes(board, "s0", Wishes(), (), lambda _: board) == ()
    assert np.isfinite(board.now)
