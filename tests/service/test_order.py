"""The heart: the same evidence gives the same state, however it arrives.

In any order, in one batch or one by one, with repeats, through the API or from a file: the
stored states are equal byte for byte, and a replay agrees.
"""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs.tables import write_table
from models import Evidence
from service import Store, open_store
from service.principal import LOCAL
from service.usecases import curricula, importing, recording, replaying
from tests.cast import ADA, BEN, CLEO, NOW, TARGETS, class_evidence, small_curriculum
from tests.service.command import footpath, on
from tests.service.conftest import on_store
from tests.service.school import sent, states

few = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DAY = timedelta(days=1)
COLUMNS = ("id", "student", "target", "kind", "score", "missed", "timestamp", "order", "supersedes")


@st.composite
def histories(draw: st.DrawFn) -> list[Evidence]:
    """Evidence of three students: few moments, so that clocks tie; some without a clock."""
    pieces = []
    for i in range(draw(st.integers(1, 14))):
        missed = draw(st.booleans()) and draw(st.booleans())
        minutes = draw(st.none() | st.integers(0, 3))
        pieces.append(
            Evidence(
                id=f"p{i}",
                student=draw(st.sampled_from([ADA, BEN, CLEO])),
                targets=tuple(draw(st.lists(st.sampled_from(TARGETS), min_size=1, unique=True))),
                score=None if missed else draw(st.floats(0, 1)),
                missed=missed,
                kind=draw(st.sampled_from(["quiz_item", "homework", "self_rating"])),
                observed_at=None if minutes is None else NOW + timedelta(minutes=minutes),
                position=draw(st.none() | st.integers(0, 2)),
                supersedes=draw(
                    st.none() | st.sampled_from([f"p{j}" for j in range(14) if j != i])
                ),
            )
        )
    return pieces


@dataclass(frozen=True)
class Bare:
    """A store with the small curriculum, emptied of people and evidence for each load."""

    store: Store
    path: Path

    def stored(self, load: Callable[[Store], None]) -> dict[str, bytes]:
        """Return the states that one way of loading leaves, after a replay has agreed."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for table in ("states", "evidence", "students"):
                connection.execute(f"DELETE FROM {table}")
        load(self.store)
        assert replaying.replay(self.store, LOCAL).identical
        return states(self.path)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """One bare store for every example of this file."""
    path = tmp_path_factory.mktemp("bare") / "school.db"
    store = open_store(f"sqlite:///{path}")
    curricula.put_curriculum(store, LOCAL, small_curriculum(), NOW)
    yield Bare(store, path)
    store.close()


def record(*batches: list[Evidence]) -> Callable[[Store], None]:
    """Load batch after batch."""

    def load(store: Store) -> None:
        for batch in batches:
            recording.record_evidence(store, LOCAL, batch, NOW)

    return load


def as_csv(pieces: list[Evidence], folder: Path) -> Path:
    """Write evidence as a file to import."""
    rows = [
        (
            p.id,
            p.student,
            "~".join(p.targets),
            p.kind,
            "" if p.score is None else repr(p.score),
            "true" if p.missed else "",
            p.observed_at.isoformat() if p.observed_at else "",
            "" if p.position is None else p.position,
            p.supersedes or "",
        )
        for p in pieces
    ]
    path = folder / "evidence.csv"
    path.write_text(write_table(COLUMNS, rows), encoding="utf-8")
    return path


@few
@given(pieces=histories(), data=st.data())
def test_order_batches_and_repeats_leave_the_same_bytes(
    bare: Bare, pieces: list[Evidence], data: st.DataObject
) -> None:
    whole = bare.stored(record(pieces))
    assert set(whole) == {piece.student for piece in pieces}
    shuffled = data.draw(st.permutations(pieces))
    cut = data.draw(st.integers(0, len(pieces)))
    assert bare.stored(record(shuffled)) == whole
    assert bare.stored(record(*([piece] for piece in shuffled))) == whole
    assert bare.stored(record(shuffled[:cut], shuffled[cut:], shuffled)) == whole


@few
@given(pieces=histories(), data=st.data())
def test_api_and_file_leave_the_same_bytes(
    bare: Bare,
    shared_client: TestClient,
    tmp_path: Path,
    pieces: list[Evidence],
    data: st.DataObject,
) -> None:
    shuffled = data.draw(st.permutations(pieces))

    def through_the_api(store: Store) -> None:
        client = on_store(shared_client, store)
        for piece in [*shuffled, shuffled[0]]:
            answer = client.post("/v1/evidence", json={"evidence": [sent(piece)]})
            assert answer.status_code == 200, answer.text

    def from_a_file(store: Store) -> None:
        importing.import_evidence(store, LOCAL, as_csv(shuffled, tmp_path), NOW + DAY)

    whole = bare.stored(record(pieces))
    assert bare.stored(through_the_api) == whole
    assert bare.stored(from_a_file) == whole


def test_every_order_of_four_pieces_leaves_the_same_bytes(bare: Bare) -> None:
    pieces = class_evidence()[:4]
    found = {
        tuple(bare.stored(record(*([piece] for piece in order))).items())
        for order in itertools.permutations(pieces)
    }
    assert len(found) == 1


def test_the_command_line_leaves_the_same_bytes(bare: Bare, tmp_path: Path, filled: Path) -> None:
    def from_the_command_line(_: Store) -> None:
        file = as_csv(class_evidence()[::-1], tmp_path)
        ran = footpath("import", "evidence", file, *on(bare.path), "--json")
        assert (ran.code, ran.answer["stored"]) == (0, len(class_evidence()))

    assert bare.stored(from_the_command_line) == states(filled)
    replayed = footpath("replay", *on(bare.path), "--json")
    assert (replayed.code, replayed.answer["identical"]) == (0, True)
