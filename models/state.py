"""What is known of a student: frozen values that a model folds evidence into."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

_RECORD = np.dtype([("known", "<f8"), ("peak", "<f8"), ("count", "<u4"), ("last", "<f8")])


@dataclass(frozen=True, slots=True)
class TargetState:
    """The belief about one learning target of one student.

    `known` is P(known) now, `peak` its highest value after any piece of evidence (what was
    once *learned*), `count` the pieces of evidence in force, `last` when the latest was
    observed (seconds since 1970 UTC; `None` without a clock).
    """

    known: float
    peak: float
    count: int
    last: float | None


@dataclass(frozen=True, slots=True)
class StudentState:
    """The beliefs about one student, by learning target; targets without evidence are absent."""

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
    def from_bytes(packed: bytes) -> "StudentState":
        """Read back what `to_bytes` wrote."""
        head, _, body = packed.partition(b"\n")
        rows: npt.NDArray[np.void] = np.frombuffer(body, dtype=_RECORD)
        ids: list[str] = json.loads(head)
        states = {
            target: TargetState(known, peak, count, None if math.isnan(last) else last)
            for target, (known, peak, count, last) in zip(ids, rows.tolist(), strict=True)
        }
        return StudentState(states)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a model says about one (student, learning target), with what would change it.

    `p_mastered` = P(known) now · `learned` its peak · `evidence_count` pieces in force ·
    `p_right` = P(next answer right) · `p_after_practice` = `p_mastered` expected after one
    more opportunity, before its answer is seen · `if_next_right`, `if_next_wrong` = where
    `p_mastered` would go with one more fully reliable answer: far apart while little is
    known. `last_observed` in seconds since 1970 UTC, `None` without a clock.
    """

    p_mastered: float
    learned: float
    evidence_count: int
    p_right: float
    p_after_practice: float
    if_next_right: float
    if_next_wrong: float
    last_observed: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence and what it did to one estimate, in log-odds.

    `evidence_effect` is what the answer itself said, `practice_effect` what the opportunity
    to learn added. The prior's log-odds plus all effects is exactly the log-odds now.
    """

    evidence: str
    before: float
    after: float
    evidence_effect: float
    practice_effect: float
