"""What evidence that was sent means in a framework: its targets, its kind and its score.

API, files and history all read what they are given through `meaning_of`, so that the same
words mean the same wherever they come in.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from graphs import Fault, Framework, InvalidInput, Scale
from service.contract import EvidenceIn
from service.store.times import microseconds

CLOCKS_DIFFER = timedelta(days=1)
"""How far ahead of ours a sender's clock, or its time zone, may be."""
SAME_SCORE = 1e-9
"""A score that comes with its level is that level's, but for rounding on the way."""


class Said(NamedTuple):
    """The part of sent evidence that a framework gives its meaning."""

    targets: tuple[str, ...] = ()
    task: str | None = None
    kind: str | None = None
    score: float | None = None
    level: int | None = None
    scale: str | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Targets, kind and score in [0, 1] (`None` when missed), and the scale of a level."""

    targets: tuple[str, ...]
    kind: str
    score: float | None
    scale: str | None


def said_in(sent: EvidenceIn) -> Said:
    """Return the part of sent evidence that a framework gives its meaning."""
    return Said(
        tuple(sent.targets), sent.task, sent.kind, sent.score, sent.level, sent.scale, sent.missed
    )


def meaning_of(framework: Framework, said: Said) -> Meaning:
    """Read what was said in a framework.

    Raises `InvalidInput` naming the fields: an unknown target, kind or scale, a level outside
    its scale, none or several of score, level and missed.
    """
    task = framework.task(said.task) if said.task and framework.has_task(said.task) else None
    targets = said.targets or (task.targets if task else ())
    kind = said.kind or (task.kind if task else framework.kinds[0].id)
    faults = [*_target_faults(framework, said, targets), *_kind_faults(framework, kind)]
    scale = _scale(framework, said, faults)
    score = _score(said, scale, faults)
    if faults:
        raise InvalidInput(faults)
    return Meaning(targets, kind, score, scale.id if scale and said.level is not None else None)


def yet_to_come(observed_at: datetime | None, now: datetime | None) -> str | None:
    """Say what is wrong with a moment that lies ahead of `now`; `None` when nothing is."""
    if now and observed_at and observed_at > now + CLOCKS_DIFFER:
        return f"{observed_at:%Y-%m-%d} is yet to come"
    return None


# The fields that make two pieces of evidence the same, in the order they are hashed in.
CONTENT = (
    "student", "targets", "task", "kind", "score", "level", "scale", "missed", "observed_at",
    "position", "attempt", "rater", "duration", "hints", "artifact", "work", "supersedes", "note",
)  # fmt: skip


def content_id(texts: Iterable[str]) -> str:
    """Derive an id from the `content_text` of every field of `CONTENT`, in that order.

    Sending equal content twice gives equal ids, so it counts once.
    """
    return "e-" + hashlib.sha256("\0".join(texts).encode()).hexdigest()[:24]  # no text holds NUL


def content_text(value: object) -> str:
    """Write one field for `content_id`: equal values alike, nothing for what was not said."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | tuple):
        return "~".join(value)
    if isinstance(value, datetime):
        return str(microseconds(value))
    return "" if value is None else str(value)


def id_of(sent: EvidenceIn) -> str:
    """Return the id that was sent, or one from the content."""
    return sent.id or content_id(content_text(getattr(sent, name)) for name in CONTENT)


def _target_faults(framework: Framework, said: Said, targets: Sequence[str]) -> Iterator[Fault]:
    for i, target in enumerate(said.targets):
        if not framework.has_target(target):
            yield Fault(f"there is no learning target {target!r}", field=f"targets.{i}")
    if not targets and said.task:
        yield Fault(
            f"there is no task {said.task!r}, and no learning target is named", field="task"
        )
    elif not targets:
        yield Fault("a learning target is needed, or a task that has some", field="targets")
    if len(set(targets)) < len(targets):
        yield Fault("names a learning target twice", field="targets")


def _kind_faults(framework: Framework, kind: str) -> Iterator[Fault]:
    if not framework.has_kind(kind):
        yield Fault(f"there is no evidence kind {kind!r}", field="kind")


def _scale(framework: Framework, said: Said, faults: list[Fault]) -> Scale | None:
    """Return the scale that is named, or the first one when none is."""
    scale = next((s for s in framework.scales if said.scale in {None, s.id}), None)
    if scale is None and said.scale is not None:
        faults.append(Fault(f"there is no scale {said.scale!r}", field="scale"))
    return scale


def _score(said: Said, scale: Scale | None, faults: list[Fault]) -> float | None:
    """Return the score that was said, or the one that a level stands for."""
    read = scale.score(said.level) if scale and said.level is not None else None
    agree = read is not None and said.score is not None and abs(said.score - read) <= SAME_SCORE
    ways = (said.score is not None) + (said.level is not None) + said.missed
    if ways - agree != 1:
        rule = "exactly one of score, level and missed must say how it went"
        faults.append(Fault(rule, field="score"))
    elif said.level is not None and read is None:
        faults += _level_faults(said, scale)
    return said.score if said.level is None else read


def _level_faults(said: Said, scale: Scale | None) -> Iterator[Fault]:
    if scale is not None:
        top = f"{scale.id!r}, which has 1 to {len(scale.levels)}"
        yield Fault(f"{said.level} is not a level of {top}", field="level")
    elif said.scale is None:
        yield Fault("there is no scale to read a level on", field="level")
