"""The prerequisite graph: a validated directed acyclic graph of learning targets.

An edge `prereq → target` says that `prereq` should be mastered before `target`. A second
relation, *encompasses*, says that doing `target` also practises `prereq`; it earns review
credit and never blocks anyone. networkx stays behind this module and `graphs.linting`.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar, get_args

import networkx as nx

from graphs.errors import CycleFound, Fault, InvalidInput, UnknownId

H = TypeVar("H", bound=Hashable)
Relation = Literal["prerequisite", "encompasses"]
MOST_CYCLES = 100
"""Cycles listed at the most: a badly broken graph has exponentially many."""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """`prereq` comes before `target` (or is practised by it, when it *encompasses*)."""

    prereq: str
    target: str
    relation: Relation = "prerequisite"


class PrerequisiteGraph:
    """Learning targets and their prerequisites, acyclic, with known ids only.

    `targets` fixes the order in which targets are reported. Raises `InvalidInput` naming
    every unknown id or relation, repeated id and repeated edge, and `CycleFound` with each
    cycle as a path (a self-loop is a cycle of one).
    """

    def __init__(self, targets: Iterable[str], edges: Iterable[Edge] = ()) -> None:
        self.targets = tuple(targets)
        self.edges = tuple(edges)
        self.position = {target: i for i, target in enumerate(self.targets)}
        _refuse_faults(self.targets, self.edges)
        self._dag = nx.DiGraph()
        self._dag.add_nodes_from(self.targets)
        self._dag.add_edges_from(
            (e.prereq, e.target) for e in self.edges if e.relation == "prerequisite"
        )
        cycles = simple_cycles(self._dag)
        if cycles:
            raise CycleFound(cycles)

    def __len__(self) -> int:
        return len(self.targets)

    def __contains__(self, target: object) -> bool:
        return target in self.position

    def prerequisites(self, target: str) -> tuple[str, ...]:
        """Return the direct prerequisites of a target, in target order."""
        return self._ordered(self._dag.predecessors(self._known(target)))

    def dependents(self, target: str) -> tuple[str, ...]:
        """Return the targets that directly build on this one, in target order."""
        return self._ordered(self._dag.successors(self._known(target)))

    def ancestors(self, target: str) -> tuple[str, ...]:
        """Return every target that comes before this one, in target order."""
        return self._ordered(nx.ancestors(self._dag, self._known(target)))

    def descendants(self, target: str) -> tuple[str, ...]:
        """Return every target that builds on this one, however far, in target order."""
        return self._ordered(nx.descendants(self._dag, self._known(target)))

    def encompassed(self, target: str) -> tuple[str, ...]:
        """Return the targets that doing this one also practises."""
        self._known(target)
        return self._ordered(
            e.prereq for e in self.edges if e.relation == "encompasses" and e.target == target
        )

    def ready(self, mastered: Collection[str]) -> tuple[str, ...]:
        """Return the outer fringe: not mastered, with every prerequisite mastered."""
        have = self._known_set(mastered)
        return tuple(
            t for t in self.targets if t not in have and have.issuperset(self._dag.predecessors(t))
        )

    def inner_fringe(self, mastered: Collection[str]) -> tuple[str, ...]:
        """Return the mastered targets on which nothing mastered builds: review these first."""
        have = self._known_set(mastered)
        return tuple(
            t for t in self.targets if t in have and have.isdisjoint(self._dag.successors(t))
        )

    def unmastered_ancestors(self, goal: str, mastered: Collection[str]) -> tuple[str, ...]:
        """Return every ancestor of a goal that is not mastered, in an order fit for learning."""
        have = self._known_set(mastered)
        return self._in_learning_order(set(self.ancestors(goal)) - have)

    def pathway(self, goal: str, mastered: Collection[str]) -> tuple[str, ...]:
        """Return the fewest targets to master, in order, to reach and include the goal.

        Every prerequisite of a step is mastered or an earlier step. What lies behind a
        mastered target is not asked for again, which is why this can be shorter than
        `unmastered_ancestors`. Empty when the goal is mastered.
        """
        have = self._known_set(mastered)
        steps: set[str] = set()
        waiting = [self._known(goal)]
        while waiting:
            target = waiting.pop()
            if target not in have and target not in steps:
                steps.add(target)
                waiting.extend(self._dag.predecessors(target))
        return self._in_learning_order(steps)

    def unlocks(self, target: str, mastered: Collection[str]) -> tuple[str, ...]:
        """Return the targets that become ready once this one is mastered as well."""
        have = self._known_set(mastered) | {self._known(target)}
        return self._ordered(
            t
            for t in self._dag.successors(target)
            if t not in have and have.issuperset(self._dag.predecessors(t))
        )

    @cached_property
    def generations(self) -> tuple[tuple[str, ...], ...]:
        """The targets in layers for drawing: each layer's prerequisites lie in earlier ones."""
        return tuple(self._ordered(layer) for layer in nx.topological_generations(self._dag))

    @cached_property
    def generation(self) -> dict[str, int]:
        """The layer of each target, from 0."""
        return {t: depth for depth, layer in enumerate(self.generations) for t in layer}

    def _known(self, target: str) -> str:
        if target not in self.position:
            raise UnknownId("learning target", target)
        return target

    def _known_set(self, targets: Collection[str]) -> set[str]:
        return {self._known(target) for target in targets}

    def _ordered(self, targets: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(targets, key=self.position.__getitem__))

    def _in_learning_order(self, targets: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(targets, key=lambda t: (self.generation[t], self.position[t])))


def simple_cycles(graph: nx.DiGraph) -> list[list[str]]:
    """List the cycles of a graph, self-loops included, at most `MOST_CYCLES`.

    Each starts at its smallest id, so that the same graph gives the same list.
    """
    found = []
    for cycle in nx.simple_cycles(graph):
        start = cycle.index(min(cycle))
        found.append([*cycle[start:], *cycle[:start]])
        if len(found) == MOST_CYCLES:
            break
    return sorted(found, key=lambda cycle: (len(cycle), cycle))


def _refuse_faults(targets: tuple[str, ...], edges: tuple[Edge, ...]) -> None:
    known = set(targets)
    faults = [Fault(f"the learning target {t!r} stands twice") for t in _repeated(targets)]
    faults += [Fault(f"the edge {_arrow(e)} stands twice") for e in _repeated(edges)]
    faults += [
        Fault(f"the edge {_arrow(e)} names the unknown learning target {end!r}")
        for e in edges
        for end in sorted({e.prereq, e.target} - known)
    ]
    faults += [
        Fault(f"the edge {_arrow(e)} has the unknown relation {e.relation!r}")
        for e in edges
        if e.relation not in get_args(Relation)
    ]
    faults += [
        Fault(f"{e.target!r} cannot encompass itself")
        for e in edges
        if e.relation == "encompasses" and e.prereq == e.target
    ]
    if faults:
        raise InvalidInput(faults)


def _arrow(edge: Edge) -> str:
    return f"{edge.prereq} → {edge.target}"


def _repeated(values: Iterable[H]) -> list[H]:
    return [value for value, times in Counter(values).items() if times > 1]
