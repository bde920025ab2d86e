"""What a student says to their choices, on their own page: one click, without a script."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse

from service.api.asking import Ask
from service.contract import DecisionIn, Id, Text, validated
from service.guards import PathId, refuse_other_sites, refuse_unknown_query
from service.pages.words import WHY_WORDS, segment
from service.usecases import deciding

router = APIRouter(
    include_in_schema=False,
    dependencies=[Depends(refuse_unknown_query), Depends(refuse_other_sites)],
)
Words = Annotated[str, Form(max_length=500)]


@router.post("/students/{student_id}/me/decisions")
def post_decision(
    ask: Ask,
    student_id: PathId,
    recommendation_id: Annotated[Id, Form()],
    offered: Annotated[list[str], Form(max_length=10)],
    purposes: Annotated[list[str], Form(max_length=10)],
    said: Words,
    option: Words = "",
    goal: Words = "",
    words: Annotated[Text, Form()] = "",
) -> RedirectResponse:
    """Keep what the student took, declined with a word for it, or wishes for instead."""
    declined = said in WHY_WORDS
    decision = validated(
        DecisionIn,
        {
            "student": student_id,
            "recommendation_id": recommendation_id,
            "offered": [
                {"option": each, "purpose": purpose}
                for each, purpose in zip(offered, purposes, strict=False)
            ],
            "said": "declined" if declined else said,
            "option": option or None,
            "why": said if declined else "",
            "words": words,
            "goal": goal or None,
            "author": student_id,
        },
    )
    deciding.decide(ask.store, ask.principal, decision, ask.clock())
    return RedirectResponse(f"/students/{segment(student_id)}/me", 303)
