from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import Curriculum, Fault, Framework, InvalidInput, LintReport, lint, read_table
from graphs.files import edges_from, targets_from
from graphs.tables import parse_table, write_table

Rows = list[tuple[str, str, str]]


def test_a_sound_graph_has_no_fault_and_no_remark() -> None:
    report = linted("a,b\nb,c\n", "a\nb\nc\n")
    assert (report.faults, report.remarks) == ([], [])
    assert (report.targets, report.edges) == (3, 2)


def test_a_cycle_is_named_as_a_path_with_the_lines_of_its_edges() -> None:
    report = linted("b,c\na,b\nc,d\nc,a\n", "a\nb\nc\nd\n")
    assert report.cycles == [["a", "b", "c"]]
    message = "prerequisites run in a circle: a → b → c → a (lines 3, 2, 5)"
    assert report.faults == [Fault(message, "edges.csv", 5, "target")]


def test_a_self_loop_is_named_apart_from_longer_cycles() -> None:
    report = linted("a,b\nb,b\n", "a\nb\n")
    assert report.self_loops == ["b"]
    assert report.cycles == []
    assert [(fault.line, fault.message) for fault in report.faults] == [
        (3, "'b' is made its own prerequisite")
    ]


def test_an_unknown_id_is_named_once_and_every_place_it_stands_at() -> None:
    report = linted("a,x\nx,b\n", "a\nb\n")
    assert report.unknown == ["x"]
    assert [(f.file, f.line, f.field) for f in report.faults] == [
        ("edges.csv", 2, "target"),
        ("edges.csv", 3, "prereq"),
    ]


def test_without_targets_the_ids_are_those_that_edges_name() -> None:
    report = linted("a,b\nb,c\n")
    assert (report.targets, report.unknown, report.isolated) == (3, [], [])


def test_with_an_empty_targets_file_every_id_is_unknown() -> None:
    report = linted("a,b\n", "")
    assert (report.targets, report.unknown) == (0, ["a", "b"])


def test_a_repeated_target_is_named_with_both_lines() -> None:
    report = linted("a,b\n", "a\nb\na\na\n")
    assert report.duplicates == ["a"]
    assert report.faults == [
        Fault("the id 'a' stands on line 2 already", "targets.csv", 4, "id"),
        Fault("the id 'a' stands on line 2 already", "targets.csv", 5, "id"),
    ]


def test_a_repeated_edge_is_named_with_both_lines() -> None:
    report = linted("a,b\na,c\na,b,prerequisite\n", header="prereq,target,relation")
    assert report.duplicate_edges == [["a", "b"]]
    assert report.faults == [
        Fault("the edge a → b stands on line 2 already", "edges.csv", 4, "target")
    ]


def test_an_edge_that_also_encompasses_is_no_repeat_and_no_cycle() -> None:
    text = "a,b,prerequisite\na,b,encompasses\nb,a,encompasses\n"
    assert linted(text, "a\nb\n", header="prereq,target,relation").faults == []


def test_a_redundant_edge_is_a_remark_and_not_a_fault() -> None:
    report = linted("a,b\nb,c\na,c\n", "a\nb\nc\n")
    assert report.redundant == [["a", "c"]]
    assert report.faults == []
    message = "the edge a → c already follows from a longer path"
    assert report.remarks == [Fault(message, "edges.csv", 4, "target")]


def test_targets_that_encompass_one_another_are_a_remark_and_not_a_fault() -> None:
    edges = "prereq,target,relation\na,b,encompasses\nb,a,encompasses\n,a,encompasses\n"
    report = lint(parse_table(edges, "e.csv"))
    (remark,) = [r for r in report.remarks if "encompass" in r.message]
    assert remark.message == "these encompass one another in a circle: a → b → a"
    assert (remark.file, remark.line) == ("e.csv", 2)
    assert report.cycles == []


def test_an_isolated_target_is_a_remark_with_its_line() -> None:
    report = linted("a,b\n", "a\nlone\nb\n")
    assert report.isolated == ["lone"]
    assert report.faults == []
    message = "'lone' has no prerequisite and nothing builds on it"
    assert report.remarks == [Fault(message, "targets.csv", 3, "id")]


def test_a_target_with_nothing_but_itself_before_it_is_isolated() -> None:
    assert linted("a,a\n", "a\n").isolated == ["a"]


def test_blank_cells_unusable_ids_and_unknown_relations_are_faults() -> None:
    text = "a,b,before\n,b,\nb,b,encompasses\n"
    report = linted(text, "a\nb\nx~y\n", header="prereq,target,relation")
    assert {(f.file, f.line, f.field) for f in report.faults} == {
        ("edges.csv", 2, "relation"),
        ("edges.csv", 3, "prereq"),
        ("edges.csv", 4, "target"),
        ("targets.csv", 4, "id"),
    }


def test_without_targets_an_unusable_id_is_named_where_an_edge_names_it() -> None:
    assert [(f.line, f.field) for f in linted("a,b~c\n").faults] == [(2, "target")]


ends = st.sampled_from(["a", "b", "c", "d", "x", "", "b~c"])
relations = st.sampled_from(["", "", "prerequisite", "encompasses", "before"])
rows = st.lists(st.tuples(ends, ends, relations), max_size=6)
ids = st.lists(st.sampled_from(["a", "b", "c", "d", "a", "x~y"]), max_size=5)


@settings(max_examples=200, deadline=None)
@given(rows, ids | st.just(["a", "b", "c", "d", "x"]))
def test_files_without_a_fault_are_exactly_those_that_can_be_imported(
    rows: Rows, ids: list[str]
) -> None:
    edges = parse_table(write_table(("prereq", "target", "relation"), rows), "edges.csv")
    targets = parse_table(write_table(("id",), [(each,) for each in ids]), "targets.csv")
    try:
        Curriculum(Framework("f", "F", targets_from(targets)), edges_from(edges))
        importable = True
    except InvalidInput:
        importable = False
    assert (lint(edges, targets).faults == []) == importable


@pytest.mark.data
def test_the_junyi_graph_has_one_circle_of_three_and_two_self_loops(data: Path) -> None:
    report = junyi(data, "junyi_edges.csv")
    assert [len(cycle) for cycle in report.cycles] == [3]
    assert len(report.self_loops) == 2
    assert len(report.faults) == 3
    assert all(fault.file == "junyi_edges.csv" and fault.line for fault in report.faults)


@pytest.mark.data
def test_the_acyclic_junyi_graph_has_remarks_only(data: Path) -> None:
    report = junyi(data, "junyi_dag_edges.csv")
    assert report.faults == []
    assert len(report.redundant) == 84
    assert len(report.isolated) == 59
    assert len(report.remarks) == 84 + 59


@pytest.mark.data
def test_without_targets_no_junyi_target_is_isolated(data: Path) -> None:
    report = lint(read_table(data / "graphs" / "junyi_dag_edges.csv", ("prereq", "target")))
    assert report.faults == []
    assert report.isolated == []
    assert len(report.redundant) == 84


def linted(rows: str, ids: str | None = None, header: str = "prereq,target") -> LintReport:
    lines = [line + "," * (header.count(",") - line.count(",")) for line in rows.splitlines()]
    edges = parse_table("\n".join([header, *lines]), "edges.csv")
    return lint(edges, None if ids is None else parse_table(f"id\n{ids}", "targets.csv"))


def junyi(data: Path, edges: str) -> LintReport:
    folder = data / "graphs"
    return lint(
        read_table(folder / edges, ("prereq", "target")),
        read_table(folder / "junyi_nodes.csv", ("id",)),
    )
