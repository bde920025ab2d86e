"""What is known of a class before any cause is looked for: worked out once, for all causes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median

from engine.board import Board
from engine.proposals import Answered, Background, Cause
from models import Evidence, in_force, is_settled
from models.evidence import performances
from models.wheel_spinning import RIGHT, Attempt, Usual, WheelSpinning, attempts_of, usual_of

CURRENT_DAYS, CURRENT_SHARE = 14, 0.25
"""A class works on what so large a share of it has evidence on, from the latest so many days."""
RAPID = 0.1
"""Share of the usual time below which a wrong answer is a guess (Wise's normative threshold)."""
FEWEST_TIMED = 5
"""Timed pieces of a task below which its usual duration is the one the task states."""


@dataclass(frozen=True)
class ClassFacts:
    """A class at one moment: the board, each student's evidence, and what else is known."""

    board: Board
    evidence: Mapping[str, Sequence[Evidence]]
    now: datetime
    background: Background

    @cached_property
    def mine(self) -> dict[str, tuple[Evidence, ...]]:
        """Each student's evidence in force up to now, in reading order."""
        return {
            student: tuple(e for e in in_force(self.evidence.get(student, ())) if self._past(e))
            for student in self.board.students
        }

    @cached_property
    def ratings(self) -> dict[str, tuple[tuple[Evidence, ...], ...]]:
        """Each student's performances up to now, each with all its ratings."""
        return {
            student: tuple(
                each
                for each in performances(self.evidence.get(student, ()))
                if all(map(self._past, each))
            )
            for student in self.board.students
        }

    @cached_property
    def on_target(self) -> dict[str, dict[str, list[Evidence]]]:
        """Each student's evidence by target, in reading order."""
        found: dict[str, dict[str, list[Evidence]]] = {}
        for student, pieces in self.mine.items():
            own = found.setdefault(student, {})
            for piece in pieces:
                for target in piece.targets:
                    own.setdefault(target, []).append(piece)
        return found

    @cached_property
    def attempts(self) -> dict[str, list[Attempt]]:
        """Each student's answers, right or not."""
        return {student: attempts_of(pieces) for student, pieces in self.mine.items()}

    @cached_property
    def spinning(self) -> WheelSpinning:
        """The model of wheel-spinning; what is usual comes from the class if it has none."""
        model = self.background.spinning
        if model.usual != Usual():
            return model
        ours = usual_of([self.attempts[s] for s in sorted(self.attempts)])
        return WheelSpinning(model.intercept, model.weights, ours, model.fit)

    @cached_property
    def risks(self) -> dict[str, dict[str, float]]:
        """The risk of wheel-spinning of each student, on every target that is still open."""
        return {student: self.spinning.risks(all_) for student, all_ in self.attempts.items()}

    @cached_property
    def answered(self) -> tuple[Answered, ...]:
        """What was said to earlier proposals.

        What the lot holds out today is not yet: it is drawn again alike, so the list stays as it is
        however often it is looked at.
        """
        today = self.now.date()
        past = self.background.past
        return tuple(a for a in past if a.said != "held_out" or a.at.date() != today)

    @cached_property
    def current(self) -> tuple[str, ...]:
        """The targets that the class works on now, in curriculum order."""
        fewest = max(CURRENT_SHARE * len(self.mine), 1.0)
        since = self.now - timedelta(days=CURRENT_DAYS)
        students = Counter(
            target
            for own in self.on_target.values()
            for target, pieces in own.items()
            if any(e.observed_at is not None and e.observed_at >= since for e in pieces)
        )
        return tuple(t for t in self.board.targets if students[t] >= fewest)

    @cached_property
    def active_days(self) -> dict[str, list[date]]:
        """The days on which each student was seen, in order."""
        return {
            student: sorted({e.observed_at.date() for e in pieces if e.observed_at is not None})
            for student, pieces in self.mine.items()
        }

    @cached_property
    def class_days(self) -> list[date]:
        """The days on which anyone of the class was seen, in order: days of school."""
        return sorted({day for days in self.active_days.values() for day in days})

    @cached_property
    def usual_seconds(self) -> dict[str, float]:
        """The usual duration of each task: the class's median, or what the task states."""
        found = {
            option.task.id: option.minutes * 60
            for option in self.board.layout.options
            if option.task
        }
        timed: dict[str, list[float]] = {}
        for pieces in self.mine.values():
            for piece in pieces:
                if piece.task is not None and piece.duration is not None:
                    timed.setdefault(piece.task, []).append(piece.duration)
        found.update({t: median(all_) for t, all_ in timed.items() if len(all_) >= FEWEST_TIMED})
        return found

    def is_rapid(self, piece: Evidence) -> bool:
        """Whether a piece is a guess: wrong, in under a tenth of the usual time."""
        usual = self.usual_seconds.get(piece.task or "")
        if usual is None or piece.duration is None or piece.score is None:
            return False
        return piece.score <= RIGHT and piece.duration < RAPID * usual

    def was_listed(self, student: str, cause: Cause, target: str | None) -> bool:
        """Whether the same proposal was on the list of the day before."""
        return (student, cause, target) in self.background.before

    def listed_targets(self, student: str, cause: Cause) -> frozenset[str | None]:
        """Return the targets of a cause that the list of the day before named for a student."""
        return frozenset(
            t for who, why, t in self.background.before if (who, why) == (student, cause)
        )

    def is_settled(self, student: str, target: str) -> bool:
        """Whether practice would hardly move an estimate any more, by the policy in force."""
        estimate, rule = self.background.estimate, self.board.policy
        if estimate is None:
            return False
        return is_settled(estimate(student, target), rule.settled_within, rule.settled_surely)

    def _past(self, piece: Evidence) -> bool:
        return piece.observed_at is None or piece.observed_at <= self.now
