"""What another policy or model would change: two boards of the same students, side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from engine.board import MASTERED, STATUSES, Board, Mask, Status


@dataclass(frozen=True, slots=True)
class StatusChange:
    """How many (student, target) pairs would move from one status to another."""

    before: Status
    after: Status
    count: int


def status_changes(
    before: Board, after: Board, students: Sequence[str]
) -> tuple[StatusChange, ...]:
    """Count the statuses of some students that differ between two boards."""
    rows = [before.row(student) for student in students]
    old, new = before.status[rows], after.status[rows]
    pairs = Counter(zip(old[old != new].tolist(), new[old != new].tolist(), strict=True))
    return tuple(
        StatusChange(STATUSES[was], STATUSES[is_now], count)
        for (was, is_now), count in sorted(pairs.items())
    )


def mastered_on(board: Board, other: Board, students: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the (student, target) pairs that are mastered on one board and not on the other."""
    only: Mask = (board.status == MASTERED) & (other.status != MASTERED)
    return tuple(
        (student, target)
        for student in students
        for target, is_so in zip(board.targets, only[board.row(student)], strict=True)
        if is_so
    )
