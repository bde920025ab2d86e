"""Pairs of targets that no path joins though the work on them goes together beyond ability."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse, stats

from models.audit.answers import Answers, Floats
from models.audit.direction import seen_on_both
from models.audit.support import LOST, support
from models.log import Mask

MOST = 20
"""Pairs told at most: an author looks at a handful."""
GOES_TOGETHER = 0.1
"""Correlation, ability held fixed, from which a pair is worth a question."""
RATE = 0.1
"""False discovery rate over all pairs that no path joins."""


def pairs_that_go_together(
    answers: Answers, edges: Sequence[tuple[int, int]], floor: int
) -> list[tuple[int, int]]:
    """Return the closest pairs of targets that no path of the graph joins, at most `MOST`.

    Pairs need `floor` students seen on both and a correlation above `GOES_TOGETHER` that is
    beyond chance over all such pairs.
    """
    correlation, students = _correlations(answers)
    open_ = ~_joined(len(answers.targets), edges) & (students >= floor)
    one, other = np.nonzero(np.triu(open_, 1))
    if not len(one):
        return []
    found, count = correlation[one, other], students[one, other]
    z = np.arctanh(np.clip(found, -0.999, 0.999)) * np.sqrt(np.maximum(count - LOST, 1))
    sure = stats.false_discovery_control(stats.norm.sf(z)) <= RATE
    close = np.flatnonzero(sure & (found > GOES_TOGETHER))
    best = close[np.argsort(-found[close], kind="stable")][:MOST]
    return [(int(one[i]), int(other[i])) for i in best if _confirmed(answers, one[i], other[i])]


def _confirmed(answers: Answers, a: int, b: int) -> bool:
    """Look again with the ability of each pair measured without either."""
    return support(answers, a, b, seen_on_both(answers, a, b)).low > 0


def _correlations(answers: Answers) -> tuple[Floats, Floats]:
    """Return of each pair the correlation, ability held fixed, and the students seen on both."""
    shape = (answers.students, len(answers.targets))
    who = np.concatenate([work.who for work in answers.work])
    where = np.repeat(np.arange(shape[1]), [len(work.who) for work in answers.work])
    rest = np.concatenate([_rest(answers, k) for k in range(shape[1])])
    seen = sparse.csc_array((np.ones(len(who)), (who, where)), shape)
    left = sparse.csc_array((rest, (who, where)), shape)
    together = (left.T @ left).toarray()
    square = (left.power(2).T @ seen).toarray()
    scale = np.sqrt(square * square.T)
    return together / np.maximum(scale, 1e-12), (seen.T @ seen).toarray()


def _rest(answers: Answers, k: int) -> Floats:
    work = answers.work[k]
    if not len(work.who):
        return np.zeros(0)
    able = answers.ability(k)[work.who]
    known = np.stack([np.ones(len(able)), able, able**2], axis=1)
    fitted, *_ = np.linalg.lstsq(known, work.share, rcond=None)
    rest: Floats = work.share - known @ fitted
    return rest


def _joined(targets: int, edges: Sequence[tuple[int, int]]) -> Mask:
    """Say of each pair whether a path leads from one to the other, either way."""
    reach = np.eye(targets, dtype=np.float32)
    for a, b in edges:
        reach[a, b] = 1
    while True:
        further = np.minimum(reach @ reach, 1)
        if (further == reach).all():
            break
        reach = further
    return np.asarray((reach + reach.T) > 0)
