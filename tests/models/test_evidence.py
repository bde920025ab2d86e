from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs import InvalidInput
from models import Evidence, in_force, in_order


def piece(evidence_id: str, **given: object) -> Evidence:
    values: dict[str, object] = {"student": "s", "targets": ("a",), "score": 1.0, **given}
    return Evidence(id=evidence_id, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("student", {"student": ""}),
        ("targets", {"targets": ()}),
        ("targets", {"targets": ("a", "a")}),
        ("targets", {"targets": tuple(f"t{i}" for i in range(21))}),
        ("score", {"score": 1.2}),
        ("score", {"score": float("nan")}),
        ("score", {"score": None}),
        ("missed", {"missed": True}),
        ("observed_at", {"observed_at": datetime(2026, 1, 5, 8, 0)}),
        ("duration", {"duration": -1.0}),
        ("duration", {"duration": float("inf")}),
        ("supersedes", {"supersedes": "e"}),
    ],
)
def test_a_broken_rule_is_named_by_its_field(field: str, given: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        piece("e", **given)
    assert field in {fault.field for fault in refused.value.faults}


def test_evidence_is_read_by_clock_then_position_then_id() -> None:
    early, late = (datetime(2026, 1, day, tzinfo=UTC) for day in (5, 6))
    expected = [
        piece("z-no-clock", position=0),
        piece("b-no-clock", position=1),
        piece("c", observed_at=early, position=0),
        piece("a", observed_at=early, position=1),
        piece("b", observed_at=early, position=1),
        piece("0", observed_at=late),
    ]
    assert list(in_order(reversed(expected))) == expected


def test_one_id_cannot_stand_for_two_things() -> None:
    with pytest.raises(InvalidInput, match="two different pieces"):
        in_order([piece("e"), piece("e", score=0.0)])


def test_a_chain_of_revisions_leaves_the_last() -> None:
    log = [piece("1"), piece("2", supersedes="1"), piece("3", supersedes="2")]
    assert [e.id for e in in_force(log)] == ["3"]


def test_a_missed_revision_does_not_take_the_first_attempt_away() -> None:
    log = [piece("1"), piece("2", score=None, missed=True, supersedes="1")]
    assert [e.id for e in in_force(log)] == ["1"]


def test_only_the_same_student_can_revise() -> None:
    log = [piece("1"), piece("2", student="other", supersedes="1")]
    assert {e.id for e in in_force(log)} == {"1", "2"}


def test_of_revisions_in_a_circle_the_latest_stays() -> None:
    log = [piece("1", position=1, supersedes="2"), piece("2", position=2, supersedes="1")]
    assert [e.id for e in in_force(log)] == ["2"]
    outside = piece("3", position=3, supersedes="2")
    assert [e.id for e in in_force([*log, outside])] == ["3"]


@given(links=st.lists(st.none() | st.integers(0, 6), min_size=1, max_size=7))
def test_revisions_never_take_all_evidence_away(links: list[int | None]) -> None:
    log = [
        piece(str(i), position=i, supersedes=None if old in {None, i} else str(old))
        for i, old in enumerate(links)
    ]
    kept = {e.id for e in in_force(log)}
    assert kept
    assert in_force(reversed(log)) == in_force(log)
    for e in log:
        if e.id not in kept:
            assert any(other.supersedes == e.id for other in log)
