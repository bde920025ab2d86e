"""Talks with students: what was agreed, the conference sheet, and the agenda of a week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine import STATUSES, Board, Intervention, Wishes, choices
from engine.board import DEVELOPING, MASTERED, NEAR
from engine.habits import last_look
from engine.interventions import proposal, talks
from engine.proposals import Need
from engine.unoffered import why_not_offered
from graphs import FootpathError
from graphs.goals import goal_text
from models import in_force
from service.access import visible_class, visible_students
from service.contract import (
    Agenda,
    AgendaDay,
    AgendaEntry,
    CelebrationOut,
    Conference,
    GrowthOut,
    PlanIn,
    PlanOut,
    ReasonOut,
    SubmissionIn,
    SubmissionOut,
)
from service.looking import Look, look_at, look_at_logs, proposing
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, evidence, people, support
from service.store.support import StoredPlan, Submission, Support
from service.usecases.deciding import decided
from service.usecases.facts import Today, is_waiting, today_in, today_of
from service.usecases.outcomes import answered
from service.usecases.pathways import agreed_way, still_ahead, way_of
from service.usecases.recommending import choices_answer, filled_in
from service.usecases.standing import reason_answer
from service.usecases.supporting import intervention_answer

USUAL_SINCE = timedelta(weeks=4)
"""What “since last time” means when there was none: about a month."""
MOVED = 0.05
"""Change of an estimate worth a line: five in a hundred."""
GREW, NOT_LOW = 0.10, 0.50
"""Growth of an estimate worth a word of praise, and where it must stand at least by then."""
PRAISE = {MASTERED: "Shown well.", NEAR: "Nearly there.", DEVELOPING: "It is growing."}
MOST_MOVED, MOST_CELEBRATED = 6, 3
"""Lines a sheet has room for."""
QUESTIONS = {
    "missing_prerequisite": "What in “{target}” feels shaky to you, and what would help you most?",
    "wheel_spinning": "Show me where you get stuck on “{target}”. What have you tried?",
    "fading": "How would you explain “{target}” to someone who was away?",
    "inactive": "What has been in the way, and what is one thing we could change?",
    "rushing": "What happens in your head before you send an answer?",
    "contradictory": "You showed “{target}” in one way and not in another. What was different?",
    "awaiting_marking": "What would you most like to hear about your work on “{target}”?",
    "goal_at_risk": "Is “{target}” still the goal you want? What would make it reachable?",
    "ready_to_go_ahead": "What would you like to do now that you have shown this?",
    "stuck_by_design": "How would you like to show what you know about “{target}”?",
    "look_in": "What are you most proud of lately, and what do you want to get better at?",
}
SCHOOL_DAYS = 5
MOST_A_DAY = 6
"""Talks of a day: a class of thirty in a week."""


class SubmissionConflict(FootpathError):
    """An id of a submission that already stands for other work."""


def put_plan(
    store: Store, principal: Principal, student: str, plan: PlanIn, now: datetime
) -> PlanOut:
    """Keep what was agreed with a student.

    Raises `UnknownId` for the student or the goal, `InvalidInput` for a new day that has passed.
    """
    with store.write(principal.district) as unit:
        visible_students(unit, principal, [student])
        before = support.of_students(unit, [student]).plan.get(student)
        if before is None or plan.by != before.by:
            still_ahead(plan.by, now)
        new = StoredPlan(
            student, plan.goal, plan.by, tuple(plan.formats), plan.reflection,
            plan.author or principal.id, now,
        )  # fmt: skip
        if plan.goal is not None:
            look, kept = look_at(unit, load_school(unit), [student], now), Support(plans=[new])
            expected = way_of(look, kept, student, plan.goal).minutes.expected
            new = replace(new, minutes=expected)
        support.add_plan(unit, new)
    return plan_answer(new)


def hand_in(store: Store, principal: Principal, sent: SubmissionIn, now: datetime) -> SubmissionOut:
    """Keep work that was handed in; the same again changes nothing.

    Raises `UnknownId` for the student or a target, `SubmissionConflict`.
    """
    with store.write(principal.district) as unit:
        visible_students(unit, principal, [sent.student])
        framework = load_school(unit).curriculum.framework
        for target in sent.targets:
            framework.target(target)
        new = Submission(sent.id, sent.student, tuple(sent.targets), sent.task, sent.handed_in_at)
        known = support.submission(unit, sent.id)
        if known is not None and known != new:
            raise SubmissionConflict(f"the id {sent.id!r} already stands for other work")
        if known is None:
            support.add_submission(unit, new)
        log = evidence.logs_of(unit, [sent.student])[sent.student]
    waiting = is_waiting(new, log.evidence)
    return submission_answer(new, waiting=waiting)


def conference(
    store: Store, principal: Principal, student: str, now: datetime, class_id: str | None = None
) -> Conference:
    """Return the sheet of a talk with a student, as one of a class if one is named.

    Raises `UnknownId`.
    """
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        school = load_school(unit)
        today = today_of(unit, school, student, now, class_id)
        own = proposing(look_at(unit, school, [student], now))
        (person,) = people.get_students(unit, [student])
        said = decided(unit, student)
    look, ranked = today.look, today.ranked
    mine = _of(today.kept, student)
    since = _last_time(mine, now)
    then = _board_of(look, student, since)
    plan = mine.plan.get(student)
    first, *others = (proposal(ranked, each) for each in ranked.told[student])
    accepted = [each for each in mine.answers[::-1] if each.said == "accept"]
    wishes = filled_in(own, person, plan, said, Wishes(number=3))
    question = _question(school, first, plan)
    return Conference(
        student=student,
        name=person.label,
        as_of=now,
        since=since,
        versions=school.versions,
        new_evidence=_new_evidence(look, student, since),
        undated_evidence=_undated_evidence(look, student, since),
        growth=_growth(look, student, then),
        plan=plan_answer(plan) if plan else None,
        pathway=agreed_way(look, mine, student),
        celebrate=_celebrations(look, student, since, then),
        choices=choices_answer(own, student, wishes).choices,
        not_offered=_not_offered(own, student, wishes, first.target),
        question=question,
        asked_because=first.cause,
        intervention=intervention_answer(school, first),
        others=[intervention_answer(school, each) for each in others],
        agreed=[answered(look, ranked.facts, each) for each in accepted[:3]],
    )


def _not_offered(own: Look, student: str, wishes: Wishes, target: str | None) -> ReasonOut | None:
    """Say why no choice is on a target, where none is."""
    if target is None:
        return None
    found = choices(own.board, student, wishes, {})
    why = why_not_offered(own.board, student, wishes, found, target)
    return None if why is None else reason_answer(own.school.curriculum.framework, why)


def agenda(store: Store, principal: Principal, class_id: str, now: datetime) -> Agenda:
    """Return the talks of the next five days of school: everyone once, today's list first."""
    with store.read(principal.district) as unit:
        visible_class(unit, principal, class_id)
        today = today_in(unit, load_school(unit), class_id, now)
    entries = [_entry(today, need) for need in talks(today.ranked)]
    days = _school_days(now.date(), SCHOOL_DAYS)
    each = min(MOST_A_DAY, max(-(-len(entries) // SCHOOL_DAYS), 1))
    return Agenda(
        class_id=class_id,
        days=[
            AgendaDay(day=day, entries=entries[i * each : (i + 1) * each])
            for i, day in enumerate(days)
        ],
    )


def plan_answer(plan: StoredPlan) -> PlanOut:
    """Write a plan as an answer."""
    return PlanOut(
        student=plan.student,
        goal=plan.goal,
        by=plan.by,
        formats=list(plan.formats),
        reflection=plan.reflection,
        author=plan.author,
        recorded_at=plan.recorded_at,
        minutes=plan.minutes,
    )


def submission_answer(work: Submission, *, waiting: bool) -> SubmissionOut:
    """Write a submission as an answer."""
    return SubmissionOut(
        id=work.id,
        student=work.student,
        targets=list(work.targets),
        task=work.task,
        handed_in_at=work.handed_in_at,
        waiting=waiting,
    )


def _entry(today: Today, first: Need) -> AgendaEntry:
    framework, facts = today.look.school.curriculum.framework, today.ranked.facts
    now, student = today.look.now.date(), first.student
    unseen = (now - (last_look(facts, student) or now)).days
    return AgendaEntry(
        student=student,
        about=framework.target(first.target).text if first.target else "",
        cause=first.cause,
        target=first.target,
        days_since=unseen if facts.mine[student] else None,
    )


def _of(kept: Support, student: str) -> Support:
    return Support(
        [a for a in kept.answers if a.student == student],
        [p for p in kept.plans if p.student == student],
        [w for w in kept.submissions if w.student == student],
    )


def _last_time(mine: Support, now: datetime) -> datetime:
    """Return the last time before today: what is written today is not *last time*."""
    spoken = (a for a in mine.answers if a.said != "held_out")
    moments = [*(a.recorded_at for a in spoken), *(p.recorded_at for p in mine.plans)]
    earlier = [moment for moment in moments if now - moment >= timedelta(days=1)]
    return max(earlier, default=now - USUAL_SINCE)


def _new_evidence(look: Look, student: str, since: datetime) -> int:
    pieces = in_force(look.logs[student].evidence)
    return sum(piece.observed_at is not None and piece.observed_at > since for piece in pieces)


def _undated_evidence(look: Look, student: str, since: datetime) -> int:
    """Count what was recorded since then without a date: it may be older."""
    log = look.logs[student]
    at = dict(zip((piece.id for piece in log.recorded), log.recorded_at, strict=True))
    pieces = in_force(log.evidence)
    return sum(piece.observed_at is None and at[piece.id] > since for piece in pieces)


def _question(school: School, first: Intervention, plan: StoredPlan | None) -> str:
    about = plan.goal if plan and first.cause == "goal_at_risk" else first.target
    framework = school.curriculum.framework
    text = goal_text(framework, about, student=True).rstrip(".") if about else ""
    return QUESTIONS[first.cause].format(target=text)


def _board_of(look: Look, student: str, then: datetime) -> Board:
    """Return the board of one student then, as what had been shown by then is known today."""
    return look_at_logs(look.school, {student: look.logs[student].as_of(then)}, then).board


def _growth(look: Look, student: str, then: Board) -> list[GrowthOut]:
    """Return what moved since last time."""
    board, row = look.board, look.board.row(student)
    change = board.p[row] - then.p[0]
    seen = board.count[row] > 0
    moved = [c for c in range(len(change)) if seen[c] and abs(change[c]) >= MOVED]
    columns = sorted(moved, key=lambda c: (-abs(change[c]), c))
    return [
        GrowthOut(
            target=board.targets[c],
            text=board.curriculum.framework.target(board.targets[c]).text,
            before=float(then.p[0, c]),
            now=float(board.p[row, c]),
            status=STATUSES[board.status[row, c]],
        )
        for c in columns[:MOST_MOVED]
    ]


def _celebrations(look: Look, student: str, since: datetime, then: Board) -> list[CelebrationOut]:
    """Return the best new evidence on what truly rose: right after a failure first, then latest."""
    framework, rose = look.school.curriculum.framework, _rose(look, student, then)
    failed: set[str] = set()
    found: list[tuple[int, CelebrationOut]] = []
    for piece in in_force(look.logs[student].evidence):
        target = piece.targets[0]
        score = piece.score or 0.0
        fresh = piece.observed_at is not None and piece.observed_at > since
        if fresh and score >= 0.75 and target in rose:
            again = target in failed
            words = "You did not give up: this time it was right." if again else rose[target]
            text = framework.target(target).for_student.rstrip(".")
            entry = CelebrationOut(evidence=piece.id, target=target, text=text, words=words)
            found.append((int(again), entry))
        failed = failed - {target} if score >= 0.75 else failed | {target}
    ranked = sorted(enumerate(found), key=lambda each: (-each[1][0], -each[0]))
    by_target: dict[str, CelebrationOut] = {}
    for _, (_, entry) in ranked:
        by_target.setdefault(entry.target, entry)
    return list(by_target.values())[:MOST_CELEBRATED]


def _rose(look: Look, student: str, then: Board) -> dict[str, str]:
    """Return what is newly near or mastered, or has grown clearly and is not low, with praise."""
    board, row = look.board, look.board.row(student)
    steps = {NEAR: 1, MASTERED: 2}
    found: dict[str, str] = {}
    for column, target in enumerate(board.targets):
        status, before = int(board.status[row, column]), int(then.status[0, column])
        now = float(board.p[row, column])
        higher = steps.get(status, 0) > steps.get(before, 0)
        grew = now - float(then.p[0, column]) >= GREW and now >= NOT_LOW
        if status in PRAISE and (higher or grew):
            found[target] = PRAISE[status]
    return found


def _school_days(first: date, number: int) -> Sequence[date]:
    days = (first + timedelta(days=i) for i in range(2 * number + 2))
    return [day for day in days if day.weekday() < 5][:number]
