"""A simulated class with planted needs: who needs what, since when, is known.

Two targets a unit, four school days a unit, one task after another; strengths grow with every
opportunity and are held back by weak prerequisites. None of it is the model that estimates.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from engine import Plan, Waiting
from engine.proposals import Cause
from graphs import Curriculum, Edge, Framework, LearningTarget, Task
from models import Evidence

UNITS, DAYS_A_UNIT, TASKS_A_DAY = 8, 4, 5
DAYS = UNITS * DAYS_A_UNIT
FIRST_DAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
MASTERED = 1.1
"""Strength of true mastery (science notes §7.1)."""
GUESS, SLIP, STEEPNESS = 0.12, 0.05, 1.6
WRONG_SHARE, USUAL_SHARE = 0.7, 0.85
"""What a wrong answer teaches beside a right one, and an answer on average."""
LACKING, LOST = -2.5, -1.5
"""Strength of what was never learned, and of what was shown and is gone."""
HELPED, PROBED = MASTERED + 0.4, 3
"""Strength that help brings, and the tasks on the target that end it the next day."""
SECONDS = 300.0
PLANTED: tuple[Cause, ...] = (
    "missing_prerequisite", "missing_prerequisite", "wheel_spinning", "wheel_spinning", "fading",
    "inactive", "rushing", "contradictory", "awaiting_marking", "goal_at_risk",
    "ready_to_go_ahead", "stuck_by_design",
)  # fmt: skip
"""Planted in each class of thirty, each in another student."""
SEVERITY: Mapping[Cause, float] = {
    "missing_prerequisite": 1.0, "wheel_spinning": 1.0, "fading": 0.6, "inactive": 0.8,
    "rushing": 0.5, "contradictory": 0.3, "awaiting_marking": 0.6, "goal_at_risk": 0.4,
    "ready_to_go_ahead": 0.4, "stuck_by_design": 0.8,
}  # fmt: skip
"""What meeting a need is worth, by judgement and fixed before anything was measured."""


@dataclass(slots=True)
class Planted:
    """A need: whose, which, on what target, from which unit; `onset` once it can be known.

    `seen` counts the student's opportunities since the onset, `met` is the day it was met.
    """

    student: int
    cause: Cause
    target: str
    unit: int
    onset: int | None = None
    seen: int = 0
    surfaced: tuple[int, int] | None = None
    met: int | None = None


def curriculum() -> Curriculum:
    """Two targets a unit, each on one of the unit before; three formats, three kinds."""
    names = [(u, i) for u in range(UNITS) for i in range(2)]
    targets = tuple(LearningTarget(_name(u, i), f"Unit {u}, target {i}") for u, i in names)
    kinds = (("quiz_item", "digital"), ("exit_ticket", "paper"), ("performance_task", "hands_on"))
    tasks = tuple(
        Task(f"{_name(u, i)}-{k}", f"Task {k}", (_name(u, i),), kind, format_, (), 5.0)
        for u, i in names
        for k, (kind, format_) in enumerate(kinds)
    )
    edges = tuple(Edge(_name(u - 1, i), _name(u, i)) for u, i in names if u > 0)
    return Curriculum(Framework("planted", "Planted", targets, tasks=tasks), edges)


def _name(unit: int, place: int) -> str:
    return f"u{unit}{'ab'[place]}"


def school_day(day: int) -> date:
    """Return the date of a school day, counted from 0; weekends are left out."""
    return (FIRST_DAY + timedelta(days=day // 5 * 7 + day % 5)).date()


@dataclass
class PlantedClass:
    """A class of simulated students; `plants` false leaves every need out."""

    rng: np.random.Generator
    size: int = 30
    plants: bool = True
    needs: list[Planted] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ability = self.rng.normal(0.1, 0.6, self.size)
        self.group = self.rng.integers(0, 2, self.size)
        self.rate = np.exp(self.rng.normal(-0.6, 0.2, self.size) + 0.15 * self.ability)
        noise = self.rng.normal(0, 0.4, (self.size, UNITS, 2))
        self.strength = self.ability[:, None, None] - 0.5 + noise
        self.attempts = np.zeros((self.size, UNITS, 2), dtype=np.int64)
        self.run = np.zeros((self.size, UNITS, 2), dtype=np.int64)
        self.number = 0
        self.to_show: dict[int, list[tuple[int, int]]] = {}
        if self.plants:
            chosen = self.rng.permutation(self.size)[: len(PLANTED)]
            for student, cause in zip(chosen.tolist(), PLANTED, strict=True):
                self.needs.append(self._planted(student, cause))
        self.shown = self.strength >= MASTERED

    def _planted(self, student: int, cause: Cause) -> Planted:
        unit, place = int(self.rng.integers(2, UNITS - 1)), int(self.rng.integers(2))
        if cause == "missing_prerequisite":
            self.strength[student, unit - 1, place] = LACKING
            return Planted(student, cause, _name(unit - 1, place), unit)
        if cause == "wheel_spinning":
            self.strength[student, unit, place] = -1.2
        if cause == "fading":
            return Planted(student, cause, _name(unit - 1, place), unit)
        if cause == "ready_to_go_ahead":
            self.strength[student] = 3.5
            return Planted(student, cause, "", 2)
        if cause in {"wheel_spinning", "contradictory"}:
            return Planted(student, cause, _name(unit, place), unit)
        return Planted(student, cause, "", unit)

    def id_of(self, student: int) -> str:
        """Return the id of a student."""
        return f"s{student:02d}"

    def need_of(self, student: int) -> Planted | None:
        """Return the planted need of a student, if there is one that nobody has met."""
        return next((n for n in self.needs if n.student == student and n.met is None), None)

    def day(self, day: int) -> Iterator[Evidence]:
        """Let every student work for a day."""
        unit = day // DAYS_A_UNIT
        self._begin(day, unit)
        for student in range(self.size):
            need = self.need_of(student)
            if need is not None and need.cause == "inactive" and unit >= need.unit:
                if need.onset is None and day >= need.unit * DAYS_A_UNIT + 5:
                    need.onset = day
                continue
            for turn in range(TASKS_A_DAY):
                piece = self._work(student, need, unit, day, turn)
                if piece is not None:
                    yield piece

    def _begin(self, day: int, unit: int) -> None:
        """Let what was planted for this day happen."""
        for need in self.needs:
            student = self.id_of(need.student)
            if need.met is not None or day != need.unit * DAYS_A_UNIT:
                continue
            today = FIRST_DAY.replace(hour=14) + (school_day(day) - FIRST_DAY.date())
            if need.cause == "fading":
                u, i = place_of(need.target)
                if self.shown[need.student, u, i]:
                    self.strength[need.student, u, i] = LOST
                else:
                    need.met = day  # what was never shown cannot fade: nothing is planted
            if need.cause == "awaiting_marking":
                work = Waiting(f"w-{student}", student, (_name(unit, 0),), today)
                self.waiting.append(work)
            if need.cause == "goal_at_risk":
                by = school_day(day + (UNITS - 1 - need.unit) * DAYS_A_UNIT // 2)
                self.plans[student] = Plan(_name(UNITS - 1, 0), by)
                need.onset = day
            if need.cause == "stuck_by_design":
                self.plans[student] = Plan(formats=("oral",))
                need.onset = day
        for need in self.needs:
            if need.cause == "awaiting_marking" and need.onset is None and self.waiting:
                waits = (school_day(day) - self.waiting[0].since.date()).days
                need.onset = day if waits >= 5 else None

    def _work(
        self, student: int, need: Planted | None, unit: int, day: int, turn: int
    ) -> Evidence | None:
        active = need is not None and unit >= need.unit
        cause = need.cause if need is not None and active else None
        u, i = self._next(student, unit, day, turn)
        if cause == "fading" and need is not None and turn == TASKS_A_DAY - 1:
            u, i = place_of(need.target)
        lacks = need is not None and need.cause == "missing_prerequisite"
        if lacks and need is not None and _name(u, i) == need.target:
            return None  # absent whenever this was taught
        k = (day + turn) % 3
        ease = float(self.strength[student, u, i]) - self.held_back(student, u, i)
        right = bool(self.rng.random() < chance_of_right(ease))
        seconds = float(SECONDS * self.rng.lognormal(-0.1, 0.35))
        if cause == "rushing" and self.rng.random() < 0.8:
            right, seconds = bool(self.rng.random() < GUESS), 12.0
        if cause == "contradictory" and need is not None and _name(u, i) == need.target:
            right = k == 2
        else:
            faded_or_lacking = active or (need is not None and need.cause != "fading")
            stays = need is not None and need.target == _name(u, i) and faded_or_lacking
            if not stays:  # what is planted does not pass by itself
                self._learn(student, u, i, right)
        self.attempts[student, u, i] += 1
        self.run[student, u, i] = (self.run[student, u, i] + 1) * right
        self._note(need, active, _name(u, i), right, seconds, day)
        self.number += 1
        minutes = timedelta(minutes=8 * turn)
        when = FIRST_DAY + (school_day(day) - FIRST_DAY.date()) + minutes
        kind = ("quiz_item", "exit_ticket", "performance_task")[k]
        return Evidence(
            f"e{self.number:06d}", self.id_of(student), (_name(u, i),), float(right), kind,
            f"{_name(u, i)}-{k}", when, duration=seconds,
        )  # fmt: skip

    def _next(self, student: int, unit: int, day: int, turn: int) -> tuple[int, int]:
        """Return the target of the next task: what was helped with, the unit's, or an older one."""
        if self.to_show.get(student):
            return self.to_show[student].pop()
        return (unit, turn % 2) if turn < TASKS_A_DAY - 1 else self._review(student, unit, day)

    def _review(self, student: int, unit: int, day: int) -> tuple[int, int]:
        if unit == 0:
            return 0, day % 2
        turn = np.random.default_rng([student, day])
        return int(turn.integers(max(unit - 2, 0), unit)), int(turn.integers(2))

    def held_back(self, student: int, u: int, i: int) -> float:
        """Return what a weak prerequisite takes from the strength on what builds on it."""
        return 0.0 if u == 0 else 2.0 * (1 - _sigmoid(2 * self.strength[student, u - 1, i]))

    def _learn(self, student: int, u: int, i: int, right: bool) -> None:
        now = float(self.strength[student, u, i])
        usual = self.usual_gain(student, now, self.held_back(student, u, i))
        gain = usual / USUAL_SHARE * (1.0 if right else WRONG_SHARE)
        self.strength[student, u, i] = now + gain
        self.shown[student, u, i] |= now + gain >= MASTERED

    def usual_gain(self, student: int, strength: float, held: float) -> float:
        """Return what one opportunity adds to a strength, right and wrong answers averaged."""
        slowing = 1 / (1 + math.exp(1.2 * (strength - 2.2)))
        return float(self.rate[student]) * (1 - held / 2) * slowing * USUAL_SHARE

    def _note(
        self, need: Planted | None, active: bool, name: str, right: bool, seconds: float, day: int
    ) -> None:
        """Count towards the onset: when a person who knew where to look could first know."""
        if need is None or not active:
            return
        u, i = place_of(need.target) if need.target else (0, 0)
        counts = {
            "missing_prerequisite": name == _name(u + 1, i) and not right and u + 1 < UNITS,
            "wheel_spinning": name == need.target,
            "fading": name == need.target and not right,
            "rushing": seconds < 30 and not right,
            "contradictory": name == need.target,
            "ready_to_go_ahead": right,
        }
        needed = {"missing_prerequisite": 2, "wheel_spinning": 3, "fading": 2, "rushing": 3,
                  "contradictory": 6, "ready_to_go_ahead": 6}  # fmt: skip
        about = need.target in {name, ""}
        if need.onset is not None:
            need.seen += about or (need.cause == "missing_prerequisite" and name[2] == "ab"[i])
            return
        if counts.get(need.cause, False):
            need.seen += 1
        if need.cause in needed and need.seen >= needed[need.cause]:
            need.onset, need.seen = day, 0

    def meet(self, need: Planted, day: int) -> None:
        """Let the teacher meet a planted need: it ends."""
        need.met = day
        student = self.id_of(need.student)
        if need.target:
            self.help(need.student, need.cause, need.target)
        self.waiting = [work for work in self.waiting if work.student != student]
        self.plans.pop(student, None)

    def help(self, student: int, cause: Cause, target: str) -> None:
        """Let help on a target work, where the cause was true: it is mastered soon."""
        if cause in {"missing_prerequisite", "wheel_spinning", "fading"}:
            place = place_of(target)
            self.strength[student][place] = max(self.strength[student][place], HELPED)
            self.shown[student][place] = True
            self.to_show[student] = [place] * PROBED


def chance_of_right(ease: float) -> float:
    """Return the chance of a right answer; `ease` is strength less what holds it back."""
    return GUESS + (1 - GUESS - SLIP) * _sigmoid(STEEPNESS * ease)


def unit_of(day: int) -> int:
    """Return the unit that a class works on, on a school day."""
    return day // DAYS_A_UNIT


def place_of(target: str) -> tuple[int, int]:
    """Return the unit of a target, and its place in it."""
    return int(target[1]), "ab".index(target[2])


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))
