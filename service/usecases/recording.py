"""Record evidence: check every piece, store all or nothing, refresh the touched states."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from graphs import Curriculum, Fault, FootpathError, InvalidInput
from models import Evidence
from service.contract import EvidenceIn
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, Student, Unit, evidence, people

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
    """The outcome: `new[i]` says whether piece i was stored or a duplicate."""

    pieces: tuple[Evidence, ...]
    new: tuple[bool, ...]
    students_added: int


def record_evidence(
    store: Store,
    principal: Principal,
    pieces: Sequence[Evidence],
    now: datetime,
    progress: Progress = lambda _, __: None,
) -> Recorded:
    """Append evidence, all or nothing; the same piece again is a duplicate and no error.

    Students who are not on the roster join it by their id alone. Raises
    `EvidenceConflict` when an id is known with another content, `NothingYet` without a
    curriculum.
    """
    with store.write(principal.district) as unit:
        return record_within(unit, pieces, now, progress)


def record_within(
    unit: Unit,
    pieces: Sequence[Evidence],
    now: datetime,
    progress: Progress = lambda _, __: None,
) -> Recorded:
    """Append evidence as part of a larger change, like `record_evidence`."""
    school = load_school(unit)
    new = _which_are_new(unit, pieces)
    fresh = [piece for piece, is_new in zip(pieces, new, strict=True) if is_new]
    touched = {piece.student for piece in fresh}
    strangers = touched - people.known_students(unit, touched)
    people.put_students(unit, [Student(s) for s in sorted(strangers)])
    evidence.append(unit, fresh, now)
    refresh_states(unit, school, sorted(touched), progress)
    return Recorded(tuple(pieces), new, len(strangers))


def refresh_states(
    unit: Unit,
    school: School,
    students: Sequence[str],
    progress: Progress = lambda _, __: None,
) -> None:
    """Fold the whole log of some students again and cache the states."""
    done = 0
    for part in people.chunks(students):
        logs = evidence.of_students(unit, part)
        packed = {student: school.model.fold(log).to_bytes() for student, log in logs.items()}
        evidence.put_states(unit, school.versions.model, packed)
        done += len(part)
        progress(done, len(students))


def evidence_from(
    curriculum: Curriculum, sent: EvidenceIn, now: datetime | None = None
) -> Evidence:
    """Turn what was sent into evidence of this curriculum; `now` refuses what is yet to come.

    Raises `InvalidInput` naming the field: an unknown target, kind or scale, a level
    outside its scale, none or several of score, level and missed.
    """
    faults: list[Fault] = []
    framework = curriculum.framework
    task = framework.task(sent.task) if sent.task and framework.has_task(sent.task) else None
    targets = tuple(sent.targets) or (task.targets if task else ())
    for i, target in enumerate(sent.targets):
        if not framework.has_target(target):
            faults.append(Fault(f"there is no learning target {target!r}", field=f"targets.{i}"))
    if not targets and sent.task:
        message = f"there is no task {sent.task!r}, and no learning target is named"
        faults.append(Fault(message, field="task"))
    elif not targets:
        message = "a learning target is needed, or a task that has some"
        faults.append(Fault(message, field="targets"))
    kind = sent.kind or (task.kind if task else "quiz_item")
    if kind not in {k.id for k in framework.kinds}:
        faults.append(Fault(f"there is no evidence kind {kind!r}", field="kind"))
    if now and sent.observed_at and sent.observed_at > now + CLOCKS_DIFFER:
        faults.append(Fault(f"{sent.observed_at:%Y-%m-%d} is yet to come", field="observed_at"))
    score = _score(curriculum, sent, faults)
    if faults:
        raise InvalidInput(faults)
    return Evidence(
        id=sent.id or content_id(sent),
        student=sent.student,
        targets=targets,
        score=score,
        kind=kind,
        task=sent.task,
        observed_at=sent.observed_at,
        position=sent.position,
        level=sent.level,
        scale=(sent.scale or framework.scales[0].id) if sent.level is not None else None,
        missed=sent.missed,
        attempt=sent.attempt,
        rater=sent.rater,
        duration=sent.duration,
        supersedes=sent.supersedes,
        note=sent.note,
    )


CLOCKS_DIFFER = timedelta(days=1)
"""How far ahead of ours a sender's clock, or its time zone, may be."""


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


def content_id(sent: EvidenceIn) -> str:
    """Derive an id from the content, so that sending the same piece twice counts once."""
    content = sent.model_dump_json(exclude={"id"}, exclude_defaults=True)
    return "e-" + hashlib.sha256(content.encode()).hexdigest()[:24]


def _score(curriculum: Curriculum, sent: EvidenceIn, faults: list[Fault]) -> float | None:
    given = [sent.score is not None, sent.level is not None, sent.missed]
    if sum(given) != 1:
        message = "exactly one of score, level and missed must say how it went"
        faults.append(Fault(message, field="score"))
        return None
    scales = curriculum.framework.scales
    scale = next((s for s in scales if sent.scale in {None, s.id}), None)
    if scale is None and sent.scale is not None:
        faults.append(Fault(f"there is no scale {sent.scale!r}", field="scale"))
    if sent.level is None:
        return sent.score
    if scale is None:
        faults.append(Fault("there is no scale to read a level on", field="level"))
        return None
    top = len(scale.levels)
    if sent.level > top:
        message = f"{sent.level} is not a level of {scale.id!r}, which has 1 to {top}"
        faults.append(Fault(message, field="level"))
        return None
    return (sent.level - 1) / (top - 1)


def _which_are_new(unit: Unit, pieces: Sequence[Evidence]) -> tuple[bool, ...]:
    known: Mapping[str, Evidence] = evidence.by_ids(unit, {piece.id for piece in pieces})
    held = dict(known)
    new, conflicts = [], []
    for piece in pieces:
        before = held.setdefault(piece.id, piece)
        if before != piece:
            conflicts.append(piece.id)
        new.append(before is piece)
    if conflicts:
        raise EvidenceConflict(conflicts)
    return tuple(new)
