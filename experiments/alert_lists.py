"""Lists that a teacher of a planted class may be shown: ours, plain rules, an all-knowing one.

All are of the same length and under the same rules: at most `alerts_per_day` students, each once,
and who was listed rests for as long as an answered proposal does. A plain rule says whom to see;
why is said of its students by the same causes as ours, so that only the choice of students
differs.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from engine import Answered, Background, Board, Intervention, Layout, Policy
from engine import make_board as board_of
from engine.class_facts import ClassFacts
from engine.interventions import first_of, todays
from engine.proposals import Key
from engine.ranking import ranking
from experiments.planted import SEVERITY, Planted, PlantedClass
from models import Evidence, MasteryModel, Standing, extended, standing

Which = Literal["footpath", "all_knowing", "random", "lowest_mastery", "inactivity"]
LISTS: tuple[Which, ...] = ("footpath", "all_knowing", "random", "lowest_mastery", "inactivity")


@dataclass
class Diary:
    """What is known in a class by the evening: evidence, standings and past answers."""

    model: MasteryModel
    layout: Layout
    policy: Policy
    log: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    standings: dict[str, Standing] = field(default_factory=dict)
    past: list[Answered] = field(default_factory=list)
    listed: dict[int, datetime] = field(default_factory=dict)
    before: frozenset[Key] = frozenset()

    def add(self, students: Sequence[str], pieces: Sequence[Evidence]) -> None:
        """Learn from a day's evidence."""
        new: dict[str, list[Evidence]] = defaultdict(list)
        for piece in pieces:
            new[piece.student].append(piece)
            self.log[piece.student].append(piece)
        for student in students:
            before = self.standings.get(student)
            after = extended(self.model, before, new[student]) if before else None
            self.standings[student] = after or standing(self.model, self.log[student])

    def board(self, now: datetime) -> Board:
        """Return the board of the evening."""
        states = {student: each.state for student, each in self.standings.items()}
        trails = {student: each.trail for student, each in self.standings.items()}
        return board_of(self.layout, self.policy, self.model, states, now, trails)

    def facts(self, school: PlantedClass, now: datetime) -> ClassFacts:
        """Return what the causes are looked for in."""
        background = Background(
            tuple(self.past),
            dict(school.plans),
            tuple(school.waiting),
            before=self.before,
            estimate=lambda who, target: self.model.estimate(self.standings[who].state, target),
        )
        return ClassFacts(self.board(now), self.log, now, background)


def our_list(diary: Diary, facts: ClassFacts) -> tuple[Intervention, ...]:
    """Return today's list as a school would see it: it keeps what was there yesterday.

    As in a school, yesterday's list is read off yesterday's evidence, not off what was shown.
    """
    background = replace(facts.background, before=frozenset())
    alone = ClassFacts(facts.board, facts.evidence, facts.now, background)
    diary.before = frozenset(each.key for each in todays(ranking(alone)))
    return todays(ranking(facts))


def plain_list(
    which: Which, diary: Diary, school: PlantedClass, now: datetime, draw: Sequence[int]
) -> list[int]:
    """Return the students that a plain rule lists; `draw` seeds the random one."""
    rest = timedelta(days=diary.policy.cool_down_days)
    free = [s for s in range(school.size) if now - diary.listed.get(s, now - 2 * rest) >= rest]
    if which == "random":
        order = [int(s) for s in np.random.default_rng(draw).permutation(free)]
    elif which == "lowest_mastery":
        board = diary.board(now)
        mean = np.where(board.count > 0, board.p, np.nan)
        level = {s: float(np.nanmean(mean[board.row(school.id_of(s))])) for s in free}
        order = sorted(free, key=level.__getitem__)
    else:
        last = {s: diary.log[school.id_of(s)][-1].when for s in free}
        order = sorted(free, key=last.__getitem__)
    return order[: diary.policy.alerts_per_day]


def reasons_for(
    facts: ClassFacts, school: PlantedClass, students: Sequence[int]
) -> list[Intervention]:
    """Return what our causes say of some students; nothing of those who need nothing."""
    ranked = ranking(facts)
    said = [first_of(ranked, school.id_of(student)) for student in students]
    return [each for each in said if each.cause != "look_in"]


def all_knowing_list(diary: Diary, school: PlantedClass) -> list[Planted]:
    """Return the planted needs that are open and can be known, the worst first."""
    known = [n for n in school.needs if n.met is None and n.onset is not None]
    known.sort(key=lambda n: (-SEVERITY[n.cause], n.student))
    return known[: diary.policy.alerts_per_day]
