"""`footpath import …`: roster, evidence and policy from files, and what other modules add."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli import bundles, frameworks
from service.cli.output import AsJson, StoreUrl, opened, progress, show
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
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Record evidence from a CSV file, all or nothing; the same file again adds nothing."""
    from service.app import utc_now
    from service.importing import read_evidence
    from service.usecases.curricula import curriculum_in_force
    from service.usecases.recording import record_evidence

    with opened(store) as kept:
        curriculum = curriculum_in_force(kept, LOCAL)
        with progress("Reading evidence") as advance:
            read = read_evidence(file, curriculum, zone, utc_now(), advance)
        with progress("Recording evidence") as advance:
            done = record_evidence(kept, LOCAL, read.pieces, utc_now(), advance)
    answer = {
        "read": len(read.pieces),
        "stored": sum(done.new),
        "duplicates": len(done.new) - sum(done.new),
        "students_added": done.students_added,
        "unread_columns": read.unread,
    }
    show(
        answer,
        as_json,
        lambda console: console.print("\n".join(f"{k}: {v}" for k, v in answer.items())),
    )


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
