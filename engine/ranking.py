"""Which need goes first: what it is worth to see to it today, and what rests for now.

    priority = need × (1 + log2(1 + unmet targets that wait behind it)) × doable × standing
               × √(students who share it) × kept

`standing` halves for each time the teacher called this cause wrong for this student, for as long as
that was lately or the need still rests on any of what it rested on then, and halves while
something else agreed on for the student is still fresh. `kept` is 1.5 for what was on the list of
the day before: a newcomer must be clearly more urgent to take its place.
"""

import math
from collections.abc import Sequence
from datetime import timedelta

from engine.actions import DOABLE, TARGETED
from engine.class_facts import ClassFacts
from engine.proposals import Answered, Need

WRONG = 0.5
"""What is left of a cause's weight each time it was wrong for this student."""
BUSY = 0.5
"""What is left of other needs of a student for whom something was just agreed on."""
WRONG_REST = 3
"""Cool-downs that a need rests when it was called wrong."""
KEPT = 1.5
"""How much more urgent a newcomer must be than what was on the list of the day before."""
Ranked = tuple[float, Need]
"""A need and its priority."""


def awake(facts: ClassFacts, everything: Sequence[Need]) -> tuple[Need, ...]:
    """Return the needs that do not rest: what was answered of one student is not asked again."""
    return tuple(need for need in everything if not _rests(need, facts))


def ranked(facts: ClassFacts, found: Sequence[Need]) -> list[Ranked]:
    """Return needs that do not rest with their priorities, most urgent first."""
    order = [
        (_priority(facts, need) * math.sqrt(1 + len(together(found, need))), need) for need in found
    ]
    return sorted(order, key=urgency)


def urgency(each: Ranked) -> tuple[float, str, str, str]:
    """Return what sorts needs: most urgent first, then by student, cause and target."""
    priority, need = each
    return (-priority, need.student, need.cause, need.target or "")


def is_shared(need: Need) -> bool:
    """Whether one proposal serves all who have the same need."""
    return need.cause in TARGETED


def together(found: Sequence[Need], need: Need) -> tuple[str, ...]:
    """Return the other students with the same targeted need, sorted; `found` are awake."""
    if not is_shared(need):
        return ()
    same = (need.cause, need.target)
    return tuple(
        sorted(
            other.student
            for other in found
            if (other.cause, other.target) == same and other.student != need.student
        )
    )


def _priority(facts: ClassFacts, need: Need) -> float:
    past = [a for a in facts.background.past if a.student == need.student]
    doubts = sum(_doubts(facts, answered, need) for answered in past)
    cool = timedelta(days=facts.board.policy.cool_down_days)
    busy = any(a.said == "accept" and facts.now - a.at < cool for a in past)
    standing = WRONG**doubts * (BUSY if busy else 1.0)
    kept = KEPT if facts.was_listed(*need.key) else 1.0
    behind = 1 + math.log2(1 + _waiting_behind(facts, need))
    return need.need * behind * DOABLE[need.cause] * standing * kept


def _doubts(facts: ClassFacts, answered: Answered, need: Need) -> bool:
    """Whether an answer makes us say a cause less loudly: called wrong, and nothing new since."""
    if answered.said != "wrong" or answered.cause != need.cause:
        return False
    lately = facts.now - answered.at < timedelta(days=facts.board.policy.intervention_days)
    same = answered.target == need.target
    return lately or (same and not set(answered.rests_on).isdisjoint(need.rests_on))


def _waiting_behind(facts: ClassFacts, need: Need) -> int:
    """Unmet targets that build on what is to be worked on, or lie on the way to a goal."""
    board, graph = facts.board, facts.board.curriculum.graph
    if need.target is None:
        return 0
    row = board.row(need.student)
    if need.cause == "goal_at_risk":
        return len(graph.pathway(need.target, board.mastered(row) - {need.target}))
    return sum(not board.met[row, graph.position[t]] for t in graph.descendants(need.target))


def _rests(need: Need, facts: ClassFacts) -> bool:
    """Whether a need was answered and has not both cooled down and grown since."""
    past = facts.background.past
    if need.cause == "ready_to_go_ahead" and _agreed_lately(facts, need):
        return True  # the next target differs, the agreement is the same
    same = [a for a in past if a.key == need.key]
    if not same:
        return False
    known = {name for answered in same for name in answered.rests_on}
    last = max(same, key=lambda answered: answered.at)
    days = facts.board.policy.cool_down_days * (WRONG_REST if last.said == "wrong" else 1)
    cooled = facts.now - last.at >= timedelta(days=days)
    return not cooled or not need.rests_on or need.rests_on[-1] in known


def _agreed_lately(facts: ClassFacts, need: Need) -> bool:
    """Whether the same cause was agreed on for this student and has not expired."""
    within = timedelta(days=facts.board.policy.intervention_days)
    return any(
        (a.student, a.cause, a.said) == (need.student, need.cause, "accept")
        and facts.now - a.at < within
        for a in facts.background.past
    )
