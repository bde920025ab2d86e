"""Whom to see first: today's interventions, and what is answered to them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine import Intervention, Reason
from engine.interventions import todays
from engine.ranking import Ranking, is_held_out, ranking
from graphs import FootpathError, Framework, UnknownId
from models import in_force
from service.access import visible_class
from service.contract import (
    AnsweredOut,
    AnswerIn,
    ExpectedOut,
    InterventionOut,
    Interventions,
    MateOut,
    ReasonOut,
)
from service.looking import Look
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, Unit, support
from service.store.support import StoredAnswer, Support
from service.usecases.facts import Today, facts_of, facts_of_today, today_in
from service.usecases.outcomes import answered, estimate_of
from service.usecases.standing import reason_answer

LOT = "the lot"
"""Author of an answer that nobody gave: the hold-out's."""


class AnswerConflict(FootpathError):
    """An answer that says something else than the one already given to the same proposal."""


def class_interventions(
    store: Store, principal: Principal, class_id: str, now: datetime
) -> Interventions:
    """Return whom to see first in a class. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_class(unit, principal, class_id)
        school = load_school(unit)
        today = today_in(unit, school, class_id, now)
    if school.policy.hold_out > 0:
        _keep_held_out(store, principal, class_id, today)
    return Interventions(
        class_id=class_id,
        date=now.date(),
        versions=school.versions,
        alert_model=str(school.spinning.to_document()["version"]),
        interventions=[intervention_answer(school, each) for each in _shown(today.ranked)],
    )


def answer_intervention(
    store: Store, principal: Principal, class_id: str, act: AnswerIn, now: datetime
) -> AnsweredOut:
    """Record what someone says to a proposal of today's list.

    Accepted, it is accepted for all who share the need and for whom the same is to be done. The
    same answer again changes nothing, but that its author can add a reason to one without. Raises
    `UnknownId` for the class or a proposal that is not on the list, `AnswerConflict` for another
    answer than was given before.
    """
    with store.write(principal.district) as unit:
        visible_class(unit, principal, class_id)
        today = today_in(unit, load_school(unit), class_id, now)
        look, kept = today.look, today.kept
        before = [a for a in kept.answers if a.id == act.intervention]
        if before:
            same = _said_again(unit, kept, before[-1], act, act.author or principal.id)
            return answered(look, facts_of(look, kept), same)
        proposal = _named(act.intervention, today, class_id)
        if proposal is None:
            raise UnknownId("intervention", act.intervention)
        new = StoredAnswer(
            proposal.id, class_id, proposal.student, act.said, act.author or principal.id,
            act.reason, now, _body(look, proposal),
        )  # fmt: skip
        support.add_answer(unit, new)
        if act.said == "accept":
            for mate in _for_mates(today.ranked, proposal):
                body = _body(look, mate)
                support.add_answer(unit, replace(new, id=mate.id, student=mate.student, body=body))
        return answered(look, facts_of(look, kept), new)


def _said_again(
    unit: Unit, kept: Support, before: StoredAnswer, act: AnswerIn, author: str
) -> StoredAnswer:
    """Return an answer that is given again, completed by its reason if its author adds one.

    What was accepted for all at once gets its reason for all.
    """
    added = not before.reason and act.reason and author == before.author
    if act.said != before.said or (act.reason not in {"", before.reason} and not added):
        raise AnswerConflict(f"{act.intervention!r} was answered {before.said!r}")
    if not added:
        return before
    for each in kept.answers:
        if _at_once(each) == _at_once(before):
            support.add_reason(unit, each, act.reason)
    return replace(before, reason=act.reason)


def _at_once(answer: StoredAnswer) -> tuple[object, ...]:
    """Return what the answers have in common that were given at once, for all who share a need."""
    body = answer.body
    return (
        answer.class_id, answer.recorded_at, answer.author, answer.said, body["cause"],
        body["target"],
    )  # fmt: skip


def _keep_held_out(store: Store, principal: Principal, class_id: str, today: Today) -> None:
    """Write down what the lot holds out today, once: without it no effect could be measured."""
    ranked, look = today.ranked, today.look
    known = {a.key for a in ranked.facts.background.past if a.at.date() == look.now.date()}
    held_out = [each for each in todays(ranked) if is_held_out(ranked.facts, each.key)]
    new = [each for each in held_out if each.key not in known]
    if new:
        with store.write(principal.district) as unit:
            for each in new:
                body = _body(look, each)
                support.add_answer(
                    unit,
                    StoredAnswer(
                        each.id, class_id, each.student, "held_out", LOT, "", look.now, body
                    ),
                )


def _shown(ranked: Ranking) -> tuple[Intervention, ...]:
    return tuple(each for each in todays(ranked) if not is_held_out(ranked.facts, each.key))


def _named(name: str, today: Today, class_id: str) -> Intervention | None:
    """Return a proposal of today's list, as it is now or as the day began.

    An answer can move the list, and whoever reads the page of an hour ago still answers it.
    """
    look, kept = today.look, today.kept
    earlier = [a for a in kept.answers if a.recorded_at.date() < look.now.date()]
    morning = facts_of_today(look, replace(kept, answers=earlier), class_id)
    shown = (*_shown(today.ranked), *_shown(ranking(morning)))
    return next((each for each in shown if each.id == name), None)


def proposals(look: Look, kept: Support) -> tuple[Intervention, ...]:
    """Return the interventions of a look at a class, with nothing held out or kept."""
    return todays(ranking(facts_of(look, kept)))


def intervention_answer(school: School, proposal: Intervention) -> InterventionOut:
    """Write a proposal as an answer."""
    effect, framework = proposal.effect, school.curriculum.framework
    return InterventionOut(
        id=proposal.id,
        student=proposal.student,
        cause=proposal.cause,
        target=proposal.target,
        priority=proposal.priority,
        reason=reason_answer(framework, proposal.reason),
        chain=_chain_answer(framework, proposal.chain),
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
        besides=list(proposal.besides),
        unseen=list(proposal.unseen),
        mates=[
            MateOut(
                student=mate.student,
                reason=reason_answer(framework, mate.reason),
                chain=_chain_answer(framework, mate.chain),
            )
            for mate in proposal.mates
        ],
        exit_rule=proposal.exit_rule,
        expires=proposal.expires,
        tried=proposal.tried,
    )


def _chain_answer(framework: Framework, chain: Reason | None) -> ReasonOut | None:
    return None if chain is None else reason_answer(framework, chain)


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
        "before": estimate_of(look, proposal.student, proposal.target),
        "pieces": len(in_force(look.logs[proposal.student].evidence)),
        "versions": look.school.versions.model_dump(),
    }


def _for_mates(ranked: Ranking, proposal: Intervention) -> Iterator[Intervention]:
    """Yield the proposal as it stands for each classmate who shares it, not only the need.

    As of now, though the page may be of the morning: nobody whose own need was answered since.
    """
    for need in ranked.awake:
        same = (need.cause, need.target) == (proposal.cause, proposal.target)
        spoken_for = need.student in proposal.together and need.student not in proposal.besides
        if same and spoken_for:
            yield replace(
                proposal, student=need.student, reason=need.reason, rests_on=need.rests_on
            )
