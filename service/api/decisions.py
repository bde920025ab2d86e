"""Routes on decisions: what was taken and declined of the choices, and how offers are taken up."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import AcceptanceOut, ActIn, DecisionIn, DecisionOut, StudentDecisions
from service.guards import PathId
from service.usecases import deciding

router = APIRouter(tags=["decisions"])


@router.post("/decisions")
def post_decision(ask: Ask, decision: DecisionIn) -> DecisionOut:
    """Keep what was taken or declined of a student's choices, and why; safe to repeat."""
    return deciding.decide(ask.store, ask.principal, decision, ask.clock())


@router.post("/decisions/{decision_id}/undo")
def post_decision_undo(ask: Ask, decision_id: PathId, act: ActIn) -> DecisionOut:
    """Take a decision back: it stays on record but counts for nothing; safe to repeat."""
    return deciding.undo(ask.store, ask.principal, decision_id, act, ask.clock())


@router.get("/students/{student_id}/decisions")
def get_decisions(ask: Ask, student_id: PathId) -> StudentDecisions:
    """Return what a student took and declined, undone or not, in the order it was decided."""
    return deciding.student_decisions(ask.store, ask.principal, student_id)


@router.get("/decisions/acceptance")
def get_acceptance(ask: Ask, class_id: str | None = None) -> AcceptanceOut:
    """Return how offers are taken up by position and purpose, in a class or in all."""
    return deciding.acceptance_rates(ask.store, ask.principal, class_id)
