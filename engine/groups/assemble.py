"""From a class, its needs and its rules to the arrays that the solver divides."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.board import Board, Floats, Mask
from engine.groups.need import Needs, strength
from engine.groups.past import LOWEST_TWICE, Memory
from engine.groups.purposes import COACHING_SIZES, LED_BY_ADULTS, Aim
from engine.groups.rules import STRENGTH, Rules
from engine.groups.solver import Column, Problem
from engine.groups.solver.problem import Ints

BALANCE = 0.25
"""Cost of two students with the same value of an attribute that is to be spread, in a group."""
THIRDS = ("lower", "middle", "upper")
Blocks = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Assembled:
    """A problem, and what its numbers stand for: students by block, and the aims.

    `value` [S, A] is what each place is worth to each student of the board, `coaches` who
    would coach, `low` [S] who is of the lowest; `impossible` [B] marks blocks whose students
    must be both together and apart.
    """

    problem: Problem
    blocks: Blocks
    aims: tuple[Aim, ...]
    value: Floats
    coaches: Mask
    low: Mask
    impossible: Mask

    def students(self, column: Column) -> tuple[str, ...]:
        """Return the students of a group, sorted."""
        return tuple(sorted(s for b in column.blocks for s in self.blocks[b]))


def assemble(board: Board, needs: Needs, memory: Memory, rules: Rules) -> Assembled:
    """Return the problem of dividing those present. The board's students must be sorted."""
    present = np.array([s not in rules.absent for s in board.students], dtype=np.bool_)
    blocks = _blocks(board, present, rules)
    sits = np.array([[s in block for s in board.students] for block in blocks], dtype=np.float64)
    sits = sits.reshape(len(blocks), len(board.students))
    aims, value, coaches = _places(board, needs, memory, rules)
    low = lowest(board, present)
    worth, alone = _worth(board, blocks, aims, sits, value, rules)
    repeat = sits @ repeats(board, memory, low, rules) @ sits.T
    worth -= np.diag(repeat)[:, None] / 2
    apart = _apart(blocks, rules)
    nowhere = apart.diagonal().copy()  # together and apart at once
    worth[nowhere], alone[nowhere] = -np.inf, -np.inf
    for matrix in (repeat, apart):
        np.fill_diagonal(matrix, 0)
    least, most = _sizes(board, aims, rules)
    problem = Problem(
        value=np.ascontiguousarray(worth),
        alone=alone,
        repeat=np.ascontiguousarray(repeat),
        size=sits.sum(axis=1).astype(np.int64),
        low=(sits @ low).astype(np.int64),
        leads=(sits @ coaches.astype(np.float64)).astype(np.int64),
        least=least,
        most=most,
        led=np.array([aim.purpose == "peer_coaching" for aim in aims], dtype=np.bool_),
        adult=np.array([aim.purpose in LED_BY_ADULTS for aim in aims], dtype=np.bool_),
        lower=np.zeros(len(aims), dtype=np.int64),
        upper=np.full(len(aims), len(blocks), dtype=np.int64),
        apart=apart,
        low_cap=board.policy.low_cap if rules.low_cap is None else rules.low_cap,
        fewest=rules.groups_min,
        largest=len(blocks) if rules.groups_max is None else min(rules.groups_max, len(blocks)),
        adults=len(blocks) if rules.adults is None else rules.adults,
    )
    return Assembled(problem, blocks, aims, value, coaches, low, nowhere)


def lowest(board: Board, present: Mask) -> Mask:
    """Return who is of the lowest share of those present, bool[S]; ties go by id."""
    order = np.argsort(strength(board), kind="stable")
    ranked = order[present[order]]
    low = np.zeros(len(board.students), dtype=np.bool_)
    low[ranked[: int(board.policy.low_share * len(ranked) + 1e-9)]] = True
    return low


def _blocks(board: Board, present: Mask, rules: Rules) -> Blocks:
    """Join those who must be together, by the rules or because they are held in one group."""
    joined = {s: {s} for i, s in enumerate(board.students) if present[i]}
    for each in (*rules.together, *(lock.students for lock in rules.locks)):
        here = [s for s in each if s in joined]
        whole = set().union(*(joined[s] for s in here))
        for student in whole:
            joined[student] = whole
    return tuple(sorted({tuple(sorted(block)) for block in joined.values()}))


def _places(
    board: Board, needs: Needs, memory: Memory, rules: Rules
) -> tuple[tuple[Aim, ...], Floats, Mask]:
    """Return the aims, what each place is worth, and who coaches, with the rules' own wishes.

    Who coached lately gains less from it again. Where everyone must be in a group, those who
    are ready for a target may join it without a need that anyone has seen, for nothing.
    """
    extra = sorted({lock.aim for lock in rules.locks}.difference(needs.aims))
    aims = (*needs.aims, *extra)
    students = len(board.students)
    value = np.column_stack([needs.value, np.full((students, len(extra)), -np.inf)])
    coaches = np.column_stack([needs.coaches, np.zeros((students, len(extra)), dtype=np.bool_)])
    tired = np.where(coaches, 0.5 ** memory.coached[:, None], 1.0)
    value = np.where(np.isfinite(value), value * tired, -np.inf)
    if rules.everyone:
        columns = [board.curriculum.graph.position[aim.target] for aim in aims]
        value = np.where(np.isfinite(value) | (board.unmet[:, columns] > 0), value, 0.0)
    for lock in rules.locks:
        rows, column = [board.row(s) for s in lock.students], aims.index(lock.aim)
        value[rows, column] = np.maximum(value[rows, column], 0.0)
    return aims, value, coaches


def _worth(
    board: Board, blocks: Blocks, aims: tuple[Aim, ...], sits: Floats, value: Floats, rules: Rules
) -> tuple[Floats, Floats]:
    """Return what the aims are worth to each block, and being in no group."""
    able = np.isfinite(value)
    sums = sits @ np.where(able, value, 0.0)
    worth = np.where(sits @ (~able).astype(np.float64) > 0, -np.inf, sums)
    alone = -board.policy.w_left_out * sits.sum(axis=1)
    for b, block in enumerate(blocks):
        held = {lock.aim for lock in rules.locks if set(lock.students) & set(block)}
        if held:
            worth[b, [a for a, aim in enumerate(aims) if {aim} != held]] = -np.inf
        if held or rules.everyone:
            alone[b] = -np.inf
    return worth, alone


def repeats(board: Board, memory: Memory, low: Mask, rules: Rules) -> Floats:
    """Return what it costs two students to be together, float64[S, S]."""
    twice = LOWEST_TWICE * (memory.lowest[:, None] + memory.lowest) * np.outer(low, low)
    cost: Floats = board.policy.w_repeat * (memory.met + twice)
    even = rules.balance or ((STRENGTH,) if rules.purposes == ("project",) else ())
    for name in even:
        values = thirds(board) if name == STRENGTH else rules.attributes[name]
        labels = [values.get(s, "") for s in board.students]
        cost = cost + BALANCE * np.array([[a == b != "" for a in labels] for b in labels])
    np.fill_diagonal(cost, 0.0)
    return cost


def thirds(board: Board) -> dict[str, str]:
    """Return which third of the class each student is in, by mean estimate."""
    order = np.argsort(strength(board), kind="stable")
    count = len(order)
    return {board.students[i]: THIRDS[3 * rank // count] for rank, i in enumerate(order)}


def _apart(blocks: Blocks, rules: Rules) -> Mask:
    """Return which blocks must not meet; those held in different groups must not either."""
    apart = np.zeros((len(blocks), len(blocks)), dtype=np.bool_)
    of = {student: b for b, block in enumerate(blocks) for student in block}
    held = [[s for s in lock.students if s in of][:1] for lock in rules.locks]
    sets: Sequence[Sequence[str]] = (*rules.apart, [s for each in held for s in each])
    for each in sets:
        here = [of[s] for s in each if s in of]
        for i, one in enumerate(here):
            for other in here[i + 1 :]:
                apart[one, other] = apart[other, one] = True
    return apart


def _sizes(board: Board, aims: tuple[Aim, ...], rules: Rules) -> tuple[Ints, Ints]:
    least, most = np.zeros(len(aims), dtype=np.int64), np.zeros(len(aims), dtype=np.int64)
    for a, aim in enumerate(aims):
        usual = (board.policy.group_min, board.policy.group_max)
        low, high = COACHING_SIZES if aim.purpose == "peer_coaching" else usual
        least[a] = low if rules.least is None else rules.least
        most[a] = high if rules.most is None else rules.most
        if rules.least is not None and rules.most is None:
            most[a] = max(most[a], rules.least)
        if rules.most is not None and rules.least is None:
            least[a] = min(least[a], rules.most)
    return least, np.minimum(most, max(len(board.students), 1))
