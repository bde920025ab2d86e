"""Evidence from a source that keeps only its latest word: what changed becomes a revision.

A gradebook is sent again and again. A mark that is new is new evidence; one that has
changed revises what the same cell said before; one that has not changed adds nothing. The
first piece has the source's own id, its revisions that id with `#2`, `#3` … behind it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models import Evidence
from service.store import Unit, evidence


def as_revisions(unit: Unit, pieces: Sequence[Evidence]) -> list[Evidence]:
    """Return the pieces that say something new, as revisions where something was said before.

    A piece without a time says nothing new by itself of when it was.
    """
    latest = _latest(unit, {piece.id for piece in pieces})
    found: list[Evidence] = []
    for piece in pieces:
        before, number = latest.get(piece.id, (None, 0))
        if before is None:
            found.append(piece)
        elif not _same(piece, before):
            new = numbered(piece.id, number + 1)
            found.append(replace(piece, id=new, supersedes=before.id))
    return found


def numbered(first: str, number: int) -> str:
    """Return the id of the n-th piece that a source sent under one id."""
    return first if number == 1 else f"{first}#{number}"


def _same(piece: Evidence, before: Evidence) -> bool:
    """Say whether a piece says what the latest one under its id said."""
    if piece == before:
        return True
    when = piece.observed_at or before.observed_at
    return replace(piece, id=before.id, supersedes=before.supersedes, observed_at=when) == before


def _latest(unit: Unit, firsts: Iterable[str]) -> dict[str, tuple[Evidence, int]]:
    """Return the latest stored piece under each id, and which in its row it is."""
    latest: dict[str, tuple[Evidence, int]] = {}
    asked, number = set(firsts), 1
    while asked:
        rows = evidence.rows_by_id(unit, {numbered(first, number) for first in asked})
        known = {id_: evidence.evidence_of(row) for id_, row in rows.items()}
        asked = {first for first in asked if numbered(first, number) in known}
        latest |= {first: (known[numbered(first, number)], number) for first in asked}
        number += 1
    return latest
