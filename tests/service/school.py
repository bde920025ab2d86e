"""The small school as it is sent and stored, and how to look at a store from outside."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from models import Evidence
from service import Store
from service.contract import Roster, RosterClass, RosterStudent
from service.principal import LOCAL
from service.usecases import curricula, recording, rosters
from tests.cast import ADA, BEN, CLEO, NOW, class_evidence, small_curriculum

CLASS = "oak"
NAMES = {ADA: "Ada L.", BEN: "Ben O.", CLEO: "Cleo P."}
TABLES = (
    "active", "answers", "classes", "decision_undos", "decisions", "documents", "enrollments",
    "events", "evidence", "plans",
    "rounds", "round_groups", "round_members", "states", "students", "submissions",
)  # fmt: skip


def fill(store: Store) -> None:
    """Put curriculum, class and evidence of the cast in a store."""
    students = [RosterStudent(id=s, name=n, interests=["money"]) for s, n in NAMES.items()]
    curricula.put_curriculum(store, LOCAL, small_curriculum(), NOW)
    oak = RosterClass(id=CLASS, title="Class Oak", students=students)
    rosters.put_roster(store, LOCAL, Roster(classes=[oak]))
    recording.record_evidence(store, LOCAL, class_evidence(), NOW)


def dump(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, read past the service."""
    with closing(sqlite3.connect(database)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr)
            for table in TABLES
        }


def states(database: Path) -> dict[str, bytes]:
    """Return the cached state of each student as its bytes."""
    with closing(sqlite3.connect(database)) as connection:
        return dict(connection.execute("SELECT student, packed FROM states"))


def sent(piece: Evidence) -> dict[str, Any]:
    """Return evidence as the API takes it."""
    given = {
        "id": piece.id,
        "student": piece.student,
        "targets": list(piece.targets),
        "kind": piece.kind,
        "score": piece.score if piece.level is None else None,
        "level": piece.level,
        "missed": piece.missed,
        "observed_at": piece.observed_at.isoformat() if piece.observed_at else None,
        "position": piece.position,
        "supersedes": piece.supersedes,
    }
    return {name: value for name, value in given.items() if value is not None}
