"""The ladder of the full model as the two-state chain that it looks like from below."""

import numpy as np

from models.full import online
from models.full.arrays import Floats
from models.full.student import FullState
from models.passage import Chain


def chain_of(model: online.Model, state: FullState, target: str, time: float) -> Chain:
    """Return the chain of one target: *known* is the highest level.

    From level l of node z it takes Σ_{j ≥ l} 1 / T_jz opportunities to the top, T the chance to
    rise; the rate of a node is the inverse of their mean over the levels below the top. Rate and
    guess are the means over the nodes by the chance to be there below the top, the slip by that
    to be there on it.
    """
    seen = online.view_targets(model, state, (target,), time)
    belief = online.recall(model, seen)[0] * state.ability
    column, nodes = seen.target[0], len(state.ability)
    right = _chance(model.tables.emit[column, :, :nodes] * seen.emit[0])
    rise = _chance(model.tables.learn[column, :, :nodes] * seen.learn[0])
    top, low = belief[-1], belief[:-1]
    below = low.sum(axis=0)
    steps = np.cumsum(1.0 / rise[::-1], axis=0)[::-1]
    rate = below / np.maximum((low * steps).sum(axis=0), np.finfo(float).tiny)
    return Chain(
        known=float(top.sum()),
        learn=float(below @ rate / below.sum()),
        guess=float((low * right[:-1]).sum() / below.sum()),
        slip=1.0 - float(top @ right[-1] / top.sum()),
    )


def _chance(odds: Floats) -> Floats:
    found: Floats = odds / (1.0 + odds)
    return found
