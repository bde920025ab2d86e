"""Open a store, and read or write it in one transaction."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from graphs import FootpathError, InvalidInput
from service.store.migrate import migrate

BUSY_SECONDS = 30
"""How long a writer waits for another: longer than any one request, shorter than a patience."""

SQLITE = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",
    "wal_autocheckpoint = 16384",
)
"""Durable, concurrent and strict: what a server database gives by default. 64 MB of pages in
memory and a checkpoint every 64 MB: the indexes of a million rows of evidence are touched all
over, and SQLite's own 2 and 4 MB would write the same pages again and again."""

ASK_AGAIN_SECONDS = 0.003
"""How often a waiting writer asks: an import is out of the way for longer than that."""


class StoreTrouble(FootpathError):
    """The database did not answer: locked, read-only, full, gone; never for bad input."""


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreTrouble(f"the store did not answer: {error.orig}") from error


@dataclass(frozen=True, slots=True)
class Unit:
    """One transaction on the rows of one district."""

    connection: Connection
    district: str

    def insert_many(
        self, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert rows of plain values, in the order of `columns`.

        Where the driver takes values by position they go to it as they are: for a million
        rows, naming every value costs more than storing it.
        """
        if not rows:
            return
        statement = insert(table)
        compiled = statement.compile(self.connection.engine, column_keys=list(columns))
        if compiled.positional:
            order = itemgetter(*(columns.index(name) for name in compiled.positiontup or ()))
            self.connection.exec_driver_sql(str(compiled), [order(row) for row in rows])
        else:
            named = [dict(zip(columns, row, strict=True)) for row in rows]
            self.connection.execute(statement, named)


class Store:
    """A database at the newest schema. Use `open_store`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def read(self, district: str) -> Iterator[Unit]:
        """Read one consistent snapshot. Raises `StoreTrouble` when the database fails."""
        with _trouble(), self._engine.connect() as connection, connection.begin():
            yield Unit(connection, district)

    @contextmanager
    def write(self, district: str) -> Iterator[Unit]:
        """Write all or nothing; writers wait for one another. Raises `StoreTrouble`."""
        with _trouble():
            writing = self._engine.connect().execution_options(footpath_write=True)
            with writing as connection, connection.begin():
                yield Unit(connection, district)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the database at a SQLAlchemy URL and bring it to the newest schema.

    With `create` a SQLite file is made where there is none; its folder must exist. Raises
    `InvalidInput` for a URL that cannot be opened.
    """
    try:
        engine = _engine(url, create=create)
        try:
            writing = engine.connect().execution_options(footpath_write=True)
            with writing as connection, connection.begin():
                migrate(connection)
        except BaseException:
            engine.dispose()
            raise
    except (ArgumentError, OSError, SQLAlchemyError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise InvalidInput(f"the store {_shown(url)} cannot be opened: {reason}") from error
    return Store(engine)


def is_missing(url: str) -> bool:
    """Say whether a URL names a SQLite file that is not there (yet)."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False
    named = parsed.get_backend_name() == "sqlite" and parsed.database
    return bool(named) and not Path(parsed.database or "").exists()


def _engine(url: str, *, create: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        file = Path(parsed.database)
        if not create and not file.exists():
            rule = "there is no store {}; import a framework to make one"
            raise InvalidInput(rule.format(_shown(url)) + ": footpath import framework")
        file.parent.resolve(strict=True)
    engine = create_engine(
        parsed,
        connect_args=_arguments(parsed.get_backend_name()),
        hide_parameters=True,  # an error may be shown or logged; what was written may not
    )
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _shown(url: str) -> str:
    """Return a URL without its password, if it can be read at all."""
    try:
        return repr(make_url(url).render_as_string(hide_password=True))
    except ArgumentError:
        return "that the settings name"


def _arguments(backend: str) -> dict[str, Any]:
    return {"timeout": BUSY_SECONDS} if backend == "sqlite" else {}


def _prepare_sqlite(engine: Engine) -> None:
    """Set every connection up, and begin its transactions ourselves."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's "begin" below decides, not the driver
        for pragma in SQLITE:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("footpath_write", False):
            _begin_to_write(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_to_write(connection: Connection) -> None:
    """Take the one lock for writing as soon as it is free.

    SQLite's own waiting asks ever more seldom, up to ten times a second: beside an import,
    which frees the lock for a moment after each chunk, nobody else would ever get it.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
                time.sleep(ASK_AGAIN_SECONDS)
            else:
                return
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
