"""A good division fast: simulated annealing over who sits where and what each group aims at.

Allowed or not, every division has a score, worth minus a fine for each broken rule; moves
shift a block, swap two, or give a group another aim. The best division seen is kept.
Deterministic: the random numbers come from the seed that the caller gives.
"""

from typing import NamedTuple

import numpy as np

from engine.board import Floats, Mask
from engine.groups.solver.problem import Column, Ints, Problem, faults, objective
from models.compiled import compiled, inlined

FAVOURITES = 6
"""Aims of a block that a group may be tried with: the others hardly ever win."""
WARM, COLD = 0.2, 0.02
"""First and last temperature, in units of the mean change that a random move makes."""
MOVES, SHIFTS, SWAPS = 17, 5, 16
"""Of `MOVES` moves `SHIFTS` shift a block, those up to `SWAPS` swap two, one changes an aim."""
FINES = (1.5, 6.0, 50.0)
"""A broken rule costs this many times what one block can gain; dearer ones when that did
not keep a search within the rules."""
MIXING = 2_654_435_761
"""Multiplier of Fibonacci hashing (Knuth, vol. 3, 6.4): neighbours end up far apart."""
SAMPLE = 400
"""Moves from which the mean change is learned."""


class Division(NamedTuple):
    """A whole division: the groups and the blocks in none, with its worth."""

    columns: tuple[Column, ...]
    alone: tuple[int, ...]
    worth: float


def anneal(
    problem: Problem, steps: int, seed: int, start: Division | None = None, warm: float = WARM
) -> Division | None:
    """Return the best allowed division that `steps` moves find, or `None` if they find none.

    `start` need not be allowed; the cooler (`warm`) the search begins, the more it is kept.
    """
    if problem.blocks == 0 or problem.slots == 0:
        return judged(problem, (), tuple(range(problem.blocks)))
    for fine in FINES:
        place, aim = _searched(problem, steps, seed, fine * _most_gained(problem), start, warm)
        columns = [
            Column(int(aim[slot]), tuple(int(b) for b in np.flatnonzero(place == slot)))
            for slot in range(problem.slots)
        ]
        alone = tuple(int(b) for b in np.flatnonzero(place == problem.slots))
        found = judged(problem, tuple(sorted(c for c in columns if c.blocks)), alone)
        if found is not None:
            return found
    return None


def judged(
    problem: Problem, columns: tuple[Column, ...], alone: tuple[int, ...]
) -> Division | None:
    """Return a division with its worth, or `None` if it breaks a rule of the problem."""
    if faults(problem, columns, alone):
        return None
    return Division(columns, alone, objective(problem, columns, alone))


def _most_gained(problem: Problem) -> float:
    """Return the most that one block can gain or lose by where it sits."""
    gains = [problem.value[np.isfinite(problem.value)], problem.alone[np.isfinite(problem.alone)]]
    spread = max(float(np.abs(each).max(initial=0.0)) for each in gains)
    return spread + float(np.abs(problem.repeat).max(initial=0.0)) or 1.0


def _searched(
    problem: Problem, steps: int, seed: int, fine: float, start: Division | None, warm: float
) -> tuple[Ints, Ints]:
    """Return the place of each block (the last: in no group) and the aim of each slot."""
    gains = np.column_stack([problem.value, problem.alone])  # the last aim is to be alone
    gains[~np.isfinite(gains)] = -fine
    place, aim = _begun(problem, gains, seed, start)
    favourites = np.argsort(-problem.value, axis=1, kind="stable")[:, :FAVOURITES]
    limits = np.array([problem.fewest, problem.largest, problem.adults], dtype=np.int64)
    leads = np.column_stack([problem.leads, np.zeros_like(problem.size)])
    cost = problem.repeat + fine * problem.apart
    return _run(
        gains, cost, problem.size, problem.low, leads, problem.least, problem.most, problem.led,
        problem.adult, problem.low_cap, limits, np.ascontiguousarray(favourites), place, aim,
        fine, steps, seed, warm,
    )  # fmt: skip


def _begun(problem: Problem, gains: Floats, seed: int, start: Division | None) -> tuple[Ints, Ints]:
    slots = problem.slots
    place = np.full(problem.blocks, slots, dtype=np.int64)
    aim = np.full(slots + 1, problem.aims, dtype=np.int64)
    if start is None:
        mixed = np.argsort((np.arange(1, problem.blocks + 1) * MIXING * (seed + 1)) % (1 << 32))
        place[mixed] = np.arange(problem.blocks) % slots
        sums = np.array([gains[place == slot, :-1].sum(axis=0) for slot in range(slots)])
        if not problem.adult.all():  # no more groups with an adult than there are adults
            sums[problem.adults :, problem.adult] = -np.inf
        aim[:slots] = np.argmax(sums, axis=1)
    else:
        aim[:slots] = 0
        for slot, column in enumerate(start.columns):
            place[list(column.blocks)] = slot
            aim[slot] = column.aim
    return place, aim


@inlined
def _draw(state: np.uint64) -> np.uint64:
    """Step the generator (xorshift64, Marsaglia 2003)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


@inlined
def _below(state: np.uint64, limit: int) -> int:
    """Return a whole number from 0 to limit − 1."""
    return int(np.int64((state >> np.uint64(11)) % np.uint64(limit)))


@inlined
def _strain(
    slot: int, place: Ints, aim: Ints, tally: Ints, leads: Ints, least: Ints, most: Ints,
    led: Mask, cap: float,
) -> float:  # fmt: skip
    """Say by how much a slot breaks the rules of a group; being in no group breaks none."""
    count, its = tally[slot, 0], aim[slot]
    if count == 0 or slot == tally.shape[0] - 1:
        return 0.0
    strain = max(0.0, least[its] - count) + max(0.0, count - most[its])
    strain += max(0.0, tally[slot, 1] - np.floor(cap * count + 1e-9))
    if led[its]:
        leading = 0
        for b in range(place.shape[0]):
            if place[b] == slot:
                leading += leads[b, its]
        strain += max(0.0, 1.0 - leading) + max(0.0, 2.0 * leading - count)
    return float(strain)


@inlined
def _excess(aim: Ints, tally: Ints, adult: Mask, limits: Ints) -> float:
    """Say by how much the number of groups, and of those an adult leads, is out of range."""
    groups = adults = 0
    for slot in range(tally.shape[0] - 1):
        if tally[slot, 0] > 0:
            groups += 1
            adults += adult[aim[slot]]
    few = max(0.0, limits[0] - groups) + max(0.0, groups - limits[1])
    return float(few + max(0.0, adults - limits[2]))


@inlined
def _gain(
    b: int, c: int, old: int, new: int, wish: int, gains: Floats, repeat: Floats, near: Floats,
    place: Ints, aim: Ints,
) -> float:  # fmt: skip
    """Return what is gained by moving b (and c the other way), or by another aim of a slot."""
    if new == old:
        gain = 0.0
        for each in range(place.shape[0]):
            if place[each] == old:
                gain += gains[each, wish] - gains[each, aim[old]]
        return float(gain)
    gain = gains[b, aim[new]] - gains[b, aim[old]] + near[b, old] - near[b, new]
    if c >= 0:
        gain += gains[c, aim[old]] - gains[c, aim[new]] + near[c, new] - near[c, old]
        alone = near.shape[1] - 1
        gain += repeat[b, c] * ((old != alone) + (new != alone))  # each found the other gone
    return float(gain)


@inlined
def _sit(b: int, slot: int, place: Ints, size: Ints, low: Ints, tally: Ints) -> None:
    """Let a block change its slot."""
    tally[place[b], 0] -= size[b]
    tally[place[b], 1] -= low[b]
    tally[slot, 0] += size[b]
    tally[slot, 1] += low[b]
    place[b] = slot


@inlined
def _meet(b: int, old: int, new: int, repeat: Floats, near: Floats) -> None:
    """Write down whom a block is near since it moved; in no group nobody is near."""
    alone = near.shape[1] - 1
    for other in range(near.shape[0]):
        if old != alone:
            near[other, old] -= repeat[b, other]
        if new != alone:
            near[other, new] += repeat[b, other]


@inlined
def _seat_all(
    place: Ints, size: Ints, low: Ints, repeat: Floats, tally: Ints, near: Floats
) -> None:
    """Write down who sits where at the start."""
    for b in range(place.shape[0]):
        tally[place[b], 0] += size[b]
        tally[place[b], 1] += low[b]
        _meet(b, tally.shape[0] - 1, place[b], repeat, near)


@inlined
def _copy(source: Ints, copy: Ints) -> None:
    for i in range(source.shape[0]):
        copy[i] = source[i]


@compiled
def _run(  # noqa: C901, PLR0912, PLR0915  # one loop: calls would cost more than its moves
    gains: Floats, repeat: Floats, size: Ints, low: Ints, leads: Ints, least: Ints, most: Ints,
    led: Mask, adult: Mask, cap: float, limits: Ints, favourites: Ints, place: Ints, aim: Ints,
    fine: float, steps: int, seed: int, warm: float,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Anneal in place; returns the place and the aims of the best division seen."""
    blocks, slots = place.shape[0], aim.shape[0] - 1
    near, tally = np.zeros((blocks, slots + 1)), np.zeros((slots + 1, 2), dtype=np.int64)
    _seat_all(place, size, low, repeat, tally, near)
    strain = np.zeros(slots + 2)
    for slot in range(slots):
        strain[slot] = _strain(slot, place, aim, tally, leads, least, most, led, cap)
    strain[slots + 1] = _excess(aim, tally, adult, limits)
    score, best, best_place, best_aim = 0.0, 0.0, place.copy(), aim.copy()
    state = np.uint64(88172645463325252) ^ (np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15))
    tried, drift, heat, fall = 0, 0.0, 0.0, 1.0
    for step in range(steps):
        state = _draw(state)
        kind = _below(state, MOVES)
        state = _draw(state)
        b = _below(state, blocks)
        state = _draw(state)
        pick = _below(state, 1 << 40)
        state = _draw(state)
        chance = (state >> np.uint64(11)) / 9007199254740992.0
        old, c = place[b], -1
        new, had = old, aim[old]
        wish = had
        if kind < SHIFTS:
            new = pick % (slots + 1)
            if new < slots and tally[new, 0] == 0:  # an empty slot has no aim yet
                aim[new] = favourites[b, step % favourites.shape[1]]
        elif kind < SWAPS:
            c = pick % blocks
            new = place[c]
        elif old < slots:
            wish = favourites[b, pick % favourites.shape[1]]
        if new == old and wish == had:
            continue
        gain = _gain(b, c, old, new, wish, gains, repeat, near, place, aim)
        _sit(b, new, place, size, low, tally)
        if c >= 0:
            _sit(c, old, place, size, low, tally)
        aim[old] = wish
        one = _strain(old, place, aim, tally, leads, least, most, led, cap)
        two = _strain(new, place, aim, tally, leads, least, most, led, cap)
        all_of_them = _excess(aim, tally, adult, limits)
        wrong = one - strain[old] + all_of_them - strain[slots + 1]
        if new != old:
            wrong += two - strain[new]
        if tried < SAMPLE:
            tried += 1
            drift += abs(gain)
            heat = warm * drift / tried + 1e-12
            fall = (COLD / warm) ** (1.0 / (steps - step))
        heat *= fall
        gain -= fine * wrong
        if gain >= 0 or chance < np.exp(gain / heat):
            score += gain
            strain[old], strain[new], strain[slots + 1] = one, two, all_of_them
            if new != old:
                _meet(b, old, new, repeat, near)
                if c >= 0:
                    _meet(c, new, old, repeat, near)
            if score > best + 1e-12:
                best = score
                _copy(place, best_place)
                _copy(aim, best_aim)
        else:
            aim[old] = had
            _sit(b, old, place, size, low, tally)
            if c >= 0:
                _sit(c, new, place, size, low, tally)
    return best_place, best_aim
