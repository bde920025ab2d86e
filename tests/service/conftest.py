"""Fixtures of the service: the small school in a store, and clients of its application."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service import Settings, Store, create_app, open_store
from tests.cast import NOW
from tests.service.school import dump, fill

Dump = Callable[[], dict[str, list[tuple[Any, ...]]]]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STORE", "HOST", "PORT", "TOKEN", "MAX_BODY_BYTES", "HOSTS"):
        monkeypatch.delenv(f"FOOTPATH_{name}", raising=False)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small school, made once; tests work on copies."""
    path = tmp_path_factory.mktemp("school") / "filled.db"
    store = open_store(f"sqlite:///{path}")
    fill(store)
    store.close()
    return path


@pytest.fixture
def database(filled: Path, tmp_path: Path) -> Path:
    """A fresh copy of the small school's database file."""
    path = tmp_path / "school.db"
    path.write_bytes(filled.read_bytes())
    return path


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """The small school, open: curriculum, class oak, its evidence."""
    store = open_store(f"sqlite:///{database}")
    yield store
    store.close()


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[Store]:
    """A store in which nothing is yet."""
    store = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    yield store
    store.close()


@pytest.fixture(scope="session")
def shared_client(filled: Path) -> Iterator[TestClient]:
    """One application for all tests, since building it takes longer than most of them."""
    store = open_store(f"sqlite:///{filled}")
    with client_of(store) as client:
        yield client
    store.close()


@pytest.fixture
def client(shared_client: TestClient, store: Store) -> TestClient:
    """A client of the small school at the fixed moment `NOW`."""
    return on_store(shared_client, store)


@pytest.fixture
def empty_client(shared_client: TestClient, empty_store: Store) -> TestClient:
    """A client of a store in which nothing is yet."""
    return on_store(shared_client, empty_store)


@pytest.fixture
def snapshot(database: Path) -> Dump:
    """Returns every row of the small school's store when called."""
    return lambda: dump(database)


@pytest.fixture
def unchanged(database: Path) -> Iterator[None]:
    """Fails the test when the small school's store is not the same after it."""
    before = dump(database)
    yield
    assert dump(database) == before


def on_store(client: TestClient, store: Store) -> TestClient:
    """Let the application of a client work on another store."""
    application = client.app
    assert isinstance(application, FastAPI)
    application.state.store = store
    return client


def client_of(store: Store, **settings: Any) -> TestClient:
    """Return a client that gets a 500 as an answer, as a stranger would."""
    app = create_app(Settings(**settings), store, clock=lambda: NOW)
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
