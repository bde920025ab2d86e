"""What would change a choice: answers are imagined, and the choices asked for again.

Nothing is guessed. What would happen *today* is read off the slate that the same model and policy
give at once, rest included; only there is it known what takes a choice's place. What would be so
*for good* is judged twice: all answers today, and as many a day as a target is offered for
(`a_session`) on days in a row. Only what holds both ways is said without naming days.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import product

import numpy as np

from engine.board import MASTERED, Board
from engine.choices import Choice
from engine.decisions import heard
from engine.layout import Option
from engine.pacing import tiredness
from engine.reasons import Code, Reason
from engine.scoring import Wishes, paced, terms
from engine.slates import slate_of
from models import Evidence

MOST_RIGHT, MOST_WRONG = 5, 2
"""Answers in a row that are imagined: more would be no plan for a week, or no kindness."""
USUAL_KIND = "quiz_item"
Imagined = Callable[[Sequence[Evidence], datetime | None], Board]
"""The board of one student at a moment, with imagined pieces of evidence recorded as well."""


def changes(
    board: Board, student: str, wishes: Wishes, found: Sequence[Choice], imagined: Imagined
) -> tuple[tuple[Reason, ...], ...]:
    """Say for each choice what would take it from the slate today, and what for good.

    Up to `MOST_RIGHT` right and `MOST_WRONG` wrong answers in a row are tried, fewest first.
    """
    slate = [choice.option for choice in found]
    return tuple(_Card(board, student, wishes, o, slate, imagined).told() for o in slate)


@dataclass(frozen=True)
class _Then:
    """A student's board and slate after some answers."""

    board: Board
    slate: Sequence[Option]


@dataclass(frozen=True)
class _Card:
    """One option on a student's slate, whose answers are imagined."""

    board: Board
    student: str
    wishes: Wishes
    option: Option
    slate: Sequence[Option]
    imagined: Imagined

    def told(self) -> tuple[Reason, ...]:
        """Say what would change this choice."""
        lasting = self._lasting()
        if lasting and lasting.code != "would_stay" and lasting.number <= self._left_today:
            return (lasting, *filter(None, (self._wrong(),)))
        return tuple(filter(None, (*self._today(), lasting)))

    def _lasting(self) -> Reason | None:
        """Say how many right answers in a row end the work on this option."""
        a_day = str(self._a_day)
        if self._end(MOST_RIGHT) is None:
            return self._says("would_stay", MOST_RIGHT, a_day)
        ends = [(n, self._end(n)) for n in range(1, MOST_RIGHT + 1)]
        for n, code in ends:
            if code and self._end(n, spread=False):
                same = code == self._end(n, spread=False)
                return self._says(code if same else "would_do", n)
        shown = (n for n, code in ends if code in ("would_show", "would_keep"))
        return next((self._says("would_show_days", n, a_day) for n in shown), None)

    def _end(self, n: int, spread: bool = True) -> Code | None:
        """Say in what way so many right answers end the work on this option, if they do."""
        then = self._after((1.0,) * n, spread)
        status = then.board.status[0, self._columns]
        done = (status == MASTERED) | then.board.enough[0, self._columns]
        if self.option in then.slate or not done.all():
            return None
        if (status == MASTERED).all():
            return "would_keep" if self._is_shown else "would_show"
        return "would_do"

    def _today(self) -> tuple[Reason | None, ...]:
        """Say after how many answers today something else takes the place of this option."""
        right, wrong = self._leaves(1.0, MOST_RIGHT), self._leaves(0.0, MOST_WRONG)
        either = self._either(right) if right and right == wrong else None
        return (either,) if either else (self._right(right), self._wrong())

    def _either(self, n: int) -> Reason | None:
        """Say what happens whichever of so many answers are right, if it is always the same."""
        ends = [self._after(scores) for scores in product((1.0, 0.0), repeat=n)]
        if any(self.option in then.slate for then in ends):
            return None
        instead = {self._instead(then) for then in ends}
        if len(instead) == 1 and "" not in instead:
            return self._says("would_alternate", n, *instead)
        return self._says("would_rest", n) if all(map(self._rests, ends)) else None

    def _right(self, n: int | None) -> Reason | None:
        if not n:
            return None
        instead = self._instead(self._after((1.0,) * n))
        return self._says("would_give_way" if instead else "would_go", n, instead)

    def _wrong(self) -> Reason | None:
        n = self._leaves(0.0, MOST_WRONG)
        instead = self._instead(self._after((0.0,) * n)) if n else ""
        return self._says("would_go_back", n, instead) if n and instead else None

    def _leaves(self, score: float, most: int) -> int | None:
        """Return after how many such answers today the option is no longer offered."""
        tried = range(1, min(most, self._left_today) + 1)
        return next((n for n in tried if self.option not in self._after((score,) * n).slate), None)

    def _instead(self, then: _Then) -> str:
        return next((option.title for option in then.slate if option not in self.slate), "")

    def _rests(self, then: _Then) -> bool:
        return bool(tiredness(then.board, np.array([0]))[0, self._columns].any())

    def _says(self, code: Code, n: int, words: str = "") -> Reason:
        return Reason(code, self.option.targets, (), float(n), words)

    @cached_property
    def _columns(self) -> list[int]:
        return [self.board.curriculum.graph.position[target] for target in self.option.targets]

    @cached_property
    def _is_shown(self) -> bool:
        row = self.board.row(self.student)
        return bool((self.board.status[row, self._columns] == MASTERED).all())

    @property
    def _a_day(self) -> int:
        return self.board.policy.a_session

    @cached_property
    def _left_today(self) -> int:
        """Return how many answers today are left until the option rests; at least one."""
        today = self.board.today
        row = self.board.row(self.student)
        return max(self._a_day - (0 if today is None else int(today[row, self._columns].max())), 1)

    @cached_property
    def _known(self) -> dict[tuple[tuple[float, ...], tuple[int, ...]], _Then]:
        return {}

    def _after(self, scores: tuple[float, ...], spread: bool = False) -> _Then:
        """Return how it stands after answers of today or, `spread`, of as many days as it takes."""
        first = self._left_today if spread else len(scores)
        days = tuple(0 if i < first else 1 + (i - first) // self._a_day for i in range(len(scores)))
        if (scores, days) not in self._known:
            self._known[scores, days] = self._then(scores, days)
        return self._known[scores, days]

    def _then(self, scores: tuple[float, ...], days: tuple[int, ...]) -> _Then:
        now = None if np.isnan(self.board.now) else datetime.fromtimestamp(self.board.now, UTC)
        moments = [now and now + timedelta(days=day) for day in days]
        pieces = [
            Evidence(
                id=f"imagined-{i}",
                student=self.student,
                targets=self.option.targets,
                score=score,
                kind=self.option.kind or USUAL_KIND,
                task=self.option.task.id if self.option.task else None,
                observed_at=moment,
                position=10**9 + i,
            )
            for i, (score, moment) in enumerate(zip(scores, moments, strict=True))
        ]
        board = self.imagined(pieces, moments[-1])
        return _Then(board, self._slate(board, moments[-1]))

    def _slate(self, board: Board, now: datetime | None) -> list[Option]:
        wishes, row = self.wishes, board.row(self.student)
        if now is not None and wishes.heard.declined:
            told = heard(board, row, wishes.heard.declined, now)
            wishes = replace(wishes, heard=told)
        rows = np.array([row])
        at = paced(board, rows, [wishes])
        picked = slate_of(board, row, wishes, terms(board, rows, at), at).option[0]
        return [board.layout.options[o] for o in picked.tolist() if o >= 0]
