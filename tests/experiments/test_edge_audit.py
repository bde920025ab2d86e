"""What is planted in simulated schools, and that the audit finds it."""

import networkx as nx
import numpy as np
import pytest

from experiments import edge_audit
from experiments.edge_audit import Case, Score, by_world, cases, drawn, score, simulated
from experiments.worlds import layered_domain
from graphs import InvalidInput
from tests.service.command import footpath


@pytest.mark.parametrize("seed", range(5))
def test_what_is_planted_is_what_it_is_called(seed: int) -> None:
    domain = layered_domain(np.random.default_rng(seed))
    true = nx.DiGraph([(p, k) for k, row in enumerate(domain.prerequisites) for p in row])
    true.add_nodes_from(range(len(domain)))
    graph = drawn(domain, np.random.default_rng(seed))
    assert nx.is_directed_acyclic_graph(nx.DiGraph(list(graph.edges)))
    for (a, b), sort in graph.edges.items():
        assert true.has_edge(a, b) == (sort == "true")
        assert true.has_edge(b, a) == (sort == "reversed")
        if sort == "needless":
            assert not nx.has_path(true, a, b)
            assert not nx.has_path(true, b, a)
    for edge in graph.lacking:
        assert true.has_edge(*edge)
        assert edge not in graph.edges
    sorts = list(graph.edges.values())
    assert sorts.count("reversed") == round(edge_audit.REVERSED * len(true.edges))


@pytest.mark.parametrize("log", edge_audit.LOGS)
def test_every_student_answers_every_target(log: edge_audit.Log) -> None:
    domain, graph, found = simulated(Case("additive", False, log, 0, students=4))
    seen = {(s, t) for s, t in zip(found.student.tolist(), found.target.tolist(), strict=True)}
    assert len(seen) == 4 * len(domain)
    each = [found.target[found.student == s].tolist() for s in range(4)]
    firsts = [list(dict.fromkeys(order)) for order in each]
    together = log in {"course", "drawn"}
    assert (firsts[0] == firsts[1]) == together
    if log == "drawn":
        place = {target: i for i, target in enumerate(firsts[0])}
        assert all(place[a] < place[b] for a, b in graph.edges)


def test_reversed_edges_are_found_and_true_ones_are_left_alone() -> None:
    (found,) = score([Case("gradual", False, "blocks", seed) for seed in (0, 1)])
    assert found.recall[0] >= 0.7
    assert found.false[0] <= 0.1
    assert sum(found.verdicts["true"].values()) == found.true_edges
    (total,) = by_world([found, found])
    assert (total.true_edges, total.log) == (2 * found.true_edges, "all")
    assert total.recall[0] == found.recall[0]


def test_shares_have_intervals_and_nothing_planted_has_the_widest() -> None:
    found = Score("w", False, "test", reversed_planted=10, reversed_found=8)
    assert list(found.recall) == pytest.approx([0.8, 0.490, 0.943], abs=1e-3)
    assert Score("w", False, "test").false == (0.0, 0.0, 1.0)


def test_unknown_worlds_and_logs_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no log 'diary'"):
        cases(["gradual"], ["diary"], [0])
    assert footpath("simulate-audit", "--world", "nowhere").code == 2


def test_the_command_prints_what_it_measured() -> None:
    options = ("--world", "sudden", "--log", "test", "--seeds", 1, "--no-level", "--students", 60)
    answer = footpath("simulate-audit", *options, "--json").answer
    (row,) = answer["rows"]
    assert (row["world"], row["log"], answer["students"]) == ("sudden", "test", 60)
    assert row["recall"]["value"] == row["reversed_found"] / row["reversed_planted"]
    table = footpath("simulate-audit", *options)
    assert table.code == 0
    assert "recall at least .8 at no more than .1 false flags" in table.out
