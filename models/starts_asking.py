"""Which strength to ask about, found by placing the log's own students.

Asking about what is even settles most, but even at which strength? Where people either can or
cannot, half right is the line; where strength comes in degrees, those who will go on succeeding
are above it. No first answer alone tells. So the students of the log are placed as new ones will
be, each probe answered by what they did answer, for several lines, and that is kept under which
the belief ranks best, among the targets left, who succeeded from the first answers on.
"""

import numpy as np
import numpy.typing as npt

from models.measures import auc
from models.starts import STRONG, Floats, Joint

Mask = npt.NDArray[np.bool_]
LINES = (-0.6, -0.2, 0.2, 0.6, 1.0, 1.4)
"""Strengths that are tried: half to four in five right, guesses and slips aside."""
FIRM = 0.01
"""AUC that a line must gain to be one unit of strength away from the usual one."""
MOST_STUDENTS, LEAST_STUDENTS, CELLS = 100, 20, 9_000_000
"""Students that are placed again: as many as keep the fit quick on large frameworks."""
LEAST = 100
"""Targets left, right or not, below which a log tells nothing of this."""


def asked_about(joint: Joint, answers: Floats, probes: int) -> float:
    """Return the strength around which a student should be asked.

    `answers` float64[A, S, T] are the first answers of the log's students (NaN: none). The usual
    strength where the log tells too little.
    """
    size = joint.mean.size
    most = int(np.clip(CELLS // size**2, LEAST_STUDENTS, MOST_STUDENTS))
    answers = answers[:, :: -(-answers.shape[1] // most)]
    probes = min(probes, int(np.median((~np.isnan(answers[0])).sum(axis=1))) // 2)
    gained = [_ranked(joint, answers, probes, line) - FIRM * (line - STRONG) ** 2 for line in LINES]
    return STRONG if np.isnan(gained).any() else LINES[int(np.argmax(gained))]


def _ranked(joint: Joint, answers: Floats, probes: int, line: float) -> float:
    """Return how well students are ranked who are asked around a line; NaN if that is unclear."""
    looks = _placed(joint, answers[0], probes, line)
    there = ~np.isnan(answers)
    left = np.isnan(looks) & there.sum(axis=0).astype(np.bool_)
    succeeded: Mask = ((answers >= 0.5) | ~there).all(axis=0)[left]
    if min(succeeded.sum(), (~succeeded).sum()) < LEAST:
        return float("nan")
    return auc(succeeded, joint.belief(looks).mean[left])


def _placed(joint: Joint, first: Floats, probes: int, line: float) -> Floats:
    """Return what the students are asked, one after another, with what they answered."""
    looks = np.full(first.shape, np.nan)
    chunk = max(1, CELLS // first.shape[1] ** 2)
    for start in range(0, len(first), chunk):
        part, known = looks[start : start + chunk], first[start : start + chunk]
        who = np.arange(len(part))
        for _ in range(probes):
            open_ = np.isnan(part) & ~np.isnan(known)
            target = np.where(open_, joint.worth(part, line), -1.0).argmax(axis=1)
            part[who, target] = known[who, target]
    return looks
