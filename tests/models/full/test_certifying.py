"""The bar of certification: what claims are worth, told by noisy checks alone."""

import numpy as np
import pytest

from models.full.certifying import Checks, certify, join, overconfidence

IF_MASTERED, IF_NOT = 0.9, 0.5


def checks_where(rng: np.random.Generator, size: int, offset: float) -> Checks:
    """Draw one check a pair; the truth of a claim P is sigma(logit P + offset)."""
    claimed = rng.beta(4, 1, size)
    odds = claimed / (1 - claimed) * np.exp(offset)
    mastered = rng.random(size) < odds / (1 + odds)
    right = rng.random(size) < np.where(mastered, IF_MASTERED, IF_NOT)
    whole = np.ones(size)
    return Checks(
        np.arange(size), claimed, right.astype(np.float64), IF_MASTERED * whole, IF_NOT * whole
    )


@pytest.mark.parametrize("offset", [-1.5, 0.0, 1.5])
def test_the_offset_of_what_is_claimed_is_found(offset: float) -> None:
    checks = checks_where(np.random.default_rng(1), 20_000, offset)
    assert overconfidence(checks) == pytest.approx(offset, abs=0.2)


def test_a_model_that_is_sure_too_early_gets_a_higher_bar() -> None:
    rng = np.random.default_rng(2)
    early, honest, late = (certify(checks_where(rng, 20_000, d)).bar for d in (-1.5, 0.0, 1.5))
    assert early is not None
    assert honest is not None
    assert late is not None
    assert early > honest > late


def test_the_claims_at_the_bar_are_false_no_more_often_than_allowed() -> None:
    rng = np.random.default_rng(3)
    found = certify(checks_where(rng, 50_000, -1.0))
    (chosen,) = [row for row in found.table if row.bar == found.bar]
    assert chosen.corrected <= 0.05
    assert chosen.checked == pytest.approx(0.05, abs=0.03)
    assert chosen.model_says < 0.04
    checked = [row.checked for row in found.table]
    assert checked == sorted(checked, reverse=True)


def test_too_few_checks_set_no_bar() -> None:
    assert certify(checks_where(np.random.default_rng(4), 150, 0.0)).bar is None
    nothing = np.zeros(0)
    assert certify(Checks(nothing.astype(np.int64), *(nothing,) * 4)).bar is None


def test_joined_groups_keep_their_pairs_apart() -> None:
    rng = np.random.default_rng(5)
    parts = [checks_where(rng, 30, 0.0), checks_where(rng, 20, 0.0)]
    assert len(np.unique(join(parts).pair)) == 50
