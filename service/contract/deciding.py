"""What was taken and declined of the choices, and why."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.contract.base import Answer, Body, Id, Moment, Text
from service.contract.standing import Versions

Purpose = Annotated[str, Field(max_length=32, pattern="^[a-z_]+$")]


class OfferedOption(Body):
    """An option as it was offered, with its purpose, in the order of the choices."""

    option: Annotated[str, Field(min_length=1, max_length=500)]
    purpose: Purpose


class DecisionIn(Body):
    """What someone said to the choices of a student.

    `taken` and `declined` are about an `option` of those `offered`; `other` wishes for something
    else, in `words`, also where nothing was offered. `why` is one word for declining. Without
    `decided_at` it is now; without an `author` it is whoever asks; `id` makes sending it twice
    safe, and so does the same content.
    """

    student: Id
    recommendation_id: Id
    offered: Annotated[list[OfferedOption], Field(max_length=10)]
    said: Literal["taken", "declined", "other"]
    option: Annotated[str | None, Field(max_length=500)] = None
    why: Literal["", "too_hard", "too_easy", "not_my_thing", "not_now"] = ""
    words: Text = ""
    goal: Id | None = None
    decided_at: Moment | None = None
    author: Id | None = None
    id: Id | None = None


class DecisionForm(Body):
    """What a student sends from their own page; `said` may be the word for declining."""

    recommendation_id: Id
    offered: Annotated[list[str], Field(default_factory=list, max_length=10)]
    purposes: Annotated[list[str], Field(default_factory=list, max_length=10)]
    said: Annotated[str, Field(max_length=32)]
    option: Annotated[str, Field(max_length=500)] = ""
    goal: Annotated[str, Field(max_length=200)] = ""
    words: Text = ""


class OfferedOut(Answer):
    """An option as it was offered."""

    option: str
    purpose: str


class DecisionUndone(Answer):
    """How a decision was taken back: the act's id, who did it, why and when."""

    id: str
    author: str
    reason: str
    undone_at: AwareDatetime


class DecisionOut(Answer):
    """A decision as it is kept, with the versions in force when it was recorded.

    `undone` once someone has taken it back: it counts for nothing any more.
    """

    id: str
    student: str
    recommendation_id: str
    said: Literal["taken", "declined", "other"]
    option: str | None
    why: str
    words: str
    goal: str | None
    author: str
    decided_at: AwareDatetime
    recorded_at: AwareDatetime
    offered: list[OfferedOut]
    versions: Versions
    undone: DecisionUndone | None


class SetAsideOut(Answer):
    """An option that was declined of late and rests `until`, unless the `decision` is undone."""

    decision: str
    option: str
    title: str
    why: str
    author: str
    declined_at: AwareDatetime
    until: AwareDatetime


class StudentDecisions(Answer):
    """What a student took and declined, in the order it was decided."""

    student: str
    decisions: list[DecisionOut]


class TakenOut(Answer):
    """How often options of one position or purpose were offered, taken and declined."""

    by: Literal["all", "position", "purpose"]
    value: str
    offered: int
    taken: int
    declined: int
    share: float
    low: float
    high: float


class AcceptanceOut(Answer):
    """How offers are taken up: `offers` that were answered, `other` wishes, words for declining.

    `share` of those offered was taken; nine times in ten it lies in `low` to `high`.
    """

    offers: int
    other: int
    why: dict[str, int]
    rates: list[TakenOut]
