"""Boards for tests: by construction, and from random schools whose every number is drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
from hypothesis import strategies as st

from engine import Board, Layout, Policy, make_board
from engine.board import DEFAULT_BAR
from graphs import Curriculum, Framework, LearningTarget, Task
from models import BKTModel, BKTParameters, Evidence, in_force
from models.state import BKTState
from tests.cast import NOW, small_curriculum
from tests.graphs.random_graphs import dags, subsets

KINDS = ("quiz_item", "homework", "self_rating")
FORMATS = ("", "paper", "game")
INTERESTS = ("sports", "music")
EVERY = 1000
"""More options than any school here has: asks for all that is allowed."""
WEIGHTS = {
    "w_gain": "gain",
    "w_opens": "opens",
    "w_goal": "goal",
    "w_information": "information",
    "w_review": "review",
    "w_gap": "gap",
    "w_interest": "interest",
    "w_order": "order",
}
"""The term of a choice's score that each weight of a policy weighs."""


@dataclass(frozen=True)
class Seen:
    """What is to stand on a board for one student and target."""

    p: float
    count: int = 3
    peak: float = 0.0


def board_with(
    rows: Mapping[str, Mapping[str, Seen]],
    policy: Policy | None = None,
    curriculum: Curriculum | None = None,
) -> Board:
    """Make a board by construction; what is left out has no evidence and stands at .35."""
    layout = Layout(curriculum or small_curriculum())
    targets = layout.curriculum.graph.targets
    blank = Seen(0.35, 0)
    cells = [[row.get(target, blank) for target in targets] for row in rows.values()]
    shape = (len(rows), len(targets))
    p = np.array([[cell.p for cell in row] for row in cells]).reshape(shape)
    return Board(
        layout,
        policy or Policy(),
        tuple(rows),
        p=p,
        learned=np.array([[max(c.p, c.peak) for c in row] for row in cells]).reshape(shape),
        count=np.array([[float(c.count) for c in row] for row in cells]).reshape(shape),
        p_right=0.25 + 0.65 * p,
        p_next=p + 0.15 * (1 - p),
        last=np.full(shape, math.nan),
        retrievable=p,
        bar=DEFAULT_BAR if policy is None or policy.mastered_at is None else policy.mastered_at,
    )


@dataclass(frozen=True)
class RandomSchool:
    """A drawn curriculum, policy and model, with each student's whole log."""

    curriculum: Curriculum
    policy: Policy
    model: BKTModel
    log: Mapping[str, tuple[Evidence, ...]]

    @cached_property
    def states(self) -> dict[str, BKTState]:
        """The fold of each student's log."""
        return {student: self.model.fold(log) for student, log in self.log.items()}

    @cached_property
    def board(self) -> Board:
        """The board the engine works on."""
        return make_board(Layout(self.curriculum), self.policy, self.model, self.states)

    @cached_property
    def in_force(self) -> dict[str, dict[str, list[str]]]:
        """Ids in force by student and target, latest last."""
        found: dict[str, dict[str, list[str]]] = {student: {} for student in self.log}
        for student, log in self.log.items():
            for piece in in_force(log):
                for target in piece.targets:
                    found[student].setdefault(target, []).append(piece.id)
        return found

    def prerequisites(self, target: str) -> set[str]:
        """Direct prerequisites, read off the edges."""
        edges = self.curriculum.edges
        return {e.prereq for e in edges if e.target == target and e.relation == "prerequisite"}

    def is_mastered(self, student: str, target: str) -> bool:
        """Mastery, worked out from the estimate and the policy alone."""
        estimate = self.model.estimate(self.states[student], target)
        enough = estimate.evidence_count >= self.policy.min_evidence
        return enough and self.is_sure(target) and estimate.p_mastered >= self.board.bar

    def is_sure(self, target: str) -> bool:
        """Whether who has mastered a target gets as much right as the policy asks."""
        asked = self.policy.mastered_chance
        return asked is None or 1.0 - self.model.of(target).slip >= asked

    def is_met(self, student: str, target: str) -> bool:
        """Whether a target counts as met, worked out from the estimate and the policy alone."""
        estimate = self.model.estimate(self.states[student], target)
        seen = estimate.evidence_count >= self.policy.ready_evidence
        shown = seen and estimate.p_mastered >= self.policy.ready_at
        return shown or self.is_mastered(student, target) or self.is_implied(student, target)

    def is_implied(self, student: str, target: str) -> bool:
        """Whether nobody has seen a target and something that builds on it is mastered."""
        if self.model.estimate(self.states[student], target).evidence_count:
            return False
        waiting, later = [target], set[str]()
        while waiting:
            here = waiting.pop()
            ahead = {e.target for e in self.curriculum.edges
                     if e.prereq == here and e.relation == "prerequisite"}  # fmt: skip
            waiting += ahead - later
            later |= ahead
        return any(self.is_mastered(student, t) for t in later)

    def is_below_stuck(self, student: str, target: str) -> bool:
        """Whether something that builds on a target was tried in vain, and it is not mastered."""
        estimates = {t: self.model.estimate(self.states[student], t) for t in self.board.targets}
        stuck = {
            t
            for t, estimate in estimates.items()
            if estimate.evidence_count >= self.policy.stuck_after
            and estimate.learned < self.board.bar
        }
        ahead = {e.target for e in self.curriculum.edges
                 if e.prereq == target and e.relation == "prerequisite"}  # fmt: skip
        return not self.is_mastered(student, target) and bool(stuck & ahead)

    def is_open(self, student: str, target: str) -> bool:
        """Whether every prerequisite of a target is met."""
        return all(self.is_met(student, p) for p in self.prerequisites(target))


def hundredths(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers with two digits: readable when an example is shown, and ties do happen."""
    return st.integers(round(low * 100), round(high * 100)).map(lambda n: n / 100)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a valid policy, each rule anywhere in its range."""
    mastered_at = draw(hundredths(0.5, 1))
    band_low = draw(hundredths(0, 1))
    group_min = draw(st.integers(2, 4))
    return Policy(
        mastered_at=mastered_at,
        mastered_chance=draw(st.none() | hundredths(0.5, 1)),
        near_at=draw(hundredths(0, mastered_at)),
        min_evidence=draw(st.integers(1, 4)),
        ready_at=draw(hundredths(0, mastered_at)),
        ready_evidence=draw(st.integers(1, 4)),
        choices=draw(st.integers(2, 4)),
        band_low=band_low,
        band_high=draw(hundredths(band_low, 1)),
        band_slope=draw(hundredths(0.01, 1)),
        band_floor=draw(hundredths(0, 1)),
        group_min=group_min,
        group_max=draw(st.integers(group_min, 6)),
        stuck_after=draw(st.integers(3, 6)),
        inactive_days=draw(st.integers(1, 20)),
        alerts_per_day=draw(st.integers(1, 3)),
        w_gain=draw(hundredths(0, 2)),
        w_opens=draw(hundredths(0, 2)),
        w_goal=draw(hundredths(0, 2)),
        w_information=draw(hundredths(0, 2)),
        w_review=draw(hundredths(0, 2)),
        w_gap=draw(hundredths(0, 2)),
        w_interest=draw(hundredths(0, 2)),
        w_order=draw(hundredths(0, 2)),
        a_session=draw(st.integers(1, 3)),
        at_once=draw(st.integers(1, 6)),
    )


def digits(*bases: int) -> st.SearchStrategy[list[int]]:
    """One number below each base; drawn as a single number, which is quick and shrinks well."""

    def split(number: int) -> list[int]:
        found = []
        for base in bases:
            number, digit = divmod(number, base)
            found.append(digit)
        return found

    return st.integers(0, math.prod(bases) - 1).map(split)


@st.composite
def curricula(draw: st.DrawFn, most_targets: int) -> Curriculum:
    """Draw a curriculum; some tasks have several targets, some targets have no task."""
    dag = draw(dags(most_targets))
    size = len(dag.targets)
    drawn = draw(st.lists(digits(size, size, size, len(FORMATS), 4, 3), max_size=8))
    tasks = tuple(
        Task(
            f"task{i}",
            f"Task {i}",
            tuple(dict.fromkeys(dag.targets[t] for t in places)),
            format=FORMATS[form],
            interests=tuple(liked for bit, liked in enumerate(INTERESTS) if likes >> bit & 1),
            minutes=(15.0, 5.0, 40.0)[minutes],
        )
        for i, (*places, form, likes, minutes) in enumerate(drawn)
    )
    targets = tuple(LearningTarget(t, t.upper()) for t in dag.targets)
    return Curriculum(Framework("random", "Random", targets, tasks=tasks), dag.edges)


@st.composite
def logs(draw: st.DrawFn, student: str, targets: Sequence[str]) -> tuple[Evidence, ...]:
    """Draw one student's log: with and without clock, missed, revised, several targets."""
    size = len(targets)
    piece = digits(size, size, 4, len(KINDS), 31, 5, 10, 10)
    log: list[Evidence] = []
    for i, (one, other, score, kind, days, clock, miss, revise) in enumerate(
        draw(st.lists(piece, min_size=draw(st.sampled_from([0, 6, 12])), max_size=14))
    ):
        missed, clocked = miss == 9, clock < 4
        log.append(
            Evidence(
                id=f"{student}-{i}",
                student=student,
                targets=tuple(dict.fromkeys((targets[one], targets[other]))),
                score=None if missed else (1.0, 0.0, 0.5, 1.0)[score],
                kind=KINDS[kind],
                observed_at=NOW - timedelta(days=days) if clocked else None,
                position=None if clocked else i,
                missed=missed,
                supersedes=log[-1].id if log and revise == 9 else None,
            )
        )
    return tuple(log)


@st.composite
def models(draw: st.DrawFn, targets: Sequence[str]) -> BKTModel:
    """Draw a fitted model; some targets were never fitted, some forget."""
    parameters = digits(21, 13, 9, 7, 3).map(
        lambda d: BKTParameters(
            d[0] / 20, d[1] / 20, d[2] / 20, d[3] / 20, forget=(0, 0, 0.3)[d[4]]
        )
    )
    return BKTModel({target: draw(parameters) for target in draw(subsets(targets))})


@st.composite
def schools(draw: st.DrawFn, most_students: int = 1, most_targets: int = 6) -> RandomSchool:
    """Draw a whole school with one class; fewer targets have more evidence each."""
    curriculum = draw(curricula(most_targets))
    targets = curriculum.graph.targets
    students = [f"s{i}" for i in range(draw(st.integers(1, most_students)))]
    log = {student: draw(logs(student, targets)) for student in students}
    return RandomSchool(curriculum, draw(policies()), draw(models(targets)), log)
