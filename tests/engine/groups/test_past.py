"""What past rounds weigh, and how accepted groups are looked at afterwards."""

from datetime import date, timedelta

import pytest

from engine import Policy
from engine.groups import Aim, PastGroup, Round, effects
from engine.groups.past import remember
from tests.engine.boards import Seen, board_with

TODAY = date(2026, 3, 2)
COUNT = Aim("reteach", "count")


def test_meetings_fade_by_half_in_the_days_of_the_policy_and_add_up() -> None:
    board = board_with({s: {} for s in "abc"}, Policy(repeat_days=10))
    pair = PastGroup(COUNT, ("a", "b"), coaches=("a",), lowest=True)
    rounds = [Round(f"r{n}", TODAY - timedelta(days=n), (pair,)) for n in (10, 20)]
    memory = remember(board, rounds, TODAY)
    assert memory.met[0, 1] == memory.met[1, 0] == pytest.approx(0.75)
    assert memory.met[0, 2] == memory.met.trace() == 0
    assert memory.coached.tolist() == pytest.approx([0.75, 0, 0])
    assert memory.lowest.tolist() == pytest.approx([0.75, 0.75, 0])


def test_what_is_long_past_is_forgotten_and_strangers_are_left_out() -> None:
    board = board_with({s: {} for s in "ab"}, Policy(repeat_days=10))
    old = Round("r1", TODAY - timedelta(days=60), (PastGroup(COUNT, ("a", "b")),))
    new = Round("r2", TODAY, (PastGroup(COUNT, ("a", "zed")),))
    assert not remember(board, [old, new], TODAY).met.any()


def test_an_effect_counts_only_new_evidence_and_tells_of_others_with_the_same_gap() -> None:
    gap = {"count": Seen(0.4, 3)}
    then = board_with(dict.fromkeys("abcd", gap))
    after = {"a": Seen(0.97, 5), "b": Seen(0.4, 3), "c": Seen(0.6, 4), "d": Seen(0.4, 3)}
    now = board_with({s: {"count": seen} for s, seen in after.items()})
    (effect,) = effects(then, now, Round("r", TODAY, (PastGroup(COUNT, ("a", "b")),)))
    assert (effect.students, effect.seen, effect.mastered) == (2, 1, 1)
    assert (effect.before, effect.after) == pytest.approx((0.4, 0.97))
    assert (effect.others, effect.others_before, effect.others_after) == (1, 0.4, 0.6)


def test_without_new_evidence_nothing_is_said() -> None:
    board = board_with({s: {"count": Seen(0.4, 3)} for s in "ab"})
    groups = (PastGroup(COUNT, ("a", "b")), PastGroup(Aim("reteach", "gone"), ("a",)))
    (effect,) = effects(board, board, Round("r", TODAY, groups))
    assert (effect.seen, effect.before, effect.after, effect.others) == (0, None, None, 0)
