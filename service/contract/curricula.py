"""Curricula, in and out."""

from typing import Annotated

from pydantic import Field

from service.contract.base import Answer, Body, Id, Title


class TargetIn(Body):
    """A learning target of an inline curriculum."""

    id: Id
    text: Title = ""


class EdgeIn(Body):
    """A prerequisite of an inline curriculum."""

    prereq: Id
    target: Id


class TaskIn(Body):
    """A task of an inline curriculum."""

    id: Id
    title: Title = ""
    targets: Annotated[list[Id], Field(min_length=1, max_length=20)]
    kind: Id = "quiz_item"
    format: Annotated[Title, Field(max_length=100)] = ""
    interests: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    minutes: Annotated[float, Field(gt=0, le=1440)] = 15.0


class CurriculumIn(Body):
    """A small curriculum sent along with a prediction request."""

    targets: Annotated[list[TargetIn], Field(min_length=1, max_length=2000)]
    prerequisites: Annotated[list[EdgeIn], Field(max_length=20_000)] = Field(default_factory=list)
    tasks: Annotated[list[TaskIn], Field(max_length=10_000)] = Field(default_factory=list)


class CurriculumSummary(Answer):
    """The curriculum in force, in short."""

    id: str
    title: str
    version: str
    competencies: int
    targets: int
    prerequisites: int
    tasks: int


class CaseOutcome(Answer):
    """What became of a CASE package.

    `kept_aside` counts fields that CASE has no place for, `unmapped` associations by type
    that say nothing of the curriculum; both are written out again.
    """

    curriculum: CurriculumSummary
    kept_aside: dict[str, int]
    unmapped: dict[str, int]


class GraphOut(Answer):
    """The prerequisite graph: targets in layers, edges as `[prereq, target]` pairs."""

    version: str
    generations: list[list[str]]
    prerequisites: list[tuple[str, str]]
    encompasses: list[tuple[str, str]]


class ExternalId(Answer):
    """What another system calls something."""

    system: str
    id: str
    uri: str


class TargetOut(Answer):
    """One learning target and its neighbours in the graph; `code` is its published code."""

    id: str
    text: str
    student_text: str
    competency: str | None
    grade: str
    prerequisites: list[str]
    dependents: list[str]
    tasks: list[str]
    code: str
    external_ids: list[ExternalId]
