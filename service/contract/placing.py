"""Where a new student probably stands."""

from typing import Literal

from pydantic import AwareDatetime

from service.contract.base import Answer
from service.contract.standing import Versions


class PartOut(Answer):
    """What one piece of evidence says about a target, in log-odds."""

    evidence: str
    log_odds: float


class PlaceOut(Answer):
    """Where a student probably stands on one target.

    `p` is the probability that the target would show; it certifies nothing. `seen` tells that
    there is own evidence, `rests_on` which answers moved it, those that say most first.
    """

    target: str
    text: str
    where: Literal["shown", "unclear", "not_yet"]
    p: float
    seen: bool
    rests_on: list[PartOut]


class PlacementOut(Answer):
    """What a few probes tell of a new student, and what to ask next, the most telling first.

    `new` while placement still speaks: later, own evidence does. `finished` when nothing more is
    to be asked; `left` is how many probes there may still be,
    `starts` the version of the model of where students start.
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
    places: list[PlaceOut]
