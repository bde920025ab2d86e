"""Prerequisites from a second source: found by any name, conflicts named, nothing dropped."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import Competency, Curriculum, CycleFound, Edge, Framework, InvalidInput, LearningTarget
from graphs.case.mapping import curriculum_from_case
from graphs.case.reading import read_package
from graphs.json_source import JsonSource, read_json_source
from graphs.merging import Merge, edges_in_table, merge_edges, read_edges
from graphs.tables import parse_table
from tests.cast import small_curriculum
from tests.graphs.case.packages import association, item, small_package, uid
from tests.graphs.random_graphs import RandomDag, dags

HEADER = "prereq,target,relation\n"


def published() -> Curriculum:
    """The small CASE package, as a school imports it."""
    return curriculum_from_case(read_package(JsonSource(small_package()))).curriculum


def merged(rows: str, curriculum: Curriculum | None = None, **how: object) -> Merge:
    """Merge rows of an edge list."""
    edges = edges_in_table(parse_table(HEADER + rows, "edges.csv"))
    return merge_edges(curriculum or published(), edges, **how)  # type: ignore[arg-type]


def codes(merge: Merge, edges: Iterable[Edge]) -> list[tuple[str, str]]:
    """Return edges by code."""
    target = merge.curriculum.framework.target
    return [(target(e.prereq).code, target(e.target).code) for e in edges]


@pytest.mark.parametrize(
    "name", ["N.1", uid("N.1"), uid("N.1").upper(), "n.1", "https://standards.example/uri/N.1"]
)
def test_an_end_is_found_by_code_identifier_or_uri(name: str) -> None:
    merge = merged(f"{name},F.1,\n")
    assert codes(merge, merge.added) == [("N.1", "F.1")]
    assert merge.curriculum.edges == (*published().edges, *merge.added)


def test_what_is_known_already_is_said_and_not_added() -> None:
    merge = merged("N.1,N.2,\nN.1,F.1,\nN.1,N.2,\n")
    assert codes(merge, merge.known) == [("N.1", "N.2")]
    assert codes(merge, merge.added) == [("N.1", "F.1")]
    assert merge.read == 3


def test_an_edge_of_a_competency_goes_for_every_target_in_it() -> None:
    merge = merged("F.1,F.2,\n")
    assert codes(merge, merge.added) == [("F.1", "F.2.a"), ("F.1", "F.2.b")]
    assert merge.spread == 1


def test_a_prefix_is_tried_where_a_name_is_not_known_as_it_stands() -> None:
    merge = merged("1,F.1,\n", prefix="N.")
    assert codes(merge, merge.added) == [("N.1", "F.1")]


def test_what_the_framework_does_not_have_is_refused_or_left_out_but_never_unsaid() -> None:
    rows = "N.1,F.1,\nN.1,X.9,\nY.8,X.9,\n"
    with pytest.raises(InvalidInput) as refused:
        merged(rows)
    assert [(f.line, f.field) for f in refused.value.faults] == [
        (3, "target"),
        (4, "prereq"),
        (4, "target"),
    ]
    merge = merged(rows, leave_out=True)
    assert codes(merge, merge.added) == [("N.1", "F.1")]
    assert [f.message for f in merge.left_out] == [f.message for f in refused.value.faults]


def test_a_name_that_may_mean_two_things_is_refused() -> None:
    package = small_package()
    package["CFItems"].append(item("twin", humanCodingScheme="n.2"))
    curriculum = curriculum_from_case(read_package(JsonSource(package))).curriculum
    assert merged("n.2,F.1,\n", curriculum).added[0].prereq == uid("twin")
    package["CFItems"].append(item("third", humanCodingScheme="N-2"))
    package["CFItems"].append(item("fourth", humanCodingScheme="n-2"))
    curriculum = curriculum_from_case(read_package(JsonSource(package))).curriculum
    with pytest.raises(InvalidInput, match=r"edges.csv:2: prereq: 'N_2'.*may mean") as refused:
        merged("N_2,F.1,\n", curriculum)
    assert uid("third") in str(refused.value)


def test_a_competency_without_targets_is_no_prerequisite() -> None:
    framework = Framework("f", "F", (LearningTarget("a", "A"),), (Competency("c", "C"),))
    with pytest.raises(InvalidInput, match="has no learning target in it"):
        merged("c,a,\n", Curriculum(framework))


def test_an_id_of_ours_goes_before_the_code_of_another() -> None:
    targets = (LearningTarget("a", "A"), LearningTarget("b", "B", extra={"code": "a"}))
    curriculum = Curriculum(Framework("f", "F", (*targets, LearningTarget("c", "C"))))
    assert merged("a,c,\n", curriculum).added == (Edge("a", "c"),)


def test_a_circle_names_the_line_and_what_the_second_source_has_of_it() -> None:
    curriculum = small_curriculum()
    with pytest.raises(CycleFound) as refused:
        merged("multiply,count,\ncount,shapes,\n", curriculum)
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.field) == ("edges.csv", 2, "target")
    assert "add → multiply → count → add; this source has multiply → count" in fault.message


def test_a_target_cannot_encompass_itself() -> None:
    with pytest.raises(InvalidInput, match=r"edges\.csv:2: target: .*cannot encompass itself"):
        merged("N.1,n.1,encompasses\n")


def test_a_package_of_orderings_is_a_second_source(tmp_path: Path) -> None:
    package = small_package()
    elsewhere = [item("there", humanCodingScheme="F.1"), item("that", humanCodingScheme="N.1")]
    package["CFItems"] = elsewhere
    package["CFAssociations"] = [
        association("precedes", "that", "there"),
        association("precedes", "N.2", "F.2.b"),
        association("isRelatedTo", "N.1", "F.1"),
    ]
    path = tmp_path / "orderings.json"
    path.write_text(json.dumps(package))
    merge = merge_edges(published(), read_edges(path))
    assert merge.read == 2
    assert codes(merge, merge.added) == [("N.1", "F.1")]
    assert codes(merge, merge.known) == [("N.2", "F.2.b")]
    package["CFAssociations"].append(association("precedes", "gone", "N.1"))
    path.write_text(json.dumps(package, indent=1))
    with pytest.raises(InvalidInput, match=r"json:\d+: CFAssociations\.3\.originNodeURI: there is"):
        merge_edges(published(), read_edges(path))


@settings(max_examples=60, deadline=None)
@given(dags(), st.data())
def test_merging_is_the_union_in_any_number_of_parts(dag: RandomDag, data: st.DataObject) -> None:
    framework = Framework("f", "F", tuple(LearningTarget(t, t) for t in dag.targets))
    first = [e for e in dag.edges if data.draw(st.booleans())]
    curriculum = Curriculum(framework, tuple(first))
    rows = [f"{e.prereq},{e.target},{e.relation}\n" for e in dag.edges]
    whole = merged("".join(rows), curriculum)
    assert set(whole.curriculum.edges) == set(dag.edges)
    assert set(whole.known) == set(first)
    cut = data.draw(st.integers(0, len(rows)))
    parts = merged("".join(rows[cut:]), merged("".join(rows[:cut]), curriculum).curriculum)
    assert parts.curriculum.edges == whole.curriculum.edges
    assert merged("".join(rows), whole.curriculum).curriculum == whole.curriculum


def test_the_coherence_map_merges_into_the_published_package_by_code(data: Path) -> None:
    (path,) = (data / "case").glob("opensalt-*.json")
    curriculum = curriculum_from_case(read_package(read_json_source(path))).curriculum
    edges = read_edges(data / "graphs" / "ccss_math_edges.csv")
    prefix = "CCSS.Math.Content."
    merge = merge_edges(curriculum, edges, prefix=prefix, leave_out=True)
    assert merge.read == 757
    assert len(merge.added) > 5
    assert merge.left_out
