"""Bayesian knowledge tracing (BKT): its five parameters and its two steps.

Corbett & Anderson 1995. A student knows a learning target or does not; each answer is
first *conditioned* on, then practice lets the student *transit*:

    condition   P(K | answer) = P(K) e_K / (P(K) e_K + P(U) e_U)
    transit     P(K) ← P(K) (1 − forget) + P(U) learn

With a score x in [0, 1] and a reliability w in (0, 1] the emissions are tempered,
e_K = ((1 − slip)^x slip^(1−x))^w and e_U = (guess^x (1 − guess)^(1−x))^w, which for
x ∈ {0, 1} and w = 1 is the textbook model.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from graphs import Fault, InvalidInput
from models.compiled import compiled

SURE = 1e-12
"""Belief never comes closer to 0 or 1 than this: nobody is beyond being convinced, and
log-odds stay finite over sequences of any length."""


@dataclass(frozen=True, slots=True)
class BKTParameters:
    """The probabilities of one learning target, each in [0, 1].

    `prior` knows it before any evidence (usual: .1 to .6) · `learn` comes to know it at one
    opportunity (.05 to .4) · `guess` right without knowing (below .4) · `slip` wrong though
    knowing (below .2) · `forget` loses it between two opportunities (0 in plain BKT).
    Raises `InvalidInput` listing every value out of range.
    """

    prior: float
    learn: float
    guess: float
    slip: float
    forget: float = 0.0

    def __post_init__(self) -> None:
        names = ("prior", "learn", "guess", "slip", "forget")
        faults = [
            Fault(f"{value} is not a probability", field=name)
            for name, value in zip(names, astuple(self), strict=True)
            if not 0 <= value <= 1
        ]
        if faults:
            raise InvalidInput(faults)


# Before a school has data of its own: near the middle of what is fitted on published
# tutoring logs (medians over targets: prior .4, learn .15, guess .25, slip .12), a little
# more careful about guessing so that one lucky answer certifies nobody.
USUAL = BKTParameters(prior=0.35, learn=0.15, guess=0.25, slip=0.1)


@compiled
def emissions(score: float, weight: float, guess: float, slip: float) -> tuple[float, float]:
    """Return (e_K, e_U): how likely this score is when known and when not."""
    known = ((1.0 - slip) ** score * slip ** (1.0 - score)) ** weight
    unknown = (guess**score * (1.0 - guess) ** (1.0 - score)) ** weight
    return known, unknown


@compiled
def condition(known: float, if_known: float, if_unknown: float) -> float:
    """Bayes' rule on P(known), given the two emissions of what was observed.

    Evidence that is impossible either way (0/0) leaves the belief as it was.
    """
    joint = known * if_known
    total = joint + (1.0 - known) * if_unknown
    if total <= 0.0:
        return known
    return min(max(joint / total, SURE), 1.0 - SURE)


@compiled
def transit(known: float, learn: float, forget: float) -> float:
    """Return P(known) after one opportunity to learn, and to forget."""
    moved = known * (1.0 - forget) + (1.0 - known) * learn
    return min(max(moved, SURE), 1.0 - SURE)


@compiled
def right(known: float, guess: float, slip: float) -> float:
    """Return P(the next answer is right)."""
    return known * (1.0 - slip) + (1.0 - known) * guess


def pooled(parameters: Iterable[BKTParameters]) -> BKTParameters:
    """Return the middle (median, one by one) of several targets' parameters.

    Stands in for a target that nobody has answered yet. `USUAL` when there are none.
    """
    columns = list(zip(*(astuple(p) for p in parameters), strict=True))
    if not columns:
        return USUAL
    return BKTParameters(*(sorted(column)[len(column) // 2] for column in columns))
