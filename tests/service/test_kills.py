"""Killed at any moment, the store keeps what it acknowledged, whole, and replays identically.

`pytest -m slow tests/service/test_kills.py` kills fifty times; by default it is six times.
"""

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from service import open_store
from service.principal import LOCAL
from service.usecases import importing, replaying
from tests.cast import NOW, TARGETS
from tests.service import victims
from tests.service.school import states

ROWS = 3000
LONGEST = 2.0
"""Seconds a victim works at most: by then the first import is through on a quick machine."""
SERVER = get_context("forkserver")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to import: 60 students, revisions and missed tasks among the rows."""
    path = tmp_path_factory.mktemp("import") / "evidence.csv"
    lines = ["id,student,target,score,missed,order,supersedes"]
    for i in range(ROWS):
        missed = i % 50 == 0
        how = ",true" if missed else f"{i % 2},"
        revised = f"f{i - 60}" if i % 77 == 0 and i > 60 else ""
        lines.append(f"f{i},import-{i % 60},{TARGETS[i % 6]},{how},{i},{revised}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def unharmed(
    filled: Path, file: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """The states that an import leaves when nobody kills it."""
    database = tmp_path_factory.mktemp("unharmed") / "school.db"
    database.write_bytes(filled.read_bytes())
    finish(file, database)
    return states(database)


def finish(file: Path, database: Path) -> None:
    """Import a file in peace."""
    store = open_store(f"sqlite:///{database}")
    importing.import_evidence(store, LOCAL, file, NOW)
    store.close()


def started(victim: Any, *given: Any) -> tuple[BaseProcess, Connection]:
    """Start a victim and wait until it is at work."""
    ours, theirs = SERVER.Pipe(duplex=False)
    process = SERVER.Process(target=victim, args=(*given, theirs))
    process.start()
    theirs.close()
    assert ours.poll(60), "the victim never began"
    return process, ours


def kill(process: BaseProcess) -> None:
    """Kill a victim; it must not have ended by itself."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def said(pipe: Connection) -> list[Any]:
    """Return all that a victim had acknowledged before it died."""
    found = []
    with pipe:
        while True:
            try:
                found.append(pipe.recv())
            except EOFError:
                return found


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """Read a store past the service."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def assert_whole(database: Path, file: Path, imported: list[int], wrote: list[str]) -> None:
    """Everything acknowledged is there, and nothing by halves."""
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]
    there = rows(
        database,
        "SELECT id, student, targets, score, missed, position, supersedes FROM evidence "
        "WHERE id LIKE 'f%' ORDER BY position",
    )
    expected = [line.split(",") for line in file.read_text().splitlines()[1:]]
    assert len(there) >= min(max(imported), ROWS)
    assert len(there) % victims.ROWS_AT_ONCE == 0
    for row, (name, student, target, score, missed, place, revised) in zip(
        there, expected, strict=False
    ):
        how = float(score) if score else None
        assert row == (name, student, target, how, missed == "true", int(place), revised or None)
    kept = dict(rows(database, "SELECT id, score FROM evidence WHERE id LIKE 'live-%'"))
    acts = {name for (name,) in rows(database, "SELECT id FROM events")}
    assert set(wrote[1:]) <= kept.keys() | acts
    assert kept == {victims.live(i).id: victims.live(i).score for i in range(len(kept))}


@pytest.mark.parametrize(
    "rounds", [pytest.param(3, id="short"), pytest.param(25, id="long", marks=pytest.mark.slow)]
)
def test_kill_9_loses_nothing_that_was_acknowledged(
    filled: Path, file: Path, tmp_path: Path, unharmed: dict[str, bytes], rounds: int
) -> None:
    SERVER.set_forkserver_preload(["tests.service.victims"])
    rng = random.Random(20260302)
    for turn in range(rounds):
        database = tmp_path / f"school-{turn}.db"
        database.write_bytes(filled.read_bytes())
        running = [started(victims.imports, file, database), started(victims.writes, database)]
        for process, _ in running if rng.random() < 0.5 else reversed(running):
            time.sleep(rng.uniform(0, LONGEST))
            kill(process)
        imported, wrote = (said(pipe) for _, pipe in running)
        assert_whole(database, file, imported, wrote)
        store = open_store(f"sqlite:///{database}")
        assert replaying.replay(store, LOCAL).identical
        store.close()
        finish(file, database)
        left = states(database)
        assert {s: p for s, p in left.items() if s.startswith("import-")} == {
            s: p for s, p in unharmed.items() if s.startswith("import-")
        }
