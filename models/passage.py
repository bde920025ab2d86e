"""How many more opportunities until mastery: the first passage of a belief over a bar.

A belief P(K) is itself a Markov chain: the next answer is right with the chance that the belief
gives it, and either answer moves the belief to a place that Bayes' rule and practice fix
(`models.bkt`). With N the first opportunity, not before the `fewest`-th, after which the belief
is at the bar,

    P(N = n) = Σ over beliefs x below the bar of P(belief after n − 1 is x, not yet passed)
               · P(the answer that lifts x to the bar or above | x)

worked out on a grid of log-odds: mass that lands between two points is shared between them so
that its mean stays. Every model says by its `chain` which two-state chain it looks like from one
estimate; for plain BKT without forgetting that is exact.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.bkt import USUAL, condition, right, transit
from models.compiled import compiled

Floats = npt.NDArray[np.float64]

MOST_OPPORTUNITIES = 40
"""Opportunities looked ahead: two months of daily work on one target. Who is expected to need
more needs another way, not a longer forecast."""
STEP = 0.04
"""Distance of grid points in log-odds: a right answer moves a belief by one to two."""
EDGE = 9.0
"""Log-odds at the ends of the grid: .0001 and .9999."""
LEAST = 1e-4
"""Smallest chance to learn, guess or slip: nothing is impossible."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A belief P(K) = `known` and how it moves: the numbers of plain BKT, without forgetting.

    Each lies in [0, 1]; `opportunities` keeps them off the ends.
    """

    known: float
    learn: float
    guess: float
    slip: float


def usual_chain(p: float, p_right: float, p_next: float) -> Chain:
    """Return the chain of which only three numbers are known, with the usual slip.

    `p` P(K), `p_right` chance of a right answer, `p_next` P(K) expected after one opportunity.
    """
    known = _inside(p)
    guess = (p_right - known * (1.0 - USUAL.slip)) / (1.0 - known)
    learn = (p_next - known) / (1.0 - known)
    return Chain(known, _inside(learn), _inside(guess), USUAL.slip)


def opportunities(chain: Chain, bar: float, fewest: int = 1) -> Floats:
    """Return P(N = n) for n = 0 … `MOST_OPPORTUNITIES`, and last P(N is more), float64[M + 2].

    `bar` in [0, 1] is the belief to be reached, after `fewest` opportunities at least.
    """
    top = EDGE if bar >= 1.0 else math.log(_inside(bar)) - math.log1p(-_inside(bar))
    known, learn, slip = _inside(chain.known), _inside(chain.learn), _inside(chain.slip)
    guess = min(_inside(chain.guess), 1.0 - slip)  # a right answer never speaks against knowing
    found: Floats = _passage(known, learn, guess, slip, top, max(fewest, 1), MOST_OPPORTUNITIES)
    return found


@compiled
def _passage(  # plain numbers, for the compiler
    known: float, learn: float, guess: float, slip: float, bar: float, fewest: int, most: int
) -> Floats:
    size = round(2 * EDGE / STEP) + 1
    chance, moves = np.empty(size), np.empty((size, 2))
    for j in range(size):
        p = 1.0 / (1.0 + math.exp(EDGE - STEP * j))
        chance[j] = right(p, guess, slip)
        for score in range(2):
            if_known, if_unknown = (1.0 - slip, guess) if score else (slip, 1.0 - guess)
            after = transit(condition(p, if_known, if_unknown), learn, 0.0)
            moves[j, score] = math.log(after) - math.log1p(-after)
    here, found = np.zeros(size), np.zeros(most + 2)
    _share(here, math.log(known) - math.log1p(-known), 1.0)
    for n in range(1, most + 1):
        there = np.zeros(size)
        for j in range(size):
            if here[j] > 0.0:
                for score in range(2):
                    mass = here[j] * (chance[j] if score else 1.0 - chance[j])
                    if n >= fewest and moves[j, score] >= bar:
                        found[n] += mass
                    else:
                        _share(there, moves[j, score], mass)
        here = there
    found[most + 1] = max(1.0 - found.sum(), 0.0)
    return found


@compiled
def _share(cells: Floats, place: float, mass: float) -> None:
    """Add mass to the two grid points around a place, nearer ones getting more."""
    x = min(max((place + EDGE) / STEP, 0.0), len(cells) - 1.000001)
    below = int(x)
    cells[below] += mass * (1.0 - (x - below))
    cells[below + 1] += mass * (x - below)


def _inside(p: float) -> float:
    return min(max(p, LEAST), 1.0 - LEAST)
