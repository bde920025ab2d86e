"""A simulated school with known truth: gradual learners over a term.

Every student has a strength (log-odds) on every learning target. It starts from ability and
grade, is held back by weak prerequisites, grows a little with each opportunity, faster where
the prerequisites are strong and slower near the top, and at a rate of the student's own.
This is *not* the model that Footpath fits, on purpose: a recommender must not be judged by
students who obey its own assumptions.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from graphs import Curriculum, Task
from models import Evidence

TRULY_MASTERED = 1.1
"""Strength from which a target counts as truly mastered: about .75 on an item of middling
difficulty, the bar of the science notes (§7.1)."""
SCALE = "rubric4"
LEVEL_EDGES = (TRULY_MASTERED - 1.5, TRULY_MASTERED, TRULY_MASTERED + 2.4)
"""Strengths at which a rubric judgement goes up one level. Proficient, 3 of 4, says that the target
is met, so it begins where true mastery does; 4 goes far beyond it, as about one in five do at the
end of the term."""
RATER_NOISE = 0.3
"""How far off the strength of the work a judgement lies, as a standard deviation: two who share a
rubric agree on some four pieces of work in five."""
RUBRIC_KINDS = frozenset({"performance_task", "portfolio_piece", "conference", "group_product"})
GUESS, SLIP = 0.12, 0.05
UNIT_SIZE = 4
"""Targets a class works on at a time: about two weeks of lessons."""
CATCH_UP_BELOW = 0.3
"""Strength below which a prerequisite is worth catching up on."""
ABSENT_DAYS = 14
"""School days at the end of the term on which someone who stops early hands in nothing."""
POINTS = 4
"""Points of an exit ticket or a homework."""


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class to simulate: its students meet targets up to `grade`."""

    id: str
    title: str
    grade: int
    size: int


@dataclass
class Learner:
    """One simulated student; `strength` by target is the truth that the log only hints at."""

    id: str
    class_id: str
    ability: float
    rate: float
    diligence: float
    stops_early: bool
    strength: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """A simulated term: its evidence, and the truth at its end."""

    learners: tuple[Learner, ...]
    evidence: tuple[Evidence, ...]

    def truth(self) -> dict[str, dict[str, bool]]:
        """Return whether each student truly masters each target."""
        return {
            learner.id: {t: s >= TRULY_MASTERED for t, s in learner.strength.items()}
            for learner in self.learners
        }


def simulate_term(
    curriculum: Curriculum,
    plans: tuple[ClassPlan, ...],
    now: datetime,
    rng: np.random.Generator,
    days: int = 65,
) -> Term:
    """Simulate `days` school days that end on the day before `now` (aware).

    Deterministic for equal arguments. A class moves through the targets of its grade unit by
    unit; each student does up to two tasks a day, most of them on the unit and some to
    catch up, now and then revises one, and misses one in thirty.
    """
    calendar = _school_days(now, days)
    learners = [_learner(curriculum, plan, i, rng) for plan in plans for i in range(plan.size)]
    grades = {plan.id: plan.grade for plan in plans}
    evidence: list[Evidence] = []
    for learner in learners:
        evidence += _work(curriculum, learner, grades[learner.class_id], calendar, rng)
    return Term(tuple(learners), tuple(evidence))


def _school_days(now: datetime, days: int) -> list[datetime]:
    start_of_day = now.replace(hour=8, minute=30, second=0, microsecond=0)
    found: list[datetime] = []
    day = start_of_day
    while len(found) < days:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found[::-1]


def _learner(
    curriculum: Curriculum, plan: ClassPlan, number: int, rng: np.random.Generator
) -> Learner:
    learner = Learner(
        id=f"{plan.id}-{number + 1:02d}",
        class_id=plan.id,
        ability=float(rng.normal(0.3, 0.9)),
        rate=float(rng.lognormal(-0.7, 0.5)),
        diligence=float(rng.uniform(0.55, 1.0)),
        stops_early=bool(rng.random() < 0.06),
    )
    for generation in curriculum.graph.generations:
        for target in generation:
            grade = float(curriculum.framework.target(target).grade or plan.grade)
            ahead = 1.5 * (plan.grade - 0.2 - grade)
            own = learner.ability + ahead + float(rng.normal(0, 0.9))
            learner.strength[target] = min(own, _weakest(curriculum, learner, target) + 1.2)
    return learner


def _weakest(curriculum: Curriculum, learner: Learner, target: str) -> float:
    before = curriculum.graph.prerequisites(target)
    return min((learner.strength[p] for p in before), default=np.inf)


def _work(
    curriculum: Curriculum,
    learner: Learner,
    grade: int,
    calendar: list[datetime],
    rng: np.random.Generator,
) -> Iterator[Evidence]:
    units = _units(curriculum, grade)
    done: Counter[str] = Counter()
    number = 0
    attended = calendar[:-ABSENT_DAYS] if learner.stops_early else calendar
    for day_number, day in enumerate(attended):
        unit = units[day_number * len(units) // len(calendar)]
        for moment in _moments(day, learner, rng):
            task = _next_task(curriculum, learner, unit, done, rng)
            done[task.id] += 1
            number += 1
            piece = _perform(learner, task, f"{learner.id}-e{number:03d}", moment, rng)
            yield piece
            _learn(curriculum, learner, task)
            later = moment + timedelta(hours=26)
            if _to_be_revised(piece, rng) and later < calendar[-1]:
                number += 1
                revision = _perform(learner, task, f"{learner.id}-e{number:03d}", later, rng)
                yield _revising(revision, piece)


def _units(curriculum: Curriculum, grade: int) -> list[list[str]]:
    """Cut the targets of a grade, in learning order, into units of `UNIT_SIZE`."""
    in_order = [t for layer in curriculum.graph.generations for t in layer]
    mine = [t for t in in_order if curriculum.framework.target(t).grade == str(grade)]
    return [mine[i : i + UNIT_SIZE] for i in range(0, len(mine), UNIT_SIZE)]


def _to_be_revised(piece: Evidence, rng: np.random.Generator) -> bool:
    return piece.score is not None and piece.score < 0.5 and bool(rng.random() < 0.15)


def _moments(day: datetime, learner: Learner, rng: np.random.Generator) -> list[datetime]:
    count = int(rng.binomial(2, learner.diligence))
    minutes = sorted(int(m) for m in rng.choice(330, size=count, replace=False))
    return [day + timedelta(minutes=m) for m in minutes]


def _next_task(
    curriculum: Curriculum,
    learner: Learner,
    unit: list[str],
    done: Counter[str],
    rng: np.random.Generator,
) -> Task:
    """Pick a task of the unit, or one time in four of a prerequisite that is still weak."""
    before = {a for target in unit for a in curriculum.graph.ancestors(target)}
    weak = sorted(a for a in before if learner.strength[a] < CATCH_UP_BELOW)
    wanted = set(weak if weak and rng.random() < 0.25 else unit)
    fitting = [t for t in curriculum.framework.tasks if wanted & set(t.targets)]
    weights = np.array([0.3 ** done[t.id] for t in fitting]) + 1e-9
    return fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]


def _perform(
    learner: Learner, task: Task, evidence_id: str, moment: datetime, rng: np.random.Generator
) -> Evidence:
    common = {
        "id": evidence_id,
        "student": learner.id,
        "targets": task.targets,
        "kind": task.kind,
        "task": task.id,
        "observed_at": moment,
    }
    if rng.random() < 1 / 30:
        return Evidence(score=None, missed=True, **common)  # type: ignore[arg-type]
    strength = float(np.mean([learner.strength[t] for t in task.targets]))
    if task.kind in RUBRIC_KINDS:
        level = judged_level(strength, rng)
        return Evidence(score=(level - 1) / 3, level=level, scale=SCALE, **common)  # type: ignore[arg-type]
    p = GUESS + (1 - GUESS - SLIP) / (1 + np.exp(-1.3 * strength))
    points = 1 if task.kind == "quiz_item" else POINTS
    score = float(rng.binomial(points, p)) / points
    duration = float(task.minutes * 60 * rng.lognormal(-0.1, 0.35))
    return Evidence(score=score, duration=round(duration), **common)  # type: ignore[arg-type]


def judged_level(strength: float, rng: np.random.Generator) -> int:
    """Return the level, 1 to 4, at which a rater sees work of a strength."""
    return 1 + int(np.searchsorted(LEVEL_EDGES, strength + rng.normal(0, RATER_NOISE)))


def _revising(revision: Evidence, first: Evidence) -> Evidence:
    values = {name: getattr(revision, name) for name in Evidence.__slots__}
    return Evidence(**{**values, "supersedes": first.id, "attempt": 2})


def _learn(curriculum: Curriculum, learner: Learner, task: Task) -> None:
    for target in task.targets:
        now = learner.strength[target]
        held_back = _weakest(curriculum, learner, target)
        readiness = 1.0 if np.isinf(held_back) else float(1 / (1 + np.exp(-1.5 * held_back)))
        slowing = float(1 / (1 + np.exp(1.2 * (now - 2.2))))
        learner.strength[target] = now + learner.rate * readiness * slowing
