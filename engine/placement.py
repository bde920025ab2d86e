"""Placement: where a new student stands, found with few probes, in both directions of the graph.

A probe is a task on a target that nobody has seen. What its answer says reaches every other
target (`models.starts`): a right one speaks for what it builds on and for what builds on it, a
wrong one against. The next probe is the one that leaves least in doubt. Placement moves what is
proposed and where a student starts; it certifies nothing, for mastery rests on own evidence
(ADR 8). It reads the first piece on each target, because later ones tell of learning; where a
teacher judged a target, the judgement is what is known of it (ADR 34).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.board import Status
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
"""Answers cited for one target: those that say most."""
JUDGED: Mapping[Status, float] = {"mastered": 1.0, "near": 0.5, "developing": 0.0}
"""The answer that a teacher's judgement counts as: has it, almost, not yet."""
NOT_JUDGED: Mapping[str, Status] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one target said about another, in log-odds.

    `evidence` is the answer's id, `None` where a teacher judged the target.
    """

    target: str
    said: float
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a student probably stands on one target.

    `p` is the probability that the target would show, `usual` what it is before anything is known
    of the student, `where` what the policy makes of it,
    `rests_on` what was known that moved it, that which says most first; its parts in log-odds sum
    up to all that moved it (but for the smallest ones). `seen` tells that there is own evidence or
    a teacher's judgement: who asks then asks the status, not `p`.
    """

    target: str
    where: Where
    p: float
    usual: float
    seen: bool
    rests_on: tuple[Part, ...]

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of the evidence it rests on, that which says most first."""
        return tuple(part.evidence for part in self.rests_on if part.evidence is not None)


@dataclass(frozen=True, slots=True)
class Placement:
    """What a few probes tell of a student: every target's place, and what to ask next.

    `worth` gives the targets that may be asked about, the most telling first, and how many targets
    an answer would settle; empty when `finished`. `next_probes` are the first of them, `answered`
    is how many targets were seen or judged, `left` how many probes there may still be.
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
    joint: Joint,
    policy: Policy,
    evidence: Sequence[Evidence],
    probes: int | None = None,
    judged: Mapping[str, Status] = NOT_JUDGED,
    implied: Collection[str] = (),
) -> Placement:
    """Place one student by the first piece of evidence on each target, whatever order it comes in.

    `judged` is what a teacher said of a target, which goes before the evidence there; `implied` are
    the targets that count as met because what builds on them is mastered: nobody asks for them.
    `probes` is the largest number of probes (the policy's when `None`).
    """
    looks, cited = _looks(joint, evidence, judged)
    belief = joint.belief(looks[None])
    answered = int((~np.isnan(looks)).sum())
    left = max(0, (policy.placement_probes if probes is None else probes) - answered)
    worth = joint.worth(looks[None])[0] if left else np.zeros(len(looks))
    targets, told = joint.graph.targets, worth >= policy.placement_least
    order = [k for k in np.argsort(-worth, kind="stable").tolist() if told[k] and k not in cited]
    ask = {targets[k]: float(worth[k]) for k in order if targets[k] not in implied}
    places = _places(joint, policy, belief, cited)
    return Placement(places, ask, tuple(ask)[: policy.choices], answered, left if ask else 0)


def new_student(
    joint: Joint,
    policy: Policy,
    evidence: Sequence[Evidence],
    judged: Mapping[str, Status] = NOT_JUDGED,
    implied: Collection[str] = (),
) -> Placement | None:
    """Return the placement of a new student; `None` for one who is not new any more.

    Who has worked on something else in the meantime is asked fewer probes.
    """
    if not is_new(policy, evidence):
        return None
    return place(joint, policy, evidence, probes_for(policy, evidence, judged), judged, implied)


def probes_for(
    policy: Policy, evidence: Sequence[Evidence], judged: Mapping[str, Status] = NOT_JUDGED
) -> int:
    """Return how many probes a student is asked: none once as much is known anyway."""
    known = len(in_force(evidence)) + len(judged)
    return policy.placement_probes if known < policy.placement_probes else 0


def is_new(policy: Policy, evidence: Sequence[Evidence]) -> bool:
    """Whether a student is so new that placement still speaks."""
    return len(in_force(evidence)) <= FIRST_PIECES * policy.placement_probes


def where(policy: Policy, p: float) -> Where:
    """Say what the policy makes of a probability."""
    if p >= policy.likely_at:
        return "shown"
    return "not_yet" if p <= 1 - policy.likely_at else "unclear"


def _looks(
    joint: Joint, evidence: Sequence[Evidence], judged: Mapping[str, Status]
) -> tuple[Floats, dict[int, str | None]]:
    """Return what is known of each target, float64[T] (NaN: nothing), and from which evidence."""
    position = joint.graph.position
    looks, cited = np.full(len(position), np.nan), dict[int, str | None]()
    for target, status in judged.items():
        if target in position and status in JUDGED:
            looks[position[target]], cited[position[target]] = JUDGED[status], None
    for piece in in_force(evidence):
        for column in (position[t] for t in piece.targets if t in position):
            if column not in cited and piece.score is not None:
                looks[column], cited[column] = piece.score, piece.id
    return looks, cited


def _places(
    joint: Joint, policy: Policy, belief: Belief, cited: dict[int, str | None]
) -> tuple[Place, ...]:
    shown = belief.shown[0].tolist()
    parts = joint.covariance * belief.said[0]
    targets, usual = joint.graph.targets, joint.usual.tolist()
    found = []
    for column, target in enumerate(targets):
        order = np.argsort(-np.abs(parts[column]), kind="stable")[:MOST_EVIDENCE].tolist()
        by = tuple(
            Part(targets[i], float(parts[column, i]), cited[i])
            for i in order
            if i in cited and abs(parts[column, i]) >= SPEAKS
        )
        p = shown[column]
        found.append(Place(target, where(policy, p), p, usual[column], column in cited, by))
    return tuple(found)
