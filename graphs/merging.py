"""Prerequisites from a second source, merged into a curriculum.

Published frameworks hold no prerequisites; those come as an edge list or as a CASE package
of `precedes`. Both ends of an edge are looked up by every name that `graphs.naming` knows.
An edge from or to a competency goes for every learning target in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from graphs.case.reading import CasePackage, read_package
from graphs.case.record import found, own, type_of
from graphs.case.shapes import Json
from graphs.case.writing import ENCOMPASSES, ENDS
from graphs.curriculum import Curriculum
from graphs.errors import CycleFound, Fault, InvalidInput, cycle_path
from graphs.files import edges_from
from graphs.json_source import read_json_source
from graphs.naming import Names
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
    names = Names(curriculum, prefix)
    faults: list[Fault] = []
    unknown: list[Fault] = []
    places: dict[Edge, Fault] = {}
    spread = read = 0
    for each in edges:
        read += 1
        befores = _look_up(names, each.prereq, faults, unknown)
        afters = _look_up(names, each.target, faults, unknown)
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


def _look_up(names: Names, end: End, faults: list[Fault], unknown: list[Fault]) -> tuple[str, ...]:
    """Return the learning targets an end stands for; none with a fault said of it."""
    told = end.place.message
    nodes = names.nodes(end.names)
    if not nodes:
        message = f"there is no learning target or competency {told!r}"
        unknown.append(replace(end.place, message=message))
        return ()
    if len(nodes) > 1:
        message = f"{told!r} may mean {', '.join(repr(name) for _, name in nodes)}"
        faults.append(replace(end.place, message=message))
        return ()
    targets = names.targets(nodes[0])
    if not targets:
        message = f"the competency {told!r} has no learning target in it"
        faults.append(replace(end.place, message=message))
    return targets


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
