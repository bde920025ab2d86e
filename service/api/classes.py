"""Routes on the roster and on a class: grid, interventions."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import (
    ClassMastery,
    ClassOut,
    Interventions,
    Roster,
    RosterOutcome,
)
from service.guards import PathId
from service.usecases import recommending, rosters, standing

router = APIRouter(tags=["classes"])


@router.put("/roster")
def put_roster(ask: Ask, roster: Roster) -> RosterOutcome:
    """Add classes with their students, or replace those whose id is known."""
    return rosters.put_roster(ask.store, ask.principal, roster)


@router.get("/classes")
def list_classes(ask: Ask) -> list[ClassOut]:
    """Return every class with its students."""
    return rosters.list_classes(ask.store, ask.principal)


@router.get("/classes/{class_id}")
def get_class(ask: Ask, class_id: PathId) -> ClassOut:
    """Return one class with its students."""
    return rosters.get_class(ask.store, ask.principal, class_id)


@router.get("/classes/{class_id}/mastery")
def get_class_mastery(ask: Ask, class_id: PathId) -> ClassMastery:
    """Return the class × target grid."""
    return standing.class_mastery(ask.store, ask.principal, class_id, ask.clock())


@router.get("/classes/{class_id}/interventions")
def get_interventions(ask: Ask, class_id: PathId) -> Interventions:
    """Return whom to see first today, and why."""
    return recommending.class_interventions(ask.store, ask.principal, class_id, ask.clock())
