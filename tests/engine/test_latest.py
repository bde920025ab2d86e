"""How many pieces on a target are of the session under way."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine import Layout
from engine.latest import today
from engine.requirements import SESSION_GAP
from models import BKTModel, Evidence, standing
from tests.cast import ADA, NOW, small_curriculum

TARGETS = small_curriculum().graph.targets
GAP = SESSION_GAP / 3600


def counted(log: list[Evidence], clock: bool = True) -> dict[str, int]:
    trail = standing(BKTModel(), log).trail
    found = today(Layout(small_curriculum()), [trail], NOW if clock else None)[0]
    return {target: int(n) for target, n in zip(TARGETS, found, strict=True) if n}


def piece(number: int, target: str, hours: float | None) -> Evidence:
    when = None if hours is None else NOW - timedelta(hours=hours)
    return Evidence(f"e{number}", ADA, (target,), 1.0, observed_at=when, position=number)


@given(st.lists(st.tuples(st.sampled_from(TARGETS), st.integers(0, 30)), max_size=12))
def test_the_pieces_of_today_are_those_of_the_last_hours(seen: list[tuple[str, int]]) -> None:
    log = [piece(i, target, hours) for i, (target, hours) in enumerate(seen)]
    here = [target for target, hours in seen if hours < GAP]
    assert counted(log) == {target: here.count(target) for target in here}


@given(st.lists(st.sampled_from(TARGETS[:2]), max_size=8))
def test_without_a_clock_they_are_the_latest_on_one_target(seen: list[str]) -> None:
    run = 0
    while run < len(seen) and seen[-1 - run] == seen[-1]:
        run += 1
    log = [piece(i, target, None) for i, target in enumerate(seen)]
    assert counted(log, clock=False) == ({seen[-1]: run} if seen else {})


@given(st.lists(st.sampled_from(TARGETS[:2]), max_size=8))
def test_a_piece_without_a_date_is_never_of_today(seen: list[str]) -> None:
    assert counted([piece(i, target, None) for i, target in enumerate(seen)]) == {}
