"""What a teacher does on a page: judge a target, withdraw a piece of evidence, undo.

Plain forms without a script; each act leads back to the page it came from.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse

from service.api.asking import Ask
from service.contract import ActIn, Id, Judgement, OverrideIn, Text
from service.guards import PathId, refuse_other_sites, refuse_unknown_query
from service.pages.words import segment
from service.usecases import amending

router = APIRouter(
    include_in_schema=False,
    dependencies=[Depends(refuse_unknown_query), Depends(refuse_other_sites)],
)
FormId = Annotated[Id, Form()]
Reason = Annotated[Text, Form(min_length=1)]
Author = Annotated[str, Form(max_length=200)]


@router.post("/students/{student_id}/targets/{target_id}/override")
def post_override(
    ask: Ask,
    student_id: PathId,
    target_id: PathId,
    status: Annotated[Judgement, Form()],
    reason: Reason,
    author: Author = "",
) -> RedirectResponse:
    """Put the teacher's judgement in place of the estimate."""
    act = OverrideIn(
        student=student_id, target=target_id, status=status, reason=reason, author=author or None
    )
    amending.override(ask.store, ask.principal, act, ask.clock())
    return _back(student_id, target_id)


@router.post("/students/{student_id}/targets/{target_id}/withdrawal")
def post_withdrawal(
    ask: Ask,
    student_id: PathId,
    target_id: PathId,
    evidence: FormId,
    reason: Reason,
    author: Author = "",
) -> RedirectResponse:
    """Take a piece of evidence out of every estimate."""
    act = ActIn(reason=reason, author=author or None)
    amending.withdraw(ask.store, ask.principal, evidence, act, ask.clock())
    return _back(student_id, target_id)


@router.post("/students/{student_id}/undo")
def post_undo(
    ask: Ask,
    student_id: PathId,
    event: FormId,
    reason: Reason = "a mistake",
    author: Author = "",
    target: Author = "",
) -> RedirectResponse:
    """Take back a judgement, a correction or a withdrawal."""
    act = ActIn(reason=reason, author=author or None)
    amending.undo(ask.store, ask.principal, event, act, ask.clock())
    return _back(student_id, target)


def _back(student_id: str, target_id: str = "") -> RedirectResponse:
    path = f"/students/{segment(student_id)}"
    return RedirectResponse(f"{path}/targets/{segment(target_id)}" if target_id else path, 303)
