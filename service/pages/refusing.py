"""A refusal for a person: the facts of the problem details, on a small page with a way back."""

from collections.abc import Iterable, Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.contract import ErrorItem
from service.pages.labels import label, plain
from service.pages.rendering import render

JSON_TYPES = ("application/problem+json", "application/json")


def wants_page(request: Request) -> bool:
    """Whether a person asks, by a browser: it would rather have HTML than JSON.

    What lies under `/v1/` answers in JSON alone, so that is refused in JSON, too.
    """
    wanted = _qualities(request.headers.get("Accept", ""))
    html = wanted.get("text/html", 0.0)
    json = max(wanted.get(kind, 0.0) for kind in JSON_TYPES)
    return html > 0 and html >= json and not request.url.path.startswith("/v1/")


def refusal_page(
    request: Request,
    status: int,
    title: str,
    detail: str,
    errors: Iterable[ErrorItem],
    headers: Mapping[str, str],
) -> HTMLResponse:
    """Return the page of a refusal; every fault is named with its field's label on the page."""
    changing = request.method not in {"GET", "HEAD"}
    faults = list(errors)
    listed = [f for f in faults if f.field] or (faults if len(faults) > 1 else [])
    told = "; see errors" in detail or any(fault.message in detail for fault in listed[:3])
    return render(
        request,
        "problem.html",
        status,
        {"Vary": "Accept", **headers},
        title=title,
        error=status,
        detail="" if listed and told else detail,
        faults=[
            (label(_path(request), f.field, changing) if f.field else "", f.line, plain(f.message))
            for f in listed
        ],
        changing=changing and status < 500,
        back=_way_back(request),
        own=_own_page(request),
    )


def _qualities(accept: str) -> dict[str, float]:
    """Read an Accept header: how much each media type is wanted, 0 to 1 (RFC 9110, 12.5.1)."""
    found = {}
    for part in accept.lower().split(","):
        kind, *parameters = (each.strip() for each in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            found[kind] = float(quality)
        except ValueError:
            found[kind] = 0.0
    return found


def _way_back(request: Request) -> str | None:
    """Return the page of ours that someone came from, `None` where none is told."""
    host, _, came = request.headers.get("Referer", "").partition("://")[2].partition("/")
    ours = host == request.headers.get("Host") and not came.startswith("/")
    reload = request.method == "GET" and f"/{came}".partition("?")[0] == _path(request)
    return f"/{came}" if ours and not reload else None


def _own_page(request: Request) -> str | None:
    """Return the student's own page that was asked for with more than is there."""
    parts = _path(request).split("/")
    own = parts[1:2] == ["students"] and parts[3:4] == ["me"]
    return "/".join(parts[:4]) if own and (len(parts) > 4 or request.url.query) else None


def _path(request: Request) -> str:
    """Return the path as it was sent, an id's escaped slashes and all."""
    return str(request.scope.get("raw_path", b"").decode("latin-1"))
