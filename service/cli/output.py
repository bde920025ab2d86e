"""What a command prints: one JSON object, or a readable table; progress on stderr."""

import json
import math
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
