"""What a command prints: one JSON object, or a readable table; progress on stderr."""

import json
import math
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from graphs import Fault, InvalidInput

if TYPE_CHECKING:
    from service.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
StoreUrl = Annotated[
    str | None, typer.Option("--store", help="Database URL; default: FOOTPATH_STORE.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only check and tell; store nothing.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where to write; default: standard output.")
]
Advance = Callable[[int, int], None]


def show(answer: Mapping[str, Any], as_json: bool, readable: Callable[[Console], None]) -> None:
    """Print an answer: as one JSON object, or through `readable`."""
    if as_json:
        text = json.dumps(_finite(answer), ensure_ascii=False, indent=1, default=str)
        sys.stdout.write(text + "\n")
    else:
        readable(Console(markup=False, emoji=False, highlight=False, soft_wrap=True))


def _finite(value: Any) -> Any:
    """Return a value in which what is no number is `null`, because JSON knows no NaN."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value


def table(
    console: Console,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    whole: Collection[str] = (),
) -> None:
    """Print rows under a header; ids in the columns named `whole` are never broken or cut."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column, no_wrap=column in whole, overflow="fold")
    for row in rows:
        grid.add_row(*(str(cell) for cell in row))
    console.print(grid)


@contextmanager
def opened(url: str | None, *, create: bool = False, dry_run: bool = False) -> Iterator["Store"]:
    """Open the store that an option or the settings name, and close it afterwards.

    Only what brings something in may `create` it: a mistyped name is not a new school. A
    dry run creates nothing; it works on an empty store in memory where there is none.
    """
    from service.settings import StoreSettings
    from service.store import is_missing, open_store

    name = url or StoreSettings().store
    if create and dry_run and is_missing(name):
        name = "sqlite://"
    store = open_store(name, create=create)
    try:
        yield store
    finally:
        store.close()


def write_out(text: str, output: Path | None, *, private: bool = False) -> None:
    """Write a text to a file, whole or not at all, or to standard output.

    A `private` file only its owner may read.
    """
    if output is None:
        sys.stdout.write(text)
        return
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.touch(mode=0o600 if private else 0o666)
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InvalidInput([Fault(f"cannot be written: {error.strerror}", str(output))]) from error


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Show a progress bar on stderr; yields `advance(done, total)`."""
    with stages(title) as (advance,):
        yield advance


@contextmanager
def stages(*titles: str) -> Iterator[list[Advance]]:
    """Show a progress bar for each stage of a command, from when it begins."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield [_advance(bar, bar.add_task(t, start=False, visible=False)) for t in titles]


def _advance(bar: Progress, task: TaskID) -> Advance:
    def advance(done: int, total: int) -> None:
        bar.start_task(task)
        bar.update(task, completed=done, total=total, visible=True)

    return advance
