"""Queries on rounds: groups that a teacher accepted together, with their members."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, insert, select

from engine.groups import Aim, PastGroup, Purpose, Round
from service.store.connection import Unit
from service.store.schema import round_groups, round_members, rounds
from service.store.times import microseconds, moment

KEPT = 40
"""Rounds read back for a class: a school year of weeks; older ones weigh nothing anyway."""


@dataclass(frozen=True, slots=True)
class AcceptedRound:
    """A round as it was accepted: when, by whom, until when, and under which documents."""

    round: Round
    class_id: str
    accepted_at: datetime
    accepted_by: str
    expires: date
    model: str
    policy: str
    curriculum: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that a student had in an accepted group."""

    class_id: str
    accepted_at: datetime
    purpose: str
    target: str
    role: str


def append(unit: Unit, accepted: AcceptedRound) -> bool:
    """Keep a round; says whether it is new. Its class and students must be on the roster."""
    mine = (rounds.c.district == unit.district) & (rounds.c.id == accepted.round.id)
    if unit.connection.execute(select(rounds.c.id).where(mine)).first() is not None:
        return False
    key = {"district": unit.district, "round": accepted.round.id}
    unit.connection.execute(
        insert(rounds).values(
            district=unit.district,
            id=accepted.round.id,
            class_id=accepted.class_id,
            accepted_at=microseconds(accepted.accepted_at),
            accepted_by=accepted.accepted_by,
            expires=accepted.expires.isoformat(),
            model=accepted.model,
            policy=accepted.policy,
            curriculum=accepted.curriculum,
        )
    )
    for number, group in enumerate(accepted.round.groups):
        aim = {"purpose": group.aim.purpose, "target": group.aim.target, "word": group.aim.word}
        row = {**key, "number": number, **aim, "lowest": group.lowest}
        unit.connection.execute(insert(round_groups).values(row))
        members = [
            {**key, "number": number, "student": s, "role": _role(group, s)} for s in group.students
        ]
        unit.connection.execute(insert(round_members), members)
    return True


def of_class(unit: Unit, class_id: str) -> list[AcceptedRound]:
    """Return the latest rounds of a class, the latest first."""
    query = (
        select(rounds)
        .where(rounds.c.district == unit.district, rounds.c.class_id == class_id)
        .order_by(rounds.c.accepted_at.desc(), rounds.c.id)
        .limit(KEPT)
    )
    found = unit.connection.execute(query).all()
    groups = _groups(unit, [row.id for row in found])
    return [_round(row, groups.get(row.id, [])) for row in found]


def seats_of(unit: Unit, student: str) -> list[Seat]:
    """Return every place that a student had in an accepted group, the latest first."""
    group = round_groups.c
    query = (
        select(rounds.c.class_id, rounds.c.accepted_at, group.purpose, group.target,
               round_members.c.role)
        .join(round_members, (round_members.c.district == rounds.c.district)
              & (round_members.c.round == rounds.c.id))
        .join(round_groups, (group.district == rounds.c.district) & (group.round == rounds.c.id)
              & (group.number == round_members.c.number))
        .where(rounds.c.district == unit.district, round_members.c.student == student)
        .order_by(rounds.c.accepted_at.desc(), rounds.c.id)
    )  # fmt: skip
    rows = unit.connection.execute(query).all()
    return [Seat(r.class_id, moment(r.accepted_at), r.purpose, r.target, r.role) for r in rows]


def _round(row: Row[Any], groups: list[PastGroup]) -> AcceptedRound:
    accepted_at = moment(row.accepted_at)
    return AcceptedRound(
        round=Round(row.id, accepted_at.date(), tuple(groups)),
        class_id=row.class_id,
        accepted_at=accepted_at,
        accepted_by=row.accepted_by,
        expires=date.fromisoformat(row.expires),
        model=row.model,
        policy=row.policy,
        curriculum=row.curriculum,
    )


def _groups(unit: Unit, ids: list[str]) -> dict[str, list[PastGroup]]:
    """Return the groups of some rounds, by round."""
    people: dict[tuple[str, int], list[str]] = {}
    coaches: dict[tuple[str, int], list[str]] = {}
    members = select(round_members).where(
        round_members.c.district == unit.district, round_members.c.round.in_(ids)
    )
    for row in unit.connection.execute(members.order_by(round_members.c.student)):
        people.setdefault((row.round, row.number), []).append(row.student)
        if row.role == "coach":
            coaches.setdefault((row.round, row.number), []).append(row.student)
    query = select(round_groups).where(
        round_groups.c.district == unit.district, round_groups.c.round.in_(ids)
    )
    found: dict[str, list[PastGroup]] = {}
    for row in unit.connection.execute(query.order_by(round_groups.c.number)):
        key = (row.round, row.number)
        if key not in people:  # everyone in it was erased
            continue
        aim = Aim(cast(Purpose, row.purpose), row.target, row.word)
        group = PastGroup(aim, tuple(people[key]), tuple(coaches.get(key, ())), row.lowest)
        found.setdefault(row.round, []).append(group)
    return found


def _role(group: PastGroup, student: str) -> str:
    return "coach" if student in group.coaches else "learner"
