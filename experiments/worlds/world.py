"""What every simulated world offers, and the fixed course that fills its log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from experiments.worlds.domain import Domain
from models import Evidence

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Which = int | Ints
"""A student or target by number, or several of them side by side."""
Days = int | Ints
FIRST_DAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
A_DAY = 12
"""Opportunities of a student a day (science notes §7.1)."""
MINUTES = 3
"""Minutes between two answers of a day."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: on which target, to which item, whether right, on which day (from 0)."""

    target: int
    item: int
    right: bool
    day: int
    number: int

    def evidence(self, student: str, domain: Domain) -> Evidence:
        """Return the answer as it reaches the log; `number` counts the student's answers."""
        return Evidence(
            id=f"{student}-{self.number}",
            student=student,
            targets=(domain.targets[self.target],),
            score=float(self.right),
            task=f"{domain.targets[self.target]}-{self.item}",
            observed_at=FIRST_DAY
            + timedelta(days=self.day, minutes=MINUTES * (self.number % A_DAY)),
        )


class World(Protocol):
    """Simulated students on a domain, built as `World(domain, size, seed, rng)`.

    Students are numbered from 0; days count from 0. A world whose class says `vectorised = True`
    takes arrays for `student`, `target` and `day` (broadcast against each other) and answers with
    arrays; any other is asked student by student. A world may also have `ability` float64[size],
    by which reports form quartiles.
    """

    name: str

    def practise(self, student: Any, target: Any, day: Any) -> tuple[Any, Any]:
        """Let a student work on a target; return the item and whether the answer was right."""
        ...

    def mastered(self, student: Any, target: Any, day: Any) -> Any:
        """Say whether a student truly masters a target on that day."""
        ...


class OpenWorld(World, Protocol):
    """A world that also knows its domain and the true chance of a right answer."""

    domain: Domain

    @property
    def size(self) -> int:
        """How many students there are."""
        ...

    @property
    def ability(self) -> Floats:
        """General ability of each student, float64[size]."""
        ...

    def chance(self, student: int, target: int, day: int) -> float:
        """Return a student's true chance of a right answer on a usual item."""
        ...


def fixed_course(
    world: OpenWorld, student: int, each: int = 8, review_every: int = 5
) -> Iterator[Answer]:
    """Send a student through all targets in order, `each` opportunities a target.

    Every `review_every`-th opportunity goes to an earlier target, as in a course with review.
    """
    number = 0
    order = range(len(world.domain))
    turn = np.random.default_rng([student, each])
    for target in order:
        for _ in range(each):
            yield _answer(world, student, target, number)
            number += 1
            if target > 2 and number % review_every == 0:
                yield _answer(world, student, int(turn.integers(0, target - 1)), number)
                number += 1


def course_log(world: OpenWorld, students: Sequence[int]) -> list[Evidence]:
    """Return the evidence of some students who followed the fixed course."""
    return [
        answer.evidence(f"s{student:04d}", world.domain)
        for student in students
        for answer in fixed_course(world, student)
    ]


def _answer(world: OpenWorld, student: int, target: int, number: int) -> Answer:
    day = number // A_DAY
    item, right = world.practise(student, target, day)
    return Answer(target, int(item), bool(right), day, number)
