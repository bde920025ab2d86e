"""Lists of numbers laid end to end, and sums along them for many students, compiled."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.compiled import compiled

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Lists(NamedTuple):
    """Lists of numbers laid end to end: list i is `item[start[i]:start[i + 1]]`, int64 both."""

    start: Ints
    item: Ints

    def of(self, i: int) -> Ints:
        """Return list i."""
        return self.item[self.start[i] : self.start[i + 1]]


def lists_of(rows: Sequence[Sequence[int]]) -> Lists:
    """Lay rows of numbers end to end."""
    start = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return Lists(start, np.array([i for row in rows for i in row], dtype=np.int64))


def count_along(lists: Lists, mask: Mask) -> Ints:
    """Return how many of the columns in each column's list are true, int64[R, T]."""
    found = np.zeros(mask.shape, dtype=np.int64)
    _count(lists, np.ascontiguousarray(mask), found)
    return found


def any_after(lists: Lists, order: Ints, mask: Mask) -> Mask:
    """Whether anything is true that is reached from a column, however far, bool[R, T].

    `lists` are the next columns of each; in `order` every column comes before its next ones.
    """
    found = np.zeros(mask.shape, dtype=np.bool_)
    _reach(lists, order, np.ascontiguousarray(mask), found)
    return found


@compiled
def _count(lists: Lists, mask: Mask, found: Ints) -> None:
    start, item = lists
    for row in range(mask.shape[0]):
        for column in range(mask.shape[1]):
            count = 0
            for other in item[start[column] : start[column + 1]]:
                count += mask[row, other]
            found[row, column] = count


@compiled
def _reach(lists: Lists, order: Ints, mask: Mask, found: Mask) -> None:
    start, item = lists
    for row in range(mask.shape[0]):
        for column in order[::-1]:
            for after in item[start[column] : start[column + 1]]:
                if mask[row, after] or found[row, after]:
                    found[row, column] = True
                    break
