"""Groups for today: short-lived, each with a purpose, a target and an end.

A first, honest version: students are taken target by target, where most of them share a
need, into groups within the policy's sizes; whoever fits none is named with the reason.
It respects every constraint it states but does not claim to be the best division.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.board import DEVELOPING, NEAR, NOT_ENOUGH, NOT_STARTED, Board, Floats, Mask
from engine.layout import Option
from engine.reasons import Reason


@dataclass(frozen=True, slots=True)
class Group:
    """Students who need the same thing now: `purpose` *reteach*, its target and an expiry.

    `need` is the mean of 1 − P(mastered) over the members.
    """

    purpose: str
    target: str
    students: tuple[str, ...]
    need: float
    tasks: tuple[Option, ...]
    expires: date
    reason: Reason


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of one class for one day, and who is in none and why.

    `alone` maps a student to *no_shared_need* (has needs that too few others share),
    *too_little_evidence* (something is ready, but give a probe first: nobody is put in a
    group for a gap that nobody has seen) or *nothing_open* (has shown all that is ready).
    """

    groups: tuple[Group, ...]
    alone: Mapping[str, str]


def groups(
    board: Board, today: date, evidence: Mapping[str, Mapping[str, Sequence[str]]]
) -> Grouping:
    """Propose groups for the students on a board.

    `evidence` gives, by student and target, the ids in force. Largest shared need first;
    every group has `group_min` to `group_max` students. Deterministic, and who is together
    does not depend on the order of the students.
    """
    need = _needs(board)
    free = np.ones(len(board.students), dtype=bool)
    made: list[Group] = []
    while (column := _most_shared(board, need)) is not None:
        members = _members(board, need[:, column])
        made.append(_group(board, column, members, need, today, evidence))
        free[members] = False
        need[members] = 0.0
    return Grouping(tuple(made), _alone(board, free))


def _needs(board: Board) -> Floats:
    """1 − P(mastered) where the target is ready and a gap has been seen, else 0; [S, T]."""
    seen = np.isin(board.status, (DEVELOPING, NEAR))
    need: Floats = np.where(board.ready & seen, 1 - board.p, 0.0)
    return need


def _most_shared(board: Board, need: Floats) -> int | None:
    """Return the target with the largest need of those that enough students share."""
    enough = (need > 0).sum(axis=0) >= board.policy.group_min
    ordered = np.sort(need, axis=0)  # so that rounding cannot tell the order of the students
    shared = np.where(enough, ordered.sum(axis=0), 0.0)
    return int(shared.argmax()) if shared.any() else None


def _members(board: Board, need: Floats) -> list[int]:
    """Neediest first, at most `group_max`, leaving no rest too small to be a group."""
    wanting = [int(i) for i in np.flatnonzero(need > 0)]
    wanting.sort(key=lambda i: (-need[i], board.students[i]))
    rule = board.policy
    size = min(len(wanting), rule.group_max)
    rest = len(wanting) - size
    if 0 < rest < rule.group_min and size - (rule.group_min - rest) >= rule.group_min:
        size -= rule.group_min - rest
    return sorted(wanting[:size])


def _group(
    board: Board, column: int, members: list[int],
    need: Floats,
    today: date, evidence: Mapping[str, Mapping[str, Sequence[str]]],
) -> Group:  # fmt: skip
    target = board.targets[column]
    students = tuple(board.students[i] for i in members)
    cited = tuple(e for s in students for e in list(evidence.get(s, {}).get(target, ()))[-1:])
    serving = [o for o in board.layout.options if target in o.targets]
    return Group(
        purpose="reteach",
        target=target,
        students=students,
        need=float(need[members, column].mean()),
        tasks=tuple(sorted(serving, key=lambda o: (len(o.targets), o.minutes))[:3]),
        expires=today + timedelta(days=board.policy.group_days),
        reason=Reason("shared_gap", (target,), cited, float(len(members))),
    )


def _alone(board: Board, free: Mask) -> dict[str, str]:
    why = {}
    for row in np.flatnonzero(free):
        status = board.status[row, board.ready[row]]
        if np.isin(status, (DEVELOPING, NEAR)).any():
            why[board.students[row]] = "no_shared_need"
        elif np.isin(status, (NOT_STARTED, NOT_ENOUGH)).any():
            why[board.students[row]] = "too_little_evidence"
        else:
            why[board.students[row]] = "nothing_open"
    return why
