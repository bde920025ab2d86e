"""What placement and the plan of reviews add to choices: who may be offered what, and why.

Both propose; neither says what is mastered. A target due for review stays mastered, and one that
is likely shown is no prerequisite met: among what is ready, it is offered first as a quick check.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.board import STATUSES, Board, Floats, Status
from engine.placement import Place, Placement, new_student
from engine.reasons import Code, Reason
from engine.reviews import DAY, due_now, need, schedule_of
from engine.telling import of_unseen
from models import Evidence, Trail
from models.starts import Joint

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True)
class Placed:
    """What placement proposes to the S students of a board on T targets.

    `worth` float64[S, T] how much asking would settle (0: not to be asked), `check` float64[S, T]
    the probability that a target not seen would show (0 unless likely), `places` the place of
    each target of a new student, by row and column.
    """

    worth: Floats
    check: Floats
    places: Mapping[tuple[int, int], Place]


def with_proposals(
    board: Board, joint: Joint, trails: Sequence[Trail], logs: Sequence[Sequence[Evidence]]
) -> Board:
    """Return a board that also knows its students' reviews and, where they are new, placement."""
    plan = schedule_of(board.curriculum, board.policy, board.bar, trails, board.sure)
    worth, check = np.zeros(board.p.shape), np.zeros(board.p.shape)
    places: dict[tuple[int, int], Place] = {}
    for row, log in enumerate(logs):
        judged, implied = judgements_of(board, row), implied_of(board, row)
        found = new_student(joint, board.policy, log, judged, implied)
        if found is not None:
            _propose(found, row, board, worth, check)
            places |= {(row, column): each for column, each in enumerate(found.places)}
    return replace(board, plan=plan, placed=Placed(worth, check, places))


def judgements_of(board: Board, row: int) -> dict[str, Status]:
    """Return what a teacher judged of a student, by learning target."""
    if board.judged is None:
        return {}
    codes = zip(board.targets, board.judged[row].tolist(), strict=True)
    return {target: STATUSES[code] for target, code in codes if code >= 0}


def implied_of(board: Board, row: int) -> frozenset[str]:
    """Return what counts as met because what builds on it is mastered."""
    return frozenset(board.targets[column] for column in np.flatnonzero(board.implied[row]))


def placement_worth(board: Board, rows: Ints) -> Floats:
    """Return what an answer is worth to placement, float64[R, T].

    Of a probe, how many targets it would settle; of a quick check, the probability that it shows
    one.
    """
    if board.placed is None:
        return np.zeros((len(rows), len(board.targets)))
    worth = board.placed.worth[rows]
    return np.where(worth > 0, worth, board.placed.check[rows])


def placed_unseen(board: Board, row: int, columns: Iterable[int]) -> bool:
    """Whether placement speaks of any of these targets: the student is new, and nobody saw it."""
    places = board.placed.places if board.placed is not None else {}
    return any((row, column) in places and not places[row, column].seen for column in columns)


def need_in_passing(board: Board, rows: Ints) -> Floats:
    """Return what work on each target does for due reviews that it encompasses, float64[R, T]."""
    found: Floats = (board.layout.encompassed @ need(board, rows).T).T
    return board.policy.review_credit * found


def why_proposed(
    board: Board, row: int, columns: Sequence[int], cited: Mapping[str, Sequence[str]]
) -> Iterator[Reason]:
    """Say why placement or the plan of reviews speaks for an option on some targets."""
    due = due_now(board, np.array([row]))[0]
    yield from _why_due(board, row, [c for c in columns if due[c]], cited)
    for column in columns:
        target = board.targets[column]
        below = board.layout.encompassed[[column]].indices if due.any() else ()
        passing = [board.targets[k] for k in below if due[k] and k not in columns]
        if passing:
            yield Reason("encompassed", (target, *passing), _of(cited, passing))
        if board.placed is not None and board.placed.worth[row, column] > 0:
            places = (board.placed.places[row, c] for c in range(len(board.targets)))
            unseen = sum(not place.seen for place in places)
            worth = float(board.placed.worth[row, column])
            yield Reason("placing", (target,), (), worth, of_unseen(unseen))
        elif board.placed is not None and board.placed.check[row, column] > 0:
            place = board.placed.places[row, column]
            yield Reason("likely_shown", (target,), place.evidence, place.p)


def _why_due(
    board: Board, row: int, due: Sequence[int], cited: Mapping[str, Sequence[str]]
) -> Iterator[Reason]:
    """Say how long ago the target of an option was shown that waits for longest; once is enough."""
    if board.plan is None or not due:
        return
    days = {column: (board.now - board.plan.since[row, column]) / DAY for column in due}
    longest = max(due, key=lambda column: days[column])
    code: Code = "due" if np.isfinite(days[longest]) else "due_undated"
    number = days[longest] if np.isfinite(days[longest]) else 0.0
    target = board.targets[longest]
    yield Reason(code, (target,), _of(cited, [target]), number)


def _propose(found: Placement, row: int, board: Board, worth: Floats, check: Floats) -> None:
    """Write one student's probes and quick checks; what counts as met needs neither."""
    position = board.curriculum.graph.position
    for target, value in found.worth.items():
        worth[row, position[target]] = value
    for column, place in enumerate(found.places):
        likely = place.where == "shown" and not place.seen and not board.implied[row, column]
        check[row, column] = place.p if likely else 0.0


def _of(cited: Mapping[str, Sequence[str]], targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e for t in targets for e in list(cited.get(t, ()))[-5:]))
