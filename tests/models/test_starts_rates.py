"""Rates of first answers: drawn together as far as the log says, whatever is missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.starts_rates import Floats, first_rates

SIZE, STUDENTS = 30, 100
DEPTH = [k // 5 for k in range(SIZE)]


def drawn(seed: int, spread: float, by_depth: float = 0.08) -> tuple[Floats, Floats]:
    """Draw true rates on a line through the depth, and three answers of everybody."""
    rng = np.random.default_rng(seed)
    rate = np.clip(0.7 - by_depth * np.array(DEPTH) + rng.normal(0, spread, SIZE), 0.05, 0.95)
    chance = np.stack([rate, np.minimum(rate + 0.05, 1), np.minimum(rate + 0.1, 1)])
    return rate, (rng.random((3, STUDENTS, SIZE)) < chance[:, None, :]).astype(np.float64)


def error(found: Floats, rate: Floats) -> float:
    return float(np.sqrt(((found - rate) ** 2).mean()))


@pytest.mark.parametrize("spread", [0.0, 0.05])
def test_rates_come_nearer_to_the_truth_than_counts(spread: float) -> None:
    pairs = [drawn(seed, spread) for seed in range(10)]
    counted = np.mean([error(answers[0].mean(axis=0), rate) for rate, answers in pairs])
    found = np.mean([error(first_rates(answers, DEPTH), rate) for rate, answers in pairs])
    assert found < 0.8 * counted


def test_a_depth_that_says_nothing_costs_next_to_nothing() -> None:
    rng = np.random.default_rng(1)
    pairs = [drawn(seed, 0.1, by_depth=0.0) for seed in range(10)]
    shuffled = [float(d) for d in rng.permutation(DEPTH)]
    without = np.mean([error(first_rates(answers, None), rate) for rate, answers in pairs])
    given_it = np.mean([error(first_rates(answers, shuffled), rate) for rate, answers in pairs])
    assert given_it < 1.03 * without


def test_what_only_the_strong_have_reached_is_not_called_easy() -> None:
    rng = np.random.default_rng(2)
    strong = np.arange(STUDENTS) % 2 == 0
    chance = np.where(strong[:, None], 0.8, 0.3) * np.ones(SIZE)
    answers = (rng.random((3, STUDENTS, SIZE)) < chance).astype(np.float64)
    answers[:, ~strong, SIZE // 2 :] = np.nan
    found = first_rates(answers, None)
    assert found[SIZE // 2 :].mean() == pytest.approx(found[: SIZE // 2].mean(), abs=0.08)


@given(st.integers(0, 1000), st.floats(0, 1), st.integers(1, 4), st.booleans())
def test_rates_are_rates_whatever_is_missing(
    seed: int, missing: float, times: int, deep: bool
) -> None:
    rng = np.random.default_rng(seed)
    answers = (rng.random((times, 12, 7)) < 0.6).astype(np.float64)
    answers[rng.random(answers.shape) < missing] = np.nan
    found = first_rates(answers, [float(k) for k in range(7)] if deep else None)
    assert found.shape == (7,)
    assert ((found >= 0) & (found <= 1)).all()


@given(st.permutations(range(6)))
def test_the_order_of_students_plays_no_part(order: list[int]) -> None:
    answers = (np.random.default_rng(4).random((3, 6, 5)) < 0.6).astype(np.float64)
    same = first_rates(answers[:, order], None)
    assert same == pytest.approx(first_rates(answers, None))
