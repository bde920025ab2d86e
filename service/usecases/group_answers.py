"""Groups and rounds written as answers."""

import math
from collections.abc import Sequence
from datetime import date

from engine.groups import Effect, Group, Grouping, Own, PastGroup, Quality
from service.contract import (
    AcceptedGroupOut,
    EffectOut,
    GroupOut,
    Groups,
    MemberOut,
    OwnOut,
    QualityOut,
    RoundOut,
    Versions,
)
from service.school import School
from service.store.rounds import AcceptedRound
from service.usecases.standing import reason_answer


def groups_answer(school: School, class_id: str, today: date, found: Grouping) -> Groups:
    """Write a proposal."""
    return Groups(
        class_id=class_id,
        date=today,
        versions=school.versions,
        groups=[_group(school, group) for group in found.groups],
        own=[_own(school, each) for each in found.own],
        alone={each.student: each.why for each in found.own},
        absent=list(found.absent),
        quality=_quality(found.quality),
    )


def round_answer(
    school: School, accepted: AcceptedRound, in_force: bool, seen: Sequence[Effect] | None
) -> RoundOut:
    """Write a round, with the effects that are known of its groups."""
    by_group = {effect.group: effect for effect in seen or ()}
    return RoundOut(
        id=accepted.round.id,
        class_id=accepted.class_id,
        accepted_at=accepted.accepted_at,
        accepted_by=accepted.accepted_by,
        expires=accepted.expires,
        in_force=in_force,
        versions=Versions(
            model=accepted.model, policy=accepted.policy, curriculum=accepted.curriculum
        ),
        groups=[_accepted(school, g, by_group.get(g)) for g in accepted.round.groups],
    )


def _group(school: School, group: Group) -> GroupOut:
    framework = school.curriculum.framework
    return GroupOut(
        purpose=group.aim.purpose,
        target=group.aim.target,
        text=framework.target(group.aim.target).text,
        word=group.aim.word,
        back=group.back,
        students=list(group.students),
        members=[
            MemberOut(
                student=member.student,
                role=member.role,
                reasons=[reason_answer(framework, reason) for reason in member.reasons],
            )
            for member in group.members
        ],
        need=group.need,
        tasks=[option.id for option in group.tasks],
        minutes=group.minutes,
        expires=group.expires,
        reason=reason_answer(framework, group.reason),
        exit_check=reason_answer(framework, group.exit_check),
        new_pairs=group.new_pairs,
    )


def _own(school: School, own: Own) -> OwnOut:
    return OwnOut(
        student=own.student,
        why=own.why,
        target=own.target,
        tasks=[option.id for option in own.tasks],
        reason=reason_answer(school.curriculum.framework, own.reason),
    )


def _quality(quality: Quality) -> QualityOut:
    return QualityOut(
        objective=quality.objective,
        bound=_finite(quality.bound),
        gap=_finite(quality.gap),
        proven=quality.proven,
        seconds=quality.seconds,
        terms=dict(quality.terms),
    )


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _accepted(school: School, group: PastGroup, effect: Effect | None) -> AcceptedGroupOut:
    framework, target = school.curriculum.framework, group.aim.target
    known = framework.has_target(target)
    return AcceptedGroupOut(
        purpose=group.aim.purpose,
        target=target,
        text=framework.target(target).text if known else target,
        word=group.aim.word,
        students=list(group.students),
        coaches=list(group.coaches),
        lowest=group.lowest,
        effect=None if effect is None else _effect(effect),
    )


def _effect(effect: Effect) -> EffectOut:
    numbers = {name: getattr(effect, name) for name in EffectOut.model_fields}
    return EffectOut(**numbers)
