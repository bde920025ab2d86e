"""The board: where each student of a class stands on each learning target.

One row a student, one column a target. Every screen and every recommendation reads its
statuses and its readiness from here, so they cannot disagree.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt

from engine.latest import rights_in_a_row, today
from engine.layout import Layout
from engine.lists import any_after, count_along
from engine.policy import Policy
from engine.reasons import Reason
from engine.requirements import Seen, seen
from graphs import Curriculum, UnknownId
from models import MasteryModel, StudentState, Trail

if TYPE_CHECKING:
    from engine.proposed import Placed
    from engine.reviews import Schedule

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Status = Literal[
    "not_started", "not_enough_evidence", "developing", "near", "mastered", "check_again"
]
STATUSES: tuple[Status, ...] = get_args(Status)
Codes = npt.NDArray[np.int8]
Judgements = Mapping[str, Mapping[str, Status]]
"""By student and learning target, the status that a teacher gave it."""
NO_JUDGEMENTS: Judgements = {}
NOT_STARTED, NOT_ENOUGH, DEVELOPING, NEAR, MASTERED, CHECK_AGAIN = range(len(STATUSES))
ENOUGH_PIECES = 2
"""Pieces before practice may stop by the chance of success: one right answer may be luck."""
DEFAULT_BAR = 0.95
"""P(mastered) from which a target counts as mastered where neither the policy nor the model
says otherwise: the usual bar of knowledge tracing (Corbett & Anderson 1995)."""


@dataclass(frozen=True)
class Board:
    """Estimates of S students on T targets, and what the policy makes of them.

    `bar` is the P(mastered) from which a target counts as mastered: the policy's, else the one the
    model was certified at. `sure` bool[T] says where that is enough, because who has mastered the
    target gets as much right as the policy asks (`None`: everywhere). Arrays are float64[S, T]: `p`
    = P(mastered) as the evidence left it, `learned` its peak, `retrievable` what forgetting up to
    now leaves of it, `count` evidence in force, `p_right` chance of a right answer, `p_next`
    P(mastered) expected after one more opportunity, `last` when evidence was last observed (NaN:
    never, or no clock). `seen` says where the evidence requirements are met; without it only the
    number of pieces is known, and the policy's minimum decides. `judged` int8[S, T] holds the
    status that a teacher gave, −1 where none did. `today` int[S, T] counts the pieces on a target
    in the session under way, `rights` those of a target that were all right (`None`: not known),
    `waived` bool[S, T] are targets that an adult lets a student leave for now: not offered, and
    holding nothing up. `now` is the moment looked at (NaN: no clock). `model` and `states` are
    what the numbers were read from, where they were (`make_board`). `plan` says when what was
    shown is due for review, `placed` what placement proposes (`None`: not looked at).
    """

    layout: Layout
    policy: Policy
    students: tuple[str, ...]
    p: Floats
    learned: Floats
    retrievable: Floats
    count: Floats
    p_right: Floats
    p_next: Floats
    last: Floats
    bar: float
    sure: Mask | None = None
    seen: Seen | None = None
    judged: Codes | None = None
    today: Codes | None = None
    rights: Codes | None = None
    waived: Mask | None = None
    now: float = math.nan
    model: MasteryModel | None = None
    states: Mapping[str, StudentState] = field(default_factory=dict)
    plan: "Schedule | None" = None
    placed: "Placed | None" = None

    @property
    def curriculum(self) -> Curriculum:
        """The curriculum whose targets are the columns."""
        return self.layout.curriculum

    @property
    def targets(self) -> tuple[str, ...]:
        """The learning targets, in column order."""
        return self.curriculum.graph.targets

    @cached_property
    def status(self) -> Codes:
        """Index into `STATUSES` for each student and target, int8[S, T].

        What a teacher judged is what is shown.
        """
        return np.where(self._judged >= 0, self._judged, self.estimated)

    @cached_property
    def estimated(self) -> Codes:
        """The status by evidence and policy alone, int8[S, T].

        What was once mastered and no longer reaches the bar is *check again*: it is looked
        at, never demoted.
        """
        rule = self.policy
        few = self.count < rule.min_evidence
        seen = self.seen or Seen(~few, ~few & (self.learned >= self.bar) & self._sure)
        return np.select(
            [
                self.count == 0,
                ~seen.enough,
                (self.p >= self.bar) & (self._sure | seen.once),
                seen.once,
                self.p >= rule.near_at,
            ],
            [NOT_STARTED, NOT_ENOUGH, MASTERED, CHECK_AGAIN, NEAR],
            DEVELOPING,
        ).astype(np.int8)

    @cached_property
    def enough(self) -> Mask:
        """Whether a target need not be practised any more, though not mastered, bool[S, T]."""
        rule, found = self.policy, np.zeros(self.p.shape, dtype=np.bool_)
        if rule.enough_at is not None:
            found |= (self.count >= ENOUGH_PIECES) & (self.p_right >= rule.enough_at)
        if self.rights is not None:
            found |= self.rights >= rule.enough_in_a_row
        return found & (self._judged < 0)

    @cached_property
    def stuck(self) -> Mask:
        """Where more of the same will not help and an adult should, bool[S, T].

        What a target builds on was waived, and after `help_after` pieces the chance of a right
        answer is still below the success band: the gap shows.
        """
        if self.waived is None:
            return np.zeros(self.p.shape, dtype=np.bool_)
        rule = self.policy
        gap = count_along(self.layout.building_on, self.waived) > 0
        found: Mask = gap & (self.count >= rule.help_after) & (self.p_right < rule.band_low)
        return found

    @cached_property
    def spinning(self) -> Mask:
        """Where `stuck_after` pieces never reached mastery: the student is stuck, bool[S, T]."""
        tried = (self.count >= self.policy.stuck_after) & (self.learned < self.bar)
        found: Mask = tried & (self.status != MASTERED) & ~self.enough
        return found

    @cached_property
    def gaps(self) -> Mask:
        """Targets not mastered right under one the student is stuck on, bool[S, T]."""
        above = count_along(self.layout.built_on, self.spinning)
        found: Mask = (above > 0) & (self.status != MASTERED)
        return found

    @property
    def _sure(self) -> Mask:
        return np.ones(self.p.shape[1], dtype=np.bool_) if self.sure is None else self.sure

    @property
    def overridden(self) -> Mask:
        """Where the status is a teacher's judgement, bool[S, T]."""
        judged: Mask = self._judged >= 0
        return judged

    @cached_property
    def _judged(self) -> Codes:
        return np.full(self.p.shape, -1, np.int8) if self.judged is None else self.judged

    @cached_property
    def met(self) -> Mask:
        """Whether each target counts as a met prerequisite, bool[S, T].

        What a teacher judged to be developing is not met, whatever the estimate.
        """
        enough = self.count >= self.policy.ready_evidence
        shown: Mask = (self.p >= self.policy.ready_at) & enough
        met: Mask = shown | (self.status == MASTERED) | self.implied | self.enough
        met &= self._judged != DEVELOPING
        if self.waived is not None:
            met |= self.waived
        return met

    @cached_property
    def implied(self) -> Mask:
        """Whether a target nobody has seen is implied by later mastery, bool[S, T].

        Who has mastered what builds on it need not go back to show it. Own evidence, and a
        teacher's judgement, good or bad, always go before this.
        """
        later = any_after(self.layout.built_on, self.layout.order, self.status == MASTERED)
        implied: Mask = (self.count == 0) & (self._judged < 0) & later
        return implied

    @cached_property
    def unmet(self) -> npt.NDArray[np.int64]:
        """How many prerequisites of each target are not met, int64[S, T]."""
        return count_along(self.layout.building_on, ~self.met)

    @cached_property
    def ready(self) -> Mask:
        """Whether each target is ready: not mastered, every prerequisite met, bool[S, T]."""
        open_now: Mask = (self.status != MASTERED) & (self.unmet == 0)
        return open_now

    def row(self, student: str) -> int:
        """Return a student's row; raises `UnknownId`."""
        try:
            return self._rows[student]
        except KeyError:
            raise UnknownId("student", student) from None

    def status_of(self, row: int, column: int) -> Status:
        """Return one status by name."""
        return STATUSES[int(self.status[row, column])]

    def asks_for_a_row(self, row: int, target: str) -> tuple[Reason, ...]:
        """Say why a target that reaches the bar is not mastered: its tasks are hard for everyone.

        Empty where that is not so.
        """
        column = self.curriculum.graph.position[target]
        if self.p[row, column] < self.bar or self._sure[column] or self.status[row, column] != NEAR:
            return ()
        chance = float(self.p_right[row, column])
        words = str(self.policy.enough_in_a_row)
        return (Reason("needs_row", (target,), (), chance, words),)

    def blocked_by(self, row: int, target: str) -> tuple[str, ...]:
        """Return the prerequisites of a target that this student has not met."""
        graph = self.curriculum.graph
        return tuple(p for p in graph.prerequisites(target) if not self.met[row, graph.position[p]])

    def implied_by(self, row: int, target: str) -> tuple[str, ...]:
        """Return the mastered targets that imply this one, nearest first; empty if none do."""
        graph = self.curriculum.graph
        if not self.implied[row, graph.position[target]]:
            return ()
        after = self.layout.descendants[[graph.position[target]]].indices
        later = [self.targets[c] for c in after[self.status[row, after] == MASTERED]]
        return tuple(sorted(later, key=lambda t: (graph.generation[t], graph.position[t])))

    def mastered(self, row: int) -> frozenset[str]:
        """Return the targets a student has met well enough to build on."""
        return frozenset(t for t, met in zip(self.targets, self.met[row], strict=True) if met)

    def in_order(self) -> "Board":
        """Return the same board with its students sorted by id."""
        order = np.argsort(np.array(self.students, dtype=np.str_), kind="stable")
        numbers = ("p", "learned", "retrievable", "count", "p_right", "p_next", "last")
        known = ("judged", "today", "rights", "waived")
        given = [name for name in (*numbers, *known) if getattr(self, name) is not None]
        arrays = {name: getattr(self, name)[order] for name in given}
        seen = self.seen
        return replace(
            self,
            students=tuple(self.students[i] for i in order),
            seen=None if seen is None else Seen(seen.enough[order], seen.once[order]),
            **arrays,
        )

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {student: i for i, student in enumerate(self.students)}


def make_board(
    layout: Layout,
    policy: Policy,
    model: MasteryModel,
    states: Mapping[str, StudentState],
    now: datetime | None = None,
    trails: Mapping[str, Trail] | None = None,
    judgements: Judgements = NO_JUDGEMENTS,
) -> Board:
    """Read every estimate of some students off a model. Rows follow the order of `states`.

    `now` (aware) tells what may have been forgotten since the last evidence, `trails` on what
    evidence each state rests; `judgements` give, by student and target, the status by which a
    teacher overrode the estimate.
    """
    table = model.table(list(states.values()), layout.curriculum.graph.targets, now)
    wanted = policy.mastered_at if policy.mastered_at is not None else model.certain_at
    bar = DEFAULT_BAR if wanted is None else wanted
    sure = None
    if policy.mastered_chance is not None:
        targets = layout.curriculum.graph.targets
        sure = model.chance_if_mastered(targets) >= policy.mastered_chance
    walked = None if trails is None else [trails[student] for student in states]
    return Board(
        layout=layout,
        policy=policy,
        students=tuple(states),
        p=table.p_mastered,
        learned=table.learned,
        retrievable=table.retrievable,
        count=table.evidence_count,
        p_right=table.p_right,
        p_next=table.p_after_practice,
        last=table.last_observed,
        bar=bar,
        sure=sure,
        seen=None if walked is None else seen(layout.curriculum, policy, bar, walked, sure),
        judged=_codes(layout, tuple(states), judgements),
        today=None if walked is None else today(layout, walked, now),
        rights=None if walked is None else rights_in_a_row(layout, walked),
        now=math.nan if now is None else now.timestamp(),
        model=model,
        states=states,
    )


def _codes(layout: Layout, students: tuple[str, ...], judgements: Judgements) -> Codes:
    position = layout.curriculum.graph.position
    judged = np.full((len(students), len(position)), -1, dtype=np.int8)
    for row, student in enumerate(students):
        for target, status in judgements.get(student, {}).items():
            if target in position:
                judged[row, position[target]] = STATUSES.index(status)
    return judged
