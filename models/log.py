"""A response log: many students' responses as arrays, one row a response.

The shape every fit, evaluation and benchmark works on. A response on several learning
targets stays one row; targets are kept as a ragged array. Rows are sorted by student, then
by the time (or position) at which they were given.
"""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphs import Fault, InvalidInput
from models.evidence import Evidence, in_force

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

REQUIRED = ("student", "item", "skill", "correct")
KNOWN = (*REQUIRED, "order", "timestamp")


@dataclass(frozen=True)
class ResponseLog:
    """Responses of many students, sorted by student and time.

    Shapes for n responses: `student`, `item` int64[n] index `students`, `items`; `score`
    float64[n] in [0, 1]; `weight` float64[n] in (0, 1], the reliability of the kind;
    `time` float64[n] seconds since 1970 (NaN without a clock); `offset` int64[n + 1] and
    `target` int64[offset[n]]: the targets of row i are `target[offset[i]:offset[i + 1]]`,
    indexing `targets`. `extra` keeps the other columns as text, for audits and splits.
    """

    students: tuple[str, ...]
    items: tuple[str, ...]
    targets: tuple[str, ...]
    student: Ints
    item: Ints
    score: Floats
    weight: Floats
    time: Floats
    offset: Ints
    target: Ints
    extra: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    fingerprint: str = ""

    def __len__(self) -> int:
        return len(self.score)

    def where(self, keep: Mask) -> "ResponseLog":
        """Return the rows of a mask bool[n]; ids and their numbering stay the same."""
        counts = np.diff(self.offset)
        return replace(
            self,
            student=self.student[keep],
            item=self.item[keep],
            score=self.score[keep],
            weight=self.weight[keep],
            time=self.time[keep],
            offset=np.concatenate(([0], np.cumsum(counts[keep]))),
            target=self.target[np.repeat(keep, counts)],
            extra={name: column[keep] for name, column in self.extra.items()},
        )

    def of_students(self, chosen: Ints) -> "ResponseLog":
        """Return the rows of some students, given by index."""
        return self.where(np.isin(self.student, chosen))


def read_log(path: Path, *, joined: bool = False) -> ResponseLog:
    """Read a response log from `.csv` or `.csv.gz`.

    Columns `student,item,skill,correct` and `order` or `timestamp`; several skills are
    joined by `~`. With `joined` the skill cell is taken as it stands, as one target.
    Timestamps without a zone are read as UTC: only their differences matter here. Raises
    `InvalidInput` naming file, line and column.
    """
    frame, fingerprint = _frame(path)
    faults = [Fault("this column is missing from the header", path.name, 1, c)
              for c in REQUIRED if c not in frame.columns]  # fmt: skip
    if faults:
        raise InvalidInput(faults)
    score = _scores(frame, path)
    _check_filled(frame, path)
    time = _times(frame, path)
    order = _reading_order(frame, time, path)
    frame, score, time = frame.iloc[order], score[order], time[order]
    student, students = pd.factorize(frame["student"])
    item, items = pd.factorize(frame["item"])
    offset, target, targets = _targets(frame["skill"], joined)
    extra = {c: frame[c].to_numpy(dtype=object) for c in frame.columns if c not in KNOWN}
    return ResponseLog(
        tuple(students), tuple(items), targets, student.astype(np.int64), item.astype(np.int64),
        score, np.ones(len(score)), time, offset, target, extra, fingerprint,
    )  # fmt: skip


def log_from_evidence(evidence: Iterable[Evidence], reliability: dict[str, float]) -> ResponseLog:
    """Pack evidence that is in force into a response log, weighted by its kind."""
    by_student: dict[str, list[Evidence]] = {}
    for piece in evidence:
        by_student.setdefault(piece.student, []).append(piece)
    rows = [piece for student in sorted(by_student) for piece in in_force(by_student[student])]
    student, students = pd.factorize(np.array([r.student for r in rows], dtype=object))
    item, items = pd.factorize(np.array([r.task or "" for r in rows], dtype=object))
    flat = np.array([t for r in rows for t in r.targets], dtype=object)
    target, targets = pd.factorize(flat)
    clock = [np.nan if r.observed_at is None else r.observed_at.timestamp() for r in rows]
    return ResponseLog(
        tuple(students), tuple(items), tuple(targets),
        student.astype(np.int64), item.astype(np.int64),
        np.array([r.score for r in rows], dtype=np.float64),
        np.array([reliability.get(r.kind, 1.0) for r in rows], dtype=np.float64),
        np.array(clock, dtype=np.float64),
        np.concatenate(([0], np.cumsum([len(r.targets) for r in rows], dtype=np.int64))),
        target.astype(np.int64),
    )  # fmt: skip


def _frame(path: Path) -> tuple[pd.DataFrame, str]:
    try:
        raw = path.read_bytes()
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError) as error:
        raise InvalidInput([Fault(f"cannot be read: {error}", str(path))]) from error
    try:
        frame = pd.read_csv(io.BytesIO(text), dtype=str, keep_default_na=False, encoding="utf-8")
    except (ValueError, pd.errors.ParserError) as error:
        reason = str(error).strip()
        raise InvalidInput([Fault(f"not a UTF-8 CSV table: {reason}", path.name)]) from error
    if frame.empty:
        raise InvalidInput([Fault("holds no responses", path.name)])
    return frame, hashlib.sha256(text).hexdigest()


def _scores(frame: pd.DataFrame, path: Path) -> Floats:
    score: Floats = pd.to_numeric(frame["correct"], errors="coerce").to_numpy(dtype=np.float64)
    _refuse(frame, path, "correct", ~((score >= 0) & (score <= 1)), "is not between 0 and 1")
    return score


def _check_filled(frame: pd.DataFrame, path: Path) -> None:
    for column in ("student", "skill"):
        blank = (frame[column].str.strip() == "").to_numpy()
        _refuse(frame, path, column, blank, "must not be empty")


def _times(frame: pd.DataFrame, path: Path) -> Floats:
    nothing = np.full(len(frame), np.nan)
    if "timestamp" not in frame.columns:
        return nothing
    stamps = frame["timestamp"]
    parsed = pd.to_datetime(stamps, utc=True, errors="coerce", format="ISO8601")
    missing = parsed.isna().to_numpy()
    _refuse(frame, path, "timestamp", missing & (stamps != "").to_numpy(), "is not a time")
    seconds = (parsed - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds()
    found: Floats = np.where(missing, nothing, seconds.to_numpy(dtype=np.float64))
    return found


def _reading_order(frame: pd.DataFrame, time: Floats, path: Path) -> Ints:
    """Sort by student (as they first appear), then time, then `order`, then line."""
    student, _ = pd.factorize(frame["student"])
    position = np.zeros(len(frame))
    if "order" in frame.columns:
        given = (frame["order"] != "").to_numpy()
        position = pd.to_numeric(frame["order"], errors="coerce").to_numpy(dtype=np.float64)
        _refuse(frame, path, "order", given & np.isnan(position), "is not a number")
    keys = (np.nan_to_num(position), np.nan_to_num(time, nan=-np.inf), student)
    found: Ints = np.lexsort(keys).astype(np.int64)
    return found


def _targets(cells: pd.Series, joined: bool) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Return (offset, target, names); each distinct cell is split only once."""
    code, cell_names = pd.factorize(cells)
    parts = [[n] if joined else list(dict.fromkeys(n.split("~"))) for n in cell_names]
    names = tuple(dict.fromkeys(name for split in parts for name in split))
    number = {name: i for i, name in enumerate(names)}
    lengths = np.array([len(split) for split in parts], dtype=np.int64)
    flat = np.array([number[name] for split in parts for name in split], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    counts = lengths[code]
    offset = np.concatenate(([0], np.cumsum(counts)))
    inside = np.arange(offset[-1]) - np.repeat(offset[:-1], counts)
    return offset, flat[np.repeat(starts[code], counts) + inside], names


def _refuse(frame: pd.DataFrame, path: Path, column: str, bad: Mask, rule: str) -> None:
    if bad.any():
        lines = _lines(path)
        cells = frame[column].to_numpy()
        raise InvalidInput(
            Fault(f"{cells[i]!r} {rule}", path.name, lines[i], column) for i in np.flatnonzero(bad)
        )


def _lines(path: Path) -> list[int]:
    """Return the line on which each row ends: cells may hold line breaks."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        return [reader.line_num for cells in reader if cells]
