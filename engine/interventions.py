"""Interventions: whom to see first today, and why.

At most one proposal a student, always the first of their needs, and `alerts_per_day` a class,
answered ones included, in the order of `engine.ranking`. A reteach or another approach is one
proposal for all who share the need, and the card of the one of them who comes first: only targeted
causes are shared, and whose first need is named with a classmate's is not proposed again. For whom
another step is the right one, such as a probe for who was never seen on what is to be taught again,
is named there but not spoken for: once the proposal is answered, their own comes up. What was
answered rests until it has cooled down *and* rests on something new; what is not answered stays on
the list of the next day unless it is resolved or clearly overtaken. Everyone is looked at within
`look_every_days`: as many places as that takes, spread over the days that are left, go to those
whom nobody has looked at for longest. Talks go by the same order: today's list, then everyone else.

With a hold-out, some of the list is not shown, by lot: the effect of what is shown can then be
measured against it.
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
from engine.habits import last_look
from engine.proposals import Action, Background, Intervention, Mate, Need
from engine.ranking import Ranked, Ranking, is_held_out, is_shared, ranking, urgency
from models import Evidence

NOTHING_ELSE = Background()
SCHOOL_WEEK = 5 / 7
"""Days of school in a day."""


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
    return tuple(each for each in todays(ranking(facts)) if not is_held_out(facts, each.key))


def todays(ranked: Ranking) -> tuple[Intervention, ...]:
    """Return today's proposals with those that the lot holds out, in the order of the ranking."""
    return tuple(proposal(ranked, each) for each in sorted(_shown(ranked), key=urgency))


def talks(ranked: Ranking) -> tuple[Need, ...]:
    """Return what to talk about with each student, today's list first, in its order.

    Every student once, with the need that is told of them first.
    """
    listed = sorted(_shown(ranked), key=urgency)
    told = [each[1] for each in listed if not is_held_out(ranked.facts, each[1].key)]
    named = {need.student for need in told}
    others = (mine[0][1] for student, mine in ranked.told.items() if student not in named)
    return (*told, *others)


def first_of(ranked: Ranking, student: str) -> Intervention:
    """Return what a teacher is told first of a student, on today's list or not."""
    return proposal(ranked, ranked.told[student][0])


def proposal(ranked: Ranking, each: Ranked) -> Intervention:
    """Return the proposal that a ranked need makes."""
    priority, need = each
    facts = ranked.facts
    board, rule = facts.board, facts.board.policy
    tried, tier, action = _step(facts, need)
    mates = [n for n in ranked.sharing(need) if not is_held_out(facts, n.key)]
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
        mates=tuple(Mate(mate.student, mate.reason, mate.way_down) for mate in mates),
        besides=tuple(mate.student for mate in mates if _step(facts, mate)[2] != action),
        unseen=tuple(each.student for each in (need, *mates) if _is_unseen(board, each)),
        option=None if option is None else option.id,
        effect=effect_of(board, board.row(need.student), need, action),
        rests_on=need.rests_on,
        tried=tried,
        chain=need.way_down,
    )


def _shown(ranked: Ranking) -> list[Ranked]:
    """Pick today's list: who must be looked at, then the most urgent, then who is overdue."""
    facts = ranked.facts
    left = _school_days_left(facts)
    longest = sorted(left, key=lambda student: (left[student], student))
    first = {student: mine[0] for student, mine in ranked.needs.items()}
    wanted = [
        *(first[student] for student in longest[: _places(facts, left)]),
        *(each for each in first.values() if each[1].cause != "look_in"),
        *(first[student] for student in longest if left[student] == 0),
    ]
    leads: dict[object, Ranked] = {}
    for each in first.values():  # most urgent first
        leads.setdefault(_card(each[1]), each)
    found = list(dict.fromkeys(_card(each[1]) for each in wanted))
    return [leads[card] for card in found[: _budget(facts)]]


def _card(need: Need) -> object:
    """Return what one card is for: a need that is shared, or else a student."""
    return (need.cause, need.target) if is_shared(need) else need.student


def _budget(facts: ClassFacts) -> int:
    """Return the places on the list that today's answers have left."""
    today = facts.now.date()
    used = {(a.at, a.cause, a.target or a.student) for a in facts.answered if a.at.date() == today}
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


def _step(facts: ClassFacts, need: Need) -> tuple[int, int, Action]:
    """Return how often support was tried against a need, the tier it is in now, and what to do."""
    tried = _tried(facts, need)
    tier = tier_of(need, facts.board, tried)
    return tried, tier, action_of(need, facts.board, tier)


def _is_unseen(board: Board, need: Need) -> bool:
    """Whether nobody has any evidence of the student on what is to be worked on."""
    if need.target is None or need.cause not in TARGETED:
        return False
    column = board.curriculum.graph.position[need.target]
    return bool(board.count[board.row(need.student), column] == 0)


def _tried(facts: ClassFacts, need: Need) -> int:
    """Count the rounds of support that were agreed on and have expired: the need is still there."""
    if need.cause not in TARGETED:
        return 0
    round_ = timedelta(days=facts.board.policy.intervention_days)
    agreed = [a for a in facts.background.past if a.key == need.key and a.said == "accept"]
    return sum(facts.now - a.at >= round_ for a in agreed)
