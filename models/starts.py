"""Where students start: a joint belief over all targets from a few first answers.

The strength of a student on target k is x_k = mean_k + ability + own_k, where the own parts of
neighbours in the prerequisite graph go together:

    x ~ N(mean, a² 11ᵀ + b² (I + c L)⁻¹),  P(right | x) = g + (1 − g − s) σ(x)

with L the Laplacian of the graph: a right answer speaks for what lies before and after it, a
wrong one against, the nearer the more. Every covariance is positive and every partial one not
negative (the inverse is an M-matrix), so a right answer never lowers the expected strength of any
target, and as it rests on a product of likelihoods, the order of the answers plays no part.
The posterior is Laplace's approximation (Rasmussen & Williams 2006, §3.4) with Fisher weights.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr

from graphs import Fault, InvalidInput, PrerequisiteGraph
from graphs.curriculum import content_version

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
FORMAT = "footpath.starts/1"
STRONG = float(np.log(0.6 / 0.4))
"""Strength from which a target would show: three in five right, guesses and slips aside. Less than
mastery asks for, because placement says where to start and certifies nothing."""
NEWTON, DAMPED = 20, 0.7
"""Steps to the mode, and how far each goes: what is left of a first error is .3²⁰. A fixed number
keeps a student's belief the same beside any others."""
LEAST = 1e-9
"""Least variance, against rounding."""
OWN = 0.5
"""Share of a target's own uncertainty that asking about it takes from what is left open."""


@dataclass(frozen=True)
class Starts:
    """How students start; fitted by `models.starts_fit` on others' first answers.

    `ability` (a) and `own` (b) are spreads in log-odds, `along` (c ≥ 0) how far the own part
    reaches along the graph, `guess` and `slip` of a first answer, `mean` the usual strength of
    each target, `usual` that of one never fitted, `line` the strength around which to ask. The
    defaults are the medians of fits in five simulated worlds (first domain): a school that has no
    log yet starts from them.
    """

    ability: float = 1.2
    own: float = 0.5
    along: float = 0.5
    guess: float = 0.13
    slip: float = 0.02
    usual: float = -0.1
    mean: Mapping[str, float] = field(default_factory=dict)
    line: float = STRONG

    def __post_init__(self) -> None:
        wrong = [
            Fault(f"{value} is out of range", field=name)
            for name, value, high in (
                ("ability", self.ability, 10), ("own", self.own, 10), ("along", self.along, 100),
                ("guess", self.guess, 0.5), ("slip", self.slip, 0.49), ("line", abs(self.line), 10),
            )
            if not 0 <= value <= high
        ]  # fmt: skip
        if wrong:
            raise InvalidInput(wrong)

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values with their content version."""
        content = {"format": FORMAT, **asdict(self), "mean": dict(sorted(self.mean.items()))}
        return {**content, "version": content_version(content)}


USUAL = Starts()
"""What a school starts from that has no log of its own yet."""


def starts_from_document(document: Mapping[str, Any]) -> Starts:
    """Read what `to_document` wrote; raises `InvalidInput` for anything else."""
    if document.get("format") != FORMAT:
        raise InvalidInput([Fault(f"must be {FORMAT!r}", field="format")])
    try:
        return Starts(**{k: v for k, v in document.items() if k not in {"format", "version"}})
    except TypeError as error:
        raise InvalidInput(f"not a model of starts: {error}") from error


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of S students, arrays float64[S, T].

    `mean` and `variance` of every strength; `said` what each answer says, in log-odds (above 0
    where right, below where not, 0 where none): the mean is the usual one + covariance · said.
    """

    mean: Floats
    variance: Floats
    said: Floats

    @property
    def shown(self) -> Floats:
        """P(strength is that of a target that is shown), float64[S, T]."""
        p: Floats = ndtr((self.mean - STRONG) / np.sqrt(self.variance))
        return p


@dataclass(frozen=True)
class Joint:
    """The model of starts on the targets of one graph, in the graph's order."""

    starts: Starts
    graph: PrerequisiteGraph

    @cached_property
    def mean(self) -> Floats:
        """Usual strength of each target, float64[T]."""
        known = self.starts.mean
        return np.array([known.get(t, self.starts.usual) for t in self.graph.targets])

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of the strengths before any answer, float64[T, T]."""
        s, near = self.starts, self._laplacian
        own = np.linalg.inv(np.eye(len(near)) + s.along * near).astype(np.float64)
        found: Floats = s.ability**2 + s.own**2 * own
        return found

    @cached_property
    def usual(self) -> Floats:
        """P(shown) of a student of whom nothing is known, float64[T]."""
        found: Floats = self.belief(np.full((1, self.mean.size), np.nan)).shown[0]
        return found

    @cached_property
    def _laplacian(self) -> Floats:
        position, size = self.graph.position, len(self.graph)
        joined = np.zeros((size, size))
        for edge in self.graph.edges:
            if edge.relation == "prerequisite":
                i, j = position[edge.prereq], position[edge.target]
                joined[i, j] = joined[j, i] = 1.0
        laplacian: Floats = np.diag(joined.sum(axis=0)) - joined
        return laplacian

    def right(self, belief: Belief, shift: float = 0.0) -> Floats:
        """P(right) of a next answer under a belief, float64[S, T]; `shift` adds to strength."""
        s = self.starts
        # A logistic curve averaged over a normal: MacKay's approximation.
        mean = (belief.mean + shift) / np.sqrt(1 + np.pi * belief.variance / 8)
        found: Floats = s.guess + (1 - s.guess - s.slip) * expit(mean)
        return found

    def slope(self, strength: Floats) -> tuple[Floats, Floats, Floats]:
        """Return P(right), its derivative and the information of an answer at a strength."""
        s = self.starts
        inner = expit(strength)
        p = s.guess + (1 - s.guess - s.slip) * inner
        slope = (1 - s.guess - s.slip) * inner * (1 - inner)
        return p, slope, slope**2 / (p * (1 - p))

    def belief(self, looks: Floats) -> Belief:
        """Return what first answers say: float64[S, T] of scores in [0, 1], NaN where none."""
        said, reach, weight = self._posterior(looks)
        variance = np.diag(self.covariance) - ((reach @ weight) * reach).sum(axis=2)
        return Belief(self._mean(said), np.maximum(variance, LEAST), said)

    def worth(self, looks: Floats, line: float | None = None) -> Floats:
        """Return by how much an answer on each target would settle what is shown, float64[S, T].

        The expected drop of Σ p (1 − p) over all targets that were not looked at, p = P(strength
        above the line), to first order in the answer; what is asked itself counts by half (`OWN`),
        for its own evidence follows. 0 where there was a look. The line is the model's unless
        given.
        """
        line = self.starts.line if line is None else line
        said, reach, weight = self._posterior(looks)
        mean = self._mean(said)
        covariance = self.covariance - reach @ weight @ reach.transpose(0, 2, 1)
        variance = np.maximum(np.einsum("skk->sk", covariance), LEAST)
        unseen = np.isnan(looks)
        distance = (mean - line) / np.sqrt(variance)
        density = np.exp(-(distance**2)) / (2 * np.pi * variance) * unseen
        information = self.slope(mean)[2]
        said = information / (1 + variance * information)
        others = np.einsum("ski,sk->si", covariance**2, density) * said
        p = ndtr(distance)
        own = OWN * (p * (1 - p) - variance**2 * density * said)
        return np.where(unseen, np.maximum(others + own, 0.0), 0.0)

    def _mean(self, said: Floats) -> Floats:
        mean: Floats = self.mean + said @ self.covariance
        return mean

    def _posterior(self, looks: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what the answers say [S, T], covariances with what was looked at, their weights.

        The covariance left is that before less `reach @ weight @ reach.T`, with reach [S, T, n]
        for n the largest number of looks of any student.
        """
        seen = ~np.isnan(looks)
        most = max(1, int(seen.sum(axis=1).max(initial=0)))
        place = np.argsort(~seen, axis=1, kind="stable")[:, :most]
        there = np.take_along_axis(seen, place, axis=1)
        score = np.where(there, np.nan_to_num(np.take_along_axis(looks, place, axis=1)), 0.0)
        among, usual = self.covariance[place[:, :, None], place[:, None, :]], self.mean[place]
        strength = usual
        for _ in range(NEWTON):
            system, _, asked = self._equations(strength, usual, score, there, among)
            dual = np.linalg.solve(system, asked[:, :, None])
            full = usual + (among @ dual)[:, :, 0]
            strength = (1 - DAMPED) * strength + DAMPED * full
        system, weight, _ = self._equations(strength, usual, score, there, among)
        said: Floats = np.zeros(looks.shape)
        np.put_along_axis(said, place, np.where(there, dual[:, :, 0], 0.0), axis=1)
        reach = np.ascontiguousarray(self.covariance[:, place].transpose(1, 0, 2))
        weights = np.linalg.solve(system, weight[:, :, None] * np.eye(most)).astype(np.float64)
        return said, reach, weights

    def _equations(
        self, strength: Floats, usual: Floats, score: Floats, there: Mask, among: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return the system I + WK of a Newton step, W and the right-hand side."""
        p, slope, information = self.slope(strength)
        weight = np.where(there, information, 0.0)
        pull = np.where(there, (score - p) * slope / (p * (1 - p)), 0.0)
        system = np.eye(strength.shape[1]) + weight[:, :, None] * among
        return system, weight, weight * (strength - usual) + pull
