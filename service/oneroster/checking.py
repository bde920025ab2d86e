"""Name what is wrong in a OneRoster bundle by file, line and field.

Messages on demographics never repeat a cell: what they say of a child is nobody's to log.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from graphs import Fault, InvalidInput
from graphs.tables import Row, Table
from service.oneroster.files import Bundle, Progress, open_bundle
from service.oneroster.shapes import COMMON, FILES, Rule, Shape


def read_bundle(path: Path, progress: Progress = lambda _, __: None) -> Bundle:
    """Read a bundle from a zip file or a folder, and check it as a whole.

    Raises `InvalidInput` naming every fault by file, line and field.
    """
    bundle = open_bundle(path, progress)
    faults = faults_in(bundle)
    if faults:
        raise InvalidInput(faults)
    return bundle


def faults_in(bundle: Bundle) -> list[Fault]:
    """Return every fault that the files of a bundle have among themselves."""
    found = [fault for part in bundle.tables for fault in _cell_faults(bundle, part)]
    found += _repeats(bundle)
    found += _dangling(bundle, kept=True)
    if bundle.version.startswith("1.1") and "users" in bundle.tables:
        found += _roleless(bundle.tables["users"])
    return found


def remarks_on(bundle: Bundle) -> list[Fault]:
    """Return what is worth a look: references to what Footpath does not keep."""
    return list(_dangling(bundle, kept=False))


def unread_columns(bundle: Bundle) -> dict[str, list[str]]:
    """Return the columns of each file that nothing is read from; demographics are read whole."""
    unread = {}
    for part, table in bundle.tables.items():
        shape = FILES[part]
        known = {*shape.needed, *shape.key, *shape.also, *shape.rules, *shape.references, *COMMON}
        rest = [column for column in table.columns if column not in known]
        if rest and not shape.secret:
            unread[part] = rest
    return unread


def ids_of(bundle: Bundle, part: str) -> set[str]:
    """Return the ids of the rows of a file."""
    return {key_of(FILES[part], row) for row in bundle.rows(part)}


def key_of(shape: Shape, row: Row) -> str:
    """Return the id of a row; demographics have either of two columns."""
    return next((row[column] for column in shape.key if row[column]), "")


def _cell_faults(bundle: Bundle, part: str) -> Iterator[Fault]:
    shape, table = FILES[part], bundle.tables[part]
    rules = {c: rule for c, rule in {**COMMON, **shape.rules}.items() if c in table.columns}
    wrong = {column: _wrong(table, column, rule) for column, rule in rules.items()}
    needed = shape.needed if set(shape.key) & set(shape.needed) else (shape.key[0], *shape.needed)
    for row in table.rows:
        for column in needed:
            if not row[column] and not (column in shape.key and key_of(shape, row)):
                yield table.fault(row, column, "this cell must not be empty")
        for column, messages in wrong.items():
            if messages and row[column] in messages:
                said = "" if shape.secret else f"{row[column]!r} "
                yield table.fault(row, column, f"{said}{messages[row[column]]}")
    yield from _span_faults(table)


def _wrong(table: Table, column: str, rule: Rule) -> dict[str, str]:
    """Return what is wrong with each cell of a column; equal cells are looked at once."""
    cells = {row[column] for row in table.rows} - {""}
    return {cell: message for cell in cells if (message := rule(cell))}


def _span_faults(table: Table) -> Iterator[Fault]:
    for first, last in (("beginDate", "endDate"), ("startDate", "endDate")):
        if first in table.columns and last in table.columns:
            for row in table.rows:
                begins, ends = _date(row[first]), _date(row[last])
                if begins and ends and ends < begins:
                    yield table.fault(row, last, f"{ends} is before {first} {begins}")


def _repeats(bundle: Bundle) -> Iterator[Fault]:
    for part, table in bundle.tables.items():
        first: dict[str, int] = {}
        for row in table.rows:
            key = key_of(FILES[part], row)
            if key and first.setdefault(key, row.line) != row.line:
                said = "this user" if FILES[part].secret else f"the sourcedId {key!r}"
                message = f"{said} stands on line {first[key]} already"
                yield table.fault(row, FILES[part].key[0], message)


def _dangling(bundle: Bundle, *, kept: bool) -> Iterator[Fault]:
    """Yield each reference that leads nowhere, to what Footpath keeps or does not keep.

    Only a whole file says what there is not: a delta leaves out what has not changed.
    """
    for part, table in bundle.tables.items():
        for column, reference in FILES[part].references.items():
            home = reference.part
            whole = bundle.modes.get(home) == "bulk" and home in bundle.tables
            if reference.kept == kept and whole and column in table.columns:
                known = ids_of(bundle, home) | {""}
                lost = (row for row in table.rows if row[column] not in known)
                for row in lost:
                    for named in {name.strip() for name in row[column].split(",")} - known:
                        said = "this" if FILES[part].secret else repr(named)
                        yield table.fault(row, column, f"{home}.csv has no {said}")


def _roleless(users: Table) -> Iterator[Fault]:
    """Yield users of OneRoster 1.1 without a role; 1.2 has a file of roles."""
    for row in users.rows:
        if not row["role"]:
            yield users.fault(row, "role", "this cell must not be empty in OneRoster 1.1")


def _date(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
