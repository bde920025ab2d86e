"""A CSV file of any length, read in chunks: memory stays that of one chunk.

The rules are those of `graphs.tables`: UTF-8, no NUL, a header, no ragged row; every fault
names its line.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import BinaryIO, cast

from graphs.errors import Fault, InvalidInput
from graphs.tables import check_header, nul_fault, ragged_fault

CHUNK = 20_000
"""Rows in a chunk: some tens of megabytes, and enough that work by column pays."""
LINE_BREAK = re.compile("\r\n|\r|\n")
Line = tuple[int, list[str]]
"""A row and the line it begins on."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file: the line on which each begins, and its stripped cells by column.

    `ragged` names the rows left out because they have more or fewer cells than the header;
    `share` in [0, 1] is how much of the file has been read.
    """

    lines: Sequence[int]
    cells: dict[str, list[str]]
    ragged: Sequence[Fault]
    share: float


@dataclass(frozen=True, slots=True)
class StreamedTable:
    """An open CSV file: its name, its columns in order, and its rows, to be read once."""

    name: str
    columns: tuple[str, ...]
    chunks: Iterator[Chunk]


@contextmanager
def stream_table(
    path: Path, required: Sequence[str] = (), size: int = CHUNK
) -> Iterator[StreamedTable]:
    """Open a `.csv` or `.csv.gz` file to read it in chunks of `size` rows.

    Raises `InvalidInput` naming file, line and column, on opening or while reading, when
    the file cannot be read, is not UTF-8, holds a NUL, lacks a required column, names a
    column twice, or is not valid CSV. Ragged rows are named with their chunk.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with raw:
        rows = _Rows(path, raw)
        header = next(iter(rows.some(1)), (1, []))[1]
        columns = tuple(column.strip() for column in header)
        check_header(columns, path.name, required)
        yield StreamedTable(path.name, columns, _chunks(rows, columns, size))


class _Rows:
    """The rows of an open file, blank ones left out, each with the line it begins on."""

    def __init__(self, path: Path, raw: BinaryIO) -> None:
        packed = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
        self._reader = csv.reader(io.TextIOWrapper(packed, "utf-8-sig", newline=""), strict=True)
        self._raw = raw
        self._size = max(path.stat().st_size, 1)
        self.path = path

    @property
    def share(self) -> float:
        """How much of the file has been read, in [0, 1]."""
        return min(self._raw.tell() / self._size, 1.0)

    def some(self, most: int) -> list[Line]:
        """Return the next rows, at most so many; none at the end of the file."""
        while True:
            line = self._reader.line_num + 1
            rows = self._next(most)
            numbered = _numbered(rows, line, self._reader.line_num)
            found = [(n, row) for n, row in numbered if any(map(str.strip, row))]
            if found or not rows:
                return found

    def _next(self, most: int) -> list[list[str]]:
        name = self.path.name
        try:
            return list(islice(self._reader, most))
        except csv.Error as error:
            fault = Fault(f"not valid CSV: {error}", name, self._reader.line_num)
            raise InvalidInput([fault]) from error
        except UnicodeDecodeError as error:
            raise InvalidInput([Fault("not UTF-8 text", name, _undecodable(self.path))]) from error
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(self.path, error) from error


def _numbered(rows: list[list[str]], first: int, last: int) -> Iterable[Line]:
    """Give each row its line; cells may hold line breaks, then each row is measured."""
    if last - first + 1 == len(rows):
        return enumerate(rows, first)
    heights = (1 + sum(len(LINE_BREAK.findall(cell)) for cell in cells) for cells in rows)
    return zip(accumulate(heights, initial=first), rows, strict=False)


def _undecodable(path: Path) -> int:
    """Return the first line that is not UTF-8; decoders work by block and do not tell."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def _chunks(rows: _Rows, columns: tuple[str, ...], size: int) -> Iterator[Chunk]:
    name, width = rows.path.name, len(columns)
    while part := rows.some(size):
        ragged = [ragged_fault(name, n, len(row), width) for n, row in part if len(row) != width]
        whole = [row for row in part if len(row[1]) == width] if ragged else part
        by_column = zip(*(row for _, row in whole), strict=True) if whole else ((),) * width
        stripped = ([cell.strip() for cell in cells] for cells in by_column)
        cells = dict(zip(columns, stripped, strict=True))
        _refuse_nul(name, whole, cells)
        yield Chunk([line for line, _ in whole], cells, ragged, rows.share)


def _refuse_nul(name: str, rows: list[Line], cells: Mapping[str, list[str]]) -> None:
    if any("\0" in "".join(column) for column in cells.values()):
        line = next(line for line, row in rows if any("\0" in cell for cell in row))
        raise InvalidInput([nul_fault(name, line)])


def _unreadable(path: Path, error: Exception) -> InvalidInput:
    reason = getattr(error, "strerror", None) or str(error)
    return InvalidInput([Fault(f"cannot be read: {reason}", str(path))])
