import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import (
    Curriculum,
    CycleFound,
    Edge,
    InvalidInput,
    Task,
    curriculum_from_document,
    read_curriculum,
)
from graphs.curriculum import FORMAT, content_version
from graphs.files import competencies_csv, edges_csv, targets_csv, tasks_csv
from tests.cast import small_curriculum, small_framework

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def test_a_curriculum_reads_back_from_its_document_equal() -> None:
    curriculum = small_curriculum()
    sent = json.loads(json.dumps(curriculum.to_document()))
    again = curriculum_from_document(sent)
    assert again == curriculum
    assert again.version == curriculum.version


def test_extra_columns_survive_the_document() -> None:
    framework = small_framework()
    first, *others = framework.targets
    marked = replace(framework, targets=(replace(first, extra={"code": "K.CC.1"}), *others))
    document = Curriculum(marked).to_document()
    assert curriculum_from_document(document).framework.target("count").extra == {"code": "K.CC.1"}


def test_a_document_may_leave_out_what_has_a_default() -> None:
    document = Curriculum(small_framework()).to_document()
    document["tasks"] = [{"id": "t", "title": "T", "targets": ["add"]}]
    document["targets"] = [{"id": "add", "text": "Add"}]
    assert curriculum_from_document(document).framework.tasks == (Task("t", "T", ("add",)),)


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5, "targets": 5},
        {"targets": ["add"]},
        {"targets": [{"id": "a", "text": "A", "colour": "red"}]},
        {"targets": [{"id": 5, "text": "A"}]},
        {"tasks": ["arrays"]},
        {"tasks": [{"id": "t", "title": "T"}]},
        {"tasks": [{"id": "t", "title": "T", "targets": ["add"], "minutes": "5"}]},
        {"tasks": [{"id": "t", "title": "T", "targets": ["add"], "kind": []}]},
        {"kinds": [{"id": "k", "text": "K"}]},
        {"scales": [{"id": "s"}]},
        {"scales": None},
        {"edges": [{"prereq": "add"}]},
        {"edges": [{"prereq": "count", "target": "add", "relation": "sideways"}]},
        {"edges": [{"prereq": "count", "target": "add", "relation": ["prerequisite"]}]},
        {"edges": [{"prereq": "count", "target": "nowhere"}]},
        {"edges": [{"prereq": "add", "target": "add"}]},
    ],
)
def test_a_document_of_the_wrong_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        curriculum_from_document({**small_curriculum().to_document(), **change})


@pytest.mark.parametrize(
    "part", ["id", "title", "competencies", "targets", "tasks", "kinds", "scales", "edges"]
)
def test_a_document_without_one_of_its_parts_is_refused(part: str) -> None:
    document = small_curriculum().to_document()
    del document[part]
    with pytest.raises(InvalidInput, match=part):
        curriculum_from_document(document)


def test_a_document_of_another_format_is_refused() -> None:
    with pytest.raises(InvalidInput, match=FORMAT):
        curriculum_from_document({"format": "footpath.policy/1"})


def test_a_curriculum_with_a_circle_does_not_exist() -> None:
    with pytest.raises(CycleFound):
        Curriculum(small_framework(), (Edge("count", "add"), Edge("add", "count")))


def test_a_curriculum_with_an_unknown_target_does_not_exist() -> None:
    with pytest.raises(InvalidInput, match="unknown learning target 'nowhere'"):
        Curriculum(small_framework(), (Edge("count", "nowhere"),))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("abcd"), values, max_size=5), st.randoms(use_true_random=False))
def test_a_version_is_independent_of_the_order_of_keys(document: dict[str, Any], rng: Any) -> None:
    assert content_version(shuffled(document, rng)) == content_version(document)


SIMILAR: list[Any] = [0, 0.0, 1, 1.0, 0.5, "1", None, [1], [1.0], {"b": 1}, {"b": 1.0}]


@pytest.mark.parametrize("one", SIMILAR)
def test_versions_are_equal_exactly_when_contents_are(one: Any) -> None:
    for other in SIMILAR:
        same = content_version({"a": one}) == content_version({"a": other})
        assert same == (one == other)


def test_equal_curricula_have_equal_versions_however_their_numbers_are_spelled() -> None:
    whole = small_curriculum().with_tasks((Task("t", "T", ("add",), minutes=15),))
    fraction = small_curriculum().with_tasks((Task("t", "T", ("add",), minutes=15.0),))
    assert whole == fraction
    assert whole.version == fraction.version


def test_a_changed_curriculum_has_another_version() -> None:
    curriculum = small_curriculum()
    others = [
        replace(curriculum, edges=curriculum.edges[1:]),
        replace(curriculum, framework=replace(curriculum.framework, title="Other")),
        curriculum.with_tasks((Task("t", "T", ("add",)),)),
    ]
    assert len({curriculum.version, *(other.version for other in others)}) == 4
    assert len(curriculum.version) == 16


def test_with_tasks_adds_new_tasks_and_replaces_those_of_the_same_id() -> None:
    curriculum = small_curriculum()
    changed = curriculum.with_tasks(
        (Task("arrays", "Other arrays", ("multiply",)), Task("new", "New", ("add",)))
    )
    assert changed.framework.task("arrays").title == "Other arrays"
    assert len(changed.framework.tasks) == len(curriculum.framework.tasks) + 1
    assert curriculum.framework.task("arrays").title == "Build arrays"
    assert changed.edges == curriculum.edges


@pytest.mark.parametrize(
    "tasks",
    [
        (Task("t", "T", ("add",)), Task("t", "T", ("count",))),
        (Task("t", "T", ("nowhere",)),),
        (Task("t", "T", ("add",), kind="guesswork"),),
    ],
)
def test_with_tasks_refuses_what_would_break_the_framework(tasks: tuple[Task, ...]) -> None:
    with pytest.raises(InvalidInput):
        small_curriculum().with_tasks(tasks)


def test_a_folder_of_files_reads_as_the_curriculum_written_there(tmp_path: Path) -> None:
    folder = school_folder(tmp_path)
    assert read_curriculum(folder, framework_id="small", title="Small school") == small_curriculum()


def test_a_curriculum_is_named_after_its_folder(tmp_path: Path) -> None:
    framework = read_curriculum(school_folder(tmp_path)).framework
    assert (framework.id, framework.title) == ("oakschool", "oakschool")


def test_targets_alone_are_a_curriculum(tmp_path: Path) -> None:
    path = tmp_path / "maths.csv"
    path.write_text("id,text\na,A\n", encoding="utf-8")
    curriculum = read_curriculum(path)
    assert curriculum.framework.id == "maths"
    assert curriculum.graph.targets == ("a",)
    assert curriculum.edges == ()


def test_files_may_be_given_one_by_one(tmp_path: Path) -> None:
    folder = school_folder(tmp_path)
    curriculum = read_curriculum(
        folder / "targets.csv",
        prerequisites=folder / "prerequisites.csv",
        competencies=folder / "competencies.csv",
    )
    assert curriculum.edges == small_curriculum().edges
    assert curriculum.framework.tasks == ()


def test_a_broken_file_of_a_curriculum_is_named(tmp_path: Path) -> None:
    folder = school_folder(tmp_path)
    (folder / "tasks.csv").write_text("id,title\nt,T\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"tasks\.csv:1: targets"):
        read_curriculum(folder)


def school_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "oakschool"
    folder.mkdir()
    curriculum = small_curriculum()
    framework = curriculum.framework
    for name, text in {
        "targets": targets_csv(framework.targets),
        "competencies": competencies_csv(framework.competencies),
        "tasks": tasks_csv(framework.tasks),
        "prerequisites": edges_csv(curriculum.edges),
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def shuffled(value: Any, rng: Any) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(value[key], rng) for key in keys}
    if isinstance(value, list):
        return [shuffled(each, rng) for each in value]
    return value
