"""What a student says to their choices, on their own page: one click, without a script."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse

from service.api.asking import Ask
from service.contract import DecisionForm, DecisionIn, validated
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
