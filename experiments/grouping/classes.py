"""Simulated classes to be grouped, whose truth is known."""

import numpy as np

from engine import Board, Layout, Policy, make_board
from engine.groups import Likings
from experiments.worlds import GradualWorld, layered_domain
from experiments.worlds.world import A_DAY, Answer, course_log, fixed_course
from graphs import Curriculum, Edge, Framework, LearningTarget, Task
from models.fitting import fit_bkt
from models.log import log_from_evidence
from models.model import DEFAULT_RELIABILITY, BKTModel
from models.state import BKTState

TARGETS, LAYERS, EDGES = 20, 4, 30
"""Half of the domain of the science notes (§7.1): what a class works on in a term."""
OTHERS = 60
"""Students whose fixed course the model is fitted on: two other classes."""
EACH = 4
"""Opportunities on a target before a class goes on: few enough that gaps stay."""
INTERESTS = ("animals", "music", "space", "sport")
WORLD_SEED, COURSE_SEED, CLASS_SEED = 500, 600, 700
"""Bases of the seeds: what the domain is like, who took the course, who is in the class."""


class SimulatedClass:
    """Gradual learners somewhere along a course of 20 targets, and a model of other students.

    Each is at a place of their own, so that some targets are mastered, some shaky, some barely
    seen. What they truly know is in `world`; the board sees only their answers.
    """

    def __init__(self, seed: int, size: int = 30) -> None:
        domain = layered_domain(np.random.default_rng(seed), TARGETS, LAYERS, EDGES)
        others = GradualWorld(
            domain, OTHERS, WORLD_SEED + seed, np.random.default_rng(COURSE_SEED + seed)
        )
        log = log_from_evidence(course_log(others, range(OTHERS)), dict(DEFAULT_RELIABILITY))
        self.model: BKTModel = fit_bkt(log)
        self.layout = Layout(_curriculum(domain.targets, domain.prerequisites))
        rng = np.random.default_rng(CLASS_SEED + seed)
        self.world = GradualWorld(domain, size, WORLD_SEED + seed, rng)
        self.students = tuple(f"s{i:03d}" for i in range(size))
        self.states: dict[str, BKTState] = {}
        self.day = 0
        self._answered = [0] * size
        for i, student in enumerate(self.students):
            self._begin(i, student, int(np.clip(rng.normal(0.6, 0.2), 0.1, 1.0) * TARGETS))
        words = [rng.choice(INTERESTS, size=2, replace=False) for _ in self.students]
        self.likings = Likings(
            {s: tuple(map(str, w)) for s, w in zip(self.students, words, strict=True)}
        )

    def board(self, policy: Policy) -> Board:
        """Return where the students stand by what they have answered."""
        return make_board(self.layout, policy, self.model, self.states)

    def practise(self, student: str, target: str, times: int) -> None:
        """Let a student work on a target today, and see the answers."""
        number, column = self.students.index(student), self.world.domain.targets.index(target)
        for _ in range(times):
            item, right = self.world.practise(number, column, self.day)
            place = self._answered[number]
            self._see(number, Answer(column, int(item), bool(right), self.day, place))

    def truly_ready(self, student: str, target: str) -> bool:
        """Say whether a target is not truly mastered, and all that it needs is."""
        domain, number = self.world.domain, self.students.index(student)
        column = domain.targets.index(target)
        before = domain.prerequisites[column]
        known = [self.world.mastered(number, t, self.day) for t in (column, *before)]
        return not known[0] and all(known[1:])

    def _begin(self, number: int, student: str, reached: int) -> None:
        self.states[student] = self.model.start()
        for answer in fixed_course(self.world, number, EACH):
            if answer.target >= reached:
                break
            self._see(number, answer)
        self.day = max(self.day, self._answered[number] // A_DAY + 1)

    def _see(self, number: int, answer: Answer) -> None:
        student = self.students[number]
        evidence = answer.evidence(student, self.world.domain)
        self.states[student] = self.model.observe(self.states[student], evidence)
        self._answered[number] += 1


def _curriculum(targets: tuple[str, ...], prerequisites: tuple[tuple[int, ...], ...]) -> Curriculum:
    nodes = tuple(LearningTarget(t, t.upper()) for t in targets)
    tasks = tuple(
        Task(f"task-{t}", f"Task on {t}", (t,), interests=(INTERESTS[k % len(INTERESTS)],))
        for k, t in enumerate(targets)
    )
    edges = tuple(
        Edge(targets[j], targets[k]) for k, before in enumerate(prerequisites) for j in before
    )
    return Curriculum(Framework("made-up", "Made up", nodes, tasks=tasks), edges)
