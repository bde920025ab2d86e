"""Footpath's own policy: the engine that the service runs, on a class at once."""

import numpy as np

from engine import Layout, Policy, Seen, Wishes, first_choices
from engine.board import DEFAULT_BAR, Board
from experiments.simulation.playing import Fits, Setup
from experiments.simulation.school import ITEMS, item_names, moments
from experiments.worlds.world import Ints, Mask
from models.full.crowd import Crowd


class Footpath:
    """Choices as the engine makes them; every student takes the first.

    The setting is the policy's `enough_at`: how sure the engine is to be before it stops offering
    a target. Mastery is declared at the model's own bar, which nobody tunes here; a setting of 1
    goes on until then.
    """

    def __init__(self, setup: Setup, fits: Fits, setting: float) -> None:
        self.layout = Layout(setup.curriculum)
        self.rule = self.policy(setting)
        bar = fits.full.certain_at
        self.bar = DEFAULT_BAR if bar is None else bar
        names = setup.domain.targets
        self.crowd = Crowd(fits.full, setup.size, names, item_names(setup.domain))
        shape = (setup.size, len(names))
        self.declared: Mask = np.zeros(shape, dtype=np.bool_)
        self.streak = np.zeros(shape, dtype=np.int8)
        self.waived: Mask = np.zeros(shape, dtype=np.bool_)
        self.rights = np.zeros(shape, dtype=np.int8)
        self.number = np.zeros(setup.size, dtype=np.int64)
        self.students = tuple(f"s{s}" for s in range(setup.size))

    def policy(self, setting: float) -> Policy:
        """Return the policy at a setting: the less sure it needs to be, the fewer in a row."""
        if setting >= 1:
            return Policy()
        in_a_row = int(np.interp(setting, [0.4, 0.6, 0.75, 0.85], [3, 4, 5, 6]))
        return Policy(enough_at=setting, enough_in_a_row=in_a_row)

    def choose(self, day: int, allowed: Mask) -> Ints:
        """Return the target of each student's first choice, −1 where there is none."""
        self.waived |= ~allowed
        board = self.board(self.waived)
        if board.stuck.any():
            self.waived |= board.stuck
            board = self.board(self.waived)
        option, any_ = first_choices(board, Wishes())
        column = self.layout.curriculum.graph.position
        target = np.array([column[o.targets[0]] for o in self.layout.options])
        return np.where(any_, target[option], -1)

    def observe(self, student: Ints, target: Ints, item: Ints, right: Mask, day: int) -> None:
        """Take the answers in, as the evidence log would."""
        now = moments(self.number[student])
        p = self.crowd.observe(student, target, target * ITEMS + item, right.astype(float), now)
        self.number[student] += 1
        streak = np.minimum(self.streak[student, target] + 1, 100)
        self.streak[student] = 0
        self.streak[student, target] = streak
        good = np.minimum(self.rights[student, target] + 1, 100)
        self.rights[student, target] = np.where(right, good, 0)
        seen = self.crowd.count[student, target] >= self.rule.min_evidence
        self.declared[student, target] |= seen & (p >= self.bar)

    def board(self, waived: Mask) -> Board:
        """Return the board of the class as it stands; what was given up is waived."""
        now = moments(self.number)
        table = self.crowd.table(now)
        enough = table.evidence_count >= self.rule.min_evidence
        return Board(
            layout=self.layout,
            policy=self.rule,
            students=self.students,
            p=table.p_mastered,
            learned=table.learned,
            retrievable=table.retrievable,
            count=table.evidence_count,
            p_right=table.p_right,
            p_next=table.p_after_practice,
            last=table.last_observed,
            bar=self.bar,
            seen=Seen(enough, self.declared),
            streak=self.streak,
            rights=self.rights,
            waived=waived,
            now=float(now.max()),
        )
