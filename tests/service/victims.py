"""Processes that write to a store and say what is safely there, until they are killed.

Each acknowledgement goes through a pipe the moment it is given; what is in the pipe when the
process dies is what a client had been told.
"""

from datetime import timedelta
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from models import BKTModel, Evidence, standing
from models.batch.standing import PlainPiece, plain_standings
from service import open_store
from service.contract import ActIn
from service.principal import LOCAL
from service.usecases import amending, importing, recording
from service.usecases.importing import Watcher
from tests.cast import NOW, TARGETS, class_evidence

ROWS_AT_ONCE = 150
"""Rows in one transaction of the import: small, so that many transactions may be hit."""

# Compiled code is loaded before the server forks, so that a victim is at work at once.
standing(BKTModel(), class_evidence())
plain_standings(BKTModel(), [PlainPiece("s", 0, 0, "e", ("add",), "quiz_item", 1.0, 0.0)])


def imports(file: Path, database: Path, pipe: Connection) -> None:
    """Import a file again and again; acknowledge how many of its rows are stored."""
    store = open_store(f"sqlite:///{database}")
    pipe.send(0)
    watch = Watcher(stored=lambda done, _: pipe.send(done))
    while True:
        importing.import_evidence(store, LOCAL, file, NOW, size=ROWS_AT_ONCE, watch=watch)


def writes(database: Path, pipe: Connection) -> None:
    """Record live evidence, some of it late, and withdraw every fifth; acknowledge each id."""
    store = open_store(f"sqlite:///{database}")
    pipe.send("open")
    for i in count():
        recording.record_evidence(store, LOCAL, [live(i)], NOW)
        pipe.send(live(i).id)
        if i % 5 == 0:
            act = ActIn(reason="a slip of the pen", id=f"withdraw-{i}")
            amending.withdraw(store, LOCAL, live(i).id, act, NOW)
            pipe.send(act.id)


def live(i: int) -> Evidence:
    """Return the i-th piece that `writes` records."""
    moment = NOW - timedelta(days=i % 7, minutes=i)
    return Evidence(
        f"live-{i}", f"live-{i % 3}", (TARGETS[i % 6],), float(i % 2), observed_at=moment
    )
