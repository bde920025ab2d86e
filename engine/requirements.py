"""Whether the evidence suffices: the one place where evidence requirements are applied.

A target has enough evidence once every rule on it is met; where the curriculum has none, the
policy's `min_evidence` pieces are asked for. Because the rules are followed step by step
along each student's trail, it is also known whether mastery was ever reached with enough
evidence behind it: a lucky first answer is no mastery that could fade.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.policy import Policy
from engine.reasons import Reason
from graphs import Curriculum, Framework, Requirement
from graphs.requirements import least_score, scale_of
from models import Trail

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
SESSION_GAP = 10 * 3600.0
"""Seconds without evidence that end a session: longer than a school day's breaks, shorter
than a night. So a day is a day in every time zone."""
ROUNDING = 1e-9
RIGHT = 0.75
"""Score from which a piece counts as right in a row: level 4 of 4, or most of the points."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a board has seen, bool[S, T]: `enough` evidence now; mastery reached `once` with it."""

    enough: Mask
    once: Mask


def seen(
    curriculum: Curriculum,
    policy: Policy,
    bar: float,
    trails: Sequence[Trail],
    sure: Mask | None = None,
) -> Seen:
    """Follow the trails of S students and say where the requirements are met.

    `bar` is the P(mastered) from which a target counts as mastered, where the model alone is
    `sure` of it, bool[T] (everywhere by default); elsewhere so many right in a row are asked
    for besides (`enough_in_a_row`).
    """
    targets = curriculum.graph.targets
    steps = _steps(curriculum, trails)
    met = np.ones(len(steps.cell), dtype=np.bool_)
    for rule, places in _rules(curriculum, policy).items():
        asked = np.isin(steps.column, places)
        pieces, sessions = _counted(curriculum.framework, rule, steps, asked)
        met &= ~asked | ((pieces >= rule.pieces) & (sessions >= rule.sessions))
    size = len(trails) * len(targets)
    enough, once = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    enough[steps.cell] = met  # of a repeated cell the last step stays, as numpy promises
    claimed = met & (steps.p >= bar)
    if sure is not None:
        claimed &= sure[steps.column] | (_in_a_row(steps) >= policy.enough_in_a_row)
    once[steps.cell[claimed]] = True
    shape = (len(trails), len(targets))
    return Seen(enough.reshape(shape), once.reshape(shape))


def missing(
    curriculum: Curriculum, policy: Policy, trail: Trail, target: str
) -> tuple[Reason, ...]:
    """Say what evidence one student still lacks on one target; empty when there is enough."""
    steps = _steps(curriculum, [trail])
    column = curriculum.graph.position[target]
    reasons = []
    for rule in _rules_on(curriculum, policy, target):
        pieces, sessions = _counted(curriculum.framework, rule, steps, steps.column == column)
        mine = np.flatnonzero(steps.column == column)
        have = (int(pieces[mine[-1]]), int(sessions[mine[-1]])) if len(mine) else (0, 0)
        words = _words(curriculum.framework, rule)
        if have[0] < rule.pieces:
            reasons.append(Reason("needs_pieces", (target,), (), rule.pieces - have[0], words))
        if have[1] < rule.sessions and rule.sessions > 1:
            reasons.append(Reason("needs_sessions", (target,), (), rule.sessions - have[1], words))
    return tuple(reasons)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps of all trails, sorted by cell (row × T + column), in reading order within."""

    cell: Ints
    column: Ints
    kind: Ints
    kinds: tuple[str, ...]
    when: Floats
    score: Floats
    p: Floats


def _steps(curriculum: Curriculum, trails: Sequence[Trail]) -> _Steps:
    position = curriculum.graph.position
    numbered: dict[str, int] = {}
    cells, columns, kinds = [], [], []
    for row, trail in enumerate(trails):
        places = np.array([position.get(t, -1) for t in trail.targets], dtype=np.int64)
        codes = [numbered.setdefault(kind, len(numbered)) for kind in trail.kinds]
        column = places[trail.steps["target"]]
        columns.append(column)
        cells.append(np.where(column < 0, -1, row * len(position) + column))
        kinds.append(np.array(codes, dtype=np.int64)[trail.steps["kind"]])
    none = np.empty(0, dtype=np.int64)
    cell = np.concatenate([none, *cells])
    order = np.argsort(cell, kind="stable")
    order = order[cell[order] >= 0]  # a target outside the curriculum asks for nothing
    walked = [trail.steps for trail in trails]
    when, score, p = (
        np.concatenate([np.empty(0), *(steps[name] for steps in walked)])[order]
        for name in ("when", "score", "p")
    )
    column, kind = np.concatenate([none, *columns])[order], np.concatenate([none, *kinds])[order]
    return _Steps(cell[order], column, kind, tuple(numbered), when, score, p)


def _counted(
    framework: Framework, rule: Requirement, steps: _Steps, asked: Mask
) -> tuple[Ints, Ints]:
    """Return how many pieces and sessions that a rule counts there were up to each step."""
    wanted = [not rule.kinds or kind in rule.kinds for kind in steps.kinds]
    good = steps.score >= least_score(framework, rule) - ROUNDING
    counts = asked & good & np.array(wanted, dtype=np.bool_)[steps.kind]
    return _running(steps.cell, counts), _running(steps.cell, _opens_session(steps, counts))


def _opens_session(steps: _Steps, counts: Mask) -> Mask:
    """Whether a counted step opens a session; steps without a clock are one session."""
    opens = np.zeros(len(counts), dtype=np.bool_)
    places = np.flatnonzero(counts)
    if len(places):
        cell, when = steps.cell[places], steps.when[places]
        apart = ~(np.diff(when) < SESSION_GAP) & ~(np.isnan(when[1:]) & np.isnan(when[:-1]))
        opens[places] = np.r_[True, (cell[1:] != cell[:-1]) | apart]
    return opens


def _in_a_row(steps: _Steps) -> Ints:
    """Return how many pieces of the cell were right in a row up to each step, int64."""
    place = np.arange(len(steps.cell))
    first = np.r_[True, steps.cell[1:] != steps.cell[:-1]][: len(place)]
    before = np.where(steps.score < RIGHT, place, np.where(first, place - 1, -1))
    row: Ints = place - np.maximum.accumulate(before)
    return row


def _running(cell: Ints, counts: Mask) -> Ints:
    """Return the running count within each cell, int64."""
    total = np.cumsum(counts)
    first = np.r_[True, cell[1:] != cell[:-1]] if len(cell) else np.empty(0, dtype=np.bool_)
    before = np.where(first, total - counts, 0)
    running: Ints = total - np.maximum.accumulate(before)
    return running


def _rules(curriculum: Curriculum, policy: Policy) -> Mapping[Requirement, list[int]]:
    """Return each distinct rule and the columns it is asked of."""
    found: dict[Requirement, list[int]] = {}
    usual, required = _usual(policy), curriculum.framework.required
    for column, target in enumerate(curriculum.graph.targets):
        for rule in required.get(target, usual):
            anywhere = rule if rule in usual else replace(rule, target=None, competency=None)
            found.setdefault(anywhere, []).append(column)
    return found


def _rules_on(curriculum: Curriculum, policy: Policy, target: str) -> Sequence[Requirement]:
    return curriculum.framework.required.get(target, _usual(policy))


def _usual(policy: Policy) -> tuple[Requirement, ...]:
    return (Requirement(pieces=policy.min_evidence),)


def _words(framework: Framework, rule: Requirement) -> str:
    """Say what a rule counts: its kinds, and the level it asks for."""
    kinds = " or ".join(framework.kind(kind).text.lower() for kind in rule.kinds)
    scale = scale_of(framework, rule)
    level = ""
    if rule.level is not None and scale is not None:
        level = f"“{scale.levels[rule.level - 1]}” or better"
    said = ", ".join(filter(None, [kinds, level]))
    return f" ({said})" if said else ""
