"""What a command prints: one JSON object, or a readable table; progress on stderr."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from service.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
StoreUrl = Annotated[
    str | None, typer.Option("--store", help="Database URL; default: FOOTPATH_STORE.")
]
Advance = Callable[[int, int], None]


def show(answer: Mapping[str, Any], as_json: bool, readable: Callable[[Console], None]) -> None:
    """Print an answer: as one JSON object, or through `readable`."""
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        readable(Console(markup=False, emoji=False, highlight=False, soft_wrap=True))


def table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a header."""
    grid = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(str(cell) for cell in row))
    console.print(grid)


@contextmanager
def opened(url: str | None, *, create: bool = False) -> Iterator["Store"]:
    """Open the store that an option or the settings name, and close it afterwards.

    Only what brings something in may `create` it: a mistyped name is not a new school.
    """
    from service.settings import StoreSettings
    from service.store import open_store

    store = open_store(url or StoreSettings().store, create=create)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Show a progress bar on stderr; yields `advance(done, total)`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
