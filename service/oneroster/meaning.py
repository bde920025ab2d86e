"""What a OneRoster bundle means to Footpath: students, classes, and who is in which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graphs import Fault
from graphs.tables import Row
from service.oneroster.files import Bundle
from service.store import Student

DEMOGRAPHIC_PLUMBING = frozenset({"sourcedId", "userSourcedId", "status", "dateLastModified"})


@dataclass(frozen=True, slots=True)
class Member:
    """One enrolment of a student, and where it stands; `ends` takes the student out again."""

    student: str
    class_id: str
    ends: bool
    class_place: Fault
    student_place: Fault


@dataclass(frozen=True, slots=True)
class People:
    """Students and classes (id → title) to put on the roster, and enrolments.

    With `whole` the enrolments are all there are: whoever is not among them is in none of
    these classes. `gone` are the classes that the source has deleted.
    """

    students: tuple[Student, ...]
    classes: dict[str, str]
    gone: tuple[str, ...]
    members: tuple[Member, ...]
    whole: bool


def people_in(bundle: Bundle, today: date) -> People:
    """Return the people of a bundle; enrolments that have ended or not begun end here."""
    learners = set(_student_ids(bundle))
    live = {row["sourcedId"]: row["title"] for row in bundle.rows("classes") if is_live(row)}
    return People(
        tuple(
            Student(row["sourcedId"], _name(row))
            for row in bundle.rows("users")
            if is_live(row) and row["sourcedId"] in learners
        ),
        live,
        tuple(row["sourcedId"] for row in bundle.rows("classes") if not is_live(row)),
        tuple(_members(bundle, today)),
        bundle.modes.get("enrollments") == "bulk",
    )


def is_live(row: Row) -> bool:
    """Say whether the source still has a row; `tobedeleted` and `inactive` ones are gone."""
    return row["status"].lower() in ("", "active") or row["status"].startswith("ext:")


def is_current(row: Row, today: date) -> bool:
    """Say whether an enrolment has begun and not ended."""
    begins, ends = row["beginDate"], row["endDate"]
    return (not begins or date.fromisoformat(begins) <= today) and (
        not ends or today <= date.fromisoformat(ends)
    )


def demographics_in(bundle: Bundle) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of an audit file: `student` and what the bundle says of each."""
    table = bundle.tables.get("demographics")
    if table is None:
        return ["student"], []
    columns = [c for c in table.columns if c not in DEMOGRAPHIC_PLUMBING]
    rows = [
        [row["userSourcedId"] or row["sourcedId"], *(row[c] for c in columns)]
        for row in table.rows
        if is_live(row)
    ]
    return ["student", *columns], rows


def _student_ids(bundle: Bundle) -> Iterator[str]:
    yield from (r["sourcedId"] for r in bundle.rows("users") if r["role"].lower() == "student")
    for part in ("roles", "enrollments"):
        yield from (r["userSourcedId"] for r in bundle.rows(part) if r["role"].lower() == "student")


def _members(bundle: Bundle, today: date) -> Iterator[Member]:
    table = bundle.tables.get("enrollments")
    for row in table.rows if table else ():
        if table and row["role"].lower() == "student":
            yield Member(
                row["userSourcedId"],
                row["classSourcedId"],
                not is_live(row) or not is_current(row, today),
                table.fault(row, "classSourcedId", f"there is no class {row['classSourcedId']!r}"),
                table.fault(row, "userSourcedId", f"there is no user {row['userSourcedId']!r}"),
            )


def _name(row: Row) -> str:
    given = row["preferredGivenName"] or row["givenName"]
    family = row["preferredFamilyName"] or row["familyName"]
    return f"{given} {family}".strip()[:200]
