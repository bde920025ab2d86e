"""Interventions judged where the truth is known: simulated classes with planted needs.

At the end of each day a teacher does what the list names, and nothing else. A claim that is right
(`experiments.planted_truth`) is accepted, and the help works; one that is not is called wrong. A
planted need is met only when the list names it: cause and target, with an action that fits. What
the list is worth is the sum of the severities of the needs that were met, each losing a
twentieth for every school day since it could be known; the all-knowing list, of the same length and
under the same rules, names each need on the day it can be known. The same classes are lived
through with every list.

Beside it, more kindly to plain lists: what they would be worth if whoever is listed were
understood by looking, whatever is said of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from engine import Answered, Intervention, Layout, Policy
from engine.interventions import todays
from engine.ranking import ranking
from experiments.alert_lists import (
    Diary,
    Which,
    all_knowing_list,
    our_list,
    plain_list,
    reasons_for,
)
from experiments.planted import (
    DAYS,
    FIRST_DAY,
    SEVERITY,
    Planted,
    PlantedClass,
    curriculum,
    school_day,
)
from experiments.planted_truth import is_right, names_planted
from models import Evidence, MasteryModel
from models.fitting import fit_bkt
from models.log import log_from_evidence

COURSE_CLASSES = 6
"""Classes without planted needs on which the mastery model is fitted."""
WITHIN_OPPORTUNITIES, WITHIN_DAYS = 5, 3
"""A need surfaces in time within so many opportunities of its onset, or school days."""
WORTH_DAYS = 20
"""School days after which meeting a need is worth nothing: a month."""
EVENING = timedelta(hours=7)
"""From the first lesson to the moment a list is made."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One claim that was shown: whose, why, and whether it was right.

    `first` is the student whom the proposal names first; the others share the need.
    """

    student: int
    cause: str
    right: bool
    first: bool
    quartile: int
    group: int


@dataclass
class Lived:
    """One class lived through with one kind of list."""

    needs: list[Planted]
    quartiles: Sequence[int]
    groups: Sequence[int]
    shown: list[Shown] = field(default_factory=list)
    longest: int = 0
    kept: list[float] = field(default_factory=list)  # Jaccard of each day's list with the last

    @property
    def alerts(self) -> list[Shown]:
        """The claims about the student whom each proposal names first."""
        return [each for each in self.shown if each.first]

    @property
    def known(self) -> list[Planted]:
        """The planted needs that could be known before the term was over."""
        return [need for need in self.needs if need.onset is not None]

    def utility(self, without: str = "") -> float:
        """Worth of the needs that were met, but for one cause."""
        return sum(
            SEVERITY[n.cause] * max(0.0, 1 - max(n.met - n.onset, 0) / WORTH_DAYS)
            for n in self.known
            if n.met is not None and n.onset is not None and n.cause != without
        )


def in_time(need: Planted) -> bool:
    """Whether a need surfaced within five opportunities or three school days of its onset."""
    if need.surfaced is None or need.onset is None:
        return False
    day, seen = need.surfaced
    return day - need.onset <= WITHIN_DAYS or seen <= WITHIN_OPPORTUNITIES


def fitted_on_others(seed: int, classes: int = COURSE_CLASSES) -> MasteryModel:
    """Fit plain BKT on classes of other students, without any planted need."""
    pieces: list[Evidence] = []
    for number in range(classes):
        other = PlantedClass(np.random.default_rng([seed, 99, number]), plants=False)
        for day in range(DAYS):
            pieces += [
                Evidence(f"{number}-{e.id}", f"{number}-{e.student}", e.targets, e.score, e.kind,
                         observed_at=e.observed_at)
                for e in other.day(day)
            ]  # fmt: skip
    weights = {kind.id: kind.reliability for kind in curriculum().framework.kinds}
    return fit_bkt(log_from_evidence(pieces, weights), aim="mastery")


@dataclass
class Trial:
    """A class that lives through a term with one list; `answers` false: nobody reads it."""

    which: Which
    seed: int
    model: MasteryModel
    answers: bool = True
    finds: bool = False

    def live(self) -> Lived:
        """Live through the term."""
        self.school = PlantedClass(np.random.default_rng([self.seed, 7]))
        self.diary = Diary(self.model, Layout(curriculum()), Policy())
        rank = np.argsort(np.argsort(self.school.ability))
        quartiles = (rank * 4 // self.school.size).tolist()
        self.lived = Lived(self.school.needs, quartiles, self.school.group.tolist())
        students = [self.school.id_of(i) for i in range(self.school.size)]
        before: set[object] = set()
        for day in range(DAYS):
            self.diary.add(students, list(self.school.day(day)))
            now = FIRST_DAY + (school_day(day) - FIRST_DAY.date()) + EVENING
            today = self._day(day, now)
            if before or today:
                self.lived.kept.append(len(before & today) / len(before | today))
            before = today
        return self.lived

    def _day(self, day: int, now: datetime) -> set[object]:
        """Show a list, let it be answered, and return what was on it."""
        if self.which == "all_knowing":
            for need in all_knowing_list(self.diary, self.school):
                self.school.meet(need, day)
            return set()
        facts = self.diary.facts(self.school, now)
        if self.which == "footpath":
            # What is answered on its day has nothing to keep the next.
            listed: Sequence[Intervention] = (
                todays(ranking(facts)) if self.answers else our_list(self.diary, facts)
            )
            looked_at = [int(each.student[1:]) for each in listed]
        else:
            draw = [self.seed, 3, day]
            looked_at = plain_list(self.which, self.diary, self.school, now, draw)
            self.diary.listed.update(dict.fromkeys(looked_at, now))
            listed = reasons_for(facts, self.school, looked_at)
        self.lived.longest = max(self.lived.longest, len(looked_at))
        for proposal in listed:
            self._see(proposal, day, now)
        if self.finds:
            self._find(looked_at, day)
        return {each.key for each in listed}

    def _see(self, proposal: Intervention, day: int, now: datetime) -> None:
        """Let the teacher look at a proposal, of each student whom it names."""
        for name in (proposal.student, *proposal.together):
            student = int(name[1:])
            claim = (proposal.cause, proposal.target)
            subject = (
                proposal.reason.targets[0] if proposal.cause == "missing_prerequisite" else None
            )
            right = is_right(self.school, student, *claim, subject, proposal.action, day)
            if proposal.cause != "look_in":
                kinds = self.lived.quartiles[student], self.lived.groups[student]
                first = name == proposal.student
                self.lived.shown.append(Shown(student, proposal.cause, right, first, *kinds))
            if self.answers:
                self._answer(proposal, name, day, now, right=right or proposal.cause == "look_in")

    def _answer(
        self, proposal: Intervention, name: str, day: int, now: datetime, *, right: bool
    ) -> None:
        student, cause, target = int(name[1:]), proposal.cause, proposal.target
        need = self.school.need_of(student)
        if need is not None and names_planted(need, cause, target, proposal.action):
            need.onset = day if need.onset is None else need.onset
            need.surfaced = (day, need.seen)
            self.school.meet(need, day)
        elif right and target is not None:
            self.school.help(student, cause, target)
        said = Answered(name, cause, target, "accept" if right else "wrong", now, proposal.rests_on)
        self.diary.past.append(said)

    def _find(self, students: Sequence[int], day: int) -> None:
        """Let the teacher understand by looking what can be known of some students."""
        for student in students:
            need = self.school.need_of(student)
            if need is not None and need.onset is not None:
                self.school.meet(need, day)
