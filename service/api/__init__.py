"""The REST API under `/v1`: each route loads, calls a use case, and answers."""

from typing import Any

from fastapi import APIRouter, Depends

from service.api import (
    agreement,
    classes,
    curricula,
    decisions,
    evidence,
    groups,
    health,
    prediction,
    students,
)
from service.contract import Problem
from service.guards import refuse_unknown_query

_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
    for code, text in {
        401: "The token is missing or wrong",
        404: "An id names nothing",
        409: "In conflict with what is stored",
        413: "The body is too large",
        422: "The input breaks a rule",
    }.items()
}


def api_router() -> APIRouter:
    """Return every route of the API."""
    root = APIRouter(dependencies=[Depends(refuse_unknown_query)])
    version_1 = APIRouter(prefix="/v1", responses=_REFUSALS)
    for part in (curricula, classes, groups, students, decisions, evidence, agreement, prediction):
        version_1.include_router(part.router)
    root.include_router(version_1)
    root.include_router(health.router)
    return root
