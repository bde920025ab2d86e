"""A replay rebuilds every state from the evidence and tells the truth about the cache."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models import BKTModel
from models.bkt import BKTParameters
from models.state import BKTState, TargetState
from service import Store
from service.principal import LOCAL
from service.standings import refresh_missing
from service.usecases import curricula, replaying
from tests.cast import ADA, BEN, CLEO, NOW
from tests.service.command import footpath, on
from tests.service.conftest import Dump
from tests.service.school import dump, states

FALSE_STATE = BKTState({"count": TargetState(0.99, 0.99, 5, 0.0)}).to_bytes()


def write(database: Path, statement: str, *values: object) -> None:
    """Change a store past the service."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement, values)


def test_a_store_that_was_left_alone_replays_identically(database: Path, snapshot: Dump) -> None:
    before = snapshot()
    ran = footpath("replay", *on(database), "--json")
    assert ran.code == 0
    assert ran.answer == {
        "identical": True,
        "events": 23,
        "students": 2,
        "cached": 2,
        "different": [],
    }
    assert snapshot() == before


def test_a_changed_state_is_found(database: Path) -> None:
    write(database, "UPDATE states SET packed = ? WHERE student = ?", FALSE_STATE, BEN)
    ran = footpath("replay", *on(database), "--json")
    assert ran.code == 1
    assert (ran.answer["identical"], ran.answer["different"]) == (False, [BEN])
    assert "these differ: " in footpath("replay", *on(database)).out


def test_one_changed_bit_is_found(database: Path) -> None:
    packed = bytearray(states(database)[ADA])
    packed[-20] ^= 1
    write(database, "UPDATE states SET packed = ? WHERE student = ?", bytes(packed), ADA)
    assert footpath("replay", *on(database), "--json").answer["different"] == [ADA]


def test_bytes_that_are_no_state_are_found(database: Path) -> None:
    write(database, "UPDATE states SET packed = ? WHERE student = ?", b"rubbish", ADA)
    assert footpath("replay", *on(database), "--json").answer["different"] == [ADA]


def test_a_state_without_any_evidence_is_found(database: Path) -> None:
    insert = (
        "INSERT INTO states SELECT district, ?, model, ?, trail, tail FROM states WHERE student = ?"
    )
    write(database, insert, CLEO, FALSE_STATE, ADA)
    ran = footpath("replay", *on(database), "--json")
    assert (ran.code, ran.answer["different"]) == (1, [CLEO])
    assert ran.answer["students"] == 2


def test_changed_evidence_is_found(database: Path) -> None:
    write(database, "UPDATE evidence SET score = 1 WHERE id = 'ben-count-0'")
    assert footpath("replay", *on(database), "--json").answer["different"] == [BEN]


def test_the_cache_can_be_dropped_and_rebuilt_to_the_bit(database: Path, store: Store) -> None:
    before = dump(database)
    write(database, "DELETE FROM states")
    assert replaying.replay(store, LOCAL).cached == 0
    refresh_missing(store, LOCAL, [ADA, BEN])
    assert dump(database) == before


@pytest.mark.parametrize("refreshed", [False, True])
def test_under_a_new_model_the_old_states_do_not_count(
    database: Path, store: Store, refreshed: bool
) -> None:
    model = BKTModel(fallback=BKTParameters(prior=0.1, learn=0.1, guess=0.1, slip=0.1))
    curricula.put_model(store, LOCAL, model, NOW)
    if refreshed:
        refresh_missing(store, LOCAL, [ADA, BEN])
    found = replaying.replay(store, LOCAL)
    assert found.identical
    assert found.cached == (2 if refreshed else 0)
    assert len(states(database)) == 2
