"""Routes on the log: record evidence, correct, withdraw, judge and undo."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import (
    ActIn,
    CorrectionIn,
    ErrorItem,
    EventOut,
    EvidenceBatch,
    EvidenceOutcome,
    OverrideIn,
)
from service.guards import PathId
from service.usecases import amending, curricula, recording

router = APIRouter(tags=["evidence"])


@router.post("/evidence")
def post_evidence(ask: Ask, batch: EvidenceBatch) -> EvidenceOutcome:
    """Record evidence, all or nothing; sending the same again is safe."""
    curriculum = curricula.curriculum_in_force(ask.store, ask.principal)
    now = ask.clock()
    pieces = recording.all_evidence_from(curriculum, batch.evidence, now)
    done = recording.record_evidence(ask.store, ask.principal, pieces, now)
    return EvidenceOutcome(
        stored=sum(done.new),
        duplicates=len(done.new) - sum(done.new),
        students_added=done.students_added,
        outcomes=["stored" if new else "duplicate" for new in done.new],
        ids=[piece.id for piece in done.pieces],
        remarks=[ErrorItem(field=f.field, message=f.message) for f in done.remarks],
    )


@router.post("/evidence/{evidence_id}/corrections")
def post_correction(ask: Ask, evidence_id: PathId, act: CorrectionIn) -> EventOut:
    """Let a piece of evidence say what it should have said; what it said stays in the log."""
    return amending.correct(ask.store, ask.principal, evidence_id, act, ask.clock())


@router.post("/evidence/{evidence_id}/withdrawals")
def post_withdrawal(ask: Ask, evidence_id: PathId, act: ActIn) -> EventOut:
    """Take a piece of evidence out of every estimate; it stays in the log."""
    return amending.withdraw(ask.store, ask.principal, evidence_id, act, ask.clock())


@router.post("/overrides")
def post_override(ask: Ask, act: OverrideIn) -> EventOut:
    """Put a teacher's judgement in place of an estimate, until it is undone."""
    return amending.override(ask.store, ask.principal, act, ask.clock())


@router.post("/events/{event_id}/undo")
def post_undo(ask: Ask, event_id: PathId, act: ActIn) -> EventOut:
    """Take back a correction, a withdrawal or an override."""
    return amending.undo(ask.store, ask.principal, event_id, act, ask.clock())
