"""Needs on a learning target: what is missing, what spins, what fades, what contradicts."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from engine.board import CHECK_AGAIN, DEVELOPING, MASTERED, NEAR, NOT_ENOUGH, Board
from engine.class_facts import ClassFacts
from engine.proposals import Need
from engine.reasons import Code, Reason
from models import Evidence
from models.wheel_spinning import IN_A_ROW, RIGHT

LATEST = 4
"""Latest answers that say whether a student struggles now."""
FAILED = 2
"""Wrong answers among these that make a struggle: one may be a slip."""
STUCK = 3
"""Wrong answers among these that say there is no progress yet: two right ones are some."""
LATEST_SHOWN = 3
"""Latest answers on what was shown, of which two wrong ones are more than a slip."""
APART = 0.5
"""Difference between two ratings of one work, as scores: two levels of a rubric of four."""
RECENT = 12
"""Latest pieces on a target among which kinds are compared."""
BY_CHANCE = 0.005
"""Chance (Fisher's exact test, one side) below which two kinds disagree: a class has some hundred
such comparisons, most of them of students who are simply learning."""
CONTRADICTION = 0.6
"""How sure a contradiction is a need: more likely than not, and less than a seen gap."""


def struggles(facts: ClassFacts, row: int) -> Iterator[Need]:
    """Yield the needs of one student on single targets."""
    board = facts.board
    student = board.students[row]
    for target, every_piece in facts.on_target[student].items():
        # A guess in no time says nothing of what a student can; it is a habit of its own.
        pieces = [piece for piece in every_piece if not facts.is_rapid(piece)]
        column = board.curriculum.graph.position.get(target)
        if column is None or not pieces:
            continue
        status = board.status[row, column]
        if status in (DEVELOPING, NEAR, NOT_ENOUGH) and board.p[row, column] < board.policy.near_at:
            yield from _struggle(facts, row, target, pieces)
        if status in (CHECK_AGAIN, MASTERED):
            yield from _fading(facts, row, target, pieces)
        yield from _kinds_apart(student, target, pieces)
    yield from _raters_apart(facts, student)


def _struggle(
    facts: ClassFacts, row: int, target: str, pieces: Sequence[Evidence]
) -> Iterator[Need]:
    gaps = teachable_gaps(facts.board, row, target)
    latest = pieces[-LATEST:]
    failed = [e for e in latest if not _right(e)]
    if len(failed) < FAILED:
        return
    if gaps:
        share = len(failed) / len(latest)
        for gap in gaps:
            yield _missing(facts.board, row, target, gap, share, latest)
    elif len(failed) >= STUCK and not _ever_in_a_row(pieces):
        yield from _spinning(facts, row, target, pieces)


def teachable_gaps(board: Board, row: int, target: str) -> tuple[str, ...]:
    """Return the prerequisites to begin with: not met, with all of their own met.

    Found by going down from a target through what is not met; nearest the target first.
    """
    waiting = list(board.blocked_by(row, target))
    found: list[str] = []
    seen = set(waiting)
    while waiting:
        here = waiting.pop(0)
        below = [p for p in board.blocked_by(row, here) if p not in seen]
        if not board.blocked_by(row, here):
            found.append(here)
        seen.update(below)
        waiting += below
    return tuple(found)


def _missing(
    board: Board, row: int, target: str, gap: str, share: float, latest: Sequence[Evidence]
) -> Need:
    column = board.curriculum.graph.position[gap]
    unseen = bool(board.count[row, column] == 0)
    cited = tuple(e.id for e in latest)
    code: Code = "unseen_prerequisite" if unseen else "missing_prerequisite"
    return Need(
        student=board.students[row],
        cause="missing_prerequisite",
        target=gap,
        blocks=target,
        need=float(1 - board.p[row, column]) * share,
        action="probe" if unseen else "reteach",
        reason=Reason(code, (target, gap), cited),
        rests_on=cited,
    )


def _spinning(
    facts: ClassFacts, row: int, target: str, pieces: Sequence[Evidence]
) -> Iterator[Need]:
    rule = facts.board.policy
    cited = tuple(e.id for e in pieces[-rule.stuck_after :])
    if len(pieces) >= rule.stuck_after:
        risk, reason = 1.0, Reason("stuck", (target,), cited, float(len(pieces)))
    else:
        risk = facts.risks[facts.board.students[row]].get(target, 0.0)
        reason = Reason("spinning_ahead", (target,), cited, risk)
    if risk >= rule.spin_risk:
        yield Need(
            facts.board.students[row], "wheel_spinning", target, target, risk,
            "change_of_approach", reason, cited,
        )  # fmt: skip


def _fading(facts: ClassFacts, row: int, target: str, pieces: Sequence[Evidence]) -> Iterator[Need]:
    board, graph = facts.board, facts.board.curriculum.graph
    column = graph.position[target]
    left, known = float(board.retrievable[row, column]), float(board.p[row, column])
    by_time = known >= board.policy.ready_at
    failed = sum(not _right(piece) for piece in pieces[-LATEST_SHOWN:])
    if board.overridden[row, column] or left >= board.policy.ready_at:
        return
    if not by_time and failed < FAILED:
        return  # one slip is no loss
    leaning = tuple(t for t in graph.dependents(target) if _worked_on(facts, row, t))
    if leaning:
        cited = tuple(e.id for e in pieces[-3:])
        reason = Reason("leaned_on", (target, *leaning), cited, left)
        yield Need(
            board.students[row], "fading", target, leaning[0], 1 - left, "short_check", reason,
            cited,
        )  # fmt: skip


def _worked_on(facts: ClassFacts, row: int, target: str) -> bool:
    """Whether a target not mastered is being worked on, or is the next step to a goal."""
    board, graph = facts.board, facts.board.curriculum.graph
    column = graph.position[target]
    if board.status[row, column] == MASTERED:
        return False
    goal = facts.background.plan(board.students[row]).goal
    to_goal = goal == target or (goal in graph.position and goal in graph.descendants(target))
    return bool(board.count[row, column] > 0) or to_goal


def _kinds_apart(student: str, target: str, pieces: Sequence[Evidence]) -> Iterator[Need]:
    """Yield a need where one kind of evidence shows what all others do not, or the reverse."""
    latest = pieces[-RECENT:]
    found = []
    for kind in sorted({piece.kind for piece in latest}):
        mine = [_right(piece) for piece in latest if piece.kind == kind]
        others = [_right(piece) for piece in latest if piece.kind != kind]
        chance = min(_by_chance(mine, others), _by_chance(others, mine))
        found.append((chance, kind))
    chance, kind = min(found)
    if chance <= BY_CHANCE:
        cited = tuple(e.id for e in latest)
        words = f"{kind.replace('_', ' ')} and other evidence"
        reason = Reason("kinds_apart", (target,), cited, words=words)
        yield Need(
            student, "contradictory", target, target, CONTRADICTION, "reassessment", reason, cited
        )


def _by_chance(high: Sequence[bool], low: Sequence[bool]) -> float:
    """Return the chance that so many of the successes would fall on `high` by luck alone."""
    drawn, successes, size = len(high), sum(high) + sum(low), len(high) + len(low)
    ways = sum(
        math.comb(successes, k) * math.comb(size - successes, drawn - k)
        for k in range(sum(high), min(drawn, successes) + 1)
        if drawn - k <= size - successes
    )
    return ways / math.comb(size, drawn)


def _raters_apart(facts: ClassFacts, student: str) -> Iterator[Need]:
    position = facts.board.curriculum.graph.position
    for ratings in facts.ratings[student]:
        scores = [_score(rating) for rating in ratings]
        target = next((t for t in ratings[0].targets if t in position), None)
        if max(scores) - min(scores) >= APART and target is not None:
            cited = tuple(rating.id for rating in ratings)
            words = f"{max(scores) - min(scores):.0%} of the scale"
            reason = Reason("raters_apart", (target,), cited, words=words)
            yield Need(
                student, "contradictory", target, target, CONTRADICTION, "reassessment", reason,
                cited,
            )  # fmt: skip


def _ever_in_a_row(pieces: Sequence[Evidence]) -> bool:
    run = np.array([_right(piece) for piece in pieces], dtype=np.int64)
    return bool((np.convolve(run, np.ones(IN_A_ROW, dtype=np.int64)) >= IN_A_ROW).any())


def _right(piece: Evidence) -> bool:
    return _score(piece) > RIGHT


def _score(piece: Evidence) -> float:
    return 0.0 if piece.score is None else piece.score
