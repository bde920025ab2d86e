"""Write a curriculum as a CASE package in strict form.

What CASE has a field for stands there; the rest of a curriculum (our ids, tasks, evidence
kinds, rubrics …) stands under `extensions.footpath`, so that reading the package gives the
same curriculum again. A `CaseRecord` puts back what an earlier package said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from graphs.case.record import (
    OWN,
    CaseRecord,
    derived,
    found,
    joined,
    own,
    type_of,
    urn,
    with_found,
)
from graphs.case.shapes import (
    ASSOCIATION,
    DOCUMENT,
    ITEM,
    UUID,
    Json,
    Shape,
    fit,
)
from graphs.curriculum import Curriculum, plain_fields
from graphs.framework import CODE, Competency, Framework, LearningTarget
from graphs.prerequisites import Edge

LEVELS = ", "
"""Joins several education levels of CASE into the one label `grade`."""
MAPPED = frozenset({"format", "id", "title", "competencies", "targets", "edges", "case"})
"""Parts of a curriculum document that CASE itself has a place for."""
ENCOMPASSES: Literal["encompasses"] = "encompasses"

Kind = Literal["document", "competency", "target"]
Node = tuple[Kind, str]
"""What an item or the document of a package stands for, by our id."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What one association says: a parent, a prerequisite, or what a target encompasses."""

    type: str
    origin: Node
    destination: Node

    @property
    def written_as(self) -> str:
        """The association type that CASE has for it."""
        return "isRelatedTo" if self.type == ENCOMPASSES else self.type


def case_package(curriculum: Curriculum, now: datetime) -> Json:
    """Return a curriculum as a CASE package, written at the aware time `now`."""
    writer = CaseWriter(curriculum, now)
    package: Json = {
        "CFDocument": writer.document(),
        "CFItems": [writer.item(node) for node in writer.items],
        "CFAssociations": writer.associations(),
    }
    if writer.record.definitions:
        package["CFDefinitions"] = dict(writer.record.definitions)
    if writer.record.rubrics:
        package["CFRubrics"] = list(writer.record.rubrics)
    return package


class CaseWriter:
    """Writes the parts of one curriculum."""

    def __init__(self, curriculum: Curriculum, now: datetime | None) -> None:
        framework = curriculum.framework
        self.curriculum = curriculum
        self.record = curriculum.case or CaseRecord()
        self.now = "" if now is None else written_time(now)
        self.competencies = {c.id: c for c in framework.competencies}
        self.items: list[Node] = [("competency", c) for c in self.competencies]
        self.items += [("target", t.id) for t in framework]
        self.home: Node = ("document", framework.id)

    def document(self) -> Json:
        """Return the CFDocument."""
        return _strict(joined(self.plain_document(), self.record.document), DOCUMENT)

    def item(self, node: Node) -> Json:
        """Return the CFItem of a competency or learning target."""
        return _strict(joined(self.plain_item(node), self._kept(node)), ITEM)

    def plain_document(self) -> Json:
        """Return the CFDocument as it follows from the curriculum alone."""
        framework = self.curriculum.framework
        blank = Curriculum(Framework(framework.id, framework.title, ())).to_document()
        ours: Json = {"exported_at": self.now}
        if framework.id != self.identifier(self.home):
            ours["id"] = framework.id
        ours |= {
            part: value
            for part, value in self.curriculum.to_document().items()
            if part not in MAPPED and value != blank.get(part)
        }
        identifier = self._plain_identifiers[self.home]
        return {
            "identifier": identifier,
            "uri": urn(identifier),
            "creator": "Footpath",
            "title": framework.title,
            "lastChangeDateTime": self.now,
            "extensions": {OWN: ours},
        }

    def plain_item(self, node: Node) -> Json:
        """Return a CFItem as it follows from the curriculum alone."""
        value = self._value(node)
        identifier = self._plain_identifiers[node]
        item: Json = {
            "identifier": identifier,
            "uri": urn(identifier),
            "fullStatement": value.text if value.text.strip() else value.id,
            "lastChangeDateTime": self.now,
        }
        if value.extra.get(CODE):
            item["humanCodingScheme"] = value.extra[CODE]
        if isinstance(value, LearningTarget) and value.grade:
            item["educationLevel"] = value.grade.split(LEVELS)
        ours = self._own(node, value)
        return {**item, "extensions": {OWN: ours}} if ours else item

    def associations(self) -> list[Json]:
        """Return the associations: those on record that still hold, then new ones, the rest."""
        kept = [a for a in self.record.associations if self._holds(a)]
        said = {fact for each in kept for fact in self.facts_of(each)}
        new = [self.association(fact) for fact in self.facts if fact not in said]
        others = [a for a in self.record.others if type_of(a) != "isChildOf" or self._inside(a)]
        return [_strict(each, ASSOCIATION) for each in (*kept, *new, *others)]

    @cached_property
    def facts(self) -> dict[Fact, int | None]:
        """Everything that associations say of this curriculum, with its place among siblings."""
        facts: dict[Fact, int | None] = {}
        children: dict[Node, int] = {}
        for node in self.items:
            parent = self._parent(node)
            children[parent] = children.get(parent, 0) + 1
            facts[Fact("isChildOf", node, parent)] = children[parent]
        facts |= dict.fromkeys(map(_fact_of, self.curriculum.edges))
        return facts

    def association(self, fact: Fact) -> Json:
        """Return the association that says one fact."""
        ends = [self.identifier(node) for node in (fact.origin, fact.destination)]
        identifier = derived(self.identifier(self.home), fact.type, *ends)
        place = self.facts[fact]
        association = {
            "identifier": identifier,
            "uri": urn(identifier),
            "associationType": fact.written_as,
            **({} if place is None else {"sequenceNumber": place}),
            "originNodeURI": self.link(fact.origin),
            "destinationNodeURI": self.link(fact.destination),
            "lastChangeDateTime": self.now,
        }
        if fact.type == ENCOMPASSES:
            association["extensions"] = {OWN: {"relation": ENCOMPASSES}}
        return association

    def facts_of(self, association: Json) -> tuple[Fact, ...]:
        """Return what an association says of this curriculum; nothing if it is of no such kind."""
        origin, destination = (self._node(association[end]) for end in ENDS)
        kind = own(association).get("relation") or type_of(association)
        if origin is None or destination is None:
            return ()
        if kind == "isChildOf":
            return (Fact(kind, origin, destination),)
        if kind == ENCOMPASSES and origin[0] == destination[0] == "target":
            return (Fact(kind, origin, destination),)
        if kind == "precedes" and "document" not in {origin[0], destination[0]}:
            befores, afters = self._leaves(origin), self._leaves(destination)
            return tuple(Fact(kind, a, b) for a in befores for b in afters)
        return ()

    def identifier(self, node: Node) -> str:
        """Return the UUID of the document or an item."""
        return str(self._kept(node).get("identifier") or self._plain_identifiers[node])

    def edge_of(self, fact: Fact) -> Edge:
        """Return the edge that a fact is written from."""
        ends = fact.origin[1], fact.destination[1]
        return Edge(*ends, ENCOMPASSES if fact.type == ENCOMPASSES else "prerequisite")

    @cached_property
    def _plain_identifiers(self) -> dict[Node, str]:
        """A UUID each: its own id where that is one and nothing else has it."""
        taken: set[str] = set()
        found: dict[Node, str] = {}
        for node in (*reversed(self.items), self.home):
            kind, name = node
            fresh = UUID.fullmatch(name) and name == name.lower() and name not in taken
            found[node] = name if fresh else derived(self.curriculum.framework.id, kind, name)
            taken.add(found[node])
        return found

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        """What a UUID, an id of an earlier package, or a URI stands for."""
        named: dict[str, Node] = {}
        for node in (*self.items, self.home):
            identifier = self.identifier(node)
            names = (self._kept(node).get("uri"), found(self._kept(node)).get("identifier"))
            named |= {str(name): node for name in names if name}
            named |= {identifier: node, urn(identifier): node}
        return named

    def _node(self, link: Mapping[str, str]) -> Node | None:
        names = (link["identifier"].lower(), link["identifier"], link["uri"])
        return next((self._nodes[name] for name in names if name in self._nodes), None)

    def _holds(self, association: Json) -> bool:
        facts = self.facts_of(association)
        return bool(facts) and all(fact in self.facts for fact in facts)

    def _inside(self, association: Json) -> bool:
        return all(self._node(association[end]) for end in ENDS)

    def _kept(self, node: Node) -> Json:
        kind, name = node
        if kind == "document":
            return self.record.document
        kept = self.record.competencies if kind == "competency" else self.record.targets
        return kept.get(name, {})

    def _value(self, node: Node) -> Competency | LearningTarget:
        kind, name = node
        if kind == "competency":
            return self.competencies[name]
        return self.curriculum.framework.target(name)

    def _parent(self, node: Node) -> Node:
        value = self._value(node)
        name = value.competency if isinstance(value, LearningTarget) else value.parent
        return self.home if name is None else ("competency", name)

    @cached_property
    def _children(self) -> dict[Node, list[Node]]:
        children: dict[Node, list[Node]] = {}
        for node in self.items:
            children.setdefault(self._parent(node), []).append(node)
        return children

    def _leaves(self, node: Node) -> list[Node]:
        """Return the learning targets in a competency; a target itself."""
        leaves: list[Node] = []
        waiting = [node]
        while waiting:
            here = waiting.pop()
            if here[0] == "target":
                leaves.append(here)
            waiting += self._children.get(here, ())[::-1]
        return leaves

    def link(self, node: Node) -> Json:
        """Return title, identifier and URI of the document or an item."""
        identifier = self.identifier(node)
        title = self.curriculum.framework.title
        if node != self.home:
            value = self._value(node)
            title = value.extra.get(CODE) or value.text
        kept = self._kept(node).get("uri")
        return {"title": title, "identifier": identifier, "uri": kept or urn(identifier)}

    def _own(self, node: Node, value: Competency | LearningTarget) -> Json:
        """Return what CASE has no field for, by the name of our field."""
        ours = unmapped(value)
        rest = {key: each for key, each in value.extra.items() if key != CODE or not each}
        if value.id != self.identifier(node):
            ours["id"] = value.id
        if not value.text.strip():
            ours["text"] = value.text
        if rest:
            ours["extra"] = rest
        if node[0] == "competency" and not self._children.get(node):
            ours["competency"] = True
        return ours


ENDS = ("originNodeURI", "destinationNodeURI")


def unmapped(value: Competency | LearningTarget) -> Json:
    """Return the fields of a value that CASE has none for, unless they say nothing."""
    blank = plain_fields(type(value)(value.id, value.text))
    mapped = {"id", "text", "parent", "competency", "grade", "extra"}
    return {
        k: each for k, each in plain_fields(value).items() if k not in mapped and each != blank[k]
    }


def written_time(moment: datetime) -> str:
    """Write an aware time in UTC, as CASE does."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _fact_of(edge: Edge) -> Fact:
    kind = "precedes" if edge.relation == "prerequisite" else ENCOMPASSES
    return Fact(kind, ("target", edge.prereq), ("target", edge.target))


def _strict(element: Json, shape: Shape) -> Json:
    """Return an element in strict form, whatever the record or the curriculum held."""
    strict, aside = fit(element, shape)
    return with_found(strict, aside)
