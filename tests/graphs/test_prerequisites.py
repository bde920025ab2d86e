import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import CycleFound, Edge, InvalidInput, PrerequisiteGraph, UnknownId
from graphs.prerequisites import MOST_CYCLES, simple_cycles
from tests.cast import small_curriculum
from tests.graphs.random_graphs import RandomDag, dags, dags_with_mastered

quick = settings(max_examples=60, deadline=None)
Drawn = tuple[RandomDag, frozenset[str]]


@quick
@given(dags())
def test_neighbours_are_the_ends_of_the_edges(dag: RandomDag) -> None:
    graph = dag.graph
    for target in dag.targets:
        direct = dag.prerequisites(target)
        assert graph.prerequisites(target) == in_target_order(dag, direct)
        builds = {t for t in dag.targets if target in dag.prerequisites(t)}
        assert graph.dependents(target) == in_target_order(dag, builds)


@quick
@given(dags())
def test_ancestors_are_all_that_comes_before_and_descendants_all_that_comes_after(
    dag: RandomDag,
) -> None:
    graph = dag.graph
    for target in dag.targets:
        assert graph.ancestors(target) == in_target_order(dag, dag.before(target))
        after = {t for t in dag.targets if target in dag.before(t)}
        assert graph.descendants(target) == in_target_order(dag, after)


@quick
@given(dags())
def test_encompassed_targets_are_those_of_the_second_relation_only(dag: RandomDag) -> None:
    for target in dag.targets:
        practised = {
            e.prereq for e in dag.edges if e.relation == "encompasses" and e.target == target
        }
        assert dag.graph.encompassed(target) == in_target_order(dag, practised)


@quick
@given(dags_with_mastered())
def test_ready_is_not_mastered_with_every_prerequisite_mastered(drawn: Drawn) -> None:
    dag, mastered = drawn
    expected = {t for t in dag.targets if t not in mastered and dag.prerequisites(t) <= mastered}
    assert dag.graph.ready(mastered) == in_target_order(dag, expected)


@quick
@given(dags_with_mastered())
def test_inner_fringe_is_mastered_with_nothing_mastered_building_on_it(drawn: Drawn) -> None:
    dag, mastered = drawn
    expected = {t for t in mastered if not any(t in dag.prerequisites(later) for later in mastered)}
    assert dag.graph.inner_fringe(mastered) == in_target_order(dag, expected)


@quick
@given(dags_with_mastered())
def test_a_target_unlocks_what_becomes_ready_with_it(drawn: Drawn) -> None:
    dag, mastered = drawn
    graph = dag.graph
    for target in set(dag.targets) - mastered:
        newly = set(graph.ready(mastered | {target})) - set(graph.ready(mastered))
        assert graph.unlocks(target, mastered) == in_target_order(dag, newly)


@quick
@given(dags_with_mastered())
def test_unmastered_ancestors_come_in_an_order_fit_for_learning(drawn: Drawn) -> None:
    dag, mastered = drawn
    for goal in dag.targets:
        found = dag.graph.unmastered_ancestors(goal, mastered)
        assert set(found) == dag.before(goal) - mastered
        for i, step in enumerate(found):
            assert dag.before(step) - mastered <= set(found[:i])


@quick
@given(dags_with_mastered())
def test_every_prerequisite_of_a_step_is_mastered_or_an_earlier_step(drawn: Drawn) -> None:
    dag, mastered = drawn
    for goal in set(dag.targets) - mastered:
        steps = dag.graph.pathway(goal, mastered)
        assert steps[-1] == goal
        for i, step in enumerate(steps):
            assert step not in mastered
            assert dag.prerequisites(step) <= mastered | set(steps[:i])


@quick
@given(dags_with_mastered())
def test_no_step_of_a_pathway_can_be_left_out(drawn: Drawn) -> None:
    dag, mastered = drawn
    for goal in set(dag.targets) - mastered:
        steps = set(dag.graph.pathway(goal, mastered))
        for left_out in steps - {goal}:
            rest = steps - {left_out}
            assert any(not dag.prerequisites(step) <= mastered | rest for step in rest)


@quick
@given(dags_with_mastered())
def test_the_pathway_to_a_mastered_goal_is_empty(drawn: Drawn) -> None:
    dag, mastered = drawn
    assert all(dag.graph.pathway(goal, mastered) == () for goal in mastered)


def test_a_pathway_does_not_ask_for_what_lies_behind_a_mastered_target() -> None:
    graph = small_curriculum().graph
    assert graph.pathway("divide", {"multiply"}) == ("divide",)
    assert graph.unmastered_ancestors("divide", {"multiply"}) == ("count", "add")


@quick
@given(dags())
def test_the_layer_of_a_target_is_its_longest_way_from_a_start(dag: RandomDag) -> None:
    graph = dag.graph
    for target in dag.targets:
        before = dag.prerequisites(target)
        deepest = max((graph.generation[p] for p in before), default=-1)
        assert graph.generation[target] == deepest + 1
    flat = [t for layer in graph.generations for t in layer]
    assert sorted(flat) == sorted(dag.targets)
    assert all(layer == in_target_order(dag, set(layer)) for layer in graph.generations)


@quick
@given(dags(), st.data())
def test_an_edge_that_closes_a_circle_is_refused_with_the_circle(
    dag: RandomDag, data: st.DataObject
) -> None:
    pairs = [(a, b) for b in dag.targets for a in (*dag.before(b), b)]
    start, end = data.draw(st.sampled_from(pairs))
    edges = (*dag.edges, Edge(end, start))
    with pytest.raises(CycleFound) as refused:
        PrerequisiteGraph(dag.targets, edges)
    assert refused.value.cycles
    pairs_there = {(e.prereq, e.target) for e in edges if e.relation == "prerequisite"}
    for cycle in refused.value.cycles:
        assert set(zip(cycle, [*cycle[1:], cycle[0]], strict=True)) <= pairs_there
        assert (end, start) in zip(cycle, [*cycle[1:], cycle[0]], strict=True)


def test_a_refused_circle_is_written_as_a_closed_path() -> None:
    edges = [Edge("b", "c"), Edge("c", "a"), Edge("a", "b"), Edge("d", "d")]
    with pytest.raises(CycleFound) as refused:
        PrerequisiteGraph("abcd", edges)
    assert refused.value.cycles == [["d"], ["a", "b", "c"]]
    assert str(refused.value) == (
        "prerequisites run in a circle: d → d\nprerequisites run in a circle: a → b → c → a"
    )


def test_a_badly_broken_graph_lists_a_bounded_number_of_circles() -> None:
    dense = nx.complete_graph(9, create_using=nx.DiGraph)
    assert len(simple_cycles(dense)) == MOST_CYCLES


def test_encompassing_may_run_against_the_prerequisites() -> None:
    graph = PrerequisiteGraph("ab", [Edge("a", "b"), Edge("b", "a", "encompasses")])
    assert graph.encompassed("a") == ("b",)
    assert graph.prerequisites("a") == ()


def test_every_unknown_id_repeat_and_bad_relation_is_named_at_once() -> None:
    edges = [
        Edge("a", "b"),
        Edge("a", "b"),
        Edge("x", "b"),
        Edge("a", "y"),
        Edge("b", "b", "encompasses"),
        Edge("b", "c", "sideways"),  # type: ignore[arg-type]
    ]
    with pytest.raises(InvalidInput) as refused:
        PrerequisiteGraph(["a", "b", "c", "a"], edges)
    assert {fault.message for fault in refused.value.faults} == {
        "the learning target 'a' stands twice",
        "the edge a → b stands twice",
        "the edge x → b names the unknown learning target 'x'",
        "the edge a → y names the unknown learning target 'y'",
        "'b' cannot encompass itself",
        "the edge b → c has the unknown relation 'sideways'",
    }


def test_the_same_pair_may_stand_in_both_relations() -> None:
    graph = PrerequisiteGraph("ab", [Edge("a", "b"), Edge("a", "b", "encompasses")])
    assert graph.prerequisites("b") == graph.encompassed("b") == ("a",)


@pytest.mark.parametrize(
    "ask",
    [
        lambda graph: graph.prerequisites("x"),
        lambda graph: graph.dependents("x"),
        lambda graph: graph.ancestors("x"),
        lambda graph: graph.descendants("x"),
        lambda graph: graph.encompassed("x"),
        lambda graph: graph.ready({"x"}),
        lambda graph: graph.inner_fringe({"x"}),
        lambda graph: graph.pathway("x", ()),
        lambda graph: graph.pathway("add", {"x"}),
        lambda graph: graph.unmastered_ancestors("x", ()),
        lambda graph: graph.unlocks("x", ()),
        lambda graph: graph.unlocks("add", {"x"}),
    ],
)
def test_an_id_that_names_nothing_is_an_unknown_id(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(UnknownId, match="no learning target with the id 'x'"):
        ask(small_curriculum().graph)


def test_a_graph_knows_its_size_and_its_members() -> None:
    graph = small_curriculum().graph
    assert len(graph) == 6
    assert "add" in graph
    assert "x" not in graph


def in_target_order(dag: RandomDag, targets: set[str]) -> tuple[str, ...]:
    return tuple(t for t in dag.targets if t in targets)
