"""Simulated learners: what the worlds promise, and that certification can be judged in them."""

import numpy as np
import pytest

from experiments.certification import bench_mastery, means
from experiments.worlds import GradualWorld, fixed_course, layered_domain


def world(seed: int = 1, size: int = 60, known: float = 0.3) -> GradualWorld:
    domain = layered_domain(np.random.default_rng(seed))
    return GradualWorld(domain, size, seed, np.random.default_rng(seed + 1), known)


@pytest.mark.parametrize("seed", range(5))
def test_a_domain_has_the_asked_size_and_no_circle(seed: int) -> None:
    domain = layered_domain(np.random.default_rng(seed))
    assert len(domain) == 40
    assert sum(map(len, domain.prerequisites)) == 67
    for k, before in enumerate(domain.prerequisites):
        assert all(domain.layer[p] < domain.layer[k] for p in before)
        assert bool(before) == (domain.layer[k] > 0)


def test_practice_teaches_and_waiting_makes_forget() -> None:
    learners = world()
    before = learners.chance(0, 0, 0)
    for _ in range(10):
        learners.practise(0, 0, 0)
    learned = learners.chance(0, 0, 0)
    assert before < learned
    assert learners.chance(0, 0, 60) < learned


def test_answers_are_as_often_right_as_the_true_chance_says() -> None:
    learners = world(size=400)
    expected = [learners.chance(s, 0, 0) for s in range(400)]
    right = [learners.practise(s, 0, 0)[1] for s in range(400)]
    assert np.mean(right) == pytest.approx(np.mean(expected), abs=0.06)


def test_the_able_know_more_at_the_start() -> None:
    learners = world(size=200)
    known = np.array([[learners.mastered(s, t, 0) for t in range(40)] for s in range(200)])
    order = np.argsort(learners.ability)
    assert known[order[150:]].mean() > 2 * known[order[:50]].mean()


def test_a_fixed_course_gives_every_target_its_opportunities() -> None:
    answers = list(fixed_course(world(size=1), 0, each=8))
    counts = np.bincount([answer.target for answer in answers])
    assert counts.min() >= 8
    assert [a.number for a in answers] == list(range(len(answers)))
    assert len({a.evidence("s", world().domain).when for a in answers}) == len(answers)


def test_certification_is_judged_by_the_truth() -> None:
    rows = bench_mastery(seeds=1, students=24, first=7)
    by_model = means(rows)
    assert set(by_model) == {"full", "bkt"}
    assert by_model["full"]["false_mastery"] < by_model["bkt"]["false_mastery"]
    assert by_model["full"]["true_mastery"] > by_model["bkt"]["true_mastery"]
    assert by_model["full"]["coverage"] == pytest.approx(0.9, abs=0.08)
