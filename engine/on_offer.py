"""What is on offer to a student of a board, what else is open, and what is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.board import Board, Mask
from engine.layout import Option
from engine.scoring import BLOCKED, OPEN, RESTS, Wishes, paced, stands

Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Offer:
    """What is `offered` to one row of a board, and what could be."""

    board: Board
    row: int
    wishes: Wishes
    offered: Sequence[Option]

    @cached_property
    def holds(self) -> Bits:
        """The bits of `engine.scoring` for each target, uint8[T]."""
        rows = np.array([self.row])
        found: Bits = stands(self.board, rows, {}, paced(self.board, rows, [self.wishes])).holds[0]
        return found

    @cached_property
    def allowed(self) -> list[Option]:
        """The options that are open, whatever their format."""
        return [option for option in self.board.layout.options if self._is_open(option)]

    @cached_property
    def fitting(self) -> list[Option]:
        """Those of them that come in a wished format."""
        formats = self.wishes.formats
        return [o for o in self.allowed if not formats or o.format in formats]

    @cached_property
    def awake(self) -> list[Option]:
        """Those of them that neither rest today nor were set aside of late."""
        return [option for option in self.fitting if not self.is_asleep(option)]

    def is_asleep(self, option: Option) -> bool:
        """Whether an option rests today, or was set aside of late."""
        return option.id in self.wishes.heard.rests or self.rests_today(option)

    def rests_today(self, option: Option) -> bool:
        """Whether an option works on what was worked on enough today."""
        return bool((self.holds[self.columns(option)] & RESTS).any())

    def columns(self, option: Option) -> list[int]:
        """Return the columns of an option's targets."""
        position = self.board.curriculum.graph.position
        return [position[target] for target in option.targets]

    def mask(self, options: Sequence[Option]) -> Mask:
        """Return which targets some options work on, bool[T]."""
        found = np.zeros(len(self.board.targets), dtype=np.bool_)
        for option in options:
            found[self.columns(option)] = True
        return found

    def named(self, columns: Mask) -> tuple[str, ...]:
        """Return the targets that are marked, in curriculum order."""
        return tuple(self.board.targets[column] for column in np.flatnonzero(columns))

    @property
    def formats(self) -> str:
        """The wished formats in words."""
        return ", ".join(each.replace("_", " ") for each in self.wishes.formats)

    def _is_open(self, option: Option) -> bool:
        holds = self.holds[self.columns(option)]
        return not (holds & BLOCKED).any() and bool((holds & OPEN).any())
