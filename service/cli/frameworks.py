"""`footpath import framework`, `prerequisites` and `tasks`: what there is to learn."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from graphs.errors import MOST_SHOWN
from service.cli.output import AsJson, DryRun, StoreUrl, opened, show
from service.principal import LOCAL


class Ids(StrEnum):
    """What of a CASE item becomes the id of a competency or learning target."""

    identifier = "identifier"
    code = "code"


Prefix = Annotated[
    str, typer.Option(help="Put before codes of the second source that are not found.")
]
LeaveOut = Annotated[
    bool, typer.Option("--leave-out", help="Report edges of unknown ends instead of refusing.")
]


def add_to(group: typer.Typer) -> None:
    """Add the commands of this module to `footpath import`."""
    group.command("framework")(framework)
    group.command("prerequisites")(prerequisites)
    group.command("tasks")(tasks)


def framework(
    source: Annotated[
        Path,
        typer.Argument(help="A folder of CSV files, a targets file, a CASE package or our JSON."),
    ],
    prerequisite_file: Annotated[
        Path | None,
        typer.Option("--prerequisites", help="prereq,target[,relation], or a CASE package."),
    ] = None,
    competencies: Annotated[Path | None, typer.Option(help="id,text[,parent]")] = None,
    task_file: Annotated[Path | None, typer.Option("--tasks", help="id,title,targets,…")] = None,
    kinds: Annotated[Path | None, typer.Option(help="id,text[,reliability]")] = None,
    scales: Annotated[Path | None, typer.Option(help="id,levels, from lowest, joined by ~")] = None,
    requirements: Annotated[
        Path | None,
        typer.Option(help="target,competency,pieces,sessions,kinds,level,scale"),
    ] = None,
    name: Annotated[str | None, typer.Option("--id", help="Id of the framework.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the framework.")] = None,
    ids: Annotated[Ids, typer.Option(help="What of a CASE item becomes its id.")] = Ids.identifier,
    prefix: Prefix = "",
    leave_out: LeaveOut = False,
    dry_run: DryRun = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Put a framework and its prerequisite graph in force, in place of the one before."""
    from service.app import utc_now
    from service.framework_files import FrameworkFiles, read_framework
    from service.usecases.curricula import put_curriculum, refuse_empty, summary

    read = read_framework(
        FrameworkFiles(
            source,
            prerequisite_file,
            competencies,
            task_file,
            kinds,
            scales,
            requirements,
            name,
            title,
            ids.value,
            prefix,
            leave_out,
        )
    )
    if dry_run:
        refuse_empty(read.curriculum)
        done = summary(read.curriculum)
    else:
        with opened(store, create=True) as kept:
            done = put_curriculum(kept, LOCAL, read.curriculum, utc_now())
    answer = {**done.model_dump(), **read.told, "dry_run": dry_run}
    show(answer, as_json, lambda console: _say(console, answer))


def prerequisites(
    file: Annotated[
        Path, typer.Argument(exists=True, help="prereq,target[,relation], or a CASE package.")
    ],
    prefix: Prefix = "",
    leave_out: LeaveOut = False,
    dry_run: DryRun = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Merge prerequisites into the framework in force, found by id, CASE identifier or code."""
    from graphs import Curriculum
    from graphs.merging import merge_edges, read_edges
    from service.app import utc_now
    from service.framework_files import told_of
    from service.usecases.curricula import change_curriculum

    edges = read_edges(file)
    told: dict[str, Any] = {}

    def change(curriculum: Curriculum) -> Curriculum:
        merge = merge_edges(curriculum, edges, prefix=prefix, leave_out=leave_out)
        told["merged"] = told_of(merge)
        return merge.curriculum

    with opened(store) as kept:
        done = change_curriculum(kept, LOCAL, change, utc_now(), dry_run=dry_run)
    answer = {**done.model_dump(), **told, "dry_run": dry_run}
    show(answer, as_json, lambda console: _say(console, answer))


def tasks(
    file: Annotated[Path, typer.Argument(exists=True, help="A CSV file (.csv or .csv.gz).")],
    dry_run: DryRun = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Add tasks to the framework in force; a known id is replaced."""
    from graphs import read_table
    from graphs.tasks import tasks_for
    from service.app import utc_now
    from service.usecases.curricula import change_curriculum

    table = read_table(file, ("id", "targets"))
    with opened(store) as kept:
        done = change_curriculum(
            kept, LOCAL, lambda c: c.with_tasks(tasks_for(table, c)), utc_now(), dry_run=dry_run
        )
    answer = {**done.model_dump(), "read": len(table.rows), "dry_run": dry_run}
    show(
        answer,
        as_json,
        lambda console: console.print(
            f"{len(table.rows)} tasks read; the framework has {done.tasks}" + _dry(dry_run)
        ),
    )


def _say(console: Console, answer: Mapping[str, Any]) -> None:
    console.print(
        "{title}: {targets} learning targets, {prerequisites} prerequisites, {tasks} tasks "
        "(version {version})".format(**answer)
        + _dry(answer["dry_run"])
    )
    for kind, words in (
        ("unmapped", "associations kept as they are"),
        ("kept_aside", "fields without a place in CASE, kept aside"),
    ):
        if answer.get(kind):
            named = ", ".join(f"{name} {times}" for name, times in answer[kind].items())
            console.print(f"{words}: {named}")
    if "merged" in answer:
        console.print(
            "second source: {read} edges read, {added} added, {known} known already, {spread} of "
            "whole competencies".format(**answer["merged"])
        )
        _say_left_out(console, answer["merged"]["left_out"])


def _say_left_out(console: Console, left_out: list[str]) -> None:
    for fault in left_out[:MOST_SHOWN]:
        console.print(f"left out  {fault}")
    if len(left_out) > MOST_SHOWN:
        console.print(f"… and {len(left_out) - MOST_SHOWN} more")


def _dry(dry_run: bool) -> str:
    return "; dry run: nothing was stored" if dry_run else ""
