"""Do pathways tell what a way really takes? (`footpath bench pathway`).

Models are fitted on a fixed course of other students. Students of a simulated class then head for
a goal each, always working on the first checkpoint that is ready. At the start, and after every
`LOOK_EVERY` opportunities, the pathway says how many opportunities are left; the truth is how
many it took until the goal was reached. None of the worlds obeys Footpath's own model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np

from engine import Layout, Policy, make_board
from engine.board import Board
from engine.pathways import Pathway, pathway, steps_to
from experiments.simulation.playing import curriculum_of
from experiments.worlds import Domain, ForgetfulWorld, GradualWorld, SuddenWorld, layered_domain
from experiments.worlds.world import A_DAY, FIRST_DAY, Answer, World, course_log
from models import Evidence, MasteryModel
from models.fitting import fit_bkt
from models.full.training import fit_full
from models.log import ResponseLog, log_from_evidence
from models.model import DEFAULT_RELIABILITY
from models.trail import extended, standing

WORLDS = {"gradual": GradualWorld, "sudden": SuddenWorld, "forgetful": ForgetfulWorld}
FITS: dict[str, Callable[[ResponseLog], MasteryModel]] = {"full": fit_full, "bkt": fit_bkt}
COURSE = 120
"""Students whose fixed course the models are fitted on: four classes."""
OPENING = 40
"""Opportunities at most that a student has before heading for the goal."""
LOOK_EVERY = 8
"""Opportunities between two looks at the same pathway."""
MOST = 250
"""Opportunities after which a way counts as longer than was foretold."""
SHORTEST = 3
"""Checkpoints of the shortest way that is foretold."""
WORLD_SEED, COURSE_SEED, CLASS_SEED = 400, 500, 600
FIGURES = ("coverage", "below", "above", "bias", "width", "reached")
"""What is averaged over the seeds."""
Progress = Callable[[int, int], None]


class Classroom(World, Protocol):
    """A world that knows its domain and how many students there are."""

    domain: Domain

    @property
    def size(self) -> int:
        """How many students there are."""
        ...


@dataclass(frozen=True, slots=True)
class Foretold:
    """What was foretold at one look, and how many opportunities it took (`MOST`: or more)."""

    expected: float
    low: float
    high: float
    took: int

    @property
    def held(self) -> bool:
        """Whether the truth lies in the interval, whole opportunities being what is counted."""
        return self.low - 0.5 <= self.took <= self.high + 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well pathways foretold in one world under one model.

    `coverage` share of intervals that held the truth, `below` and `above` how often it took
    less or more · `bias` mean of (foretold − took) / mean took · `width` mean width of an
    interval as a share of the mean foretold · `reached` share of goals reached.
    """

    world: str
    model: str
    seed: int
    looks: int
    coverage: float
    below: float
    above: float
    bias: float
    width: float
    reached: float


def bench_pathway(
    seeds: int = 2, students: int = 60, first: int = 0, progress: Progress = lambda _, __: None
) -> list[Calibration]:
    """Foretell the ways of simulated classes in every world under every model."""
    found: list[Calibration] = []
    for seed in range(first, first + seeds):
        domain = layered_domain(np.random.default_rng(seed))
        for name, kind in WORLDS.items():
            course = kind(
                domain, COURSE, WORLD_SEED + seed, np.random.default_rng(COURSE_SEED + seed)
            )
            log = log_from_evidence(course_log(course, range(COURSE)), dict(DEFAULT_RELIABILITY))
            for model, fit in FITS.items():
                rng = np.random.default_rng(CLASS_SEED + seed)
                world = kind(domain, students, WORLD_SEED + seed, rng)
                found.append(_foretell(name, model, seed, fit(log), world))
                progress(len(found), seeds * len(WORLDS) * len(FITS))
    return found


def _foretell(
    name: str, kind: str, seed: int, model: MasteryModel, world: Classroom
) -> Calibration:
    layout = Layout(curriculum_of(world.domain))
    walks = [_Walk(world, model, layout, student, seed) for student in range(world.size)]
    looks = [each for walk in walks for each in walk.go()]
    took = np.array([look.took for look in looks])
    expected = np.array([look.expected for look in looks])
    return Calibration(
        world=name,
        model=kind,
        seed=seed,
        looks=len(looks),
        coverage=float(np.mean([look.held for look in looks])),
        below=float(np.mean([look.took < look.low - 0.5 for look in looks])),
        above=float(np.mean([look.took > look.high + 0.5 for look in looks])),
        bias=float((expected - took).mean() / took.mean()),
        width=float(np.mean([look.high - look.low for look in looks]) / expected.mean()),
        reached=float(np.mean([walk.reached for walk in walks])),
    )


class _Walk:
    """One student on the way to one goal, checkpoint by checkpoint."""

    def __init__(
        self, world: Classroom, model: MasteryModel, layout: Layout, student: int, seed: int
    ) -> None:
        self.world, self.model, self.layout, self.student = world, model, layout, student
        self.rng = np.random.default_rng([seed, student])
        self.log: list[Evidence] = []
        self.standing = standing(model, [])
        self.reached = False

    def go(self) -> list[Foretold]:
        """Walk, and return what was foretold on the way."""
        for target in self.rng.integers(0, len(self.world.domain), int(self.rng.integers(OPENING))):
            self._practise(int(target))
        goal = self._goal()
        if goal is None:
            self.reached = True  # nothing far enough to be foretold
            return []
        looks: list[tuple[int, Pathway]] = []
        for number in range(MOST):
            board = self._board()
            steps = steps_to(board, 0, goal)
            if not steps:
                self.reached = True
                break
            if number % LOOK_EVERY == 0:
                looks.append((number, pathway(board, 0, goal, self.log, self._now)))
            self._practise(board.curriculum.graph.position[steps[0]])
        took = number if self.reached else MOST
        return [_foretold(way, took - at) for at, way in looks]

    def _goal(self) -> str | None:
        board = self._board()
        far = [t for t in board.targets if len(steps_to(board, 0, t)) >= SHORTEST]
        return str(self.rng.choice(far)) if far else None

    def _practise(self, target: int) -> None:
        number = len(self.log)
        day = number // A_DAY
        item, right = self.world.practise(self.student, target, day)
        answer = Answer(target, int(item), bool(right), day, number)
        self.log.append(answer.evidence("s", self.world.domain))
        more = extended(self.model, self.standing, self.log[-1:])
        self.standing = more or standing(self.model, self.log)

    @property
    def _now(self) -> datetime:
        return self.log[-1].observed_at or FIRST_DAY if self.log else FIRST_DAY

    def _board(self) -> Board:
        """Return the board as schools see it: what was seen, rows of right answers included."""
        now, trails = self._now, {"s": self.standing.trail}
        states = {"s": self.standing.state}
        return make_board(self.layout, Policy(), self.model, states, now, trails)


def _foretold(way: Pathway, took: int) -> Foretold:
    left = way.opportunities
    return Foretold(left.expected, left.low, left.high, took)


def means(rows: Sequence[Calibration]) -> dict[str, dict[str, float]]:
    """Average the figures of each world and model over the seeds."""
    return {
        f"{world}, {model}": {
            figure: float(
                np.mean([getattr(r, figure) for r in rows if (r.world, r.model) == (world, model)])
            )
            for figure in FIGURES
        }
        for world, model in dict.fromkeys((r.world, r.model) for r in rows)
    }
