"""What the latest pieces of each student were like: how many today, how many right in a row."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from engine.layout import Layout
from engine.requirements import RIGHT, SESSION_GAP
from models import Trail

Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]


def today(layout: Layout, trails: Sequence[Trail], now: datetime | None) -> Codes:
    """Count the pieces on each target in the session under way, at most 100.

    Without a clock (`now` is `None`), those are the latest ones that are all on one target. With
    one, a piece without a date is never of today: nobody can say when it was.
    """
    position = layout.curriculum.graph.position
    found = np.zeros((len(trails), len(position)), dtype=np.int8)
    for row, trail in enumerate(trails):
        columns = np.array([position.get(target, -1) for target in trail.targets], dtype=np.int64)
        mine = columns[trail.steps["target"][_under_way(trail, now)]]
        column, pieces = np.unique(mine[mine >= 0], return_counts=True)
        found[row, column] = np.minimum(pieces, 100)
    return found


def _under_way(trail: Trail, now: datetime | None) -> Mask:
    """Which steps of a trail belong to the session under way, bool[n]."""
    when, target = trail.steps["when"], trail.steps["target"]
    if now is None:
        others = np.flatnonzero(target != target[-1:])
        latest: Mask = np.arange(len(target)) > others.max(initial=-1)
        return latest
    recent: Mask = now.timestamp() - when < SESSION_GAP
    return recent


def rights_in_a_row(layout: Layout, trails: Sequence[Trail]) -> Codes:
    """Count the latest pieces on each target that were all right, at most 100."""
    position = layout.curriculum.graph.position
    found = np.zeros((len(trails), len(position)), dtype=np.int8)
    for row, trail in enumerate(trails):
        columns = [position.get(target, -1) for target in trail.targets]
        for place, right in zip(trail.steps["target"], trail.steps["score"] >= RIGHT, strict=True):
            column = columns[place]
            if column >= 0:
                found[row, column] = min(found[row, column] + 1, 100) if right else 0
    return found
