"""The last step of a proof: the best division that a set of groups can make up.

Each group falls short of its price by some *loss*; the worth of a division is the bound minus
the losses in it. So only groups that lose less than what separates the best division known
from the bound can be part of a better one, and only few of those fit together: they are
tried one by one, always for the block that the fewest of them can still hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.board import Floats, Mask
from engine.groups.solver.problem import Column, Ints, Problem
from models.compiled import compiled, inlined

WORD = 64


@dataclass(frozen=True)
class Offer:
    """Something a division may contain: a group, or a block in no group (`column` is `None`)."""

    column: Column | None
    blocks: tuple[int, ...]
    worth: float
    loss: float


def best_cover(
    problem: Problem, offers: Sequence[Offer], bound: float, to_beat: float, budget: float,
    most_nodes: int,
) -> tuple[list[Offer] | None, bool]:  # fmt: skip
    """Return the best division from `offers` that is worth more than `to_beat`, or `None`.

    Looks at every division whose losses sum to at most `budget`. The flag says whether it
    came to the end within `most_nodes` steps.
    """
    ranked = sorted(offers, key=lambda o: (o.loss, o.blocks, o.column is None))
    holding: list[list[int]] = [[] for _ in range(problem.blocks)]
    for j, offer in enumerate(ranked):
        for b in offer.blocks:
            holding[b].append(j)
    starts = np.cumsum([0, *map(len, holding)])
    chosen, nodes = _search(
        _masks([o.blocks for o in ranked], problem.blocks),
        np.array([o.loss for o in ranked]),
        np.array([o.worth for o in ranked]),
        np.array([o.column is not None for o in ranked]),
        np.array([o.column is not None and bool(problem.adult[o.column.aim]) for o in ranked]),
        starts.astype(np.int64),
        np.array([j for each in holding for j in each], dtype=np.int64),
        np.array([problem.fewest, problem.largest, problem.adults], dtype=np.int64),
        bound, to_beat, budget, most_nodes,
    )  # fmt: skip
    best = [ranked[j] for j in chosen] if len(chosen) else None
    return best, nodes <= most_nodes


def _masks(sets: Sequence[tuple[int, ...]], blocks: int) -> npt.NDArray[np.uint64]:
    """Write sets of blocks as bits, uint64[sets, words]."""
    bits = np.zeros((len(sets), -(-blocks // WORD)), dtype=np.uint64)
    for row, inside in enumerate(sets):
        for b in inside:
            bits[row, b // WORD] |= np.uint64(1 << (b % WORD))
    return bits


@inlined
def _free(masks: npt.NDArray[np.uint64], j: int, taken: npt.NDArray[np.uint64]) -> bool:
    free = True
    for word in range(taken.shape[0]):
        if masks[j, word] & taken[word] != 0:
            free = False
    return free


@inlined
def _rarest(
    masks: npt.NDArray[np.uint64], loss: Floats, starts: Ints, holding: Ints,
    taken: npt.NDArray[np.uint64], left: float,
) -> tuple[int, int]:  # fmt: skip
    """Return the untaken block that the fewest affordable offers can hold, and the steps taken.

    −1: all blocks are taken.
    """
    rarest, fewest, steps = -1, 1 << 60, 0
    for b in range(starts.shape[0] - 1):
        if (taken[b // WORD] >> np.uint64(b % WORD)) & np.uint64(1) == 0:
            count = 0
            for k in range(starts[b], starts[b + 1]):
                if loss[holding[k]] > left or count >= fewest:
                    break
                steps += 1
                if _free(masks, holding[k], taken):
                    count += 1
            if count < fewest:
                rarest, fewest = b, count
    return rarest, steps


@compiled
def _search(
    masks: npt.NDArray[np.uint64], loss: Floats, worth: Floats, group: Mask, adult: Mask,
    starts: Ints, holding: Ints, limits: Ints, bound: float, to_beat: float, budget: float,
    most_nodes: int,
) -> tuple[Ints, int]:  # fmt: skip
    """Search depth first; returns (places of the best offers, steps taken)."""
    blocks, words = starts.shape[0] - 1, masks.shape[1]
    taken = np.zeros((blocks + 1, words), dtype=np.uint64)
    lost, won = np.zeros(blocks + 1), np.zeros(blocks + 1)
    groups = np.zeros(blocks + 1, dtype=np.int64)
    adults = np.zeros(blocks + 1, dtype=np.int64)
    chosen, at = np.zeros(blocks + 1, dtype=np.int64), np.zeros(blocks + 1, dtype=np.int64)
    block = np.zeros(blocks + 1, dtype=np.int64)
    best = np.zeros(0, dtype=np.int64)
    budget = min(budget, bound - to_beat)
    depth, nodes = 0, 0
    block[0], _ = _rarest(masks, loss, starts, holding, taken[0], budget)
    at[0] = starts[block[0]]
    while depth >= 0 and nodes <= most_nodes:
        j = holding[at[depth]] if at[depth] < starts[block[depth] + 1] else -1
        if j < 0 or lost[depth] + loss[j] > budget:
            depth -= 1
            continue
        at[depth] += 1
        many = groups[depth] + group[j] > limits[1] or adults[depth] + adult[j] > limits[2]
        if many or not _free(masks, j, taken[depth]):
            continue
        nodes += 1
        chosen[depth] = j
        lost[depth + 1], won[depth + 1] = lost[depth] + loss[j], won[depth] + worth[j]
        groups[depth + 1] = groups[depth] + group[j]
        adults[depth + 1] = adults[depth] + adult[j]
        for word in range(words):
            taken[depth + 1, word] = taken[depth, word] | masks[j, word]
        left = budget - lost[depth + 1]
        rarest, steps = _rarest(masks, loss, starts, holding, taken[depth + 1], left)
        nodes += steps
        if rarest >= 0:
            depth += 1
            block[depth], at[depth] = rarest, starts[rarest]
        elif groups[depth + 1] >= limits[0] and won[depth + 1] > to_beat:
            to_beat = won[depth + 1]
            budget = min(budget, bound - to_beat)
            best = chosen[: depth + 1].copy()
    return best, nodes
