"""`footpath export …`: the framework and its tasks as files that others read."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from service.cli import records
from service.cli.output import AsJson, Output, StoreUrl, opened, show, write_out
from service.principal import LOCAL


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        help="Take a framework, evidence or a student's data out.", no_args_is_help=True
    )
    group.command("framework")(framework)
    group.command("tasks")(tasks)
    group.command("gradebook")(gradebook)
    records.add_to(group)
    app.add_typer(group, name="export")
    app.command("erase")(records.erase)


def framework(
    case: Annotated[
        bool, typer.Option("--case", help="As a CASE package instead of our own document.")
    ] = False,
    output: Output = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Write the framework in force as JSON, ours or a CASE package for other systems."""
    from graphs.case.writing import case_package
    from service.app import utc_now
    from service.usecases.curricula import curriculum_in_force

    with opened(store) as kept:
        curriculum = curriculum_in_force(kept, LOCAL)
    document = case_package(curriculum, utc_now()) if case else curriculum.to_document()
    write_out(json.dumps(document, ensure_ascii=False, indent=1) + "\n", output)
    if output is not None:
        answer = {
            "output": str(output),
            "version": curriculum.version,
            "items": len(curriculum.framework.competencies) + len(curriculum.framework.targets),
        }
        show(answer, as_json, lambda console: console.print(f"written to {output}"))


def tasks(output: Output = None, store: StoreUrl = None) -> None:
    """Write the tasks of the framework in force as CSV, fit to be imported again."""
    from graphs.files import tasks_csv
    from service.usecases.curricula import curriculum_in_force

    with opened(store) as kept:
        curriculum = curriculum_in_force(kept, LOCAL)
    write_out(tasks_csv(curriculum.framework.tasks), output)


class Cells(StrEnum):
    """What stands in a cell of a gradebook."""

    score = "score"
    level = "level"
    status = "status"
    estimate = "estimate"


def gradebook(
    class_id: Annotated[str, typer.Argument(metavar="CLASS", help="Id of the class.")],
    cells: Annotated[Cells, typer.Option(help="What stands in a cell.")] = Cells.score,
    every: Annotated[
        bool, typer.Option("--all", help="Also learning targets without any evidence.")
    ] = False,
    output: Output = None,
    store: StoreUrl = None,
) -> None:
    """Write a class's gradebook as CSV, students × targets, fit to be imported again."""
    from graphs.tables import write_table
    from service.app import utc_now
    from service.usecases.gradebook import class_gradebook

    with opened(store) as kept:
        header, rows = class_gradebook(kept, LOCAL, class_id, utc_now(), cells.value, every=every)
    write_out(write_table(header, rows), output, private=True)
