"""The trail of a student: what was seen, piece by piece, and where each estimate stood then.

A state says what is believed now; the trail says on what it rests: how many pieces, of which
kinds, on how many occasions, and whether mastery was ever reached. It is one compact array,
so that a requirement is checked for a whole district at once.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from models.evidence import BEFORE_ALL, Evidence, in_force, in_order
from models.model import MasteryModel
from models.state import StudentState

RECORD = np.dtype(
    [("target", "<u2"), ("kind", "<u2"), ("when", "<f8"), ("score", "<f8"), ("p", "<f8")]
)


@dataclass(frozen=True, eq=False)
class Trail:
    """One record a piece in force and target, in reading order.

    `steps` has the fields `target` and `kind` (indices into `targets` and `kinds`), `when`
    (seconds since 1970 UTC, NaN without a clock), `score` in [0, 1] and `p`, P(mastered) of
    that target right after the piece.
    """

    targets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    steps: npt.NDArray[np.void] = field(default_factory=lambda: np.empty(0, dtype=RECORD))

    def first(self, target: str) -> float | None:
        """Return P(mastered) after the first piece on a target; `None` without any."""
        if target not in self.targets:
            return None
        mine = self.steps["target"] == self.targets.index(target)
        return float(self.steps["p"][mine][0])

    def to_bytes(self) -> bytes:
        """Pack the trail: names as a JSON line, then 28 bytes a record."""
        head = json.dumps([self.targets, self.kinds], ensure_ascii=False)
        return head.encode() + b"\n" + self.steps.tobytes()

    @staticmethod
    def from_bytes(packed: bytes) -> "Trail":
        """Read back what `to_bytes` wrote."""
        head, _, body = packed.partition(b"\n")
        targets, kinds = json.loads(head)
        return Trail(tuple(targets), tuple(kinds), np.frombuffer(body, dtype=RECORD))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of a student: the state, the trail, and the `tail` of the log.

    After the tail a new piece of evidence may simply be observed; without one (`None`) the
    whole log must be folded again.
    """

    state: StudentState
    trail: Trail
    tail: "Tail | None"


Tail = tuple[int, int, str]
"""The reading key of the latest piece with a score: microseconds, position, id."""
MICROSECOND = timedelta(microseconds=1)


def standing(model: MasteryModel, evidence: Iterable[Evidence]) -> Standing:
    """Fold the whole log of one student, in whatever order it comes."""
    log = in_order(evidence)
    state, trail = _walk(model, model.start(), Trail(), in_force(log))
    return Standing(state, trail, _tail(log))


def extended(model: MasteryModel, before: Standing, new: Iterable[Evidence]) -> Standing | None:
    """Return the standing after more evidence of one student, without the log before it.

    `None` unless every new piece comes after all before it in reading order and revises
    nothing: then the result equals that of folding the whole log, byte for byte.
    """
    pieces = [piece for piece in in_order(new) if not piece.missed]
    if not pieces:
        return before
    first = pieces[0]
    if before.tail is None or _key(first) <= before.tail:
        return None
    if any(piece.supersedes or piece.work for piece in pieces):
        return None
    state, trail = _walk(model, before.state, before.trail, pieces)
    return Standing(state, trail, _key(pieces[-1]))


def _walk(
    model: MasteryModel, state: StudentState, trail: Trail, pieces: Iterable[Evidence]
) -> tuple[StudentState, Trail]:
    targets = {target: i for i, target in enumerate(trail.targets)}
    kinds = {kind: i for i, kind in enumerate(trail.kinds)}
    steps = []
    for piece in pieces:
        state = model.observe(state, piece)
        after = model.table([state], piece.targets).p_mastered[0].tolist()
        kind = kinds.setdefault(piece.kind, len(kinds))
        when = math.nan if piece.observed_at is None else piece.observed_at.timestamp()
        for target, p in zip(piece.targets, after, strict=True):
            steps.append((targets.setdefault(target, len(targets)), kind, when, piece.score, p))
    added = np.concatenate([trail.steps, np.array(steps, dtype=RECORD)])
    return state, Trail(tuple(targets), tuple(kinds), added)


def _tail(log: tuple[Evidence, ...]) -> Tail | None:
    """Return the last key, or `None` when a revision of what has not come yet is waiting."""
    scored = [piece for piece in log if not piece.missed]
    known = {piece.id for piece in scored}
    if any(piece.supersedes and piece.supersedes not in known for piece in scored):
        return None
    return _key(scored[-1]) if scored else (0, -1, "")


def _key(piece: Evidence) -> Tail:
    when, position, name = piece.when
    return ((when - BEFORE_ALL) // MICROSECOND, position, name)
