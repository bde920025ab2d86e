"""Groups: propose them, solve them again around a teacher's wishes, accept, look back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from time import thread_time

from engine import Board
from engine.groups import (
    Aim,
    Asked,
    Effect,
    Effort,
    Grouping,
    Likings,
    Lock,
    PastGroup,
    Round,
    Rules,
    effects,
    propose_groups,
)
from engine.groups.need import strength
from graphs import Fault, InvalidInput
from graphs.curriculum import content_version
from graphs.goals import goal_targets
from service.access import visible_class
from service.contract import Acceptance, AcceptedGroup, GroupRules, Groups, RoundOut, Rounds
from service.looking import AsOf, Look, look_at
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, Student, Unit, people, rounds
from service.store.rounds import AcceptedRound
from service.usecases.group_answers import groups_answer, round_answer
from service.usecases.standing import evidence_by_target

NO_RULES = GroupRules()
NOTE = (
    "Estimates before and after, not a cause: who is grouped is chosen for a need, and a low "
    "estimate rises more easily than a high one. Compare with class mates who had the same gap."
)
MOST_PROPOSALS = 64
"""Proposals kept, so that pages and API need not solve the same again."""
_proposals: dict[str, Grouping] = {}
LOOKED_BACK = 8
"""Rounds whose effects are worked out: two months of weeks; each folds the logs of a class."""


@dataclass(frozen=True)
class _Class:
    """One class as groups see it: who is in it, where they stand, what went before."""

    look: Look
    students: tuple[Student, ...]
    rounds: tuple[AcceptedRound, ...]


def class_groups(
    store: Store, principal: Principal, class_id: str, now: datetime, asked: GroupRules = NO_RULES
) -> Groups:
    """Propose groups for a class for the day of `now`, under some rules.

    Raises `UnknownId`, `InvalidInput` for rules that make no sense, `Clash` for rules that
    cannot all be kept and `OutOfTime`.
    """
    with store.read(principal.district) as unit:
        found = _class(unit, principal, class_id, now)
    proposed = _proposed(found, asked, now.date())
    return groups_answer(found.look.school, class_id, now.date(), proposed)


def accept(
    store: Store, principal: Principal, class_id: str, acceptance: Acceptance, now: datetime
) -> RoundOut:
    """Keep groups as the teacher wants them; the same groups on the same day are kept once.

    Raises `UnknownId` for the class, `InvalidInput` naming each student or target that is not
    there, and each student who would be in two groups.
    """
    with store.write(principal.district) as unit:
        found = _class(unit, principal, class_id, now)
        _check(acceptance, found.look)
        accepted = _accepted(acceptance, found.look, class_id, principal, now)
        rounds.append(unit, accepted)
    return round_answer(found.look.school, accepted, True, None)


def acceptance_of(answer: Groups) -> Acceptance:
    """Return the acceptance of a proposal as it is."""
    return Acceptance(
        groups=[
            AcceptedGroup(
                purpose=group.purpose,
                target=group.target,
                word=group.word,
                students=group.students,
                coaches=[m.student for m in group.members if m.role == "coach"],
            )
            for group in answer.groups
        ]
    )


def class_rounds(store: Store, principal: Principal, class_id: str, now: datetime) -> Rounds:
    """Return what was accepted for a class, and what became of it. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        found = _class(unit, principal, class_id, now)
        known = [
            _effects(unit, found, each, now) if place < LOOKED_BACK else None
            for place, each in enumerate(found.rounds)
        ]
    answers = [
        round_answer(found.look.school, each, place == 0 and each.expires >= now.date(), seen)
        for place, (each, seen) in enumerate(zip(found.rounds, known, strict=True))
    ]
    return Rounds(class_id=class_id, note=NOTE, rounds=answers)


def round_in_force(
    store: Store, principal: Principal, class_id: str, now: datetime
) -> RoundOut | None:
    """Return the round that a class works in today, if there is one. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_class(unit, principal, class_id)
        school, kept = load_school(unit), rounds.of_class(unit, class_id)
    if not kept or kept[0].expires < now.date():
        return None
    return round_answer(school, kept[0], True, None)


def _class(unit: Unit, principal: Principal, class_id: str, now: datetime) -> _Class:
    visible_class(unit, principal, class_id)
    members = people.members(unit, class_id)
    look = look_at(unit, load_school(unit), members, now)
    students = tuple(people.get_students(unit, members))
    return _Class(look, students, tuple(rounds.of_class(unit, class_id)))


def _proposed(found: _Class, sent: GroupRules, today: date) -> Grouping:
    look = found.look
    _known_goals(look.school, sent)
    asked = Asked(
        today=today,
        rules=rules_of(sent),
        likings=Likings({s.id: s.interests for s in found.students}, sent.goals),
        rounds=tuple(each.round for each in found.rounds),
        evidence={s: evidence_by_target(log.evidence) for s, log in look.logs.items()},
    )
    board = look.board
    rest = repr((look.school.versions, asked)).encode()
    shown = sha256(rest + board.p.tobytes() + board.status.tobytes()).hexdigest()
    if shown in _proposals:
        return _proposals[shown]
    seconds = look.school.policy.group_seconds
    proposed = propose_groups(board, asked, Effort(seconds, thread_time))
    if proposed.quality.proven:  # what took all its time may come out better another time
        if len(_proposals) >= MOST_PROPOSALS:
            _proposals.clear()
        _proposals[shown] = proposed
    return proposed


def rules_of(sent: GroupRules) -> Rules:
    """Read rules as they are sent. Raises `InvalidInput` naming each that makes no sense."""
    return Rules(
        purposes=tuple(sent.purposes),
        targets=tuple(sent.targets),
        least=sent.least,
        most=sent.most,
        groups_min=sent.groups_min,
        groups_max=sent.groups_max,
        adults=sent.adults,
        apart=tuple(map(tuple, sent.apart)),
        together=tuple(map(tuple, sent.together)),
        locks=tuple(
            Lock(Aim(lock.purpose, lock.target, lock.word), tuple(lock.students))
            for lock in sent.locks
        ),
        absent=tuple(sent.absent),
        everyone=sent.everyone,
        low_cap=sent.low_cap,
        balance=tuple(sent.balance),
        attributes=sent.attributes,
    )


def _known_goals(school: School, sent: GroupRules) -> None:
    framework = school.curriculum.framework
    for goal in sent.goals.values():
        goal_targets(framework, goal)


def _check(acceptance: Acceptance, look: Look) -> None:
    here, placed = set(look.board.students), set[str]()
    faults = []
    for i, group in enumerate(acceptance.groups):
        if not look.school.curriculum.framework.has_target(group.target):
            rule = f"there is no learning target {group.target!r}"
            faults.append(Fault(rule, field=f"groups.{i}.target"))
        for student in group.students:
            if student not in here:
                rule = f"{student!r} is not in this class"
                faults.append(Fault(rule, field=f"groups.{i}.students"))
            if student in placed:
                rule = f"{student!r} stands in two groups, or twice in one"
                faults.append(Fault(rule, field=f"groups.{i}.students"))
            placed.add(student)
        for coach in sorted(set(group.coaches) - set(group.students)):
            rule = f"{coach!r} coaches a group without being in it"
            faults.append(Fault(rule, field=f"groups.{i}.coaches"))
    if faults:
        raise InvalidInput(faults)


def _accepted(
    acceptance: Acceptance, look: Look, class_id: str, principal: Principal, now: datetime
) -> AcceptedRound:
    day = now.date()
    content = {"class": class_id, "day": day.isoformat(), **acceptance.model_dump()}
    versions = look.school.versions
    return AcceptedRound(
        round=Round("g-" + content_version(content), day, _past_groups(acceptance, look.board)),
        class_id=class_id,
        accepted_at=now,
        accepted_by=principal.id,
        expires=day + timedelta(days=look.school.policy.group_days),
        model=versions.model,
        policy=versions.policy,
        curriculum=versions.curriculum,
    )


def _past_groups(acceptance: Acceptance, board: Board) -> tuple[PastGroup, ...]:
    """Return groups to keep; one, the one with the lowest mean estimate, is called so."""
    level = strength(board)
    means = [
        float(level[[board.row(s) for s in group.students]].mean()) for group in acceptance.groups
    ]
    return tuple(
        PastGroup(
            aim=Aim(group.purpose, group.target, group.word),
            students=tuple(sorted(group.students)),
            coaches=tuple(sorted(group.coaches)),
            lowest=len(means) > 1 and i == means.index(min(means)),
        )
        for i, group in enumerate(acceptance.groups)
    )


def _effects(
    unit: Unit, found: _Class, accepted: AcceptedRound, now: datetime
) -> tuple[Effect, ...]:
    """Compare what had been shown when a round began with what is shown now, by one model."""
    begun = AsOf(accepted.accepted_at)
    then = look_at(unit, found.look.school, found.look.board.students, now, begun)
    return effects(then.board, found.look.board, accepted.round)
