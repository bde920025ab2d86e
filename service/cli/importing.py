"""`footpath import …`: roster, evidence and policy from files, and what other modules add."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from graphs import Fault, InvalidInput
from graphs.errors import MOST_SHOWN
from service.cli import bundles, frameworks
from service.cli.output import AsJson, StoreUrl, opened, show, stages
from service.principal import LOCAL

File = Annotated[Path, typer.Argument(exists=True, help="A CSV file (.csv or .csv.gz).")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        help="Bring a curriculum, tasks, a roster or evidence in.", no_args_is_help=True
    )
    frameworks.add_to(group)
    bundles.add_to(group)
    group.command("roster")(roster)
    group.command("evidence")(evidence)
    group.command("policy")(policy)
    app.add_typer(group, name="import")


def roster(file: File, store: StoreUrl = None, as_json: AsJson = False) -> None:
    """Add classes and students from `class,student[,name,class_title,interests]`."""
    from service.importing import read_roster
    from service.usecases.rosters import put_roster

    wanted = read_roster(file)
    with opened(store, create=True) as kept:
        done = put_roster(kept, LOCAL, wanted)
    show(
        done.model_dump(),
        as_json,
        lambda console: console.print(f"{done.classes} classes, {done.students} students"),
    )


def evidence(
    file: File,
    zone: Annotated[
        str | None, typer.Option(help="How to read times without a zone, e.g. Europe/Vienna.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check and count; store nothing.")
    ] = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Record evidence from a CSV file of any length; the same file again adds nothing.

    A file with a fault is refused whole; a dry run lists every fault and ends with 1.
    """
    from service.app import utc_now
    from service.usecases.importing import Imported, Watcher, import_evidence

    done: Imported | None = None
    faults: tuple[Fault, ...] = ()
    with opened(store) as kept, stages("Checking rows", "Storing rows", "Folding") as bars:
        watch = Watcher(*bars)
        try:
            done = import_evidence(
                kept, LOCAL, file, utc_now(), zone=zone, dry_run=dry_run, watch=watch
            )
        except InvalidInput as error:
            if not dry_run:
                raise
            faults = error.faults
    answer: dict[str, Any] = asdict(done) if done else {}
    if dry_run:
        answer |= {"dry_run": True, "errors": [asdict(fault) for fault in faults]}
    show(answer, as_json, lambda console: _say_imported(console, answer, faults))
    raise typer.Exit(1 if faults else 0)


def _say_imported(console: Console, answer: Mapping[str, Any], faults: Sequence[Fault]) -> None:
    for fault in faults:
        console.print(str(fault))
    for name in ("read", "stored", "duplicates", "students_added", "unread_columns"):
        if name in answer:
            console.print(f"{name}: {answer[name]}")
    for remark in answer.get("remarks", [])[:MOST_SHOWN]:
        console.print(f"remark  {Fault(**remark)}")


def policy(
    file: Annotated[Path, typer.Argument(help="A JSON file; rules left out take their default.")],
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Put a policy in force: thresholds of mastery and readiness, weights, sizes, days."""
    from engine import policy_from_document
    from graphs.files import read_json
    from service.app import utc_now
    from service.usecases.curricula import put_policy

    wanted = policy_from_document(read_json(file))
    with opened(store) as kept:
        version = put_policy(kept, LOCAL, wanted, utc_now())
    show(
        {**wanted.to_document(), "version": version},
        as_json,
        lambda console: console.print(f"the policy in force is now version {version}"),
    )
