"""The trail follows the state; a standing carried on, or folded in bulk, is the same to the bit."""

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import BKTModel, BKTParameters, Evidence, Standing, Trail, extended, in_force, standing
from models.batch.standing import PlainPiece, plain_standings
from models.evidence import BEFORE_ALL
from tests.models.contract import START, TARGETS, logs

MODEL = BKTModel(
    {
        "a": BKTParameters(0.3, 0.2, 0.2, 0.1),
        "b": BKTParameters(0.5, 0.1, 0.3, 0.05, forget=0.02),
    }
)


def packed(found: Standing) -> tuple[bytes, bytes, object]:
    return found.state.to_bytes(), found.trail.to_bytes(), found.tail


def plain(piece: Evidence) -> PlainPiece:
    """Return evidence as bulk folding takes it."""
    when, position, name = piece.when
    at = piece.observed_at
    return PlainPiece(
        piece.student,
        (when - BEFORE_ALL) // timedelta(microseconds=1),
        position,
        name,
        piece.targets,
        piece.kind,
        piece.score or 0.0,
        math.nan if at is None else at.timestamp(),
    )


@settings(max_examples=80, deadline=None)
@given(log=logs())
def test_the_trail_has_a_record_for_each_piece_in_force_and_target(log: list[Evidence]) -> None:
    found = standing(MODEL, log)
    seen = [
        (target, piece.kind, piece.score) for piece in in_force(log) for target in piece.targets
    ]
    trail = found.trail
    assert [
        (trail.targets[step["target"]], trail.kinds[step["kind"]], step["score"])
        for step in trail.steps
    ] == seen
    assert found.state == MODEL.fold(log)
    for target in TARGETS:
        steps = MODEL.trace(log, target)
        mine = [s["p"] for s in trail.steps if trail.targets[s["target"]] == target]
        assert mine == [step.after for step in steps]


@settings(max_examples=40, deadline=None)
@given(log=logs())
def test_a_trail_survives_being_packed(log: list[Evidence]) -> None:
    trail = standing(MODEL, log).trail
    assert Trail.from_bytes(trail.to_bytes()).to_bytes() == trail.to_bytes()


@settings(max_examples=150, deadline=None)
@given(log=logs(), data=st.data())
def test_a_standing_that_is_carried_on_equals_the_fold_of_all(
    log: list[Evidence], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(log)) if data.draw(st.booleans()) else log
    cut = data.draw(st.integers(0, len(log)))
    carried = extended(MODEL, standing(MODEL, order[:cut]), order[cut:])
    if carried is not None:
        assert packed(carried) == packed(standing(MODEL, log))


def test_evidence_in_its_order_is_carried_on() -> None:
    log = [
        Evidence(f"e{i}", "s", ("a",), 1.0, observed_at=START + timedelta(days=i)) for i in range(9)
    ]
    before = standing(MODEL, log[:4])
    after = extended(MODEL, before, log[4:])
    assert after is not None
    assert packed(after) == packed(standing(MODEL, log))


@pytest.mark.parametrize(
    "new",
    [
        Evidence("late", "s", ("a",), 1.0, observed_at=START - timedelta(days=1)),
        Evidence("no-clock", "s", ("a",), 1.0),
        Evidence("revision", "s", ("a",), 1.0, observed_at=START + timedelta(1), supersedes="e"),
        Evidence("rated", "s", ("a",), 1.0, observed_at=START + timedelta(1), work="w"),
    ],
)
def test_what_is_late_or_revises_is_not_carried_on(new: Evidence) -> None:
    before = standing(MODEL, [Evidence("e", "s", ("a",), 0.0, observed_at=START)])
    assert extended(MODEL, before, [new]) is None


def test_nothing_is_carried_on_while_a_revision_waits_for_what_it_revises() -> None:
    waiting = Evidence("e", "s", ("a",), 0.0, observed_at=START, supersedes="f")
    revised = Evidence("f", "s", ("a",), 1.0, observed_at=START + timedelta(days=1))
    before = standing(MODEL, [waiting])
    assert extended(MODEL, before, [revised]) is None
    assert [e.id for e in in_force([waiting, revised])] == ["e"]


@settings(max_examples=80, deadline=None)
@given(drawn=st.lists(logs(), min_size=1, max_size=4), seed=st.integers(0, 2**32 - 1))
def test_folding_in_bulk_gives_the_same_bytes(drawn: list[list[Evidence]], seed: int) -> None:
    plain_logs = {
        f"s{i}": [
            Evidence(f"{i}-{e.id}", f"s{i}", e.targets, e.score, e.kind, observed_at=e.observed_at)
            for e in log
            if not e.missed
        ]
        for i, log in enumerate(drawn)
    }
    pieces = [plain(piece) for log in plain_logs.values() for piece in log]
    mixed = [pieces[i] for i in np.random.default_rng(seed).permutation(len(pieces))]
    found = plain_standings(MODEL, mixed)
    expected = {s: packed(standing(MODEL, log)) for s, log in plain_logs.items() if log}
    assert {student: packed(each) for student, each in found.items()} == expected
