"""How well groups of students are predicted, with small groups kept out of sight.

Groups are for audits only: no model sees them.
"""

from dataclasses import dataclass

import numpy as np

from models.log import Floats, ResponseLog
from models.measures import auc, calibration_error

SMALLEST = 10
"""Groups of fewer students are not shown: figures on them would speak of single children."""
UNKNOWN = "unknown"
"""Stands for a blank cell."""


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One value of a column: how its rows were predicted, and what they were.

    `students` is rounded to tens, so that a hidden group cannot be found as the difference to
    the whole. `predicted` and `observed` are mean chance and mean score.
    """

    column: str
    value: str
    students: int
    auc: float
    ece: float
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Subgroups:
    """The groups that can be shown, and how many values of which column cannot."""

    shown: tuple[Subgroup, ...]
    hidden: dict[str, int]


def measure_subgroups(log: ResponseLog, predicted: Floats, columns: tuple[str, ...]) -> Subgroups:
    """Measure the predicted rows of each value of some columns of a log.

    Raises `KeyError` for a column that the log does not have.
    """
    shown: list[Subgroup] = []
    hidden: dict[str, int] = {}
    known = ~np.isnan(predicted)
    for column in columns:
        cells = np.array([str(cell).strip() or UNKNOWN for cell in log.extra[column]])
        for value in sorted(set(cells[known].tolist())):
            rows = known & (cells == value)
            students = len(np.unique(log.student[rows]))
            if students < SMALLEST:
                hidden[column] = hidden.get(column, 0) + 1
            else:
                measured = _measured(column, value, students, log.score[rows], predicted[rows])
                shown.append(measured)
    return Subgroups(tuple(shown), hidden)


def _measured(column: str, value: str, students: int, score: Floats, p: Floats) -> Subgroup:
    return Subgroup(
        column,
        value,
        round(students, -1),
        auc(score >= 0.5, p),
        calibration_error(score, p),
        float(p.mean()),
        float(score.mean()),
    )
