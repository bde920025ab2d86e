"""Interventions judged where the truth is known: simulated classes with planted needs.

A teacher answers every list at the end of the day: what is true is accepted, what is not is
called wrong. How often the list names a need, and soon, is measured with a teacher who does only
what the list says. What it is worth is measured with one who looks at whoever is listed and meets
what can be known by then, whatever the list says of it: the same on our list as on the others
of the same length, which are lived through in the same classes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np

from engine import Answered, Background, Board, Intervention, Layout, Policy, interventions
from engine import make_board as board_of
from experiments.planted import (
    DAYS,
    FIRST_DAY,
    SEVERITY,
    Planted,
    PlantedClass,
    curriculum,
    school_day,
)
from models import Evidence, MasteryModel, Standing, extended, standing
from models.fitting import fit_bkt
from models.log import log_from_evidence

Progress = Callable[[int, int], None]
Teacher = Literal["looks", "trusts", "ignores"]
"""Looks at whoever is listed and meets what can be known; or does only what the list names; or
answers nothing."""
LISTS = ("footpath", "all_knowing", "random", "lowest_mastery", "inactivity")
COURSE_CLASSES = 6
"""Classes without planted needs on which the mastery model is fitted."""
WITHIN_OPPORTUNITIES, WITHIN_DAYS = 5, 3
"""A need surfaces in time within so many opportunities of its onset, or school days."""
WORTH_DAYS = 20
"""School days after which meeting a need is worth nothing: a month."""
SAME = {"fading", "missing_prerequisite"}
"""A prerequisite that is gone may be called either."""
REST_DAYS = 7
"""Days that a student rests on the plain lists too, or they would show the same five for ever."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposal that was shown: whose, why, and whether it was true."""

    student: int
    cause: str
    right: bool
    quartile: int
    group: int


@dataclass
class Lived:
    """One class lived through with one kind of list."""

    needs: list[Planted]
    shown: list[Shown] = field(default_factory=list)
    longest: int = 0
    jaccard: list[float] = field(default_factory=list)
    quartiles: Sequence[int] = ()
    groups: Sequence[int] = ()

    @property
    def utility(self) -> float:
        """Worth of the needs that were met, each fading from its onset."""
        return sum(
            SEVERITY[n.cause] * max(0.0, 1 - max(n.met - n.onset, 0) / WORTH_DAYS)
            for n in self.needs
            if n.met is not None and n.onset is not None
        )


@dataclass
class Diary:
    """What is known in a class by the evening: evidence, standings and past answers."""

    model: MasteryModel
    layout: Layout
    policy: Policy
    log: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    standings: dict[str, Standing] = field(default_factory=dict)
    past: list[Answered] = field(default_factory=list)
    rests: dict[int, datetime] = field(default_factory=dict)

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


def fitted_model(seed: int) -> MasteryModel:
    """Fit plain BKT on classes of other students, without any planted need."""
    pieces: list[Evidence] = []
    for number in range(COURSE_CLASSES):
        other = PlantedClass(np.random.default_rng([seed, 99, number]), plants=False)
        for day in range(DAYS):
            pieces += [
                Evidence(f"{number}-{e.id}", f"{number}-{e.student}", e.targets, e.score, e.kind,
                         observed_at=e.observed_at)
                for e in other.day(day)
            ]  # fmt: skip
    weights = {kind.id: kind.reliability for kind in curriculum().framework.kinds}
    return fit_bkt(log_from_evidence(pieces, weights), aim="mastery")


def live(which: str, seed: int, model: MasteryModel, *, teacher: Teacher = "looks") -> Lived:
    """Live through a term with one kind of list and one kind of teacher."""
    school = PlantedClass(np.random.default_rng([seed, 7]))
    students = [school.id_of(i) for i in range(school.size)]
    diary = Diary(model, Layout(curriculum()), Policy())
    rank = np.argsort(np.argsort(school.ability))
    found = Lived(
        school.needs,
        quartiles=(rank * 4 // school.size).tolist(),
        groups=school.group.tolist(),
    )
    before: set[object] = set()
    for day in range(DAYS):
        diary.add(students, list(school.day(day)))
        now = FIRST_DAY + (school_day(day) - FIRST_DAY.date()) + timedelta(hours=7)
        if which == "footpath":
            today = _footpath(diary, school, now)
            _see(found, school, diary, today, day, now, teacher)
            listed = {each.id for each in today}
            if day > 5:
                found.jaccard.append(len(listed & before) / max(len(listed | before), 1))
            before = set(listed)
        else:
            for student in _plain_list(which, diary, school, day, now, seed):
                need = school.need_of(student)
                diary.rests[student] = now
                if need is not None and need.onset is not None:
                    school.meet(need, day)
    return found


def _footpath(diary: Diary, school: PlantedClass, now: datetime) -> tuple[Intervention, ...]:
    background = Background(tuple(diary.past), dict(school.plans), tuple(school.waiting))
    return interventions(diary.board(now), diary.log, now, background)


def _see(
    found: Lived,
    school: PlantedClass,
    diary: Diary,
    today: Sequence[Intervention],
    day: int,
    now: datetime,
    teacher: Teacher,
) -> None:
    """Let the teacher look at a list: true causes are accepted, wrong ones called so."""
    found.longest = max(found.longest, len(today))
    for proposal in today:
        for name in (proposal.student, *proposal.together):
            student = int(name[1:])
            right = school.is_right(student, proposal.cause, proposal.target, day)
            if name == proposal.student and proposal.cause != "look_in":
                quartile, group = found.quartiles[student], found.groups[student]
                found.shown.append(Shown(student, proposal.cause, right, quartile, group))
            if teacher != "ignores":
                looks = teacher == "looks" and name == proposal.student
                _answer(school, diary, proposal, name, day, now, right=right, looks=looks)


def _answer(
    school: PlantedClass,
    diary: Diary,
    proposal: Intervention,
    name: str,
    day: int,
    now: datetime,
    *,
    right: bool,
    looks: bool,
) -> None:
    need = school.need_of(int(name[1:]))
    talk = proposal.cause == "look_in"
    if need is not None:
        named = need.target in {"", proposal.target} and (
            need.cause == proposal.cause or {need.cause, proposal.cause} == SAME
        )
        if named:
            need.onset = day if need.onset is None else need.onset
            need.surfaced = (day, need.seen)
        if named or (looks and need.onset is not None):
            school.meet(need, day)
    diary.past.append(
        Answered(name, proposal.cause, proposal.target, "accept" if right or talk else "wrong",
                 now, proposal.rests_on)
    )  # fmt: skip


def _plain_list(
    which: str, diary: Diary, school: PlantedClass, day: int, now: datetime, seed: int
) -> list[int]:
    """Return the five students that a plain rule would show."""
    number = diary.policy.alerts_per_day
    if which == "all_knowing":
        active = [n for n in school.needs if n.met is None and n.onset is not None]
        active.sort(key=lambda n: (-SEVERITY[n.cause], n.student))
        return [n.student for n in active[:number]]
    rest = timedelta(days=REST_DAYS)
    free = [s for s in range(school.size) if now - diary.rests.get(s, now - 2 * rest) >= rest]
    if which == "random":
        drawn = np.random.default_rng([seed, 3, day]).permutation(len(free))
        order = [free[place] for place in drawn]
    elif which == "lowest_mastery":
        board = diary.board(now)
        mean = np.where(board.count > 0, board.p, np.nan)
        level = {s: float(np.nanmean(mean[board.row(school.id_of(s))])) for s in free}
        order = sorted(free, key=level.__getitem__)
    else:
        last = {s: diary.log[school.id_of(s)][-1].when for s in free}
        order = sorted(free, key=last.__getitem__)
    return order[:number]


def simulate_alerts(
    seeds: int, first: int = 0, progress: Progress = lambda _, __: None
) -> dict[str, Any]:
    """Live through `seeds` classes with every kind of list; return what came of them."""
    lived: dict[str, list[Lived]] = {which: [] for which in LISTS}
    trusted: list[Lived] = []
    unanswered: list[Lived] = []
    for seed in range(first, first + seeds):
        model = fitted_model(seed)
        for which in LISTS:
            lived[which].append(live(which, seed, model))
        trusted.append(live("footpath", seed, model, teacher="trusts"))
        unanswered.append(live("footpath", seed, model, teacher="ignores"))
        progress(seed + 1 - first, seeds)
    best = sum(each.utility for each in lived["all_knowing"])
    ours = trusted
    shown = [each for one in ours for each in one.shown]
    needs = [n for one in ours for n in one.needs if n.onset is not None]
    return {
        "classes": seeds,
        "first_seed": first,
        "needs": len(needs),
        "alerts": len(shown),
        "cause_right": _share(each.right for each in shown),
        "cause_right_but_ready": _share(
            each.right for each in shown if each.cause != "ready_to_go_ahead"
        ),
        "surfaced_in_time": _share(map(_in_time, needs)),
        "surfaced": _share(n.surfaced is not None for n in needs),
        "most_alerts_a_day": max(one.longest for one in ours),
        "share_of_all_knowing": {
            which: sum(each.utility for each in found) / best for which, found in lived.items()
        },
        "by_cause": _by_cause(shown, needs),
        "stability": float(np.mean([j for one in unanswered for j in one.jaccard])),
        "by_quartile": _by(ours, lambda one: one.quartiles, lambda each: each.quartile),
        "by_group": _by(ours, lambda one: one.groups, lambda each: each.group),
    }


def _in_time(need: Planted) -> bool:
    """Whether a need surfaced within five opportunities or three school days of its onset."""
    if need.surfaced is None or need.onset is None:
        return False
    day, seen = need.surfaced
    return day - need.onset <= WITHIN_DAYS or seen <= WITHIN_OPPORTUNITIES


def _by_cause(shown: Sequence[Shown], needs: Sequence[Planted]) -> list[dict[str, object]]:
    alerts = Counter(each.cause for each in shown)
    right = Counter(each.cause for each in shown if each.right)
    planted = Counter(need.cause for need in needs)
    timely = Counter(need.cause for need in needs if _in_time(need))
    return [
        {
            "cause": cause,
            "alerts": alerts[cause],
            "right": right[cause] / alerts[cause] if alerts[cause] else None,
            "planted": planted[cause],
            "in_time": timely[cause] / planted[cause] if planted[cause] else None,
        }
        for cause in SEVERITY
    ]


def _by(
    ours: Sequence[Lived],
    kind_of: Callable[[Lived], Sequence[int]],
    kind: Callable[[Shown], int],
) -> list[Mapping[str, object]]:
    """Alert rate and precision by kind of student, and the rate at equal need: with one planted."""
    found: list[Mapping[str, object]] = []
    for value in sorted({each for one in ours for each in kind_of(one)}):
        shown = [each for one in ours for each in one.shown if kind(each) == value]
        students = sum(list(kind_of(one)).count(value) for one in ours)
        needs = list(_needs_of(ours, kind_of, value))
        found.append(
            {
                "value": value,
                "students": students,
                "alerts_a_student": len(shown) / students,
                "right": _share(each.right for each in shown),
                "planted": len(needs),
                "surfaced_at_equal_need": _share(n.surfaced is not None for n in needs),
            }
        )
    return found


def _needs_of(
    ours: Sequence[Lived], kind_of: Callable[[Lived], Sequence[int]], value: int
) -> Iterator[Planted]:
    for one in ours:
        kinds = kind_of(one)
        yield from (n for n in one.needs if n.onset is not None and kinds[n.student] == value)


def _share(which: object) -> float | None:
    found = [bool(each) for each in which]  # type: ignore[attr-defined]
    return sum(found) / len(found) if found else None
