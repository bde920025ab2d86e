"""A trie of the response sequences of one target: equal beginnings are stored once.

On `assist2009_lpp` there are 2.6 responses to a node, on the Cognitive Tutor sample 5.6, so
everything that depends on the beginning of a sequence only (a belief, its derivatives) is
computed that much less often.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.compiled import compiled


class Trie(NamedTuple):
    """The merged chains of one target, nodes in depth-first order.

    ``symbols`` uint8[v], ``visits`` int32[v], ``depths`` int32[v + 1] (a closing 0 ends the last
    branch, so node i has children exactly if ``depths[i + 1] > depths[i]``) and the length of
    the longest chain.
    """

    symbols: NDArray[np.uint8]
    visits: NDArray[np.int32]
    depths: NDArray[np.int32]
    longest: int


@compiled
def build_trie(symbol: NDArray[np.uint8], start: NDArray[np.int64], first: int, last: int) -> Trie:
    """Merge the chains ``first..last-1``; O(responses) for a small alphabet."""
    size = start[last] - start[first] + 1
    child, sibling = np.zeros(size, np.int32), np.zeros(size, np.int32)
    label, visits = np.zeros(size, np.uint8), np.zeros(size, np.int32)
    n_nodes, longest = 1, 0  # node 0 is the root, and "none" in child and sibling
    for chain in range(first, last):
        node = 0
        longest = max(longest, start[chain + 1] - start[chain])
        for position in range(start[chain], start[chain + 1]):
            after = child[node]
            while after != 0 and label[after] != symbol[position]:
                after = sibling[after]
            if after == 0:
                after = n_nodes
                n_nodes += 1
                label[after] = symbol[position]
                sibling[after], child[node] = child[node], after
            visits[after] += 1
            node = after
    return _depth_first(child, sibling, label, visits, n_nodes, longest)


@compiled
def _depth_first(
    child: NDArray[np.int32],
    sibling: NDArray[np.int32],
    label: NDArray[np.uint8],
    visits: NDArray[np.int32],
    n_nodes: int,
    longest: int,
) -> Trie:
    symbols, counts = np.empty(n_nodes - 1, np.uint8), np.empty(n_nodes - 1, np.int32)
    depths = np.zeros(n_nodes, np.int32)
    path = np.zeros(longest + 2, np.int32)
    path[0] = child[0]
    depth, place = 0, 0
    while depth >= 0:
        node = path[depth]
        if node == 0:
            depth -= 1
            continue
        path[depth] = sibling[node]
        symbols[place], counts[place], depths[place] = label[node], visits[node], depth
        place += 1
        depth += 1
        path[depth] = child[node]
    return Trie(symbols, counts, depths, longest)
