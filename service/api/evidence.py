"""The route that takes evidence in."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import ErrorItem, EvidenceBatch, EvidenceOutcome
from service.usecases import curricula, recording

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
