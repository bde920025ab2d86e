"""What is known of a student: frozen values that a model folds evidence into."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_RECORD = np.dtype([("known", "<f8"), ("peak", "<f8"), ("count", "<u4"), ("last", "<f8")])


class StudentState(Protocol):
    """All that a model remembers of a student; a model that packs it also unpacks it.

    Equal states pack into equal bytes, whatever order the evidence came in.
    """

    def to_bytes(self) -> bytes:
        """Pack the state."""
        ...


@dataclass(frozen=True, slots=True)
class TargetState:
    """The belief of plain BKT about one learning target of one student.

    `known` is P(known) now, `peak` its highest value after any piece of evidence (what was
    once *learned*), `count` the pieces of evidence in force, `last` when the latest was
    observed (seconds since 1970 UTC; `None` without a clock).
    """

    known: float
    peak: float
    count: int
    last: float | None


@dataclass(frozen=True, slots=True)
class BKTState:
    """The beliefs of plain BKT about one student; targets without evidence are absent."""

    targets: Mapping[str, TargetState] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Pack the state: target ids as a JSON line, then 28 bytes a target.

        Equal states give equal bytes, whatever order their targets came in.
        """
        ids = sorted(self.targets)
        rows = [self.targets[t] for t in ids]
        numbers = [(r.known, r.peak, r.count, math.nan if r.last is None else r.last) for r in rows]
        packed = np.array(numbers, dtype=_RECORD)
        return json.dumps(ids, ensure_ascii=False).encode() + b"\n" + packed.tobytes()

    @staticmethod
    def from_bytes(packed: bytes) -> "BKTState":
        """Read back what `to_bytes` wrote."""
        head, _, body = packed.partition(b"\n")
        rows: npt.NDArray[np.void] = np.frombuffer(body, dtype=_RECORD)
        ids: list[str] = json.loads(head)
        states = {
            target: TargetState(known, peak, count, None if math.isnan(last) else last)
            for target, (known, peak, count, last) in zip(ids, rows.tolist(), strict=True)
        }
        return BKTState(states)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a model says about one (student, learning target), with what would change it.

    `p_mastered` = P(mastered) as the evidence left it, `learned` its peak, `retrievable` =
    P(mastered) once forgetting up to now is counted · `evidence_count` pieces in force ·
    `p_right` = P(next answer right) on a usual item now; `p_right_low` to `p_right_high` holds
    the student's own chance with 90 % probability · `p_after_practice` = `p_mastered` expected
    after one more opportunity, before its answer is seen · `if_next_right`, `if_next_wrong` =
    where `p_mastered` would go with one more fully reliable answer: far apart while little is
    known. `last_observed` in seconds since 1970 UTC, `None` without a clock.
    """

    p_mastered: float
    learned: float
    retrievable: float
    evidence_count: int
    p_right: float
    p_right_low: float
    p_right_high: float
    p_after_practice: float
    if_next_right: float
    if_next_wrong: float
    last_observed: float | None


@dataclass(frozen=True, slots=True)
class EstimateTable:
    """Estimates of S students on T targets: fields as in `Estimate`, each float64[S, T].

    `last_observed` is NaN where there is none.
    """

    p_mastered: Floats
    learned: Floats
    retrievable: Floats
    evidence_count: Floats
    p_right: Floats
    p_after_practice: Floats
    last_observed: Floats


def estimate_table(rows: Sequence[Floats], targets: int) -> EstimateTable:
    """Stack one float64[7, targets] a student, its lines in the order of the table's fields."""
    stacked = np.stack(rows, axis=1) if rows else np.zeros((7, 0, targets))
    return EstimateTable(*stacked)


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence and what it did to one estimate, in log-odds.

    `waiting_effect` is what was forgotten before it, `evidence_effect` what the answer itself
    said, `practice_effect` what the opportunity to learn added. The prior's log-odds plus all
    effects is exactly the log-odds of `p_mastered`. `direct` is false for evidence on other
    targets, which speaks through the student's general ability only.
    """

    evidence: str
    before: float
    after: float
    evidence_effect: float
    practice_effect: float
    waiting_effect: float = 0.0
    direct: bool = True
