"""Templates into answers; the only module that knows Jinja2."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine import percent
from engine.durations import duration, duration_between
from engine.pathway_reasons import between
from service.pages.words import (
    ACT_WORDS,
    ALONE_WORDS,
    CAUSE_WORDS,
    GROUP_WORDS,
    JUDGEMENTS,
    NOT_COUNTED_WORDS,
    PLACE_WORDS,
    PURPOSE_WORDS,
    SAID_WORDS,
    STATUS_WORDS,
    TIER_WORDS,
    WHY_WORDS,
    evidence_words,
    goal_words,
    segment,
    spoken,
)

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    percent=percent,
    segment=segment,
    spoken=spoken,
    went=evidence_words,
    between=between,
    duration=duration,
    duration_between=duration_between,
    goal=goal_words,
)
_environment.globals.update(
    why_words=WHY_WORDS,
    status_words=STATUS_WORDS,
    cause_words=CAUSE_WORDS,
    act_words=ACT_WORDS,
    alone_words=ALONE_WORDS,
    group_words=GROUP_WORDS,
    judgements=JUDGEMENTS,
    not_counted_words=NOT_COUNTED_WORDS,
    place_words=PLACE_WORDS,
    purpose_words=PURPOSE_WORDS,
    said_words=SAID_WORDS,
    tier_words=TIER_WORDS,
)


def render(
    request: Request,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Render a template; a name that a template uses and nobody gave is an error."""
    text = _environment.get_template(template).render(path=request.url.path, **values)
    return HTMLResponse(text, status, headers)
