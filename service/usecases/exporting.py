"""Take evidence out: as a file that can be imported again, or all that is kept of one student."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from graphs.tables import csv_line
from models import Evidence
from service.access import visible_students
from service.contract import ErasedOut, SeatOut, StudentExport
from service.looking import look_at
from service.principal import Principal
from service.school import load_school
from service.standings import Progress
from service.store import Store, decisions, evidence, people, rounds, support
from service.usecases.amending import event_answer, piece_answer
from service.usecases.conferring import plan_answer, submission_answer
from service.usecases.deciding import decision_answer
from service.usecases.facts import facts_of, is_waiting
from service.usecases.outcomes import answered
from service.usecases.standing import evidence_answer

# Column of the file → field of evidence: what `footpath import evidence` reads back.
COLUMNS = {
    "id": "id", "student": "student", "task": "task", "targets": "targets", "kind": "kind",
    "score": "score", "level": "level", "scale": "scale", "missed": "missed",
    "order": "position", "timestamp": "observed_at", "attempt": "attempt", "rater": "rater",
    "duration": "duration", "hints": "hints", "artifact": "artifact", "work": "work",
    "supersedes": "supersedes", "note": "note",
}  # fmt: skip


def evidence_csv(
    store: Store, principal: Principal, progress: Progress = lambda _, __: None
) -> Iterator[str]:
    """Yield the lines of a CSV file with all evidence as the log has it now.

    Corrections are applied and withdrawn pieces left out. Importing the file into the same
    store adds nothing; into an empty one, everything.
    """
    yield csv_line(tuple(COLUMNS))
    with store.read(principal.district) as unit:
        total, done = evidence.how_many(unit), 0
        for _, log in evidence.all_logs(unit):
            yield from (csv_line(_cells(piece)) for piece in log.evidence)
            done += len(log.recorded)
            progress(done, total)


def student_export(
    store: Store, principal: Principal, student: str, now: datetime
) -> StudentExport:
    """Return all that is kept of a student. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        look = look_at(unit, load_school(unit), [student], now)
        log = look.logs[student]
        (person,) = people.get_students(unit, [student])
        classes = people.classes_of(unit, student)
        seats = rounds.seats_of(unit, student)
        kept = support.of_students(unit, [student])
        said = decisions.of_students(unit, [student])
    facts = facts_of(look, kept)
    return StudentExport(
        student=student,
        name=person.name,
        interests=list(person.interests),
        classes=classes,
        evidence=evidence_answer(log),
        recorded=[piece_answer(piece) for piece in log.recorded],
        events=[event_answer(event, log) for event in log.events],
        groups=[SeatOut(**asdict(seat)) for seat in seats],
        answers=[answered(look, facts, each) for each in kept.answers],
        plans=[plan_answer(plan) for plan in kept.plans],
        submissions=[
            submission_answer(work, waiting=is_waiting(work, log.evidence))
            for work in kept.submissions
        ],
        decisions=[decision_answer(decision) for decision in said],
    )


def erase_student(store: Store, principal: Principal, student: str) -> ErasedOut:
    """Remove a student and all that is kept of them, for good: the one thing no log outlives.

    Raises `UnknownId`.
    """
    with store.write(principal.district) as unit:
        visible_students(unit, principal, [student])
        log = evidence.logs_of(unit, [student])[student]
        people.erase(unit, student)
    return ErasedOut(student=student, evidence=len(log.recorded), events=len(log.events))


def _cells(piece: Evidence) -> list[str]:
    return [_cell(piece, field) for field in COLUMNS.values()]


def _cell(piece: Evidence, field: str) -> str:
    value = getattr(piece, field)
    if field == "targets":
        return "~".join(piece.targets)
    if field == "observed_at":
        return "" if value is None else value.isoformat()
    if field == "missed":
        return "true" if value else ""
    if field == "score" and piece.level is not None:
        return ""  # the level says it
    return "" if value is None else str(value)
