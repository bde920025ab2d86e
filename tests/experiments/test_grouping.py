"""Groups beside the usual ways: matchings, ways, rounds, diverse instances, the command."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from typer.testing import CliRunner

from engine.groups.solver import faults
from experiments.grouping.diverse import instance
from experiments.grouping.instances import Instance, simulated_instances
from experiments.grouping.matchings import matchings_equal
from experiments.grouping.usual import WAYS, classroom, judge
from service.cli import build_app


@pytest.fixture(scope="module")
def reteach() -> Instance:
    return next(iter(simulated_instances(1, 30)))


def test_pairs_are_the_best_matching_there_is() -> None:
    assert matchings_equal(150) == 150


@pytest.mark.parametrize("way", WAYS)
def test_every_way_places_everyone_once_in_groups_of_an_allowed_number(
    way: str, reteach: Instance
) -> None:
    room = classroom(reteach)
    parts = WAYS[way](room, np.random.default_rng(1))
    assert sorted(i for part in parts for i in part) == list(range(30))
    assert len(parts) == reteach.asked.rules.groups_max
    assert all(3 <= len(part) <= 6 for part in parts)


def test_swap_repair_mends_every_rule_before_it_looks_at_need(reteach: Instance) -> None:
    room = classroom(reteach)
    drawn = judge(room, WAYS["random"](room, np.random.default_rng(3)))
    mended = judge(room, WAYS["swap repair"](room, np.random.default_rng(3)))
    assert mended.objective > drawn.objective
    assert mended.broken <= drawn.broken


def test_a_judge_counts_each_kind_of_broken_rule(reteach: Instance) -> None:
    room = replace(classroom(reteach), together=((0, 1),))
    value, free = np.ones_like(room.problem.value), np.zeros((30, 30), dtype=np.bool_)
    low = (np.arange(30) < 6).astype(np.int64)
    plain = room.problem._replace(value=value, apart=free, low=np.zeros(30, dtype=np.int64))
    sixes = [list(range(k, k + 6)) for k in range(0, 30, 6)]
    assert judge(replace(room, problem=plain), sixes).broken == 0
    apart = free.copy()
    apart[6, 7] = apart[7, 6] = True
    assert judge(replace(room, problem=plain._replace(apart=apart)), sixes).broken == 1
    assert judge(replace(room, problem=plain._replace(low=low)), sixes).broken == 1
    split = [[0, *range(7, 12)], [*range(1, 7)], *sixes[2:]]
    assert judge(replace(room, problem=plain), split).broken == 1
    large = [[*range(7)], *[list(range(7 + 5 * k, 12 + 5 * k)) for k in range(4)], [27, 28, 29]]
    assert judge(replace(room, problem=plain), large).broken == 1


@pytest.mark.parametrize("kind", ["RanInt", "Geo"])
@pytest.mark.parametrize("sizes", ["ss", "ds"])
def test_a_diverse_instance_is_symmetric_and_drawn_alike_each_time(kind: str, sizes: str) -> None:
    one, other = instance(kind, 30, sizes, 0), instance(kind, 30, sizes, 0)
    away = -one.repeat
    assert np.array_equal(one.repeat, other.repeat)
    assert np.array_equal(away, away.T)
    assert not away.diagonal().any()
    assert away.max() <= (100 if kind == "RanInt" else 10 * 21**0.5)
    if kind == "Geo":
        for i, j, k in combinations(range(6), 3):
            assert away[i, k] <= away[i, j] + away[j, k] + 1e-9


def test_the_command_prints_the_promised_keys() -> None:
    words = ["--instances", "2", "--large", "0", "--classes", "1", "--rounds", "1"]
    done = CliRunner().invoke(
        build_app(),
        ["bench", "groups", *words, "--diverse", "0", "--pairs", "20", "--json"],
    )
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert (answer["instances"], answer["proven"], answer["broken"]) == (2, 2, 0)
    assert 0 < answer["median_s"] <= answer["max_s"]
    assert answer["pairs_equal"] == answer["pairs"] == 20
    assert {way["way"] for way in answer["ways"]} == {"footpath", "footpath mix", *WAYS}
    for way in answer["ways"]:
        assert 0 <= way["rounds"]["truly_ready"] <= 1
        assert way["way"].startswith("footpath") or way["below"] > 0


def test_simulated_classes_have_wishes_history_and_a_known_truth(reteach: Instance) -> None:
    rules, room = reteach.asked.rules, reteach.simulated
    assert room is not None
    assert (len(rules.apart), len(rules.together), len(reteach.asked.rounds)) == (3, 2, 3)
    assert reteach.board.p.shape == (30, 20)
    ready = [room.truly_ready(s, t) for s in room.students for t in reteach.board.targets]
    assert 0 < sum(ready) < len(ready)
    assert faults(reteach.assembled().problem, (), ()) > 0
