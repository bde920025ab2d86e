"""The smallest set of rules that clash, against trying every set."""

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from engine.groups.conflict import smallest_clash

ITEMS = range(6)


@given(st.lists(st.sets(st.sampled_from(ITEMS), max_size=4), min_size=1, max_size=5))
def test_the_smallest_clash_is_that_of_trying_every_set(clashes: list[set[int]]) -> None:
    def possible(kept: Sequence[int]) -> bool:
        return not any(clash <= set(kept) for clash in clashes)

    found, relax = smallest_clash(ITEMS, possible)
    sizes = [n for n in range(7) for s in combinations(ITEMS, n) if not possible(s)]
    assert not possible(found)
    assert len(found) == min(sizes)
    assert set(relax) == {i for i in found if possible([j for j in ITEMS if j != i])}
