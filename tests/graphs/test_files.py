from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import Competency, Edge, Fault, InvalidInput, LearningTarget, Task
from graphs.files import (
    competencies_csv,
    competencies_from,
    edges_csv,
    edges_from,
    targets_csv,
    targets_from,
    tasks_csv,
    tasks_from,
)
from graphs.tables import Table, parse_table

V = TypeVar("V")
quick = settings(max_examples=50, deadline=None)

# What a cell can hold: stripped text, any line breaks inside, no NUL, no half surrogate.
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(
    str.strip
)
filled = cells.filter(bool)
ids = st.text("abcäß0.-é ", min_size=1, max_size=6).map(str.strip).filter(bool)
id_lists = st.lists(ids, min_size=1, max_size=3, unique=True).map(tuple)
extras = st.dictionaries(st.sampled_from(["colour", "source url", "code"]), filled)
minutes = st.floats(0.01, 1440) | st.integers(1, 1440).map(float)


@quick
@given(st.lists(st.builds(Competency, ids, filled, st.none() | ids, extras)))
def test_competencies_read_back_as_written(values: list[Competency]) -> None:
    assert competencies_from(table(competencies_csv(values))) == tuple(values)


@quick
@given(
    st.lists(
        st.builds(LearningTarget, ids, filled, st.none() | ids, cells, cells, extras),
    )
)
def test_targets_read_back_as_written(values: list[LearningTarget]) -> None:
    assert targets_from(table(targets_csv(values))) == tuple(values)


@quick
@given(
    st.lists(
        st.builds(
            Task,
            id=ids,
            title=filled,
            targets=id_lists,
            kind=filled,
            format=cells,
            interests=st.just(()) | id_lists,
            minutes=minutes,
            extra=extras,
        )
    )
)
def test_tasks_read_back_as_written(values: list[Task]) -> None:
    assert tasks_from(table(tasks_csv(values))) == tuple(values)


@quick
@given(st.lists(st.builds(Edge, ids, ids, st.sampled_from(["prerequisite", "encompasses"]))))
def test_edges_read_back_as_written(values: list[Edge]) -> None:
    assert edges_from(table(edges_csv(values))) == tuple(values)


def test_other_columns_are_kept_and_written_behind_the_known_ones() -> None:
    text = "colour,id,text,size\nred,a,A,\n,b,B,9\n"
    targets = targets_from(table(text))
    assert [target.extra for target in targets] == [{"colour": "red"}, {"size": "9"}]
    header, *_ = targets_csv(targets).splitlines()
    assert header == "id,text,competency,grade,student_text,colour,size"


def test_a_missing_text_falls_back_to_the_id() -> None:
    assert targets_from(table("id\na\n")) == (LearningTarget("a", "a"),)
    assert competencies_from(table("id\nk\n")) == (Competency("k", "k"),)
    assert tasks_from(table("id,targets\nt,a\n")) == (Task("t", "t", ("a",)),)


def test_blank_cells_of_a_task_take_the_defaults() -> None:
    (task,) = tasks_from(table("id,title,targets,kind,format,interests,minutes\nt,T,a,,,,\n"))
    assert task == Task("t", "T", ("a",))


def test_several_targets_and_interests_are_joined_by_a_tilde() -> None:
    (task,) = tasks_from(table("id,targets,interests\nt,a ~ b,music~~sports\n"))
    assert task.targets == ("a", "b")
    assert task.interests == ("music", "sports")


def test_whole_minutes_are_written_without_a_fraction() -> None:
    assert (
        tasks_csv([Task("t", "T", ("a",), minutes=20.0)]).splitlines()[1] == "t,T,a,quiz_item,,,20"
    )


def test_a_blank_relation_is_a_prerequisite() -> None:
    expected = (Edge("a", "b", "prerequisite"),)
    assert edges_from(table("prereq,target,relation\na,b,\n")) == expected
    assert edges_from(table("prereq,target\na,b\n")) == expected


def test_every_bad_cell_of_a_file_is_named_with_its_line_and_column() -> None:
    with pytest.raises(InvalidInput) as refused:
        tasks_from(table("id,targets,minutes\n,a,ten\nt,,5\nu,a,1h\n"))
    assert refused.value.faults == (
        Fault("'ten' is not a number", "some.csv", 2, "minutes"),
        Fault("this cell must not be empty", "some.csv", 2, "id"),
        Fault("this cell must not be empty", "some.csv", 3, "targets"),
        Fault("'1h' is not a number", "some.csv", 4, "minutes"),
    )


def test_every_bad_edge_is_named_with_its_line_and_column() -> None:
    with pytest.raises(InvalidInput) as refused:
        edges_from(table("prereq,target,relation\na,b,before\n,b,\na,,\n"))
    places = [(fault.line, fault.field) for fault in refused.value.faults]
    assert places == [(2, "relation"), (3, "prereq"), (4, "target")]
    assert "use one of prerequisite, encompasses" in refused.value.faults[0].message


def table(text: str) -> Table:
    return parse_table(text, "some.csv")
