"""What is lenient in reading CASE, and what is refused, by line and field."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphs import CycleFound, InvalidInput
from graphs.case.mapping import curriculum_from_case
from graphs.case.reading import read_package
from graphs.json_source import JsonSource, read_json_source
from tests.graphs.case.packages import association, item, link, small_package, uid

Json = dict[str, Any]
Change = Callable[[Json], Any]


def refused(package: Json, tmp_path: Path) -> tuple[InvalidInput, list[str]]:
    """Write a package to a file, read it, and return the refusal with the file's lines."""
    path = tmp_path / "package.json"
    text = json.dumps(package, indent=1, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        curriculum_from_case(read_package(read_json_source(path)))
    return caught.value, text.splitlines()


def setter(part: str, i: int, key: str, value: Any) -> Change:
    """Change one field of one element."""
    return lambda package: package[part][i].update({key: value})


# (change, field named, what stands on the line named, the rule)
BROKEN: dict[str, tuple[Change, str, str, str]] = {
    "no document": (lambda p: p.pop("CFDocument"), "CFDocument", "{", "needs this object"),
    "a document that is none": (
        lambda p: p.update(CFDocument=[]),
        "CFDocument",
        '"CFDocument": []',
        "needs this object",
    ),
    "no title": (
        lambda p: p["CFDocument"].pop("title"),
        "CFDocument.title",
        '"CFDocument": {',
        "must not be missing",
    ),
    "no time": (
        lambda p: p["CFDocument"].pop("lastChangeDateTime"),
        "CFDocument.lastChangeDateTime",
        '"CFDocument": {',
        "must not be missing",
    ),
    "items that are no list": (
        lambda p: p.update(CFItems={}),
        "CFItems",
        '"CFItems": {}',
        "must be a list",
    ),
    "an item that is none": (
        lambda p: p["CFItems"].insert(0, "N"),
        "CFItems.0",
        '"N"',
        "must be an object",
    ),
    "no statement": (
        lambda p: p["CFItems"][3].pop("fullStatement"),
        "CFItems.3.fullStatement",
        "{",
        "must not be missing",
    ),
    "a blank statement": (
        setter("CFItems", 2, "fullStatement", "  "),
        "CFItems.2.fullStatement",
        '"fullStatement": "  "',
        "must not be blank",
    ),
    "a statement that is no text": (
        setter("CFItems", 2, "fullStatement", ["I can"]),
        "CFItems.2.fullStatement",
        '"fullStatement": [',
        "must be text",
    ),
    "no identifier": (
        lambda p: p["CFItems"][1].pop("identifier"),
        "CFItems.1.identifier",
        "{",
        "must not be missing",
    ),
    "an identifier twice": (
        setter("CFItems", 4, "identifier", uid("N").upper()),
        "CFItems.4.identifier",
        f'"identifier": "{uid("N").upper()}"',
        "CFItems.0 already",
    ),
    "an association twice": (
        lambda p: p["CFAssociations"].append(p["CFAssociations"][0]),
        "CFAssociations.16.identifier",
        '"identifier"',
        "CFAssociations.0 already",
    ),
    "a time that is none": (
        setter("CFItems", 4, "lastChangeDateTime", "yesterday"),
        "CFItems.4.lastChangeDateTime",
        '"yesterday"',
        "is not a time",
    ),
    "a URI that is no text": (
        setter("CFItems", 4, "uri", 5),
        "CFItems.4.uri",
        '"uri": 5',
        "be text",
    ),
    "no type": (
        lambda p: p["CFAssociations"][3].pop("associationType"),
        "CFAssociations.3.associationType",
        "{",
        "must not be missing",
    ),
    "a type that is no text": (
        setter("CFAssociations", 3, "associationType", {"is": "child"}),
        "CFAssociations.3.associationType",
        '"associationType": {',
        "must be text",
    ),
    "no origin": (
        lambda p: p["CFAssociations"][3].pop("originNodeURI"),
        "CFAssociations.3.originNodeURI",
        "{",
        "must not be missing",
    ),
    "an end without a name": (
        setter("CFAssociations", 3, "destinationNodeURI", {"title": "N"}),
        "CFAssociations.3.destinationNodeURI",
        '"destinationNodeURI": {',
        "identifier and uri",
    ),
    "a parent that is not there": (
        setter("CFAssociations", 3, "destinationNodeURI", link("gone")),
        "CFAssociations.3.destinationNodeURI",
        '"destinationNodeURI": {',
        "is not in this package",
    ),
    "items that contain one another": (
        lambda p: p["CFAssociations"].insert(0, association("isChildOf", "N", "N.1")),
        "destinationNodeURI",
        '"destinationNodeURI": {',
        "in a circle: N",
    ),
    "an item that contains itself": (
        setter("CFAssociations", 2, "destinationNodeURI", link("N.1")),
        "CFAssociations.2.destinationNodeURI",
        '"destinationNodeURI": {',
        "N.1 → N.1",
    ),
    "prerequisites in a circle": (
        lambda p: p["CFAssociations"].append(association("precedes", "F.1", "N.1")),
        "CFAssociations.",
        "{",
        "in a circle: ",
    ),
    "its own prerequisite": (
        lambda p: p["CFAssociations"].append(association("precedes", "F.1", "F.1")),
        "CFAssociations.16",
        "{",
        "F.1 → F.1",
    ),
    "a competency before a part of itself": (
        lambda p: p["CFAssociations"].append(association("precedes", "F.2", "F.2.a")),
        "CFAssociations.16",
        "{",
        "F.2.a → F.2.a",
    ),
    "our own field of another type": (
        setter("CFItems", 2, "extensions", {"footpath": {"student_text": 5}}),
        "CFItems.2.extensions.footpath.student_text",
        '"student_text": 5',
        "wrong type",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_refused_by_line_and_field(name: str, tmp_path: Path) -> None:
    change, field, words, rule = BROKEN[name]
    package = small_package()
    change(package)
    error, lines = refused(package, tmp_path)
    fault = next(f for f in error.faults if rule in f.message)
    assert fault.file == "package.json"
    assert field in (fault.field or "")
    assert fault.line
    assert words in lines[fault.line - 1]


def test_a_circle_names_the_association_that_closes_it(tmp_path: Path) -> None:
    package = small_package()
    package["CFAssociations"].append(association("precedes", "N.2", "N.1"))
    error, _ = refused(package, tmp_path)
    assert isinstance(error, CycleFound)
    assert {frozenset(cycle) for cycle in error.cycles} == {frozenset({uid("N.1"), uid("N.2")})}
    assert re.search(r"package\.json:\d+: CFAssociations\.\d+: ", str(error))


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    package = small_package()
    for each in package["CFItems"]:
        del each["fullStatement"]
    error, _ = refused(package, tmp_path)
    assert len(error.faults) == len(package["CFItems"])
    assert len({fault.line for fault in error.faults}) == len(package["CFItems"])


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"CFDocument": {\n"title": "T"\n', ":3", "not JSON"),
        ('{"CFDocument": {\n"title": "T",\n"title": "U"}}', ":3: title", "stands twice"),
        ("[]", "", "one JSON object"),
        ('{"CFDocument": ' + "[" * 100_000, "", "not JSON"),
        ('{"CFDocument": {"identifier": NaN}}', "", "cannot be kept"),
        ('{"CFDocument": {"title": "\\ud800"}}', "", "cannot be kept"),
    ],
)
def test_text_that_is_no_json_is_refused(tmp_path: Path, text: str, place: str, words: str) -> None:
    path = tmp_path / "package.json"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=words) as caught:
        read_package(read_json_source(path))
    assert place in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_bytes(b'{"CFDocument": "\xff"}')
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_json_source(path)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_json_source(tmp_path / "nowhere.json")


def test_ends_are_found_by_identifier_in_any_case_by_uri_and_by_address_alone() -> None:
    package = small_package()
    ends = [
        {**link("N.1"), "identifier": uid("N.1").upper()},
        {**link("N.1"), "identifier": "unknown"},
        link("N.1")["uri"].replace("N.1", uid("N.1")),
    ]
    for end in ends:
        change = association("precedes", "N.1", "N.2", originNodeURI=end)
        associations = [a for a in package["CFAssociations"] if a["associationType"] == "isChildOf"]
        changed = {**package, "CFAssociations": [*associations, change]}
        reading = curriculum_from_case(read_package(JsonSource(changed)))
        assert [(e.prereq, e.target) for e in reading.curriculum.edges] == [
            (uid("N.1"), uid("N.2"))
        ]


def test_items_come_in_the_order_of_their_sequence_numbers() -> None:
    package = small_package()
    package["CFItems"].reverse()
    numbers = {"N.1": 2, "N.2": 1}
    for each in package["CFAssociations"]:
        name = each["originNodeURI"]["title"]
        if each["associationType"] == "isChildOf" and name in numbers:
            each["sequenceNumber"] = numbers[name]
    reading = curriculum_from_case(read_package(JsonSource(package)))
    assert [t.code for t in reading.curriculum.framework][:2] == ["N.2", "N.1"]


def test_an_item_of_a_code_that_stands_twice_keeps_its_identifier() -> None:
    package = small_package()
    package["CFItems"].append(item("again", humanCodingScheme="N.1"))
    reading = curriculum_from_case(read_package(JsonSource(package)), ids="code")
    ids = [t.id for t in reading.curriculum.framework]
    assert ids[0] == uid("N.1")
    assert ids[-1] == uid("again")
    assert "N.2" in ids
