"""Forgetful learners for whom doing one thing also practises what it builds on."""

import numpy as np

from experiments.worlds.gradual import ForgetfulWorld
from experiments.worlds.world import Days, Ints, Mask, Which

IN_PASSING = 0.3
"""Share of what own practice would add to a prerequisite's strength and stability."""


class EncompassingWorld(ForgetfulWorld):
    """As `forgetful`, but work on a target also practises its prerequisites a little."""

    name = "encompassing"

    def practise(self, student: Which, target: Which, day: Days) -> tuple[Ints, Mask]:
        """Let students work on a target each; what they once worked on below it fades less."""
        found = super().practise(student, target, day)
        who = np.asarray(student)
        for below in np.moveaxis(self.domain.before[target], -1, 0):
            self._refresh(*np.broadcast_arrays(who, below, np.asarray(day)))
        return found

    def _refresh(self, student: Ints, target: Ints, day: Ints) -> None:
        some = (target >= 0) & (self.last[student, target] >= 0)
        who, what, when = student[some], target[some], day[some]
        now = self.strength_on(who, what, when)
        gain = self.rate[who] * self.pace[what] / (1 + np.exp(1.1 * (now - 2.2)))
        self.strength[who, what] += IN_PASSING * gain
        self.stability[who, what] += IN_PASSING * 0.5 * (self.last[who, what] < when)
