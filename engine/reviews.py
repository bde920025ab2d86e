"""When a target that was shown is due for review: at intervals that expand with every success.

A target joins the schedule once it was mastered, or right so often in a row that it is no longer
practised, and comes due
after `review_first_days`. With e the part of the interval that had passed (at most 1), a right
answer lets the interval grow by the factor 1 + (review_grow − 1) e: a success long after the last
one says that it lasts, a success minutes later says nothing. A wrong one shrinks it by
`review_shrink`. In both cases the interval starts anew.

A right answer on a target that *encompasses* this one practises it in passing: it takes the share
`review_credit` of the time that had passed off the clock. The interval stays, for nothing was
shown; so implicit credit never exceeds own practice.

What was shown at a time that nobody wrote down may have been shown long ago: it joins the schedule
as due at once, from `LONG_AGO`, and its first dated answer starts an interval.

The schedule is a fold of the evidence and says nothing about mastery: what is due stays mastered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.board import MASTERED, Board
from engine.policy import Policy
from engine.requirements import RIGHT
from graphs import Curriculum
from models import Trail

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
DAY = 86_400.0
LEAST_DAYS = 1.0
"""No interval gets shorter: within a day nothing was forgotten that practice would not show."""


LONG_AGO = -np.inf
"""When the interval of a target began that was shown without a date: nobody can say."""


@dataclass(frozen=True)
class Schedule:
    """The reviews of S students on T targets; it is stepped in place, an answer at a time.

    `since` (seconds) is when the running interval began, NaN before the target joined; `days` its
    length, float64[S, T]. `between` counts the answers of each student since the last review.
    """

    since: Floats
    days: Floats
    between: Ints

    @property
    def due(self) -> Floats:
        """The moment from which each target is due, in seconds; NaN where none is planned."""
        due: Floats = self.since + self.days * DAY
        return due


def new_schedule(students: int, targets: int) -> Schedule:
    """Return the schedule of students who have shown nothing yet."""
    shape = (students, targets)
    never = np.full(students, 10**6, dtype=np.int64)
    return Schedule(np.full(shape, np.nan), np.zeros(shape), never)


@dataclass(frozen=True)
class Reviewing:
    """How schedules are stepped: the policy, and which targets each one encompasses."""

    policy: Policy
    encompassed: Sequence[Ints]

    def step(
        self, plan: Schedule, student: int, target: int, when: float, right: bool, mastered: bool
    ) -> None:
        """Take in one answer at `when` (seconds); `mastered` says where the target then stands."""
        self._count(plan, student, target, when)
        if np.isnan(plan.since[student, target]):
            if mastered:
                plan.since[student, target] = when
                plan.days[student, target] = self.policy.review_first_days
        else:
            self._own(plan, student, target, when, right)
        if right:
            for below in self.encompassed[target]:
                self._in_passing(plan, student, int(below), when)

    def _count(self, plan: Schedule, student: int, target: int, when: float) -> None:
        review = when >= plan.due[student, target]  # false where none is planned
        plan.between[student] = 0 if review else plan.between[student] + 1

    def _own(self, plan: Schedule, student: int, target: int, when: float, right: bool) -> None:
        rule, days = self.policy, plan.days[student, target]
        passed = min(max(when - plan.since[student, target], 0.0) / (days * DAY), 1.0)
        factor = 1 + (rule.review_grow - 1) * passed if right else rule.review_shrink
        plan.days[student, target] = max(LEAST_DAYS, days * factor)
        plan.since[student, target] = max(when, plan.since[student, target])

    def _in_passing(self, plan: Schedule, student: int, target: int, when: float) -> None:
        since = plan.since[student, target]
        if when > since > LONG_AGO:  # false where none is planned
            plan.since[student, target] = since + self.policy.review_credit * (when - since)


def reviewing(curriculum: Curriculum, policy: Policy) -> Reviewing:
    """Return the stepping of schedules on one curriculum."""
    graph = curriculum.graph
    below = [[graph.position[t] for t in graph.encompassed(target)] for target in graph.targets]
    return Reviewing(policy, [np.array(each, dtype=np.int64) for each in below])


def schedule_of(
    curriculum: Curriculum,
    policy: Policy,
    bar: float,
    trails: Sequence[Trail],
    sure: Mask | None = None,
) -> Schedule:
    """Return the schedule that the trails of S students give.

    `bar` is the P(mastered) from which a target counts as mastered, where the model alone is
    `sure` of it, bool[T] (everywhere by default). A row of `enough_in_a_row` right pieces also
    joins a target: what is left to be certified is better asked another time.
    """
    position = curriculum.graph.position
    plan, steps = new_schedule(len(trails), len(position)), reviewing(curriculum, policy)
    bars = np.full(len(position), bar) if sure is None else np.where(sure, bar, np.inf)
    for student, trail in enumerate(trails):
        columns = [position.get(target, -1) for target in trail.targets]
        _follow(plan, steps, student, trail, columns, bars)
    return plan


def _follow(
    plan: Schedule, steps: Reviewing, student: int, trail: Trail, columns: Sequence[int],
    bars: Floats,
) -> None:  # fmt: skip
    rule, count, row = steps.policy, [0] * len(bars), [0] * len(bars)
    for place, when, score, p in trail.steps[["target", "when", "score", "p"]].tolist():
        target, right = columns[place], score >= RIGHT
        if target >= 0:
            count[target] += 1
            row[target] = row[target] + 1 if right else 0
            done = count[target] >= rule.min_evidence and p >= bars[target]
            done |= row[target] >= rule.enough_in_a_row
            if not np.isnan(when):
                steps.step(plan, student, target, when, right, done)
            elif done:  # it stands before all dated pieces
                plan.since[student, target] = LONG_AGO
                plan.days[student, target] = rule.review_first_days


def due_now(board: Board, rows: Ints) -> Mask:
    """Where a review is due, bool[R, T]: the interval is over and the target is still mastered.

    What later evidence contradicts is *check again* and comes back by that rule.
    """
    if board.plan is None:
        return np.zeros((len(rows), len(board.targets)), dtype=np.bool_)
    done = (board.status[rows] == MASTERED) | board.enough[rows]
    due: Mask = done & (board.plan.due[rows] <= board.now)  # false where none is planned
    return due


def to_review(board: Board, rows: Ints, otherwise: Mask) -> Mask:
    """Which due reviews may be offered, bool[R, T]; `otherwise` says where else work is open.

    At most one in `review_every` tasks, unless there is nothing else to do.
    """
    due = due_now(board, rows)
    if board.plan is not None:
        turn = board.plan.between[rows] >= board.policy.review_every - 1
        due &= (turn | ~otherwise.any(axis=1))[:, None]
    return due


def need(board: Board, rows: Ints) -> Floats:
    """How much each target needs a review, float64[R, T]: .5 when it comes due, toward 1 later.

    The share that would be forgotten if half were left when it comes due.
    """
    due = due_now(board, rows)
    if board.plan is None:
        return due.astype(np.float64)
    passed = (board.now - board.plan.since[rows]) / (np.maximum(board.plan.days[rows], 1e-9) * DAY)
    found: Floats = np.where(due, 1 - 0.5 ** np.where(due, passed, 0.0), 0.0)
    return found
