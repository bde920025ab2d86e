"""Where a new student probably stands."""

from typing import Literal

from pydantic import AwareDatetime

from engine import Status
from service.contract.base import Answer
from service.contract.standing import ReasonOut, Versions


class PartOut(Answer):
    """What is known of one `target` says about another, in log-odds.

    From the `evidence` on it, or `null` where a teacher judged it.
    """

    target: str
    evidence: str | None
    log_odds: float


class PlaceOut(Answer):
    """Where a student stands on one target, probably or by what was seen.

    Where nobody has seen or judged it, `p` is the probability that it would show in three tasks of
    five, by what is known of other targets, and `where` what the policy makes of it; both certify
    nothing. `usual` is what `p` is before anything is known of a student, `rests_on` what moved it,
    that which says most first. Where it was `seen` or judged `p` and `where` are `null`: there
    `status` says where the student stands, by the `evidence` in force or a teacher's judgement. So
    they are where what builds on it is mastered (`implied_by`, nearest first): there it is met.
    """

    target: str
    text: str
    where: Literal["shown", "unclear", "not_yet"] | None
    p: float | None
    usual: float
    seen: bool
    implied_by: list[str]
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
    to be asked; `answered` is how many targets were seen or judged, `left` how many probes there
    may still be, `starts` the version of the model of where students start. `says` tells what is
    seen already and from which evidence, why something or nothing is asked, and what is worth a
    probe because of a struggle; `would_ask` the probes that tell most about the whole map, asked
    or not.
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
