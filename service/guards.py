"""What stands before every request: size, host, token, headers."""

import base64
import binascii
import secrets

from fastapi import HTTPException, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access import LOCAL, Principal
from service.problems import problem
from service.settings import Settings

# Pages hold no script and load nothing from elsewhere; answers about students are not kept
# by browsers or proxies.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
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
                answer = problem(413, f"a request body may have {self._most} bytes")
                await answer(scope, receive, send)
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


def refuse_unknown_query(request: Request) -> None:
    """Refuse a query parameter that no one would read: it is usually a misspelt one."""
    route = request.scope["route"]
    known = {field.alias for field in route.dependant.query_params}
    for name in request.query_params:
        if name not in known:
            raise HTTPException(422, f"there is no query parameter {name!r} here")


def _sent_token(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
