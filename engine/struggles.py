"""Needs on a learning target: what is missing, what spins, what fades, what contradicts."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

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
"""Latest answers that must all be wrong to say that there is no progress: one right one is some."""
MORE_LIKELY = 0.5
"""P(mastered) below which a prerequisite is called missing: more likely than not it is."""
SHOWN, LOST = 5, 2
"""Right answers, three of them in a row, that showed a target well, and wrong ones since, in a row,
that are more than a slip."""
NEXT_TO = 2
"""Links of a chain that a sentence on its two ends already tells."""
LATEST_SHOWN = 3
"""Latest answers on what was shown that a proposal cites."""
APART = 0.5
"""Difference between two ratings of one work, as scores: two levels of a rubric of four."""
RECENT = 12
"""Latest pieces on a target among which kinds are compared."""
BY_CHANCE = 0.0085
"""Chance (Fisher's exact test, one side) below which two kinds disagree. A class has hundreds of
such comparisons; nine answers, four of them right and all of these of one kind, just reach it."""
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
    """Yield why a student fails on a target: what is missing below it, what is lost, or no way in.

    What was on the list of the day before stays on it while any of the latest answers is wrong.
    """
    student, graph = facts.board.students[row], facts.board.curriculum.graph
    gaps = chains_to_gaps(facts.board, row, target)
    latest = pieces[-LATEST:]
    failed = [e for e in latest if not _right(e)]
    if len(failed) < FAILED:
        gaps = {g: c for g, c in gaps.items() if failed and _was_missing(facts, student, g)}
    share = len(failed) / len(latest)
    for chain in gaps.values():
        for need in _gap(facts, row, chain, share, latest):
            yield replace(need, chain=chain if len(chain) > NEXT_TO else ())
    if len(failed) < FAILED:
        return
    for below in graph.prerequisites(target):
        left = float(facts.board.retrievable[row, graph.position[below]])
        lost = left < facts.board.policy.ready_at and _is_lost(_own(facts, row, below))
        if below not in gaps and lost:
            yield _faded(facts, row, below, (target,), _signs(facts, row, below, latest), share)
    if not gaps and not _ever_in_a_row(pieces):
        yield from _spinning(facts, row, target, pieces)


def _was_missing(facts: ClassFacts, student: str, gap: str) -> bool:
    return facts.was_listed(student, "missing_prerequisite", gap)


def _gap(
    facts: ClassFacts, row: int, chain: Sequence[str], share: float, latest: Sequence[Evidence]
) -> Iterator[Need]:
    """Say of what is not met below a struggle whether it is gone, missing or not known.

    What was shown once is not missing: it has faded, and the struggle is the sign of it.
    """
    board, student, target, gap = facts.board, facts.board.students[row], chain[0], chain[-1]
    column = board.curriculum.graph.position[gap]
    if _is_lost(_own(facts, row, gap)):
        yield _faded(facts, row, gap, (target,), _signs(facts, row, gap, latest), share)
    elif (
        board.count[row, column] == 0
        or board.p[row, column] < MORE_LIKELY
        or _was_missing(facts, student, gap)
    ):
        yield _missing(board, row, target, gap, share, latest)


def _is_lost(own: Sequence[Evidence]) -> bool:
    """Whether what was shown well before is answered wrongly now, whatever the estimate says."""
    before, latest = own[:-LOST], own[-LOST:]
    shown = sum(map(_right, before)) >= SHOWN and _ever_in_a_row(before)
    return shown and not any(map(_right, latest))


def _own(facts: ClassFacts, row: int, target: str) -> list[Evidence]:
    return facts.on_target[facts.board.students[row]].get(target, [])


def _signs(facts: ClassFacts, row: int, target: str, latest: Sequence[Evidence]) -> list[Evidence]:
    """Return what says that a target is gone: its own latest pieces, then the struggle's."""
    return [*_own(facts, row, target)[-LATEST_SHOWN:], *latest]


def chains_to_gaps(board: Board, row: int, target: str) -> dict[str, tuple[str, ...]]:
    """Return the prerequisites to begin with, nearest the target first, each with its chain.

    They are not met, with all of their own met; found by going down from a target through what is
    not met. A chain goes from the target down to the gap: each link is a prerequisite of the one
    before and not met. Of several ways down it is the shortest, then the first in curriculum order.
    """
    chains: dict[str, tuple[str, ...]] = {target: (target,)}
    waiting = [target]
    found: dict[str, tuple[str, ...]] = {}
    while waiting:
        here = waiting.pop(0)
        below = [p for p in board.blocked_by(row, here) if p not in chains]
        if here != target and not board.blocked_by(row, here):
            found[here] = chains[here]
        chains |= {p: (*chains[here], p) for p in below}
        waiting += below
    return found


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
    """Yield that practice alone will not do: by the label, its risk, or a settled estimate."""
    board, rule, student = facts.board, facts.board.policy, facts.board.students[row]
    cited = tuple(e.id for e in pieces[-rule.stuck_after :])
    listed = facts.was_listed(student, "wheel_spinning", target)
    no_progress = not any(map(_right, pieces[-STUCK:]))
    risk = facts.risks[student].get(target, 0.0)
    if len(pieces) < STUCK or not (no_progress or listed):
        return
    if len(pieces) >= rule.stuck_after:
        need, reason = 1.0, Reason("stuck", (target,), cited, float(len(pieces)))
    elif risk >= rule.spin_risk or (listed and risk >= MORE_LIKELY):
        need, reason = risk, Reason("spinning_ahead", (target,), cited, risk)
    elif facts.is_settled(student, target):
        p = float(board.p[row, board.curriculum.graph.position[target]])
        need, reason = 1 - p, Reason("settled", (target,), cited, p)
    else:
        return
    yield Need(student, "wheel_spinning", target, target, need, "change_of_approach", reason, cited)


def _fading(facts: ClassFacts, row: int, target: str, pieces: Sequence[Evidence]) -> Iterator[Need]:
    """Yield what was shown and is lost, by new wrong answers or by time, and leaned on."""
    board, graph = facts.board, facts.board.curriculum.graph
    column = graph.position[target]
    left, known = float(board.retrievable[row, column]), float(board.p[row, column])
    if board.overridden[row, column] or left >= board.policy.ready_at:
        return
    by_time = known >= board.policy.ready_at
    if not by_time and (not _is_lost(pieces) or board.blocked_by(row, target)):
        return  # one slip is no loss, and what its own prerequisites hold back is not lost
    leaning = tuple(t for t in graph.dependents(target) if _worked_on(facts, row, t))
    if leaning:
        yield _faded(facts, row, target, leaning, pieces[-LATEST_SHOWN:], 1.0)


def _faded(
    facts: ClassFacts,
    row: int,
    target: str,
    leaning: tuple[str, ...],
    pieces: Sequence[Evidence],
    share: float,
) -> Need:
    board, student = facts.board, facts.board.students[row]
    left = float(board.retrievable[row, board.curriculum.graph.position[target]])
    cited = tuple(dict.fromkeys(piece.id for piece in pieces))
    reason = Reason("leaned_on", (target, *leaning), cited, left)
    need = (
        max(1 - left, MORE_LIKELY) * share
    )  # a model that lags behind the answers still knows best
    return Need(student, "fading", target, leaning[0], need, "short_check", reason, cited)


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
    """Yield a need where one kind of evidence shows what all others do not, or the reverse.

    Only where it is so still: the latest of the kind and the latest two others disagree.
    """
    latest = pieces[-RECENT:]
    found = [(1.0, "")]
    for kind in sorted({piece.kind for piece in latest}):
        mine = [_right(piece) for piece in latest if piece.kind == kind]
        others = [_right(piece) for piece in latest if piece.kind != kind]
        if len(others) > 1 and others[-1] == others[-2] != mine[-1]:
            high, low = (mine, others) if mine[-1] else (others, mine)
            found.append((_by_chance(high, low), kind))
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
    return "1" * IN_A_ROW in "".join("1" if _right(piece) else "0" for piece in pieces)


def _right(piece: Evidence) -> bool:
    return _score(piece) > RIGHT


def _score(piece: Evidence) -> float:
    return 0.0 if piece.score is None else piece.score
