"""What became of accepted groups: the estimates before and after, in so many words.

A comparison, not a cause: those in a group were chosen for their need, and a low estimate
rises on its own more easily than a high one. So the same is said of class mates who had a
gap in the same target then and were not in the group, and nothing is said without evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.board import MASTERED, Board
from engine.groups.need import gaps
from engine.groups.past import PastGroup, Round


@dataclass(frozen=True, slots=True)
class Effect:
    """One group of a past round: mean P(mastered) of its learners before it and now.

    `seen` of `students` learners have new evidence on the target since; the means are over
    those alone, and `None` without any. `others` are class mates with a gap in the target
    then, in no group on it, and with new evidence since; their means likewise. `mastered`
    counts the learners who have mastered the target since.
    """

    group: PastGroup
    students: int
    seen: int
    before: float | None
    after: float | None
    mastered: int
    others: int
    others_before: float | None
    others_after: float | None


def effects(then: Board, now: Board, past: Round) -> tuple[Effect, ...]:
    """Compare two boards of the same students under one model: as the round began, and now.

    Groups on targets that are no longer in the curriculum are left out.
    """
    return tuple(
        _effect(then, now, past, group)
        for group in past.groups
        if group.aim.target in now.curriculum.graph.position
    )


def _effect(then: Board, now: Board, past: Round, group: PastGroup) -> Effect:
    column = now.curriculum.graph.position[group.aim.target]
    learners = [now.row(s) for s in group.students if s in now.students and s not in group.coaches]
    busy = {s for g in past.groups if g.aim.target == group.aim.target for s in g.students}
    gap = gaps(then)[:, column]
    others = [i for i, s in enumerate(now.students) if s not in busy and gap[i]]
    seen, seen_others = (_with_news(then, now, rows, column) for rows in (learners, others))
    mastered = [i for i in seen if then.status[i, column] != MASTERED == now.status[i, column]]
    return Effect(
        group=group,
        students=len(learners),
        seen=len(seen),
        before=_mean(then, seen, column),
        after=_mean(now, seen, column),
        mastered=len(mastered),
        others=len(seen_others),
        others_before=_mean(then, seen_others, column),
        others_after=_mean(now, seen_others, column),
    )


def _with_news(then: Board, now: Board, rows: Sequence[int], column: int) -> list[int]:
    return [i for i in rows if now.count[i, column] > then.count[i, column]]


def _mean(board: Board, rows: Sequence[int], column: int) -> float | None:
    return float(board.p[rows, column].mean()) if rows else None
