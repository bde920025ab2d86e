"""The pathway of a student to a goal: checkpoints in order, what they take, and the pace.

A goal is a learning target or a competency (all its targets). Its checkpoints are the targets
still to be met on the way: a prerequisite until the policy counts it as met, a target of the
goal until it is mastered. How many opportunities N a checkpoint takes is the first passage of the
mastery model's own belief over its bar (`models.passage`); with m the mean minutes of an
opportunity and v their variance between tasks,

    E[minutes] = E[N] m        Var[minutes] = E[N] v + Var[N] m²

(a task on several targets of the way is shared between them).
Sums over the checkpoints have the sum of the means and

    Var = (1 − TOGETHER) Σ σ² + TOGETHER (Σ σ)²

since one student is quick, or slow, on all of them alike. Intervals are central ones of the gamma
distribution with that mean and variance, from the fewest that the evidence still asked for
allows. The student's *rhythm* are their opportunities a week of late; once nothing has come for
`inactive_days` it is an old rhythm, and no weeks and no chance are foretold from it. The *pace*
compares the minutes left with the straight line from the minutes expected on the day the goal was
agreed down to nothing on its date. Nothing here demotes anyone: a pathway is
worked out anew from what the evidence says now.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np

from engine.board import Board, Status
from engine.layout import OWN_MINUTES
from engine.scoring import on_the_way
from engine.spans import (
    Moments,
    Span,
    chance_within,
    moments_of,
    scaled,
    span_of,
    spent_on,
    summed,
)
from graphs.goals import goal_targets
from models import Evidence, in_force
from models.passage import Chain, opportunities, usual_chain

RHYTHM_DAYS = 28
"""Days over which a rhythm is taken: four weeks even out a test, a trip or a cold."""
WEEK = 7
FEWEST_PIECES = 3
"""Dated pieces of evidence without which a student has no rhythm yet."""
TIGHT = 1.25
"""A goal is at risk when it is expected to take this many times the days that are left."""
ON_PLAN = 0.1
"""Share of the planned minutes by which one may be off and still be on plan."""
Pace = Literal["ahead", "on", "behind"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A target still to be met on the way to a goal.

    `stage` counts from 1: what shares a stage can be done in any order, and all that it builds on
    lies in earlier stages. `ready`: nothing it builds on is missing. `more` is the chance that it
    takes more than the opportunities looked ahead: then another way is needed, not more of it.
    """

    target: str
    status: Status
    stage: int
    ready: bool
    is_goal: bool
    opportunities: Span
    minutes: Span
    more: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a student did of late: opportunities and minutes a week, over so many days."""

    opportunities: float
    minutes: float
    days: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """One's own plan: the day a goal was agreed, the day it is due, the minutes expected then."""

    on: date
    by: date | None
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Pathway:
    """The way of one student to one goal.

    `targets` are what the goal stands for, `checkpoints` what is left of the way, `behind` the
    targets on it that are met already, `evidence` what shows the goal's own targets. `weeks` it
    takes at the student's `rhythm` (`None`: no rhythm yet, or at rest); `idle` are the days since
    the latest dated evidence (`None`: there is none), `undated` whether there is any of which
    nobody can say when it was. With a date: `in_time` the chance of being there by then at that
    rhythm, `at_risk` whether it is too far, and with a plan of one's own `planned_minutes` that
    would be left today on plan, and the `pace`.
    """

    goal: str
    targets: tuple[str, ...]
    checkpoints: tuple[Checkpoint, ...]
    behind: tuple[str, ...]
    evidence: tuple[str, ...]
    opportunities: Span
    minutes: Span
    rhythm: Rhythm | None
    idle: int | None
    undated: bool
    weeks: Span | None
    by: date | None
    in_time: float | None
    at_risk: bool
    agreed: Agreed | None
    planned_minutes: float | None
    pace: Pace | None

    @property
    def reached(self) -> bool:
        """Whether nothing is left to be met."""
        return not self.checkpoints


def steps_to(board: Board, row: int, goal: str) -> tuple[str, ...]:
    """Return what is still to be met on the way to a goal, stage by stage.

    A target of the goal is a step until it is mastered, or implied by later mastery; anything
    before it until it is met. Raises `UnknownId`.
    """
    graph = board.curriculum.graph
    steps = [board.targets[column] for column in on_the_way(board, row, goal)]
    stage = _stages(board, sorted(steps, key=graph.generation.__getitem__))
    return tuple(sorted(steps, key=lambda t: (stage[t], graph.position[t])))


def pathway(
    board: Board,
    row: int,
    goal: str,
    evidence: Sequence[Evidence],
    now: datetime,
    by: date | None = None,
    agreed: Agreed | None = None,
    formats: Collection[str] = (),
) -> Pathway:
    """Return the way of one student to a goal.

    `evidence` is the student's log (any order), `by` the day asked about (the agreed one when
    `None`), `formats` those in which the student can work. Raises `UnknownId` for the goal.
    """
    wanted = goal_targets(board.curriculum.framework, goal)
    steps, whole_way = steps_to(board, row, goal), _whole_way(board, wanted)
    takes = [_takes(board, row, t, whole_way, formats, t in wanted) for t in steps]
    pieces = in_force(evidence)
    total, rhythm = summed([each.tries for each in takes]), rhythm_of(board, pieces, now)
    due = by or (agreed.by if agreed else None)
    days, idle = _days(total, rhythm), _idle(pieces, now)
    foretold = None if steps and (idle or 0) >= board.policy.inactive_days else days
    left = None if due is None else max((due - now.date()).days, 0)
    planned = _planned(agreed, due, now.date())
    minutes = span_of(summed([each.minutes for each in takes]))
    stage = _stages(board, steps)
    return Pathway(
        goal=goal,
        targets=wanted,
        checkpoints=tuple(
            _checkpoint(board, row, target, stage[target], each)
            for target, each in zip(steps, takes, strict=True)
        ),
        behind=_behind(board, row, whole_way, steps),
        evidence=tuple(p.id for p in pieces if not set(wanted).isdisjoint(p.targets)),
        opportunities=span_of(total),
        minutes=minutes,
        rhythm=rhythm,
        idle=idle,
        undated=any(p.observed_at is None for p in pieces),
        weeks=None if foretold is None else span_of(scaled(foretold, 1 / WEEK)),
        by=due,
        in_time=None if left is None or foretold is None else chance_within(foretold, left),
        at_risk=_at_risk(steps, rhythm, days, left),
        agreed=agreed,
        planned_minutes=planned,
        pace=_pace(minutes.expected, planned, agreed),
    )


def rhythm_of(board: Board, pieces: Sequence[Evidence], now: datetime) -> Rhythm | None:
    """Return a student's rhythm from what is in force; `None` with too little dated evidence.

    One piece on two targets is an opportunity on each. Days count from the first evidence, four
    weeks back at most, a week at least.
    """
    dated = [(p.observed_at, p) for p in pieces if p.observed_at and p.observed_at <= now]
    if len(dated) < FEWEST_PIECES:
        return None
    since = (now - min(when for when, _ in dated)).days
    days = min(max(since, WEEK), RHYTHM_DAYS)
    late = [p for when, p in dated if now - when <= timedelta(days=days)]
    framework = board.curriculum.framework
    spent = sum(
        framework.task(p.task).minutes if p.task and framework.has_task(p.task) else OWN_MINUTES
        for p in late
    )
    number = sum(len(p.targets) for p in late)
    return Rhythm(number * WEEK / days, spent * WEEK / days, days)


def _idle(pieces: Sequence[Evidence], now: datetime) -> int | None:
    """Return the days since the latest evidence whose date is known; `None` without any."""
    dated = [p.observed_at for p in pieces if p.observed_at and p.observed_at <= now]
    return (now - max(dated)).days if dated else None


class Takes(NamedTuple):
    """What a checkpoint takes: opportunities, minutes, and the chance of more than foretold."""

    is_goal: bool
    tries: Moments
    minutes: Moments
    more: float


def _takes(
    board: Board,
    row: int,
    target: str,
    whole_way: Collection[str],
    formats: Collection[str],
    is_goal: bool,
) -> Takes:
    """Return what a checkpoint takes: until mastery for the goal's own, until met for others."""
    rule, chain = board.policy, _chain(board, row, target)
    if is_goal:
        chance = opportunities(chain, board.bar, _pieces(board, row, target))
    else:
        seen = int(board.count[row, board.curriculum.graph.position[target]])
        bar = min(rule.ready_at, board.bar)
        chance = opportunities(chain, bar, rule.ready_evidence - seen)
    tries = moments_of(chance)
    minutes = spent_on(tries, *_minutes(board, target, whole_way, formats))
    return Takes(is_goal, tries, minutes, float(chance[-1]))


def _checkpoint(board: Board, row: int, target: str, stage: int, takes: Takes) -> Checkpoint:
    column = board.curriculum.graph.position[target]
    return Checkpoint(
        target=target,
        status=board.status_of(row, column),
        stage=stage,
        ready=bool(board.ready[row, column]),
        is_goal=takes.is_goal,
        opportunities=span_of(takes.tries),
        minutes=span_of(takes.minutes),
        more=takes.more,
    )


def _chain(board: Board, row: int, target: str) -> Chain:
    """Return how the belief moves: as the model says, else from what the board holds."""
    column = board.curriculum.graph.position[target]
    state = board.states.get(board.students[row])
    if board.model is None or state is None:
        p, p_right = board.retrievable[row, column], board.p_right[row, column]
        return usual_chain(float(p), float(p_right), float(board.p_next[row, column]))
    moment = None if np.isnan(board.now) else datetime.fromtimestamp(board.now, UTC)
    return board.model.chain(state, target, moment)


def _pieces(board: Board, row: int, target: str) -> int:
    """Return the pieces of evidence that are still asked for at least, whatever the belief says.

    Where mastery asks for a row of right answers as well, what that row still lacks.
    """
    column = board.curriculum.graph.position[target]
    rules = board.curriculum.framework.required.get(target, ())
    asked = sum(rule.pieces for rule in rules) or board.policy.min_evidence
    enough = board.seen is not None and board.seen.enough[row, column]
    pieces = 0 if enough else asked - int(board.count[row, column])
    if board.sure is None or board.sure[column]:
        return pieces
    rights = 0 if board.rights is None else int(board.rights[row, column])
    return max(pieces, board.policy.enough_in_a_row - rights)


def _minutes(
    board: Board, target: str, whole_way: Collection[str], formats: Collection[str]
) -> tuple[float, float]:
    """Return mean and variance of the minutes of one opportunity, by the tasks that serve it."""
    serving = [o for o in board.layout.serving[target] if not formats or o.format in formats]
    each = [o.minutes / len(set(o.targets) & set(whole_way)) for o in serving] or [OWN_MINUTES]
    return float(np.mean(each)), float(np.var(each))


def _days(total: Moments, rhythm: Rhythm | None) -> Moments | None:
    """Return the days that the way takes at a rhythm."""
    if not total.mean:
        return total
    if rhythm is None or not rhythm.opportunities:
        return None
    return scaled(total, WEEK / rhythm.opportunities)


def _at_risk(
    steps: Sequence[str], rhythm: Rhythm | None, days: Moments | None, left: int | None
) -> bool:
    """Whether a goal with a date is too far: at one's rhythm, or because one is at rest."""
    if not steps or left is None:
        return False
    if days is None:
        return rhythm is not None or not left
    return days.mean > TIGHT * left


def _planned(agreed: Agreed | None, due: date | None, today: date) -> float | None:
    """Return the minutes that would be left today on one's own plan."""
    if agreed is None or agreed.minutes is None or agreed.by is None or due != agreed.by:
        return None
    whole = max((agreed.by - agreed.on).days, 1)
    left = min(max((agreed.by - today).days, 0), whole)
    return agreed.minutes * left / whole


def _pace(left: float, planned: float | None, agreed: Agreed | None) -> Pace | None:
    if planned is None or agreed is None or agreed.minutes is None:
        return None
    room = max(ON_PLAN * agreed.minutes, OWN_MINUTES)
    if abs(left - planned) <= room:
        return "on"
    return "ahead" if left < planned else "behind"


def _stages(board: Board, steps: Sequence[str]) -> dict[str, int]:
    """Return the stage of each step: one more than the latest stage of what it builds on.

    `steps` have what they build on before them.
    """
    found: dict[str, int] = {}
    for target in steps:
        before = board.curriculum.graph.prerequisites(target)
        found[target] = 1 + max((found[p] for p in before if p in found), default=0)
    return found


def _whole_way(board: Board, wanted: Sequence[str]) -> frozenset[str]:
    """Return the targets of a goal and all that they build on, met or not."""
    graph = board.curriculum.graph
    return frozenset(t for goal in wanted for t in (*graph.ancestors(goal), goal))


def _behind(
    board: Board, row: int, whole_way: Collection[str], steps: Collection[str]
) -> tuple[str, ...]:
    """Return the targets on the way that are met already."""
    return tuple(
        target
        for column, target in enumerate(board.targets)
        if target in whole_way and target not in steps and board.met[row, column]
    )
