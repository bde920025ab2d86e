"""How many opportunities until mastery: against simulated students, and in the limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import BKTModel, BKTParameters
from models.bkt import condition, emissions, transit
from models.passage import MOST_OPPORTUNITIES, Chain, opportunities, usual_chain

CHANCES = st.floats(0.02, 0.98)
CHAINS = st.builds(
    Chain, CHANCES, st.floats(0.01, 0.6), st.floats(0.02, 0.45), st.floats(0.02, 0.4)
)


def mean(chance: np.ndarray) -> float:
    return float(chance @ np.arange(len(chance)))


def walked(chain: Chain, bar: float, fewest: int, rng: np.random.Generator) -> int:
    """Let one student of plain BKT practise until the belief is at the bar."""
    knows, belief = rng.random() < chain.known, chain.known
    for number in range(1, MOST_OPPORTUNITIES + 1):
        right = rng.random() < (1 - chain.slip if knows else chain.guess)
        answer = emissions(float(right), 1.0, chain.guess, chain.slip)
        belief = transit(condition(belief, *answer), chain.learn, 0.0)
        knows = knows or rng.random() < chain.learn
        if number >= fewest and belief >= bar:
            return number
    return MOST_OPPORTUNITIES + 1


@pytest.mark.parametrize(
    ("chain", "bar", "fewest"),
    [
        (Chain(0.35, 0.15, 0.25, 0.1), 0.95, 3),
        (Chain(0.35, 0.15, 0.25, 0.1), 0.7, 1),
        (Chain(0.2, 0.05, 0.2, 0.2), 0.98, 1),
        (Chain(0.9, 0.1, 0.3, 0.05), 0.95, 2),
    ],
)
def test_it_is_what_simulated_students_take(chain: Chain, bar: float, fewest: int) -> None:
    rng = np.random.default_rng(0)
    took = np.bincount([walked(chain, bar, fewest, rng) for _ in range(4000)], minlength=42) / 4000
    told = opportunities(chain, bar, fewest)
    # 4000 draws leave 1.36/√4000 = .022 at 5 % (Kolmogorov-Smirnov)
    assert np.abs(np.cumsum(took) - np.cumsum(told)).max() < 0.025


@settings(max_examples=60, deadline=None)
@given(CHAINS, st.floats(0.5, 0.99), st.integers(0, 5))
def test_it_is_a_distribution_that_begins_with_the_fewest(
    chain: Chain, bar: float, fewest: int
) -> None:
    told = opportunities(chain, bar, fewest)
    assert told.shape == (MOST_OPPORTUNITIES + 2,)
    assert told.sum() == pytest.approx(1.0)
    assert (told >= 0).all()
    assert told[: max(fewest, 1)].sum() == 0


@settings(max_examples=40, deadline=None)
@given(CHAINS, st.floats(0.6, 0.97))
def test_a_higher_bar_never_takes_less(chain: Chain, bar: float) -> None:
    assert mean(opportunities(chain, bar)) <= mean(opportunities(chain, min(bar + 0.02, 1))) + 1e-9


def test_who_is_there_needs_one_and_who_never_learns_more_than_all() -> None:
    assert opportunities(Chain(0.9999, 0.9, 0.01, 0.01), 0.9)[1] > 0.98
    assert opportunities(Chain(0.0, 0.0, 0.25, 0.1), 0.95)[-1] > 0.9


def test_plain_bkt_looks_like_itself() -> None:
    model = BKTModel({"add": BKTParameters(0.4, 0.2, 0.25, 0.1)})
    chain = model.chain(model.start(), "add")
    assert chain == Chain(0.4, 0.2, 0.25, 0.1)
    told = usual_chain(0.4, 0.4 * 0.9 + 0.6 * 0.25, 0.4 + 0.6 * 0.2)
    assert (told.learn, told.guess, told.slip) == pytest.approx((0.2, 0.25, 0.1))
