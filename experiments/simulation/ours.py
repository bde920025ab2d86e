"""Footpath's own policy: the engine that the service runs, on a class at once."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine import Layout, Policy, Seen, Wishes, first_choices
from engine.board import DEFAULT_BAR, Board
from engine.reviews import Schedule, new_schedule, reviewing
from experiments.simulation.playing import Fits, Setup
from experiments.simulation.school import ITEMS, item_names, moments
from experiments.worlds.world import A_DAY, Floats, Ints, Mask
from models.full.crowd import Crowd


class Practice(NamedTuple):
    """How thoroughly a school practises: when a target is offered no more, and when it is left.

    At a chance of success of `enough_at` (`None`: not before it is certified) or after `in_a_row`
    right pieces; what shows a gap after `help_after`. `reviews` says whether what was shown is
    looked at again.
    """

    enough_at: float | None
    in_a_row: int
    help_after: int = 16
    reviews: bool = False


SERVED = Policy()
SHORT_OF_TIME = (
    (0.64, 2), (0.7, 2), (0.76, 3), (0.78, 4), (0.82, 4), (0.82, 5), (0.86, 5), (0.86, 10),
    (0.9, 6), (0.9, 8, 30),
)  # fmt: skip
WITH_REVIEWS = ((0.82, 4), (0.86, 5), (0.9, 5), (0.94, 4))
PRACTICES = (
    *(Practice(*each) for each in SHORT_OF_TIME),
    *(Practice(*each, reviews=True) for each in WITH_REVIEWS),
    Practice(None, SERVED.enough_in_a_row, SERVED.help_after, reviews=True),
    Practice(None, 5, SERVED.help_after, reviews=True),
)
"""What a tournament tries, by number: a school ever less short of time; one that keeps reviews, for
where much fades; what schools are served; and one that wants to be surer still."""
CERTIFIED = len(PRACTICES) - 2
"""The practice that ends where the engine certifies: what schools are served."""
SURER = 0.99
"""The bar of who wants to be surer."""


class Footpath:
    """Choices as the engine makes them; every student takes the first.

    A setting is the number of a practice. Where it names a chance of success, a target is no
    longer offered there; else it is offered until it is certified. What is *declared* mastered is
    what the engine certifies, at any setting.
    """

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        self.layout = Layout(setup.curriculum)
        bar = fits.full.certain_at
        practice = PRACTICES[int(setting)]
        self.bar = SURER if setting > CERTIFIED else DEFAULT_BAR if bar is None else bar
        self.rule = Policy(
            enough_at=practice.enough_at,
            enough_in_a_row=practice.in_a_row,
            help_after=practice.help_after,
        )
        names = setup.domain.targets
        asked = self.rule.mastered_chance
        self.sure: Mask = fits.full.chance_if_mastered(names) >= (0.0 if asked is None else asked)
        self.crowd = Crowd(fits.full, setup.size, names, item_names(setup.domain))
        shape = (setup.size, len(names))
        self.declared: Mask = np.zeros(shape, dtype=np.bool_)
        self.today = np.zeros(shape, dtype=np.int8)
        self.waived: Mask = np.zeros(shape, dtype=np.bool_)
        self.rights = np.zeros(shape, dtype=np.int8)
        self.number = np.zeros(setup.size, dtype=np.int64)
        self.active = np.arange(setup.size)
        self.schedule = new_schedule(*shape) if practice.reviews else None
        self.reviewing = reviewing(setup.curriculum, self.rule)
        self.reviews = np.zeros(setup.size, dtype=np.int64)
        column = self.layout.curriculum.graph.position
        self.target = np.array([column[option.targets[0]] for option in self.layout.options])

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the target of each student's first choice, −1 where there is none."""
        del day  # the clock runs by opportunities
        self.waived |= ~allowed
        board = self.board(self.active)
        if board.stuck.any():
            self.waived[self.active] |= board.stuck
            board = replace(board, waived=self.waived[self.active])
        option, any_ = first_choices(board, Wishes())
        found = np.full(len(self.number), -1)
        found[self.active] = np.where(any_, self.target[option], -1)
        self.active = self.active[any_]  # who is done stays done
        return found

    def observe(self, student: Ints, target: Ints, item: Ints, right: Mask, day: int) -> None:
        """Take the answers in, as the evidence log would."""
        del day
        now = moments(self.number[student])
        p = self.crowd.observe(student, target, target * ITEMS + item, right.astype(float), now)
        self.number[student] += 1
        self.today[student[self.number[student] % A_DAY == 1]] = 0  # the first of a new day
        self.today[student, target] += 1
        good = np.minimum(self.rights[student, target] + 1, 100)
        self.rights[student, target] = np.where(right, good, 0)
        seen = self.crowd.count[student, target] >= self.rule.min_evidence
        in_a_row = self.rights[student, target] >= self.rule.enough_in_a_row
        certain = self.rights[student, target] >= SERVED.enough_in_a_row
        claimed = seen & (p >= self.bar) & (self.sure[target] | certain)
        self.declared[student, target] |= claimed
        if self.schedule is not None:
            shown = self.declared[student, target] | in_a_row
            self._plan(self.schedule, student, target, now, right, shown)

    def _plan(
        self, plan: Schedule, student: Ints, target: Ints, now: Floats, right: Mask, shown: Mask
    ) -> None:
        """Step the schedule of reviews by one answer each."""
        self.reviews[student] += now >= plan.due[student, target]
        columns = (student, target, now, right, shown)
        for each in zip(*(column.tolist() for column in columns), strict=True):
            self.reviewing.step(plan, *each)

    def board(self, who: Ints) -> Board:
        """Return the board of some students as it stands; what was given up is waived."""
        now = moments(self.number[who])
        table = self.crowd.table(now, who)
        enough = table.evidence_count >= self.rule.min_evidence
        plan = self.schedule
        return Board(
            layout=self.layout,
            policy=self.rule,
            students=tuple(f"s{s}" for s in who),
            p=table.p_mastered,
            learned=table.learned,
            retrievable=table.retrievable,
            count=table.evidence_count,
            p_right=table.p_right,
            p_next=table.p_after_practice,
            last=table.last_observed,
            bar=self.bar,
            sure=self.sure,
            seen=Seen(enough, self.declared[who]),
            today=np.where((self.number[who] % A_DAY)[:, None] == 0, 0, self.today[who]),
            rights=self.rights[who],
            waived=self.waived[who],
            now=float(now.max(initial=0.0)),
            plan=plan and Schedule(plan.since[who], plan.days[who], plan.between[who]),
        )
