"""The way of a student to a goal, and how it goes beside the student's own plan."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from engine.pathway_reasons import reasons
from engine.pathways import Agreed, Checkpoint, Pathway, pathway
from engine.spans import COVERAGE, Span
from graphs import Fault, Framework, InvalidInput
from graphs.goals import goal_text, is_goal
from service.access import visible_students
from service.contract import (
    AgreedOut,
    CheckpointOut,
    PathwayOut,
    RhythmOut,
    SpanOut,
)
from service.looking import Look, look_at
from service.principal import Principal
from service.school import load_school
from service.store import Store, support
from service.store.support import Support
from service.usecases.standing import reason_answer


def student_pathway(
    store: Store,
    principal: Principal,
    student: str,
    now: datetime,
    goal: str | None = None,
    by: date | None = None,
) -> PathwayOut:
    """Return the way to a goal, the agreed one by default, to be there `by` a day.

    Raises `UnknownId` for the student or the goal, `InvalidInput` when none is named or agreed.
    """
    found = way_if_any(store, principal, student, now, goal, by)
    if found is None:
        rule = "no goal was agreed with this student yet: name one, or agree on one"
        raise InvalidInput([Fault(rule, field="goal")])
    return found


def way_if_any(
    store: Store,
    principal: Principal,
    student: str,
    now: datetime,
    goal: str | None = None,
    by: date | None = None,
) -> PathwayOut | None:
    """Return the same; `None` when no goal is named and none agreed that is still to be had."""
    still_ahead(by, now)
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        look = look_at(unit, load_school(unit), [student], now)
        kept = support.of_students(unit, [student])
    if goal is None:
        return agreed_way(look, kept, student, by)
    return pathway_answer(look, student, way_of(look, kept, student, goal, by))


def still_ahead(by: date | None, now: datetime) -> None:
    """Raise `InvalidInput` for a day to be there by that has passed everywhere on earth."""
    if by is not None and by < (now - timedelta(days=1)).date():
        raise InvalidInput([Fault(f"{by} has passed; name a day to come", field="by")])


def way_of(look: Look, kept: Support, student: str, goal: str, by: date | None = None) -> Pathway:
    """Return a student's way to a goal; the plan agreed for that goal is the student's own."""
    plan, first = kept.plan.get(student), kept.agreed(student)
    agreed = None
    if first is not None and first.goal == goal:
        agreed = Agreed(first.recorded_at.date(), first.by, first.minutes)
    return pathway(
        look.board,
        look.board.row(student),
        goal,
        look.logs[student].evidence,
        look.now,
        by,
        agreed,
        plan.formats if plan else (),
    )


def agreed_way(
    look: Look, kept: Support, student: str, by: date | None = None
) -> PathwayOut | None:
    """Return the way to the agreed goal; `None` without one that the curriculum still has."""
    plan = kept.plan.get(student)
    framework = look.school.curriculum.framework
    if plan is None or plan.goal is None or not is_goal(framework, plan.goal):
        return None
    return pathway_answer(look, student, way_of(look, kept, student, plan.goal, by))


def pathway_answer(look: Look, student: str, way: Pathway) -> PathwayOut:
    """Write a pathway as an answer."""
    framework = look.school.curriculum.framework
    rhythm, agreed = way.rhythm, way.agreed
    return PathwayOut(
        student=student,
        goal=way.goal,
        text=goal_text(framework, way.goal),
        kind="target" if framework.has_target(way.goal) else "competency",
        as_of=look.now,
        versions=look.school.versions,
        reached=way.reached,
        targets=list(way.targets),
        checkpoints=[_checkpoint(framework, each) for each in way.checkpoints],
        behind=list(way.behind),
        evidence=list(way.evidence),
        coverage=COVERAGE,
        opportunities=_span(way.opportunities),
        minutes=_span(way.minutes),
        rhythm=None if rhythm is None else RhythmOut(**asdict(rhythm)),
        idle_days=way.idle,
        weeks=None if way.weeks is None else _span(way.weeks),
        by=way.by,
        in_time=way.in_time,
        at_risk=way.at_risk,
        agreed=None if agreed is None else AgreedOut(**asdict(agreed)),
        planned_minutes=way.planned_minutes,
        pace=way.pace,
        says=[reason_answer(framework, reason) for reason in reasons(way)],
    )


def _checkpoint(framework: Framework, each: Checkpoint) -> CheckpointOut:
    return CheckpointOut(
        target=each.target,
        text=framework.target(each.target).text,
        status=each.status,
        stage=each.stage,
        ready=each.ready,
        is_goal=each.is_goal,
        opportunities=_span(each.opportunities),
        minutes=_span(each.minutes),
        beyond=each.more,
    )


def _span(span: Span) -> SpanOut:
    return SpanOut(expected=span.expected, low=span.low, high=span.high)
