"""Make a curriculum of a CASE package.

Items that contain items are competencies, the others learning targets. `isChildOf` gives
the parents. `precedes` gives the prerequisites: its origin comes before its destination,
and where one of them is a competency, every learning target in it does. All the rest is
kept in the curriculum's `case` record and written out again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal

from graphs.case.reading import CasePackage
from graphs.case.record import OWN, CaseRecord, beyond, found, own, type_of
from graphs.case.shapes import Json
from graphs.case.writing import LEVELS, MAPPED, CaseWriter, Node
from graphs.curriculum import FORMAT, Curriculum, curriculum_from_document
from graphs.errors import CycleFound, Fault, InvalidInput, cycle_path
from graphs.framework import (
    CODE,
    Competency,
    Framework,
    LearningTarget,
    circles_of_parents,
    usable_id,
)
from graphs.prerequisites import Edge, PrerequisiteGraph

Naming = Literal["identifier", "code"]
"""What becomes the id of a competency or learning target: its UUID, or its published code."""


@dataclass(frozen=True)
class CaseReading:
    """A curriculum made of a CASE package, and what it has no place for but keeps.

    `kept_aside` counts fields without a place in CASE, `unmapped` associations by type that
    say nothing of the curriculum (of other packages, or of another type).
    """

    curriculum: Curriculum
    kept_aside: Mapping[str, int]
    unmapped: Mapping[str, int]


def curriculum_from_case(
    package: CasePackage,
    *,
    ids: Naming = "identifier",
    framework_id: str | None = None,
    title: str | None = None,
) -> CaseReading:
    """Make a curriculum of a CASE package.

    With `ids="code"` the published code becomes the id where it is usable and stands once.
    Raises `InvalidInput` naming each fault by line and field: a parent that is not in the
    package, items or prerequisites that run in a circle.
    """
    tree = _tree(package)
    nodes = _nodes(package, tree, ids)
    home = own(package.document).get("id") or package.document["identifier"]
    document = {
        **_blank(package.document),
        "format": FORMAT,
        "id": framework_id or home,
        "title": title or package.document["title"],
        "competencies": [],
        "targets": [],
        "edges": [],
    }
    for item in tree.order:
        kind, _ = nodes[item["identifier"]]
        part = "competencies" if kind == "competency" else "targets"
        document[part].append(_entry(package, item, nodes, tree))
    bare = curriculum_from_document(document)
    whole = replace(bare, case=_whole_record(package, nodes))
    edges, mapped = _edges(package, CaseWriter(whole, None), tree)
    curriculum = replace(whole, edges=edges)
    record = _lean_record(package, curriculum, nodes, mapped)
    return CaseReading(
        replace(curriculum, case=record if record != CaseRecord() else None),
        package.kept_aside,
        Counter(type_of(each) for each in record.others),
    )


@dataclass(frozen=True)
class _Tree:
    """Parents by UUID (`None`: the document), which associations say so, and the order."""

    parents: dict[str, str | None]
    said_by: dict[str, int]
    order: list[Json]

    @cached_property
    def containers(self) -> set[str]:
        return {parent for parent in self.parents.values() if parent}


def _tree(package: CasePackage) -> _Tree:
    parents: dict[str, str | None] = {}
    said_by: dict[str, int] = {}
    faults: list[Fault] = []
    for i, association in enumerate(package.associations):
        child = package.item(association["originNodeURI"])
        if type_of(association) != "isChildOf" or child is None or child["identifier"] in said_by:
            continue  # of another type, of another package, or a second parent
        end = association["destinationNodeURI"]
        parent = package.item(end)
        if parent is None and not package.is_document(end):
            message = f"the parent {end['identifier']!r} is not in this package"
            faults.append(
                package.source.fault(("CFAssociations", i, "destinationNodeURI"), message)
            )
        said_by[child["identifier"]] = i
        parents[child["identifier"]] = parent["identifier"] if parent else None
    for circle in circles_of_parents(parents):
        message = f"items contain one another in a circle: {_path(package, circle)}"
        path = ("CFAssociations", said_by[circle[0]], "destinationNodeURI")
        faults.append(package.source.fault(path, message))
    if faults:
        raise InvalidInput(faults)
    return _Tree(parents, said_by, _order(package, parents, said_by))


def _order(
    package: CasePackage, parents: Mapping[str, str | None], said_by: Mapping[str, int]
) -> list[Json]:
    """Return the items as they stand in a package of ours, else as a reader meets them.

    That is: each item before those it contains, siblings by their sequence number.
    """
    if "exported_at" in own(package.document):
        return list(package.items)
    children: dict[str | None, list[Json]] = {}
    for item in package.items:
        children.setdefault(parents.get(item["identifier"]), []).append(item)

    def place(item: Json) -> float:
        i = said_by.get(item["identifier"])
        number = None if i is None else package.associations[i].get("sequenceNumber")
        return float("inf") if number is None else number

    order: list[Json] = []
    waiting = sorted(children.get(None, ()), key=place)[::-1]
    while waiting:
        item = waiting.pop()
        order.append(item)
        waiting += sorted(children.get(item["identifier"], ()), key=place)[::-1]
    return order


def _nodes(package: CasePackage, tree: _Tree, ids: Naming) -> dict[str, Node]:
    """Return what each item becomes, by UUID."""
    codes = Counter(item.get("humanCodingScheme") for item in package.items)
    nodes: dict[str, Node] = {}
    for item in package.items:
        code = item.get("humanCodingScheme", "")
        names = [own(item).get("id"), found(item).get("identifier")]
        if ids == "code" and codes[code] == 1:
            names.insert(1, code)
        usable = (name for name in names if isinstance(name, str) and usable_id(name))
        inside = item["identifier"] in tree.containers or own(item).get("competency") is True
        kind: Literal["competency", "target"] = "competency" if inside else "target"
        nodes[item["identifier"]] = (kind, next(usable, item["identifier"]))
    return nodes


def _entry(package: CasePackage, item: Json, nodes: Mapping[str, Node], tree: _Tree) -> Json:
    """Return a competency or learning target as a curriculum document has it."""
    kind, name = nodes[item["identifier"]]
    parent = tree.parents.get(item["identifier"])
    above = nodes[parent][1] if parent else None
    ours = _typed(package, item, Competency if kind == "competency" else LearningTarget)
    extra = dict(ours.pop("extra", {}))
    if item.get("humanCodingScheme"):
        extra[CODE] = item["humanCodingScheme"]
    entry = {"text": item["fullStatement"], **ours, "id": name, "extra": extra}
    if kind == "competency":
        return {**entry, "parent": above}
    return {**entry, "competency": above, "grade": LEVELS.join(_levels(item))}


def _levels(item: Json) -> list[str]:
    """Return the education levels; OpenSALT spells the field another way."""
    odd = found(item).get("educationalLevel")
    levels = item.get("educationLevel") or odd or []
    return (
        [levels] if isinstance(levels, str) else [each for each in levels if isinstance(each, str)]
    )


def _typed(
    package: CasePackage, item: Json, kind: type[Competency] | type[LearningTarget]
) -> dict[str, Any]:
    """Return our own fields of an item; raises `InvalidInput` for one of the wrong type."""
    blank = kind("x", "x")
    mapped = {"id", "parent", "competency", "grade"}
    names = [f.name for f in fields(kind) if f.name not in mapped and f.name in own(item)]
    ours = {name: own(item)[name] for name in names}
    for name, value in ours.items():
        texts = value.values() if isinstance(value, dict) else ()
        if type(value) is not type(getattr(blank, name)) or not all(
            isinstance(t, str) for t in texts
        ):
            path = ("CFItems", package.items.index(item), "extensions", OWN, name)
            raise InvalidInput([package.source.fault(path, "is of the wrong type")])
    return ours


def _blank(document: Json) -> Json:
    """Return the parts of a curriculum document that CASE has no place for."""
    blank = Curriculum(Framework("x", "x", ())).to_document()
    ours = own(document)
    return {part: ours.get(part, value) for part, value in blank.items() if part not in MAPPED}


def _edges(
    package: CasePackage, writer: CaseWriter, tree: _Tree
) -> tuple[tuple[Edge, ...], set[int]]:
    """Return the edges, and which associations say something of the curriculum."""
    said: dict[Edge, int] = {}
    mapped = set(tree.said_by.values())
    for i, association in enumerate(package.associations):
        if type_of(association) != "isChildOf":
            facts = writer.facts_of(association)
            mapped |= {i} if facts else set()
            for fact in facts:
                said.setdefault(writer.edge_of(fact), i)
    try:
        PrerequisiteGraph((t.id for t in writer.curriculum.framework), said)
    except CycleFound as error:
        raise CycleFound(
            error.cycles, list(_circles(package, writer, error.cycles, said))
        ) from None
    return tuple(said), mapped


def _circles(
    package: CasePackage, writer: CaseWriter, cycles: list[list[str]], said: Mapping[Edge, int]
) -> Iterator[Fault]:
    for cycle in cycles:
        labels = [writer.curriculum.framework.target(t).code or t for t in cycle]
        path = ("CFAssociations", said[Edge(cycle[-1], cycle[0])])
        message = f"prerequisites run in a circle: {cycle_path(labels)}"
        yield package.source.fault(path, message)


def _path(package: CasePackage, circle: list[str]) -> str:
    return cycle_path(
        [str(package.by_name[name].get("humanCodingScheme") or name) for name in circle]
    )


def _whole_record(package: CasePackage, nodes: Mapping[str, Node]) -> CaseRecord:
    """Return a record that holds every item whole: enough to find what associations name."""
    kept: dict[str, dict[str, Json]] = {"competency": {}, "target": {}}
    for item in package.items:
        kind, name = nodes[item["identifier"]]
        kept[kind][name] = item
    return CaseRecord(package.document, kept["competency"], kept["target"])


def _lean_record(
    package: CasePackage, curriculum: Curriculum, nodes: Mapping[str, Node], mapped: set[int]
) -> CaseRecord:
    """Return what the package says beyond what the curriculum would be written as."""
    writer = CaseWriter(curriculum, None)
    writer.now = str(own(package.document).get("exported_at", ""))
    kept: dict[str, dict[str, Json]] = {"competency": {}, "target": {}}
    for item in package.items:
        node = nodes[item["identifier"]]
        beyond_ours = beyond(item, writer.plain_item(node))
        if beyond_ours:
            kept[node[0]][node[1]] = beyond_ours
    ours = {a["identifier"]: a for a in map(writer.association, writer.facts)}
    stand = [a for i, a in enumerate(package.associations) if i in mapped]
    return CaseRecord(
        document=beyond(package.document, writer.plain_document()),
        competencies=kept["competency"],
        targets=kept["target"],
        associations=tuple(a for a in stand if ours.get(a["identifier"]) != a),
        others=tuple(a for i, a in enumerate(package.associations) if i not in mapped),
        definitions=package.definitions,
        rubrics=package.rubrics,
    )
