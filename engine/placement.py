"""Placement: where a new student stands, found with few probes, in both directions of the graph.

A probe is a task on a target that nobody has seen. What its answer says reaches every other
target (`models.starts`): a right one speaks for what it builds on and for what builds on it, a
wrong one against. The next probe is the one that leaves least in doubt. Placement moves what is
proposed and where a student starts; it certifies nothing, for mastery rests on own evidence
(ADR 8). It reads the first piece on each target, because later ones tell of learning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.policy import Policy
from models import Evidence, in_force
from models.starts import Belief, Joint

Floats = npt.NDArray[np.float64]
Where = Literal["shown", "unclear", "not_yet"]
FIRST_PIECES = 3
"""Times `placement_probes` pieces after which placement no longer speaks: own evidence does."""
SPEAKS = 0.1
"""Log-odds from which an answer is named among what a place rests on."""
MOST_EVIDENCE = 5
"""Evidence ids cited for one target: those that say most."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a student probably stands on one target.

    `p` is the probability that the target would show, `where` what the policy makes of it,
    `evidence` the ids it rests on, those that say most first, and `said` their parts in
    log-odds, summing up to what moved it (but for the smallest ones).
    """

    target: str
    where: Where
    p: float
    seen: bool
    evidence: tuple[str, ...]
    said: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """What a few probes tell of a student: every target's place, and what to ask next.

    `worth` gives the targets that may be asked about, the most telling first, and how many targets
    an answer would settle; empty when `finished`. `next_probes` are the first of them, `left` is
    how many probes there may still be.
    """

    places: tuple[Place, ...]
    worth: Mapping[str, float]
    next_probes: tuple[str, ...]
    answered: int
    left: int

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to ask."""
        return not self.worth


def place(
    joint: Joint, policy: Policy, evidence: Sequence[Evidence], probes: int | None = None
) -> Placement:
    """Place one student by the first piece of evidence on each target, whatever order it comes in.

    `probes` is the largest number of them (the policy's when `None`).
    """
    looks, cited = _looks(joint, evidence)
    belief = joint.belief(looks[None])
    answered = int((~np.isnan(looks)).sum())
    left = max(0, (policy.placement_probes if probes is None else probes) - answered)
    worth = joint.worth(looks[None])[0] if left else np.zeros(len(looks))
    order = np.argsort(-worth, kind="stable")
    targets = joint.graph.targets
    ask = {targets[k]: float(worth[k]) for k in order if worth[k] >= policy.placement_least}
    places = _places(joint, policy, belief, cited)
    return Placement(places, ask, tuple(ask)[: policy.choices], answered, left if ask else 0)


def new_student(joint: Joint, policy: Policy, evidence: Sequence[Evidence]) -> Placement | None:
    """Return the placement of a new student; `None` for one who is not new any more.

    Who has worked on something else in the meantime is asked fewer probes.
    """
    if not is_new(policy, evidence):
        return None
    return place(joint, policy, evidence, probes_for(policy, evidence))


def probes_for(policy: Policy, evidence: Sequence[Evidence]) -> int:
    """Return how many probes a student is asked: none once as many pieces are known anyway."""
    return policy.placement_probes if len(in_force(evidence)) < policy.placement_probes else 0


def is_new(policy: Policy, evidence: Sequence[Evidence]) -> bool:
    """Whether a student is so new that placement still speaks."""
    return len(in_force(evidence)) <= FIRST_PIECES * policy.placement_probes


def where(policy: Policy, p: float) -> Where:
    """Say what the policy makes of a probability."""
    if p >= policy.likely_at:
        return "shown"
    return "not_yet" if p <= 1 - policy.likely_at else "unclear"


def _looks(joint: Joint, evidence: Sequence[Evidence]) -> tuple[Floats, dict[int, str]]:
    """Return the first score on each target, float64[T] (NaN: none), and its evidence."""
    position = joint.graph.position
    looks, cited = np.full(len(position), np.nan), dict[int, str]()
    for piece in in_force(evidence):
        for column in (position[t] for t in piece.targets if t in position):
            if column not in cited and piece.score is not None:
                looks[column], cited[column] = piece.score, piece.id
    return looks, cited


def _places(
    joint: Joint, policy: Policy, belief: Belief, cited: dict[int, str]
) -> tuple[Place, ...]:
    shown = belief.shown[0].tolist()
    parts = joint.covariance * belief.said[0]
    found = []
    for column, target in enumerate(joint.graph.targets):
        order = np.argsort(-np.abs(parts[column]), kind="stable")[:MOST_EVIDENCE]
        by = [int(i) for i in order if i in cited and abs(parts[column, i]) >= SPEAKS]
        found.append(
            Place(
                target,
                where(policy, shown[column]),
                shown[column],
                column in cited,
                tuple(cited[i] for i in by),
                tuple(float(parts[column, i]) for i in by),
            )
        )
    return tuple(found)
