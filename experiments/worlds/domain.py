"""Made-up domains: learning targets in layers, joined by prerequisites."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

MOST_PREREQUISITES = 3
"""Prerequisites of one target: expert graphs rarely name more (Junyi: 1.3 on average)."""


@dataclass(frozen=True)
class Domain:
    """Learning targets 0 … K-1 in learning order.

    `prerequisites[k]` lists what target k builds on, `layer[k]` how deep it lies, from 0.
    """

    prerequisites: tuple[tuple[int, ...], ...]
    layer: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prerequisites)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets."""
        return tuple(f"t{k:02d}" for k in range(len(self)))

    @cached_property
    def before(self) -> npt.NDArray[np.int64]:
        """Prerequisites of each target as an array, −1 beyond the last, int64[K, most]."""
        most = max(1, *map(len, self.prerequisites))
        rows = [[*each, *[-1] * (most - len(each))] for each in self.prerequisites]
        return np.array(rows, dtype=np.int64).reshape(len(self), most)


def layered_domain(
    rng: np.random.Generator, targets: int = 40, layers: int = 6, edges: int = 67
) -> Domain:
    """Draw a domain of the size the science notes used (§7.1).

    Every target beyond the first layer builds on one of the layer before; the other edges
    lead from any earlier layer.
    """
    layer = np.sort(rng.integers(0, layers, targets))
    layer[:3] = 0
    found: list[list[int]] = [[] for _ in range(targets)]
    for k in range(targets):
        before = [j for j in range(k) if layer[j] == layer[k] - 1]
        if layer[k] > 0:
            found[k].append(int(rng.choice(before or np.flatnonzero(layer[:k] < layer[k]))))
    open_pairs = [
        (j, k)
        for k in range(targets)
        for j in range(k)
        if layer[j] < layer[k] and j not in found[k]
    ]
    for place in rng.permutation(len(open_pairs)):
        j, k = open_pairs[place]
        if sum(map(len, found)) >= edges:
            break
        if len(found[k]) < MOST_PREREQUISITES:
            found[k].append(j)
    return Domain(tuple(tuple(sorted(row)) for row in found), tuple(layer.tolist()))
