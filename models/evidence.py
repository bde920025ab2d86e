"""Evidence: one observed performance, and the one order in which evidence is read."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from graphs import Fault, InvalidInput

MOST_TARGETS = 20
"""Learning targets one piece of evidence may speak to; more would say nothing of each."""
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observed performance of one student.

    `score` in [0, 1] is how well it went (1 right, 0 wrong, between: partial credit or a
    rubric level); `None` exactly when the task was `missed`, which is not a wrong answer.
    `level` (from 1) on the named `scale` is kept beside the score it stands for.
    `observed_at` is aware; `position` orders evidence that has no clock. `supersedes` names
    the evidence that this one revises. `duration` is in seconds, `hints` how many were
    taken, `artifact` a link to the work itself. Ratings of the same `work` by several raters
    are one performance.

    Raises `InvalidInput` listing every broken rule.
    """

    id: str
    student: str
    targets: tuple[str, ...]
    score: float | None
    kind: str = "quiz_item"
    task: str | None = None
    observed_at: datetime | None = None
    position: int | None = None
    level: int | None = None
    scale: str | None = None
    missed: bool = False
    attempt: int | None = None
    rater: str | None = None
    duration: float | None = None
    supersedes: str | None = None
    note: str = ""
    hints: int | None = None
    artifact: str | None = None
    work: str | None = None

    def __post_init__(self) -> None:
        faults = [Fault(message, field=field) for field, message in _faults(self)]
        if faults:
            raise InvalidInput(faults)

    @property
    def when(self) -> tuple[datetime, int, str]:
        """The key that orders evidence: by clock, then position, then id.

        Evidence without a clock comes before evidence with one. The key is total, so the
        order in which evidence *arrives* can never matter.
        """
        position = -1 if self.position is None else self.position
        return (self.observed_at or BEFORE_ALL, position, self.id)


def _faults(evidence: Evidence) -> Iterable[tuple[str, str]]:
    if not evidence.id:
        yield "id", "must not be empty"
    if not evidence.student:
        yield "student", "must not be empty"
    if not 1 <= len(evidence.targets) <= MOST_TARGETS:
        yield "targets", f"must name 1 to {MOST_TARGETS} learning targets"
    if len(set(evidence.targets)) < len(evidence.targets):
        yield "targets", "names a learning target twice"
    if evidence.supersedes == evidence.id:
        yield "supersedes", "evidence cannot supersede itself"
    yield from _score_faults(evidence)
    yield from _time_faults(evidence)


def _score_faults(evidence: Evidence) -> Iterable[tuple[str, str]]:
    if evidence.missed and evidence.score is not None:
        yield "missed", "a missed task has no score; missed is not wrong"
    if not evidence.missed and evidence.score is None:
        yield "score", "a score or a level is needed unless the task was missed"
    if evidence.score is not None and not 0 <= evidence.score <= 1:
        yield "score", f"{evidence.score} is not between 0 and 1"


def _time_faults(evidence: Evidence) -> Iterable[tuple[str, str]]:
    observed = evidence.observed_at
    if observed is not None and observed.tzinfo is None:
        yield "observed_at", "a time needs its zone, e.g. 2026-03-02T09:30:00+01:00 or …Z"
    if evidence.duration is not None and not 0 <= evidence.duration < math.inf:
        yield "duration", f"{evidence.duration} is not a number of seconds"
    if evidence.hints is not None and evidence.hints < 0:
        yield "hints", f"{evidence.hints} is not a number of hints"


def in_order(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return evidence in reading order, each id once.

    Raises `InvalidInput` when one id stands for two different pieces of evidence.
    """
    by_id: dict[str, Evidence] = {}
    for piece in evidence:
        if by_id.setdefault(piece.id, piece) != piece:
            message = f"{piece.id!r} stands for two different pieces of evidence"
            raise InvalidInput([Fault(message, field="id")])
    return tuple(sorted(by_id.values(), key=lambda piece: piece.when))


def in_force(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence an estimate rests on, in reading order.

    What a revision of the same student supersedes is left out, and so is what was missed:
    a missed task says nothing about mastery, not even when it revises another. Where
    revisions run in a circle by mistake, the latest of them stays. Several ratings of the
    same work are one piece, under the first one's id, at the mean of their scores; its level
    is kept where all raters agree on it.
    """
    return tuple(_as_one(ratings) for ratings in performances(evidence))


def performances(evidence: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """Return what is in force as performances in reading order, each with its ratings.

    Ratings belong together when they are of the same student, work and targets.
    """
    scored = [piece for piece in in_order(evidence) if not piece.missed]
    revises = {(p.student, p.id): (p.student, p.supersedes) for p in scored if p.supersedes}
    revised = set(revises.values()) - set(_ends_of_circles(revises))
    found: dict[tuple[str, ...], list[Evidence]] = {}
    for piece in scored:
        key = (piece.student, piece.id)
        if key not in revised:
            rated = piece.work and (piece.student, piece.work, *sorted(piece.targets))
            found.setdefault(rated or key, []).append(piece)
    return tuple(tuple(ratings) for ratings in found.values())


def _as_one(ratings: tuple[Evidence, ...]) -> Evidence:
    if len(ratings) == 1:
        return ratings[0]
    scores = [rating.score or 0.0 for rating in ratings]  # in force means scored
    mean = math.fsum(scores) / len(scores)  # fsum: the order of the raters cannot matter
    judged = {(rating.level, rating.scale) for rating in ratings}
    level, scale = judged.pop() if len(judged) == 1 else (None, None)
    return replace(ratings[0], score=mean, level=level, scale=scale, rater=None)


Key = tuple[str, str]


def _ends_of_circles(revises: Mapping[Key, Key]) -> Iterator[Key]:
    """Yield the latest piece of each circle of revisions that nothing outside it revises.

    `revises` is in reading order. Each link is followed once.
    """
    order = {key: i for i, key in enumerate(revises)}
    seen: set[Key] = set()
    for start in revises:
        path: dict[Key, int] = {}
        here = start
        while here in revises and here not in seen:
            seen.add(here)
            path[here] = len(path)
            here = revises[here]
        if here in path:
            circle = [key for key, i in path.items() if i >= path[here]]
            latest = max(circle, key=order.__getitem__)
            if all(key in circle for key, old in revises.items() if old == latest):
                yield latest
