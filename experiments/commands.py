"""Commands that live above the service: `footpath demo`, `footpath evaluate`."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this package to the command line."""
