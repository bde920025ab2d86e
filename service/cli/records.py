"""`footpath export evidence` and `student`, and `erase`: data out, as a file or for good."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from graphs import InvalidInput
from service.cli.output import AsJson, StoreUrl, opened, progress, show
from service.principal import LOCAL

Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where to write; default: standard output.")
]


def add_to(group: typer.Typer) -> None:
    """Add the commands of this module to `footpath export`."""
    group.command("evidence")(evidence)
    group.command("student")(student)


def evidence(output: Output = None, store: StoreUrl = None) -> None:
    """Write all evidence, as the log has it now, as a CSV file that can be imported again."""
    from service.usecases.exporting import evidence_csv

    with opened(store) as kept, progress("Writing evidence") as advance:
        lines = evidence_csv(kept, LOCAL, advance)
        if output is None:
            sys.stdout.writelines(lines)
            return
        part = output.with_name(output.name + ".part")
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        part.replace(output)


def student(
    student_id: Annotated[str, typer.Argument(metavar="STUDENT", help="Id of the student.")],
    output: Output = None,
    store: StoreUrl = None,
) -> None:
    """Write all that is kept of a student as one JSON object."""
    from service.app import utc_now
    from service.usecases.exporting import student_export

    with opened(store) as kept:
        found = student_export(kept, LOCAL, student_id, utc_now())
    text = json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def erase(
    student_id: Annotated[str, typer.Argument(metavar="STUDENT", help="Id of the student.")],
    sure: Annotated[bool, typer.Option("--yes", help="Really.")] = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Remove a student and all that is kept of them, for good; nothing can undo it."""
    from service.usecases.exporting import erase_student

    if not sure:
        raise InvalidInput("nothing can bring a student back; say --yes to remove them")
    with opened(store) as kept:
        done = erase_student(kept, LOCAL, student_id)
    show(
        done.model_dump(),
        as_json,
        lambda console: console.print(
            f"{done.student} is gone, with {done.evidence} pieces of evidence"
        ),
    )
