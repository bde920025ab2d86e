"""What is known of a class that is looked at: board and evidence, answers, plans, waiting work.

And what its students need today, ranked: whoever says what a student needs asks `today_in`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from engine import Answered, Background, Cause, Plan, Waiting
from engine.class_facts import ClassFacts
from engine.interventions import todays
from engine.proposals import Key, Said
from engine.ranking import Ranking, ranking
from graphs import UnknownId
from models import Estimate, Evidence, Standing, StudentLog, standing
from service.looking import Look, look_at, look_from
from service.school import School
from service.store import Unit, people, support
from service.store.support import StoredAnswer, Submission, Support

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Today:
    """A class today: the look at it, what people said, and what its students need, ranked."""

    look: Look
    kept: Support
    ranked: Ranking


def today_in(unit: Unit, school: School, class_id: str, now: datetime) -> Today:
    """Look at a class today: its list, its agenda and its students' sheets all come from here."""
    return _today(unit, school, class_id, people.members(unit, class_id), now)


def today_of(
    unit: Unit, school: School, student: str, now: datetime, class_id: str | None = None
) -> Today:
    """Look at a student among the classmates where the first need is most urgent, or in a class.

    A need weighs more where more share it, so the lists of two classes may begin with different
    needs. Raises `UnknownId` for a class that the student is not in.
    """
    classes = people.classes_of(unit, student)
    if class_id is not None and class_id not in classes:
        raise UnknownId("class of the student", class_id)
    if not classes:
        return _today(unit, school, "", [student], now)
    found = [today_in(unit, school, c, now) for c in ([class_id] if class_id else classes)]
    return max(found, key=lambda today: today.ranked.told[student][0][0])


def today_alone(unit: Unit, school: School, student: str, now: datetime) -> Today:
    """Look at one student: told are the same needs as among classmates.

    Only what is shared moves up in a class. Of several classes the first draws what is held out.
    """
    classes = people.classes_of(unit, student)
    return _today(unit, school, classes[0] if classes else "", [student], now)


def _today(
    unit: Unit, school: School, class_id: str, students: Sequence[str], now: datetime
) -> Today:
    look = look_at(unit, school, students, now)
    kept = support.of_students(unit, students)
    return Today(look, kept, ranking(facts_of_today(look, kept, class_id)))


def facts_of(look: Look, kept: Support, class_id: str = "") -> ClassFacts:
    """Return what is known of a class that is looked at, as its evidence and answers tell it."""
    logs = {student: log.evidence for student, log in look.logs.items()}
    known = background_of(look.school, kept, look.logs, look.now)

    def estimate(student: str, target: str) -> Estimate:
        return look.school.model.estimate(look.standings[student].state, target, look.now)

    background = replace(known, estimate=estimate, draw=class_id)
    return ClassFacts(look.board, logs, look.now, background)


def facts_of_today(look: Look, kept: Support, class_id: str) -> ClassFacts:
    """Return the same with what was on the list a day ago, so that today's can keep it.

    That list is not stored: it is read off the log as it was known then.
    """
    facts = facts_of(look, kept, class_id)
    return replace(facts, background=replace(facts.background, before=_before(look, kept)))


def _before(look: Look, kept: Support) -> frozenset[Key]:
    then = look.now - DAY
    logs = {student: log.as_of(then, "recorded") for student, log in look.logs.items()}
    earlier = look_from(look.school, logs, _standings(look, logs), then)
    return frozenset(each.key for each in todays(ranking(facts_of(earlier, kept))))


def _standings(look: Look, logs: Mapping[str, StudentLog]) -> dict[str, Standing]:
    """Return earlier standings; who has no new evidence stands where they stood."""
    return {
        student: look.standings[student]
        if log.evidence == look.logs[student].evidence
        else standing(look.school.model, log.evidence)
        for student, log in logs.items()
    }


def background_of(
    school: School,
    kept: Support,
    logs: Mapping[str, StudentLog],
    now: datetime,
) -> Background:
    """Return what interventions rest on besides board and evidence, as it was known by `now`."""
    agreed = {plan.student: plan for plan in kept.plans if plan.recorded_at <= now}
    return Background(
        past=tuple(past(each) for each in kept.answers if each.recorded_at <= now),
        plans={
            s: Plan(plan.goal, plan.by, plan.formats, plan.recorded_at.date())
            for s, plan in agreed.items()
        },
        waiting=tuple(
            Waiting(work.id, work.student, work.targets, work.handed_in_at)
            for work in kept.submissions
            if work.handed_in_at <= now and is_waiting(work, logs[work.student].evidence)
        ),
        spinning=school.spinning,
        known={s: min(log.recorded_at).date() for s, log in logs.items() if log.recorded_at},
    )


def is_waiting(work: Submission, evidence: Sequence[Evidence]) -> bool:
    """Say whether no evidence of some work is recorded: none under its id, work or task since."""
    return not any(
        work.id in {piece.id, piece.work}
        or (
            work.task is not None
            and piece.task == work.task
            and piece.observed_at is not None
            and piece.observed_at >= work.handed_in_at
        )
        for piece in evidence
    )


def past(kept: StoredAnswer) -> Answered:
    """Read a stored answer as the engine knows it."""
    return Answered(
        kept.student,
        cast(Cause, kept.body["cause"]),
        kept.body["target"],
        cast(Said, kept.said),
        kept.recorded_at,
        tuple(kept.body["rests_on"]),
    )
