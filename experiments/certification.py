"""Does what is called mastered hold, where the truth is known? (`footpath bench mastery`).

Models are fitted on a fixed course of other students and then decide when each simulated student
may go on: once P(mastered) reaches the model's own bar with enough evidence, or after a number
of opportunities without. Neither the fit nor the bar has seen the truth.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine import Policy
from engine.board import DEFAULT_BAR
from experiments.worlds import GradualWorld, OpenWorld, layered_domain
from experiments.worlds.world import A_DAY, Answer, course_log
from models import MasteryModel
from models.fitting import fit_bkt
from models.full.training import fit_full
from models.log import ResponseLog, log_from_evidence
from models.model import DEFAULT_RELIABILITY

MOST = 30
"""Opportunities on one target after which a student goes on without mastery (§7.1)."""
LOOK_EVERY = 9
"""Answers between two looks at a student's interval: enough to be nearly independent."""
WORLD_SEED, COURSE_SEED, CLASS_SEED = 100, 200, 300
"""Bases of the seeds: what the domain is like, who took the course, who is certified. The blur of
`models.full.model` was chosen on seeds from 50 on; the report starts at 0."""
FITS: dict[str, Callable[[ResponseLog], MasteryModel]] = {"full": fit_full, "bkt": fit_bkt}
FIGURES = (
    "bar", "opportunities", "false_mastery", "true_mastery", "gap", "given_up", "coverage",
)  # fmt: skip
"""What is averaged over the seeds."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Certified:
    """What became of one model in one world.

    `bar` P(mastered) that certifies · `opportunities` mean of a student · `false_mastery` share
    of certified targets not truly mastered at that moment · `true_mastery` share of all targets
    truly mastered when the course ends, `gap` of it between the highest and the lowest ability
    quartile, `quartiles` lowest first · `given_up` share of targets left without mastery ·
    `coverage` share of intervals for the chance of success that held the true one.
    """

    seed: int
    model: str
    bar: float
    opportunities: float
    false_mastery: float
    true_mastery: float
    gap: float
    quartiles: list[float]
    given_up: float
    coverage: float


def bench_mastery(
    seeds: int = 3, students: int = 200, first: int = 0, progress: Progress = lambda _, __: None
) -> list[Certified]:
    """Certify simulated gradual learners with every model of `FITS`, on several domains."""
    found = []
    for done, seed in enumerate(range(first, first + seeds)):
        domain = layered_domain(np.random.default_rng(seed))

        def world(base: int, seed: int = seed) -> GradualWorld:
            rng = np.random.default_rng(base + seed)
            return GradualWorld(domain, students, WORLD_SEED + seed, rng)  # noqa: B023

        log = log_from_evidence(
            course_log(world(COURSE_SEED), range(students)), dict(DEFAULT_RELIABILITY)
        )
        for i, (name, fit) in enumerate(FITS.items()):
            found.append(_certify_class(seed, name, fit(log), world(CLASS_SEED)))
            progress(done * len(FITS) + i + 1, seeds * len(FITS))
    return found


def means(rows: list[Certified]) -> dict[str, dict[str, float]]:
    """Average the figures of each model over the seeds."""
    return {
        name: {
            figure: float(np.mean([getattr(row, figure) for row in rows if row.model == name]))
            for figure in FIGURES
        }
        for name in dict.fromkeys(row.model for row in rows)
    }


def _certify_class(seed: int, name: str, model: MasteryModel, world: OpenWorld) -> Certified:
    bar = DEFAULT_BAR if model.certain_at is None else model.certain_at
    walks = [_Walk(world, model, bar, student) for student in range(world.size)]
    for walk in walks:
        walk.go()
    true = np.array([np.mean(walk.at_the_end) for walk in walks])
    quarter = np.argsort(np.argsort(world.ability)) * 4 // world.size
    quartiles = [float(true[quarter == q].mean()) for q in range(4)]
    claims = [claim for walk in walks for claim in walk.claims]
    held = [inside for walk in walks for inside in walk.held]
    return Certified(
        seed=seed,
        model=name,
        bar=bar,
        opportunities=float(np.mean([walk.number for walk in walks])),
        false_mastery=1 - float(np.mean(claims)),
        true_mastery=float(true.mean()),
        gap=quartiles[3] - quartiles[0],
        quartiles=quartiles,
        given_up=1 - len(claims) / (world.size * len(world.domain)),
        coverage=float(np.mean(held)),
    )


class _Walk:
    """One student on the way through all targets in learning order."""

    def __init__(self, world: OpenWorld, model: MasteryModel, bar: float, student: int) -> None:
        self.world, self.model, self.bar, self.student = world, model, bar, student
        self.state = model.start()
        self.number = 0
        self.claims: list[bool] = []
        self.held: list[bool] = []

    @property
    def at_the_end(self) -> npt.NDArray[np.bool_]:
        """Whether each target is truly mastered on the last day, bool[K]."""
        day = self.number // A_DAY
        targets = range(len(self.world.domain))
        return np.array([self.world.mastered(self.student, t, day) for t in targets])

    def go(self) -> None:
        """Work on each target until it is certified or given up."""
        for target in range(len(self.world.domain)):
            for claimed in self._opportunities(target):
                if claimed:
                    self.claims.append(bool(self.world.mastered(self.student, target, self._day)))
                    break

    @property
    def _day(self) -> int:
        return (self.number - 1) // A_DAY

    def _opportunities(self, target: int) -> Iterator[bool]:
        """Yield after each answer whether the target is now called mastered."""
        name = self.world.domain.targets[target]
        for done in range(1, MOST + 1):
            day = self.number // A_DAY
            item, right = self.world.practise(self.student, target, day)
            evidence = Answer(target, int(item), bool(right), day, self.number).evidence(
                "s", self.world.domain
            )
            self.state = self.model.observe(self.state, evidence)
            self.number += 1
            estimate = self.model.estimate(self.state, name, evidence.observed_at)
            if self.number % LOOK_EVERY == 0:
                chance = self.world.chance(self.student, target, day)
                self.held.append(estimate.p_right_low <= chance <= estimate.p_right_high)
            yield done >= Policy().min_evidence and estimate.p_mastered >= self.bar
