"""Pairs for peer coaching: an exact maximum-weight matching.

A pair is worth the most that one can give the other in one target, plus half of what comes
back, so that helping is mutual where it can be. With an odd number of students one pair may
become a trio. HiGHS chooses among all of them at once: a matching programme is nearly whole
by nature, so that this takes a fraction of what the blossom algorithm does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from engine.board import Floats, Mask

BACK = 0.5
"""What comes back in a pair counts half: one direction is enough to be a good pair."""


OPTIMAL, INFEASIBLE = 0, 2
"""What `milp` says it found."""


@dataclass(frozen=True, slots=True)
class Team:
    """A pair, or a trio with one coach, and what it is worth.

    `rows` are its students, `aim` the column of its aim, `back` that of the aim in which the
    other coaches in return (−1: none).
    """

    rows: tuple[int, ...]
    aim: int
    back: int
    worth: float


@dataclass(frozen=True)
class Matching:
    """The teams chosen, and a bound that no choice exceeds."""

    teams: tuple[Team, ...]
    alone: tuple[int, ...]
    worth: float
    bound: float


def possible_teams(value: Floats, coaches: Mask, rows: Sequence[int], *, trio: bool) -> list[Team]:
    """List every pair in which one can coach the other, and with `trio` every such trio.

    `value` float64[S, A] is what a place is worth (−inf: none), `coaches` bool[S, A] who
    would coach in it.
    """
    learns = np.where(coaches, -np.inf, value)
    gives = np.where(coaches, value, -np.inf)
    pairs = (_pair(i, j, gives, learns) for i, j in combinations(rows, 2))
    teams = [team for team in pairs if team is not None]
    if trio:
        trios = (_trio(each, gives, learns) for each in combinations(rows, 3))
        teams += [team for team in trios if team is not None]
    return teams


def _pair(i: int, j: int, gives: Floats, learns: Floats) -> Team | None:
    there, back = gives[i] + learns[j], gives[j] + learns[i]
    if not there.size:
        return None
    if there.max(initial=-np.inf) < back.max(initial=-np.inf):
        there, back = back, there
    aim, return_aim = int(there.argmax()), int(back.argmax())
    if not np.isfinite(there[aim]):
        return None
    mutual = bool(np.isfinite(back[return_aim]))
    worth = float(there[aim] + (BACK * back[return_aim] if mutual else 0.0))
    return Team((i, j), aim, return_aim if mutual else -1, worth)


def _trio(rows: tuple[int, ...], gives: Floats, learns: Floats) -> Team | None:
    if not gives.shape[1]:
        return None
    of = np.array(rows)
    each = [gives[c] + learns[of[of != c]].sum(axis=0) for c in rows]
    worth = np.max(each, axis=0)
    aim = int(worth.argmax())
    return Team(rows, aim, -1, float(worth[aim])) if np.isfinite(worth[aim]) else None


def match(
    teams: Sequence[Team], alone: Floats, rows: Sequence[int], numbers: tuple[int, int],
    seconds: float,
) -> tuple[Matching | None, bool]:  # fmt: skip
    """Choose the teams of the greatest worth; says whether they are proven to be that.

    Without a matching the flag says that none covers everyone; else time ran out before one
    was found.

    `alone` float64[S] is what being in no team is worth (−inf: not allowed), `numbers` the
    fewest and the most teams. At most one trio.
    """
    place = {row: k for k, row in enumerate(rows)}
    single = [row for row in rows if np.isfinite(alone[row])]
    members = [*(team.rows for team in teams), *((row,) for row in single)]
    if not members:
        empty = Matching((), (), 0.0, 0.0) if not rows and not numbers[0] else None
        return empty, True
    ends = np.cumsum([0, *map(len, members)])
    inside = np.array([place[row] for each in members for row in each])
    shape = (len(rows), len(members))
    cover = sparse.csc_array((np.ones(len(inside)), inside, ends), shape=shape)
    counts = np.zeros((2, len(members)))
    counts[0, : len(teams)] = 1.0
    counts[1, : len(teams)] = [len(team.rows) == 3 for team in teams]
    gains = np.array([*(team.worth for team in teams), *(alone[row] for row in single)])
    found = milp(
        -gains,
        constraints=[
            LinearConstraint(cover, 1, 1),
            LinearConstraint(sparse.csr_array(counts), [numbers[0], 0], [numbers[1], 1]),
        ],
        integrality=np.ones(len(members)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    if found.x is None:
        return None, found.status == INFEASIBLE
    chosen = [k for k, taken in enumerate(found.x) if taken > 0.5]
    worth, bound = float(gains[chosen].sum()), -float(found.mip_dual_bound)
    matching = Matching(
        tuple(teams[k] for k in chosen if k < len(teams)),
        tuple(single[k - len(teams)] for k in chosen if k >= len(teams)),
        worth,
        max(bound, worth),
    )
    return matching, found.status == OPTIMAL
