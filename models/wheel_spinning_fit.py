"""Fit the wheel-spinning model on a log: what is usual, then a logistic regression.

The rows are the moments after 3 to 8 attempts of every (student, target) whose end is known;
after nine the end is all but decided. What is usual of a target comes from the same students.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from graphs import InvalidInput
from models.log import Floats, Ints, ResponseLog
from models.wheel_spinning import (
    ATTEMPTS,
    FROM,
    NAMES,
    RIGHT,
    Attempt,
    Usual,
    WheelSpinning,
    outcomes,
    usual_of,
    walk,
)

LAST = ATTEMPTS - 2
"""Attempts up to which moments are learnt from."""
MOST_ITERATIONS = 1000
FEWEST_PAIRS = 50
"""Pairs of each outcome below which four weights say nothing; then there is no fit."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of many students as arrays, n of them.

    `features` float64[n, 4], `spins` and `attempts` int64[n] (−1: the end is not known),
    `student` int64[n] numbers the histories, `target` their targets, `place` int64[n] the
    answer after which it is.
    """

    features: Floats
    spins: Ints
    attempts: Ints
    student: Ints
    place: Ints
    target: tuple[str, ...]


def histories(log: ResponseLog) -> list[list[Attempt]]:
    """Return the answers of each student of a log, in order; empty for one without any."""
    found: list[list[Attempt]] = [[] for _ in log.students]
    right = (log.score > RIGHT).tolist()
    offset, target = log.offset.tolist(), log.target.tolist()
    for row, student in enumerate(log.student.tolist()):
        named = tuple(log.targets[t] for t in target[offset[row] : offset[row + 1]])
        found[student].append((named, right[row]))
    return found


def moments(students: Sequence[Sequence[Attempt]], usual: Usual) -> Moments:
    """Return every moment of some students."""
    rows, targets = [], []
    for number, history in enumerate(students):
        ends = outcomes(history)
        for moment in walk(history, usual):
            end = ends[moment.target]
            features = [getattr(moment.features, name) for name in NAMES]
            known = -1 if end is None else int(end)
            rows.append([*features, known, moment.attempts, number, moment.place])
            targets.append(moment.target)
    table = np.array(rows, dtype=np.float64).reshape(-1, len(NAMES) + 4)
    spins, attempts, student, place = table[:, len(NAMES) :].astype(np.int64).T
    return Moments(table[:, : len(NAMES)], spins, attempts, student, place, tuple(targets))


def fit_wheel_spinning(students: Sequence[Sequence[Attempt]], source: str) -> WheelSpinning:
    """Fit on the answers of some students; `source` says whose they are.

    Raises `InvalidInput` when too few pairs of a student and a target have a known end.
    """
    usual = usual_of(students)
    found = moments(students, usual)
    rows = (found.spins >= 0) & (found.attempts <= LAST)
    ends = Counter(end for history in students for end in outcomes(history).values())
    if min(ends[True], ends[False]) < FEWEST_PAIRS or len(set(found.spins[rows])) < 2:
        raise InvalidInput(
            f"too little to learn wheel-spinning from: {ends[True]} students spun on a target "
            f"and {ends[False]} got three in a row; {FEWEST_PAIRS} of each are needed"
        )
    model = LogisticRegression(max_iter=MOST_ITERATIONS)
    model.fit(found.features[rows], found.spins[rows])
    fit = {"source": source, "students": sum(map(bool, students)),
           "spinning": ends[True], "mastering": ends[False], "indeterminate": ends[None],
           "first_attempts": FROM, "last_attempts": LAST}  # fmt: skip
    weights = dict(zip(NAMES, map(float, model.coef_[0]), strict=True))
    return WheelSpinning(float(model.intercept_[0]), weights, usual, fit)
