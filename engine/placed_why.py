"""Why placement asks what it asks, and why it asks nothing more: typed reasons."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.board import Status
from engine.placement import JUDGED, NOT_JUDGED, Placement, place
from engine.policy import Policy
from engine.proposals import Need
from engine.reasons import Code, Reason
from engine.telling import of_unseen
from models import Evidence, in_force
from models.starts import Joint

DIGITS = 1
"""Digits with which a sentence says what a probe would settle: what reads the same is the same."""
JUDGED_AS: Mapping[Status, str] = {
    "mastered": "mastered",
    "near": "near mastery",
    "developing": "developing",
}


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
    judged: Mapping[str, Status] = NOT_JUDGED,
    implied: Collection[str] = (),
    needs: Sequence[Need] = (),
) -> Explained:
    """Explain a placement that was found from a student's evidence and a teacher's judgements.

    `probes` is the largest number of probes that was asked for (the policy's when `None`). `needs`
    are the student's, as a teacher is told them: where one asks for a probe, so does this.
    """
    most = policy.placement_probes if probes is None else probes
    enough = len(found.places) + found.answered
    unlimited = place(joint, policy, evidence, enough, judged, implied)
    would = {target: unlimited.worth[target] for target in unlimited.next_probes}
    asks = _asks(policy, evidence, found, unlimited, most, implied)
    gaps = tuple(_gaps([need for need in needs if need.action == "probe"]))
    if gaps:
        asks = (reason for reason in asks if reason.code != "placed_would_ask")
    return Explained((*_known(found, evidence, judged, implied), *asks, *gaps), would)


def _known(
    found: Placement,
    evidence: Sequence[Evidence],
    judged: Mapping[str, Status],
    implied: Collection[str],
) -> Iterator[Reason]:
    pieces = in_force(evidence)
    worked_on = {target for piece in pieces for target in piece.targets}
    order = [place.target for place in found.places]
    seen = tuple(target for target in order if target in worked_on)
    if seen:
        ids, words = tuple(piece.id for piece in pieces), f"{len(seen)} of {len(order)}"
        yield Reason("known_already", seen, ids, float(len(ids)), words)
    elif not judged:
        yield Reason("no_evidence")
    for status in JUDGED:
        said = tuple(target for target in order if judged.get(target) == status)
        if said:
            yield Reason("known_judged", said, words=JUDGED_AS[status])
    met = tuple(target for target in order if target in implied)
    if met:
        yield Reason("known_implied", met)


def _asks(
    policy: Policy,
    evidence: Sequence[Evidence],
    found: Placement,
    unlimited: Placement,
    most: int,
    implied: Collection[str],
) -> Iterator[Reason]:
    """Say what tells most, and whether it is asked, or why no probe tells enough."""
    unseen = sum(not place.seen for place in found.places)
    if all(place.seen or place.target in implied for place in found.places):
        yield Reason("placed_all_seen")
    elif not unlimited.worth:
        yield Reason("placed_clear", (), (), policy.placement_least, of_unseen(unseen))
    else:
        if found.finished:
            pieces = tuple(piece.id for piece in in_force(evidence))
            enough: Code = "placed_enough" if len(pieces) >= most else "placed_enough_judged"
            yield Reason(enough, (), pieces, float(len(pieces)), str(most))
        code: Code = "placed_would_ask" if found.finished else "placed_next"
        first = _telling_most(unlimited)
        yield Reason(code, first, (), unlimited.worth[first[0]], of_unseen(unseen))


def _telling_most(unlimited: Placement) -> tuple[str, ...]:
    """Return the targets that no other tells more than: what reads the same is the same."""
    told = {target: round(worth, DIGITS) for target, worth in unlimited.worth.items()}
    best = max(told.values())
    return tuple(target for target, worth in told.items() if worth == best)


def _gaps(needs: Sequence[Need]) -> Iterator[Reason]:
    """Say that probes tell why a student struggles, whatever they tell about the whole map."""
    targets = dict.fromkeys(need.target for need in needs if need.target is not None)
    if targets:
        rests_on = dict.fromkeys(piece for need in needs for piece in need.reason.evidence)
        yield Reason("placed_gap", tuple(targets), tuple(rests_on))
