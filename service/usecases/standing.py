"""Where students stand: states from the cache or the log, the board, and the answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np

from engine import STATUSES, Reason, for_family, for_student, for_teacher, missing
from engine.explaining import against_the_evidence
from graphs import Framework
from models import Evidence, StudentLog, in_force, in_order, is_settled, performances
from service.access import visible_class, visible_students
from service.contract import (
    ClassMastery,
    ContributionOut,
    EvidenceOut,
    NotCountedOut,
    ReasonOut,
    StudentEvidence,
    StudentMastery,
    TargetExplanation,
    TargetMastery,
)
from service.looking import AsOf, Look, grid_of, look_at
from service.principal import Principal
from service.school import load_school
from service.store import Store, evidence, people
from service.usecases.amending import event_answer, piece_answer


def student_mastery(
    store: Store, principal: Principal, student: str, now: datetime, as_of: AsOf | None = None
) -> StudentMastery:
    """Return where a student stands on every target, now or as of a past moment.

    Raises `UnknownId`.
    """
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        look = look_at(unit, load_school(unit), [student], now, as_of)
    return mastery_answer(look, student)


def class_mastery(store: Store, principal: Principal, class_id: str, now: datetime) -> ClassMastery:
    """Return the class × target grid. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        each = visible_class(unit, principal, class_id)
        school = load_school(unit)
        board = grid_of(unit, school, people.members(unit, class_id), now)
    return ClassMastery(
        class_id=each.id,
        title=each.title,
        versions=school.versions,
        targets=list(board.targets),
        students=list(board.students),
        status=[[STATUSES[code] for code in row] for row in board.status],
        overridden=board.overridden.tolist(),
        p_mastered=[[float(p) for p in row] for row in board.p],
    )


def student_evidence(
    store: Store, principal: Principal, student: str, as_of: AsOf | None = None
) -> StudentEvidence:
    """Return a student's evidence in reading order, now or as of a past moment.

    What was withdrawn is left out, what was corrected is given as it is now. Raises
    `UnknownId`.
    """
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        whole = evidence.logs_of(unit, [student])[student]
    log = whole if as_of is None else whole.as_of(as_of.moment, as_of.clock)
    return StudentEvidence(student=student, evidence=evidence_answer(log))


def evidence_answer(log: StudentLog) -> list[EvidenceOut]:
    """Write the evidence of a log, as it is now, in reading order."""
    at = dict(zip((p.id for p in log.recorded), log.recorded_at, strict=True))
    used = {rating.id for ratings in performances(log.evidence) for rating in ratings}
    return [
        EvidenceOut(
            **piece_answer(piece).model_dump(),
            recorded_at=at[piece.id],
            in_force=piece.id in used,
        )
        for piece in in_order(log.evidence)
    ]


def explain(
    store: Store,
    principal: Principal,
    student: str,
    target: str,
    now: datetime,
    as_of: AsOf | None = None,
) -> TargetExplanation:
    """Return where a student stands on one target, and what each piece of evidence did to it.

    Raises `UnknownId`.
    """
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        school = load_school(unit)
        school.curriculum.framework.target(target)
        look = look_at(unit, school, [student], now, as_of)
    model, pieces = school.model, look.logs[student].evidence
    ratings = {each[0].id: [rating.id for rating in each] for each in performances(pieces)}
    return TargetExplanation(
        **_target_answer(look, student, target, evidence_by_target(pieces)).model_dump(),
        student=student,
        as_of=look.now,
        versions=school.versions,
        prior=model.estimate(model.start(), target).p_mastered,
        contributions=[
            ContributionOut(
                evidence=step.evidence,
                ratings=ratings[step.evidence],
                before=step.before,
                after=step.after,
                evidence_effect=step.evidence_effect,
                practice_effect=step.practice_effect,
                waiting_effect=step.waiting_effect,
                direct=step.direct,
                says=_reason_if_any(look, against_the_evidence(step, target)),
            )
            for step in model.trace(pieces, target)
        ],
        not_counted=_not_counted(pieces, target, ratings.values()),
    )


def _not_counted(
    pieces: Sequence[Evidence], target: str, counted: Iterable[Sequence[str]]
) -> list[NotCountedOut]:
    used = {name for names in counted for name in names}
    return [
        NotCountedOut(evidence=piece.id, why="missed" if piece.missed else "revised")
        for piece in in_order(pieces)
        if target in piece.targets and piece.id not in used
    ]


def mastery_answer(look: Look, student: str) -> StudentMastery:
    """Write one student of a look as an answer."""
    board, row = look.board, look.board.row(student)
    cited = evidence_by_target(look.logs[student].evidence)
    counts = Counter(STATUSES[code] for code in board.status[row])
    return StudentMastery(
        student=student,
        as_of=look.now,
        versions=look.school.versions,
        targets=[_target_answer(look, student, target, cited) for target in board.targets],
        summary={status: counts[status] for status in STATUSES},
    )


def evidence_by_target(log: Sequence[Evidence]) -> dict[str, list[str]]:
    """Return the ids in force for each target, latest last."""
    cited: dict[str, list[str]] = {}
    for piece in in_force(log):
        for target in piece.targets:
            cited.setdefault(target, []).append(piece.id)
    return cited


def reason_answer(framework: Framework, reason: Reason) -> ReasonOut:
    """Write a reason with its sentences."""
    return ReasonOut(
        code=reason.code,
        teacher=for_teacher(reason, framework),
        student=for_student(reason, framework),
        family=for_family(reason, framework),
        targets=list(reason.targets),
        evidence=list(reason.evidence),
    )


def _target_answer(
    look: Look, student: str, target: str, cited: Mapping[str, list[str]]
) -> TargetMastery:
    board, log, kept = look.board, look.logs[student], look.standings[student]
    row, column = board.row(student), board.curriculum.graph.position[target]
    estimate = look.school.model.estimate(kept.state, target, look.now)
    judged, policy = log.overrides.get(target), look.school.policy
    first = kept.trail.first(target)
    return TargetMastery(
        target=target,
        text=board.curriculum.framework.target(target).text,
        status=board.status_of(row, column),
        estimated=STATUSES[board.estimated[row, column]],
        override=event_answer(judged, log) if judged else None,
        missing=_missing(look, student, target) if target in cited else [],
        ready=bool(board.ready[row, column]),
        blocked_by=list(board.blocked_by(row, target)),
        implied_by=list(board.implied_by(row, target)),
        p_mastered=float(board.p[row, column]),
        learned=float(board.learned[row, column]),
        retrievable=float(board.retrievable[row, column]),
        p_right=float(board.p_right[row, column]),
        p_right_low=estimate.p_right_low,
        p_right_high=estimate.p_right_high,
        if_next_right=estimate.if_next_right,
        if_next_wrong=estimate.if_next_wrong,
        settled=is_settled(estimate, policy.settled_within, policy.settled_surely),
        baseline=first,
        growth=None if first is None else float(board.p[row, column]) - first,
        evidence_count=int(np.rint(board.count[row, column])),
        evidence=cited.get(target, []),
    )


def _reason_if_any(look: Look, reason: Reason | None) -> ReasonOut | None:
    return None if reason is None else reason_answer(look.school.curriculum.framework, reason)


def _missing(look: Look, student: str, target: str) -> list[ReasonOut]:
    school, trail = look.school, look.standings[student].trail
    reasons = [
        *missing(school.curriculum, school.policy, trail, target),
        *look.board.asks_for_a_row(look.board.row(student), target),
    ]
    return [reason_answer(school.curriculum.framework, reason) for reason in reasons]
