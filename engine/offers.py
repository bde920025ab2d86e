"""What an offer says as a whole: why it holds little or nothing, and what comes next.

A student with fewer than two choices, or with none but what should rest, is told why, and an adult
what would change it. Nothing is said of an offer that speaks for itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.board import MASTERED, Board, Mask
from engine.choices import Choice
from engine.layout import Option
from engine.reasons import Code, Reason
from engine.reviews import DAY
from engine.scoring import BLOCKED, OPEN, RESTS, Wishes, paced, stands
from engine.slates import FEW

Bits = npt.NDArray[np.uint8]


def about_offer(
    board: Board, student: str, wishes: Wishes, found: Sequence[Choice]
) -> tuple[Reason, ...]:
    """Say what a student's choices, as `choices` found them, do not say by themselves.

    Raises `UnknownId` for an unknown student.
    """
    offer = _Offer(board, board.row(student), wishes, [choice.option for choice in found])
    if not found:
        return (*offer.why_nothing(), *offer.next_look_back())
    return (*offer.why_at_rest(), *offer.why_few())


@dataclass(frozen=True)
class _Offer:
    """What is offered to one row of a board, and what is not."""

    board: Board
    row: int
    wishes: Wishes
    offered: Sequence[Option]

    @cached_property
    def _holds(self) -> Bits:
        """The bits of `engine.scoring` for each target, uint8[T]."""
        rows = np.array([self.row])
        at = paced(self.board, rows, [self.wishes])
        holds: Bits = stands(self.board, rows, {}, at).holds[0]
        return holds

    @cached_property
    def _allowed(self) -> list[Option]:
        """The options that are open, whatever their format."""
        return [option for option in self.board.layout.options if self._is_open(option)]

    @cached_property
    def _fitting(self) -> list[Option]:
        return [option for option in self._allowed if self._fits(option)]

    def why_nothing(self) -> Iterator[Reason]:
        """Say why nothing is offered."""
        board, row = self.board, self.row
        shown = (board.status[row] == MASTERED) | board.implied[row]
        if shown.all():
            yield Reason("offer_all_shown")
            return
        ready = (self._holds & OPEN > 0) & (self._holds & BLOCKED == 0)
        enough = board.enough[row] & ~shown
        if self._allowed:
            yield Reason("offer_no_format", self._targets(self._allowed), words=self._formats)
        elif ready.any():
            yield Reason("offer_no_task", self._named(ready))
        elif enough.any():
            yield Reason("offer_enough", self._named(enough))

    def next_look_back(self) -> Iterator[Reason]:
        """Say which review comes due next, and when, where any is planned."""
        plan = self.board.plan
        if plan is None:
            return
        away = plan.due[self.row] - self.board.now
        done = (self.board.status[self.row] == MASTERED) | self.board.enough[self.row]
        ahead = np.where(done & (away > 0), away, np.inf)  # false where none is planned
        column = int(ahead.argmin())
        if np.isfinite(ahead[column]):
            days, day = float(ahead[column]) / DAY, _day(float(plan.due[self.row, column]))
            yield Reason("offer_next_due", (self.board.targets[column],), (), days, day)

    def why_at_rest(self) -> Iterator[Reason]:
        """Say that what is offered should rest, where it does: little or nothing else is left."""
        if any(option.id in self.wishes.heard.rests for option in self.offered):
            yield Reason("offer_declined")
        tired = [option for option in self.offered if self._rests_today(option)]
        if tired:
            yield Reason(self._how_tired(), self._tired(tired))

    def _how_tired(self) -> Code:
        if all(map(self._rests, self.offered)):
            return "offer_rests"
        return "offer_first" if self._rests_today(self.offered[0]) else "offer_tired"

    def why_few(self) -> Iterator[Reason]:
        """Say why there is only one option, where there is."""
        if len(self.offered) >= min(FEW, self.wishes.number or FEW):
            return
        left = [option for option in self._fitting if option not in self.offered]
        misfits = [option for option in self._allowed if option not in self._fitting]
        new = self._mask(misfits) & ~self._mask(self.offered)
        if left:  # what rests would fill the offer up, so this was declined
            yield Reason("offer_aside")
        if not left and new.any():
            yield Reason("offer_format", self._named(new), words=self._formats)
        elif not left and not all(map(self._rests, self.offered)):
            yield Reason("offer_one")

    def _is_open(self, option: Option) -> bool:
        holds = self._holds[self._columns(option)]
        return not (holds & BLOCKED).any() and bool((holds & OPEN).any())

    def _fits(self, option: Option) -> bool:
        return not self.wishes.formats or option.format in self.wishes.formats

    def _rests(self, option: Option) -> bool:
        return option.id in self.wishes.heard.rests or self._rests_today(option)

    def _rests_today(self, option: Option) -> bool:
        return bool((self._holds[self._columns(option)] & RESTS).any())

    def _columns(self, option: Option) -> list[int]:
        position = self.board.curriculum.graph.position
        return [position[target] for target in option.targets]

    def _mask(self, options: Sequence[Option]) -> Mask:
        found = np.zeros(len(self.board.targets), dtype=np.bool_)
        for option in options:
            found[self._columns(option)] = True
        return found

    def _tired(self, options: Sequence[Option]) -> tuple[str, ...]:
        """Return those targets of some options that were worked on a lot lately."""
        return self._named((self._holds & RESTS > 0) & self._mask(options))

    def _targets(self, options: Sequence[Option]) -> tuple[str, ...]:
        """Return what options work on, in curriculum order."""
        return self._named(self._mask(options))

    def _named(self, columns: Mask) -> tuple[str, ...]:
        return tuple(self.board.targets[column] for column in np.flatnonzero(columns))

    @property
    def _formats(self) -> str:
        return ", ".join(each.replace("_", " ") for each in self.wishes.formats)


def _day(seconds: float) -> str:
    """Write a moment as its day in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%-d %B}"
