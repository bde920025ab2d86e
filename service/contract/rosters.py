"""Classes and students."""

from typing import Annotated

from pydantic import Field

from service.contract.base import Answer, Body, Id, Name


class RosterStudent(Body):
    """A student of a class: opaque id, display name, interests."""

    id: Id
    name: Name = ""
    interests: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)


class RosterClass(Body):
    """A class and its students."""

    id: Id
    title: Name = ""
    students: Annotated[list[RosterStudent], Field(max_length=500)]


class Roster(Body):
    """Classes to add, or to replace where the id is known."""

    classes: Annotated[list[RosterClass], Field(min_length=1, max_length=200)]


class RosterOutcome(Answer):
    """What a roster changed."""

    classes: int
    students: int
    students_added: int


class ClassOut(Answer):
    """A class on the roster."""

    id: str
    title: str
    students: list[str]
