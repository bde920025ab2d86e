"""Refusals, and the state of the service."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from service.contract.base import Answer


class ErrorItem(BaseModel):
    """One fault: where in the request, and which rule."""

    field: str | None = None
    line: int | None = None
    message: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorItem] = Field(default_factory=list)


class Health(Answer):
    """State of the service."""

    status: Literal["ok", "not_ready"]
    detail: dict[str, Any] = Field(default_factory=dict)
