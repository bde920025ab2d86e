"""What a student says to their choices, and takes back again: one click, without a script."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse

from service.api.asking import Ask
from service.contract import ActIn, DecisionForm, DecisionIn, Id, Text, validated
from service.guards import PathId, refuse_other_sites, refuse_unknown_query
from service.pages.words import WHY_WORDS, segment
from service.usecases import deciding

router = APIRouter(
    include_in_schema=False,
    dependencies=[Depends(refuse_unknown_query), Depends(refuse_other_sites)],
)


@router.post("/students/{student_id}/me/decisions")
def post_decision(
    ask: Ask, student_id: PathId, form: Annotated[DecisionForm, Form()]
) -> RedirectResponse:
    """Keep what the student took, declined with a word for it, or wishes for instead."""
    declined = form.said in WHY_WORDS
    offered = zip(form.offered, form.purposes, strict=False)
    decision = validated(
        DecisionIn,
        {
            "student": student_id,
            "recommendation_id": form.recommendation_id,
            "offered": [{"option": each, "purpose": purpose} for each, purpose in offered],
            "said": "declined" if declined else form.said,
            "option": form.option or None,
            "why": form.said if declined else "",
            "words": form.words,
            "goal": form.goal or None,
            "author": student_id,
        },
    )
    deciding.decide(ask.store, ask.principal, decision, ask.clock())
    return RedirectResponse(f"/students/{segment(student_id)}/me", 303)


@router.post("/students/{student_id}/me/decisions/undo")
def post_own_undo(
    ask: Ask, student_id: PathId, decision: Annotated[Id, Form()]
) -> RedirectResponse:
    """Take back what the student, or someone for them, said to a choice."""
    act = ActIn(reason="changed my mind", author=student_id)
    deciding.undo(ask.store, ask.principal, decision, act, ask.clock(), student_id)
    return RedirectResponse(f"/students/{segment(student_id)}/me", 303)


@router.post("/students/{student_id}/decisions/undo")
def post_undo(
    ask: Ask,
    student_id: PathId,
    decision: Annotated[Id, Form()],
    reason: Annotated[Text, Form(min_length=1)] = "offered again by the teacher",
) -> RedirectResponse:
    """Take back a decision on a student's choices from the teacher's page."""
    act = ActIn(reason=reason)
    deciding.undo(ask.store, ask.principal, decision, act, ask.clock(), student_id)
    return RedirectResponse(f"/students/{segment(student_id)}", 303)
