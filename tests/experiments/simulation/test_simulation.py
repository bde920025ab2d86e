"""Simulated schools: worlds plug in, policies are judged by the truth, costs at equal quality."""

from typing import Any

import numpy as np
import pytest

from experiments.simulation import peers, tournament
from experiments.simulation.playing import Fits, Outcome, Setup, play
from experiments.simulation.report import claims, costs_at, rows
from experiments.simulation.school import SimulatedClass, course_log, world_named
from experiments.worlds import Domain, layered_domain
from graphs import InvalidInput
from models import BKTModel
from models.full import FullModel

DOMAIN = layered_domain(np.random.default_rng(3), targets=8, layers=3, edges=9)
WHO = np.arange(20)


class Stubborn:
    """Students who know a target after three tasks; asked one at a time, without abilities."""

    name = "stubborn"

    def __init__(self, domain: Domain, size: int, seed: int, rng: np.random.Generator) -> None:
        self.needs = np.full((size, len(domain)), 3)

    def practise(self, student: int, target: int, day: int) -> tuple[int, bool]:
        knows = self.mastered(student, target, day)
        self.needs[student, target] -= 1
        return 0, knows

    def mastered(self, student: int, target: int, day: int) -> bool:
        return bool(self.needs[student, target] <= 0)


class Silent:
    """A world without verbs."""


def a_class(kind: Any, size: int = 20, seed: int = 1) -> SimulatedClass:
    return SimulatedClass(kind(DOMAIN, size, seed, np.random.default_rng(seed)), size, len(DOMAIN))


@pytest.mark.parametrize("name", tournament.WORLDS)
def test_in_every_world_practice_helps_the_able_know_more_and_answers_show_it(name: str) -> None:
    learners = a_class(world_named(name), size=200)
    start = learners.truth(np.zeros(200, dtype=np.int64))
    able = np.argsort(learners.ability)
    assert start[able[100:]].mean() > start[able[:100]].mean()
    right = []
    for number in range(8 * 14):
        target = np.full(200, number // 14)
        right.append(learners.practise(np.arange(200), target, number // 12)[1].mean())
    assert np.mean(right[13::14]) > np.mean(right[::14]) + 0.1
    assert learners.truth(np.full(200, 10)).mean() > start.mean() + 0.2


def test_a_course_is_a_log_of_every_student_in_reading_order() -> None:
    log = course_log(a_class(world_named("gradual")), DOMAIN, np.random.default_rng(0))
    assert len(log.students) == 20
    assert len(log) % 20 == 0
    counts = np.bincount(log.target, minlength=8) / 20
    assert counts.min() >= 8
    assert (np.diff(log.time.reshape(20, -1), axis=1) > 0).all()
    assert (log.item // 8 == log.target).all()


def setup_for(learners: SimulatedClass) -> Setup:
    log = course_log(a_class(world_named("sudden"), seed=5), DOMAIN, np.random.default_rng(0))
    return Setup(DOMAIN, learners.size, 0, log, learners)


def no_fits(served: FullModel) -> Fits:
    return Fits(served, BKTModel())


@pytest.fixture(scope="module")
def served() -> FullModel:
    """What schools are served, fitted without its certification: that takes a class too long."""
    from models.full.training import SERVED, _fit

    log = course_log(a_class(world_named("gradual"), seed=2), DOMAIN, np.random.default_rng(0))
    return FullModel(_fit(log, SERVED, None), 0.9)


def test_three_in_a_row_of_a_world_without_luck_is_three_after_three(served: FullModel) -> None:
    learners = a_class(Stubborn)
    found = play(learners, peers.InARow(setup_for(learners), no_fits(served), 3))
    assert (found.opportunities == 6 * 8).all()
    assert (found.claims == 8).all()
    assert found.false_claims.sum() == 0
    assert (found.true_end == 1).all()
    assert (found.over == 3 * 8).all()


def test_the_oracle_wastes_nothing_and_a_fixed_count_may_stop_too_early(
    served: FullModel,
) -> None:
    learners = a_class(Stubborn)
    oracle = play(learners, peers.Oracle(setup_for(learners), no_fits(served), 1.0))
    assert (oracle.opportunities == 3 * 8).all()
    assert oracle.over.sum() == 0
    learners = a_class(Stubborn)
    early = play(learners, peers.Fixed(setup_for(learners), no_fits(served), 2))
    assert (early.false_claims == 8).all()
    assert (early.under == 1).all()


@pytest.mark.parametrize("name", tournament.POLICIES)
def test_every_policy_ends_and_declares_only_what_was_practised(
    name: str, served: FullModel
) -> None:
    learners = a_class(world_named("sudden"))
    policy = tournament.POLICIES[name]
    player = policy.make(setup_for(learners), no_fits(served), policy.usual)
    found = play(learners, player)
    assert (found.opportunities <= 30 * 8).all()
    assert (found.claims <= 8).all()
    assert found.true_end.mean() > 0.5
    assert (found.false_claims <= found.claims).all()


def test_a_budget_is_kept(served: FullModel) -> None:
    learners = a_class(world_named("gradual"))
    found = play(learners, peers.Fixed(setup_for(learners), no_fits(served), 8), budget=10)
    assert (found.opportunities == 10).all()


def test_costs_are_read_off_between_settings_and_never_beyond_them() -> None:
    spent, reached = np.array([100.0, 200.0, 300.0]), np.array([0.8, 0.9, 0.89])
    assert costs_at(spent, reached, 0.85) == pytest.approx(150)
    assert costs_at(spent, reached, 0.7) == 100
    assert np.isnan(costs_at(spent, reached, 0.95))


def curve(policy: str, spent: float, true: float) -> tournament.Curve:
    n = 40
    spread = np.linspace(-0.05, 0.05, n)
    opportunities = np.stack([np.full(n, spent / 2), np.full(n, spent)])
    mastered = np.stack([true - 0.3 + spread, true + spread])
    claimed = np.full((2, n), 8.0)
    outcome = Outcome(opportunities, claimed, claimed * 0.02, mastered, mastered - 0.01,
                      opportunities / 4, 1 - mastered)  # fmt: skip
    return tournament.Curve("w", policy, (1.0, 2.0), 1, np.zeros(n, dtype=np.int64),
                            np.arange(n) * 4 // n, outcome)  # fmt: skip


def test_the_report_compares_at_equal_quality_and_judges_our_targets() -> None:
    found = rows([curve("fixed", 400, 0.95), curve("n-in-a-row-3", 300, 0.95),
                  curve("footpath", 200, 0.95)])  # fmt: skip
    mine = next(r for r in found if r.policy == "footpath" and r.quality == 0.85)
    assert mine.against_fixed is not None
    assert mine.against_row is not None
    assert mine.against_fixed[0] == pytest.approx(-0.5)
    assert mine.against_row[0] == pytest.approx(-1 / 3)
    assert mine.gap == pytest.approx(0.075, abs=0.01)
    assert all(claim.holds for claim in claims(found))
    worse = rows([curve("fixed", 400, 0.95), curve("n-in-a-row-3", 300, 0.95),
                  curve("footpath", 350, 0.95)])  # fmt: skip
    assert not any(claim.holds for claim in claims(worse)[:3])


def test_wrong_edges_keep_the_layers_and_replace_their_share() -> None:
    domain = layered_domain(np.random.default_rng(0))
    given = tournament.misdrawn(domain, 0.6, np.random.default_rng(1))
    kept = sum(len(set(a) & set(b)) for a, b in
               zip(domain.prerequisites, given.prerequisites, strict=True))  # fmt: skip
    assert 0.25 < 1 - kept / 67 < 0.7
    for k, before in enumerate(given.prerequisites):
        assert len(before) == len(domain.prerequisites[k])
        assert all(domain.layer[p] < domain.layer[k] for p in before)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "known are"),
        ("no_such_module:World", "cannot be loaded"),
        (f"{__name__}:Silent", "no practise and no mastered"),
    ],
)
def test_a_world_that_cannot_be_had_is_refused_by_name(name: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        world_named(name)


def test_a_world_and_a_policy_of_others_are_found_by_module_and_name() -> None:
    assert world_named(f"{__name__}:Stubborn") is Stubborn
    assert tournament.policy_named(f"{__name__}:TWICE") is TWICE
    with pytest.raises(InvalidInput, match=r"is no .*Policy"):
        tournament.policy_named(f"{__name__}:Stubborn")


TWICE = tournament.Policy(peers.Slate, (1, 2), 2)
