"""Queries on documents: immutable, versioned values, and which of each kind is in force."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, insert, select

from service.store.connection import Unit
from service.store.schema import active, documents
from service.store.times import microseconds

DocumentKind = Literal["curriculum", "model", "policy", "alert_model", "starts"]


def put_document(
    unit: Unit, kind: DocumentKind, version: str, body: Mapping[str, Any], now: datetime
) -> None:
    """Keep a document and put it in force; the same version again changes nothing."""
    key = {"district": unit.district, "kind": kind, "version": version}
    if _body(unit, kind, version) is None:
        text = json.dumps(body, ensure_ascii=False)
        row = {**key, "body": text, "recorded_at": microseconds(now)}
        unit.connection.execute(insert(documents).values(row))
    mine = (active.c.district == unit.district) & (active.c.kind == kind)
    unit.connection.execute(delete(active).where(mine))
    unit.connection.execute(insert(active).values(key))


def active_versions(unit: Unit) -> dict[str, str]:
    """Return the version in force of each kind of document."""
    query = select(active.c.kind, active.c.version).where(active.c.district == unit.district)
    return {row.kind: row.version for row in unit.connection.execute(query)}


def get_document(unit: Unit, kind: DocumentKind, version: str) -> dict[str, Any]:
    """Return one document; it must exist."""
    body = _body(unit, kind, version)
    if body is None:
        raise KeyError((kind, version))
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def _body(unit: Unit, kind: str, version: str) -> str | None:
    query = select(documents.c.body).where(
        documents.c.district == unit.district,
        documents.c.kind == kind,
        documents.c.version == version,
    )
    body: str | None = unit.connection.execute(query).scalar_one_or_none()
    return body
