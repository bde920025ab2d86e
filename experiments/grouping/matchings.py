"""Pairs for coaching against every matching there is, on many small random cases."""

from collections.abc import Sequence

import numpy as np

from engine.board import Floats
from engine.groups.pairs import Team, match, possible_teams

MOST_STUDENTS, MOST_TARGETS = 8, 4
LONELY = -1.0
"""What being in no pair is worth."""
SECONDS = 10.0
SAME = 1e-6


def matchings_equal(cases: int, first: int = 0) -> int:
    """Return in how many of so many random cases the matching is the best there is."""
    return sum(_equal(seed) for seed in range(first, first + cases))


def _equal(seed: int) -> bool:
    rng = np.random.default_rng(seed)
    students, targets = int(rng.integers(2, MOST_STUDENTS + 1)), int(rng.integers(1, MOST_TARGETS))
    coaches = rng.random((students, targets)) < 0.4
    fits = rng.random((students, targets)) < 0.8
    value = np.where(fits, rng.random((students, targets)), -np.inf)
    rows = list(range(students))
    teams = possible_teams(value, coaches, rows, trio=students % 2 == 1)
    alone = np.full(students, LONELY)
    found, proven = match(teams, alone, rows, (0, students), SECONDS)
    best = best_by_trying(teams, alone, frozenset(rows))
    return found is not None and proven and abs(found.worth - best) < SAME


def best_by_trying(teams: Sequence[Team], alone: Floats, rows: frozenset[int]) -> float:
    """Return the worth of the best matching with at most one trio, by trying them all."""
    if not rows:
        return 0.0
    first = min(rows)
    best = float(alone[first]) + best_by_trying(teams, alone, rows - {first})
    for team in teams:
        if first in team.rows and rows.issuperset(team.rows):
            rest = [t for t in teams if len(t.rows) == 2] if len(team.rows) == 3 else teams
            best = max(best, team.worth + best_by_trying(rest, alone, rows - set(team.rows)))
    return best
