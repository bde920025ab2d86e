"""Bring evidence in from a file of any length: check all of it, then write chunk by chunk.

A file with a fault is refused whole. A sound one is written in transactions of one chunk
each, so that others can write in between; what a chunk has stored stays stored, whatever
happens, and the same file again adds only the rest.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from time import sleep

from graphs import Fault, InvalidInput, stream_table
from graphs.streaming import CHUNK, StreamedTable
from service.evidence_rows import COLUMNS, EvidenceReader, zone_named
from service.principal import Principal
from service.spool import Spool
from service.standings import Progress, refresh_missing
from service.store import Store, evidence, people, states
from service.store.connection import ASK_AGAIN_SECONDS
from service.store.evidence import FIELDS
from service.usecases.curricula import curriculum_in_force
from service.usecases.recording import (
    EvidenceConflict,
    compare_with_log,
    enroll_strangers,
    until_it_comes,
)

MOST_FAULTS = 1000
"""Faults after which a file is not read on: nobody mends more by hand."""
AFTER_YOU_SECONDS = 2 * ASK_AGAIN_SECONDS
"""Pause after each transaction, in which whoever waits to write gets a turn."""
_ID, _STUDENT = FIELDS.index("id"), FIELDS.index("student")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: of the rows `read` some were `stored`, the others `duplicates`.

    A dry run says what would have been. `remarks` are no faults, but worth a look.
    """

    read: int
    stored: int
    duplicates: int
    students_added: int
    unread_columns: tuple[str, ...]
    remarks: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Watcher:
    """Is told how far each stage is: rows checked, rows stored, students folded."""

    checked: Progress = lambda _, __: None
    stored: Progress = lambda _, __: None
    folded: Progress = lambda _, __: None


NOBODY = Watcher()


def import_evidence(
    store: Store,
    principal: Principal,
    path: Path,
    now: datetime,
    *,
    zone: str | None = None,
    dry_run: bool = False,
    size: int = CHUNK,
    watch: Watcher = NOBODY,
) -> Imported:
    """Record the evidence of a CSV file; a row that is known already is a duplicate.

    `zone` says how to read times without one, `size` how many rows go into one transaction.
    With `dry_run` nothing is stored. Raises `InvalidInput` naming every fault by line and
    column, also where an id already stands for other evidence; then nothing was stored.
    Raises `NothingYet` without a curriculum.
    """
    framework = curriculum_in_force(store, principal).framework
    reader = EvidenceReader(framework, now, zone_named(zone))
    with _no_search_for_cycles(), TemporaryFile() as file:
        spool = Spool(file)
        with stream_table(path, ("student",), size) as table:
            check_rows(table, reader, spool, watch.checked)
        unread = tuple(column for column in table.columns if column not in COLUMNS)
        checked = _compare(store, principal, path.name, spool)
        remarks = (
            *_undated(path.name, spool, checked),
            *_unknown_revisions(store, principal, path.name, spool),
        )
        if dry_run:
            with store.read(principal.district) as unit:
                added = len(spool.students - people.known_students(unit, spool.students))
            repeats = spool.size - checked.new
            return Imported(spool.size, checked.new, repeats, added, unread, remarks)
        stored, added = _write(store, principal, spool, checked, now, watch.stored)
        refresh_missing(store, principal, sorted(spool.students), watch.folded)
    return Imported(spool.size, stored, spool.size - stored, added, unread, remarks)


def _undated(file: str, spool: Spool, checked: "_Compared") -> Iterator[Fault]:
    """Say what becomes of rows without a date."""
    if not spool.undated:
        return
    yield Fault(
        f"{spool.undated} of {spool.size} rows have no date: they say what was shown, and count"
        " nowhere as work of today or of any day",
        file,
        field="timestamp",
    )
    again = sum(checked.repeated)
    if again:
        yield Fault(
            f"{again} rows say the same as a row above them and count once; a date, an order or"
            " an id tells them apart",
            file,
        )


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Leave memory to reference counting, which frees every row: a third less time.

    The search for cycles would walk through all modules each time some thousand rows came,
    and find nothing.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def check_rows(
    table: StreamedTable,
    reader: EvidenceReader,
    spool: Spool,
    progress: Progress = lambda _, __: None,
) -> None:
    """Read the whole file into the spool. Raises `InvalidInput` naming every fault."""
    faults: list[Fault] = []
    for part in reader.read(table):
        faults += part.faults
        spool.add(part.lines, part.rows)
        if len(faults) > MOST_FAULTS:
            faults.append(Fault("with so many faults the file was not read on", table.name))
            break
        progress(spool.size, round(spool.size / part.share))
    if faults:
        raise InvalidInput(faults)


def clash(name: str, file: str, line: int) -> Fault:
    """Say that the id of a row already stands for something else."""
    return Fault(f"{name!r} already stands for other evidence", file, line, "id")


@dataclass(frozen=True, slots=True)
class _Compared:
    """A file against the log: `new` rows, those `repeated` in the file, the log's last row.

    With `all_unknown` no id of the file was in the log when `last` was its last row.
    """

    new: int
    repeated: Sequence[bool]
    last: int
    all_unknown: bool


def _compare(store: Store, principal: Principal, file: str, spool: Spool) -> _Compared:
    """Count the rows that the store has not; refuse ids that stand for other evidence."""
    repeated, clashing = (mask.tolist() for mask in spool.repeats())
    with store.read(principal.district) as unit:
        last = evidence.last_row(unit)
        if not any(clashing) and not evidence.any_kept(unit):
            return _Compared(spool.size - sum(repeated), repeated, last, True)
        faults: list[Fault] = []
        new = first = 0
        all_unknown = True
        for lines, rows in spool.parts():
            are_new, other = compare_with_log(unit, rows)
            for i, (line, row) in enumerate(zip(lines, rows, strict=True), first):
                if clashing[i] or row[_ID] in other:
                    faults.append(clash(row[_ID], file, line))
            all_unknown = all_unknown and all(are_new)
            new += sum(is_new and not repeated[i] for i, is_new in enumerate(are_new, first))
            first += len(rows)
    if faults:
        raise InvalidInput(faults)
    return _Compared(new, repeated, last, all_unknown)


def _unknown_revisions(
    store: Store, principal: Principal, file: str, spool: Spool
) -> Iterator[Fault]:
    """Name each revision of evidence that is neither in the file nor in the store."""
    if not spool.revised:
        return
    known = {row[_ID] for _, rows in spool.parts() for row in rows if row[_ID] in spool.revised}
    with store.read(principal.district) as unit:
        known |= evidence.known_ids(unit, spool.revised)
    for revised, line in spool.revised.items():
        if revised not in known:
            yield Fault(until_it_comes(revised), file, line, "supersedes")


def _write(
    store: Store,
    principal: Principal,
    spool: Spool,
    checked: _Compared,
    now: datetime,
    progress: Progress,
) -> tuple[int, int]:
    """Append the rows, a transaction each part; return how many were new, also of students."""
    stored = added = done = 0
    last = checked.last
    for _, rows in spool.parts():
        with store.write(principal.district) as unit:
            if checked.all_unknown and evidence.last_row(unit) == last:  # nobody wrote since
                are_new: Sequence[bool] = [not r for r in checked.repeated[done : done + len(rows)]]
            else:
                are_new, other = compare_with_log(unit, rows)
                if other:  # someone else recorded them after the check
                    raise EvidenceConflict(other)
            fresh = [row for row, is_new in zip(rows, are_new, strict=True) if is_new]
            students = {row[_STUDENT] for row in fresh}
            added += enroll_strangers(unit, students)
            evidence.append(unit, fresh, now)
            states.drop(unit, students)
            last = evidence.last_row(unit)
        stored += len(fresh)
        done += len(rows)
        progress(done, spool.size)
        sleep(AFTER_YOU_SECONDS)
    return stored, added
