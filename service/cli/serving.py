"""`footpath serve`: API and pages."""

from typing import Annotated

import typer

from service.cli.output import StoreUrl


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("serve")(serve)


def serve(
    store: StoreUrl = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 picks a free one.")] = None,
) -> None:
    """Serve the API and the pages until stopped."""
    from service.serving import run
    from service.settings import read_settings

    run(read_settings(store=store, host=host, port=port))
