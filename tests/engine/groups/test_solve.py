"""The solver against trying everything, and its promises: rules kept, order, time, bound."""

import time

import numpy as np
import pytest

from engine.groups.solver import Effort, Problem, anneal, faults, objective, plain_problem, solve
from tests.engine.groups.problems import UNHURRIED, best_by_trying, drawn_problem


@pytest.mark.parametrize("start", range(0, 120, 30))
def test_the_optimum_is_that_of_trying_every_division(start: int) -> None:
    for seed in range(start, start + 30):
        problem = drawn_problem(seed)
        found = solve(problem, UNHURRIED)
        best = best_by_trying(problem)
        assert found.proven, seed
        if best is None:
            assert found.division is None, seed
            continue
        assert found.division is not None, seed
        assert found.division.worth == pytest.approx(best, abs=1e-5), seed
        assert not faults(problem, found.division.columns, found.division.alone), seed
        assert found.bound >= best - 1e-9
        assert found.gap == 0


def class_like(students: int, seed: int) -> Problem:
    """Draw a problem of the size of a class or more, with history, apart and a low share."""
    rng = np.random.default_rng(seed)
    aims = 10
    value = rng.random((students, aims)) * (rng.random((students, aims)) < 0.6)
    met = np.triu(rng.random((students, students)) < 0.1, 1) * 0.2
    apart = np.triu(rng.random((students, students)) < 0.01, 1)
    return plain_problem(
        value,
        repeat=met + met.T,
        apart=apart | apart.T,
        low=(np.arange(students) < students // 3).astype(np.int64),
        low_cap=0.6,
        least=np.full(aims, 3),
        most=np.full(aims, 6),
        largest=students // 5,
    )


def test_a_class_is_proven_and_each_run_finds_the_same() -> None:
    problem = class_like(24, 1)
    one, other = solve(problem, UNHURRIED), solve(problem, UNHURRIED)
    assert one.proven
    assert one.division == other.division
    assert one.division is not None
    assert not faults(problem, one.division.columns, one.division.alone)
    worth = objective(problem, one.division.columns, one.division.alone)
    assert one.division.worth == pytest.approx(worth) == pytest.approx(one.bound)


def test_beyond_a_class_the_rules_hold_and_the_gap_is_small() -> None:
    problem = class_like(60, 2)
    found = solve(problem, Effort(6.0, time.perf_counter))
    assert found.division is not None
    assert not faults(problem, found.division.columns, found.division.alone)
    assert found.bound >= found.division.worth - 1e-6
    assert found.gap <= 0.02


def test_the_time_allowed_is_kept_and_what_is_found_by_then_keeps_the_rules() -> None:
    problem, ticks = class_like(40, 3), iter(range(1_000_000))
    found = solve(problem, Effort(3.0, lambda: float(next(ticks))))
    assert found.division is not None
    assert not found.proven
    assert found.gap > 0
    assert not faults(problem, found.division.columns, found.division.alone)
    assert next(ticks) < 20


def test_annealing_finds_nothing_where_nothing_is_allowed() -> None:
    problem = plain_problem(np.ones((4, 1)), apart=~np.eye(4, dtype=np.bool_), largest=3)
    assert anneal(problem, 1_000, 0) is None
    found = solve(problem, UNHURRIED)
    assert (found.division, found.proven) == (None, True)
