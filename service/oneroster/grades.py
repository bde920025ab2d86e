"""Evidence from the gradebook of a OneRoster bundle: line items and results.

A line item speaks to learning targets when its sourcedId is a task of the framework, or
when the bundle names its learning objectives. What speaks to none is counted and left out,
never guessed at. Missing work is missed and not wrong; exempt work says nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo

from graphs import Curriculum, Fault, InvalidInput
from graphs.framework import LONGEST_ID, usable_id
from graphs.naming import Names
from graphs.tables import Row, Table
from models import Evidence
from service.cells import evidence_of
from service.oneroster.files import Bundle
from service.oneroster.meaning import is_live

NOON = time(12)
"""A result has a date and no time of day; noon is on that date nearly everywhere."""
ID = "oneroster:"
"""Begins the id of evidence from a result, so that no other source has it."""


MISSED, SCORED = "missed", "scored"


@dataclass
class Grades:
    """Evidence from results, and how many results gave none, by reason.

    `without_targets` are the line items that name no learning target we know; `capped`
    counts scores above the maximum of their line item, which count as the maximum.
    """

    pieces: list[Evidence] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    without_targets: set[str] = field(default_factory=set)
    capped: int = 0


def grades_in(
    bundle: Bundle,
    curriculum: Curriculum | None,
    now: datetime,
    *,
    zone: tzinfo = UTC,
    kind: str | None = None,
) -> Grades:
    """Return the evidence in a bundle's results.

    `zone` is where dates are meant, `kind` the evidence kind of line items that are no
    task. Raises `InvalidInput` naming each fault by file, line and field.
    """
    results = bundle.tables.get("results")
    if results is None:
        return Grades()
    if curriculum is None:
        return Grades(left_out=Counter({"there is no framework yet": len(results.rows)}))
    reader = _Reader(bundle, results, curriculum, now, zone, kind)
    for row in results.rows:
        reader.read(row)
    if reader.faults:
        raise InvalidInput(dict.fromkeys(reader.faults))
    return reader.grades


@dataclass(frozen=True, slots=True)
class _Scored:
    """One score to become evidence: of a result, or of one learning objective of it."""

    table: Table
    row: Row
    column: str
    targets: tuple[str, ...]


class _Reader:
    """Reads results one by one; gathers evidence and faults."""

    def __init__(
        self,
        bundle: Bundle,
        results: Table,
        curriculum: Curriculum,
        now: datetime,
        zone: tzinfo,
        kind: str | None,
    ) -> None:
        self.grades = Grades()
        self.faults: list[Fault] = []
        self._bundle, self._results, self._curriculum = bundle, results, curriculum
        self._now, self._zone, self._kind = now, zone, kind
        self._target = Names(curriculum).target
        self._items = _by(bundle, "lineItems", "sourcedId")
        self._objectives = _by(bundle, "lineItemLearningObjectiveIds", "lineItemSourcedId")
        self._judged = _by(bundle, "resultLearningObjectiveIds", "resultSourcedId")

    def read(self, row: Row) -> None:
        """Add the evidence of one result, or count the reason why there is none."""
        if row["lineItemSourcedId"] not in self._items:
            message = f"lineItems.csv has no {row['lineItemSourcedId']!r}"
            self._fault(self._results, row, "lineItemSourcedId", message)
            return
        item = self._items[row["lineItemSourcedId"]][0]
        how = self._how(row, item)
        scored = list(self._scores(row, item))
        if how in (MISSED, SCORED) and not scored:
            self.grades.without_targets.add(item["sourcedId"])
            how = "the line item names no learning target"
        if how not in (MISSED, SCORED):
            self.grades.left_out[how] += 1
            return
        for each in scored:
            self._add(each, row, item, missed=how == MISSED)

    def _how(self, row: Row, item: Row) -> str:
        """Return whether a result is missed or scored, else why it says nothing."""
        status = row["scoreStatus"].lower()
        if not is_live(row):
            return "deleted at the source"
        if status == "not submitted" or (
            row["missing"].lower() in ("true", "1") and not row["score"]
        ):
            due = item["dueDate"]
            late = not due or self._moment(due) <= self._now
            return MISSED if late else "not due yet"
        if status != "fully graded":
            return status
        return SCORED if row["score"] or not row["textScore"] else "scored in words only"

    def _scores(self, row: Row, item: Row) -> Iterator[_Scored]:
        """Yield what of a result speaks to learning targets: each objective, or the whole."""
        judged = self._judged.get(row["sourcedId"], ())
        table = self._bundle.tables.get("resultLearningObjectiveIds", self._results)
        rest = [] if judged else self._named(self._objectives.get(item["sourcedId"], ()))
        for each in judged:
            targets = self._named([each])
            if each["score"] and targets:
                yield _Scored(table, each, "score", tuple(targets))
            else:
                rest += targets
        framework = self._curriculum.framework
        if rest or (not judged and framework.has_task(item["sourcedId"])):
            yield _Scored(self._results, row, "score", tuple(dict.fromkeys(rest)))

    def _named(self, rows: Iterable[Row]) -> list[str]:
        named = (self._target(row["learningObjectiveId"]) for row in rows if is_live(row))
        return [target for target in named if target]

    def _add(self, scored: _Scored, row: Row, item: Row, *, missed: bool) -> None:
        score = None if missed else self._score(scored, item)
        if score is None and not missed:
            return
        task = item["sourcedId"]
        known = self._curriculum.framework.has_task(task)
        fields = {
            "id": evidence_id(scored.table.name, scored.row["sourcedId"]),
            "student": row["studentSourcedId"],
            "targets": list(scored.targets),
            "task": task,
            "kind": None if known else self._kind,
            "score": score,
            "missed": missed,
            "observed_at": self._observed(row, item, missed=missed),
            "note": row["comment"],
        }
        try:
            self.grades.pieces.append(evidence_of(fields, self._curriculum, self._now))
        except InvalidInput as error:
            for fault in error.faults:
                column = COLUMNS.get((fault.field or "").split(".")[0], "sourcedId")
                self._fault(self._results, row, column, fault.message)

    def _score(self, scored: _Scored, item: Row) -> float | None:
        """Return a score between 0 and 1; a fault says why there is none."""
        cell = scored.row[scored.column]
        if not cell:
            self._fault(
                scored.table, scored.row, scored.column, "a fully graded result needs a score"
            )
            return None
        low, high = float(item["resultValueMin"] or 0), float(item["resultValueMax"] or 0)
        if high <= low:
            items = self._bundle.tables["lineItems"]
            self._fault(items, item, "resultValueMax", f"must be greater than the minimum {low:g}")
            return None
        value = float(cell)
        if value < low:
            message = f"{cell!r} is below the line item's minimum {low:g}"
            self._fault(scored.table, scored.row, scored.column, message)
            return None
        self.grades.capped += value > high
        return min(1.0, (value - low) / (high - low))

    def _observed(self, row: Row, item: Row, *, missed: bool) -> datetime | None:
        cell = row["scoreDate"] or (item["dueDate"] if missed else "")
        return self._moment(cell) if cell else None

    def _moment(self, cell: str) -> datetime:
        moment = datetime.fromisoformat(cell)
        if len(cell) <= len("2026-03-02"):
            moment = datetime.combine(moment.date(), NOON)
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def _fault(self, table: Table, row: Row, column: str, message: str) -> None:
        self.faults.append(table.fault(row, column, message))


COLUMNS: Mapping[str, str] = {
    "student": "studentSourcedId",
    "task": "lineItemSourcedId",
    "targets": "lineItemSourcedId",
    "kind": "lineItemSourcedId",
    "score": "score",
    "observed_at": "scoreDate",
    "note": "comment",
}
"""Field of evidence → column of a result."""


def evidence_id(file: str, sourced_id: str) -> str:
    """Return the id of the evidence that a row of a file first became."""
    name = f"{ID}{file.removesuffix('.csv')}:{sourced_id}"
    if usable_id(name) and len(name) <= LONGEST_ID - ROOM_FOR_REVISIONS:
        return name
    return ID + hashlib.sha256(name.encode()).hexdigest()


ROOM_FOR_REVISIONS = 10
"""Characters that the number of a revision may take behind an id."""


def _by(bundle: Bundle, part: str, column: str) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in bundle.rows(part):
        rows.setdefault(row[column], []).append(row)
    return rows
