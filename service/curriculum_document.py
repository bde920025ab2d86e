"""The curriculum document as it goes over the wire: every field typed, none unknown."""

from typing import Annotated, Any, Literal

from pydantic import Field

from graphs.framework import MOST_POINTS
from service.contract import Body, Id, Statement, Text, Title

Extra = dict[Title, Text]


class CompetencyPart(Body):
    """A competency of a curriculum document."""

    id: Id
    text: Statement
    parent: Id | None = None
    extra: Extra = Field(default_factory=dict)


class TargetPart(Body):
    """A learning target of a curriculum document."""

    id: Id
    text: Statement
    competency: Id | None = None
    grade: Title = ""
    student_text: Statement = ""
    extra: Extra = Field(default_factory=dict)


class TaskPart(Body):
    """A task of a curriculum document."""

    id: Id
    title: Text
    targets: Annotated[list[Id], Field(min_length=1, max_length=20)]
    kind: Id = "quiz_item"
    format: Title = ""
    interests: list[Id] = Field(default_factory=list)
    minutes: Annotated[float, Field(gt=0, le=1440)] = 15.0
    extra: Extra = Field(default_factory=dict)


class KindPart(Body):
    """An evidence kind of a curriculum document."""

    id: Id
    text: Text
    reliability: Annotated[float, Field(gt=0, le=1)]
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] = 1


class ScalePart(Body):
    """A rubric of a curriculum document, its levels from lowest to highest."""

    id: Id
    levels: Annotated[list[Title], Field(min_length=2, max_length=100)]


class RequirementPart(Body):
    """An evidence requirement of a curriculum document.

    For one target, or for every target of a competency, or for all: at least `pieces` of
    the `kinds` (any when empty), at `level` or above, in at least `sessions` sessions.
    """

    target: Id | None = None
    competency: Id | None = None
    pieces: Annotated[int, Field(ge=1, le=100)] = 1
    sessions: Annotated[int, Field(ge=1, le=100)] = 1
    kinds: list[Id] = Field(default_factory=list)
    level: Annotated[int, Field(ge=1)] | None = None
    scale: Id | None = None


class EdgePart(Body):
    """An edge of a curriculum document."""

    prereq: Id
    target: Id
    relation: Literal["prerequisite", "encompasses"] = "prerequisite"


Json = dict[str, Any]


class CasePart(Body):
    """What a CASE package said that a curriculum has no place for; `graphs.case.record`."""

    document: Json
    competencies: dict[str, Json]
    targets: dict[str, Json]
    associations: list[Json]
    others: list[Json]
    definitions: Json
    rubrics: list[Json]


class CurriculumDocument(Body):
    """A whole curriculum, as `GET /v1/framework` answers it and `PUT` takes it."""

    format: Literal["footpath.curriculum/1"]
    id: Title
    title: Text
    competencies: list[CompetencyPart]
    targets: Annotated[list[TargetPart], Field(min_length=1)]
    tasks: list[TaskPart]
    kinds: list[KindPart]
    scales: list[ScalePart]
    requirements: list[RequirementPart] = Field(default_factory=list)
    edges: list[EdgePart]
    case: CasePart | None = None
