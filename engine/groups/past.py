"""Past rounds of groups: who met whom, who coached, who sat in the lowest group.

What is past counts less the longer ago it was: it halves every `repeat_days` of the policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.board import Board, Floats
from engine.groups.purposes import Aim

LOWEST_TWICE = 0.5
"""Cost of sitting among the lowest again, in units of meeting the same person again."""
FORGOTTEN = 0.05
"""Weight below which a round no longer counts: four half-lives and a bit."""


@dataclass(frozen=True, slots=True)
class PastGroup:
    """A group that was accepted; `lowest` says that its mean estimate was the round's lowest."""

    aim: Aim
    students: tuple[str, ...]
    coaches: tuple[str, ...] = ()
    lowest: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """Groups that were accepted together on a day."""

    id: str
    day: date
    groups: tuple[PastGroup, ...]


@dataclass(frozen=True)
class Memory:
    """What past rounds weigh today: `met` float64[S, S], `coached` and `lowest` float64[S]."""

    met: Floats
    coached: Floats
    lowest: Floats


def remember(board: Board, rounds: Sequence[Round], today: date) -> Memory:
    """Return the weight of all past rounds for the students on a board."""
    count = len(board.students)
    met, coached, lowest = np.zeros((count, count)), np.zeros(count), np.zeros(count)
    row = {student: i for i, student in enumerate(board.students)}
    for each in sorted(rounds, key=lambda r: (r.day, r.id)):
        weight = 0.5 ** (max((today - each.day).days, 0) / board.policy.repeat_days)
        if weight < FORGOTTEN:
            continue
        for group in each.groups:
            rows = [row[s] for s in group.students if s in row]
            met[np.ix_(rows, rows)] += weight
            coached[[row[s] for s in group.coaches if s in row]] += weight
            lowest[rows] += weight * group.lowest
    np.fill_diagonal(met, 0.0)
    return Memory(met, coached, lowest)
