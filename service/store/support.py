"""Queries on support: answers to interventions, plans, and work that waits for its mark."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, insert, select

from service.store.connection import Unit
from service.store.people import chunks
from service.store.schema import answers, plans, submissions
from service.store.times import microseconds, moment


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What someone said to an intervention; `body` is what was proposed and where it stood."""

    id: str
    class_id: str
    student: str
    said: str
    author: str
    reason: str
    recorded_at: datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """What was agreed with a student, and their own words.

    `minutes` is what the way to the goal was expected to take then; `None` without a goal.
    """

    student: str
    goal: str | None
    by: date | None
    formats: tuple[str, ...]
    reflection: str
    author: str
    recorded_at: datetime
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """Work that was handed in, and when."""

    id: str
    student: str
    targets: tuple[str, ...]
    task: str | None
    handed_in_at: datetime


@dataclass(slots=True)
class Support:
    """All that is kept of some students' support, in the order it was recorded."""

    answers: list[StoredAnswer] = field(default_factory=list)
    plans: list[StoredPlan] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)

    @property
    def plan(self) -> dict[str, StoredPlan]:
        """The plan in force of each student who has one: the last."""
        return {plan.student: plan for plan in self.plans}

    def agreed(self, student: str) -> StoredPlan | None:
        """Return the plan in which the student's present goal and its day were first agreed."""
        plan = self.plan.get(student)
        if plan is None or plan.goal is None:
            return None
        mine = [each for each in self.plans if each.student == student]
        same = takewhile(lambda p: (p.goal, p.by) == (plan.goal, plan.by), reversed(mine))
        return [each for each in same if each.minutes is not None or each is plan][-1]


def add_answer(unit: Unit, answer: StoredAnswer) -> None:
    """Append an answer; its student must be on the roster."""
    row = {
        "district": unit.district,
        "id": answer.id,
        "class_id": answer.class_id,
        "student": answer.student,
        "said": answer.said,
        "author": answer.author,
        "reason": answer.reason,
        "recorded_at": microseconds(answer.recorded_at),
        "body": json.dumps(answer.body, ensure_ascii=False),
    }
    unit.connection.execute(insert(answers).values(row))


def add_reason(unit: Unit, answer: StoredAnswer, reason: str) -> None:
    """Add the reason to an answer that was kept without one."""
    same = (
        (answers.c.district == unit.district)
        & (answers.c.class_id == answer.class_id)
        & (answers.c.id == answer.id)
        & (answers.c.reason == "")
    )
    unit.connection.execute(answers.update().where(same).values(reason=reason))


def add_plan(unit: Unit, plan: StoredPlan) -> None:
    """Append a plan; its student must be on the roster."""
    row = {
        "district": unit.district,
        "student": plan.student,
        "goal": plan.goal,
        "due": None if plan.by is None else plan.by.isoformat(),
        "formats": "~".join(plan.formats),
        "reflection": plan.reflection,
        "author": plan.author,
        "recorded_at": microseconds(plan.recorded_at),
        "minutes": plan.minutes,
    }
    unit.connection.execute(insert(plans).values(row))


def add_submission(unit: Unit, work: Submission) -> None:
    """Keep work that was handed in, under an id that is new."""
    row = {
        "district": unit.district,
        "id": work.id,
        "student": work.student,
        "targets": "~".join(work.targets),
        "task": work.task,
        "handed_in_at": microseconds(work.handed_in_at),
    }
    unit.connection.execute(insert(submissions).values(row))


def submission(unit: Unit, work_id: str) -> Submission | None:
    """Return one piece of work that was handed in; `None` when there is none with this id."""
    mine = (submissions.c.district == unit.district) & (submissions.c.id == work_id)
    row = unit.connection.execute(select(submissions).where(mine)).first()
    return None if row is None else _submission(row)


def of_students(unit: Unit, students: Collection[str]) -> Support:
    """Return what is kept of some students' support."""
    found = Support()
    for part in chunks(sorted(students)):
        query = select(answers).where(
            answers.c.district == unit.district, answers.c.student.in_(part)
        )
        rows = unit.connection.execute(query.order_by(answers.c.seq))
        found.answers += [_answer(row) for row in rows]
        agreed = select(plans).where(plans.c.district == unit.district, plans.c.student.in_(part))
        found.plans += [_plan(r) for r in unit.connection.execute(agreed.order_by(plans.c.seq))]
        handed = select(submissions).where(
            submissions.c.district == unit.district, submissions.c.student.in_(part)
        )
        rows = unit.connection.execute(handed.order_by(submissions.c.id))
        found.submissions += [_submission(row) for row in rows]
    return found


def _answer(row: Row[Any]) -> StoredAnswer:
    return StoredAnswer(
        row.id, row.class_id, row.student, row.said, row.author, row.reason,
        moment(row.recorded_at), json.loads(row.body),
    )  # fmt: skip


def _plan(row: Row[Any]) -> StoredPlan:
    by = None if row.due is None else date.fromisoformat(row.due)
    formats = tuple(filter(None, row.formats.split("~")))
    recorded_at = moment(row.recorded_at)
    return StoredPlan(
        row.student, row.goal, by, formats, row.reflection, row.author, recorded_at, row.minutes
    )


def _submission(row: Row[Any]) -> Submission:
    targets = tuple(row.targets.split("~"))
    return Submission(row.id, row.student, targets, row.task, moment(row.handed_in_at))
