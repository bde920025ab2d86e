"""Fit plain BKT to a response log, by our own compiled fit or by pyBKT."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any, Literal, Protocol

import numpy as np

from graphs import InvalidInput
from models.batch import Chains, FitResult, fit_chains, log_likelihood, pack_chains
from models.bkt import USUAL, BKTParameters, pooled
from models.log import Floats, ResponseLog
from models.model import DEFAULT_RELIABILITY, BKTModel

Fitter = Literal["footpath", "pybkt"]
Aim = Literal["mastery", "likelihood"]
Progress = Callable[[int, int], None]


class Spread(Protocol):
    """Does as the builtin `map`: fits every part, wherever that is, and keeps their order."""

    def __call__(
        self, fit: Callable[[Chains], FitResult], parts: Sequence[Chains], /
    ) -> Iterable[FitResult]:
        """Return the fit of each part."""
        ...


IMAGINED_STUDENTS, IMAGINED_ANSWERS = 10.0, 60.0
"""Weight of what is believed before any data when the aim is mastery: ten students on the
prior, sixty answers on each of learn, guess and slip. With less, gradual learners are fitted
by high guessing and fast learning, and a wrong answer raises the estimate; with 200, logs of
thousands of answers are held back (measured: docs/adr/0002)."""
BELIEVED = BKTParameters(prior=0.35, learn=0.12, guess=0.2, slip=0.1)
"""What a teacher would say before seeing any data, and the tutoring literature says: guesses
below .3, slips near .1, an eighth of those who do not know it yet learn it at a time."""


def fit_bkt(
    log: ResponseLog,
    *,
    fitter: Fitter = "footpath",
    aim: Aim = "mastery",
    forget: bool = False,
    reliability: Mapping[str, float] = DEFAULT_RELIABILITY,
    progress: Progress = lambda _, __: None,
    spread: Spread = map,
    parts: int = 1,
) -> BKTModel:
    """Fit every learning target that a log has responses on, all at once.

    With the aim *likelihood* the parameters are those of greatest likelihood, whatever they
    mean: what research compares. With the aim *mastery* knowing never makes an answer worse
    (guess + slip ≤ 1) and every target leans on what is `BELIEVED`, the more the fewer
    responses it has: what a school can be served with. pyBKT knows only the first aim.
    `forget` fits forgetting between two opportunities, too. `spread` maps our own fit over so
    many `parts` of the targets; a target's fit knows no other target, so the parameters are
    the same, bit for bit, however they are cut. Kinds of evidence count as in the log, those it
    does not know as in `reliability`.
    """
    chains = chains_of(log)
    if fitter == "pybkt":
        from models.pybkt import fit_with_pybkt

        fitted = fit_with_pybkt(log, progress=progress)
    else:
        served = aim == "mastery"
        beliefs = _beliefs() if served else None
        fit = partial(fit_chains, ordered=served, forget=forget, beliefs=beliefs)
        results = [result.parameters for result in spread(fit, chains.parts(parts))]
        fitted = np.concatenate(results)
        progress(len(log.targets), len(log.targets))
    answered = np.bincount(log.target, minlength=len(log.targets)) > 0
    parameters = {
        target: BKTParameters(*(float(p) for p in row))
        for target, row, seen in zip(log.targets, fitted, answered, strict=True)
        if seen
    }
    kinds = {**reliability, **log.kinds}
    readable = [p for p in parameters.values() if p.guess + p.slip < 1]
    record: dict[str, Any] = {
        "fitter": fitter,
        "aim": "likelihood" if fitter == "pybkt" else aim,
        "responses": len(log),
        "students": len(np.unique(log.student)),
        "data": log.fingerprint,
    }
    return BKTModel(parameters, pooled(readable) if readable else USUAL, kinds, record)


def _beliefs() -> Floats:
    """Return float64[5, 2]: imagined counts for and against each parameter; none on forget."""
    means = np.array(astuple(BELIEVED))
    counts = np.array([IMAGINED_STUDENTS, *(IMAGINED_ANSWERS,) * 3, 0.0])
    return np.column_stack([counts * means, counts * (1 - means)])


def chains_of(log: ResponseLog) -> Chains:
    """Pack a log into one chain for each student and target."""
    if not len(log):
        raise InvalidInput("there are no responses to fit")
    rows = np.repeat(np.arange(len(log)), np.diff(log.offset))
    return pack_chains(
        log.student[rows],
        log.target,
        log.score[rows],
        log.weight[rows],
        n_targets=len(log.targets),
    )


def parameter_table(model: BKTModel, targets: tuple[str, ...]) -> Floats:
    """Return float64[len(targets), 5], the parameters in force for each target."""
    rows = [model.of(target) for target in targets]
    return np.array([[p.prior, p.learn, p.guess, p.slip, p.forget] for p in rows])


def fit_log_likelihood(model: BKTModel, log: ResponseLog) -> dict[str, float]:
    """Return the log-likelihood of a log under a model, by target, in nats."""
    values = log_likelihood(chains_of(log), parameter_table(model, log.targets))
    return {target: float(value) for target, value in zip(log.targets, values, strict=True)}
