"""The experiments on placement and review: equal budgets, honest controls, figures that add up."""

import numpy as np
import pytest

from experiments.simulation import placement, reviewing
from experiments.simulation.playing import Setup, curriculum_of
from experiments.simulation.school import SimulatedClass
from experiments.worlds import AdditiveWorld, EncompassingWorld, ForgetfulWorld, layered_domain
from models.starts import Joint, Starts
from tests.experiments.conftest import make_log

DOMAIN = layered_domain(np.random.default_rng(0))


def a_class(kind: type = AdditiveWorld, size: int = 40) -> SimulatedClass:
    return SimulatedClass(kind(DOMAIN, size, 1, np.random.default_rng(2)), size, len(DOMAIN))


def test_probes_tell_who_has_mastered_what_was_not_probed() -> None:
    joint, new = Joint(Starts(), curriculum_of(DOMAIN).graph), a_class(size=150)
    truth = new.truth(np.zeros(new.size, dtype=np.int64))
    looks = placement._probed(joint, new, 10, None)
    assert ((~np.isnan(looks)).sum(axis=1) == 10).all()
    blank = np.full_like(looks, np.nan)
    found, none = (placement._auc(joint, each, truth) for each in (looks, blank))
    assert found > none + 0.1
    said = placement._said(joint, looks, truth)
    assert 0 < said["likely"] <= 1
    assert 0.5 < said["right"] <= 1


@pytest.mark.parametrize("budget", [37, 300, 400])
def test_fixed_courses_spend_their_budget_evenly(budget: int) -> None:
    even = reviewing._even_plan(40, budget, look_back=False)
    assert len(even) == budget
    counts = np.bincount(even, minlength=40)
    assert counts.max() - counts.min() <= 1
    looking_back = reviewing._even_plan(40, budget, look_back=True)
    assert len(looking_back) == budget
    assert sum(t < 0 for t in looking_back) == pytest.approx(budget / 5, abs=budget / 25)


def test_every_course_gets_the_same_opportunities() -> None:
    setup = Setup(DOMAIN, 40, 0, make_log())
    for look_back in (True, False):
        course = reviewing.Course(setup, 100, look_back)
        used, end, later = reviewing.spend(a_class(), course, 100)
        assert (used == 100).all()
        assert (end == later).all()  # nothing is forgotten in this world


def test_work_in_passing_keeps_prerequisites_from_fading() -> None:
    who = np.arange(60)
    target = next(k for k, before in enumerate(DOMAIN.prerequisites) if before)
    below = DOMAIN.prerequisites[target][0]
    left = {}
    for kind in (ForgetfulWorld, EncompassingWorld):
        world = kind(DOMAIN, 60, 1, np.random.default_rng(2))
        world.practise(who, np.full(60, below), 0)
        learned = world.strength_on(who, below, 0)
        world.practise(who, np.full(60, target), 10)
        left[kind] = world.strength_on(who, below, 40) - learned
    assert (left[EncompassingWorld] > left[ForgetfulWorld]).all()
