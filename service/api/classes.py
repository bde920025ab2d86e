"""Routes on the roster and on a class: grid, interventions, agenda."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import (
    Agenda,
    AnsweredList,
    AnsweredOut,
    AnswerIn,
    ClassMastery,
    ClassOut,
    Interventions,
    Roster,
    RosterOutcome,
)
from service.guards import PathId
from service.usecases import conferring, outcomes, rosters, standing, supporting

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
    return supporting.class_interventions(ask.store, ask.principal, class_id, ask.clock())


@router.post("/classes/{class_id}/interventions/answers")
def post_answer(ask: Ask, class_id: PathId, act: AnswerIn) -> AnsweredOut:
    """Accept a proposal of today's list, put it off, or say that it is wrong and why."""
    return supporting.answer_intervention(ask.store, ask.principal, class_id, act, ask.clock())


@router.get("/classes/{class_id}/interventions/answers")
def get_answers(ask: Ask, class_id: PathId) -> AnsweredList:
    """Return what was answered to proposals, and how it went since."""
    return outcomes.class_answers(ask.store, ask.principal, class_id, ask.clock())


@router.get("/classes/{class_id}/agenda")
def get_agenda(ask: Ask, class_id: PathId) -> Agenda:
    """Return the talks of the next five days of school."""
    return conferring.agenda(ask.store, ask.principal, class_id, ask.clock())
