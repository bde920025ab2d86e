"""Standings of many students at once under plain BKT, byte for byte those of one by one.

A school that imports a year of evidence folds a million pieces: walking them as objects
takes a minute, as arrays seconds. Only plain logs go this way, in which nothing is revised
and no work is rated twice; the others are folded by `models.trail`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from models.batch.filter import FORGET, GUESS, LEARN, PRIOR, SLIP
from models.bkt import condition, emissions, transit
from models.compiled import compiled
from models.fitting import parameter_table
from models.log import Floats, Ints
from models.model import BKTModel
from models.state import BKTState, TargetState
from models.trail import RECORD, Standing, Trail


class PlainPiece(NamedTuple):
    """One piece of evidence with a score, its fields in the order of its reading key.

    `moment` is in microseconds since the year 1 (0 without a clock), `position` −1 where
    there is none; `when` is in seconds since 1970 UTC, NaN without a clock.
    """

    student: str
    moment: int
    position: int
    id: str
    targets: tuple[str, ...]
    kind: str
    score: float
    when: float


@dataclass(frozen=True, slots=True)
class _Steps:
    """Every (piece, target) of some students in reading order, as arrays of equal length.

    `student`, `target` and `kind` index the names; `p` is P(mastered) after the step.
    """

    student: Ints
    target: Ints
    kind: Ints
    score: Floats
    when: Floats
    p: Floats


def plain_standings(model: BKTModel, pieces: Iterable[PlainPiece]) -> dict[str, Standing]:
    """Return the standing of every student who has a piece; the pieces may come unsorted."""
    ordered = sorted(pieces)
    if not ordered:
        return {}
    last = {student: list(mine)[-1] for student, mine in groupby(ordered, itemgetter(0))}
    targets = _numbered(target for piece in ordered for target in piece.targets)
    kinds = _numbered(piece.kind for piece in ordered)
    steps = _steps(model, ordered, _numbered(last), targets, kinds)
    names, kind_names = tuple(targets), tuple(kinds)
    bounds = np.searchsorted(steps.student, np.arange(len(last) + 1))
    return {
        student: _standing(steps, slice(bounds[i], bounds[i + 1]), piece, names, kind_names)
        for i, (student, piece) in enumerate(last.items())
    }


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(dict.fromkeys(names))}


def _steps(
    model: BKTModel,
    pieces: Sequence[PlainPiece],
    students: dict[str, int],
    targets: dict[str, int],
    kinds: dict[str, int],
) -> _Steps:
    times = np.array([len(piece.targets) for piece in pieces], dtype=np.int64)
    row = np.repeat(np.arange(len(pieces)), times)
    student = np.array([students[piece.student] for piece in pieces], dtype=np.int64)[row]
    target = np.array([targets[t] for piece in pieces for t in piece.targets], dtype=np.int64)
    kind = np.array([kinds[piece.kind] for piece in pieces], dtype=np.int64)[row]
    score = np.array([piece.score for piece in pieces], dtype=np.float64)[row]
    when = np.array([piece.when for piece in pieces], dtype=np.float64)[row]
    weight = np.array([model.reliability.get(name, 1.0) for name in kinds])
    parameters = parameter_table(model, tuple(targets))
    p = _follow(student, target, score, weight[kind], parameters)
    return _Steps(student, target, kind, score, when, p)


@compiled
def _follow(
    student: Ints, target: Ints, score: Floats, weight: Floats, parameters: Floats
) -> Floats:
    """Return P(known) after each step; `BKTModel.observe` in one pass over all students."""
    after = np.empty(len(score))
    known = parameters[:, PRIOR].copy()
    for i in range(len(score)):
        if i > 0 and student[i] != student[i - 1]:
            known[:] = parameters[:, PRIOR]
        t = target[i]
        if_known, if_unknown = emissions(
            score[i], weight[i], parameters[t, GUESS], parameters[t, SLIP]
        )
        answered = condition(known[t], if_known, if_unknown)
        known[t] = transit(answered, parameters[t, LEARN], parameters[t, FORGET])
        after[i] = known[t]
    return after


def _standing(
    steps: _Steps,
    mine: slice,
    last: PlainPiece,
    targets: tuple[str, ...],
    kinds: tuple[str, ...],
) -> Standing:
    """Cut one student's standing out of the steps of all."""
    target, own_targets = _renumbered(steps.target[mine])
    kind, own_kinds = _renumbered(steps.kind[mine])
    records = np.empty(len(target), dtype=RECORD)
    records["target"], records["kind"] = target, kind
    records["when"], records["score"] = steps.when[mine], steps.score[mine]
    records["p"] = steps.p[mine]
    names = tuple(targets[t] for t in own_targets)
    trail = Trail(names, tuple(kinds[k] for k in own_kinds), records)
    return Standing(_state(names, records), trail, (last.moment, last.position, last.id))


def _renumbered(codes: Ints) -> tuple[Ints, list[int]]:
    """Return codes numbered by their first appearance, and the code behind each number."""
    distinct, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[inverse], distinct[order].tolist()


def _state(names: tuple[str, ...], records: np.ndarray) -> BKTState:
    """Read the state off a trail: the last, the highest and the number of steps of a target."""
    order = np.argsort(records["target"], kind="stable")
    target = records["target"][order]
    first = np.flatnonzero(np.r_[True, target[1:] != target[:-1]])
    final = np.r_[first[1:], len(target)] - 1
    p, when = records["p"][order], records["when"][order]
    columns = (p[final], np.maximum.reduceat(p, first), final - first + 1, when[final])
    rows = zip(names, *(column.tolist() for column in columns), strict=True)
    return BKTState(
        {name: TargetState(known, peak, n, None if last != last else last)  # noqa: PLR0124  # NaN
         for name, known, peak, n, last in rows}
    )  # fmt: skip
