"""Which of two targets comes first, by four parts, each of which changes its sign with the order.

Of the students seen on both targets:

* `first`: log of how many got only the target right at the first try over how many got only the
  prerequisite right. Who needs A for B rarely does B first.
* `ease`: log-odds of a right answer on the target less those on the prerequisite, over all
  answers, each student counting once.
* `practice`: how far more practice of the target shows in later answers on the prerequisite, less
  the same the other way round.
* `leaning`: the same for success: later answers on what needs something go with how that went.

The first two compare students with themselves, the others correct for ability
(`models.audit.learning`). The score is the sum of weight × part: above 0 it speaks for the
opposite order. In simulated schools it is about the log of the odds that an edge is reversed,
had both orders been equally likely.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.audit.answers import Answers, Floats, Ints, Work
from models.audit.learning import Unexplained, effects

PARTS = ("first", "ease", "practice", "leaning")
WEIGHTS: Mapping[str, float] = {"first": 1.7, "ease": 5.2, "practice": 14.8, "leaning": 18.3}
"""Log-odds for each unit of a part; fitted by `footpath simulate-audit --tune` (ADR 24)."""
AGAIN = 4.0
"""Further answers of a student on a target at which learning counts half."""
HALF = 0.5
"""Added to counts, so that none is 0 (Haldane–Anscombe)."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way the answers lean: `score` above 0 against the edge, `error` its standard error.

    `parts` add up to the score. `surely` is how far the answers lean beyond chance: the parts, each
    in units of its own standard error, summed and standardised; normal where neither target needs
    the other and both are equally hard. (The score weighs what tells orders apart; ease is known
    far more surely than that, since true prerequisites may happen to be the harder ones.)
    """

    score: float
    error: float
    surely: float
    parts: dict[str, float]


@dataclass(frozen=True)
class Both:
    """The n students seen on both targets of an edge: answers on the prerequisite and target.

    `first_a`, `first_b` float64[n] whether the first answer was right, `share_a`, `share_b` the
    share of right answers.
    """

    first_a: Floats
    first_b: Floats
    share_a: Floats
    share_b: Floats
    who: Ints

    def __len__(self) -> int:
        return len(self.who)


def seen_on_both(answers: Answers, a: int, b: int) -> Both:
    """Return the students seen on two targets."""
    one, other = answers.work[a], answers.work[b]
    who, in_a, in_b = np.intersect1d(one.who, other.who, assume_unique=True, return_indices=True)
    return Both(one.first[in_a], other.first[in_b], one.share[in_a], other.share[in_b], who)


def raw_parts(
    answers: Answers, a: int, b: int, own: Mapping[int, Unexplained]
) -> tuple[dict[str, float], dict[str, Floats]]:
    """Return each part unweighted, and by how much each student seen on both moves it."""
    both = seen_on_both(answers, a, b)
    forward = effects(answers.work[a], answers.work[b], own[b])
    back = effects(answers.work[b], answers.work[a], own[a])
    worth = _worth(answers.work[a], answers.work[b])
    found = {"first": _first(both), "ease": _ease(both)}
    for name, there, here in zip(("practice", "leaning"), back, forward, strict=True):
        found[name] = (worth * (there.size - here.size), worth * (there.terms - here.terms))
    return {n: f[0] for n, f in found.items()}, {n: f[1] for n, f in found.items()}


def direction(
    answers: Answers,
    a: int,
    b: int,
    own: Mapping[int, Unexplained],
    weights: Mapping[str, float] = WEIGHTS,
) -> Direction:
    """Return which way the answers lean on the edge a → b.

    `own` has what each of the two targets' own model leaves unexplained.
    """
    sizes, terms = raw_parts(answers, a, b, own)
    parts = {name: weights[name] * sizes[name] for name in PARTS}
    errors = {name: _length(terms[name]) for name in PARTS}
    error = _length(sum((weights[name] * terms[name] for name in PARTS), np.zeros(1)))
    units = {name: 1 / errors[name] if errors[name] > 0 else 0.0 for name in PARTS}
    spread = _length(sum((units[name] * terms[name] for name in PARTS), np.zeros(1)))
    leans = sum(units[name] * sizes[name] for name in PARTS)
    surely = leans / spread if spread > 0 else 0.0
    return Direction(sum(parts.values()), error, surely, parts)


def _length(terms: Floats) -> float:
    return float(np.sqrt((terms**2).sum()))


def _worth(one: Work, other: Work) -> float:
    """How much learning can show, 0 to 1: nothing where each student has a single answer."""
    again = (len(one.row) + len(other.row)) / (len(one.who) + len(other.who)) - 1
    return again / (again + AGAIN)


def _first(both: Both) -> tuple[float, Floats]:
    only_b = (1 - both.first_a) * both.first_b
    only_a = both.first_a * (1 - both.first_b)
    more, less = only_b.sum() + HALF, only_a.sum() + HALF
    return float(np.log(more / less)), only_b / more - only_a / less


def _ease(both: Both) -> tuple[float, Floats]:
    (a, by_a), (b, by_b) = _log_odds(both.share_a), _log_odds(both.share_b)
    return b - a, by_b - by_a


def _log_odds(share: Floats) -> tuple[float, Floats]:
    count = len(share)
    mean = (share.sum() + HALF) / (count + 2 * HALF)
    return float(np.log(mean / (1 - mean))), (share - mean) / (mean * (1 - mean) * (count + 1))
