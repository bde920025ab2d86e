"""What to do next."""

from typing import Literal

from service.contract.base import Answer
from service.contract.standing import ReasonOut, Versions


class ChoiceOut(Answer):
    """One option in a student's set of next tasks, with its reasons."""

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


class Choices(Answer):
    """A student's choices. Equal state, policy and wishes give an equal `recommendation_id`."""

    recommendation_id: str
    student: str
    goal: str | None
    versions: Versions
    choices: list[ChoiceOut]
