"""Name every fault of a curriculum as it stands in its files, and remark on its shape.

Faults (a curriculum with one is refused): cycles, self-loops, unknown ids, duplicates,
and cells that cannot be read: blank or unusable ids, unknown relations.
Remarks (worth a look, never refused): redundant edges, isolated targets, targets that
encompass one another. The last are no fault because *encompasses* is read one step at a
time: adding practises subtracting and the other way round, and nothing runs in a circle.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import networkx as nx

from graphs.errors import Fault, InvalidInput, cycle_path
from graphs.files import edges_from, targets_from
from graphs.framework import ID_RULE, usable_id
from graphs.prerequisites import simple_cycles
from graphs.tables import Row, Table

ENDS = ("prereq", "target")


@dataclass(frozen=True, slots=True)
class LintReport:
    """What `lint` found.

    `cycles` are lists of ids of at least two targets; `redundant` and `duplicate_edges`
    are `[prereq, target]` pairs. `faults` and `remarks` say the same in words, with file
    and line; files without faults are fit to import (competencies and tasks aside).
    """

    targets: int
    edges: int
    cycles: list[list[str]] = field(default_factory=list)
    self_loops: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    duplicate_edges: list[list[str]] = field(default_factory=list)
    redundant: list[list[str]] = field(default_factory=list)
    isolated: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)


def lint(edges: Table, targets: Table | None = None) -> LintReport:
    """Check prerequisite rows (`prereq,target[,relation]`) against target rows (`id,…`).

    Without `targets` the learning targets are those that the edges name. The order of the
    report follows the files.
    """
    lines = _edge_lines(edges)
    known = _target_lines(targets) if targets else {}
    named = dict.fromkeys(end for pair in lines for end in pair)
    ids = list(known if targets else named)
    report = LintReport(len(ids), len(edges.rows))
    _cells(report, edges, edges_from)
    _self_encompassing(report, edges)
    if targets:
        _cells(report, targets, targets_from)
        _unusable_ids(report, targets, ("id",))
        _duplicate_targets(report, targets)
        _unknown_ids(report, edges, set(known))
    else:
        _unusable_ids(report, edges, ENDS)
    _duplicate_edges(report, edges)
    graph = nx.DiGraph()
    graph.add_nodes_from(ids)
    graph.add_edges_from(pair for pair in lines if all(end in graph for end in pair))
    _cycles(report, edges, graph, lines)
    _redundant(report, edges, graph, lines)
    _isolated(report, targets, graph, known)
    _encompassing_circles(report, edges)
    return report


def _pair(row: Row) -> tuple[str, str]:
    return row["prereq"], row["target"]


def _edge_lines(edges: Table) -> dict[tuple[str, str], Row]:
    lines: dict[tuple[str, str], Row] = {}
    for row in edges.rows:
        if row["relation"] in ("", "prerequisite") and all(_pair(row)):
            lines.setdefault(_pair(row), row)
    return lines


def _target_lines(targets: Table) -> dict[str, Row]:
    lines: dict[str, Row] = {}
    for row in targets.rows:
        if row["id"]:
            lines.setdefault(row["id"], row)
    return lines


def _cells(report: LintReport, table: Table, read: Callable[[Table], object]) -> None:
    try:
        read(table)
    except InvalidInput as error:
        report.faults.extend(error.faults)


def _unusable_ids(report: LintReport, table: Table, columns: tuple[str, ...]) -> None:
    for row in table.rows:
        for column in columns:
            if row[column] and not usable_id(row[column]):
                message = f"the id {row[column]!r} is not usable: {ID_RULE}"
                report.faults.append(table.fault(row, column, message))


def _self_encompassing(report: LintReport, edges: Table) -> None:
    for row in edges.rows:
        if row["relation"] == "encompasses" and row["prereq"] == row["target"]:
            message = f"{row['target']!r} cannot encompass itself"
            report.faults.append(edges.fault(row, "target", message))


def _duplicate_targets(report: LintReport, targets: Table) -> None:
    first = _target_lines(targets)
    for row in targets.rows:
        if row["id"] and first[row["id"]] is not row:
            message = f"the id {row['id']!r} stands on line {first[row['id']].line} already"
            report.faults.append(targets.fault(row, "id", message))
            if row["id"] not in report.duplicates:
                report.duplicates.append(row["id"])


def _unknown_ids(report: LintReport, edges: Table, known: set[str]) -> None:
    for row in edges.rows:
        for end in ENDS:
            if row[end] and row[end] not in known:
                message = f"there is no learning target {row[end]!r}"
                report.faults.append(edges.fault(row, end, message))
                if row[end] not in report.unknown:
                    report.unknown.append(row[end])


def _duplicate_edges(report: LintReport, edges: Table) -> None:
    first: dict[tuple[str, str, str], int] = {}
    for row in edges.rows:
        key = (*_pair(row), row["relation"] or "prerequisite")
        if key in first:
            message = f"the edge {_arrow(row)} stands on line {first[key]} already"
            report.faults.append(edges.fault(row, "target", message))
            report.duplicate_edges.append(list(_pair(row)))
        first.setdefault(key, row.line)


def _cycles(
    report: LintReport, edges: Table, graph: nx.DiGraph, lines: dict[tuple[str, str], Row]
) -> None:
    for cycle in simple_cycles(graph):
        row = lines[cycle[-1], cycle[0]]
        if len(cycle) == 1:
            report.self_loops.append(cycle[0])
            message = f"{cycle[0]!r} is made its own prerequisite"
        else:
            report.cycles.append(cycle)
            where = _lines(lines[a, b] for a, b in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
            message = f"prerequisites run in a circle: {cycle_path(cycle)} ({where})"
        report.faults.append(edges.fault(row, "target", message))


def _redundant(
    report: LintReport, edges: Table, graph: nx.DiGraph, lines: dict[tuple[str, str], Row]
) -> None:
    for prereq, target in _implied_edges(graph):
        report.redundant.append([prereq, target])
        row = lines[prereq, target]
        message = f"the edge {_arrow(row)} already follows from a longer path"
        report.remarks.append(edges.fault(row, "target", message))


def _implied_edges(graph: nx.DiGraph) -> list[tuple[str, str]]:
    """Edges that the transitive reduction drops; edges inside a cycle are left out."""
    component = {
        node: i for i, group in enumerate(nx.strongly_connected_components(graph)) for node in group
    }
    acyclic = nx.DiGraph()
    acyclic.add_nodes_from(graph)
    acyclic.add_edges_from((a, b) for a, b in graph.edges if component[a] != component[b])
    kept = nx.transitive_reduction(acyclic)
    return [edge for edge in acyclic.edges if not kept.has_edge(*edge)]


def _isolated(
    report: LintReport, targets: Table | None, graph: nx.DiGraph, known: dict[str, Row]
) -> None:
    for target in graph:
        neighbours = {*graph.successors(target), *graph.predecessors(target)}
        if not neighbours - {target}:
            report.isolated.append(target)
            message = f"{target!r} has no prerequisite and nothing builds on it"
            where = known.get(target)
            place = (targets.name, where.line, "id") if targets and where else (None, None, None)
            report.remarks.append(Fault(message, *place))


def _encompassing_circles(report: LintReport, edges: Table) -> None:
    rows = {
        _pair(row): row
        for row in edges.rows
        if row["relation"] == "encompasses" and all(_pair(row)) and row["prereq"] != row["target"]
    }
    for cycle in simple_cycles(nx.DiGraph(list(rows))):
        row = rows[cycle[0], cycle[1]]
        message = f"these encompass one another in a circle: {cycle_path(cycle)}"
        report.remarks.append(edges.fault(row, "target", message))


def _lines(rows: Iterable[Row]) -> str:
    return "lines " + ", ".join(str(row.line) for row in rows)


def _arrow(row: Row) -> str:
    return f"{row['prereq']} → {row['target']}"
