"""Classes and students: put a roster, list what is there."""

from collections.abc import Iterator, Sequence

from graphs import Fault, InvalidInput
from service.access import visible_class
from service.contract import ClassOut, Roster, RosterOutcome
from service.principal import Principal
from service.store import Store, Student, people


def put_roster(store: Store, principal: Principal, roster: Roster) -> RosterOutcome:
    """Add classes and students, or replace those with the same id, all or nothing.

    Raises `InvalidInput` when a class stands twice, or a student twice in one class.
    """
    _check(roster)
    students = {
        s.id: Student(s.id, s.name, tuple(s.interests)) for c in roster.classes for s in c.students
    }
    with store.write(principal.district) as unit:
        added = people.put_students(unit, students.values())
        for each in roster.classes:
            people.put_class(unit, each.id, each.title or each.id, {s.id for s in each.students})
    return RosterOutcome(classes=len(roster.classes), students=len(students), students_added=added)


def list_classes(store: Store, principal: Principal) -> list[ClassOut]:
    """Return every class that this principal may see."""
    with store.read(principal.district) as unit:
        return [
            ClassOut(id=c.id, title=c.title, students=people.members(unit, c.id))
            for c in people.get_classes(unit)
        ]


def get_class(store: Store, principal: Principal, class_id: str) -> ClassOut:
    """Return one class. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        each = visible_class(unit, principal, class_id)
        return ClassOut(id=each.id, title=each.title, students=people.members(unit, class_id))


def names(store: Store, principal: Principal, ids: list[str]) -> dict[str, str]:
    """Return what a page calls each of these students."""
    with store.read(principal.district) as unit:
        return {s.id: s.label for s in people.get_students(unit, ids)}


def _check(roster: Roster) -> None:
    faults = [
        Fault(f"the class {each!r} stands twice", field=f"classes.{i}.id")
        for i, each in _repeated([c.id for c in roster.classes])
    ]
    for i, one in enumerate(roster.classes):
        faults += [
            Fault(f"{each!r} stands twice in this class", field=f"classes.{i}.students.{j}.id")
            for j, each in _repeated([s.id for s in one.students])
        ]
    if faults:
        raise InvalidInput(faults)


def _repeated(ids: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield place and id of each that stood before."""
    seen: set[str] = set()
    for i, each in enumerate(ids):
        if each in seen:
            yield i, each
        seen.add(each)
