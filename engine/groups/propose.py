"""Groups for a class for a day: the best mix for who is there, or for one purpose asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from engine.board import Board
from engine.groups.divide import Divided, Made, divide
from engine.groups.need import Likings, Needs, read_needs
from engine.groups.past import Round, remember
from engine.groups.purposes import PURPOSES
from engine.groups.result import Group, Grouping, Member, Role
from engine.groups.rules import Rules
from engine.groups.solver import Effort
from engine.groups.why import (
    Cited,
    change,
    exit_check,
    group_reason,
    member_reason,
    own_work,
    tasks_for,
)
from engine.layout import OWN_MINUTES
from engine.reasons import Reason


@dataclass(frozen=True)
class Asked:
    """What groups rest on beside the board: the day, rules, likings, rounds gone by, evidence.

    `evidence` gives, by student and target, the ids in force, latest last.
    """

    today: date
    rules: Rules = field(default_factory=Rules)
    likings: Likings = field(default_factory=Likings)
    rounds: tuple[Round, ...] = ()
    evidence: Cited = field(default_factory=dict)


def propose_groups(board: Board, asked: Asked, effort: Effort) -> Grouping:
    """Propose groups for the students on a board.

    Deterministic while the time lasts, and who is together does not depend on the order of
    the students. Raises `InvalidInput` for rules about students or targets that are not
    there, `Clash` for rules that cannot all be kept, `OutOfTime`.
    """
    board = board.in_order()
    asked.rules.check(board)
    needs = read_needs(board, asked.likings, asked.rules.purposes, asked.rules.targets)
    memory = remember(board, asked.rounds, asked.today)
    divided = divide(board, needs, memory, asked.rules, effort)
    return _written(board, needs, asked, divided)


def _written(board: Board, needs: Needs, asked: Asked, divided: Divided) -> Grouping:
    met = _met_last(asked.rounds)
    written = [_group(board, needs, asked, made, met) for made in divided.groups]
    position = board.curriculum.graph.position
    written.sort(key=lambda g: (PURPOSES.index(g.aim.purpose), position[g.aim.target], g.students))
    return Grouping(
        groups=tuple(written),
        own=tuple(own_work(board, student, asked.evidence) for student in divided.alone),
        absent=tuple(s for s in board.students if s in asked.rules.absent),
        quality=divided.quality,
    )


def _met_last(rounds: Sequence[Round]) -> frozenset[frozenset[str]]:
    """Return the pairs who were together in the last round."""
    if not rounds:
        return frozenset()
    last = max(rounds, key=lambda r: (r.day, r.id))
    return frozenset(
        frozenset(pair) for group in last.groups for pair in combinations(group.students, 2)
    )


def _group(
    board: Board, needs: Needs, asked: Asked, made: Made, met: frozenset[frozenset[str]]
) -> Group:
    learners = [s for s in made.students if s not in made.coaches]
    column = board.curriculum.graph.position[made.aim.target]
    gaps = [1 - float(board.p[board.row(s), column]) for s in learners]
    pairs = [frozenset(pair) for pair in combinations(made.students, 2)]
    tasks = tasks_for(board, made.aim)
    return Group(
        aim=made.aim,
        members=tuple(_member(board, needs, asked, made, s) for s in made.students),
        need=sum(gaps) / len(gaps) if gaps else 0.0,
        reason=group_reason(board, made.aim, learners, made.coaches, asked.evidence),
        exit_check=exit_check(board, made.aim),
        tasks=tasks,
        minutes=tasks[0].minutes if tasks else OWN_MINUTES,
        expires=asked.today + timedelta(days=board.policy.group_days),
        new_pairs=sum(pair not in met for pair in pairs) / len(pairs) if pairs else 1.0,
        back=made.back,
    )


def _member(board: Board, needs: Needs, asked: Asked, made: Made, student: str) -> Member:
    role: Role = "coach" if student in made.coaches else "learner"
    held = any(student in lock.students for lock in asked.rules.locks)
    reasons: list[Reason | None] = [
        member_reason(board, needs, made.aim, student, role, held, asked.evidence),
        change(asked.rounds, student, made.aim, board.targets),
    ]
    return Member(student, role, tuple(reason for reason in reasons if reason is not None))
