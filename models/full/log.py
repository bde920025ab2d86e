"""The ordered response log and its packing for the sweeps."""

from dataclasses import dataclass, field, replace

import numpy as np

from models.full.arrays import Floats, Integers
from models.full.kernels import PLAIN, SCORED

#: Seconds in the unit of a clocked gap (minutes): log(1 + minutes) separates "next item" from
#: "after the break" from "next week" in roughly equal steps (1, 3.4, 9.2).
SECONDS_PER_UNIT = 60.0
#: Ending of the name of an item that is tried again at once.
AGAIN = " again"


@dataclass(frozen=True, slots=True)
class Responses:
    """n responses sorted by student, then time; targets of row r: ``target[offsets[r]:...]``.

    ``item`` and ``target`` may be -1 (unknown).  ``score`` lies in [0, 1]; ``weight`` is the
    reliability of the kind of evidence (1: a plain answer); ``time`` is in seconds or NaN.
    ``level`` (from 1; 0: none) on ``scale`` is a rubric judgement, the score then says it in
    other words; both may be left out where nothing was judged.
    """

    student: Integers
    item: Integers
    offsets: Integers
    target: Integers
    score: Floats
    weight: Floats
    time: Floats
    level: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    scale: Integers = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        rows = self.student.shape[0]
        faults = [
            f"{name} has {values.shape[0]} rows, student has {rows}"
            for name, values in (
                ("item", self.item),
                ("score", self.score),
                ("weight", self.weight),
                ("time", self.time),
            )
            if values.shape[0] != rows
        ]
        if {self.level.shape[0], self.scale.shape[0]} not in ({0}, {rows}):
            faults.append(f"level and scale need {rows} rows, or both none")
        if self.offsets.shape[0] != rows + 1:
            faults.append(f"offsets has {self.offsets.shape[0]} values, {rows + 1} needed")
        elif rows and np.diff(self.offsets).min() < 1:
            faults.append("every response needs at least one target (-1 when unknown)")
        if rows and not ((self.score >= 0.0) & (self.score <= 1.0)).all():
            faults.append("score outside [0, 1]")
        if rows and not (self.weight > 0.0).all():
            faults.append("weight must be positive")
        starts = np.flatnonzero(np.diff(self.student, prepend=np.int64(-9)) != 0)
        if np.unique(self.student[starts]).shape[0] != starts.shape[0]:
            faults.append("rows of a student are not contiguous")
        if faults:
            raise ValueError("; ".join(faults))

    def __len__(self) -> int:
        return int(self.student.shape[0])


def select_rows(log: Responses, keep: Integers) -> Responses:
    """Return the rows ``keep`` (indices in increasing order)."""
    width = np.diff(log.offsets)[keep]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(width)])
    entry = np.repeat(log.offsets[keep] - offsets[:-1], width) + np.arange(offsets[-1])
    return Responses(
        log.student[keep],
        log.item[keep],
        offsets,
        log.target[entry],
        log.score[keep],
        log.weight[keep],
        log.time[keep],
        log.level[keep] if log.level.size else log.level,
        log.scale[keep] if log.scale.size else log.scale,
    )


def student_offsets(student: Integers) -> Integers:
    """Row offsets of contiguous students, shape (S + 1,)."""
    change = np.flatnonzero(np.diff(student)) + 1
    ends = np.array([0, student.shape[0]] if student.shape[0] else [0], np.int64)
    return np.unique(np.concatenate([ends, change])).astype(np.int64)


def previous_entries(log: Responses, row: Integers) -> Integers:
    """Last earlier entry of the same student and target, or -1; ``row`` maps entries to rows."""
    order = np.lexsort((row, log.target, log.student[row]))
    previous = np.full(order.shape[0], -1, np.int64)
    same = (np.diff(log.student[row][order]) == 0) & (np.diff(log.target[order]) == 0)
    previous[order[1:][same]] = order[:-1][same]
    return previous


def log_gaps(log: Responses, row: Integers, previous: Integers) -> Floats:
    """log(1 + gap): minutes when both responses have a clock, else intervening responses."""
    earlier = row[np.maximum(previous, 0)]
    trials = (row - earlier - 1).astype(np.float64)
    minutes = (log.time[row] - log.time[earlier]) / SECONDS_PER_UNIT
    gap = np.where(np.isfinite(minutes), np.maximum(minutes, 0.0), trials)
    return np.where(previous >= 0, np.log1p(np.maximum(gap, 0.0)), 0.0)


def chunk_bounds(students: Integers, chunks: int) -> Integers:
    """Student indices that cut the rows into nearly equal parts."""
    goal = np.linspace(0, students[-1], chunks + 1)
    return np.unique(np.searchsorted(students, goal)).astype(np.int64)


def entry_rows(offsets: Integers) -> Integers:
    """Row of each entry."""
    return np.repeat(np.arange(offsets.shape[0] - 1), np.diff(offsets))


@dataclass(frozen=True, slots=True)
class Packed:
    """A log with unknown ids mapped to the pooled slot and the gaps worked out."""

    students: Integers  # (S + 1,)
    entries: Integers  # (n + 1,)
    target: Integers  # (E,), K where unknown
    item: Integers  # (n,), I where unknown
    previous: Integers  # (E,)
    log_gap: Floats  # (E,)
    score: Floats
    weight: Floats
    grade: Integers  # (n,) see :class:`models.full.sweep.Rows`


def grades(log: Responses, scales: tuple[int, ...]) -> Integers:
    """Row of the grade table of each response, else PLAIN or SCORED, (n,).

    Raises `ValueError` for a level that its scale does not have.
    """
    plain = (log.weight == 1.0) & ((log.score == 1.0) | (log.score == 0.0))
    found = np.where(plain, PLAIN, SCORED).astype(np.int64)
    judged = np.flatnonzero(log.level)
    if judged.size:
        scale, level = log.scale[judged], log.level[judged]
        sizes = np.array([*scales, 0], np.int64)
        if not ((scale >= 0) & (scale < len(scales))).all():
            raise ValueError(f"scale must be 0 to {len(scales) - 1} where there is a level")
        if not ((level >= 1) & (level <= sizes[scale])).all():
            raise ValueError("level is not one of its scale")
        found[judged] = np.concatenate([[0], np.cumsum(sizes)])[scale] + level - 1
    return found


def pack(log: Responses, targets: int, items: int, scales: tuple[int, ...] = ()) -> Packed:
    """Prepare a log for a model of so many targets, items and levels of each scale.

    Unknown targets share the pooled slot but are never chained: each response on an unknown
    target starts afresh, because two unknown targets need not be the same.
    """
    row = entry_rows(log.offsets)
    previous = previous_entries(log, row)
    known = (log.target >= 0) & (log.target < targets)
    previous = np.where(log.target >= 0, previous, -1)
    return Packed(
        student_offsets(log.student),
        log.offsets.astype(np.int64),
        np.where(known, log.target, targets).astype(np.int64),
        np.where((log.item < 0) | (log.item >= items), items, log.item).astype(np.int64),
        previous,
        log_gaps(log, row, previous),
        log.score,
        log.weight,
        grades(log, scales),
    )


def separate_second_tries(log: Responses, items: int) -> Responses:
    """Give "the same item again, at once" its own index, item + ``items``.

    Another try at the item just answered is another task: two choices are left of three, or the
    same mistake comes again.  Where platforms repeat items this is worth as much as ability
    (``assist2017``: half of all rows); elsewhere it changes nothing.  Fit with 2 ``items`` names.
    """
    again = np.zeros(len(log), np.bool_)
    again[1:] = (np.diff(log.student) == 0) & (np.diff(log.item) == 0) & (log.item[1:] >= 0)
    return replace(log, item=np.where(again, log.item + items, log.item))
