"""The usual ways to group a class: what teachers and group tools do today.

Each divides the students into so many groups and knows nothing of the history. All see what our
solver sees: P(mastered) by student and target, the worth of each place, the rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans

from engine.board import Floats
from engine.groups import Aim
from engine.groups.need import strength
from engine.groups.solver.problem import Ints, Problem, low_limit
from experiments.grouping.instances import Instance

PASSES = 10
"""Passes of swap repair over all groups: the last ones hardly change any."""
Parts = list[list[int]]


@dataclass(frozen=True)
class Classroom:
    """One class as the usual ways see it: rows of students, into `number` groups.

    `problem` has each student by themselves; `together` are pairs of rows that it leaves out,
    `aims` what its columns stand for.
    """

    aims: tuple[Aim, ...]
    p: Floats
    strength: Floats
    problem: Problem
    together: tuple[tuple[int, int], ...]
    number: int

    @property
    def worth(self) -> Floats:
        """What each aim is worth to each student, 0 where it does not fit, float64[S, A]."""
        value: Floats = np.where(np.isfinite(self.problem.value), self.problem.value, 0.0)
        return value


def classroom(instance: Instance) -> Classroom:
    """Return an instance as the usual ways see it."""
    rules, board = instance.asked.rules, instance.board
    apart_only = rules.without([c for c in rules.clauses() if c.kind == "together"])
    loose = instance.with_rules(apart_only).assembled()
    pairs = tuple((board.row(a), board.row(b)) for a, b in rules.together)
    number = max(rules.groups_min, 1)
    return Classroom(loose.aims, board.p, strength(board), loose.problem, pairs, number)


def random_parts(room: Classroom, rng: np.random.Generator) -> Parts:
    """Draw groups by lot."""
    return _split(rng.permutation(len(room.p)), room.number)


def ability_bands(room: Classroom, _rng: np.random.Generator) -> Parts:
    """Rank by mean estimate and cut: the fixed reading groups of old."""
    return _split(np.argsort(room.strength, kind="stable"), room.number)


def rank_split(room: Classroom, _rng: np.random.Generator) -> Parts:
    """Rank by mean estimate and deal: each group gets some of every rank."""
    order = np.argsort(room.strength, kind="stable")
    return [[int(i) for i in order[k :: room.number]] for k in range(room.number)]


def k_means(room: Classroom, rng: np.random.Generator) -> Parts:
    """Cluster the estimates, then move the nearest students until every size is allowed."""
    seed = int(rng.integers(1 << 31))
    found = KMeans(room.number, n_init=10, random_state=seed).fit(room.p)
    away = np.linalg.norm(room.p[:, None, :] - found.cluster_centers_, axis=2)
    place = found.labels_.astype(np.int64)
    least, most = int(room.problem.least.min()), int(room.problem.most.max())
    while (sizes := np.bincount(place, minlength=room.number)).max() > most or sizes.min() < least:
        giving = sizes > (least if sizes.min() < least else most)
        taking = sizes < (least if sizes.min() < least else most)
        cost = np.where(giving[place][:, None] & taking, away, np.inf)
        student, group = np.unravel_index(int(cost.argmin()), cost.shape)
        place[student] = group
    return [np.flatnonzero(place == k).tolist() for k in range(room.number)]


def greedy(room: Classroom, _rng: np.random.Generator) -> Parts:
    """Form one group after the other: the target that is worth most to its best few."""
    free = np.ones(len(room.p), dtype=np.bool_)
    parts = []
    for size in [len(part) for part in _split(np.arange(len(room.p)), room.number)]:
        worth = np.where(free[:, None], room.worth, -np.inf)
        best = np.sort(worth, axis=0)[::-1][:size].sum(axis=0)
        column = worth[:, int(best.argmax())]
        chosen = [int(i) for i in np.argsort(-column, kind="stable")[:size]]
        free[chosen] = False
        parts.append(chosen)
    return parts


def swap_repair(room: Classroom, rng: np.random.Generator) -> Parts:
    """Draw groups, then mend rule after rule by swaps that break none before it (GroupEng).

    The rules in order: apart, together, the share of the lowest, and last a shared need.
    """
    parts = random_parts(room, rng)
    ladder: Sequence[Callable[[Sequence[int]], float]] = (
        lambda part: float(room.problem.apart[np.ix_(part, part)].sum()),
        lambda part: float(sum((a in part) != (b in part) for a, b in room.together)),
        lambda part: max(0.0, _lows(room, part) - low_limit(room.problem, len(part))),
        lambda part: -float(room.worth[list(part)].sum(axis=0).max()),
    )
    for step in range(len(ladder)):
        for _ in range(PASSES):
            if not _mend(parts, ladder[: step + 1]):
                break
    return parts


def _mend(parts: Parts, ladder: Sequence[Callable[[Sequence[int]], float]]) -> bool:
    """Swap wherever the last rule of a ladder gains and no earlier one loses; says if any did."""
    any_swap = False
    for one in range(len(parts)):
        for other in range(one + 1, len(parts)):
            for i in range(len(parts[one])):
                for j in range(len(parts[other])):
                    before = [rule(parts[one]) + rule(parts[other]) for rule in ladder]
                    _swap(parts, one, i, other, j)
                    after = [rule(parts[one]) + rule(parts[other]) for rule in ladder]
                    worse = any(b > a + 1e-9 for a, b in zip(before[:-1], after, strict=False))
                    if worse or after[-1] >= before[-1] - 1e-9:
                        _swap(parts, one, i, other, j)
                    else:
                        any_swap = True
    return any_swap


def _swap(parts: Parts, one: int, i: int, other: int, j: int) -> None:
    parts[one][i], parts[other][j] = parts[other][j], parts[one][i]


def _lows(room: Classroom, part: Sequence[int]) -> int:
    return int(room.problem.low[list(part)].sum())


def _split(order: Ints, number: int) -> Parts:
    return [[int(i) for i in part] for part in np.array_split(order, number)]


WAYS: dict[str, Callable[[Classroom, np.random.Generator], Parts]] = {
    "swap repair": swap_repair,
    "greedy": greedy,
    "k-means": k_means,
    "ability bands": ability_bands,
    "rank split": rank_split,
    "random": random_parts,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A division by some way: each group's aim (a column of the problem), worth, rules broken."""

    aims: tuple[int, ...]
    objective: float
    broken: int


def judge(room: Classroom, parts: Parts) -> Judged:
    """Give each group the aim that is worth most to it, and count the rules that are broken.

    A rule is broken once for each group that does: its size, its share of the lowest, two who
    are to be apart, an aim that is not open to all; and once for each pair not together.
    """
    problem, place = room.problem, {i: k for k, part in enumerate(parts) for i in part}
    aims, worth, broken = [], 0.0, sum(place[a] != place[b] for a, b in room.together)
    for part in parts:
        aim = int(room.worth[part].sum(axis=0).argmax())
        aims.append(aim)
        worth += float(room.worth[part, aim].sum() - problem.repeat[np.ix_(part, part)].sum() / 2)
        faults: Sequence[bool | np.bool_] = (
            not problem.least[aim] <= len(part) <= problem.most[aim],
            _lows(room, part) > low_limit(problem, len(part)),
            problem.apart[np.ix_(part, part)].any(),
            not np.isfinite(problem.value[part, aim]).all(),
        )
        broken += sum(map(bool, faults))
    return Judged(tuple(aims), worth, broken)
