"""Bring a database to the newest schema. The only module that knows Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from graphs import InvalidInput

SCRIPTS = Path(__file__).parent.parent / "migrations"


def migration_config(connection: Connection) -> Config:
    """Return the Alembic configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection) -> None:
    """Apply every migration that this database has not seen yet.

    Raises `InvalidInput` for a database that a newer version has written.
    """
    try:
        command.upgrade(migration_config(connection), "head")
    except CommandError as error:
        raise InvalidInput(f"the store is not of this version of Footpath: {error}") from error
