"""Interventions: whom to see first today, and why.

    priority = need × (1 + log2(1 + unmet targets that wait behind it)) × doable × standing
               × √(students who share it)

where `standing` halves for each time the teacher called this cause wrong for this student, and
halves while something else agreed on for the student is still fresh. At most one proposal a
student and `alerts_per_day` a class, answered ones included. A reteach or another approach is
one proposal for all who share the need: only targeted causes are shared. What was answered
rests until it has cooled down *and* rests on something new. Everyone is looked at within
`look_every_days`: as many places as that takes, spread over the days that are left, go to those
whom nobody has looked at for longest.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from engine.actions import DOABLE, EXITS, TARGETED, WORDS, cheapest_option, effect_of, tier_of
from engine.board import Board
from engine.class_facts import ClassFacts
from engine.habits import habits, last_look, look_in
from engine.proposals import Answered, Background, Intervention, Need
from engine.struggles import struggles
from models import Evidence

NOTHING_ELSE = Background()
WRONG = 0.5
"""What is left of a cause's weight each time it was wrong for this student."""
BUSY = 0.5
"""What is left of other needs of a student for whom something was just agreed on."""
WRONG_REST = 3
"""Cool-downs that a need rests when it was called wrong."""
SCHOOL_WEEK = 5 / 7
"""Days of school in a day."""
Ranked = tuple[float, Need]
"""A need and its priority."""


def interventions(
    board: Board,
    evidence: Mapping[str, Sequence[Evidence]],
    now: datetime,
    background: Background = NOTHING_ELSE,
) -> tuple[Intervention, ...]:
    """Return today's proposals for the students on a board, most urgent first.

    `evidence` gives each student's whole log (any order), `now` is aware. The same answer
    whatever the order of students, evidence and past answers.
    """
    facts = ClassFacts(board, evidence, now, background)
    everything = needs(facts)
    shown = sorted(_shown(facts, _ranked(facts, everything)), key=_urgency)
    return tuple(_proposal(facts, everything, need, priority) for priority, need in shown)


def most_urgent(facts: ClassFacts) -> dict[str, Intervention]:
    """Return the most urgent proposal of each student who has one, on today's list or not."""
    everything = needs(facts)
    best: dict[str, Ranked] = {}
    for each in _ranked(facts, everything):
        best.setdefault(each[1].student, each)
    return {s: _proposal(facts, everything, need, p) for s, (p, need) in best.items()}


def _ranked(facts: ClassFacts, everything: Sequence[Need]) -> list[Ranked]:
    """Return every need that does not rest with its priority, most urgent first."""
    found = [
        (_priority(facts, need) * math.sqrt(1 + len(_together(everything, need))), need)
        for need in everything
        if not _rests(need, facts.background.past, facts)
    ]
    return sorted(found, key=_urgency)


def _shown(facts: ClassFacts, ranked: Sequence[Ranked]) -> list[Ranked]:
    """Pick today's list: who must be looked at, then the most urgent, then who is overdue."""
    left = _school_days_left(facts)
    longest = sorted(left, key=lambda student: (left[student], student))
    best: dict[str, Ranked] = {}
    for each in ranked:
        best.setdefault(each[1].student, each)
    looked = {s: best.get(s) or (0.0, look_in(facts, s)) for s in longest}
    order = [
        *(looked[student] for student in longest[: _places(facts, left)]),
        *ranked,
        *(looked[student] for student in longest if left[student] == 0),
    ]
    found: list[Ranked] = []
    seen: set[object] = set()
    for each in order:
        need = each[1]
        covers = {need.student, (need.cause, need.target)} if _is_shared(need) else {need.student}
        if seen.isdisjoint(covers):
            found.append(each)
            seen |= covers
    return found[: _budget(facts)]


def _is_shared(need: Need) -> bool:
    return need.cause in TARGETED


def needs(facts: ClassFacts) -> tuple[Need, ...]:
    """Return every need of every student of a class, each (student, cause, target) once."""
    found: dict[tuple[str, str, str | None], Need] = {}
    for row in range(len(facts.board.students)):
        for need in (*struggles(facts, row), *habits(facts, row)):
            key = (need.student, need.cause, need.target)
            if key not in found or (need.need, need.blocks or "") > (
                found[key].need,
                found[key].blocks or "",
            ):
                found[key] = need
    return tuple(found.values())


def _urgency(ranked: Ranked) -> tuple[float, str, str, str]:
    priority, need = ranked
    return (-priority, need.student, need.cause, need.target or "")


def _priority(facts: ClassFacts, need: Need) -> float:
    past = [a for a in facts.background.past if a.student == need.student]
    wrong = sum(a.said == "wrong" and a.cause == need.cause for a in past)
    cool = timedelta(days=facts.board.policy.cool_down_days)
    busy = any(a.said == "accept" and facts.now - a.at < cool for a in past)
    standing = WRONG**wrong * (BUSY if busy else 1.0)
    return (
        need.need
        * (1 + math.log2(1 + _waiting_behind(facts, need)))
        * DOABLE[need.cause]
        * standing
    )


def _waiting_behind(facts: ClassFacts, need: Need) -> int:
    """Unmet targets that build on what is to be worked on."""
    board, graph = facts.board, facts.board.curriculum.graph
    if need.target is None:
        return 0
    row = board.row(need.student)
    return sum(not board.met[row, graph.position[t]] for t in graph.descendants(need.target))


def _rests(need: Need, past: Sequence[Answered], facts: ClassFacts) -> bool:
    """Whether a need was answered and has not both cooled down and grown since."""
    same = [a for a in past if (a.student, a.cause, a.target) == _key(need)]
    if not same:
        return False
    known = {name for answered in same for name in answered.rests_on}
    last = max(same, key=lambda answered: answered.at)
    days = facts.board.policy.cool_down_days * (WRONG_REST if last.said == "wrong" else 1)
    cooled = facts.now - last.at >= timedelta(days=days)
    return not cooled or not need.rests_on or need.rests_on[-1] in known


def _key(need: Need) -> tuple[str, str, str | None]:
    return (need.student, need.cause, need.target)


def _budget(facts: ClassFacts) -> int:
    """Return the places on the list that today's answers have left."""
    today = facts.now.date()
    used = {
        (a.at, a.cause, a.target or a.student)
        for a in facts.background.past
        if a.at.date() == today
    }
    return max(facts.board.policy.alerts_per_day - len(used), 0)


def _together(everything: Sequence[Need], need: Need) -> tuple[str, ...]:
    """Return the other students with the same targeted need, sorted."""
    if not _is_shared(need):
        return ()
    same = (need.cause, need.target)
    return tuple(
        sorted(
            other.student
            for other in everything
            if (other.cause, other.target) == same and other.student != need.student
        )
    )


def _school_days_left(facts: ClassFacts) -> dict[str, int]:
    """Return the days of school after today within which each student is to be looked at."""
    today = facts.now.date()
    within = timedelta(days=facts.board.policy.look_every_days)
    seen = {student: last_look(facts, student) for student in facts.board.students}
    tomorrow, after = today + timedelta(days=1), within + timedelta(days=1)
    return {
        student: max(int(np.busday_count(tomorrow, day + after)), 0)
        for student, day in seen.items()
        if day is not None
    }


def _places(facts: ClassFacts, left: Mapping[str, int]) -> int:
    """Return the places that must go today to those unseen for longest, so that all are in time.

    On each day of school that is left `quota` students can be looked at; today as many as those
    days do not hold.
    """
    rule = facts.board.policy
    days = int(rule.look_every_days * SCHOOL_WEEK)
    quota = math.ceil(len(facts.board.students) / days)
    must = max((n - quota * d for n, d in enumerate(sorted(left.values()), 1)), default=0)
    return min(max(must, 0), quota, rule.alerts_per_day)


def _proposal(
    facts: ClassFacts, everything: Sequence[Need], need: Need, priority: float
) -> Intervention:
    board, rule = facts.board, facts.board.policy
    together = _together(everything, need)
    option = cheapest_option(board, need, facts.background.plan(need.student).formats)
    return Intervention(
        student=need.student,
        cause=need.cause,
        target=need.target,
        priority=priority,
        reason=need.reason,
        action=need.action,
        what=WORDS[need.action],
        exit_rule=EXITS[need.cause],
        expires=facts.now.date() + timedelta(days=rule.intervention_days),
        tier=tier_of(need, len(together) + 1, len(board.students)),
        together=together,
        option=None if option is None else option.id,
        effect=effect_of(board, board.row(need.student), need),
        rests_on=need.rests_on,
    )
