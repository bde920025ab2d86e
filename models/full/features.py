"""Named covariates of a response, computed from the student's past only.

``surprise`` of a response is its score minus what its item usually yields (so that hard work is
not taken for weakness).  *Recent performance* is the exponentially weighted mean of past
surprises over all targets (today) or over the response's own targets (local).  *Readiness* is
the lowest mean surprise over the prerequisites of the response's targets, 0 where nothing is
known.
"""

import numpy as np

from models.compiled import compiled
from models.full.arrays import Floats, Integers
from models.full.log import Packed, Responses, entry_rows

#: Answers that the target's mean counts for in an item's usual score: the median item of
#: ASSISTments 2009 has 10 responses, so its own data weigh more than the prior.
ITEM_PRIOR = 4.0
#: Answers that the overall mean counts for in a target's usual score.
TARGET_PRIOR = 10.0
#: Share of the newest surprise in a prerequisite's readiness: about the last five answers.
READY_RATE = 0.2


def usual_scores(log: Responses, items: int, targets: int) -> tuple[Floats, Floats]:
    """Shrunk mean score of each item and target; shapes (items + 1,) and (targets + 1,).

    Items without data get NaN: their target's mean stands in.
    """
    row = entry_rows(log.offsets)
    overall = float(np.average(log.score)) if len(log) else 0.5
    target = np.where((log.target < 0) | (log.target >= targets), targets, log.target)
    count = np.bincount(target, minlength=targets + 1)
    total = np.bincount(target, log.score[row], targets + 1)
    by_target = (total + TARGET_PRIOR * overall) / (count + TARGET_PRIOR)
    by_target[targets] = overall
    known = (log.item >= 0) & (log.item < items)
    centre = np.add.reduceat(by_target[target], log.offsets[:-1]) / np.diff(log.offsets)
    n = np.bincount(log.item[known], minlength=items + 1)
    seen = np.bincount(log.item[known], log.score[known], items + 1)
    middle = np.bincount(log.item[known], centre[known], items + 1) / np.maximum(n, 1)
    by_item = (seen + ITEM_PRIOR * middle) / (n + ITEM_PRIOR)
    return np.where(n > 0, by_item, np.nan), by_target


def surprises(log: Responses, by_item: Floats, by_target: Floats) -> Floats:
    """Score - usual score of the item, or of the targets when the item is new; shape (n,)."""
    targets, items = by_target.shape[0] - 1, by_item.shape[0] - 1
    target = np.where((log.target < 0) | (log.target >= targets), targets, log.target)
    item = np.where((log.item < 0) | (log.item >= items), items, log.item)
    if not len(log):
        return np.zeros(0)
    fallback = np.add.reduceat(by_target[target], log.offsets[:-1]) / np.diff(log.offsets)
    usual = by_item[item]
    surprise: Floats = log.score - np.where(np.isnan(usual), fallback, usual)
    return surprise


@compiled
def running_mean(students: Integers, value: Floats, weight: Floats, rate: float) -> Floats:
    """Exponentially weighted mean of the past: a <- a + rate min(w, 1) (v - a), a_0 = 0."""
    out = np.zeros(value.shape[0])
    for s in range(students.shape[0] - 1):
        level = 0.0
        for r in range(students[s], students[s + 1]):
            out[r] = level
            level += rate * min(weight[r], 1.0) * (value[r] - level)
    return out


@compiled
def running_local(
    students: Integers,
    entries: Integers,
    target: Integers,
    targets: int,
    value: Floats,
    weight: Floats,
    rate: float,
) -> Floats:
    """As :func:`running_mean`, kept for each target apart; a row gets the mean of its targets."""
    out = np.zeros(value.shape[0])
    level = np.zeros(targets)
    for s in range(students.shape[0] - 1):
        level[:] = 0.0
        for r in range(students[s], students[s + 1]):
            step = rate * min(weight[r], 1.0)
            for j in range(entries[r], entries[r + 1]):
                k = target[j]
                out[r] += level[k] / (entries[r + 1] - entries[r])
                if k < targets - 1:
                    level[k] += step * (value[r] - level[k])
    return out


def recent_performance(
    packed: Packed, surprise: Floats, targets: int, today: Floats, local: Floats
) -> Floats:
    """Today's columns, then local ones; shape (n, C); row r knows only rows before r.

    Unknown targets share one slot, which is therefore left at 0 for the local terms.
    """
    columns = [
        running_mean(packed.students, surprise, packed.weight, float(rate)) for rate in today
    ]
    columns += [
        running_local(
            packed.students,
            packed.entries,
            packed.target,
            targets + 1,
            surprise,
            packed.weight,
            float(rate),
        )
        for rate in local
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((surprise.shape[0], 0))


@compiled
def readiness(
    students: Integers,
    entries: Integers,
    target: Integers,
    surprise: Floats,
    weight: Floats,
    parent_offsets: Integers,
    parent: Integers,
    rate: float,
) -> Floats:
    """Lowest running mean of surprise over the prerequisites of a row's targets, shape (n,)."""
    out = np.zeros(surprise.shape[0])
    known = np.zeros(parent_offsets.shape[0] - 1)
    for s in range(students.shape[0] - 1):
        known[:] = 0.0
        for r in range(students[s], students[s + 1]):
            low = np.inf
            for j in range(entries[r], entries[r + 1]):
                for q in range(parent_offsets[target[j]], parent_offsets[target[j] + 1]):
                    low = min(low, known[parent[q]])
            out[r] = low if low < np.inf else 0.0
            for j in range(entries[r], entries[r + 1]):
                k = target[j]
                known[k] += rate * min(weight[r], 1.0) * (surprise[r] - known[k])
    return out


def parent_table(parents: tuple[tuple[int, ...], ...], targets: int) -> tuple[Integers, Integers]:
    """Prerequisites as offsets (targets + 2,) and indices; the pooled target has none."""
    rows = parents or ((),) * targets
    widths = [len(row) for row in rows] + [0]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(widths, np.int64))])
    return offsets, np.array([parent for row in rows for parent in row], np.int64)
