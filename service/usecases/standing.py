"""Where students stand: states from the cache or the log, the board, and the answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np

from engine import STATUSES, Board, make_board
from graphs import UnknownId
from models import (
    Estimate,
    Evidence,
    Standing,
    StudentState,
    in_force,
    in_order,
    performances,
)
from service.access import visible_class, visible_students
from service.contract import (
    ClassMastery,
    ContributionOut,
    EvidenceOut,
    StudentEvidence,
    StudentMastery,
    TargetExplanation,
    TargetMastery,
)
from service.principal import Principal
from service.school import School, load_school
from service.standings import standings_of
from service.store import Store, Unit, evidence, people


def student_mastery(
    store: Store, principal: Principal, student: str, now: datetime
) -> StudentMastery:
    """Return where a student stands on every target at `now`. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        school = load_school(unit)
        logs = evidence.logs_of(unit, [student])
        found = standings_of(unit, school, [student], logs)
    board = board_from(school, found, now)
    state, log = found[student].state, logs[student].evidence
    return mastery_answer(school, board, student, state, log, now)


def class_mastery(store: Store, principal: Principal, class_id: str, now: datetime) -> ClassMastery:
    """Return the class × target grid. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        each = visible_class(unit, principal, class_id)
        school = load_school(unit)
        board = board_of(unit, school, people.members(unit, class_id), now)
    return ClassMastery(
        class_id=each.id,
        title=each.title,
        versions=school.versions,
        targets=list(board.targets),
        students=list(board.students),
        status=[[STATUSES[code] for code in row] for row in board.status],
        p_mastered=[[float(p) for p in row] for row in board.p],
    )


def student_evidence(store: Store, principal: Principal, student: str) -> StudentEvidence:
    """Return a student's evidence log in reading order. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        log = evidence.logs_of(unit, [student])[student]
    at = dict(zip((p.id for p in log.recorded), log.recorded_at, strict=True))
    used = {rating.id for ratings in performances(log.evidence) for rating in ratings}
    return StudentEvidence(
        student=student,
        evidence=[
            EvidenceOut(
                **{**_fields(piece), "targets": list(piece.targets)},
                recorded_at=at[piece.id],
                in_force=piece.id in used,
            )
            for piece in in_order(log.evidence)
        ],
    )


def _fields(piece: Evidence) -> dict[str, Any]:
    return {f.name: getattr(piece, f.name) for f in fields(Evidence)}


def explain(store: Store, principal: Principal, student: str, target: str) -> TargetExplanation:
    """Return what each piece of evidence did to one estimate. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        school = load_school(unit)
        log = evidence.logs_of(unit, [student])[student].evidence
    if not school.curriculum.framework.has_target(target):
        raise UnknownId("learning target", target)
    model = school.model
    return TargetExplanation(
        student=student,
        target=target,
        prior=model.estimate(model.start(), target).p_mastered,
        p_mastered=model.estimate(model.fold(log), target).p_mastered,
        contributions=[
            ContributionOut(
                evidence=step.evidence,
                before=step.before,
                after=step.after,
                evidence_effect=step.evidence_effect,
                practice_effect=step.practice_effect,
                waiting_effect=step.waiting_effect,
                direct=step.direct,
            )
            for step in model.trace(log, target)
        ],
    )


def board_of(unit: Unit, school: School, students: Sequence[str], now: datetime) -> Board:
    """Return the board of some students at `now`, in the order given."""
    return board_from(school, standings_of(unit, school, students), now)


def board_from(school: School, found: Mapping[str, Standing], now: datetime) -> Board:
    """Make the board of standings that have been read, at `now`."""
    states = {student: each.state for student, each in found.items()}
    return make_board(school.layout, school.policy, school.model, states, now)


def mastery_answer(
    school: School,
    board: Board,
    student: str,
    state: StudentState,
    log: Sequence[Evidence],
    now: datetime,
) -> StudentMastery:
    """Write one row of a board, made from this state, as an answer."""
    row = board.row(student)
    cited = evidence_by_target(log)
    targets = [
        _target_answer(school, board, row, column, school.model.estimate(state, target, now), cited)
        for column, target in enumerate(board.targets)
    ]
    counts = Counter(STATUSES[code] for code in board.status[row])
    return StudentMastery(
        student=student,
        versions=school.versions,
        targets=targets,
        summary={status: counts[status] for status in STATUSES},
    )


def evidence_by_target(log: Sequence[Evidence]) -> dict[str, list[str]]:
    """Return the ids in force for each target, latest last."""
    cited: dict[str, list[str]] = {}
    for piece in in_force(log):
        for target in piece.targets:
            cited.setdefault(target, []).append(piece.id)
    return cited


def _target_answer(
    school: School,
    board: Board,
    row: int,
    column: int,
    estimate: Estimate,
    cited: Mapping[str, list[str]],
) -> TargetMastery:
    target = board.targets[column]
    return TargetMastery(
        target=target,
        text=school.curriculum.framework.target(target).text,
        status=board.status_of(row, column),
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
        evidence_count=int(np.rint(board.count[row, column])),
        evidence=cited.get(target, []),
    )
