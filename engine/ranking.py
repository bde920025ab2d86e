"""What each student of a class needs, ranked once: list, agenda and sheet read it here.

    priority = need × (1 + log2(1 + unmet targets that wait behind it)) × doable × standing
               × √(students who share it) × kept

What was answered of one student rests (`awake`) and is not ranked. `standing` halves for each time
the teacher called this cause wrong for this student, for as long as that was lately or the need
still rests on any of what it rested on then, and halves while something else agreed on for the
student is still fresh. `kept` is 1.5 for what was on the list of the day before: a newcomer must be
clearly more urgent to take its place.

A need that the lot of the day holds out (`hold_out`) is ranked like any other, and no screen says
it: the effect of what is said can then be measured against it. What is the school's own duty is
never held out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from engine.actions import DOABLE, TARGETED
from engine.class_facts import ClassFacts
from engine.habits import habits, look_in
from engine.proposals import Answered, Cause, Key, Need
from engine.struggles import struggles
from graphs.curriculum import content_version

WRONG = 0.5
"""What is left of a cause's weight each time it was wrong for this student."""
BUSY = 0.5
"""What is left of other needs of a student for whom something was just agreed on."""
WRONG_REST = 3
"""Cool-downs that a need rests when it was called wrong."""
KEPT = 1.5
"""How much more urgent a newcomer must be than what was on the list of the day before."""
TICKET = 12
"""Hexadecimal digits of a ticket of the lot: finer than any share."""
DUTIES: frozenset[Cause] = frozenset({"awaiting_marking", "stuck_by_design", "look_in"})
"""Causes that are the school's to remove: never held out."""
Ranked = tuple[float, Need]
"""A need and its priority."""


@dataclass(frozen=True)
class Ranking:
    """What the students of a class need, most urgent first.

    `awake` are the needs that do not rest, each (student, cause, target) once. `needs` and `told`
    hold every student, whom to see first first; who needs nothing but a look stands last, whom
    nobody has looked at for longest first.
    """

    facts: ClassFacts
    awake: tuple[Need, ...]

    @cached_property
    def needs(self) -> dict[str, tuple[Ranked, ...]]:
        """Every student's needs with their priorities, most urgent first; never empty."""
        found: dict[str, list[Ranked]] = {student: [] for student in self.facts.board.students}
        for need in self.awake:
            shared = math.sqrt(1 + len(self.sharing(need)))
            found[need.student].append((_priority(self.facts, need) * shared, need))
        return self._in_order(found)

    @cached_property
    def told(self) -> dict[str, tuple[Ranked, ...]]:
        """The same as a teacher is told it: without what the lot of the day holds out."""
        return self._in_order(
            {
                student: [each for each in mine if not is_held_out(self.facts, each[1].key)]
                for student, mine in self.needs.items()
            }
        )

    def sharing(self, need: Need) -> tuple[Need, ...]:
        """Return the same targeted need of other students, sorted by student."""
        if not is_shared(need):
            return ()
        same = self._sharing[need.cause, need.target]
        return tuple(mate for mate in same if mate.student != need.student)

    @cached_property
    def _sharing(self) -> dict[tuple[Cause, str | None], list[Need]]:
        found: dict[tuple[Cause, str | None], list[Need]] = {}
        for need in sorted(self.awake, key=lambda need: need.student):
            found.setdefault((need.cause, need.target), []).append(need)
        return found

    def _in_order(self, found: Mapping[str, Sequence[Ranked]]) -> dict[str, tuple[Ranked, ...]]:
        full = {
            student: tuple(sorted(mine, key=urgency)) or ((0.0, look_in(self.facts, student)),)
            for student, mine in found.items()
        }
        return dict(sorted(full.items(), key=lambda each: urgency(each[1][0])))


def ranking(facts: ClassFacts) -> Ranking:
    """Rank what the students of a class need. This alone says what is told of a student first."""
    return Ranking(facts, tuple(need for need in all_needs(facts) if not _rests(need, facts)))


def all_needs(facts: ClassFacts) -> tuple[Need, ...]:
    """Return every need of every student of a class, each (student, cause, target) once."""
    found: dict[Key, Need] = {}
    for row in range(len(facts.board.students)):
        for need in (*struggles(facts, row), *habits(facts, row)):
            other = found.get(need.key)
            if other is None or (need.need, need.blocks or "") > (other.need, other.blocks or ""):
                found[need.key] = need
    return tuple(found.values())


def is_held_out(facts: ClassFacts, key: Key) -> bool:
    """Whether the lot of the day holds a need out.

    The same all day; drawn for the class, the day, the student, the cause and the target.
    """
    share = facts.board.policy.hold_out
    if not share or key[1] in DUTIES:
        return False
    ticket = [facts.background.draw, facts.now.date().isoformat(), *map(str, key)]
    drawn = int(content_version({"ticket": ticket})[:TICKET], 16) / 16**TICKET
    return bool(drawn < share)


def urgency(each: Ranked) -> tuple[float, float, str, str, str]:
    """Return what sorts needs: most urgent first, then longest unseen, student, cause, target."""
    priority, need = each
    unseen = need.reason.number if need.cause == "look_in" else 0.0
    return (-priority, -unseen, need.student, need.cause, need.target or "")


def is_shared(need: Need) -> bool:
    """Whether one proposal serves all who have the same need."""
    return need.cause in TARGETED


def _priority(facts: ClassFacts, need: Need) -> float:
    past = [a for a in facts.answered if a.student == need.student]
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
    if need.cause == "ready_to_go_ahead" and _agreed_lately(facts, need):
        return True  # the next target differs, the agreement is the same
    same = [a for a in facts.answered if a.key == need.key]
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
        for a in facts.answered
    )
