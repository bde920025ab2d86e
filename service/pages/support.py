"""Pages of support: today's list with its answers, the conference sheet, the agenda of a week.

Plain forms without a script; each act leads back to the page it came from.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from graphs.goals import is_goal
from service.api.asking import Ask
from service.contract import AnswerIn, Id, PlanIn, Text, validated
from service.contract.supporting import Said
from service.guards import PathId, refuse_other_sites, refuse_unknown_query
from service.pages.rendering import render
from service.pages.words import segment
from service.usecases import (
    conferring,
    curricula,
    deciding,
    outcomes,
    rosters,
    standing,
    supporting,
)

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(refuse_unknown_query)],
)
Words = Annotated[Text, Form()]


@router.get("/classes/{class_id}/interventions")
def todays_list(request: Request, ask: Ask, class_id: PathId) -> HTMLResponse:
    """Show whom to see first, to be answered in one click, and how earlier answers went."""
    each = rosters.get_class(ask.store, ask.principal, class_id)
    return render(
        request,
        "interventions.html",
        each=each,
        first=supporting.class_interventions(ask.store, ask.principal, class_id, ask.clock()),
        earlier=outcomes.class_answers(ask.store, ask.principal, class_id, ask.clock()),
        names=rosters.names(ask.store, ask.principal, each.students),
        framework=curricula.curriculum_in_force(ask.store, ask.principal).framework,
    )


@router.post(
    "/classes/{class_id}/interventions/answers", dependencies=[Depends(refuse_other_sites)]
)
def post_answer(
    ask: Ask,
    class_id: PathId,
    intervention: Annotated[Id, Form()],
    said: Annotated[Said, Form()],
    reason: Words = "",
) -> RedirectResponse:
    """Answer a proposal."""
    act = AnswerIn(intervention=intervention, said=said, reason=reason)
    supporting.answer_intervention(ask.store, ask.principal, class_id, act, ask.clock())
    return RedirectResponse(f"/classes/{segment(class_id)}/interventions", 303)


@router.get("/classes/{class_id}/agenda")
def agenda(request: Request, ask: Ask, class_id: PathId) -> HTMLResponse:
    """Show the talks of the week."""
    each = rosters.get_class(ask.store, ask.principal, class_id)
    return render(
        request,
        "agenda.html",
        each=each,
        agenda=conferring.agenda(ask.store, ask.principal, class_id, ask.clock()),
        names=rosters.names(ask.store, ask.principal, each.students),
    )


@router.get("/students/{student_id}/conference")
def conference_sheet(
    request: Request, ask: Ask, student_id: PathId, class_id: str | None = None
) -> HTMLResponse:
    """Show the sheet of a talk with a student, to be printed or filled in here."""
    framework = curricula.curriculum_in_force(ask.store, ask.principal).framework
    now = ask.clock()
    mastery = standing.student_mastery(ask.store, ask.principal, student_id, now)
    return render(
        request,
        "conference.html",
        student_id=student_id,
        sheet=conferring.conference(ask.store, ask.principal, student_id, now, class_id),
        wishes=deciding.wishes(ask.store, ask.principal, student_id),
        framework=framework,
        goals={
            "Competencies": [c.id for c in framework.competencies if is_goal(framework, c.id)],
            "Learning targets": [t.target for t in mastery.targets if t.status != "mastered"],
        },
        formats=sorted({task.format for task in framework.tasks if task.format}),
    )


@router.post("/students/{student_id}/plan", dependencies=[Depends(refuse_other_sites)])
def post_plan(
    ask: Ask,
    student_id: PathId,
    goal: Annotated[str, Form(max_length=200)] = "",
    by: Annotated[str, Form(max_length=10)] = "",
    formats: Annotated[list[Id] | None, Form(max_length=20)] = None,
    reflection: Words = "",
) -> RedirectResponse:
    """Keep what was agreed."""
    said = {"goal": goal or None, "by": by or None, "formats": formats or []}
    plan = validated(PlanIn, {**said, "reflection": reflection})
    conferring.put_plan(ask.store, ask.principal, student_id, plan, ask.clock())
    return RedirectResponse(f"/students/{segment(student_id)}/conference", 303)
