"""Why placement asks what it asks, and why it asks nothing more: typed reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.placement import Placement, place
from engine.policy import Policy
from engine.reasons import Code, Reason
from engine.telling import of_unseen
from models import Evidence, in_force
from models.starts import Joint


@dataclass(frozen=True, slots=True)
class Explained:
    """A placement in words, and the probes that tell most, the first first.

    `would_ask` gives how many targets each would settle, whether they are asked or not: probes
    that would settle less than the policy's `placement_least` are left out.
    """

    says: tuple[Reason, ...]
    would_ask: dict[str, float]


def explained(
    joint: Joint,
    policy: Policy,
    evidence: Sequence[Evidence],
    found: Placement,
    probes: int | None = None,
    judged: tuple[str, ...] = (),
) -> Explained:
    """Explain a placement that was found from a student's evidence.

    `judged` are the targets that a teacher judged, which placement does not read; `probes` is the
    largest number of probes that was asked for (the policy's when `None`).
    """
    most = policy.placement_probes if probes is None else probes
    unlimited = place(joint, policy, evidence, len(found.places) + found.answered)
    would = {target: unlimited.worth[target] for target in unlimited.next_probes}
    says = (*_known(found, evidence, judged), *_asks(policy, evidence, found, would, most))
    return Explained(says, would)


def _known(
    found: Placement, evidence: Sequence[Evidence], judged: tuple[str, ...]
) -> Iterator[Reason]:
    seen = tuple(place.target for place in found.places if place.seen)
    pieces = tuple(piece.id for piece in in_force(evidence))
    if seen:
        words = f"{len(seen)} of {len(found.places)}"
        yield Reason("known_already", seen, pieces, float(len(pieces)), words)
    elif not judged:
        yield Reason("no_evidence")
    if judged:
        yield Reason("known_judged", judged)


def _asks(
    policy: Policy,
    evidence: Sequence[Evidence],
    found: Placement,
    would: dict[str, float],
    most: int,
) -> Iterator[Reason]:
    unseen = sum(not place.seen for place in found.places)
    if not unseen:
        yield Reason("placed_all_seen")
    elif not would:
        yield Reason("placed_clear", (), (), policy.placement_least, of_unseen(unseen))
    else:
        target, worth = next(iter(would.items()))
        if found.finished:
            pieces = tuple(piece.id for piece in in_force(evidence))
            yield Reason("placed_enough", (), pieces, float(len(pieces)), str(most))
        code: Code = "placed_would_ask" if found.finished else "placed_next"
        yield Reason(code, (target,), (), worth, of_unseen(unseen))
