"""`footpath lint`: name every fault of a curriculum, and ask what its evidence makes doubtful."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from graphs import InvalidInput, lint, read_table
from graphs.tables import Table
from service.cli.graph_audit import asked_of, drawn_edges, show_questions
from service.cli.output import AsJson, StoreUrl, opened, show
from service.principal import LOCAL

if TYPE_CHECKING:
    from models import ResponseLog


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("lint")(lint_command)


def lint_command(
    prerequisites: Annotated[
        Path | None,
        typer.Argument(
            help="CSV file: prereq,target[,relation]; default: the curriculum in force in the "
            "store, held against its evidence."
        ),
    ] = None,
    targets: Annotated[
        Path | None, typer.Option(help="CSV file: id,…; default: the targets that edges name.")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            help="Response log, or evidence as it is imported (.csv, .csv.gz), to hold every "
            "edge against."
        ),
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Check a prerequisite graph: exit code 1 when it has a fault; remarks are only shown.

    With evidence every edge is held against what students answered: what looks reversed,
    contradicted, unsupported or missing is put as a question. Questions are no faults.
    """
    edges, nodes = _tables(prerequisites, targets, store)
    report = lint(edges, nodes)
    log = _log(evidence, store, wanted=prerequisites is None)
    asked = asked_of(drawn_edges(edges), log) if log is not None else None

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
        if asked is not None:
            show_questions(console, asked)

    show(asdict(report) | ({} if asked is None else {"audit": asked}), as_json, readable)
    raise typer.Exit(1 if report.faults else 0)


def _tables(
    prerequisites: Path | None, targets: Path | None, store: str | None
) -> tuple[Table, Table | None]:
    """Return edges and targets of the files, or of the curriculum in force."""
    from service.usecases.auditing import tables_in_store

    if prerequisites is not None:
        edges = read_table(prerequisites, ("prereq", "target"))
        return edges, read_table(targets, ("id",)) if targets else None
    if targets is not None:
        raise InvalidInput("--targets goes with a file of prerequisites")
    with opened(store) as kept:
        return tables_in_store(kept, LOCAL)


def _log(evidence: Path | None, store: str | None, *, wanted: bool) -> "ResponseLog | None":
    """Return the log of a file, else the store's where it was named or is `wanted`."""
    from service.usecases.auditing import log_in_file
    from service.usecases.curricula import curriculum_in_force
    from service.usecases.fitting import log_in_store

    if evidence is not None and not wanted:
        return log_in_file(evidence)
    if store is None and not wanted:
        return None
    with opened(store) as kept:
        if evidence is not None:
            return log_in_file(evidence, curriculum_in_force(kept, LOCAL).framework)
        return log_in_store(kept, LOCAL)
