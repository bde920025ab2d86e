"""What a principal may see."""

from graphs import UnknownId
from service.principal import Principal
from service.store import Unit, people


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
