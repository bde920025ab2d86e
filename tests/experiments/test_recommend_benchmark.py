"""The benchmark of choices: its figures are there, and plain Python picks the same slates."""

import math

import numpy as np
import pytest

from engine import Layout, Wishes, choices, slates
from experiments.recommending.bench import bench_recommend, growth
from experiments.recommending.district import board, curriculum, wishes
from experiments.recommending.plain import learner, plain_slate


@pytest.mark.parametrize("seed", range(3))
def test_plain_python_picks_the_same_slates(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layout = Layout(curriculum(60, 150, rng))
    whole, asked = board(layout, range(30), rng), wishes(layout, 30, rng)
    options = {option.id: option for option in layout.options}
    found = slates(whole, asked)
    purposes = set()
    for row, student in enumerate(whole.students):
        picked = plain_slate(learner(whole, student), options, asked[row])
        assert picked == [layout.options[o].id for o in found.option[row] if o >= 0]
        purposes |= {c.purpose for c in choices(whole, student, asked[row], {})}
    assert {"learn", "review"} < purposes


def test_a_drawn_district_has_its_size_and_every_student_something_to_do() -> None:
    rng = np.random.default_rng(0)
    layout = Layout(curriculum(100, 300, rng))
    assert (len(layout.curriculum.graph), len(layout.curriculum.framework.tasks)) == (100, 300)
    found = slates(board(layout, range(50), rng), Wishes())
    assert (found.option >= 0).any(axis=1).mean() > 0.9


def test_growth_is_the_power_of_the_size() -> None:
    assert growth([(10, 3.0), (1_000, 300.0)]) == pytest.approx(1)
    assert growth([(10, 1.0), (40, 16.0)]) == pytest.approx(math.log(16) / math.log(4))


def test_the_benchmark_tells_what_it_claims_and_whether_that_was_kept() -> None:
    found = bench_recommend(students=1_000, processes=1)
    assert (found.students, found.targets, found.tasks) == (1_000, 300, 1_000)
    assert [b.students for b in found.batch] == [100, 300, 1_000]
    assert found.batch[-1].chosen > 2_500
    assert found.plain_equal == found.plain_students
    assert 0 < found.one_ms < 100
    assert all(claim.kept == (claim.found <= float(claim.claim.split()[-1][:-1]))
               for claim in found.claims)  # fmt: skip
