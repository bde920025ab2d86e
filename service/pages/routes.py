"""The pages: home, a class today, one student for the teacher, one student's own page."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from engine import STATUSES, Status, Wishes
from service.api.asking import Ask, Past
from service.contract import Groups, PlaceOut
from service.guards import PathId, refuse_unknown_query
from service.looking import AsOf
from service.pages.rendering import render
from service.pages.words import ALONE_WORDS, told
from service.school import NothingYet
from service.usecases import (
    agreeing,
    amending,
    curricula,
    deciding,
    grouping,
    pathways,
    placing,
    recommending,
    rosters,
    standing,
    supporting,
)

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(refuse_unknown_query)],
)


def pages_router() -> APIRouter:
    """Return the routes of every page."""
    return router


@router.get("/")
def home(request: Request, ask: Ask) -> HTMLResponse:
    """Show the classes of the school."""
    classes = rosters.list_classes(ask.store, ask.principal)
    try:
        summary = curricula.summary(curricula.curriculum_in_force(ask.store, ask.principal))
    except NothingYet:
        summary = None
    return render(request, "home.html", classes=classes, summary=summary)


@router.get("/classes/{class_id}")
def class_today(request: Request, ask: Ask, class_id: PathId) -> HTMLResponse:
    """Show a class today: whom to see, which groups, and the grid."""
    grid = standing.class_mastery(ask.store, ask.principal, class_id, ask.clock())
    accepted = grouping.round_in_force(ask.store, ask.principal, class_id, ask.clock())
    groups = None
    if accepted is None:
        groups = grouping.class_groups(ask.store, ask.principal, class_id, ask.clock())
    first = supporting.class_interventions(ask.store, ask.principal, class_id, ask.clock())
    curriculum = curricula.curriculum_in_force(ask.store, ask.principal)
    return render(
        request,
        "class.html",
        grid=grid,
        accepted=accepted,
        groups=groups,
        first=first,
        names=rosters.names(ask.store, ask.principal, grid.students),
        framework=curriculum.framework,
        used=_used_columns(grid.status),
        any_by_hand=any(map(any, grid.overridden)),
        alone=_by_why(groups),
    )


@router.get("/students/{student_id}")
def student_for_teacher(
    request: Request, ask: Ask, student_id: PathId, past: Past, goal: str | None = None
) -> HTMLResponse:
    """Show one student to the teacher: estimates with their evidence, and choices."""
    return _student_page(request, ask, "student.html", student_id, goal, past)


@router.get("/students/{student_id}/me")
def student_own(
    request: Request, ask: Ask, student_id: PathId, goal: str | None = None
) -> HTMLResponse:
    """Show a student their own page: where I am, why, what next."""
    return _student_page(request, ask, "me.html", student_id, goal)


@router.get("/students/{student_id}/targets/{target_id}")
def target_explained(
    request: Request, ask: Ask, student_id: PathId, target_id: PathId, past: Past
) -> HTMLResponse:
    """Show the teacher why one estimate is what it is, evidence by evidence."""
    return _target_page(request, ask, "target.html", student_id, target_id, past)


@router.get("/students/{student_id}/me/targets/{target_id}")
def own_target(request: Request, ask: Ask, student_id: PathId, target_id: PathId) -> HTMLResponse:
    """Show a student what they have shown on one target."""
    return _target_page(request, ask, "my_target.html", student_id, target_id)


@router.get("/agreement")
def agreement(request: Request, ask: Ask) -> HTMLResponse:
    """Show how well raters of the same work agree."""
    found = agreeing.rater_agreement(ask.store, ask.principal)
    return render(request, "agreement.html", agreement=found)


@router.get("/api-reference")
def api_reference(request: Request, _ask: Ask) -> HTMLResponse:
    """Show the API's paths, from its OpenAPI document."""
    document: dict[str, Any] = request.app.openapi()
    return render(request, "api.html", document=document)


def _by_why(groups: Groups | None) -> dict[str, list[str]]:
    """Return who is in no group of a proposal, by the reason."""
    found: dict[str, list[str]] = {why: [] for why in ALONE_WORDS}
    for student, why in groups.alone.items() if groups else ():
        found[why].append(student)
    return found


def _student_page(
    request: Request,
    ask: Ask,
    template: str,
    student_id: str,
    goal: str | None,
    past: AsOf | None = None,
) -> HTMLResponse:
    curriculum, now = curricula.curriculum_in_force(ask.store, ask.principal), ask.clock()
    mastery = standing.student_mastery(ask.store, ask.principal, student_id, now, past)
    choices = recommending.student_choices(ask.store, ask.principal, student_id, Wishes(goal), now)
    return render(
        request,
        template,
        student_id=student_id,
        name=_name(ask, student_id),
        past=past,
        mastery=mastery,
        by_status={s: [t for t in mastery.targets if t.status == s] for s in STATUSES},
        choices=choices,
        taken=deciding.taken_lately(ask.store, ask.principal, student_id, now),
        wishes=deciding.wishes(ask.store, ask.principal, student_id),
        pathway=pathways.way_if_any(ask.store, ask.principal, student_id, now, goal),
        placement=placing.student_placement(ask.store, ask.principal, student_id, now),
        log=standing.student_evidence(ask.store, ask.principal, student_id, past),
        acts=amending.student_events(ask.store, ask.principal, student_id),
        framework=curriculum.framework,
    )


def _target_page(
    request: Request,
    ask: Ask,
    template: str,
    student_id: str,
    target_id: str,
    past: AsOf | None = None,
) -> HTMLResponse:
    now = ask.clock()
    explanation = standing.explain(ask.store, ask.principal, student_id, target_id, now, past)
    log = standing.student_evidence(ask.store, ask.principal, student_id, past)
    pieces = {piece.id: piece for piece in log.evidence}
    known = explanation.evidence_count or past
    return render(
        request,
        template,
        student_id=student_id,
        name=_name(ask, student_id),
        past=past,
        target=explanation,
        place=None if known else _place(ask, student_id, target_id, now),
        steps=told(explanation.contributions),
        framework=curricula.curriculum_in_force(ask.store, ask.principal).framework,
        pieces=pieces,
        pieces_here=[piece for piece in log.evidence if target_id in piece.targets],
        others=[(pieces[each.evidence], each.why) for each in explanation.not_counted],
    )


def _place(ask: Ask, student_id: str, target_id: str, now: datetime) -> PlaceOut | None:
    """Return what other targets say of one that nobody has seen; nothing if not new any more."""
    found = placing.student_placement(ask.store, ask.principal, student_id, now)
    places = found.places if found.new and found.answered else []
    return next((place for place in places if place.target == target_id), None)


def _name(ask: Ask, student_id: str) -> str:
    return rosters.names(ask.store, ask.principal, [student_id])[student_id]


def _used_columns(status: list[list[Status]]) -> list[int]:
    """Columns of the grid on which anyone has evidence; the others would only be dots."""
    width = len(status[0]) if status else 0
    return [c for c in range(width) if any(row[c] != "not_started" for row in status)]
