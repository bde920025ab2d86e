"""Evidence and rosters from CSV files, every fault named by file, line and column."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ValidationError

from graphs import Curriculum, Fault, InvalidInput, read_table
from graphs.tables import Row, Table, split_list
from models import Evidence
from service.contract import EvidenceIn, Roster, RosterClass, RosterStudent
from service.usecases.recording import evidence_from

B = TypeVar("B", bound=BaseModel)

# Column of a file → field of `EvidenceIn`; the first form is the one that README names.
COLUMNS: Mapping[str, str] = {
    "id": "id",
    "student": "student",
    "item": "task",
    "task": "task",
    "skill": "targets",
    "target": "targets",
    "targets": "targets",
    "correct": "score",
    "score": "score",
    "level": "level",
    "scale": "scale",
    "missed": "missed",
    "kind": "kind",
    "order": "position",
    "position": "position",
    "timestamp": "observed_at",
    "observed_at": "observed_at",
    "attempt": "attempt",
    "rater": "rater",
    "duration": "duration",
    "supersedes": "supersedes",
    "note": "note",
}


USUAL_COLUMNS: Mapping[str, str] = {"targets": "skill", "score": "correct"}
"""What a column is called in a message when the file has none for it."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Evidence read from a file, and the columns that nothing was read from."""

    pieces: list[Evidence]
    unread: list[str]


def read_evidence(
    path: Path,
    curriculum: Curriculum,
    zone: str | None = None,
    now: datetime | None = None,
    progress: Callable[[int, int], None] = lambda _, __: None,
) -> EvidenceFile:
    """Read an evidence CSV.

    What is observed after `now` is refused, and a time without a zone unless `zone` (an
    IANA name) says how to read it. A row without an id gets one from its content, so that
    importing a file twice adds nothing; two rows of equal content are one piece of
    evidence, as over the API.
    Raises `InvalidInput` naming every fault.
    """
    table = read_table(path, ("student",))
    _refuse_double_columns(table)
    clock = _zone(zone)
    faults: list[Fault] = []
    pieces: list[Evidence] = []
    for done, row in enumerate(table.rows, 1):
        try:
            pieces.append(_piece(table, row, curriculum, clock, now))
        except InvalidInput as error:
            faults += error.faults
        if done % 5000 == 0 or done == len(table.rows):
            progress(done, len(table.rows))
    if faults:
        raise InvalidInput(faults)
    return EvidenceFile(pieces, [c for c in table.columns if c not in COLUMNS])


def read_roster(path: Path) -> Roster:
    """Read a roster CSV: `class,student[,name,class_title,interests]`, a row a student."""
    table = read_table(path, ("class", "student"))
    faults: list[Fault] = []
    classes: dict[str, RosterClass] = {}
    for row in table.rows:
        try:
            _add_to_class(classes, table, row)
        except InvalidInput as error:
            faults += error.faults
    if faults or not classes:
        raise InvalidInput(faults or [Fault("holds no student", table.name)])
    return Roster(classes=list(classes.values()))


def _add_to_class(classes: dict[str, RosterClass], table: Table, row: Row) -> None:
    cells = {"id": row["student"], "name": row["name"], "interests": split_list(row["interests"])}
    student = _checked(RosterStudent, cells, table, row, {"id": "student"})
    fields = {"id": row["class"], "title": row["class_title"], "students": []}
    new = _checked(RosterClass, fields, table, row, {"id": "class", "title": "class_title"})
    members = classes.setdefault(new.id, new).students
    if any(other.id == student.id for other in members):
        raise InvalidInput([table.fault(row, "student", "stands twice in this class")])
    members.append(student)


def _piece(
    table: Table,
    row: Row,
    curriculum: Curriculum,
    clock: ZoneInfo | None,
    now: datetime | None,
) -> Evidence:
    columns = {COLUMNS[c]: c for c in table.columns if c in COLUMNS}
    fields: dict[str, object] = {f: row[c] for f, c in columns.items() if row[c]}
    if "targets" in fields:
        fields["targets"] = list(split_list(row[columns["targets"]]))
    if "observed_at" in fields and clock is not None:
        fields["observed_at"] = _zoned(row[columns["observed_at"]], clock)
    sent = _checked(EvidenceIn, fields, table, row, columns)
    try:
        return evidence_from(curriculum, sent, now)
    except InvalidInput as error:
        raise InvalidInput(
            table.fault(row, _column(fault.field, columns), fault.message) for fault in error.faults
        ) from None


def _checked(
    model: type[B],
    fields: Mapping[str, object],
    table: Table,
    row: Row,
    columns: Mapping[str, str],
) -> B:
    """Validate the cells of a row; text is read as the number or time that it spells."""
    try:
        return model.model_validate(fields, strict=False)
    except ValidationError as error:
        raise InvalidInput(
            table.fault(row, _column(str(each["loc"][0]), columns), each["msg"])
            for each in error.errors()
        ) from None


def _column(field: str | None, columns: Mapping[str, str]) -> str:
    """Return the column a field was read from; a field like `targets.0` belongs to `targets`."""
    name = (field or "").split(".")[0]
    return columns.get(name) or USUAL_COLUMNS.get(name, name)


def _zoned(cell: str, clock: ZoneInfo) -> object:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return cell
    return moment if moment.tzinfo else moment.replace(tzinfo=clock)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput([Fault(f"{name!r} is not an IANA time zone", field="zone")]) from error


def _refuse_double_columns(table: Table) -> None:
    fields = Counter(COLUMNS[c] for c in table.columns if c in COLUMNS)
    doubled = [field for field, times in fields.items() if times > 1]
    if doubled:
        names = [c for c in table.columns if COLUMNS.get(c) in doubled]
        message = f"these columns mean the same: {', '.join(names)}"
        raise InvalidInput([Fault(message, table.name, 1)])
