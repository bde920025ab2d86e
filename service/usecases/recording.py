"""Record evidence: check every piece, store all or nothing, refresh the touched states."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from graphs import Curriculum, Fault, FootpathError, InvalidInput
from models import Evidence
from service.contract import EvidenceIn
from service.meaning import id_of, meaning_of, said_in, yet_to_come
from service.principal import Principal
from service.school import load_school
from service.standings import advance
from service.store import Store, Student, Unit, events, evidence, people
from service.store.evidence import FIELDS, StoredRow, stored_row

_ID = FIELDS.index("id")


Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


class EvidenceConflict(FootpathError):
    """An id that already stands for other evidence; never for sending the same twice."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = tuple(ids)
        shown = ", ".join(repr(i) for i in self.ids[:5])
        super().__init__(f"already recorded with another content: {shown}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The outcome: `new[i]` says whether piece i was stored or a duplicate.

    `remarks` are no faults, but worth a look, such as a revision of what nobody has seen.
    """

    pieces: tuple[Evidence, ...]
    new: tuple[bool, ...]
    students_added: int
    remarks: tuple[Fault, ...]


def record_evidence(
    store: Store, principal: Principal, pieces: Sequence[Evidence], now: datetime
) -> Recorded:
    """Append evidence, all or nothing; the same piece again is a duplicate and no error.

    Students who are not on the roster join it by their id alone. Raises
    `EvidenceConflict` when an id is known with another content, `NothingYet` without a
    curriculum.
    """
    with store.write(principal.district) as unit:
        return record_within(unit, pieces, now)


def record_within(
    unit: Unit,
    pieces: Sequence[Evidence],
    now: datetime,
    progress: Progress = lambda _, __: None,
) -> Recorded:
    """Append evidence as part of a larger change, like `record_evidence`."""
    school = load_school(unit)
    new, other = compare_with_log(unit, [stored_row(piece) for piece in pieces])
    if other:
        raise EvidenceConflict(other)
    fresh: dict[str, list[Evidence]] = {}
    for piece, is_new in zip(pieces, new, strict=True):
        if is_new:
            fresh.setdefault(piece.student, []).append(piece)
    added = enroll_strangers(unit, fresh)
    rows = [stored_row(piece) for student in fresh for piece in fresh[student]]
    evidence.append(unit, rows, now)
    advance(unit, school, fresh)
    progress(len(pieces), len(pieces))
    remarks = tuple(_unknown_revisions(unit, pieces))
    return Recorded(tuple(pieces), new, added, remarks)


def enroll_strangers(unit: Unit, students: Iterable[str]) -> int:
    """Put students who are not on the roster there by their id alone; return how many."""
    wanted = set(students)
    strangers = wanted - people.known_students(unit, wanted)
    return people.put_students(unit, [Student(s) for s in sorted(strangers)])


def evidence_from(
    curriculum: Curriculum, sent: EvidenceIn, now: datetime | None = None
) -> Evidence:
    """Turn what was sent into evidence of this curriculum; `now` refuses what is yet to come.

    Raises `InvalidInput` naming the field: an unknown target, kind or scale, a level
    outside its scale, none or several of score, level and missed.
    """
    faults: list[Fault] = []
    late = yet_to_come(sent.observed_at, now)
    if late:
        faults.append(Fault(late, field="observed_at"))
    try:
        meaning = meaning_of(curriculum.framework, said_in(sent))
    except InvalidInput as error:
        raise InvalidInput([*faults, *error.faults]) from None
    if faults:
        raise InvalidInput(faults)
    return Evidence(
        id=id_of(sent),
        student=sent.student,
        targets=meaning.targets,
        score=meaning.score,
        kind=meaning.kind,
        task=sent.task,
        observed_at=sent.observed_at,
        position=sent.position,
        level=sent.level,
        scale=meaning.scale,
        missed=sent.missed,
        attempt=sent.attempt,
        rater=sent.rater,
        duration=sent.duration,
        supersedes=sent.supersedes,
        note=sent.note,
        hints=sent.hints,
        artifact=sent.artifact,
        work=sent.work,
    )


def all_evidence_from(
    curriculum: Curriculum,
    sent: Sequence[EvidenceIn],
    now: datetime | None = None,
    field: str = "evidence",
) -> list[Evidence]:
    """Turn a batch into evidence; raises one `InvalidInput` that names every fault.

    `now` refuses what is yet to come; `field` is the field of the request that holds the
    batch.
    """
    faults: list[Fault] = []
    pieces: list[Evidence] = []
    for i, each in enumerate(sent):
        try:
            pieces.append(evidence_from(curriculum, each, now))
        except InvalidInput as error:
            faults += [Fault(f.message, field=f"{field}.{i}.{f.field}") for f in error.faults]
    if faults:
        raise InvalidInput(faults)
    return pieces


def compare_with_log(
    unit: Unit, rows: Sequence[StoredRow]
) -> tuple[tuple[bool, ...], tuple[str, ...]]:
    """Return which rows are new, and the ids that stand for other evidence already.

    A row is known when it equals what was recorded under its id, or what a correction made
    of that.
    """
    kept = evidence.rows_by_id(unit, {row[_ID] for row in rows})
    amended = _as_amended(unit, kept)
    held: dict[str, StoredRow] = dict(kept)
    new, other = [], []
    for row in rows:
        before = held.setdefault(row[_ID], row)
        if row != before and row not in amended.get(row[_ID], ()):
            other.append(row[_ID])
        new.append(before is row)
    return tuple(new), tuple(other)


def _as_amended(unit: Unit, kept: Mapping[str, StoredRow]) -> dict[str, list[StoredRow]]:
    """Return what corrections made of kept pieces: sending that back is a duplicate, too."""
    found: dict[str, list[StoredRow]] = {}
    for event in events.replacements(unit, kept):
        if event.evidence:
            found.setdefault(event.subject, []).append(stored_row(event.evidence))
    return found


def _unknown_revisions(unit: Unit, pieces: Sequence[Evidence]) -> Iterator[Fault]:
    """Name each revision of evidence that nobody has sent: a misspelt id, or one to come."""
    revised = {piece.supersedes for piece in pieces if piece.supersedes}
    unknown = revised - evidence.known_ids(unit, revised)
    for i, piece in enumerate(pieces):
        if piece.supersedes in unknown:
            yield Fault(until_it_comes(piece.supersedes or ""), field=f"evidence.{i}.supersedes")


def until_it_comes(revised: str) -> str:
    """Say that a revision names evidence which is not there."""
    return f"revises evidence that is not there yet: {revised!r}; until it comes, both can count"
