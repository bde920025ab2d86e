"""The store: its schema is its migrations, and a write happens whole or not at all."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from models import Evidence
from service import Store, open_store
from service.principal import HOME_DISTRICT, LOCAL
from service.store import StoreTrouble, Student, documents, evidence, people, states
from service.store.evidence import StoredRow, stored_row
from service.store.schema import metadata
from service.usecases import recording, replaying
from tests.cast import ADA, NOW, answers, small_curriculum
from tests.service.conftest import Dump


def rows(pieces: list[Evidence]) -> list[StoredRow]:
    """Return evidence as it is stored."""
    return [stored_row(piece) for piece in pieces]


def objects(database: Path) -> set[tuple[str, str, str]]:
    """Return kind, name and words of every table and index, however they are laid out."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(query).fetchall()
    return {
        (kind, name, " ".join(sorted(sql.replace(",", " ").replace('"', "").split())))
        for kind, name, sql in rows
        if "alembic" not in name
    }


def test_migrations_from_nothing_give_the_schema(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'migrated.db'}").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    direct = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    metadata.create_all(direct)
    direct.dispose()
    assert objects(tmp_path / "migrated.db") == objects(tmp_path / "direct.db")


def test_opening_again_changes_nothing(database: Path, snapshot: Dump) -> None:
    before = snapshot()
    open_store(f"sqlite:///{database}").close()
    assert snapshot() == before


def test_a_write_that_fails_leaves_nothing(store: Store, snapshot: Dump) -> None:
    def write() -> None:
        with store.write(HOME_DISTRICT) as unit:
            people.put_students(unit, [Student("eve")])
            people.put_class(unit, "elm", "Elm", ["eve"])
            evidence.append(unit, rows(answers("eve", "count", "1")), NOW)
            documents.put_document(unit, "policy", "v", {}, NOW)
            raise RuntimeError("the lamp went out")

    before = snapshot()
    with pytest.raises(RuntimeError):
        write()
    assert snapshot() == before


def test_evidence_of_a_stranger_cannot_be_stored(store: Store, snapshot: Dump) -> None:
    def write() -> None:
        with store.write(HOME_DISTRICT) as unit:
            evidence.append(unit, rows(answers("a-secret-id", "count", "1")), NOW)

    before = snapshot()
    with pytest.raises(IntegrityError, match="FOREIGN KEY") as refused:
        write()
    assert "a-secret-id" not in str(refused.value)
    assert snapshot() == before


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    with store.read(HOME_DISTRICT) as unit:
        before = evidence.how_many(unit)
        recording.record_evidence(store, LOCAL, answers("eve", "count", "11"), NOW)
        assert evidence.how_many(unit) == before
    with store.read(HOME_DISTRICT) as unit:
        assert evidence.how_many(unit) == before + 2


def test_writers_wait_for_one_another(store: Store) -> None:
    def write(writer: int) -> None:
        for piece in answers(f"w{writer}", "count", "10101"):
            recording.record_evidence(store, LOCAL, [piece], NOW)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read(HOME_DISTRICT) as unit:
        logs = evidence.logs_of(unit, [f"w{i}" for i in range(4)])
    assert [len(log.evidence) for log in logs.values()] == [5] * 4
    assert replaying.replay(store, LOCAL).identical


def test_districts_do_not_see_one_another(store: Store) -> None:
    with store.write("elsewhere") as unit:
        assert people.get_students(unit) == []
        assert people.get_classes(unit) == []
        assert evidence.students_with_evidence(unit) == []
        assert states.students_with_state(unit) == []
        assert documents.active_versions(unit) == {}
        people.put_students(unit, [Student(ADA, "Another Ada")])
        evidence.append(unit, rows(answers(ADA, "count", "0")), NOW)
    with store.read(HOME_DISTRICT) as unit:
        (ada,) = people.get_students(unit, [ADA])
        assert ada.name == "Ada L."
        assert len(evidence.logs_of(unit, [ADA])[ADA].evidence) == 16


def test_evidence_comes_back_exactly_as_it_went_in(store: Store) -> None:
    with store.read(HOME_DISTRICT) as unit:
        log = evidence.logs_of(unit, [ADA])[ADA].evidence
    expected = [
        *answers(ADA, "count", "11111"),
        *answers(ADA, "add", "11111", start=5),
        *answers(ADA, "subtract", "1011", start=10),
        *answers(ADA, "multiply", "11", start=14),
    ]
    assert sorted(log, key=lambda e: e.id) == sorted(expected, key=lambda e: e.id)


def test_the_version_of_a_document_is_that_of_its_content(store: Store) -> None:
    with store.read(HOME_DISTRICT) as unit:
        version = documents.active_versions(unit)["curriculum"]
        assert version == small_curriculum().version
        assert documents.get_document(unit, "curriculum", version)["id"] == "small"
        with pytest.raises(KeyError):
            documents.get_document(unit, "curriculum", "none")


def test_a_database_that_fails_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    store = open_store(f"sqlite:///{path}")
    store.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE active")
        other.commit()
    again = open_store(f"sqlite:///{path}")
    with pytest.raises(StoreTrouble, match="did not answer"), again.read(HOME_DISTRICT) as unit:
        documents.active_versions(unit)
    again.close()
