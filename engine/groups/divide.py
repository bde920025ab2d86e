"""Divide a class by its needs and rules: the general solver, or pairs by matching."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.board import Board
from engine.groups.assemble import Assembled, assemble, repeats
from engine.groups.conflict import Clash, smallest_clash
from engine.groups.need import Needs
from engine.groups.pairs import Team, match, possible_teams
from engine.groups.past import Memory
from engine.groups.purposes import Aim
from engine.groups.result import Quality
from engine.groups.rules import Clause, Rules
from engine.groups.solver import Effort, solve
from engine.groups.solver.problem import low_limit
from graphs import FootpathError

CLASH_EFFORT = 0.25
"""Share of the time given to each question while rules that clash are looked for."""


class OutOfTime(FootpathError):
    """The time allowed ended before any division was found; never for rules that clash."""


@dataclass(frozen=True, slots=True)
class Made:
    """A group as divided: its aim, its students (sorted), who coaches, and what in return."""

    aim: Aim
    students: tuple[str, ...]
    coaches: tuple[str, ...]
    back: str | None = None


@dataclass(frozen=True)
class Divided:
    """The groups, the students in none (sorted), and how good that is."""

    groups: tuple[Made, ...]
    alone: tuple[str, ...]
    quality: Quality


def divide(board: Board, needs: Needs, memory: Memory, rules: Rules, effort: Effort) -> Divided:
    """Return the best division found; the board's students must be sorted.

    Raises `Clash` with the smallest set of rules that cannot be kept together, and `OutOfTime`.
    """
    divided, certain = _attempt(board, needs, memory, rules, effort)
    if divided is not None:
        return divided
    if not certain:
        raise OutOfTime("no groups were found in the time allowed; allow more, or fewer rules")
    less = Effort(CLASH_EFFORT * effort.seconds, effort.clock)

    def possible(kept: Sequence[Clause]) -> bool:
        dropped = [clause for clause in rules.clauses() if clause not in kept]
        found, sure = _attempt(board, needs, memory, rules.without(dropped), less)
        return found is not None or not sure

    clauses, relax = smallest_clash(rules.clauses(), possible)
    stuck = _fitting_nowhere(board, assemble(board, needs, memory, rules))
    raise Clash(*([_naming(c, stuck) for c in each] for each in (clauses, relax)))


def _fitting_nowhere(board: Board, assembled: Assembled) -> tuple[str, ...]:
    """Return the students who fit no group whatever the others do."""
    homeless = ~np.isfinite(assembled.problem.value).any(axis=1)
    return tuple(s for b in np.flatnonzero(homeless) for s in assembled.blocks[b])


def _naming(clause: Clause, stuck: tuple[str, ...]) -> Clause:
    """Say of the rule that everyone be in a group who stands in its way by themselves."""
    return replace(clause, students=stuck) if clause.kind == "everyone" else clause


def _attempt(
    board: Board, needs: Needs, memory: Memory, rules: Rules, effort: Effort
) -> tuple[Divided | None, bool]:
    """Return a division, or `None` and whether it is certain that there is none."""
    assembled = assemble(board, needs, memory, rules)
    if rules.pairs:
        return _paired(board, assembled, memory, rules, effort)
    problem, solution = assembled.problem, solve(assembled.problem, effort)
    if solution.division is None:
        return None, solution.proven
    groups = [
        _made(board, assembled, c.aim, assembled.students(c)) for c in solution.division.columns
    ]
    alone = sorted(s for b in solution.division.alone for s in assembled.blocks[b])
    left_out = sum(float(problem.alone[b]) for b in solution.division.alone)
    quality = _quality(
        board, assembled, groups, left_out, solution.division.worth, solution.bound,
        solution.proven, solution.seconds,
    )  # fmt: skip
    return Divided(tuple(groups), tuple(alone), quality), True


def _paired(
    board: Board, assembled: Assembled, memory: Memory, rules: Rules, effort: Effort
) -> tuple[Divided | None, bool]:
    """Match pairs exactly, under the rules that can bind a pair."""
    began = effort.clock()
    rows = [i for i, s in enumerate(board.students) if s not in rules.absent]
    value, alone = assembled.value.copy(), np.full(len(board.students), -board.policy.w_left_out)
    for lock in rules.locks:
        held = [board.row(s) for s in lock.students]
        others = [a for a, aim in enumerate(assembled.aims) if aim != lock.aim]
        value[np.ix_(held, others)] = -np.inf
        alone[held] = -np.inf
    if rules.everyone:
        alone[:] = -np.inf
    odd = len(rows) % 2 == 1 and rules.most is None
    teams = _allowed(board, assembled, memory, rules,
                     possible_teams(value, assembled.coaches, rows, trio=odd))  # fmt: skip
    most = len(rows) if rules.groups_max is None else rules.groups_max
    matching, certain = match(teams, alone, rows, (rules.groups_min, most), effort.seconds)
    if matching is None:
        return None, certain
    groups = [
        _made(
            board, assembled, team.aim, tuple(board.students[r] for r in team.rows),
            None if team.back < 0 else assembled.aims[team.back].target,
        )
        for team in matching.teams
    ]  # fmt: skip
    left_out = sum(float(alone[row]) for row in matching.alone)
    quality = _quality(
        board, assembled, groups, left_out, matching.worth, matching.bound, certain,
        effort.clock() - began,
    )  # fmt: skip
    single = tuple(board.students[row] for row in matching.alone)
    return Divided(tuple(groups), single, quality), True


def _allowed(
    board: Board, assembled: Assembled, memory: Memory, rules: Rules, teams: Sequence[Team]
) -> list[Team]:
    """Keep the teams that no rule forbids, less what being together again costs."""
    cost, problem = repeats(board, memory, assembled.low, rules), assembled.problem
    block = {board.row(s): b for b, each in enumerate(assembled.blocks) for s in each}
    kept = []
    for team in teams:
        rows = list(team.rows)
        blocks = sorted({block[row] for row in rows})
        whole = sum(len(assembled.blocks[b]) for b in blocks) == len(rows)
        low = int(assembled.low[rows].sum())
        if whole and low <= low_limit(problem, len(rows)) and not _clashing(assembled, blocks):
            again = float(cost[np.ix_(rows, rows)].sum()) / 2
            kept.append(replace(team, worth=team.worth - again))
    return kept


def _clashing(assembled: Assembled, blocks: Sequence[int]) -> bool:
    """Whether some blocks must not meet, or one of them is at odds with itself."""
    problem = assembled.problem
    apart = bool(problem.apart[np.ix_(blocks, blocks)].any())
    return apart or bool(assembled.impossible[list(blocks)].any())


def _made(
    board: Board, assembled: Assembled, column: int, students: tuple[str, ...],
    back: str | None = None,
) -> Made:  # fmt: skip
    coaches = tuple(s for s in students if assembled.coaches[board.row(s), column])
    return Made(assembled.aims[column], students, coaches, back)


def _quality(
    board: Board, assembled: Assembled, groups: Sequence[Made], left_out: float, worth: float,
    bound: float, proven: bool, seconds: float,
) -> Quality:  # fmt: skip
    number = {aim: a for a, aim in enumerate(assembled.aims)}
    places = ((board.row(s), number[group.aim]) for group in groups for s in group.students)
    needs = float(sum(assembled.value[place] for place in places))
    bound = max(bound, worth)
    gap = 0.0 if proven else np.inf
    if not proven and np.isfinite(bound):
        gap = (bound - worth) / max(abs(bound), 1e-9)
    terms = {"needs": needs, "left_out": left_out, "repeats": worth - needs - left_out}
    return Quality(worth, bound, gap, proven, seconds, terms)
