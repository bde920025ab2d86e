"""The batch filter: P(right) of every response of a log, before it is seen.

The same two steps as one student's online update, `condition` and `transit`, run over a
whole log in one pass. A response on several targets gets one prediction, the mean of its
targets', made before any of them is updated; then it informs each of them.
"""

import numpy as np

from models.bkt import condition, emissions, right, transit
from models.compiled import compiled, inlined
from models.log import Floats, Ints, ResponseLog

PRIOR, LEARN, GUESS, SLIP, FORGET = range(5)


def predict_responses(log: ResponseLog, parameters: Floats) -> Floats:
    """Return float64[n], the chance of a right answer before each response of a log.

    `parameters` is float64[len(log.targets), 5]: prior, learn, guess, slip, forget.
    """
    if parameters.shape != (len(log.targets), 5):
        raise ValueError(f"parameters must have shape ({len(log.targets)}, 5)")
    return _filter(log.student, log.offset, log.target, log.score, log.weight, parameters)


@compiled
def _filter(
    student: Ints, offset: Ints, target: Ints, score: Floats, weight: Floats, parameters: Floats
) -> Floats:
    predicted = np.empty(len(score))
    known = parameters[:, PRIOR].copy()
    first = 0  # where the current student's targets begin, to forget them afterwards
    for row in range(len(score)):
        begin, end = offset[row], offset[row + 1]
        if row > 0 and student[row] != student[row - 1]:
            for i in range(first, begin):
                known[target[i]] = parameters[target[i], PRIOR]
            first = begin
        total = 0.0
        for i in range(begin, end):
            t = target[i]
            total += right(known[t], parameters[t, GUESS], parameters[t, SLIP])
        predicted[row] = total / (end - begin)
        for i in range(begin, end):
            t = target[i]
            if_known, if_unknown = _emissions(
                score[row], weight[row], parameters[t, GUESS], parameters[t, SLIP]
            )
            answered = condition(known[t], if_known, if_unknown)
            known[t] = transit(answered, parameters[t, LEARN], parameters[t, FORGET])
    return predicted


@inlined
def _emissions(score: float, weight: float, guess: float, slip: float) -> tuple[float, float]:
    """Do as `emissions`, without its powers where they are of 0 and 1: the very same numbers."""
    if weight == 1.0 and score == 1.0:
        return 1.0 - slip, guess
    if weight == 1.0 and score == 0.0:
        return slip, 1.0 - guess
    return emissions(score, weight, guess, slip)
