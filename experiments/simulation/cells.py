"""One world and seed of a simulated comparison: who took the course, and who is taught."""

from functools import cached_property

import numpy as np

from experiments.simulation.school import SimulatedClass, course_log, world_named
from experiments.worlds import Domain, layered_domain
from models.log import ResponseLog

WORLD_SEED, COURSE_SEED, CLASS_SEED = 100, 200, 300
"""Bases of the seeds: what the domain is like, who took the course, who is taught."""
COURSE = 100
"""Students of the fixed course on which the recommender is fitted: three classes or four."""


class Cell:
    """A domain, the log of its fixed course, and the same students as often as asked for."""

    def __init__(self, world: str, seed: int) -> None:
        self.kind, self.seed = world_named(world), seed
        self.domain: Domain = layered_domain(np.random.default_rng(seed))

    @cached_property
    def log(self) -> ResponseLog:
        """What other students answered on the fixed course."""
        course = self._students(COURSE_SEED, COURSE)
        return course_log(course, self.domain, np.random.default_rng(self.seed))

    def new_class(self, size: int) -> SimulatedClass:
        """Return the class that is taught, before its first answer."""
        return self._students(CLASS_SEED, size)

    def _students(self, base: int, size: int) -> SimulatedClass:
        rng = np.random.default_rng(base + self.seed)
        world = self.kind(self.domain, size, WORLD_SEED + self.seed, rng)
        return SimulatedClass(world, size, len(self.domain))
