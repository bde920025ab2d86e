"""What a response log holds, in a few numbers."""

from dataclasses import dataclass

import numpy as np

from models.log import ResponseLog

THIN = 30
"""Responses below which a target's own parameters say little: about one class, answering once."""


@dataclass(frozen=True, slots=True)
class LogSummary:
    """Counts of a log. `first` and `last` are seconds since 1970, or `None` without a clock.

    `several` is the share of responses on several targets, `thin` the number of targets with
    fewer than `THIN` responses, `median` the middle number of responses a student.
    """

    responses: int
    students: int
    targets: int
    items: int
    share_right: float
    several: float
    median: int
    thin: int
    first: float | None
    last: float | None


def summarise(log: ResponseLog) -> LogSummary:
    """Count what a log holds; raises `ValueError` when it is empty."""
    if not len(log):
        raise ValueError("an empty log has no summary")
    by_student = np.bincount(log.student)
    by_target = np.bincount(log.target)
    clock = log.time[~np.isnan(log.time)]
    return LogSummary(
        responses=len(log),
        students=int((by_student > 0).sum()),
        targets=int((by_target > 0).sum()),
        items=len(np.unique(log.item)),
        share_right=float(log.score.mean()),
        several=float((np.diff(log.offset) > 1).mean()),
        median=int(np.median(by_student[by_student > 0])),
        thin=int(((by_target > 0) & (by_target < THIN)).sum()),
        first=float(clock.min()) if len(clock) else None,
        last=float(clock.max()) if len(clock) else None,
    )
