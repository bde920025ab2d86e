"""What to do next."""

from typing import Literal

from service.contract.base import Answer
from service.contract.deciding import SetAsideOut
from service.contract.standing import ReasonOut, Versions


class ChoiceOut(Answer):
    """One option in a student's set of next tasks, with its reasons.

    `purpose`: *learn* go on, *probe* nobody has seen it yet, *ahead* new and all it needs is
    mastered, *review* check again, *gap* back to what something stuck builds on. `minutes` with
    extra time, `terms` add up to `score`, `opens` what mastering it makes ready, `changes` what
    would take it from the list.
    """

    option: str
    task: str | None
    title: str
    targets: list[str]
    minutes: float
    format: str
    kind: str
    purpose: Literal["learn", "probe", "review", "gap", "ahead"]
    p_right: float
    score: float
    terms: dict[str, float]
    opens: list[str]
    reasons: list[ReasonOut]
    changes: list[ReasonOut]


class Choices(Answer):
    """A student's choices. Equal state, policy and wishes give an equal `recommendation_id`.

    `set_aside` is what was declined of late and rests, the latest first; `says` why there is
    nothing, little, or only what should rest, and what comes next.
    """

    recommendation_id: str
    student: str
    goal: str | None
    versions: Versions
    choices: list[ChoiceOut]
    set_aside: list[SetAsideOut]
    says: list[ReasonOut]
