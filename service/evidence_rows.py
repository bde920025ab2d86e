"""Evidence CSV into rows of the store, chunk by chunk, every fault named by line and column.

A cell is validated by the rules of its field in `EvidenceIn`, but each distinct cell only
once; what the cells of a row mean together is asked of `meaning_of`, once for each
combination. So a million rows cost seconds, and mean what they would mean over the API.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import repeat
from types import GenericAlias
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from graphs import Fault, Framework, InvalidInput
from graphs.streaming import Chunk, StreamedTable
from graphs.tables import split_list
from service.contract import EvidenceIn
from service.meaning import CONTENT, Said, content_id, content_text, meaning_of, yet_to_come
from service.store.evidence import FIELDS, StoredRow
from service.store.times import microseconds

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
    "hints": "hints",
    "artifact": "artifact",
    "work": "work",
    "supersedes": "supersedes",
    "note": "note",
}
USUAL_COLUMNS: Mapping[str, str] = {"targets": "skill", "score": "correct"}
"""What a column is called in a message when the file has none for it."""
MOST_REMEMBERED = 200_000
"""Distinct cells of a column, or combinations of a row, that are kept validated."""
USUAL_YEARS = (2, 9998)
"""Years in which a time with a zone is on the calendar of every zone."""
BLANK: Mapping[str, Any] = {"targets": (), "missed": False, "note": ""}
"""What a blank cell stands for where it is not `None`."""


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """A chunk of a file after the checks: good rows with their lines, and what was wrong."""

    rows: Sequence[StoredRow]
    lines: Sequence[int]
    faults: Sequence[Fault]
    share: float


@dataclass(frozen=True)
class EvidenceReader:
    """Reads evidence of one framework; `now` refuses what is yet to come.

    `zone` says how to read times that have none; without it they are refused.
    """

    framework: Framework
    now: datetime | None = None
    zone: ZoneInfo | None = None

    def read(self, table: StreamedTable) -> Iterator[CheckedRows]:
        """Yield the rows of a file, checked.

        A row without an id gets one from its content. Raises `InvalidInput` when two columns
        mean the same.
        """
        _refuse_double_columns(table)
        columns = {COLUMNS[c]: c for c in table.columns if c in COLUMNS}
        readers = {name: _Remembered(self._cell_reader(name), _blank(name)) for name in columns}
        meanings = _Remembered(self._meaning, {})
        for chunk in table.chunks:
            yield _checked(table.name, chunk, columns, readers, meanings)

    def _cell_reader(self, name: str) -> Callable[[str], Any]:
        rules = EvidenceIn.model_fields[name].rebuild_annotation()
        adapter: TypeAdapter[Any] = TypeAdapter(rules)
        if name == "targets":
            return lambda cell: tuple(adapter.validate_python(list(split_list(cell))))
        if name == "observed_at":
            return partial(_moment, adapter, self.zone, self.now)
        column: Any = GenericAlias(list, (rules,))
        return _Field(adapter.validate_python, TypeAdapter(column).validate_python)

    def _meaning(self, said: tuple[Any, ...]) -> tuple[Any, ...]:
        found = meaning_of(self.framework, Said(*said))
        return "~".join(found.targets), found.kind, found.score, found.scale


@dataclass(frozen=True, slots=True)
class _Broken:
    """What stands for a value that breaks a rule: the field (if it says one) and the rule."""

    rules: tuple[tuple[str | None, str], ...]


def _blank(name: str) -> dict[str, Any]:
    """Return what a blank cell stands for, if a row may leave the field out."""
    return {} if EvidenceIn.model_fields[name].is_required() else {"": BLANK.get(name)}


@dataclass(frozen=True, slots=True)
class _Field:
    """Reads one cell, or a whole column in one go, which is several times quicker."""

    one: Callable[[str], Any]
    many: Callable[[list[str]], list[Any]]

    def __call__(self, cell: str) -> Any:
        """Read one cell; raises `ValidationError`."""
        return self.one(cell)


class _Remembered:
    """Reads values, each distinct one only once; `known` are those that need no reading."""

    def __init__(self, read: Callable[[Any], Any], known: Mapping[Any, Any]) -> None:
        self._read = read
        self._start = dict(known)
        self._known = dict(known)

    def values(self, keys: Sequence[Any]) -> list[Any]:
        """Return what each key stands for; `_Broken` where it breaks a rule."""
        if len(self._known) > MOST_REMEMBERED:
            self._known = dict(self._start)
        new = list(set(keys).difference(self._known))
        self._known.update(zip(new, self._all(new), strict=True))
        return [self._known[key] for key in keys]

    def _all(self, keys: list[Any]) -> list[Any]:
        """Read a column in one go where that can be done and nothing in it breaks a rule."""
        if isinstance(self._read, _Field):
            with suppress(ValidationError):
                return self._read.many(keys)
        return [self._one(key) for key in keys]

    def _one(self, key: Any) -> Any:
        try:
            return self._read(key)
        except ValidationError as error:
            return _Broken(tuple((None, each["msg"]) for each in error.errors()))
        except InvalidInput as error:
            return _Broken(tuple((fault.field, fault.message) for fault in error.faults))


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows under check: the line of each, and their values by field."""

    lines: Sequence[int]
    values: Mapping[str, Sequence[Any]]

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of a field; what the file has no column for is blank."""
        return self.values.get(name) or (BLANK.get(name),) * len(self.lines)

    def sound(self, faulty: Callable[[int, str | None, str], None]) -> "_Part":
        """Return the rows without a broken value; tell `faulty` (line, field, rule) of others."""
        broken = set()
        for name, column in self.values.items():
            if _Broken not in set(map(type, column)):
                continue
            for i, value in enumerate(column):
                if type(value) is _Broken:
                    broken.add(i)
                    for field, rule in value.rules:
                        faulty(self.lines[i], field or name, rule)
        if not broken:
            return self
        kept = [i for i in range(len(self.lines)) if i not in broken]
        values = {name: [column[i] for i in kept] for name, column in self.values.items()}
        return _Part([self.lines[i] for i in kept], values)


def _checked(
    file: str,
    chunk: Chunk,
    columns: Mapping[str, str],
    readers: Mapping[str, _Remembered],
    meanings: _Remembered,
) -> CheckedRows:
    """Check one chunk: its cells, then what they mean together, then each row as a whole."""
    faults = list(chunk.ragged)

    def faulty(line: int, field: str | None, rule: str) -> None:
        faults.append(Fault(rule, file, line, _column(field, columns)))

    cells = {name: readers[name].values(chunk.cells[column]) for name, column in columns.items()}
    part = _Part(chunk.lines, cells).sound(faulty)
    said = list(zip(*(part.column(name) for name in Said._fields), strict=True))
    meant = {"meaning": meanings.values(said), "supersedes": _revisions(part)}
    part = _Part(part.lines, {**part.values, **meant}).sound(faulty)
    return CheckedRows(_rows(part), part.lines, sorted(faults, key=_line), chunk.share)


def _revisions(part: _Part) -> Sequence[Any]:
    itself = _Broken((("supersedes", "evidence cannot supersede itself"),))
    pairs = zip(part.column("id"), part.column("supersedes"), strict=True)
    return [itself if revised and revised == name else revised for name, revised in pairs]


def _rows(part: _Part) -> list[StoredRow]:
    if not part.lines:
        return []
    targets, kinds, scores, scales = zip(*part.values["meaning"], strict=True)
    resolved = {"id": _ids(part), "targets": targets, "kind": kinds, "score": scores,
                "scale": scales}  # fmt: skip
    ordered = (resolved.get(name) or part.column(name) for name in FIELDS)
    return list(zip(*ordered, strict=True))


def _ids(part: _Part) -> Sequence[str]:
    """Return the ids that the file gives; where it gives none, one from the content."""
    given = part.column("id")
    if all(given):
        return given
    columns = (part.values.get(name) for name in CONTENT)
    said = [repeat("") if column is None else map(content_text, column) for column in columns]
    texts = zip(*said, strict=False)  # what the file does not say repeats without an end
    pairs = zip(given, texts, strict=False)
    return [name or content_id(text) for name, text in pairs]


def _line(fault: Fault) -> int:
    return fault.line or 0


def _moment(
    adapter: TypeAdapter[Any], clock: ZoneInfo | None, now: datetime | None, cell: str
) -> int:
    """Return the microseconds of a time; raises for one that has no zone, or is yet to come."""
    found = _zoned(cell, clock)
    if found is None or not USUAL_YEARS[0] <= found.year <= USUAL_YEARS[1]:
        found = adapter.validate_python(found or cell)
    late = yet_to_come(found, now)
    if late:
        raise InvalidInput(late)
    return microseconds(found)


def _zoned(cell: str, clock: ZoneInfo | None) -> datetime | None:
    """Return the aware time that a cell spells; `None` leaves the refusal to the field."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    if moment.tzinfo is None and clock is not None:
        return moment.replace(tzinfo=clock)
    return moment if moment.tzinfo else None


def zone_named(name: str | None) -> ZoneInfo | None:
    """Return a time zone by its IANA name. Raises `InvalidInput`."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput([Fault(f"{name!r} is not an IANA time zone", field="zone")]) from error


def _column(field: str | None, columns: Mapping[str, str]) -> str:
    """Return the column a field was read from; a field like `targets.0` belongs to `targets`."""
    name = (field or "").split(".")[0]
    return columns.get(name) or USUAL_COLUMNS.get(name, name)


def _refuse_double_columns(table: StreamedTable) -> None:
    fields = Counter(COLUMNS[c] for c in table.columns if c in COLUMNS)
    doubled = [field for field, times in fields.items() if times > 1]
    if doubled:
        names = [c for c in table.columns if COLUMNS.get(c) in doubled]
        message = f"these columns mean the same: {', '.join(names)}"
        raise InvalidInput([Fault(message, table.name, 1)])
