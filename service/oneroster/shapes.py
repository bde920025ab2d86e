"""What stands in each file of a OneRoster bundle: fields, rules, references.

Only what Footpath reads is asked for; a published generator leaves most other columns
blank. A field that is there must still be what OneRoster says it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite

from graphs.framework import ID_RULE, usable_id

Rule = Callable[[str], str | None]
"""Says what is wrong with a cell that is not blank; `None` when nothing is."""


def one_of(*allowed: str) -> Rule:
    """Rule: one of these words in any case, or an extension `ext:…`."""
    known = {word.lower() for word in allowed}

    def rule(cell: str) -> str | None:
        fits = cell.lower() in known or cell.startswith("ext:")
        return None if fits else f"must be one of {', '.join(allowed)}"

    return rule


def a_date(cell: str) -> str | None:
    """Rule: a date."""
    try:
        date.fromisoformat(cell)
    except ValueError:
        return "must be a date like 2026-03-02"
    return None


def a_time(cell: str) -> str | None:
    """Rule: a date or a time."""
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return "must be a time like 2026-03-02T09:30:00Z"
    return None


def a_number(cell: str) -> str | None:
    """Rule: a number."""
    try:
        return None if isfinite(float(cell)) else "must be a number"
    except ValueError:
        return "must be a number"


def an_id(cell: str) -> str | None:
    """Rule: an id that Footpath can keep."""
    return None if usable_id(cell) else f"is not a usable id: {ID_RULE}"


def a_name(cell: str) -> str | None:
    """Rule: a name of a length that Footpath can keep."""
    return None if len(cell) <= LONGEST_NAME else f"may have at most {LONGEST_NAME} characters"


LONGEST_NAME = 200
TRUTH = one_of("true", "false", "1", "0")
STATUS = one_of("active", "inactive", "tobedeleted")
ROLES = one_of(
    "administrator", "aide", "counselor", "districtAdministrator", "guardian", "parent",
    "principal", "proctor", "relative", "siteAdministrator", "student", "systemAdministrator",
    "teacher",
)  # fmt: skip
NAMES = ("givenName", "familyName", "preferredGivenName", "preferredFamilyName")
RACES = (
    "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces",
    "hispanicOrLatinoEthnicity",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that names rows of another file; several ids are joined by commas.

    A reference that is not `kept` leads to something Footpath does not keep: a dangling one
    is worth a remark and no refusal.
    """

    part: str
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """One file: fields that no row may leave blank, rules and references by field.

    `key` names the columns that may hold a row's id, `also` what else is read. Of a
    `secret` file no cell is ever repeated in a message.
    """

    needed: tuple[str, ...]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    key: tuple[str, ...] = ("sourcedId",)
    secret: bool = False
    also: tuple[str, ...] = ()


SESSION = Reference("academicSessions", kept=False)
USER, CLASS, ORG = Reference("users"), Reference("classes"), Reference("orgs")

FILES: Mapping[str, Shape] = {
    "orgs": Shape(
        ("sourcedId", "name", "type"),
        {
            "type": one_of("department", "school", "district", "local", "state", "national"),
        },
        {"parentSourcedId": ORG},
    ),
    "academicSessions": Shape(
        ("sourcedId", "title", "type", "startDate", "endDate"),
        {
            "type": one_of("gradingPeriod", "semester", "schoolYear", "term"),
            "startDate": a_date,
            "endDate": a_date,
        },
        {"parentSourcedId": SESSION},
    ),
    "courses": Shape(("sourcedId", "title"), {}, {"orgSourcedId": ORG}),
    "classes": Shape(
        ("sourcedId", "title", "schoolSourcedId"),
        {"sourcedId": an_id, "title": a_name, "classType": one_of("homeroom", "scheduled")},
        {
            "schoolSourcedId": ORG,
            "courseSourcedId": Reference("courses", kept=False),
            "termSourcedIds": SESSION,
        },
    ),
    "users": Shape(
        ("sourcedId",),
        {
            "sourcedId": an_id,
            "role": ROLES,
            "enabledUser": TRUTH,
            **dict.fromkeys(NAMES, a_name),
        },
        {"orgSourcedIds": ORG, "primaryOrgSourcedId": ORG},
    ),
    "roles": Shape(
        ("sourcedId", "userSourcedId", "role"),
        {"role": ROLES, "roleType": one_of("primary", "secondary")},
        {"userSourcedId": USER, "orgSourcedId": ORG},
    ),
    "enrollments": Shape(
        ("sourcedId", "classSourcedId", "userSourcedId", "role"),
        {"role": ROLES, "primary": TRUTH, "beginDate": a_date, "endDate": a_date},
        {"classSourcedId": CLASS, "userSourcedId": USER, "schoolSourcedId": ORG},
    ),
    "demographics": Shape(
        (),
        {
            "birthDate": a_date,
            "birthdate": a_date,
            "sex": one_of("male", "female", "unspecified", "other"),
            **dict.fromkeys(RACES, TRUTH),
        },
        {"sourcedId": USER, "userSourcedId": USER},
        key=("sourcedId", "userSourcedId"),
        secret=True,
    ),
    "lineItems": Shape(
        ("sourcedId", "title", "classSourcedId"),
        {
            "resultValueMin": a_number,
            "resultValueMax": a_number,
            "assignDate": a_time,
            "dueDate": a_time,
        },
        {"classSourcedId": CLASS, "gradingPeriodSourcedId": SESSION},
    ),
    "lineItemLearningObjectiveIds": Shape(
        ("sourcedId", "lineItemSourcedId", "learningObjectiveId"),
        {},
        {"lineItemSourcedId": Reference("lineItems")},
    ),
    "results": Shape(
        ("sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus"),
        {
            "scoreStatus": one_of(
                "exempt", "fully graded", "not submitted", "partially graded", "submitted"
            ),
            "score": a_number,
            "scoreDate": a_time,
            "missing": TRUTH,
        },
        {"lineItemSourcedId": Reference("lineItems"), "studentSourcedId": USER},
        also=("comment", "textScore"),
    ),
    "resultLearningObjectiveIds": Shape(
        ("sourcedId", "resultSourcedId", "learningObjectiveId"),
        {"score": a_number},
        {"resultSourcedId": Reference("results")},
    ),
}
"""The files that Footpath reads, in the order in which they build on one another."""
COMMON: Mapping[str, Rule] = {"status": STATUS, "dateLastModified": a_time}
