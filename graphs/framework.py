"""What there is to learn: competencies, learning targets, tasks, evidence kinds and scales.

All are frozen values. A `Framework` that exists is consistent: ids are unique, every
reference is known, every number is in range.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from graphs.errors import Fault, InvalidInput, UnknownId, cycle_path
from graphs.requirements import Requirement, requirement_faults, requirements_by_target

T = TypeVar("T")
SAME_TASK = 0.3
"""Correlation of points within a task beyond what the student's mastery explains: they share
its text, its topic and the day (science notes §2.3)."""
MOST_POINTS = 1000
"""Points of one score; more are a typing error."""
LONGEST_ID = 200
"""Longest id accepted, in characters: room for IRIs, small enough for an index."""
CODE = "code"
"""Column of a competency or learning target (kept in `extra`) that holds its published code."""


@dataclass(frozen=True, slots=True)
class Competency:
    """A broad, transferable ability; parent of learning targets or of other competencies."""

    id: str
    text: str
    parent: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class LearningTarget:
    """The smallest thing judged mastered; a node of the prerequisite graph.

    `text` is the teacher's wording, `student_text` an "I can …" sentence (falls back to
    `text`), `grade` a free label, `extra` whatever else the source said about it.
    """

    id: str
    text: str
    competency: str | None = None
    grade: str = ""
    student_text: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def code(self) -> str:
        """The code by which standards people call it, such as `6.RP.A.1`; may be empty."""
        return self.extra.get(CODE, "")

    @property
    def for_student(self) -> str:
        """The wording a student reads."""
        return self.student_text or self.text


@dataclass(frozen=True, slots=True)
class Task:
    """Something a student can do that gives evidence on one or more learning targets.

    `kind` is the evidence kind it yields, `format` how it is done (paper, digital, …),
    `minutes` the expected working time (more than 0, usually 5 to 60).
    """

    id: str
    title: str
    targets: tuple[str, ...]
    kind: str = "quiz_item"
    format: str = ""
    interests: tuple[str, ...] = ()
    minutes: float = 15.0
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence and how much one piece of it says.

    `reliability` in (0, 1] is the power to which the likelihood of one point is raised: 1
    counts in full, .15 hardly moves an estimate. `points` is how many a score is made of (1
    to 1000): a test of ten says more than one question, and less than ten apart.
    """

    id: str
    text: str
    reliability: float
    points: int = 1

    @property
    def weight(self) -> float:
        """The power to which the likelihood of a whole score is raised."""
        return self.reliability * points_weight(self.points)


def points_weight(points: float) -> float:
    """Return how many answers a score of m points is worth: m / (1 + (m - 1) rho).

    Points of one task hang together (rho = `SAME_TASK`), as in Kish's design effect.
    """
    return points / (1 + (points - 1) * SAME_TASK)


@dataclass(frozen=True, slots=True)
class Scale:
    """A named rubric: its levels from lowest to highest, by name; level 1 is the first."""

    id: str
    levels: tuple[str, ...]

    def score(self, level: int) -> float | None:
        """Return the score in [0, 1] that a level stands for; `None` outside the scale."""
        top = len(self.levels)
        return (level - 1) / (top - 1) if 1 <= level <= top else None


# Reliabilities: proctored performance task 1, exit ticket .7, homework .4, group product
# .25, self-report .15 (science notes §2.3, to be re-fitted on a school's own log). A quiz
# item is 1, which makes right/wrong data plain Bayesian knowledge tracing. What was shown
# outside school is unsupervised, like homework; prior learning was judged by another
# school's teachers, like a portfolio piece.
DEFAULT_KINDS = (
    EvidenceKind("quiz_item", "Quiz item", 1.0),
    EvidenceKind("performance_task", "Performance task", 1.0),
    EvidenceKind("exit_ticket", "Exit ticket", 0.7),
    EvidenceKind("portfolio_piece", "Portfolio piece", 0.7),
    EvidenceKind("conference", "Conference", 0.7),
    EvidenceKind("homework", "Homework", 0.4),
    EvidenceKind("prior_learning", "Prior learning", 0.7),
    EvidenceKind("outside_school", "Shown outside school", 0.4),
    EvidenceKind("group_product", "Group product", 0.25),
    EvidenceKind("self_rating", "Self-rating", 0.15),
)
DEFAULT_SCALES = (Scale("rubric4", ("beginning", "developing", "proficient", "extending")),)


@dataclass(frozen=True)
class Framework:
    """A consistent set of competencies, targets, tasks, kinds, scales and requirements.

    The first kind is that of evidence that names none, the first scale that of a level that
    names none. Raises `InvalidInput` naming every fault: a repeated id, an unknown reference, a
    number out of range. Iterating gives the learning targets in their order.
    """

    id: str
    title: str
    targets: tuple[LearningTarget, ...]
    competencies: tuple[Competency, ...] = ()
    tasks: tuple[Task, ...] = ()
    kinds: tuple[EvidenceKind, ...] = DEFAULT_KINDS
    scales: tuple[Scale, ...] = DEFAULT_SCALES
    requirements: tuple[Requirement, ...] = ()

    def __post_init__(self) -> None:
        checks = (
            _id_faults,
            _reference_faults,
            _circle_faults,
            _range_faults,
            requirement_faults,
        )
        faults = [fault for check in checks for fault in check(self)]
        if faults:
            raise InvalidInput(faults)
        lookups = {
            "_targets": {target.id: target for target in self.targets},
            "_tasks": {task.id: task for task in self.tasks},
            "_kinds": {kind.id: kind for kind in self.kinds},
            "_scales": {scale.id: scale for scale in self.scales},
        }
        for name, lookup in lookups.items():
            object.__setattr__(self, name, lookup)

    _targets: Mapping[str, LearningTarget] = field(init=False, repr=False, compare=False)
    _tasks: Mapping[str, Task] = field(init=False, repr=False, compare=False)
    _kinds: Mapping[str, EvidenceKind] = field(init=False, repr=False, compare=False)
    _scales: Mapping[str, Scale] = field(init=False, repr=False, compare=False)

    def __iter__(self) -> Iterator[LearningTarget]:
        return iter(self.targets)

    @cached_property
    def required(self) -> Mapping[str, tuple[Requirement, ...]]:
        """The evidence requirements of each learning target that has any."""
        return requirements_by_target(self)

    def target(self, target_id: str) -> LearningTarget:
        """Return a learning target; raises `UnknownId`."""
        return _get(self._targets, "learning target", target_id)

    def task(self, task_id: str) -> Task:
        """Return a task; raises `UnknownId`."""
        return _get(self._tasks, "task", task_id)

    def kind(self, kind_id: str) -> EvidenceKind:
        """Return an evidence kind; raises `UnknownId`."""
        return _get(self._kinds, "evidence kind", kind_id)

    def scale(self, scale_id: str) -> Scale:
        """Return a scale; raises `UnknownId`."""
        return _get(self._scales, "scale", scale_id)

    def has_target(self, target_id: str) -> bool:
        """Say whether a learning target with this id exists."""
        return target_id in self._targets

    def has_task(self, task_id: str) -> bool:
        """Say whether a task with this id exists."""
        return task_id in self._tasks

    def has_kind(self, kind_id: str) -> bool:
        """Say whether an evidence kind with this id exists."""
        return kind_id in self._kinds


def _get(lookup: Mapping[str, T], kind: str, key: str) -> T:
    try:
        return lookup[key]
    except KeyError:
        raise UnknownId(kind, key) from None


def _id_faults(framework: Framework) -> Iterator[Fault]:
    collections: dict[str, Iterable[str]] = {
        "competencies": (c.id for c in framework.competencies),
        "targets": (t.id for t in framework.targets),
        "tasks": (t.id for t in framework.tasks),
        "kinds": (k.id for k in framework.kinds),
        "scales": (s.id for s in framework.scales),
    }
    for name, ids in collections.items():
        for each, times in Counter(ids).items():
            if times > 1:
                yield Fault(f"the id {each!r} stands {times} times", field=name)
            if not usable_id(each):
                yield Fault(f"the id {each!r} is not usable: {ID_RULE}", field=name)


ID_RULE = f"1 to {LONGEST_ID} printable characters without '~', no blank at either end"


def usable_id(text: str) -> bool:
    """Say whether a text may serve as an id (`ID_RULE`); `~` joins ids in files."""
    return (
        0 < len(text) <= LONGEST_ID
        and text == text.strip()
        and "~" not in text
        and text.isprintable()
    )


def _reference_faults(framework: Framework) -> Iterator[Fault]:
    competencies = {c.id for c in framework.competencies}
    targets = {t.id for t in framework.targets}
    kinds = {k.id for k in framework.kinds}
    for competency in framework.competencies:
        if competency.parent is not None and competency.parent not in competencies:
            yield Fault(f"{competency.id!r} has the unknown parent {competency.parent!r}")
    for target in framework.targets:
        if target.competency is not None and target.competency not in competencies:
            yield Fault(f"{target.id!r} belongs to the unknown competency {target.competency!r}")
    for task in framework.tasks:
        for _, message in task_faults(task, targets, kinds):
            yield Fault(message)


def task_faults(
    task: Task, targets: Collection[str], kinds: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield field and message of every rule that a task breaks in a framework with these ids."""
    named = f"the task {task.id!r}"
    if not task.targets:
        yield "targets", f"{named} has no learning target"
    for twice in sorted(t for t, times in Counter(task.targets).items() if times > 1):
        yield "targets", f"{named} names the learning target {twice!r} twice"
    for unknown in sorted(set(task.targets).difference(targets)):
        yield "targets", f"{named} names the unknown learning target {unknown!r}"
    if task.kind not in kinds:
        yield "kind", f"{named} has the unknown evidence kind {task.kind!r}"
    if not 0 < task.minutes <= 24 * 60:
        yield "minutes", f"{named} takes {task.minutes} minutes; 0 to 1440 make sense"


def _circle_faults(framework: Framework) -> Iterator[Fault]:
    for circle in circles_of_parents({c.id: c.parent for c in framework.competencies}):
        yield Fault(f"competencies contain one another in a circle: {cycle_path(circle)}")


def circles_of_parents(parents: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Yield each circle of a child → parent mapping once, from its smallest id."""
    seen: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        here: str | None = start
        while here is not None and here in parents and here not in seen:
            seen.add(here)
            path[here] = len(path)
            here = parents[here]
        if here in path:
            circle = list(path)[path[here] :]
            first = circle.index(min(circle))
            yield [*circle[first:], *circle[:first]]


def _range_faults(framework: Framework) -> Iterator[Fault]:
    if not framework.kinds:
        yield Fault("a framework needs at least one evidence kind", field="kinds")
    for kind in framework.kinds:
        if not 0 < kind.reliability <= 1:
            yield Fault(f"the kind {kind.id!r} has reliability {kind.reliability}, not in (0, 1]")
        if not 1 <= kind.points <= MOST_POINTS:
            rule = f"1 to {MOST_POINTS} make sense"
            yield Fault(f"the kind {kind.id!r} has {kind.points} points; {rule}")
    for scale in framework.scales:
        if len(scale.levels) < 2:
            yield Fault(f"the scale {scale.id!r} needs at least two levels")
        if len({level.strip() for level in scale.levels} - {""}) < len(scale.levels):
            yield Fault(f"the levels of the scale {scale.id!r} need names that differ")
