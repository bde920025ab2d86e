"""Every refusal over HTTP: a page for a person, problem details (RFC 9457) for a program."""

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.groups import Clash, OutOfTime
from graphs import FootpathError, InvalidInput, UnknownId
from service.contract import ErrorItem, Problem
from service.pages.refusing import refusal_page, wants_page
from service.school import NothingYet
from service.store import StoreTrouble
from service.usecases.amending import EventConflict, TakenBackBefore
from service.usecases.conferring import SubmissionConflict
from service.usecases.deciding import DecisionConflict, UndoneBefore
from service.usecases.recording import EvidenceConflict
from service.usecases.supporting import AnswerConflict

log = logging.getLogger("footpath")
MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100
"""Faults listed in one answer: enough to mend a batch, never megabytes."""

TITLES: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "A valid token is needed",
    403: "This is not allowed",
    404: "Not found",
    405: "This method is not allowed here",
    409: "In conflict with what is stored",
    413: "The request is too large",
    415: "This media type is not accepted",
    422: "The input breaks a rule",
    503: "The service is not able to answer now",
    500: "Something went wrong on our side",
}
TAKEN_BACK = ("Taken back before", "This was taken back already: nothing is left to do.")
# Title and sentence for a person where the detail is written for a program, ids and all.
PLAINLY: Mapping[type[FootpathError], tuple[str, str]] = {
    UndoneBefore: TAKEN_BACK,
    TakenBackBefore: TAKEN_BACK,
}
OTHERWISE = "The request was refused"

# Error classes and their status, most specific first.
STATUSES: tuple[tuple[type[FootpathError], int], ...] = (
    (UnknownId, 404),
    (EvidenceConflict, 409),
    (EventConflict, 409),
    (AnswerConflict, 409),
    (SubmissionConflict, 409),
    (DecisionConflict, 409),
    (NothingYet, 409),
    (StoreTrouble, 503),
    (OutOfTime, 503),
    (Clash, 422),
    (InvalidInput, 422),
)


def problem(
    status: int,
    detail: str,
    errors: Iterable[ErrorItem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem-details answer."""
    title = TITLES.get(status, OTHERWISE)
    body = Problem(
        type=f"urn:footpath:problem:{status}",
        title=title,
        status=status,
        detail=detail,
        errors=list(errors)[:MOST_ERRORS],
    )
    return JSONResponse(body.model_dump(), status, dict(headers or {}), MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make an app answer every refusal with problem details."""
    handlers: dict[type[Exception], Callable[[Request, Any], Response]] = {
        FootpathError: _on_footpath_error,
        RequestValidationError: _on_request_error,
        HTTPException: _on_http_error,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)


def answer(
    request: Request,
    status: int,
    detail: str,
    errors: Iterable[ErrorItem] = (),
    headers: Mapping[str, str] | None = None,
    plainly: tuple[str, str] | None = None,
) -> Response:
    """Answer a person with a page, a program with problem details.

    `plainly` is the title and the sentence for a person, where they differ.
    """
    if not wants_page(request):
        return problem(status, detail, errors, {"Vary": "Accept", **(headers or {})})
    title, said = plainly or (TITLES.get(status, OTHERWISE), detail)
    return refusal_page(request, status, title, said, list(errors)[:MOST_ERRORS], headers or {})


def _on_footpath_error(request: Request, error: FootpathError) -> Response:
    status = next(code for kind, code in STATUSES if isinstance(error, kind))
    faults = error.faults if isinstance(error, InvalidInput | Clash) else ()
    items = [ErrorItem(field=f.field, line=f.line, message=f.message) for f in faults]
    if isinstance(error, Clash):
        return answer(request, status, str(error), items)
    detail = str(error) if not items else f"{len(items)} faults; see errors"
    said = detail if len(items) != 1 else str(faults[0])
    return answer(request, status, said, items, plainly=PLAINLY.get(type(error)))


def _on_request_error(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    kind = request.headers.get("Content-Type", "")
    if request.url.path.startswith("/v1/") and _whole_body(found) and not _is_json(kind):
        return answer(
            request, 415, f"send JSON as application/json, not {kind or 'without a type'}"
        )
    if any(each["type"] == "json_invalid" for each in found):
        return answer(request, 400, f"not valid JSON: {found[0].get('ctx', {}).get('error', '')}")
    items = [ErrorItem(field=_field(each["loc"]), message=each["msg"]) for each in found]
    detail = "; ".join(f"{i.field or 'body'}: {i.message}" for i in items[:3])
    return answer(request, 422, detail, items)


def _whole_body(found: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether the body as such was refused, not a field in it."""
    return any(tuple(each["loc"]) == ("body",) for each in found)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _on_http_error(request: Request, error: HTTPException) -> Response:
    return answer(request, error.status_code, str(error.detail), headers=error.headers)


class Surprises:
    """ASGI layer that answers an unexpected error and logs it without anyone's data.

    Paths and messages may hold a student's id, so only the route's template, the kind of
    error and the lines of code it came through are logged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; whatever is raised ends here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001  # the last place where it can be answered
            route = getattr(scope.get("route"), "path", "unknown route")
            lines = "".join(traceback.format_tb(error.__traceback__))
            log.error("unexpected %s in %s\n%s", type(error).__name__, route, lines)  # noqa: TRY400
            if not started:
                said = answer(Request(scope), 500, "the error was logged; nothing was stored")
                await said(scope, receive, send)


def _field(location: Iterable[object]) -> str | None:
    parts = [str(part) for part in location]
    inside = parts[1:] if parts and parts[0] in {"body", "query", "path"} else parts
    return ".".join(inside) or None
