"""Interventions: whom to see first, and why.

A first, honest version with four causes, each a plain rule that names its evidence, its
action and what ends it. Ranked by how sure the need is times what it blocks; at most one a
student and `alerts_per_day` a class, so that the list stays something one adult can do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np

from engine.board import CHECK_AGAIN, DEVELOPING, NEAR, NOT_ENOUGH, Board
from engine.reasons import Reason
from models import Evidence, in_force

Cause = Literal["missing_prerequisite", "wheel_spinning", "fading", "inactive"]
IN_A_ROW = 3
"""Right answers in a row that end wheel-spinning (Beck & Gong 2013)."""
RIGHT = 0.5
"""A score above this counts as right in a row."""

ACTIONS: Mapping[Cause, str] = {
    "missing_prerequisite": "Reteach the prerequisite first, or give a short probe on it.",
    "wheel_spinning": "Change the approach: a worked example, another format, or a talk.",
    "fading": "A short check before the next target leans on it.",
    "inactive": "A conference: what is in the way?",
}
EXITS: Mapping[Cause, str] = {
    "missing_prerequisite": "The prerequisite is met.",
    "wheel_spinning": "Three right in a row, or mastery.",
    "fading": "One success on the faded target.",
    "inactive": "Any new evidence.",
}


@dataclass(frozen=True, slots=True)
class Intervention:
    """A proposal to help one student: cause, evidence, action, exit rule and expiry.

    `priority` is 0 or more and only ranks; `target` is `None` for causes that concern no
    single target.
    """

    student: str
    cause: Cause
    target: str | None
    priority: float
    reason: Reason
    action: str
    exit_rule: str
    expires: date


def interventions(
    board: Board, evidence: Mapping[str, Sequence[Evidence]], now: datetime
) -> tuple[Intervention, ...]:
    """Return today's proposals for the students on a board, most urgent first.

    `evidence` gives each student's whole log (any order); `now` is aware. Everyone is
    looked at, at most one proposal a student is shown.
    """
    found = []
    for row, student in enumerate(board.students):
        mine = in_force(evidence.get(student, ()))
        proposals = [*_targets(board, row, mine, now), *_inactive(board, row, mine, now)]
        if proposals:
            found.append(max(proposals, key=lambda p: (p.priority, p.target or "")))
    found.sort(key=lambda p: (-p.priority, p.student))
    return tuple(found[: board.policy.alerts_per_day])


def _targets(
    board: Board, row: int, mine: tuple[Evidence, ...], now: datetime
) -> Iterator[Intervention]:
    struggling = np.isin(board.status[row], (DEVELOPING, NEAR, NOT_ENOUGH))
    for column in np.flatnonzero(struggling & (board.p[row] < board.policy.near_at)):
        yield from _struggle(board, row, int(column), mine, now)
    for column in np.flatnonzero(board.status[row] == CHECK_AGAIN):
        yield from _fading(board, row, int(column), mine, now)


def _struggle(
    board: Board, row: int, column: int, mine: tuple[Evidence, ...], now: datetime
) -> Iterator[Intervention]:
    target = board.targets[column]
    answers = [e for e in mine if target in e.targets]
    cited = tuple(e.id for e in answers[-board.policy.stuck_after :])
    blocked_by = board.blocked_by(row, target)
    failed = sum(1 for e in answers if e.score is not None and e.score <= RIGHT)
    if blocked_by and failed >= 2:
        reason = Reason("missing_prerequisite", (target, *blocked_by), cited)
        yield _propose(board, row, "missing_prerequisite", target, reason, now)
    if len(answers) >= board.policy.stuck_after and not _ever_in_a_row(answers):
        reason = Reason("stuck", (target,), cited, float(len(answers)))
        yield _propose(board, row, "wheel_spinning", target, reason, now)


def _ever_in_a_row(answers: Sequence[Evidence]) -> bool:
    run = 0
    for piece in answers:
        run = run + 1 if piece.score is not None and piece.score > RIGHT else 0
        if run >= IN_A_ROW:
            return True
    return False


def _fading(
    board: Board, row: int, column: int, mine: tuple[Evidence, ...], now: datetime
) -> Iterator[Intervention]:
    target = board.targets[column]
    leaning = tuple(
        t
        for t in board.curriculum.graph.dependents(target)
        if board.count[row, board.curriculum.graph.position[t]] > 0
    )
    cited = tuple(e.id for e in mine if target in e.targets)[-3:]
    if leaning and cited:
        now_at = float(board.retrievable[row, column])
        reason = Reason("leaned_on", (target, *leaning), cited, now_at)
        yield _propose(board, row, "fading", target, reason, now)


def _inactive(
    board: Board, row: int, mine: tuple[Evidence, ...], now: datetime
) -> Iterator[Intervention]:
    clocked = [e for e in mine if e.observed_at is not None]
    if clocked:
        last = clocked[-1]
        days = (now - (last.observed_at or now)).days
        if days >= board.policy.inactive_days:
            reason = Reason("inactive", (), (last.id,), float(days))
            yield _propose(board, row, "inactive", None, reason, now)


def _propose(
    board: Board, row: int, cause: Cause, target: str | None, reason: Reason, now: datetime
) -> Intervention:
    return Intervention(
        student=board.students[row],
        cause=cause,
        target=target,
        priority=_priority(board, row, target, reason),
        reason=reason,
        action=ACTIONS[cause],
        exit_rule=EXITS[cause],
        expires=now.date() + timedelta(days=board.policy.intervention_days),
    )


def _priority(board: Board, row: int, target: str | None, reason: Reason) -> float:
    """Need × what it blocks: distance from mastery times (1 + unmastered descendants)."""
    if target is None:
        return reason.number / board.policy.inactive_days
    graph = board.curriculum.graph
    column = graph.position[target]
    ahead = [graph.position[t] for t in graph.descendants(target)]
    blocked = float((~board.met[row, ahead]).sum()) if ahead else 0.0
    return float(1 - board.p[row, column]) * (1 + blocked)
