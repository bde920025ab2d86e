"""CASE in and out loses nothing, in either direction."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from graphs import Competency, Curriculum, Edge, Framework, LearningTarget, Task
from graphs.case.mapping import CaseReading, curriculum_from_case
from graphs.case.reading import read_package
from graphs.case.writing import case_package
from graphs.curriculum import curriculum_from_document
from graphs.framework import EvidenceKind, Scale
from graphs.json_source import JsonSource, read_json_source
from tests.cast import small_curriculum
from tests.graphs.case.packages import filled, packages, small_package, texts, uid
from tests.graphs.case.strict_schema import breaches
from tests.graphs.random_graphs import dags

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 9, 1, tzinfo=UTC)
thorough = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Json = dict[str, Any]


def read(package: Json) -> CaseReading:
    """Read a package as it comes from a file."""
    return curriculum_from_case(read_package(JsonSource(json.loads(json.dumps(package)))))


@st.composite
def curricula(draw: st.DrawFn) -> Curriculum:
    """Draw any curriculum of ours: trees of competencies, odd ids, every kind of edge."""
    dag = draw(dags(most=5))
    spelled = {t: draw(st.sampled_from([t, uid(t), f"§ {t}"])) for t in dag.targets}
    names = [f"c{i}" for i in range(draw(st.integers(0, 4)))]
    parents = [draw(st.sampled_from([None, *names[:i]])) for i in range(len(names))]
    extras = st.dictionaries(st.sampled_from(["code", "colour", "source url"]), texts)
    competencies = [
        Competency(name, draw(texts), parent, draw(extras))
        for name, parent in zip(names, parents, strict=True)
    ]
    targets = [
        LearningTarget(
            spelled[t],
            draw(texts),
            draw(st.sampled_from([None, *names])),
            draw(st.sampled_from(["", "3", "3, 4", " , "])),
            draw(texts),
            draw(extras),
        )
        for t in dag.targets
    ]
    kinds, scales = (EvidenceKind("quiz", "Quiz", 0.5),), (Scale("s", ("low", "high")),)
    tasks = (Task("t", "T", (targets[0].id,), "quiz", interests=("art",), extra={"x": "y"}),)
    some: Json = {"tasks": tasks, "kinds": kinds, "scales": scales}
    return Curriculum(
        Framework(
            draw(st.sampled_from(["small", uid("small"), spelled[dag.targets[0]]])),
            draw(filled),
            tuple(targets),
            tuple(draw(st.permutations(competencies))),
            **(some if draw(st.booleans()) else {}),
        ),
        tuple(Edge(spelled[e.prereq], spelled[e.target], e.relation) for e in dag.edges),
    )


@thorough
@given(curricula())
def test_a_curriculum_comes_back_identical(curriculum: Curriculum) -> None:
    package = case_package(curriculum, NOW)
    assert breaches(package) == []
    again = read(package)
    assert again.curriculum == curriculum
    assert again.curriculum.version == curriculum.version
    assert again.kept_aside == {}


def test_the_small_school_comes_back_identical() -> None:
    assert read(case_package(small_curriculum(), NOW)).curriculum == small_curriculum()


@thorough
@given(packages())
def test_a_package_keeps_every_item_association_and_field(package: Json) -> None:
    curriculum = read(package).curriculum
    written = case_package(curriculum, NOW)
    assert breaches(written) == []
    again = read(written)
    assert again.curriculum == curriculum
    assert again.kept_aside == {}
    assert curriculum_from_document(json.loads(json.dumps(curriculum.to_document()))) == curriculum
    assert len(written["CFItems"]) == len(package["CFItems"])
    assert lost(package["CFDocument"], written["CFDocument"]) == []
    for part in ("CFItems", "CFAssociations"):
        mine = {key: each for each in written[part] for key in names(each)}
        for each in package[part]:
            assert lost(each, mine[each["identifier"]]) == []
    kept = json.dumps(written)
    for part in ("CFDefinitions", "CFRubrics", "extensions", "more"):
        for value in scalars(package.get(part)):
            assert json.dumps(value) in kept


@thorough
@given(packages(), st.data())
def test_a_changed_curriculum_is_written_as_it_now_is(package: Json, data: st.DataObject) -> None:
    curriculum = read(package).curriculum
    document = curriculum.to_document()
    document["edges"] = [e for e in document["edges"] if data.draw(st.booleans())]
    for target in document["targets"]:
        if data.draw(st.booleans()):
            target |= {"text": "changed", "grade": "9", "competency": None}
    changed = curriculum_from_document(document)
    written = case_package(changed, LATER)
    assert breaches(written) == []
    again = read(written).curriculum
    assert set(again.edges) == set(changed.edges)
    assert [(t.id, t.text, t.competency) for t in again.framework] == [
        (t.id, t.text, t.competency) for t in changed.framework
    ]


def test_the_small_package_is_understood() -> None:
    reading = read(small_package())
    framework = reading.curriculum.framework
    code = {t.id: t.code for t in framework}
    assert [t.code for t in framework] == ["N.1", "N.2", "F.1", "F.2.a", "F.2.b"]
    assert [c.extra["code"] for c in framework.competencies] == ["N", "F", "F.2"]
    assert {t.grade for t in framework} == {"03, 04"}
    assert {(code[e.prereq], code[e.target]) for e in reading.curriculum.edges} == {
        ("N.1", "N.2"),
        ("N.2", "F.1"),
        *((before, after) for before in ("N.1", "N.2") for after in ("F.2.a", "F.2.b")),
    }
    assert reading.unmapped == {
        "isChildOf": 1,
        "precedes": 1,
        "exactMatchOf": 1,
        "isRelatedTo": 1,
        "requires": 1,
    }
    assert reading.kept_aside["CFItems.local"] == 8
    assert breaches(small_package()) != []
    assert breaches(case_package(reading.curriculum, NOW)) == []


def test_codes_may_serve_as_ids() -> None:
    package = read_package(JsonSource(small_package()))
    curriculum = curriculum_from_case(package, ids="code").curriculum
    assert [t.id for t in curriculum.framework] == ["N.1", "N.2", "F.1", "F.2.a", "F.2.b"]
    written = case_package(curriculum, NOW)
    assert {each["identifier"] for each in written["CFItems"]} == {
        each["identifier"] for each in small_package()["CFItems"]
    }
    assert read(written).curriculum == curriculum


def test_an_ordering_of_competencies_that_no_longer_holds_is_written_pair_by_pair() -> None:
    curriculum = read(small_package()).curriculum
    first, *rest = (
        e for e in curriculum.edges if e.prereq == uid("N.1") and e.target != uid("N.2")
    )
    document = curriculum.to_document()
    document["edges"].remove(
        {"prereq": first.prereq, "target": first.target, "relation": "prerequisite"}
    )
    changed = curriculum_from_document(document)
    precedes = [
        (a["originNodeURI"]["identifier"], a["destinationNodeURI"]["identifier"])
        for a in case_package(changed, NOW)["CFAssociations"]
        if a["associationType"] == "precedes"
    ]
    assert (uid("N"), uid("F.2")) not in precedes
    assert (first.prereq, first.target) not in precedes
    assert all((e.prereq, e.target) in precedes for e in rest)


def test_the_published_package_keeps_to_its_schema_after_a_round_trip(data: Path) -> None:
    folder = data / "case"
    (path,) = folder.glob("opensalt-*.json")
    raw = read_json_source(path)
    written = case_package(curriculum_from_case(read_package(raw)).curriculum, NOW)
    schema = json.loads((folder / "case-v1p0-cfpackage-schema.json").read_text())
    validator = Draft7Validator(schema, format_checker=FormatChecker())
    assert list(validator.iter_errors(written)) == []
    assert breaches(written) == []
    assert (len(written["CFItems"]), len(written["CFAssociations"])) == (16, 39)
    for part in ("CFItems", "CFAssociations"):
        mine = {each["identifier"]: each for each in written[part]}
        for each in raw.document[part]:
            assert lost(each, mine[each["identifier"]]) == []


def names(element: Json) -> list[str]:
    """Return the ids that an element has, or came with."""
    found = element.get("extensions", {}).get("footpath", {}).get("found", {})
    came = str(found.get("identifier", element["identifier"]))
    return [element["identifier"], element["identifier"].upper(), came]


def lost(before: Json, after: Json) -> list[str]:
    """Return the fields of an element that are nowhere in what was written of it."""
    ours = after.get("extensions", {}).get("footpath", {})
    found = ours.get("found", {})
    return [
        key
        for key, value in before.items()
        if value is not None
        and not same(value, after.get(key))
        and not within(value, after.get(key), found, key)
        and found.get(key) != value
    ]


def same(before: Any, after: Any) -> bool:
    """Say whether two values differ in spelling at the most."""
    if isinstance(after, list) and not isinstance(before, list):
        return after == [spelled(before)]
    if isinstance(before, list) and isinstance(after, list):
        return list(map(spelled, before)) == after
    return bool(before == after) or spelled(before) == spelled(after)


def spelled(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value)
        return str(moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC))
    except (TypeError, ValueError):
        return str(value).lower()


def within(before: Any, after: Any, found: Mapping[str, Any], key: str) -> bool:
    """Say whether each part of an object or list is in `after`, or was found under its path."""
    if isinstance(before, str) and isinstance(after, dict):
        return bool(after.get("uri") == before)
    if isinstance(before, dict) and isinstance(after, dict):
        return all(
            value is None
            or f"{key}/{part}" in found
            or within(value, after.get(part), found, f"{key}/{part}")
            for part, value in before.items()
        )
    if isinstance(before, list) and isinstance(after, list):
        return all(
            f"{key}/{i}" in found or any(within(value, a, found, f"{key}/{i}") for a in after)
            for i, value in enumerate(before)
        )
    return same(before, after)


def scalars(value: Any) -> list[Any]:
    """Return every text in a value that is not a spelling of something else."""
    if isinstance(value, dict):
        return [s for each in value.values() for s in scalars(each)]
    if isinstance(value, list):
        return [s for each in value for s in scalars(each)]
    return [value] if isinstance(value, str) and spelled(value) == value else []
