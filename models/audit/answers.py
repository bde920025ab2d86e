"""Who answered what, when, and how well: a response log laid out target by target."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from models.log import ResponseLog

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RIGHT_FROM = 0.5
"""Score from which an answer counts as right."""
SHRINK = 2.0
"""Targets answered at an average level that are added to a student's own: few say little."""


@dataclass(frozen=True)
class Work:
    """All answers on one target, m of them by n students.

    Sorted by student and time: `row` int64[m] numbers them among all answers of the log, so
    that of one student's answers the later has the higher number; `student` int64[m];
    `right` float64[m] 0 or 1. `who` int64[n] are the students in order, `start` int64[n] where
    the answers of each begin.
    """

    row: Ints
    student: Ints
    right: Floats
    who: Ints
    start: Ints

    @cached_property
    def first(self) -> Floats:
        """Whether each student's first answer was right, float64[n]."""
        return self.right[self.start]

    @cached_property
    def share(self) -> Floats:
        """Share of right answers of each student, float64[n]."""
        return np.add.reduceat(self.right, self.start) / self.tries

    @cached_property
    def tries(self) -> Ints:
        """Answers of each student, int64[n]."""
        return np.diff(np.append(self.start, len(self.row)))

    @cached_property
    def earlier(self) -> Ints:
        """How many answers of the same student come before each answer, int64[m]."""
        return np.arange(len(self.row)) - np.repeat(self.start, self.tries)


@dataclass(frozen=True)
class Answers:
    """The answers of `students` students, `work` by target, `after` all of each student's rows.

    `begins` int64[students] is the number of each student's first row, `rows` how many there are.
    """

    targets: tuple[str, ...]
    students: int
    work: tuple[Work, ...]
    begins: Ints
    rows: Ints

    @cached_property
    def above(self) -> Floats:
        """By how much each student beats the class on the targets seen, summed, [students]."""
        total = np.zeros(self.students)
        for work in self.work:
            total[work.who] += work.share - work.share.mean()
        return total

    @cached_property
    def seen(self) -> Ints:
        """On how many targets each student was seen, int64[students]."""
        return np.bincount(np.concatenate([w.who for w in self.work]), minlength=self.students)

    def ability(self, *without: int) -> Floats:
        """Ability of each student by all targets but these: mean lead on the class, [students].

        Students without any other target are put at 0.
        """
        total, count = self.above.copy(), self.seen.astype(np.float64)
        for k in without:
            work = self.work[k]
            total[work.who] -= work.share - work.share.mean()
            count[work.who] -= 1
        return total / (count + SHRINK)


def answers_of(log: ResponseLog) -> Answers:
    """Lay a response log out by target; an answer on several targets counts for each."""
    of_row = np.repeat(np.arange(len(log)), np.diff(log.offset))
    by_target = np.argsort(log.target, kind="stable")
    row, target = of_row[by_target], log.target[by_target]
    edges = np.searchsorted(target, np.arange(len(log.targets) + 1))
    right = (log.score >= RIGHT_FROM).astype(np.float64)
    parts = (row[a:b] for a, b in pairwise(edges))
    work = tuple(_work(rows, log.student[rows], right[rows]) for rows in parts)
    count = np.bincount(log.student, minlength=len(log.students))
    begins = np.searchsorted(log.student, np.arange(len(log.students)))
    if np.any(np.diff(log.student) < 0):
        raise ValueError("the rows of a log must be sorted by student")
    return Answers(log.targets, len(log.students), work, begins, count)


def _work(row: Ints, student: Ints, right: Floats) -> Work:
    who, start = np.unique(student, return_index=True)
    return Work(row, student, right, who, start.astype(np.int64))


def earlier_on(a: Work, b: Work) -> tuple[Ints, Ints]:
    """Return for each answer on b how many answers on a its student gave before, int64[m] of b.

    And where, among the answers on a, those of that student begin. An answer on both targets
    comes before neither.
    """
    place = np.minimum(np.searchsorted(a.who, b.student), len(a.who) - 1)
    same = a.who[place] == b.student
    start = np.where(same, a.start[place], 0)
    before = np.searchsorted(a.row, b.row) - start
    return np.where(same, before, 0), start
