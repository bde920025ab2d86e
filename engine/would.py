"""What would change a choice: answers are imagined, and the choices asked for again.

Nothing is guessed: each statement holds of the slate that the same model and policy give
once such answers are recorded, on a day on which the target does not rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from engine.board import MASTERED, Board
from engine.choices import Choice
from engine.layout import Option
from engine.pacing import tiredness
from engine.reasons import Reason
from engine.scoring import Wishes, paced, terms
from engine.slates import slate_of
from models import Evidence

MOST_RIGHT, MOST_WRONG = 5, 2
"""Answers in a row that are imagined: more would be no plan for a sitting, or no kindness."""
USUAL_KIND = "quiz_item"
Imagined = Callable[[Sequence[Evidence]], Board]
"""The board with a student's imagined pieces of evidence recorded as well."""


def changes(
    board: Board, student: str, wishes: Wishes, found: Sequence[Choice], imagined: Imagined
) -> tuple[tuple[Reason, ...], ...]:
    """Say for each choice what would take it from the slate.

    Up to `MOST_RIGHT` right and `MOST_WRONG` wrong answers in a row are tried, fewest first.
    """
    slate = [choice.option for choice in found]

    def then(more: Sequence[Evidence]) -> Board:
        return _on_another_day(imagined(more), board, student)

    answers = []
    for option in slate:
        right = _right(board, student, wishes, option, slate, then)
        wrong = _wrong(board, student, wishes, option, slate, then)
        answers.append(_said(option, right, wrong))
    return tuple(answers)


def _on_another_day(after: Board, board: Board, student: str) -> Board:
    """Return a board on which what is imagined was not all of today: else it would only rest."""
    if after.today is None or board.today is None:
        return after
    today = after.today.copy()
    today[after.row(student)] = board.today[board.row(student)]
    return replace(after, today=today)


def _said(option: Option, right: Reason | None, wrong: Reason | None) -> tuple[Reason, ...]:
    """Put both together; where right and wrong lead to the same, say so once."""
    ends = {(each.number, each.words) for each in (right, wrong) if each}
    if right and wrong and right.code == "would_give_way" and len(ends) == 1:
        return (replace(right, code="would_alternate"),)
    nothing = Reason("would_stay", option.targets, number=float(MOST_RIGHT))
    return tuple(filter(None, (right, wrong))) or (nothing,)


def _right(
    board: Board, student: str, wishes: Wishes, option: Option, slate: Sequence[Option],
    imagined: Imagined,
) -> Reason | None:  # fmt: skip
    for n in range(1, MOST_RIGHT + 1):
        after = imagined(_answers(board, student, option, 1.0, n))
        left = _options(after, student, wishes)
        if option not in left:
            return _why_gone(after, student, option, [o for o in left if o not in slate], n)
    return None


def _why_gone(
    after: Board, student: str, option: Option, instead: Sequence[Option], n: int
) -> Reason:
    rows = np.array([after.row(student)])
    columns = [after.curriculum.graph.position[target] for target in option.targets]
    status, enough = after.status[rows][0, columns], after.enough[rows][0, columns]
    if (status == MASTERED).all():
        return Reason("would_show", option.targets, number=float(n))
    if ((status == MASTERED) | enough).all():
        return Reason("would_do", option.targets, number=float(n))
    if tiredness(after, rows)[0, columns].any():
        return Reason("would_rest", option.targets, number=float(n))
    if not instead:
        return Reason("would_go", option.targets, number=float(n))
    return Reason("would_give_way", option.targets[:1], (), float(n), instead[0].title)


def _wrong(
    board: Board, student: str, wishes: Wishes, option: Option, slate: Sequence[Option],
    imagined: Imagined,
) -> Reason | None:  # fmt: skip
    for n in range(1, MOST_WRONG + 1):
        left = _options(imagined(_answers(board, student, option, 0.0, n)), student, wishes)
        instead = [o for o in left if o not in slate]
        if option not in left:
            if not instead:
                return None
            return Reason("would_go_back", option.targets[:1], (), float(n), instead[0].title)
    return None


def _answers(
    board: Board, student: str, option: Option, score: float, number: int
) -> list[Evidence]:
    when = None if np.isnan(board.now) else datetime.fromtimestamp(board.now, UTC)
    return [
        Evidence(
            id=f"imagined-{i}",
            student=student,
            targets=option.targets,
            score=score,
            kind=option.kind or USUAL_KIND,
            task=option.task.id if option.task else None,
            observed_at=when,
            position=10**9 + i,
        )
        for i in range(number)
    ]


def _options(board: Board, student: str, wishes: Wishes) -> list[Option]:
    row = board.row(student)
    rows = np.array([row])
    at = paced(board, rows, [wishes])
    picked = slate_of(board, row, wishes, terms(board, rows, at), at).option[0]
    return [board.layout.options[o] for o in picked.tolist() if o >= 0]
