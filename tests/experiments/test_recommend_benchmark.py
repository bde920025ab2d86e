"""The benchmark of choices: its figures are there, and plain Python picks the same slates."""

import math

import numpy as np
import pytest

from engine import Layout, Wishes, choices, slates
from experiments.recommending import timing
from experiments.recommending.bench import BatchTime, OneTime, growth, judged
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
    one = [OneTime(n, n, **timing.one(n, n)) for n in (40, 80)]
    batch = [BatchTime(100, 1.0, 1.0, 300, 50.0), BatchTime(1_000, 61.0, 61.0, 3_000, 50.0)]
    found = judged(one, batch, timing.plain(40, 80), 2)
    assert (found.students, found.one_ms, found.batch_s) == (1_000, one[-1].new_board_ms, 61.0)
    assert found.batch_growth == pytest.approx(math.log10(61))
    assert found.plain_equal == found.plain_students
    kept = {claim.claim: claim.kept for claim in found.claims}
    assert not kept["the district, s (at most 60)"]
    assert not kept["growth with students, power (at most 1.1)"]
    assert kept["one student, ms (at most 2)"] == (found.one_ms <= 2)
    assert kept["slates unlike those of plain Python (at most 0)"]


def test_a_district_is_timed_in_processes_of_its_own() -> None:
    found = timing.batch(1_200, 40, 80, 1)
    assert found["chosen"] > 3_000
    assert 0 < found["cpu_s"] <= found["wall_s"]
    assert found["peak_mb"] > 10
