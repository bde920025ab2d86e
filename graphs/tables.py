"""UTF-8 CSV tables in and out, with the line of every row kept for error messages."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphs.errors import Fault, InvalidInput

csv.field_size_limit(1_000_000)  # a cell of a megabyte is a mistake, not a text


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its first line in the file (1 is the header) and its cells by column, stripped."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file that has been read whole: its name, columns in order, and rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def fault(self, row: Row, field: str, message: str) -> Fault:
        """Name a fault in one cell of this table."""
        return Fault(message, self.name, row.line, field)

    def extra(self, row: Row, known: Iterable[str]) -> dict[str, str]:
        """Return the non-empty cells of columns outside `known`: kept, never dropped."""
        leave = set(known)
        return {c: v for c, v in row.cells.items() if v and c not in leave}


def read_table(path: Path, required: Sequence[str] = ()) -> Table:
    """Read a `.csv` or `.csv.gz` file.

    Raises `InvalidInput` naming file, line and column when the file cannot be read, is
    not UTF-8, holds a NUL, lacks a required column, names a column twice, or has a ragged
    row.
    """
    return parse_table(_text(path), path.name, required)


def parse_table(text: str, name: str, required: Sequence[str] = ()) -> Table:
    """Parse CSV text; `name` stands for the file in messages. Raises like `read_table`."""
    if "\0" in text:
        raise InvalidInput([nul_fault(name, text.count("\n", 0, text.index("\0")) + 1)])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
        check_header(header, name, required)
        rows = tuple(_rows(reader, header, name))
    except csv.Error as error:
        raise InvalidInput([Fault(f"not valid CSV: {error}", name, reader.line_num)]) from error
    return Table(name, tuple(header), rows)


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return CSV text with a header, LF line ends and minimal quoting."""
    return "".join(csv_line(row) for row in (columns, *rows))


def split_list(cell: str) -> tuple[str, ...]:
    """Split a cell of `~`-joined values, dropping blanks."""
    return tuple(part.strip() for part in cell.split("~") if part.strip())


def nul_fault(name: str, line: int) -> Fault:
    """Name a NUL character, which no text holds."""
    return Fault("a NUL character stands here; is this a text file?", name, line)


def ragged_fault(name: str, line: int, cells: int, width: int) -> Fault:
    """Name a row that has more or fewer cells than the header."""
    return Fault(f"this row has {cells} cells where the header has {width}", name, line)


def csv_line(row: Sequence[object]) -> str:
    """Return one row as a line of CSV text."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(row)  # ends in CR LF, without which a lone CR would go unquoted
    return out.getvalue().removesuffix("\r\n") + "\n"


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput([Fault(f"cannot be read: {reason}", str(path))]) from error
    return decoded(raw, path.name)


def decoded(raw: bytes, name: str) -> str:
    """Return UTF-8 bytes as text; raises `InvalidInput` naming file and line."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidInput([Fault("not UTF-8 text", name, line)]) from error


def check_header(header: Sequence[str], name: str, required: Sequence[str]) -> None:
    """Raise `InvalidInput` for an empty header, a column that stands twice or is missing."""
    if not any(header):
        raise InvalidInput([Fault("the file is empty; a header line is needed", name, 1)])
    twice = sorted({column for column in header if header.count(column) > 1})
    faults = [Fault("this column stands twice in the header", name, 1, column) for column in twice]
    faults += [
        Fault("this column is missing from the header", name, 1, column)
        for column in required
        if column not in header
    ]
    if faults:
        raise InvalidInput(faults)


def _rows(reader: Iterator[list[str]], header: list[str], name: str) -> Iterator[Row]:
    faults = []
    last: int = reader.line_num  # type: ignore[attr-defined]  # csv.reader has it
    for cells in reader:
        line, last = last + 1, reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(ragged_fault(name, line, len(cells), len(header)))
            continue
        yield Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
    if faults:
        raise InvalidInput(faults)
