"""Where a new student probably stands."""

from typing import Literal

from pydantic import AwareDatetime

from engine import Status
from service.contract.base import Answer
from service.contract.standing import ReasonOut, Versions


class PartOut(Answer):
    """What one piece of evidence says about a target, in log-odds."""

    evidence: str
    log_odds: float


class PlaceOut(Answer):
    """Where a student probably stands on one target.

    `p` is the probability that the target would show; it certifies nothing. `seen` tells that
    there is own evidence, `rests_on` which answers moved it, those that say most first. Where the
    target was seen, its `status` says where the student stands, by the `evidence` in force.
    """

    target: str
    text: str
    where: Literal["shown", "unclear", "not_yet"]
    p: float
    seen: bool
    rests_on: list[PartOut]
    status: Status
    evidence: list[str]


class ProbeOut(Answer):
    """A target to ask about; an answer `settles` about so many targets that nobody has seen."""

    target: str
    text: str
    settles: float


class PlacementOut(Answer):
    """What a few probes tell of a new student, and what to ask next, the most telling first.

    `new` while placement still speaks: later, own evidence does. `finished` when nothing more is
    to be asked; `left` is how many probes there may still be,
    `starts` the version of the model of where students start. `says` tells what is known already
    and from which evidence, and why something or nothing is asked; `would_ask` the probes that tell
    most about the whole map, asked or not.
    """

    student: str
    as_of: AwareDatetime
    versions: Versions
    starts: str
    new: bool
    answered: int
    left: int
    finished: bool
    next_probes: list[str]
    would_ask: list[ProbeOut]
    says: list[ReasonOut]
    places: list[PlaceOut]
