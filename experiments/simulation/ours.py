"""Footpath's own policy: the engine that the service runs, on a class at once."""

from dataclasses import replace

import numpy as np

from engine import Layout, Policy, Seen, Wishes, first_choices
from engine.board import DEFAULT_BAR, Board
from engine.reviews import Schedule, new_schedule, reviewing
from experiments.simulation.playing import Fits, Setup
from experiments.simulation.school import ITEMS, item_names, moments
from experiments.worlds.world import A_DAY, Floats, Ints, Mask
from models.full.crowd import Crowd

CERTIFIED = 1.0
"""The setting at which practice ends where the engine certifies: what schools are served."""
STOPS = (0.62, 0.7, 0.76, 0.8, 0.84, 0.88, 0.92, 0.94, CERTIFIED, 1.005, 1.01, 1.02)
"""Settings of a tournament: from who is satisfied with little to who wants to be surer."""
SOONER = 16
"""Pieces after which those short of time leave what shows a gap: at settings below `PATIENT`."""
PATIENT = 0.9
"""Setting from which nobody is left early."""
SURER = 0.99
"""The bar of settings above 1."""


class Footpath:
    """Choices as the engine makes them; every student takes the first.

    A setting below 1 is the policy's `enough_at`: the chance of success at which a target is no
    longer offered; who is that short of time does not review either. At 1 schools are served: a
    target is offered until it is certified, and again when its review is due. Above 1 the bar is
    raised too, for a school that wants to be surer still. What is *declared* mastered is what the
    engine certifies.
    """

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        self.layout = Layout(setup.curriculum)
        bar = fits.full.certain_at
        self.bar, self.rule = policy_at(setting, DEFAULT_BAR if bar is None else bar)
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
        self.schedule = new_schedule(*shape) if setting >= CERTIFIED else None
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
        claimed = seen & (p >= self.bar) & (self.sure[target] | in_a_row)
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


def policy_at(setting: float, bar: float) -> tuple[float, Policy]:
    """Return bar and policy at a setting: the less sure it is to be, the fewer right in a row.

    From 1.005 to 1.02: the surer bar, and 4 to 6 right in a row.
    """
    if setting < CERTIFIED:
        in_a_row = int(np.interp(setting, [0.6, 0.65, 0.86, 0.92, 0.94], [2, 3, 7, 7, 10]))
        help_after = SOONER if setting < PATIENT else Policy().help_after
        return bar, Policy(enough_at=setting, enough_in_a_row=in_a_row, help_after=help_after)
    if setting == CERTIFIED:
        return bar, Policy()
    in_a_row = int(4 + 100 * (setting - CERTIFIED) + 1e-6)
    return SURER, Policy(enough_in_a_row=in_a_row)
