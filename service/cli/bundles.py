"""`footpath import oneroster` and `gradebook`: what a school's other systems send."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from graphs import Fault, InvalidInput
from graphs.errors import MOST_SHOWN
from service.cli.output import AsJson, DryRun, StoreUrl, opened, progress, show, write_out
from service.principal import LOCAL

Zone = Annotated[
    str, typer.Option(help="Where dates and times without a zone are meant, e.g. Europe/Vienna.")
]
Kind = Annotated[
    str | None, typer.Option(help="Evidence kind of what is no task of the framework.")
]


def add_to(group: typer.Typer) -> None:
    """Add the commands of this module to `footpath import`."""
    group.command("oneroster")(oneroster)
    group.command("gradebook")(gradebook)


def oneroster(
    bundle: Annotated[
        Path, typer.Argument(exists=True, help="A OneRoster 1.1 or 1.2 bundle: zip file or folder.")
    ],
    demographics: Annotated[
        Path | None,
        typer.Option(help="Where to write demographics for audits; they are kept nowhere else."),
    ] = None,
    zone: Zone = "UTC",
    kind: Kind = None,
    dry_run: DryRun = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Put a OneRoster bundle in: classes, students, enrolments, and results as evidence.

    All or nothing. The same bundle again adds nothing; a changed result becomes a revision.
    """
    from graphs.tables import write_table
    from service.app import utc_now
    from service.oneroster.checking import read_bundle
    from service.oneroster.meaning import demographics_in
    from service.usecases.oneroster import import_bundle
    from service.zones import zone_named

    def run() -> dict[str, Any]:
        with progress("Reading files") as advance:
            read = read_bundle(bundle, advance)
        header, rows = demographics_in(read)
        where = zone_named(zone)
        with opened(store, create=True, dry_run=dry_run) as kept, progress("Storing") as advance:
            done = import_bundle(
                kept,
                LOCAL,
                read,
                utc_now(),
                zone=where,
                kind=kind,
                dry_run=dry_run,
                progress=advance,
            )
        written = demographics if demographics and not dry_run else None
        if written:
            write_out(write_table(header, rows), written, private=True)
        told = {"rows": len(rows), "written_to": str(written) if written else None}
        return {**asdict(done), "demographics": told}

    rehearsed(run, as_json, dry_run=dry_run)


def gradebook(
    file: Annotated[
        Path, typer.Argument(exists=True, help="A CSV file: student, then a column a target.")
    ],
    name: Annotated[
        str | None,
        typer.Option(help="Tells it from other gradebooks; default: the name of the file."),
    ] = None,
    scale: Annotated[str | None, typer.Option(help="Cells are levels of this scale.")] = None,
    out_of: Annotated[float | None, typer.Option(help="Cells are points of this many.")] = None,
    date: Annotated[
        datetime | None, typer.Option(help="When it was observed; default: now.")
    ] = None,
    zone: Zone = "UTC",
    kind: Kind = None,
    dry_run: DryRun = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Record a wide gradebook, all or nothing; a changed cell revises what it said before."""
    from service.app import utc_now
    from service.gradebooks import CellRule
    from service.usecases.gradebook import import_gradebook
    from service.zones import zone_named

    where = zone_named(zone)
    rule = CellRule(
        name or file.name.split(".")[0],
        scale,
        out_of,
        kind,
        date.replace(tzinfo=where) if date else None,
    )

    def run() -> dict[str, Any]:
        with opened(store) as kept, progress("Storing") as advance:
            done = import_gradebook(
                kept, LOCAL, file, rule, utc_now(), dry_run=dry_run, progress=advance
            )
        return asdict(done)

    rehearsed(run, as_json, dry_run=dry_run)


def rehearsed(run: Callable[[], Mapping[str, Any]], as_json: bool, *, dry_run: bool) -> None:
    """Run an import and tell; a dry run that finds faults lists them all and ends with 1."""
    faults: tuple[Fault, ...] = ()
    answer: dict[str, Any] = {"dry_run": dry_run}
    try:
        answer |= run()
    except InvalidInput as error:
        if not dry_run:
            raise
        faults = error.faults
        answer["errors"] = [asdict(fault) for fault in faults]
    show(answer, as_json, lambda console: _say(console, answer, faults))
    raise typer.Exit(1 if faults else 0)


def _say(console: Console, answer: Mapping[str, Any], faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        console.print(f"fault   {fault}")
    for name, value in answer.items():
        if name not in ("remarks", "errors"):
            console.print(f"{name.replace('_', ' ')}: {_words(value)}")
    for remark in answer.get("remarks", ())[:MOST_SHOWN]:
        console.print(f"remark  {Fault(**remark)}")


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items()) or "none"
    if isinstance(value, list | tuple):
        shown = ", ".join(map(str, value[:MOST_SHOWN]))
        return (shown or "none") + (" …" if len(value) > MOST_SHOWN else "")
    return str(value)
