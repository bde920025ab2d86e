"""What a response log says about each edge of a prerequisite graph, and about edges not drawn.

Every edge gets one verdict, the first that holds:

* `too_little`: fewer than `FLOOR` students were seen on both targets: nothing is said.
* `reversed`: the answers lean the other way by more than `SLACK`, beyond chance.
* `contradicted`: more students do the target without the prerequisite than guesses, slips and
  `LENIENCE` explain, beyond chance.
* `unsupported`: ability held fixed, work on the two goes together by less than `LITTLE`,
  beyond chance.
* `fits`: the answers lean the edge's way by more than `SLACK`, beyond chance.
* `unclear`: none of these.

*Beyond chance* is at a false discovery rate of `RATE` over all edges of the graph (Benjamini &
Hochberg 1995). Direction is one two-sided question an edge, whose sign is then read: of the edges
told to be reversed, or to fit, no more than `RATE` are expected to have the sign by chance
(Benjamini & Yekutieli 2005, directional false discovery rate: half that of the two-sided tests).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from models.audit.answers import Answers, Floats, answers_of
from models.audit.direction import Both, Direction, direction, seen_on_both
from models.audit.learning import Unexplained, unexplained
from models.audit.missing import pairs_that_go_together
from models.audit.support import QUANTILE, Noise, Support, Without, support, without
from models.fitting import fit_bkt
from models.log import Mask, ResponseLog

Verdict = Literal["too_little", "reversed", "contradicted", "unsupported", "fits", "unclear"]
Edge = tuple[str, str]
Progress = Callable[[int, int], None]

FLOOR = 50
"""Students seen on both targets below which nothing is said (science notes §2.6)."""
RATE = 0.1
"""False discovery rate: of the questions asked one in ten may be about chance alone."""
SLACK = 0.5
"""Score that speaks for neither order: experts' true edges lean the wrong way by as much, since
a prerequisite can be the harder of the two (footpath simulate-audit)."""
LENIENCE = 0.15
"""Share of students who may do a target without its prerequisite before anyone is asked."""
LITTLE = 0.05
"""Correlation, ability held fixed, below which work on two targets hardly goes together."""


@dataclass(frozen=True, slots=True)
class Counts:
    """First answers of the students seen on both targets of an edge.

    `share` is that of `only_target` (target right, prerequisite wrong) among `students`, with
    its 95 % interval `low` to `high` (Wilson).
    """

    students: int
    right_both: int
    only_target: int
    only_prerequisite: int
    wrong_both: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What the log says about an edge; where there is `too_little` only the counts are told."""

    prerequisite: str
    target: str
    verdict: Verdict
    counts: Counts
    direction: Direction | None = None
    without: Without | None = None
    support: Support | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """Findings for the edges in their order, and pairs that may lack an edge.

    No path joins these though work on them goes together; the closest come first, each in the
    order in which the answers put them.
    """

    findings: tuple[Finding, ...]
    missing: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    counts: Counts
    direction: Direction
    without: Without
    support: Support


def audit(
    edges: Sequence[Edge], log: ResponseLog, progress: Progress = lambda _, __: None
) -> Audit:
    """Hold the edges `(prerequisite, target)` of a graph against a response log.

    Edges may be wrong in any way, run in a circle, or name targets the log does not know. What
    is right without knowing, and wrong though known, comes from plain BKT fitted on the log.
    """
    answers = answers_of(log)
    number = {name: k for k, name in enumerate(answers.targets) if len(answers.work[k].row)}
    measure = _Measure(answers, log)
    measured: list[_Measured | Counts] = []
    for done, (a, b) in enumerate(edges):
        measured.append(measure(number[a], number[b]) if a in number and b in number and a != b
                        else counted(None))  # fmt: skip
        progress(done + 1, len(edges))
    known = [(number[a], number[b]) for a, b in edges if a in number and b in number]
    pairs = pairs_that_go_together(answers, known, FLOOR)
    return Audit(_judged(edges, measured), tuple(_joined(measure, a, b) for a, b in pairs))


class _Measure:
    """Takes every measure of a pair of targets; fits each target's own model once."""

    def __init__(self, answers: Answers, log: ResponseLog) -> None:
        self.answers = answers
        model = fit_bkt(log)
        fitted = [model.of(name) for name in answers.targets]
        self.noise = [Noise(each.guess, each.slip) for each in fitted]
        self.own: dict[int, Unexplained] = {}

    def __call__(self, a: int, b: int) -> "_Measured | Counts":
        both = seen_on_both(self.answers, a, b)
        counts = counted(both)
        if len(both) < FLOOR:
            return counts
        for k in (a, b):
            if k not in self.own:
                self.own[k] = unexplained(self.answers, k)
        return _Measured(
            counts,
            direction(self.answers, a, b, self.own),
            without(self.answers, a, b, both, (self.noise[a], self.noise[b])),
            support(self.answers, a, b, both),
        )


def counted(both: Both | None) -> Counts:
    """Count the first answers of the students seen on both targets."""
    if both is None or not len(both):
        return Counts(0, 0, 0, 0, 0, 0.0, 0.0, 1.0)
    a, b = both.first_a.astype(np.int64), both.first_b.astype(np.int64)
    only_b, only_a = int(((1 - a) * b).sum()), int((a * (1 - b)).sum())
    return Counts(
        len(both), int((a * b).sum()), only_b, only_a, int(((1 - a) * (1 - b)).sum()),
        only_b / len(both), *wilson(only_b, len(both)),
    )  # fmt: skip


def wilson(found: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (scipy's also tests it: a hundred times slower)."""
    squared = QUANTILE**2 / of
    share = found / of
    half = (squared * (share * (1 - share) + squared / 4)) ** 0.5
    return tuple((share + squared / 2 + sign * half) / (1 + squared) for sign in (-1, 1))


def _judged(edges: Sequence[Edge], measured: Sequence[_Measured | Counts]) -> tuple[Finding, ...]:
    enough = [m for m in measured if isinstance(m, _Measured)]
    leans = np.array([m.direction.surely for m in enough])
    lacks = np.array([m.without.z_above(LENIENCE) for m in enough])
    apart = np.array([-m.support.z_above(LITTLE, m.counts.students) for m in enough])
    directed = _discovered(2 * stats.norm.sf(np.abs(leans)), 2 * RATE)
    surely = {
        "reversed": directed & (leans > 0),
        "contradicted": _discovered(stats.norm.sf(lacks), RATE),
        "unsupported": _discovered(stats.norm.sf(apart), RATE),
        "fits": directed & (leans < 0),
    }
    found, place = [], 0
    for (a, b), each in zip(edges, measured, strict=True):
        if isinstance(each, Counts):
            found.append(Finding(a, b, "too_little", each))
            continue
        said = {name: bool(flags[place]) for name, flags in surely.items()}
        found.append(_finding(a, b, _verdict(each, said), each))
        place += 1
    return tuple(found)


def _discovered(p_values: Floats, rate: float) -> Mask:
    """Say which of these tests are significant together (Benjamini & Hochberg)."""
    if not len(p_values):
        return np.zeros(0, dtype=np.bool_)
    return np.asarray(stats.false_discovery_control(p_values) <= rate)


def _verdict(each: _Measured, surely: Mapping[str, bool]) -> Verdict:
    if surely["reversed"] and each.direction.score > SLACK:
        return "reversed"
    if surely["contradicted"]:
        return "contradicted"
    if surely["unsupported"]:
        return "unsupported"
    return "fits" if surely["fits"] and each.direction.score < -SLACK else "unclear"


def _finding(a: str, b: str, verdict: Verdict, each: _Measured) -> Finding:
    return Finding(a, b, verdict, each.counts, each.direction, each.without, each.support)


def _joined(measure: _Measure, a: int, b: int) -> Finding:
    """Return a pair in the order that the answers speak for."""
    each = measure(a, b)
    if isinstance(each, _Measured) and each.direction.score > 0:
        a, b, each = b, a, measure(b, a)
    assert isinstance(each, _Measured)
    clear = each.direction.surely < -QUANTILE and each.direction.score < -SLACK
    names = measure.answers.targets
    return _finding(names[a], names[b], "fits" if clear else "unclear", each)
