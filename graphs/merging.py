"""Prerequisites from a second source, merged into a curriculum.

Published frameworks hold no prerequisites; those come as an edge list or as a CASE package
of `precedes`. Both ends of an edge are looked up by our id, by the identifier of CASE and by
published code; letters' case and `-` or `_` make no difference where that leaves no doubt.
An edge from or to a competency goes for every learning target in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path

from graphs.case.reading import CasePackage, read_package
from graphs.case.record import CaseRecord, found, own, type_of
from graphs.case.shapes import Json
from graphs.case.writing import ENCOMPASSES, ENDS
from graphs.curriculum import Curriculum
from graphs.errors import CycleFound, Fault, InvalidInput, cycle_path
from graphs.files import edges_from
from graphs.framework import CODE, LearningTarget
from graphs.json_source import read_json_source
from graphs.prerequisites import Edge, PrerequisiteGraph, Relation
from graphs.tables import Row, Table, read_table


@dataclass(frozen=True, slots=True)
class End:
    """One end of an edge: the names it may be known by, best first, and where they stand."""

    names: tuple[str, ...]
    place: Fault


@dataclass(frozen=True, slots=True)
class NamedEdge:
    """An edge of a second source, its ends not yet looked up."""

    prereq: End
    target: End
    relation: Relation


@dataclass(frozen=True)
class Merge:
    """What merging made of a second source of `read` edges.

    `added` edges are new, `known` stood in the curriculum already; `spread` counts the
    edges of the source that stand for several, because they name a competency; `left_out`
    names those with an end that the curriculum does not have.
    """

    curriculum: Curriculum
    read: int
    added: tuple[Edge, ...]
    known: tuple[Edge, ...]
    spread: int
    left_out: tuple[Fault, ...]


def read_edges(path: Path) -> list[NamedEdge]:
    """Read a second source: a CSV file `prereq,target[,relation]` or a CASE package (`.json`).

    Raises `InvalidInput` naming file, line and field.
    """
    if path.suffix == ".json":
        return edges_in_package(read_package(read_json_source(path)))
    return edges_in_table(read_table(path, ("prereq", "target")))


def edges_in_table(table: Table) -> list[NamedEdge]:
    """Return the rows of an edge list. Raises `InvalidInput` for cells that cannot be read."""
    edges = zip(table.rows, edges_from(table), strict=True)
    return [
        NamedEdge(_cell(table, row, "prereq"), _cell(table, row, "target"), edge.relation)
        for row, edge in edges
    ]


def edges_in_package(package: CasePackage) -> list[NamedEdge]:
    """Return the prerequisites of a CASE package, each end by identifier, code and URI."""
    edges = []
    for i, association in enumerate(package.associations):
        relation = _relation(association)
        if relation:
            prereq, target = (_end(package, i, association, key) for key in ENDS)
            edges.append(NamedEdge(prereq, target, relation))
    return edges


def merge_edges(
    curriculum: Curriculum,
    edges: Iterable[NamedEdge],
    *,
    prefix: str = "",
    leave_out: bool = False,
) -> Merge:
    """Merge the edges of a second source into a curriculum.

    `prefix` is put before a name that is not found as it stands, for sources that write
    `6.RP.A.1` where the framework has `CCSS.Math.Content.6.RP.A.1`. Edges with an end that
    the curriculum does not have are refused, or with `leave_out` reported and left out.
    Raises `InvalidInput` naming each fault by file, line and field: an unknown or ambiguous
    name, and prerequisites that now run in a circle.
    """
    index = _Index(curriculum, prefix)
    faults: list[Fault] = []
    unknown: list[Fault] = []
    places: dict[Edge, Fault] = {}
    spread = read = 0
    for each in edges:
        read += 1
        befores = index.look_up(each.prereq, faults, unknown)
        afters = index.look_up(each.target, faults, unknown)
        spread += len(befores) * len(afters) > 1
        for pair in product(befores, afters):
            if pair[0] == pair[1] and each.relation == "encompasses":
                message = f"{pair[0]!r} cannot encompass itself"
                faults.append(replace(each.target.place, message=message))
            places.setdefault(Edge(*pair, each.relation), each.target.place)
    if not leave_out:
        faults += unknown
    if faults:
        raise InvalidInput(faults)
    have = set(curriculum.edges)
    added = tuple(edge for edge in places if edge not in have)
    _refuse_circles(curriculum, added, places)
    return Merge(
        replace(curriculum, edges=curriculum.edges + added),
        read,
        added,
        tuple(edge for edge in places if edge in have),
        spread,
        tuple(unknown),
    )


def _cell(table: Table, row: Row, column: str) -> End:
    return End((row[column],), table.fault(row, column, row[column]))


def _relation(association: Json) -> Relation | None:
    if type_of(association) == "precedes":
        return "prerequisite"
    return "encompasses" if own(association).get("relation") == ENCOMPASSES else None


def _end(package: CasePackage, i: int, association: Json, key: str) -> End:
    node = association[key]
    item = package.item(node) or {}
    names = (
        str(node["identifier"]).lower(),
        own(item).get("id"),
        found(item).get("identifier"),
        item.get("humanCodingScheme"),
        node["uri"],
        node["identifier"],
    )
    told = item.get("humanCodingScheme") or node["identifier"]
    place = package.source.fault(("CFAssociations", i, key), str(told))
    return End(tuple(str(name) for name in names if name), place)


Node = tuple[str, str]
"""`("target", id)` or `("competency", id)`."""


class _Index:
    """The learning targets of a curriculum by every name they may go by."""

    def __init__(self, curriculum: Curriculum, prefix: str) -> None:
        self._curriculum = curriculum
        self._prefix = prefix

    def look_up(self, end: End, faults: list[Fault], unknown: list[Fault]) -> tuple[str, ...]:
        """Return the learning targets an end stands for; none with a fault said of it."""
        told = end.place.message
        nodes = self._nodes(end.names)
        if len(nodes) > 1:
            several = ", ".join(repr(name) for _, name in nodes)
            faults.append(replace(end.place, message=f"{told!r} may mean {several}"))
            return ()
        for kind, name in nodes:
            inside = (name,) if kind == "target" else self._inside.get(name, ())
            if not inside:
                message = f"the competency {told!r} has no learning target in it"
                faults.append(replace(end.place, message=message))
            return inside
        message = f"there is no learning target or competency {told!r}"
        unknown.append(replace(end.place, message=message))
        return ()

    def _nodes(self, names: Iterable[str]) -> list[Node]:
        """Return what the first name that is known at all may mean."""
        for name in names:
            for spelled in (name, self._prefix + name):
                for table in self._exact:
                    if spelled in table:
                        return table[spelled]
                if loosely(spelled) in self._loose:
                    return self._loose[loosely(spelled)]
        return []

    @cached_property
    def _exact(self) -> tuple[dict[str, list[Node]], ...]:
        """What is known by our id, by the identifier and URI of CASE, and by code."""
        tables: tuple[dict[str, list[Node]], ...] = ({}, {}, {}, {})
        framework, case = self._curriculum.framework, self._curriculum.case or CaseRecord()
        for value in (*framework, *framework.competencies):
            target = isinstance(value, LearningTarget)
            node = ("target" if target else "competency", value.id)
            kept = (case.targets if target else case.competencies).get(value.id, {})
            others = {kept.get("identifier"), kept.get("uri"), found(kept).get("identifier")}
            tables[0 if target else 1].setdefault(value.id, []).append(node)
            for name in others - {None}:
                tables[2].setdefault(str(name), []).append(node)
            if value.extra.get(CODE):
                tables[3].setdefault(value.extra[CODE], []).append(node)
        return tables

    @cached_property
    def _loose(self) -> dict[str, list[Node]]:
        """What is known by any name, however its letters and dashes are written."""
        table: dict[str, list[Node]] = {}
        for exact in self._exact:
            for name, nodes in exact.items():
                known = table.setdefault(loosely(name), [])
                known += [node for node in nodes if node not in known]
        return table

    @cached_property
    def _inside(self) -> dict[str, tuple[str, ...]]:
        """The learning targets in each competency, also in those it contains."""
        framework = self._curriculum.framework
        parents = {c.id: c.parent for c in framework.competencies}
        inside: dict[str, list[str]] = {}
        for target in framework:
            above = target.competency
            while above is not None:
                inside.setdefault(above, []).append(target.id)
                above = parents[above]
        return {name: tuple(targets) for name, targets in inside.items()}


def loosely(name: str) -> str:
    """Return a name without the differences that sources make: case, `-` for `_`."""
    return name.casefold().replace("_", "-")


def _refuse_circles(
    curriculum: Curriculum, added: tuple[Edge, ...], places: Mapping[Edge, Fault]
) -> None:
    """Raise `CycleFound` that says which edges of each circle the second source brought."""
    ids = [t.id for t in curriculum.framework]
    try:
        PrerequisiteGraph(ids, curriculum.edges + added)
    except CycleFound as error:
        faults = []
        for cycle in error.cycles:
            steps = [Edge(a, b) for a, b in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
            brought = [edge for edge in steps if edge in added]
            named = ", ".join(f"{edge.prereq} → {edge.target}" for edge in brought)
            message = f"prerequisites run in a circle: {cycle_path(cycle)}; this source has {named}"
            faults.append(replace(places[brought[0]], message=message))
        raise CycleFound(error.cycles, faults) from None
