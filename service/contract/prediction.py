"""The stateless prediction."""

from typing import Annotated

from pydantic import Field

from service.contract.base import MOST_EVIDENCE, Answer, Body, Id
from service.contract.curricula import CurriculumIn
from service.contract.evidence import EvidenceIn
from service.contract.recommending import Choices
from service.contract.standing import StudentMastery


class HistoryItem(EvidenceIn):
    """Evidence of a prediction request, in the order it was given; no student is needed."""

    student: Id = "student"


class PredictIn(Body):
    """History in, mastery and choices out; nothing is stored.

    Without `curriculum` the one in force is used. `extra_time` (1.5: half as much again) is an
    accommodation: it lengthens the minutes and is no model input.
    """

    history: Annotated[list[HistoryItem], Field(max_length=MOST_EVIDENCE)]
    curriculum: CurriculumIn | None = None
    goal: Id | None = None
    choices: Annotated[int, Field(ge=2, le=4)] | None = None
    formats: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    interests: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    extra_time: Annotated[float, Field(ge=1, le=10)] = 1.0


class Prediction(Answer):
    """The answer to `PredictIn`."""

    mastery: StudentMastery
    choices: Choices
