"""`footpath pathway`: the way of a student to a goal."""

from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console

from service.cli.output import AsJson, StoreUrl, opened, show, table
from service.principal import LOCAL


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("pathway")(pathway)


def pathway(
    student: Annotated[str, typer.Argument(help="Id of the student.")],
    goal: Annotated[
        str | None, typer.Option(help="A learning target or a competency; default: the agreed one.")
    ] = None,
    by: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day to be there by.")
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Show the way to a goal: checkpoints in order, what they take, and the pace."""
    from engine.durations import duration_between
    from engine.pathway_reasons import between
    from service.app import utc_now
    from service.usecases.pathways import student_pathway

    day: date | None = by.date() if by else None
    with opened(store) as kept:
        way = student_pathway(kept, LOCAL, student, utc_now(), goal, day)
    rows = [
        (c.stage, c.target, c.text, c.status, between(c.opportunities), duration_between(c.minutes))
        for c in way.checkpoints
    ]

    def readable(console: Console) -> None:
        console.print(way.text, style="bold")
        for reason in way.says:
            console.print(f"- {reason.teacher}")
        if rows:
            head = ("stage", "target", "text", "status", "pieces of work", "time")
            table(console, head, rows, whole=("target", "status"))
            console.print("Checkpoints of one stage can be done in any order.")

    show(way.model_dump(mode="json"), as_json, readable)
