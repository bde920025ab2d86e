"""The best groups under given prices: the compiled inner step of column generation.

Each block has a price; a group is worth having when its worth exceeds the prices of its
blocks. All groups of one aim are searched depth first; a branch is cut where even the best
blocks still to come, with as many low ones as the share cap lets in, cannot beat the bar.
"""

from collections.abc import Callable, Iterator

import numpy as np

from engine.board import Floats
from engine.groups.solver.problem import Column, Ints, Problem
from models.compiled import compiled, inlined

APART = 1e9
"""Cost of two blocks that must not meet: beyond any worth, and a sum of them stays exact."""


def best_groups(
    problem: Problem, prices: Floats, surcharge: Floats, bar: float, keep: int, most_nodes: int,
    late: Callable[[], bool] = lambda: False,
) -> tuple[list[tuple[float, Column]], bool]:  # fmt: skip
    """Return groups whose worth exceeds their prices by more than `bar`, at most `keep` an aim.

    `prices` [B] are those of the blocks, `surcharge` [A] of a group with each aim. Each comes
    with its excess, best first within an aim. The flag says whether the search was complete:
    with it, no group beyond those returned (the best `keep` of each aim) exceeds the bar.
    """
    found: list[tuple[float, Column]] = []
    complete = True
    for aim in range(problem.aims):
        if late():
            return found, False
        excess, columns, whole = _of_aim(
            problem, aim, prices, surcharge[aim] + bar, keep, most_nodes
        )
        found += zip(excess - surcharge[aim], columns, strict=True)
        complete &= whole
    return found, complete


def _of_aim(
    problem: Problem, aim: int, prices: Floats, bar: float, keep: int, most_nodes: int
) -> tuple[Floats, Iterator[Column], bool]:
    worth = problem.value[:, aim] - prices
    most = int(problem.most[aim])
    candidates = _candidates(problem, worth, most, bar)
    cost = problem.repeat + APART * problem.apart
    members = np.full((keep, most), -1, dtype=np.int64)
    excess = np.full(keep, -np.inf)
    limits = np.array(
        [np.floor(problem.low_cap * size + 1e-9) for size in range(most + 1)], dtype=np.int64
    )
    count, nodes = _search(
        worth[candidates], cost[np.ix_(candidates, candidates)], problem.size[candidates],
        problem.low[candidates], problem.leads[candidates, aim], bool(problem.led[aim]),
        int(problem.least[aim]), most, limits, bar, most_nodes, members, excess,
    )  # fmt: skip
    columns = (
        Column(aim, tuple(sorted(int(b) for b in candidates[row[row >= 0]])))
        for row in members[:count]
    )
    return excess[:count], columns, nodes <= most_nodes


def _candidates(problem: Problem, worth: Floats, most: int, bar: float) -> Ints:
    """Blocks that could be in a group above the bar: larger ones first, then by worth."""
    gains = np.sort(np.maximum(worth, 0.0))[::-1]
    possible = np.flatnonzero(
        np.isfinite(worth)
        & (problem.size <= most)
        & (worth + gains[: most - 1].sum() > bar)  # with the best company there is
    )
    order = np.lexsort((-worth[possible], -problem.size[possible]))
    candidates: Ints = possible[order]
    return candidates


@inlined
def _insert(best: Floats, count: int, room: int, value: float) -> int:
    """Insert into a short descending list of at most `room`; returns its new length."""
    if room == 0 or (count == room and value <= best[count - 1]):
        return count
    at = count if count < room else count - 1
    while at > 0 and best[at - 1] < value:
        best[at] = best[at - 1]
        at -= 1
    best[at] = value
    return min(count + 1, room)


@inlined
def _bound(  # noqa: C901  # three short loops
    first: int, large: int, worth: Floats, start: Floats, low: Ints, limits: Ints, least: int,
    size: int, lows: int, others: Floats, lowest: Floats,
) -> float:  # fmt: skip
    """Return the most that candidates from `first` on can still add.

    `worth` is what each adds beside those chosen, `start` what it added before anyone was.
    Where blocks of several students may still come, room may stay empty.
    """
    most = limits.shape[0] - 1
    room = most - size
    low_room = min(room, limits[most] - lows)
    count = low_count = 0
    for j in range(first, worth.shape[0]):
        full = count == room and others[room - 1] >= start[j]
        low_full = low_room <= 0 or (low_count == low_room and lowest[low_room - 1] >= start[j])
        if j >= large and full and low_full:
            break
        if worth[j] > -APART / 2:
            if low[j] == 0:
                count = _insert(others, count, room, worth[j])
            elif low_room > 0:
                low_count = _insert(lowest, low_count, low_room, worth[j])
    for k in range(1, count):
        others[k] += others[k - 1]
    for k in range(1, low_count):
        lowest[k] += lowest[k - 1]
    best = -np.inf
    for total in range(max(least, size + 1), most + 1):
        more = total - size
        for lows_more in range(min(low_count, more, limits[total] - lows) + 1):
            fewest = 0 if first < large else more - lows_more
            for k in range(fewest, min(more - lows_more, count) + 1):
                sum_of_both = 0.0
                if k > 0:
                    sum_of_both += others[k - 1]
                if lows_more > 0:
                    sum_of_both += lowest[lows_more - 1]
                best = max(best, sum_of_both)
    return float(best)


@inlined
def _record(
    members: Ints, excess: Floats, count: int, chosen: Ints, depth: int, value: float
) -> int:
    """Enter a group among the best; returns how many there are."""
    at = count if count < excess.shape[0] else count - 1
    while at > 0 and excess[at - 1] < value:
        excess[at] = excess[at - 1]
        for k in range(members.shape[1]):
            members[at, k] = members[at - 1, k]
        at -= 1
    excess[at] = value
    for k in range(members.shape[1]):
        members[at, k] = chosen[k] if k <= depth else -1
    return int(min(count + 1, excess.shape[0]))


@compiled
def _search(
    start: Floats, cost: Floats, size: Ints, low: Ints, leads: Ints, led: bool, least: int,
    most: int, limits: Ints, bar: float, most_nodes: int, members: Ints, excess: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Search every group of sorted candidates; returns (groups found, nodes visited).

    `members` and `excess` take the best groups, as places among the candidates.
    """
    candidates, keep = start.shape[0], excess.shape[0]
    large = 0
    while large < candidates and size[large] > 1:
        large += 1
    worth = np.empty((most + 1, candidates))
    others, lowest = np.empty(most), np.empty(most)
    chosen, next_one = np.zeros(most + 1, dtype=np.int64), np.zeros(most + 1, dtype=np.int64)
    value, sizes = np.zeros(most + 1), np.zeros(most + 1, dtype=np.int64)
    lows, leading = np.zeros(most + 1, dtype=np.int64), np.zeros(most + 1, dtype=np.int64)
    for j in range(candidates):
        worth[0, j] = start[j]
    depth = count = nodes = 0
    while depth >= 0 and nodes <= most_nodes:
        j = next_one[depth]
        if j >= candidates or sizes[depth] >= most:
            depth -= 1
            continue
        nodes += 1
        more = _bound(
            j, large, worth[depth], start, low, limits, least, sizes[depth], lows[depth],
            others, lowest,
        )  # fmt: skip
        if value[depth] + more <= bar:
            depth -= 1
            continue
        next_one[depth] = j + 1
        total = sizes[depth] + size[j]
        if worth[depth, j] <= -APART / 2 or total > most:
            continue
        now, low_now = value[depth] + worth[depth, j], lows[depth] + low[j]
        lead_now = leading[depth] + leads[j]
        chosen[depth] = j
        ruled = not led or 1 <= lead_now <= total - lead_now
        if total >= least and now > bar and low_now <= limits[total] and ruled:
            count = _record(members, excess, count, chosen, depth, now)
            if count == keep:
                bar = max(bar, excess[keep - 1])
        for other in range(j + 1, candidates):
            worth[depth + 1, other] = worth[depth, other] - cost[j, other]
        depth += 1
        value[depth], sizes[depth], next_one[depth] = now, total, j + 1
        lows[depth], leading[depth] = low_now, lead_now
    return count, nodes
