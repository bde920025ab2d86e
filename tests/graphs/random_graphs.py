"""Random acyclic graphs, small enough that brute force can check everything about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

from graphs import Edge, PrerequisiteGraph

V = TypeVar("V")


@dataclass(frozen=True)
class RandomDag:
    """Targets in the order they are reported, and edges between them."""

    targets: tuple[str, ...]
    edges: tuple[Edge, ...]

    @property
    def graph(self) -> PrerequisiteGraph:
        """The graph under test."""
        return PrerequisiteGraph(self.targets, self.edges)

    def prerequisites(self, target: str) -> set[str]:
        """Direct prerequisites, read off the edges."""
        return {e.prereq for e in self.edges if e.target == target and e.relation == "prerequisite"}

    def before(self, target: str) -> set[str]:
        """Everything that comes before a target, by following the edges back."""
        direct = self.prerequisites(target)
        return direct.union(*(self.before(each) for each in direct))


def subsets(values: Sequence[V]) -> st.SearchStrategy[list[V]]:
    """Any part of some values; drawn as one number, which is quick."""
    return st.integers(0, 2 ** len(values) - 1).map(
        lambda bits: [value for i, value in enumerate(values) if bits >> i & 1]
    )


@st.composite
def dags(draw: st.DrawFn, most: int = 7) -> RandomDag:
    """Draw a graph whose reported order has nothing to do with its learning order."""
    size = draw(st.integers(1, most))
    learning_order = [f"t{i}" for i in range(size)]
    pairs = [(a, b) for i, b in enumerate(learning_order) for a in learning_order[:i]]
    edges = [Edge(a, b) for a, b in draw(subsets(pairs))]
    edges += [Edge(a, b, "encompasses") for a, b in draw(subsets(pairs))]
    return RandomDag(tuple(draw(st.permutations(learning_order))), tuple(edges))


@st.composite
def dags_with_mastered(draw: st.DrawFn) -> tuple[RandomDag, frozenset[str]]:
    """Draw a graph and any set of mastered targets, closed under prerequisites or not."""
    dag = draw(dags())
    return dag, frozenset(draw(subsets(dag.targets)))
