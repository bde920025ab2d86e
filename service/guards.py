"""What stands before every request: size, host, token, headers."""

import base64
import re
import secrets
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import unquote

from fastapi import HTTPException, Path, Request
from fastapi.dependencies.models import Dependant
from pydantic import AfterValidator
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphs import Fault, InvalidInput
from service.principal import LOCAL, Principal
from service.problems import answer
from service.settings import Settings

# Pages hold no script and load nothing from elsewhere; answers about students are not kept
# by browsers or proxies.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",  # so that a browser says where a form came from
    "X-Content-Type-Options": "nosniff",
}


class SafeHeaders:
    """ASGI layer that adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)


SLASH = "\ue000"
"""Stands for an escaped slash while a path is routed; no usable id holds this character."""

PathId = Annotated[str, Path(), AfterValidator(lambda text: text.replace(SLASH, "/"))]
"""An id in a path; ids are opaque and may hold slashes, sent as `%2F`."""


class WholeIds:
    """ASGI layer that keeps an id with a slash whole.

    Servers unescape a path before it is routed, which would cut such an id in two.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route by the path as it was sent, its escaped slashes set aside."""
        parts = re.split("%2f", scope.get("raw_path", b"").decode("latin-1"), flags=re.IGNORECASE)
        if len(parts) > 1:
            scope["path"] = SLASH.join(map(unquote, parts))
        await self._app(scope, receive, send)


class KnownHosts:
    """ASGI layer that refuses a request addressed to a host name this service does not have.

    A page of another site whose name was made to lead here (DNS rebinding) is stopped by it.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._app = app
        self._allowed = list(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on where its host is known."""
        known = scope["type"] == "lifespan"

        async def note(_scope: Scope, _receive: Receive, _send: Send) -> None:
            nonlocal known
            known = True

        async def unsaid(_message: Message) -> None:
            """Drop the library's own refusal, which is plain text."""

        if not known:
            check = TrustedHostMiddleware(note, self._allowed, www_redirect=False)
            await check(scope, receive, unsaid)
        if known:
            await self._app(scope, receive, send)
        else:
            await answer(Request(scope), 400, _unknown_host(scope))(scope, receive, send)


def _unknown_host(scope: Scope) -> str:
    name = Headers(scope=scope).get("host", "")[:100]
    return (
        f"this service does not answer to the host name {name!r}; whoever runs it can add the name"
        " to FOOTPATH_HOSTS"
    )


class BodyLimit:
    """ASGI layer that refuses a body of more than `most` bytes, declared or not."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then hand it on whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, size, more = [], 0, True
        while more:
            message = await receive()
            body.append(message)
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
            if size > self._most:
                said = f"a request body may have at most {self._most} bytes"
                await answer(Request(scope), 413, said)(scope, receive, send)
                return
        waiting = iter(body)

        async def replayed() -> Message:
            return next(waiting, None) or await receive()

        await self._app(scope, replayed, send)


def principal_of(request: Request) -> Principal:
    """Return who is asking; with a token set, refuses a request that does not carry it.

    The token comes as `Authorization: Bearer …`, or as the password of HTTP Basic, which
    is what a browser can send.
    """
    settings: Settings = request.app.state.settings
    if settings.token is None:
        return LOCAL
    sent = _sent_token(request.headers.get("Authorization", ""))
    if not secrets.compare_digest(sent.encode(), settings.token.get_secret_value().encode()):
        challenge = {"WWW-Authenticate": 'Bearer, Basic realm="Footpath", charset="UTF-8"'}
        raise HTTPException(401, "send the service's token", headers=challenge)
    return Principal("token")


def refuse_other_sites(request: Request) -> None:
    """Refuse a form that a page of another site sent in the name of whoever reads it.

    Browsers say where a form comes from; other clients, which carry nobody's rights by
    themselves, need not.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    ours = origin is None or origin.partition("://")[2] == request.headers.get("Host")
    if site not in {"same-origin", "none"} or not ours:
        raise HTTPException(403, "a form must come from a page of this service")


def refuse_unknown_query(request: Request) -> None:
    """Refuse a query parameter that no one would read: it is usually a misspelt one."""
    known = _query_parameters(request.scope["route"].dependant)
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise InvalidInput(Fault("there is no such query parameter", field=n) for n in unknown)


def _query_parameters(dependant: Dependant) -> set[str]:
    """Return the query parameters of a route and of what it depends on."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*map(_query_parameters, dependant.dependencies))


def _sent_token(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:  # not base64, or not UTF-8
            return ""
    return ""
