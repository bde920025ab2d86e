"""Likelihood and predictions of given parameters, by the plain forward recursion.

This shares no code with the fitter (one chain after the other, a logarithm for each response)
and judges parameters from any source alike. The model is stated in `sweep`.
"""

from math import log

import numpy as np
from numpy.typing import NDArray

from models.batch.chains import Chains, Reals
from models.compiled import compiled

N_PARAMETERS = 5  # prior, learn, guess, slip, forget


def log_likelihood(chains: Chains, parameters: Reals) -> Reals:
    """Return the log-likelihood of each target, float64[n_targets], in nats.

    ``parameters`` is float64[n_targets, 5] with columns prior, learn, guess, slip, forget, each
    in [0, 1]. The result is ``-inf`` where they make an observed response impossible, and 0 for
    a target without responses.
    """
    return np.asarray(_run(chains, parameters)[0])


def predict(chains: Chains, parameters: Reals) -> Reals:
    """Return float64[m], P(right) before each packed response, given those before it.

    Response ``i`` of the result is row ``chains.row[i]`` of the packed data. NaN after a
    response that the parameters make impossible.
    """
    return np.asarray(_run(chains, parameters)[1])


def _run(chains: Chains, parameters: Reals) -> tuple[Reals, Reals]:
    if parameters.shape != (chains.n_targets, N_PARAMETERS):
        raise ValueError(f"parameters must have shape ({chains.n_targets}, {N_PARAMETERS})")
    if not ((parameters >= 0) & (parameters <= 1)).all():
        raise ValueError("parameters must lie in [0, 1]")
    loglik, right = np.zeros(chains.n_targets), np.full(len(chains.symbol), np.nan)
    alphabet = (chains.scores, chains.weights)
    _forward(chains.symbol, chains.start, chains.target, *alphabet, parameters, loglik, right)
    return loglik, right


@compiled
def _forward(
    symbol: NDArray[np.uint8],
    start: NDArray[np.int64],
    target: NDArray[np.int32],
    scores: Reals,
    weights: Reals,
    parameters: Reals,
    loglik: Reals,
    right: Reals,
) -> None:
    done, missed = weights * scores, weights * (1 - scores)
    known, unknown, last = done, done, -1
    for chain in range(len(target)):
        prior, learn, guess, slip, forget = parameters[target[chain]]
        if target[chain] != last:
            last = target[chain]
            known = (1 - slip) ** done * slip**missed
            unknown = guess**done * (1 - guess) ** missed
        m, n = prior, 1 - prior
        for position in range(start[chain], start[chain + 1]):
            right[position] = m * (1 - slip) + n * guess
            q, r = m * known[symbol[position]], n * unknown[symbol[position]]
            p = q + r
            if p <= 0.0:
                loglik[last] = -np.inf
                break
            loglik[last] += log(p)
            m = (q * (1 - forget) + r * learn) / p
            n = (q * forget + r * (1 - learn)) / p
