"""Queries on the roster: students, classes and who is in which."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from service.store.connection import Unit
from service.store.schema import (
    answers,
    classes,
    decision_undos,
    decisions,
    enrollments,
    events,
    evidence,
    plans,
    round_members,
    states,
    students,
    submissions,
)

CHUNK = 500
"""Ids in one statement: below every database's limit on parameters."""


@dataclass(frozen=True, slots=True)
class Student:
    """A student by opaque id; `name` is shown only to those who may see this student."""

    id: str
    name: str = ""
    interests: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a page calls the student."""
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class and the number of its students."""

    id: str
    title: str
    size: int


def put_students(unit: Unit, new: Iterable[Student]) -> int:
    """Add students, or update those with the same id; return how many are new.

    A blank name or empty interests leave what is known: a roster without names erases none.
    """
    wanted = {student.id: student for student in new}
    known = known_students(unit, wanted)
    rows = [
        {
            "district": unit.district,
            "id": s.id,
            "name": s.name,
            "interests": "~".join(s.interests),
        }
        for s in wanted.values()
    ]
    fresh = [row for row in rows if row["id"] not in known]
    if fresh:
        unit.connection.execute(insert(students), fresh)
    for row in rows:
        said = {name: row[name] for name in ("name", "interests") if row[name]}
        if row["id"] in known and said:
            unit.connection.execute(
                students.update()
                .where(students.c.district == unit.district, students.c.id == row["id"])
                .values(said)
            )
    return len(fresh)


def known_students(unit: Unit, ids: Collection[str]) -> set[str]:
    """Return which of these ids are on the roster."""
    found: set[str] = set()
    for part in chunks(sorted(ids)):
        query = select(students.c.id).where(
            students.c.district == unit.district, students.c.id.in_(part)
        )
        found.update(unit.connection.execute(query).scalars())
    return found


def get_students(unit: Unit, ids: Collection[str] | None = None) -> list[Student]:
    """Return students (all, or those with these ids), by id."""
    base = select(students.c.id, students.c.name, students.c.interests).where(
        students.c.district == unit.district
    )
    parts = [None] if ids is None else list(chunks(sorted(ids)))
    rows = [
        row
        for part in parts
        for row in unit.connection.execute(
            base if part is None else base.where(students.c.id.in_(part))
        )
    ]
    return sorted(
        (Student(i, name, tuple(filter(None, liked.split("~")))) for i, name, liked in rows),
        key=lambda s: s.id,
    )


def put_class(unit: Unit, class_id: str, title: str, members: Collection[str]) -> None:
    """Add a class, or replace the title and the members of the one with this id."""
    mine = (enrollments.c.district == unit.district) & (enrollments.c.class_id == class_id)
    unit.connection.execute(delete(enrollments).where(mine))
    this = (classes.c.district == unit.district) & (classes.c.id == class_id)
    if unit.connection.execute(select(classes.c.id).where(this)).first() is None:
        row = {"district": unit.district, "id": class_id, "title": title}
        unit.connection.execute(insert(classes).values(row))
    else:
        unit.connection.execute(classes.update().where(this).values(title=title))
    rows = [
        {"district": unit.district, "class_id": class_id, "student": student}
        for student in sorted(set(members))
    ]
    if rows:
        unit.connection.execute(insert(enrollments), rows)


def get_classes(unit: Unit) -> list[SchoolClass]:
    """Return every class with its size, by id."""
    query = (
        select(classes.c.id, classes.c.title, func.count(enrollments.c.student))
        .outerjoin(
            enrollments,
            (enrollments.c.class_id == classes.c.id)
            & (enrollments.c.district == classes.c.district),
        )
        .where(classes.c.district == unit.district)
        .group_by(classes.c.id, classes.c.title)
        .order_by(classes.c.id)
    )
    return [SchoolClass(*row) for row in unit.connection.execute(query)]


def members(unit: Unit, class_id: str) -> list[str]:
    """Return the ids of the students of a class, sorted."""
    query = (
        select(enrollments.c.student)
        .where(enrollments.c.district == unit.district, enrollments.c.class_id == class_id)
        .order_by(enrollments.c.student)
    )
    return list(unit.connection.execute(query).scalars())


def classes_of(unit: Unit, student: str) -> list[str]:
    """Return the ids of the classes that a student is in, sorted."""
    query = (
        select(enrollments.c.class_id)
        .where(enrollments.c.district == unit.district, enrollments.c.student == student)
        .order_by(enrollments.c.class_id)
    )
    return list(unit.connection.execute(query).scalars())


def erase(unit: Unit, student: str) -> None:
    """Delete a student and every row about them."""
    about = (
        states, events, evidence, enrollments, round_members, answers, plans, submissions,
        decision_undos, decisions,
    )  # fmt: skip
    for table in about:
        mine = (table.c.district == unit.district) & (table.c.student == student)
        unit.connection.execute(delete(table).where(mine))
    mine = (students.c.district == unit.district) & (students.c.id == student)
    unit.connection.execute(delete(students).where(mine))


def chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    """Cut a sequence into pieces that fit into one statement."""
    return (ids[i : i + CHUNK] for i in range(0, len(ids), CHUNK))
