"""A response log: many students' responses as arrays, one row a response.

The shape every fit, evaluation and benchmark works on. A response on several learning
targets stays one row; targets are kept as a ragged array. Rows are sorted by student, then
by the time (or position) at which they were given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphs.framework import DEFAULT_SCALES, Scale
from models.evidence import Evidence, in_force

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def _no_rows() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class ResponseLog:
    """Responses of many students, sorted by student and time.

    Shapes for n responses: `student`, `item` int64[n] index `students`, `items`; `score`
    float64[n] in [0, 1]; `weight` float64[n] above 0, the weight of the kind (times that of
    its points, so at most 1 but for scores of several points); `time` float64[n] seconds since
    1970 (NaN without a clock); `offset` int64[n + 1] and `target` int64[offset[n]]: the targets
    of row i are `target[offset[i]:offset[i + 1]]`, indexing `targets`. `extra` keeps the other
    columns as text, for audits and splits.

    Where kinds are known `kind` int64[n] indexes `kinds`, each with its weight. Where rubrics
    were used `level` int64[n] counts from 1 (0: no rubric) on `scale` int64[n], which indexes
    `scales`, each with its number of levels (-1: no rubric). Else these arrays are empty.
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
    kinds: Mapping[str, float] = field(default_factory=dict)
    kind: Ints = field(default_factory=_no_rows)
    scales: Mapping[str, int] = field(default_factory=dict)
    level: Ints = field(default_factory=_no_rows)
    scale: Ints = field(default_factory=_no_rows)

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
            kind=self.kind[keep] if self.kind.size else self.kind,
            level=self.level[keep] if self.level.size else self.level,
            scale=self.scale[keep] if self.scale.size else self.scale,
        )

    def of_students(self, chosen: Ints) -> "ResponseLog":
        """Return the rows of some students, given by index."""
        return self.where(np.isin(self.student, chosen))

    def weighed(self, kinds: Mapping[str, float]) -> "ResponseLog":
        """Return the log with other weights of some of its kinds."""
        weights = {kind: kinds.get(kind, weight) for kind, weight in self.kinds.items()}
        before = kind_weights(self.kind, self.kinds, len(self))
        after = kind_weights(self.kind, weights, len(self))
        return replace(self, kinds=weights, weight=self.weight * (after / before))


def log_from_evidence(
    evidence: Iterable[Evidence],
    reliability: Mapping[str, float],
    scales: Iterable[Scale] = DEFAULT_SCALES,
) -> ResponseLog:
    """Pack evidence that is in force into a response log, weighted by its kind.

    Unknown kinds count in full. A level is kept where its scale is one of `scales` and has it;
    else its score stands for it.
    """
    by_student: dict[str, list[Evidence]] = {}
    for piece in evidence:
        by_student.setdefault(piece.student, []).append(piece)
    rows = [piece for student in sorted(by_student) for piece in in_force(by_student[student])]
    student, students = pd.factorize(np.array([r.student for r in rows], dtype=object))
    item, items = pd.factorize(np.array([r.task or "" for r in rows], dtype=object))
    flat = np.array([t for r in rows for t in r.targets], dtype=object)
    target, targets = pd.factorize(flat)
    clock = [np.nan if r.observed_at is None else r.observed_at.timestamp() for r in rows]
    kinds = {**reliability, **{r.kind: reliability.get(r.kind, 1.0) for r in rows}}
    number = {name: i for i, name in enumerate(kinds)}
    kind = np.array([number[r.kind] for r in rows], dtype=np.int64)
    sizes = {scale.id: len(scale.levels) for scale in scales}
    level, scale = _levels_of(rows, sizes)
    return ResponseLog(
        tuple(students), tuple(items), tuple(targets),
        student.astype(np.int64), item.astype(np.int64),
        np.array([r.score for r in rows], dtype=np.float64),
        kind_weights(kind, kinds, len(rows)),
        np.array(clock, dtype=np.float64),
        np.concatenate(([0], np.cumsum([len(r.targets) for r in rows], dtype=np.int64))),
        target.astype(np.int64),
        kinds=kinds, kind=kind, scales=sizes, level=level, scale=scale,
    )  # fmt: skip


def kind_weights(kind: Ints, kinds: Mapping[str, float], rows: int) -> Floats:
    """Return the weight of each row by its kind, float64[rows]; 1 where kinds are not known."""
    if not kinds:
        return np.ones(rows)
    table = np.array(list(kinds.values()), dtype=np.float64)
    found: Floats = table[kind]
    return found


def _levels_of(rows: list[Evidence], sizes: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Return (level, scale) of each row, empty where there is no rubric among them."""
    number = {name: i for i, name in enumerate(sizes)}
    judged = [
        (r.level, number[r.scale])
        if r.level and r.scale in number and r.level <= sizes[r.scale]
        else (0, -1)
        for r in rows
    ]
    if not any(level for level, _ in judged):
        return _no_rows(), _no_rows()
    table = np.array(judged, dtype=np.int64)
    return table[:, 0].copy(), table[:, 1].copy()
