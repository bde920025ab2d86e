"""Interventions: whom to see first today, and why.

At most one proposal a student and `alerts_per_day` a class, answered ones included, most urgent
first (`engine.ranking`). A reteach or another approach is one proposal for all who share the
need: only targeted causes are shared. What was answered rests until it has cooled down *and* rests
on something new; what is not answered stays on the list of the next day unless it is resolved or
clearly overtaken. Everyone is looked at within `look_every_days`: as many places as that takes,
spread over the days that are left, go to those whom nobody has looked at for longest.

With a hold-out, some of the list is not shown, by lot: the effect of what is shown can then be
measured against it. What is the school's own duty is never held out.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from engine.actions import (
    EXITS,
    TARGETED,
    WORDS,
    action_of,
    cheapest_option,
    effect_of,
    tier_of,
)
from engine.board import Board
from engine.class_facts import ClassFacts
from engine.habits import habits, last_look, look_in
from engine.proposals import Background, Cause, Intervention, Need
from engine.ranking import Ranked, awake, is_shared, ranked, together, urgency
from engine.struggles import struggles
from graphs.curriculum import content_version
from models import Evidence

NOTHING_ELSE = Background()
SCHOOL_WEEK = 5 / 7
"""Days of school in a day."""
TICKET = 12
"""Hexadecimal digits of a ticket of the lot: finer than any share."""
DUTIES: frozenset[Cause] = frozenset({"awaiting_marking", "stuck_by_design", "look_in"})
"""Causes that are the school's to remove: never held out."""


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
    return tuple(each for each in todays(facts) if not is_held_out(facts, each))


def todays(facts: ClassFacts) -> tuple[Intervention, ...]:
    """Return today's proposals with those that the lot holds out, most urgent first."""
    found = awake(facts, needs(facts))
    shown = sorted(_shown(facts, ranked(facts, found)), key=urgency)
    return tuple(_proposal(facts, found, need, priority) for priority, need in shown)


def is_held_out(facts: ClassFacts, proposal: Intervention) -> bool:
    """Whether the lot of the day holds a proposal out.

    The same all day; drawn for the class, the day, the student, the cause and the target.
    """
    share = facts.board.policy.hold_out
    if not share or proposal.cause in DUTIES:
        return False
    ticket = [facts.background.draw, facts.now.date().isoformat(), *map(str, proposal.key)]
    drawn = int(content_version({"ticket": ticket})[:TICKET], 16) / 16**TICKET
    return bool(drawn < share)


def most_urgent(facts: ClassFacts) -> dict[str, Intervention]:
    """Return the most urgent proposal of each student who has one, on today's list or not."""
    found = awake(facts, needs(facts))
    best: dict[str, Ranked] = {}
    for each in ranked(facts, found):
        best.setdefault(each[1].student, each)
    return {s: _proposal(facts, found, need, p) for s, (p, need) in best.items()}


def needs(facts: ClassFacts) -> tuple[Need, ...]:
    """Return every need of every student of a class, each (student, cause, target) once."""
    found: dict[tuple[str, str, str | None], Need] = {}
    for row in range(len(facts.board.students)):
        for need in (*struggles(facts, row), *habits(facts, row)):
            other = found.get(need.key)
            if other is None or (need.need, need.blocks or "") > (other.need, other.blocks or ""):
                found[need.key] = need
    return tuple(found.values())


def _shown(facts: ClassFacts, order: Sequence[Ranked]) -> list[Ranked]:
    """Pick today's list: who must be looked at, then the most urgent, then who is overdue."""
    left = _school_days_left(facts)
    longest = sorted(left, key=lambda student: (left[student], student))
    best: dict[str, Ranked] = {}
    for each in order:
        best.setdefault(each[1].student, each)
    looked = {s: best.get(s) or (0.0, look_in(facts, s)) for s in longest}
    wanted = [
        *(looked[student] for student in longest[: _places(facts, left)]),
        *order,
        *(looked[student] for student in longest if left[student] == 0),
    ]
    found: list[Ranked] = []
    seen: set[object] = set()
    for each in wanted:
        need = each[1]
        covers = {need.student, (need.cause, need.target)} if is_shared(need) else {need.student}
        if seen.isdisjoint(covers):
            found.append(each)
            seen |= covers
    return found[: _budget(facts)]


def _budget(facts: ClassFacts) -> int:
    """Return the places on the list that today's answers have left."""
    today = facts.now.date()
    used = {
        (a.at, a.cause, a.target or a.student)
        for a in facts.background.past
        if a.at.date() == today
    }
    return max(facts.board.policy.alerts_per_day - len(used), 0)


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


def _tried(facts: ClassFacts, need: Need) -> int:
    """Count the rounds of support that were agreed on and have expired: the need is still there."""
    if need.cause not in TARGETED:
        return 0
    round_ = timedelta(days=facts.board.policy.intervention_days)
    agreed = [a for a in facts.background.past if a.key == need.key and a.said == "accept"]
    return sum(facts.now - a.at >= round_ for a in agreed)


def _proposal(
    facts: ClassFacts, found: Sequence[Need], need: Need, priority: float
) -> Intervention:
    board, rule = facts.board, facts.board.policy
    tried = _tried(facts, need)
    tier = tier_of(need, board, tried)
    action = action_of(need, board, tier)
    option = cheapest_option(board, need, facts.background.plan(need.student).formats)
    return Intervention(
        student=need.student,
        cause=need.cause,
        target=need.target,
        priority=priority,
        reason=need.reason,
        action=action,
        what=WORDS[action],
        exit_rule=EXITS[need.cause],
        expires=facts.now.date() + timedelta(days=rule.intervention_days),
        tier=tier,
        together=together(found, need),
        option=None if option is None else option.id,
        effect=effect_of(board, board.row(need.student), need, action),
        rests_on=need.rests_on,
        tried=tried,
    )
