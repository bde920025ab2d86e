"""Whom to see first: today's interventions, what is answered to them, and how it went since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from engine import Answered, Background, Cause, Intervention, Plan, Waiting, interventions, percent
from engine.class_facts import ClassFacts
from engine.interventions import needs
from engine.proposals import Said
from graphs import FootpathError, UnknownId
from models import Evidence, StudentLog, in_force
from service.access import visible_class
from service.contract import (
    AnsweredList,
    AnsweredOut,
    AnswerIn,
    ExpectedOut,
    InterventionOut,
    Interventions,
    OutcomeOut,
)
from service.looking import Look, look_at
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, Unit, people, support
from service.store.support import StoredAnswer, Submission, Support
from service.usecases.standing import reason_answer


class AnswerConflict(FootpathError):
    """An answer that says something else than the one already given to the same proposal."""


def class_interventions(
    store: Store, principal: Principal, class_id: str, now: datetime
) -> Interventions:
    """Return whom to see first in a class. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_class(unit, principal, class_id)
        look, found, _ = _today(unit, class_id, now)
    return Interventions(
        class_id=class_id,
        date=now.date(),
        versions=look.school.versions,
        alert_model=str(look.school.spinning.to_document()["version"]),
        interventions=[intervention_answer(look.school, each) for each in found],
    )


def answer_intervention(
    store: Store, principal: Principal, class_id: str, act: AnswerIn, now: datetime
) -> AnsweredOut:
    """Record what someone says to a proposal of today's list.

    Accepted, it is accepted for all who share the need. The same answer again changes
    nothing. Raises `UnknownId` for the class or a proposal that is not on the list,
    `AnswerConflict` for another answer than was given before.
    """
    with store.write(principal.district) as unit:
        visible_class(unit, principal, class_id)
        look, found, kept = _today(unit, class_id, now)
        before = [a for a in kept.answers if a.id == act.intervention]
        if before:
            if (before[-1].said, before[-1].reason) != (act.said, act.reason):
                raise AnswerConflict(f"{act.intervention!r} was answered {before[-1].said!r}")
            return answered(look, before[-1])
        proposal = next((each for each in found if each.id == act.intervention), None)
        if proposal is None:
            raise UnknownId("intervention", act.intervention)
        new = StoredAnswer(
            proposal.id, class_id, proposal.student, act.said, act.author or principal.id,
            act.reason, now, _body(look, proposal),
        )  # fmt: skip
        support.add_answer(unit, new)
        if act.said == "accept":
            for mate in _for_mates(look, kept, proposal):
                body = _body(look, mate)
                support.add_answer(unit, replace(new, id=mate.id, student=mate.student, body=body))
        return answered(look, new)


def class_answers(store: Store, principal: Principal, class_id: str, now: datetime) -> AnsweredList:
    """Return what was answered in a class, latest first, and how it went since."""
    with store.read(principal.district) as unit:
        visible_class(unit, principal, class_id)
        students = people.members(unit, class_id)
        look = look_at(unit, load_school(unit), students, now)
        kept = support.of_students(unit, students)
    mine = [each for each in kept.answers if each.class_id == class_id]
    return AnsweredList(class_id=class_id, answers=[answered(look, each) for each in mine[::-1]])


def background_of(
    school: School, kept: Support, logs: Mapping[str, StudentLog], now: datetime
) -> Background:
    """Return what interventions rest on besides board and evidence, as it was known by `now`."""
    agreed = {plan.student: plan for plan in kept.plans if plan.recorded_at <= now}
    return Background(
        past=tuple(_past(each) for each in kept.answers if each.recorded_at <= now),
        plans={s: Plan(plan.goal, plan.by, plan.formats) for s, plan in agreed.items()},
        waiting=tuple(
            Waiting(work.id, work.student, work.targets, work.handed_in_at)
            for work in kept.submissions
            if work.handed_in_at <= now and is_waiting(work, logs[work.student].evidence)
        ),
        spinning=school.spinning,
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


def _today(
    unit: Unit, class_id: str, now: datetime
) -> tuple[Look, tuple[Intervention, ...], Support]:
    students = people.members(unit, class_id)
    look = look_at(unit, load_school(unit), students, now)
    kept = support.of_students(unit, students)
    return look, proposals(look, kept), kept


def proposals(look: Look, kept: Support) -> tuple[Intervention, ...]:
    """Return the interventions of a look at a class."""
    facts = facts_of(look, kept)
    return interventions(look.board, facts.evidence, look.now, facts.background)


def facts_of(look: Look, kept: Support) -> ClassFacts:
    """Return what is known of a class that is looked at."""
    logs = {student: log.evidence for student, log in look.logs.items()}
    background = background_of(look.school, kept, look.logs, look.now)
    return ClassFacts(look.board, logs, look.now, background)


def intervention_answer(school: School, proposal: Intervention) -> InterventionOut:
    """Write a proposal as an answer."""
    effect = proposal.effect
    return InterventionOut(
        id=proposal.id,
        student=proposal.student,
        cause=proposal.cause,
        target=proposal.target,
        priority=proposal.priority,
        reason=reason_answer(school.curriculum.framework, proposal.reason),
        action=proposal.what,
        action_kind=proposal.action,
        task=proposal.option,
        effect=None
        if effect is None
        else ExpectedOut(
            target=effect.target,
            now=effect.now,
            then=effect.then,
            opportunities=effect.opportunities,
        ),
        tier=proposal.tier,
        together=list(proposal.together),
        exit_rule=proposal.exit_rule,
        expires=proposal.expires,
    )


def _body(look: Look, proposal: Intervention) -> dict[str, Any]:
    """Keep what was proposed, in words too: what a rule says may change, what was said may not."""
    written = intervention_answer(look.school, proposal)
    return {
        "cause": proposal.cause,
        "target": proposal.target,
        "rests_on": list(proposal.rests_on),
        "why": written.reason.teacher,
        "action": written.action,
        "exit_rule": written.exit_rule,
        "expires": written.expires.isoformat(),
        "before": _estimate(look, proposal.student, proposal.target),
        "pieces": len(in_force(look.logs[proposal.student].evidence)),
        "versions": look.school.versions.model_dump(),
    }


def _estimate(look: Look, student: str, target: str | None) -> float | None:
    column = look.board.curriculum.graph.position.get(target or "")
    return None if column is None else float(look.board.p[look.board.row(student), column])


def _for_mates(look: Look, kept: Support, proposal: Intervention) -> Iterator[Intervention]:
    """Yield the proposal as it stands for each classmate who shares the need."""
    for need in needs(facts_of(look, kept)):
        same = (need.cause, need.target) == (proposal.cause, proposal.target)
        if same and need.student in proposal.together:
            yield replace(
                proposal, student=need.student, reason=need.reason, rests_on=need.rests_on
            )


def _past(kept: StoredAnswer) -> Answered:
    return Answered(
        kept.student,
        cast(Cause, kept.body["cause"]),
        kept.body["target"],
        cast(Said, kept.said),
        kept.recorded_at,
        tuple(kept.body["rests_on"]),
    )


def answered(look: Look, kept: StoredAnswer) -> AnsweredOut:
    """Write an answer with how it went since."""
    body = kept.body
    return AnsweredOut(
        intervention=kept.id,
        student=kept.student,
        cause=body["cause"],
        target=body["target"],
        said=cast(Said, kept.said),
        reason=kept.reason,
        author=kept.author,
        recorded_at=kept.recorded_at,
        why=body["why"],
        action=body["action"],
        exit_rule=body["exit_rule"],
        expires=date.fromisoformat(body["expires"]),
        outcome=_outcome(look, kept),
    )


def _outcome(look: Look, kept: StoredAnswer) -> OutcomeOut:
    target, before = kept.body["target"], kept.body["before"]
    now = _estimate(look, kept.student, target)
    pieces = in_force(look.logs[kept.student].evidence)
    new = max(len(pieces) - int(kept.body["pieces"]), 0)
    if not new:
        words = "Nothing new has been seen since."
    elif before is None or now is None:
        words = f"{new} new pieces of evidence since." if new > 1 else "One new piece since."
    else:
        words = (
            f"Estimate {percent(before)} then, {percent(now)} now, {new} new pieces of evidence; "
            "other things may have played a part."
        )
    return OutcomeOut(before=before, now=now, new_evidence=new, words=words)
