"""How often students succeed at once on each target, when few students tell.

A hundred first answers leave a rate in doubt by .05, and that is what costs placement most. Three
things narrow it: what the same students answered next, how deep the target lies in the graph, and
how far targets differ at all. With v the rates of first and of later answers of a target,

    v | θ ~ N(θ, noise),  θ ~ N(β₀ + β₁ · depth, Σ),

and the estimate is E[θ | v] (Fay & Herriot 1979, for two rates at once). β, Σ and noise come from
the log: where depth or later answers tell nothing, they weigh nothing.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SWEEPS, PRIOR = 10, 4.0
"""Turns between targets' rates and students' levels; answers that a usual level counts for."""
IMAGINED, SPREAD = 1.0, 0.1
"""Targets imagined beside those of the log, and how far their rates differ: keeps Σ proper."""
UNKNOWN = 1e3
"""Variance of the noise where there is no answer."""


def first_rates(answers: Floats, depth: Sequence[float] | None) -> Floats:
    """Return the estimated rate of right first answers on each target, float64[T].

    `answers` float64[A, S, T] are the first A answers of each student on each target (NaN: none),
    `depth` says how deep each target lies in the graph; without it targets differ by chance alone.
    """
    later = _mean(answers[1:], 0) if len(answers) > 1 else answers[0]
    pairs = [_rates(each) for each in (answers[0], later)]
    rate = np.stack([each[0] for each in pairs], axis=1)
    noise = _noise(np.stack([each[1] for each in pairs]))
    line = _line(rate, depth)
    off = np.where(np.isnan(rate), 0.0, rate - line)
    spread = _spread(off, noise, 1 if depth is None else 2)
    drawn = np.linalg.solve(spread + noise, off[:, :, None])
    found: Floats = np.clip(line + (spread @ drawn)[:, :, 0], 0.0, 1.0)[:, 0]
    return found


def _rates(answers: Floats) -> tuple[Floats, Floats]:
    """Return the rate of each target, float64[T], and what it leaves unexplained, float64[S, T].

    Students' levels are set apart: a target that only the strong have reached is not an easy one.
    """
    level = np.zeros(len(answers))
    count = (~np.isnan(answers)).sum(axis=1)
    rate = _mean(answers, 0)
    for _ in range(SWEEPS):
        over = np.nansum(answers - rate, axis=1) / (count + PRIOR)
        level = over - over.mean()
        rate = _mean(answers - level[:, None], 0)
    return rate, answers - rate - level[:, None]


def _mean(answers: Floats, axis: int) -> Floats:
    """Return the means along an axis, NaN where there is nothing."""
    count = (~np.isnan(answers)).sum(axis=axis)
    found: Floats = np.where(count, np.nansum(answers, axis=axis) / np.maximum(count, 1), np.nan)
    return found


def _noise(left: Floats) -> Floats:
    """Return the covariance of each target's two rates by chance, float64[T, 2, 2].

    From what is left unexplained, float64[2, S, T], at the number of answers of each target.
    """
    there = (~np.isnan(left)).astype(np.float64)
    filled = np.nan_to_num(left)
    both = np.einsum("bst,cst->tbc", there, there)
    each = np.einsum("bst,cst->bc", filled, filled) / np.maximum(both.sum(axis=0), 1)
    count = np.maximum(there.sum(axis=1).T, 1)
    silent = there.sum(axis=1).T == 0
    chance: Floats = each * both / (count[:, :, None] * count[:, None, :])
    found: Floats = chance + UNKNOWN * np.eye(2) * silent[:, :, None]
    return found


def _line(rate: Floats, depth: Sequence[float] | None) -> Floats:
    """Return what the depth of a target says of its two rates, float64[T, 2]."""
    size = len(rate)
    about = [np.ones(size)] if depth is None else [np.ones(size), np.asarray(depth, np.float64)]
    by, line = np.stack(about, axis=1), np.zeros(rate.shape)
    for column, each in enumerate(rate.T):
        known = ~np.isnan(each)
        if not known.any():
            line[:, column] = 0.5
            continue
        line[:, column] = by @ np.linalg.lstsq(by[known], each[known], rcond=None)[0]
    return line


def _spread(off: Floats, noise: Floats, fitted: int) -> Floats:
    """Return how far the targets' true rates lie from the line, float64[2, 2]; positive."""
    known = noise[:, [0, 1], [0, 1]].max(axis=1) < UNKNOWN
    beyond = off[known].T @ off[known] - noise[known].sum(axis=0)
    usual = IMAGINED * SPREAD**2 * np.eye(2)
    values, vectors = np.linalg.eigh((beyond + usual) / max(known.sum() - fitted + IMAGINED, 1))
    found: Floats = (vectors * np.maximum(values, 1e-5)) @ vectors.T
    return found
