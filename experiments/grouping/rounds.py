"""Ten rounds of groups in simulated classes: what each way of grouping adds up to.

A week a round: groups by today's estimates, then everyone works on the target of their group,
and the answers move the estimates. The truth of the simulation judges; nobody sees it.
"""

import copy
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations

import numpy as np

from engine import Policy
from engine.groups import Asked, Effort, PastGroup, Round, propose_groups
from engine.groups.need import strength
from experiments.grouping.classes import SimulatedClass
from experiments.grouping.instances import TODAY, Instance, mixed_rules, reteach_rules
from experiments.grouping.usual import WAYS, classroom, judge

PRACTICE = 4
"""Answers of a student to their group's target in a round."""
WEEK = 7
OURS = ("footpath", "footpath mix")
"""Ours under the rules of all the others, and the mix of purposes that is served."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TenRounds:
    """What one way of grouping came to, means over the classes.

    `truly_ready` share of places (coaches aside) whose target was truly not mastered with all
    it needs mastered · `most_lowest` how often the student who sat in the lowest group most
    did · `partners` class mates that a student met · `grouped` share of students in a group ·
    `mastered` targets a student truly mastered at the end.
    """

    way: str
    truly_ready: float
    most_lowest: float
    partners: float
    grouped: float
    mastered: float


def ten_rounds(
    classes: int, rounds: int, size: int = 30, first: int = 0,
    progress: Progress = lambda _, __: None,
) -> list[TenRounds]:  # fmt: skip
    """Play so many rounds in so many classes with every way of grouping."""
    ways = (*OURS, *WAYS)
    found: dict[str, list[TenRounds]] = {way: [] for way in ways}
    for number, seed in enumerate(range(first, first + classes)):
        begun = SimulatedClass(seed, size)
        for k, way in enumerate(ways):
            found[way].append(_played(way, copy.deepcopy(begun), rounds, seed))
            progress(number * len(ways) + k + 1, classes * len(ways))
    return [_mean(rows) for rows in found.values()]


def _played(way: str, room: SimulatedClass, rounds: int, seed: int) -> TenRounds:
    past: list[Round] = []
    hits: list[bool] = []
    for week in range(rounds):
        board = room.board(Policy())
        rng = np.random.default_rng([seed, len(room.students)])
        rules = (mixed_rules if way == OURS[1] else reteach_rules)(board.students, rng)
        asked = Asked(TODAY + timedelta(weeks=week), rules, room.likings, tuple(past))
        instance = Instance(way, board, asked, room)
        groups, own = _ours(instance) if way in OURS else (_usual(instance, way, week), {})
        levels = strength(board)
        means = [float(levels[[board.row(s) for s in g.students]].mean()) for g in groups]
        kept = tuple(
            replace(g, lowest=len(means) > 1 and i == means.index(min(means)))
            for i, g in enumerate(groups)
        )
        past.append(Round(f"{week:02d}", asked.today, kept))
        work = {s: g.aim.target for g in kept for s in g.students if s not in g.coaches}
        hits += [room.truly_ready(s, target) for s, target in work.items()]
        for student, target in sorted({**own, **work}.items()):
            room.practise(student, target, PRACTICE)
        room.day += WEEK
    return _summed(way, room, past, hits)


def _ours(instance: Instance) -> tuple[list[PastGroup], dict[str, str]]:
    """Return our groups, and what the others work on."""
    effort = Effort(instance.board.policy.group_seconds, time.perf_counter)
    found = propose_groups(instance.board, instance.asked, effort)
    groups = [PastGroup(g.aim, g.students, g.coaches) for g in found.groups]
    return groups, {each.student: each.target for each in found.own if each.target}


def _usual(instance: Instance, way: str, week: int) -> list[PastGroup]:
    room = classroom(instance)
    parts = WAYS[way](room, np.random.default_rng(week))
    judged = judge(room, parts)
    students = instance.board.students
    return [
        PastGroup(room.aims[a], tuple(sorted(students[i] for i in part)))
        for a, part in zip(judged.aims, parts, strict=True)
    ]


def _summed(way: str, room: SimulatedClass, past: list[Round], hits: list[bool]) -> TenRounds:
    lowest = Counter(s for r in past for g in r.groups if g.lowest for s in g.students)
    met = {frozenset(pair) for r in past for g in r.groups for pair in combinations(g.students, 2)}
    places = sum(len(g.students) for r in past for g in r.groups)
    size, targets = len(room.students), range(len(room.world.domain))
    known = [bool(room.world.mastered(s, t, room.day)) for s in range(size) for t in targets]
    return TenRounds(
        way=way,
        truly_ready=float(np.mean(hits)) if hits else 0.0,
        most_lowest=float(max(lowest.values(), default=0)),
        partners=2 * len(met) / size,
        grouped=places / (size * len(past)),
        mastered=sum(known) / size,
    )


def _mean(rows: list[TenRounds]) -> TenRounds:
    names = ("truly_ready", "most_lowest", "partners", "grouped", "mastered")
    means = {name: float(np.mean([getattr(row, name) for row in rows])) for name in names}
    return TenRounds(rows[0].way, **means)
