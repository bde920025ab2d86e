"""Response logs from CSV files."""

import csv
import gzip
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from graphs import Fault, InvalidInput
from graphs.framework import DEFAULT_KINDS, DEFAULT_SCALES, MOST_POINTS, points_weight
from models.log import Floats, Ints, Mask, ResponseLog, kind_weights

REQUIRED = ("student", "item", "skill", "correct")
KNOWN = (*REQUIRED, "order", "timestamp", "kind", "level", "scale", "points")
USUAL_KIND, USUAL_SCALE = DEFAULT_KINDS[0].id, DEFAULT_SCALES[0].id
"""What a blank cell of these columns stands for."""
MOST_LEVELS = 100
"""Levels a rubric may have, as in a curriculum document."""


def read_log(path: Path, *, joined: bool = False) -> ResponseLog:
    """Read a response log from `.csv` or `.csv.gz`.

    Columns `student,item,skill,correct` and `order` or `timestamp`; several skills are
    joined by `~`. With `joined` the skill cell is taken as it stands, as one target.
    Timestamps without a zone are read as UTC: only their differences matter here. Optional
    are `kind` (blank: quiz item), weighted as by default, and rubric judgements: `level` from
    1 on `scale`, which has as many levels as the highest in the file; where `correct` is blank
    the level says it. With `points` m, 1 where blank, `correct` is the share of so many: it
    counts as `graphs.framework.points_weight` says. Raises `InvalidInput` naming file, line and
    column.
    """
    frame, fingerprint = _frame(path)
    faults = [Fault("this column is missing from the header", path.name, 1, c)
              for c in REQUIRED if c not in frame.columns]  # fmt: skip
    if faults:
        raise InvalidInput(faults)
    level, scale, scales = _judgements(frame, path)
    score = _scores(frame, path, level, scale, scales)
    points = _points(frame, path)
    _check_filled(frame, path)
    time = _times(frame, path)
    order = _reading_order(frame, time, path)
    frame, score, time = frame.iloc[order], score[order], time[order]
    student, students = pd.factorize(frame["student"])
    item, items = pd.factorize(frame["item"])
    offset, target, targets = _targets(frame["skill"], joined)
    kind, kinds = _kinds(frame)
    extra = {c: frame[c].to_numpy(dtype=object) for c in frame.columns if c not in KNOWN}
    weight = kind_weights(kind, kinds, len(score)) * points[order]
    return ResponseLog(
        tuple(students), tuple(items), targets, student.astype(np.int64), item.astype(np.int64),
        score, weight, time, offset, target, extra, fingerprint,
        kinds, kind, scales, level[order] if scales else level, scale[order] if scales else scale,
    )  # fmt: skip


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


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


def _kinds(frame: pd.DataFrame) -> tuple[Ints, dict[str, float]]:
    """Return (kind, weight of each kind), both empty without such a column."""
    if "kind" not in frame.columns:
        return _none(), {}
    code, names = pd.factorize(frame["kind"].where(frame["kind"] != "", USUAL_KIND))
    usual = {kind.id: kind.weight for kind in DEFAULT_KINDS}
    return code.astype(np.int64), {name: usual.get(name, 1.0) for name in names}


def _judgements(frame: pd.DataFrame, path: Path) -> tuple[Ints, Ints, dict[str, int]]:
    """Return (level, scale, levels of each scale), all empty where nothing was judged."""
    given = (frame["level"] != "").to_numpy() if "level" in frame.columns else np.zeros(1, bool)
    if not given.any():
        return _none(), _none(), {}
    level = pd.to_numeric(frame["level"], errors="coerce").to_numpy(dtype=np.float64)
    whole = (level >= 1) & (level <= MOST_LEVELS) & (level == np.floor(level))
    _refuse(frame, path, "level", given & ~whole, f"is not a level from 1 to {MOST_LEVELS}")
    level = np.where(given, level, 0).astype(np.int64)
    named = frame["scale"] if "scale" in frame.columns else pd.Series("", index=frame.index)
    named = named.where(named != "", USUAL_SCALE)
    code, names = pd.factorize(named[given])
    scale = np.full(len(frame), -1, dtype=np.int64)
    scale[given] = code
    sizes = {n: max(2, int(level[scale == i].max())) for i, n in enumerate(names)}
    return level, scale, sizes


def _scores(
    frame: pd.DataFrame, path: Path, level: Ints, scale: Ints, scales: Mapping[str, int]
) -> Floats:
    score: Floats = pd.to_numeric(frame["correct"], errors="coerce").to_numpy(dtype=np.float64)
    if scales:
        top = np.array([*scales.values(), 2])[scale]
        by_level = (level > 0) & (frame["correct"] == "").to_numpy()
        score = np.where(by_level, (level - 1) / (top - 1), score)
    _refuse(frame, path, "correct", ~((score >= 0) & (score <= 1)), "is not between 0 and 1")
    return score


def _check_filled(frame: pd.DataFrame, path: Path) -> None:
    for column in ("student", "skill"):
        blank = (frame[column].str.strip() == "").to_numpy()
        _refuse(frame, path, column, blank, "must not be empty")


def _points(frame: pd.DataFrame, path: Path) -> Floats:
    """Return what the points of each row add to its weight."""
    if "points" not in frame.columns:
        return np.ones(len(frame))
    given = frame["points"].where(frame["points"] != "", "1")
    points: Floats = pd.to_numeric(given, errors="coerce").to_numpy(dtype=np.float64)
    whole = (points >= 1) & (points <= MOST_POINTS) & (points == np.floor(points))
    _refuse(frame, path, "points", ~whole, f"is not a whole number from 1 to {MOST_POINTS}")
    different, of = np.unique(points, return_inverse=True)
    weights: Floats = np.array([points_weight(m) for m in different.tolist()])[of]
    return weights


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
