"""Who is asking, and what they may see. A principal is an argument of every use case."""

from dataclasses import dataclass

from graphs import UnknownId
from service.store import Unit, people

HOME_DISTRICT = "home"
"""The one district of a store that serves one school."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone who asks, on behalf of one district.

    Today every principal is its school's operator: the service listens on this computer
    only, or asks for the token of its settings. Roles join here.
    """

    id: str
    district: str = HOME_DISTRICT


LOCAL = Principal("local")
"""Whoever sits at this computer: the command line, and the pages on loopback."""


def visible_students(unit: Unit, principal: Principal, ids: list[str]) -> list[str]:
    """Return the ids as they are; raises `UnknownId` for one this principal may not see."""
    if unit.district != principal.district:
        raise PermissionError("a unit of work belongs to the district of its principal")
    known = people.known_students(unit, ids)
    for student in ids:
        if student not in known:
            raise UnknownId("student", student)
    return ids


def visible_class(unit: Unit, principal: Principal, class_id: str) -> people.SchoolClass:
    """Return a class; raises `UnknownId` for one this principal may not see."""
    if unit.district != principal.district:
        raise PermissionError("a unit of work belongs to the district of its principal")
    for each in people.get_classes(unit):
        if each.id == class_id:
            return each
    raise UnknownId("class", class_id)
