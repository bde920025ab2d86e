"""`footpath lint`: name every fault of a curriculum."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from graphs import lint, read_table
from service.cli.output import AsJson, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("lint")(lint_command)


def lint_command(
    prerequisites: Annotated[Path, typer.Argument(help="CSV file: prereq,target[,relation].")],
    targets: Annotated[
        Path | None, typer.Option(help="CSV file: id,…; default: the targets that edges name.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a prerequisite graph: exit code 1 when it has a fault; remarks are only shown."""
    edges = read_table(prerequisites, ("prereq", "target"))
    nodes = read_table(targets, ("id",)) if targets else None
    report = lint(edges, nodes)

    def readable(console: Console) -> None:
        for fault in report.faults:
            console.print(f"fault   {fault}")
        for remark in report.remarks:
            console.print(f"remark  {remark}")
        console.print(
            f"{report.targets} learning targets, {report.edges} edges: "
            f"{len(report.faults)} faults; {len(report.redundant)} redundant edges and "
            f"{len(report.isolated)} isolated targets as remarks"
        )

    show(asdict(report), as_json, readable)
    raise typer.Exit(1 if report.faults else 0)
