"""A curriculum laid out as arrays, computed once and shared by every recommendation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from engine.lists import Ints, Lists, lists_of
from graphs import Curriculum, Task

Floats = npt.NDArray[np.float64]
Seeds = npt.NDArray[np.uint64]
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


class OptionArrays(NamedTuple):
    """The O options as compiled code takes them.

    `targets` and `interests` are lists of columns and of interest numbers, `format` and `kind`
    int64[O] (−1 for none), `minutes` float64[O], `seed` uint64[O] made from the option's id.
    """

    targets: Lists
    interests: Lists
    format: Ints
    kind: Ints
    minutes: Floats
    seed: Seeds


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
    def encompassed(self) -> sparse.csr_array:
        """Matrix [T, T]: 1 where work on the row also practises the column."""
        position = self.curriculum.graph.position
        edges = [e for e in self.curriculum.edges if e.relation == "encompasses"]
        rows = [position[e.target] for e in edges]
        columns = [position[e.prereq] for e in edges]
        shape = (len(position), len(position))
        return sparse.csr_array((np.ones(len(edges)), (rows, columns)), shape=shape)

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
    def serving(self) -> Mapping[str, tuple[Option, ...]]:
        """The options that give evidence on each target."""
        found: dict[str, list[Option]] = {target: [] for target in self.curriculum.graph.targets}
        for option in self.options:
            for target in option.targets:
                found[target].append(option)
        return {target: tuple(options) for target, options in found.items()}

    @cached_property
    def building_on(self) -> Lists:
        """The direct prerequisites of each target, by column."""
        graph = self.curriculum.graph
        return lists_of(
            [[graph.position[p] for p in graph.prerequisites(t)] for t in graph.targets]
        )

    @cached_property
    def built_on(self) -> Lists:
        """The targets that directly build on each target, by column."""
        graph = self.curriculum.graph
        return lists_of([[graph.position[d] for d in graph.dependents(t)] for t in graph.targets])

    @cached_property
    def order(self) -> Ints:
        """The columns in an order in which prerequisites come first, int64[T]."""
        graph = self.curriculum.graph
        generations = [t for generation in graph.generations for t in generation]
        return np.array([graph.position[t] for t in generations], dtype=np.int64)

    @cached_property
    def formats(self) -> dict[str, int]:
        """Number of each format that an option has; of no format −1."""
        return {**_numbered(option.format for option in self.options), "": -1}

    @cached_property
    def interests(self) -> dict[str, int]:
        """Number of each interest that an option matches."""
        return _numbered(word for option in self.options for word in option.interests)

    @cached_property
    def arrays(self) -> OptionArrays:
        """The options as compiled code takes them."""
        position, options = self.curriculum.graph.position, self.options
        kinds = {**_numbered(option.kind for option in options), "": -1}
        return OptionArrays(
            targets=lists_of([sorted(position[t] for t in o.targets) for o in options]),
            interests=lists_of([[self.interests[w] for w in o.interests] for o in options]),
            format=np.array([self.formats[o.format] for o in options], dtype=np.int64),
            kind=np.array([kinds[o.kind] for o in options], dtype=np.int64),
            minutes=np.array([o.minutes for o in options], dtype=np.float64),
            seed=seeds([o.id for o in options]),
        )

    @cached_property
    def of_interest(self) -> Lists:
        """The options that match each interest, by its number."""
        found: list[list[int]] = [[] for _ in self.interests]
        for o, option in enumerate(self.options):
            for word in option.interests:
                found[self.interests[word]].append(o)
        return lists_of(found)


def seeds(ids: Iterable[str]) -> Seeds:
    """Return a number for each id that depends on nothing else, uint64."""
    digests = b"".join(blake2b(each.encode(), digest_size=8).digest() for each in ids)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _numbered(words: Iterable[str]) -> dict[str, int]:
    return {word: i for i, word in enumerate(dict.fromkeys(filter(None, words)))}
