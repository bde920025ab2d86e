"""Groups for today: short-lived, each with a purpose, a target and an end.

A first, honest version: students are taken target by target, where most of them share a
need, into groups within the policy's sizes; whoever fits none is named with the reason.
It respects every constraint it states but does not claim to be the best division.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.board import DEVELOPING, NEAR, NOT_ENOUGH, Board, Floats, Mask
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
    *nothing_open* (shows everything that is ready) or *too_little_evidence* (give a probe
    first: nobody is put in a group for a gap that nobody has seen).
    """

    groups: tuple[Group, ...]
    alone: Mapping[str, str]


def groups(
    board: Board, today: date, evidence: Mapping[str, Mapping[str, Sequence[str]]]
) -> Grouping:
    """Propose groups for the students on a board.

    `evidence` gives, by student and target, the ids in force. Largest shared need first;
    deterministic; every group has `group_min` to `group_max` students.
    """
    need = _needs(board)
    free = np.ones(len(board.students), dtype=bool)
    made: list[Group] = []
    while True:
        waiting = np.where(free[:, None], need, 0.0)
        column = int(waiting.sum(axis=0).argmax()) if waiting.size else 0
        members = _members(board, waiting[:, column]) if waiting.size else []
        if not members:
            break
        made.append(_group(board, column, members, need, today, evidence))
        free[members] = False
        need[:, column] = np.where(free, need[:, column], 0.0)
    return Grouping(tuple(made), _alone(board, free))


def _needs(board: Board) -> Floats:
    """1 − P(mastered) where the target is ready and a gap has been seen, else 0; [S, T]."""
    seen = np.isin(board.status, (DEVELOPING, NEAR))
    need = np.where(board.ready & seen, 1 - board.p, 0.0)
    shared: Floats = need * ((need > 0).sum(axis=0) >= board.policy.group_min)
    return shared


def _members(board: Board, need: Floats) -> list[int]:
    """Neediest first, at most `group_max`, leaving no rest too small to be a group."""
    wanting = [int(i) for i in np.argsort(-need, kind="stable") if need[i] > 0]
    rule = board.policy
    if len(wanting) < rule.group_min:
        return []
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
        status = board.status[row]
        if np.isin(status, (DEVELOPING, NEAR)).any():
            why[board.students[row]] = "no_shared_need"
        elif (status == NOT_ENOUGH).any() or (board.count[row] == 0).all():
            why[board.students[row]] = "too_little_evidence"
        else:
            why[board.students[row]] = "nothing_open"
    return why
