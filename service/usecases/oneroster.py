"""Import a OneRoster bundle: roster and grades in one transaction, all or nothing."""

from collections.abc import Callable, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from graphs import Curriculum, InvalidInput
from models import Evidence
from service.oneroster.checking import remarks_on, unread_columns
from service.oneroster.files import Bundle
from service.oneroster.grades import Grades, grades_in
from service.oneroster.meaning import People, people_in
from service.principal import Principal
from service.school import NothingYet, load_school
from service.store import Store, Student, Unit, people
from service.usecases.recording import record_within
from service.usecases.rehearsing import writing
from service.usecases.revising import as_revisions

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class BundleOutcome:
    """What a bundle changed, and what of it was left out and why."""

    version: str
    rows: dict[str, int]
    classes: int
    students: int
    students_added: int
    enrollments: int
    enrollments_ended: int
    evidence: int
    revisions: int
    unchanged: int
    results_left_out: dict[str, int]
    line_items_without_targets: list[str]
    scores_capped: int
    unread_files: list[str]
    unread_columns: dict[str, list[str]]
    remarks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Counts:
    """Students added, enrolments of the classes touched, enrolments that ended."""

    added: int
    enrolled: int
    ended: int


def import_bundle(
    store: Store,
    principal: Principal,
    bundle: Bundle,
    now: datetime,
    *,
    zone: tzinfo = UTC,
    kind: str | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _, __: None,
) -> BundleOutcome:
    """Put a bundle's students, classes, enrolments and results in, all or nothing.

    Classes of the bundle are replaced (bulk) or changed (delta), others left alone. Results
    that changed since the last bundle become revisions. Demographics are only checked here.
    Raises `InvalidInput` naming every fault by file, line and field that only shows against
    the roster and the framework; `read_bundle` has named the others.
    """
    wanted = people_in(bundle, now.astimezone(zone).date())
    with writing(store, principal, dry_run=dry_run) as unit:
        added = people.put_students(unit, _changed(unit, wanted.students))
        enrolled, ended = _put_classes(unit, wanted)
        grades = grades_in(bundle, _curriculum(unit), now, zone=zone, kind=kind)
        pieces = as_revisions(unit, grades.pieces)
        if pieces:
            done = record_within(unit, pieces, now, progress)
            added += done.students_added
    return _outcome(bundle, wanted, grades, pieces, Counts(added, enrolled, ended))


def _curriculum(unit: Unit) -> Curriculum | None:
    try:
        return load_school(unit).curriculum
    except NothingYet:
        return None


def _changed(unit: Unit, wanted: Sequence[Student]) -> list[Student]:
    """Return the students whom the roster does not have, or has by another name."""
    known = {each.id: each.name for each in people.get_students(unit, [s.id for s in wanted])}
    return [student for student in wanted if known.get(student.id) != student.name]


def _put_classes(unit: Unit, wanted: People) -> tuple[int, int]:
    """Put classes and their members; return how many enrolments there are, and how many ended."""
    known = {each.id: each.title for each in people.get_classes(unit)}
    titles = {**known, **wanted.classes}
    _refuse_unknown(unit, wanted, titles.keys())
    named = {*wanted.classes, *wanted.gone, *(member.class_id for member in wanted.members)}
    before = {name: set(people.members(unit, name)) for name in titles.keys() & named}
    after = {name: set() if wanted.whole else set(ids) for name, ids in before.items()}
    for member in sorted(wanted.members, key=lambda member: not member.ends):
        members = after.get(member.class_id, set())  # who left and came back is there
        (members.discard if member.ends else members.add)(member.student)
    for name in titles.keys() & set(wanted.gone):
        after[name] = set()
    for name in sorted(after):
        if (known.get(name), before[name]) != (titles[name], after[name]):
            people.put_class(unit, name, titles[name], after[name])
    ended = sum(len(before[name] - after[name]) for name in after)
    return sum(map(len, after.values())), ended


def _refuse_unknown(unit: Unit, wanted: People, classes: Set[str]) -> None:
    """Refuse enrolments of whom or what neither the bundle nor the roster knows."""
    begun = [member for member in wanted.members if not member.ends]
    students = people.known_students(unit, {member.student for member in begun})
    known = classes | set(wanted.gone)
    faults = [member.class_place for member in begun if member.class_id not in known]
    faults += [member.student_place for member in begun if member.student not in students]
    if faults:
        raise InvalidInput(faults)


def _outcome(
    bundle: Bundle, wanted: People, grades: Grades, pieces: Sequence[Evidence], counts: Counts
) -> BundleOutcome:
    revisions = sum(piece.supersedes is not None for piece in pieces)
    return BundleOutcome(
        version=bundle.version,
        rows={part: len(table.rows) for part, table in bundle.tables.items()},
        classes=len(wanted.classes),
        students=len(wanted.students),
        students_added=counts.added,
        enrollments=counts.enrolled,
        enrollments_ended=counts.ended,
        evidence=len(pieces) - revisions,
        revisions=revisions,
        unchanged=len(grades.pieces) - len(pieces),
        results_left_out=dict(grades.left_out),
        line_items_without_targets=sorted(grades.without_targets),
        scores_capped=grades.capped,
        unread_files=list(bundle.unread),
        unread_columns=unread_columns(bundle),
        remarks=[asdict(remark) for remark in remarks_on(bundle)],
    )
