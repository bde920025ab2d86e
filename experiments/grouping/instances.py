"""Instances: a class, the rules of its teacher and the rounds gone by, as the solver gets them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from engine import Board, Layout, Policy, make_board
from engine.groups import Aim, Asked, Likings, PastGroup, Round, Rules
from engine.groups.assemble import Assembled, assemble
from engine.groups.need import read_needs
from engine.groups.past import remember
from experiments.grouping.classes import SimulatedClass
from graphs import Curriculum, Framework, InvalidInput, LearningTarget
from models.evidence import Evidence
from models.fitting import fit_bkt
from models.log import ResponseLog
from models.log_files import read_log

TODAY = date(2026, 3, 2)
WEEKS = 3
"""Rounds gone by in an instance, one a week: older ones weigh little."""
USUAL_SIZE = 5
SHARE_APART, SHARE_TOGETHER = 0.1, 0.05
"""Pairs to keep apart and together, by students (science notes §4.2: a tenth apart)."""
FEWEST_REAL = 12
"""Students of a real class from which it is grouped at all."""
ADULTS_FOR = 15
"""Students of a class for each adult who can lead a group."""


@dataclass(frozen=True)
class Instance:
    """A board and what is asked of its groups; `simulated` knows the truth, where there is one."""

    name: str
    board: Board
    asked: Asked
    simulated: SimulatedClass | None = None

    def with_rules(self, rules: Rules) -> "Instance":
        """Return the same class under other rules."""
        return replace(self, asked=replace(self.asked, rules=rules))

    def assembled(self) -> Assembled:
        """Return the problem that the solver gets, and what its numbers stand for."""
        rules = self.asked.rules
        needs = read_needs(self.board, self.asked.likings, rules.purposes, rules.targets)
        memory = remember(self.board, self.asked.rounds, self.asked.today)
        return assemble(self.board, needs, memory, rules)


def reteach_rules(students: Sequence[str], rng: np.random.Generator) -> Rules:
    """Everyone in a group that reteaches, as many groups as of five: the form of §4.2."""
    number = max(round(len(students) / USUAL_SIZE), 1)
    apart, together = _wishes(students, rng)
    return Rules(
        purposes=("reteach",), groups_min=number, groups_max=number, apart=apart,
        together=together, everyone=True,
    )  # fmt: skip


def mixed_rules(students: Sequence[str], rng: np.random.Generator) -> Rules:
    """Ask for the best mix of purposes, with the adults that a class of this size may have."""
    apart, together = _wishes(students, rng)
    return Rules(adults=max(len(students) // ADULTS_FOR, 1), apart=apart, together=together)


def simulated_instances(count: int, size: int, first: int = 0) -> Iterator[Instance]:
    """Yield instances of simulated classes: one that reteaches and one mix for each class."""
    for seed in range(first, first + (count + 1) // 2):
        each = SimulatedClass(seed, size)
        board = each.board(Policy())
        for kind, rules in (("reteach", reteach_rules), ("mix", mixed_rules)):
            rng = np.random.default_rng([seed, size])
            asked = Asked(
                today=TODAY,
                rules=rules(board.students, rng),
                likings=each.likings,
                rounds=drawn_rounds(board, rng),
            )
            yield Instance(f"{kind}-{size}-{seed}", board, asked, each)


def real_instances(path: Path, column: str = "class_id") -> Iterator[Instance]:
    """Yield an instance for each intact class of a response log, under one fit of it all.

    Raises `InvalidInput` when the log has no such column.
    """
    log = read_log(path)
    if column not in log.extra:
        raise InvalidInput(f"{path} has no column {column!r} that names the classes")
    layout = Layout(_flat(log))
    model = fit_bkt(log)
    by_class: dict[str, dict[str, list[int]]] = {}
    for row, (name, student) in enumerate(zip(log.extra[column], log.student, strict=True)):
        by_class.setdefault(str(name), {}).setdefault(log.students[student], []).append(row)
    for number, (name, rows) in enumerate(sorted(by_class.items())):
        if len(rows) >= FEWEST_REAL:
            states = {
                s: model.fold([_evidence(log, row) for row in of]) for s, of in sorted(rows.items())
            }
            board = make_board(layout, Policy(), model, states)
            rng = np.random.default_rng([number, len(rows)])
            rules = mixed_rules(board.students, rng)
            asked = Asked(TODAY, rules, Likings(), drawn_rounds(board, rng))
            yield Instance(f"class-{name}", board, asked)


def drawn_rounds(board: Board, rng: np.random.Generator) -> tuple[Round, ...]:
    """Draw past rounds in which everyone was in some group of about five."""
    rounds = []
    for week in range(WEEKS, 0, -1):
        order = rng.permutation(len(board.students))
        parts = np.array_split(order, max(round(len(order) / USUAL_SIZE), 1))
        groups = tuple(
            PastGroup(
                Aim("reteach", board.targets[int(rng.integers(len(board.targets)))]),
                tuple(sorted(board.students[i] for i in part)),
                lowest=place == 0,
            )
            for place, part in enumerate(parts)
        )
        rounds.append(Round(f"week-{week}", TODAY - timedelta(weeks=week), groups))
    return tuple(rounds)


def _wishes(
    students: Sequence[str], rng: np.random.Generator
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Draw pairs to keep apart and together, no student in two of them."""
    apart, together = (round(share * len(students)) for share in (SHARE_APART, SHARE_TOGETHER))
    drawn = rng.permutation(len(students))[: 2 * (apart + together)]
    pairs = tuple((students[a], students[b]) for a, b in zip(drawn[::2], drawn[1::2], strict=False))
    return pairs[:apart], pairs[apart:]


def _flat(log: ResponseLog) -> Curriculum:
    nodes = tuple(LearningTarget(t, t) for t in log.targets)
    return Curriculum(Framework("log", "Targets of the log", nodes), ())


def _evidence(log: ResponseLog, row: int) -> Evidence:
    inside = log.target[log.offset[row] : log.offset[row + 1]]
    return Evidence(
        id=f"row-{row}",
        student=log.students[log.student[row]],
        targets=tuple(log.targets[t] for t in inside),
        score=float(log.score[row]),
        task=log.items[log.item[row]],
        position=row,
    )
