"""A curriculum laid out as arrays, computed once and shared by every recommendation."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from graphs import Curriculum, Task

OWN_MINUTES = 15.0
"""Minutes assumed for working on a target that has no task: one short sitting."""


@dataclass(frozen=True)
class Option:
    """Something a student could do next: a task, or a target that has no task yet."""

    id: str
    title: str
    targets: tuple[str, ...]
    task: Task | None
    format: str = ""
    kind: str = ""
    interests: tuple[str, ...] = ()
    minutes: float = OWN_MINUTES


@dataclass(frozen=True)
class Layout:
    """The arrays of one curriculum with T targets and O options."""

    curriculum: Curriculum

    @cached_property
    def prerequisites(self) -> sparse.csr_array:
        """Matrix [T, T]: 1 where the row is a direct prerequisite of the column."""
        position = self.curriculum.graph.position
        edges = [e for e in self.curriculum.edges if e.relation == "prerequisite"]
        rows = [position[e.prereq] for e in edges]
        columns = [position[e.target] for e in edges]
        ones = np.ones(len(edges), dtype=np.int64)
        size = len(position)
        return sparse.csr_array((ones, (rows, columns)), shape=(size, size))

    @cached_property
    def descendants(self) -> sparse.csr_array:
        """Matrix [T, T]: 1 where the column builds on the row, however far."""
        graph = self.curriculum.graph
        pairs = [
            (a, graph.position[d])
            for a, t in enumerate(graph.targets)
            for d in graph.descendants(t)
        ]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        ones = np.ones(len(pairs), dtype=np.int64)
        return sparse.csr_array((ones, (rows, columns)), shape=(len(graph), len(graph)))

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Every task, then every target that has none, in curriculum order."""
        framework = self.curriculum.framework
        served = {target for task in framework.tasks for target in task.targets}
        tasks = [
            Option(t.id, t.title, t.targets, t, t.format, t.kind, t.interests, t.minutes)
            for t in framework.tasks
        ]
        bare = [Option(t.id, t.text, (t.id,), None) for t in framework if t.id not in served]
        return (*tasks, *bare)

    @cached_property
    def option_targets(self) -> sparse.csr_array:
        """Matrix [T, O]: 1 where the option gives evidence on the target."""
        position = self.curriculum.graph.position
        pairs = [(position[t], o) for o, option in enumerate(self.options) for t in option.targets]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        shape = (len(position), len(self.options))
        return sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=shape)

    @cached_property
    def formats(self) -> dict[str, int]:
        """Number of each format that an option has."""
        return _numbered(option.format for option in self.options)

    @cached_property
    def format(self) -> npt.NDArray[np.int64]:
        """Format of each option by number, int64[O]."""
        return np.array([self.formats[o.format] for o in self.options], dtype=np.int64)

    @cached_property
    def interests(self) -> dict[str, int]:
        """Number of each interest that an option matches."""
        return _numbered(word for option in self.options for word in option.interests)

    @cached_property
    def option_interests(self) -> sparse.csr_array:
        """Matrix [I, O]: 1 where the option matches the interest."""
        pairs = [
            (self.interests[w], o)
            for o, option in enumerate(self.options)
            for w in option.interests
        ]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        shape = (len(self.interests), len(self.options))
        return sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=shape)

    @cached_property
    def targets_of_option(self) -> npt.NDArray[np.float64]:
        """How many targets each option has, float64[O], at least 1."""
        return np.array([len(option.targets) for option in self.options], dtype=np.float64)

    @cached_property
    def minutes(self) -> npt.NDArray[np.float64]:
        """Expected minutes of each option, float64[O]."""
        return np.array([option.minutes for option in self.options], dtype=np.float64)


def _numbered(words: Iterable[str]) -> dict[str, int]:
    return {word: i for i, word in enumerate(dict.fromkeys(words))}
