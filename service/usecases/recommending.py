"""What to do next: choices, and the stateless prediction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from engine import Choice, Reason, Wishes, changes, choices
from engine.decisions import Decision, heard, rests_until
from engine.offers import about_offer
from graphs import Curriculum, Edge, Framework, LearningTarget, Task
from graphs.curriculum import content_version
from graphs.goals import is_goal
from models import StudentLog
from service.access import visible_students
from service.contract import (
    ChoiceOut,
    Choices,
    CurriculumIn,
    HistoryItem,
    PredictIn,
    Prediction,
    SetAsideOut,
)
from service.looking import Look, look_at, look_at_logs, proposing
from service.principal import Principal
from service.school import School, load_rules, load_school, make_school
from service.store import Store, Student, people, support
from service.store.support import StoredPlan
from service.usecases.deciding import decided
from service.usecases.recording import all_evidence_from
from service.usecases.standing import evidence_by_target, mastery_answer, reason_answer


def student_choices(
    store: Store, principal: Principal, student: str, wishes: Wishes, now: datetime
) -> Choices:
    """Return a student's choices at `now`. Raises `UnknownId` for the student or the goal.

    What the wishes leave open is filled in as `filled_in` says.
    """
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        look = proposing(look_at(unit, load_school(unit), [student], now))
        (person,) = people.get_students(unit, [student])
        plan = support.of_students(unit, [student]).plan.get(student)
        said = decided(unit, student)
    return choices_answer(look, student, filled_in(look, person, plan, said, wishes))


def filled_in(
    look: Look,
    person: Student,
    plan: StoredPlan | None,
    said: Iterable[Decision],
    wishes: Wishes,
) -> Wishes:
    """Return wishes as every screen understands them.

    Where they name no goal or formats the agreed ones count, and where no interests those of the
    roster; only the agreed goal is the student's own. What the student said to earlier offers is
    always heard.
    """
    framework = look.school.curriculum.framework
    goal = plan.goal if plan and plan.goal and is_goal(framework, plan.goal) else None
    return replace(
        wishes,
        goal=wishes.goal or goal,
        own=wishes.goal in {None, goal},
        formats=wishes.formats or (plan.formats if plan else ()),
        interests=wishes.interests or person.interests,
        heard=heard(look.board, look.board.row(person.id), said, look.now),
    )


def predict(store: Store, principal: Principal, request: PredictIn, now: datetime) -> Prediction:
    """Answer from the history in the request alone, as of `now`; nothing is stored.

    Raises `InvalidInput` for a history or curriculum that breaks a rule, `NothingYet` when
    no curriculum is sent and none is in force.
    """
    school = _school_for(store, principal, request)
    history = [_placed(item, place) for place, item in enumerate(request.history)]
    log = all_evidence_from(school.curriculum, history, field="history")
    look = proposing(look_at_logs(school, {"student": StudentLog(tuple(log))}, now))
    wishes = Wishes(
        request.goal, request.choices, request.formats, request.interests, request.extra_time
    )
    return Prediction(
        mastery=mastery_answer(look, "student"),
        choices=choices_answer(look, "student", wishes),
    )


def _placed(item: HistoryItem, place: int) -> HistoryItem:
    """Give an item its place in the list: equal items without an id are different answers."""
    known: dict[str, object] = {"student": "student", "id": item.id or f"history-{place}"}
    if item.position is None and item.observed_at is None:
        known["position"] = place
    return item.model_copy(update=known)


def choices_answer(look: Look, student: str, wishes: Wishes) -> Choices:
    """Choose for one student of a look and write the answer."""
    school = look.school
    found = choices(look.board, student, wishes, evidence_by_target(look.logs[student].evidence))
    would = changes(look.board, student, wishes, found, partial(look.imagined, student))
    options = [_choice_answer(school, *each) for each in zip(found, would, strict=True)]
    content = {
        "student": student,
        "goal": wishes.goal,
        "versions": school.versions.model_dump(),
        "choices": [option.model_dump() for option in options],
    }
    return Choices(
        recommendation_id="r-" + content_version(content),
        student=student,
        goal=wishes.goal,
        versions=school.versions,
        choices=options,
        set_aside=[_set_aside(look, each) for each in wishes.heard.declined],
        says=[
            reason_answer(school.curriculum.framework, reason)
            for reason in about_offer(look.board, student, wishes, found)
        ],
    )


def _set_aside(look: Look, declined: Decision) -> SetAsideOut:
    """Write a decision for which an option rests."""
    option = next(o for o in look.board.layout.options if o.id == declined.option)
    return SetAsideOut(
        decision=declined.id,
        option=option.id,
        title=option.title,
        why=declined.why,
        author=declined.author,
        declined_at=declined.at,
        until=rests_until(look.board.policy, declined),
    )


def _school_for(store: Store, principal: Principal, request: PredictIn) -> School:
    with store.read(principal.district) as unit:
        if request.curriculum is None:
            return load_school(unit)
        model, policy = load_rules(unit)
    return make_school(_curriculum(request.curriculum), model, policy)


def _curriculum(sent: CurriculumIn) -> Curriculum:
    framework = Framework(
        id="inline",
        title="inline",
        targets=tuple(LearningTarget(t.id, t.text or t.id) for t in sent.targets),
        tasks=tuple(
            Task(
                t.id,
                t.title or t.id,
                tuple(t.targets),
                t.kind,
                t.format,
                tuple(t.interests),
                t.minutes,
            )
            for t in sent.tasks
        ),
    )
    return Curriculum(framework, tuple(Edge(e.prereq, e.target) for e in sent.prerequisites))


def _choice_answer(school: School, choice: Choice, would: Sequence[Reason]) -> ChoiceOut:
    option, framework = choice.option, school.curriculum.framework
    return ChoiceOut(
        option=option.id,
        task=option.task.id if option.task else None,
        title=option.title,
        targets=list(option.targets),
        minutes=choice.minutes,
        format=option.format,
        kind=option.kind,
        purpose=choice.purpose,
        p_right=choice.p_right,
        score=choice.score,
        terms=dict(choice.terms),
        opens=list(choice.opens),
        reasons=[reason_answer(framework, reason) for reason in choice.reasons],
        changes=[reason_answer(framework, reason) for reason in would],
    )
