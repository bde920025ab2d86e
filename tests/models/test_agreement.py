"""Agreement of raters: against worked examples, a known truth, and laws."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Evidence
from models.agreement import ScaleAgreement, agreement

LEVELS = {"rubric4": 4, "pass": 2}


def ratings(works: Sequence[Mapping[str, int]], scale: str = "rubric4") -> list[Evidence]:
    """Evidence of one student: each work rated by some raters."""
    return [
        Evidence(
            f"{rater}-{i}", "s", ("a",), (level - 1) / (LEVELS[scale] - 1), "performance_task",
            level=level, scale=scale, rater=rater, work=f"w{i}", position=i,
        )
        for i, given in enumerate(works)
        for rater, level in given.items()
    ]  # fmt: skip


def report(works: Sequence[Mapping[str, int]]) -> ScaleAgreement:
    (found,) = agreement([ratings(works)], LEVELS, np.random.default_rng(0))
    return found


def test_raters_who_agree_always_have_kappa_one_and_no_severity() -> None:
    found = report([{"ann": level, "bob": level} for level in (1, 2, 3, 4, 2)])
    assert (found.overall.kappa, found.overall.exact, found.overall.works) == (1.0, 1.0, 5)
    assert [r.severity for r in found.raters] == pytest.approx([0, 0], abs=1e-12)


def test_kappa_is_that_of_the_formula() -> None:
    """κ = 1 − Σ w·observed / Σ w·expected with w = (i − j)², both ways of reading each pair."""
    works = [(1, 1), (1, 2), (2, 2), (3, 2), (4, 4), (3, 4), (4, 3), (2, 1)]
    found = report([{"ann": a, "bob": b} for a, b in works]).overall
    both = np.array([*works, *((b, a) for a, b in works)])
    share = np.bincount(both[:, 0], minlength=5)[1:] / len(both)
    weight = np.subtract.outer(np.arange(4), np.arange(4)) ** 2
    expected = (weight * np.outer(share, share)).sum()
    observed = ((both[:, 0] - both[:, 1]) ** 2).mean()
    assert found.kappa == pytest.approx(1 - observed / expected)
    assert found.exact == 3 / 8
    assert found.adjacent == 1.0
    assert (found.low or 0) < 1 - observed / expected < (found.high or 0)


def test_with_one_level_only_there_is_nothing_to_agree_on() -> None:
    found = report([{"ann": 3, "bob": 3}, {"ann": 3, "bob": 3}]).overall
    assert (found.kappa, found.low, found.exact) == (None, None, 1.0)


def test_a_severe_rater_is_found_whoever_rated_with_whom() -> None:
    """Cal rates a level lower; Dee only ever shares work with Cal."""
    rng = np.random.default_rng(7)
    works = []
    for i in range(200):
        pair = [("ann", "bob"), ("bob", "cal"), ("cal", "dee")][i % 3]
        true = rng.integers(2, 4)
        works.append({r: int(true) - (r == "cal") + int(rng.random() < 0.1) for r in pair})
    found = {r.rater: r for r in report(works).raters}
    for rater in ("ann", "bob", "dee"):
        assert found["cal"].severity - found[rater].severity == pytest.approx(1, abs=0.15)
    assert found["cal"].low is not None
    assert found["cal"].low > 0 > (found["ann"].high or 0)
    assert found["cal"].works == 133


def test_scales_and_raters_are_kept_apart() -> None:
    three = ratings([{"ann": 1, "bob": 2, "cal": 2}, {"ann": 4, "bob": 4}])
    passed = ratings([{"ann": 2, "cal": 1}], "pass")
    alone = ratings([{"ann": 4}])
    named = [Evidence(f"p{e.id}", "t", e.targets, e.score, level=e.level, scale=e.scale,
                      rater=e.rater, work=e.work) for e in passed]  # fmt: skip
    found = agreement([three, named, alone], LEVELS, np.random.default_rng(0))
    assert [scale.scale for scale in found] == ["pass", "rubric4"]
    assert list(found[1].pairs) == [("ann", "bob"), ("ann", "cal"), ("bob", "cal")]
    assert found[1].pairs["ann", "bob"].works == 2
    assert found[0].raters[0].low is None


def test_work_that_one_person_rated_says_nothing() -> None:
    assert agreement([ratings([{"ann": 3}])], LEVELS, np.random.default_rng(0)) == ()


works = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4), min_size=2), min_size=1, max_size=8
)


@settings(max_examples=25, deadline=None)
@given(works=works, shift=st.integers(0, 2**32 - 1))
def test_severities_sum_to_nothing_and_ratings_may_come_in_any_order(
    works: list[dict[str, int]], shift: int
) -> None:
    found = report(works)
    assert sum(r.severity for r in found.raters) == pytest.approx(0, abs=1e-9)
    pieces = ratings(works)
    order = np.random.default_rng(shift).permutation(len(pieces))
    (again,) = agreement([[pieces[i] for i in order]], LEVELS, np.random.default_rng(0))
    assert again.overall == found.overall
    for one, other in zip(found.raters, again.raters, strict=True):
        assert one.severity == pytest.approx(other.severity, abs=1e-9)
