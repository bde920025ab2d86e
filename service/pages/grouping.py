"""The page of groups: see them, change them, solve again around the changes, accept.

One plain form without a script. What the teacher chose is in the form alone until the groups
are accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from engine.groups import PURPOSES, Clash
from graphs import Fault, InvalidInput
from service.api.asking import Ask
from service.contract import Acceptance, GroupForm, GroupOut, GroupRules, Groups, OwnOut
from service.contract.base import validated
from service.guards import PathId, refuse_other_sites, refuse_unknown_query
from service.pages.rendering import render
from service.pages.words import segment
from service.usecases import curricula, grouping, rosters

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(refuse_unknown_query), Depends(refuse_other_sites)],
)
ABSENT = "absent"
KEPT = "kept"
"""The place of a student who stays in the group they are shown in."""
NUMBERS = ("least", "most", "groups_max", "adults")
MORE_PAIRS = 1
"""Empty pairs of students offered beside those in use."""
Aim3 = tuple[str, str, str]
"""Purpose, target and word, as the form carries them."""


@dataclass(frozen=True)
class Seat:
    """A student on the page: in a group or none, as what, why, and what the teacher chose."""

    student: str
    role: str = "learner"
    reasons: Sequence[str] = ()
    place: str = ""


@dataclass(frozen=True)
class Card:
    """A group on the page; `proposed` holds its reasons, tasks and end once it was solved."""

    purpose: str
    target: str
    word: str
    seats: Sequence[Seat]
    proposed: GroupOut | None = None

    @property
    def aim(self) -> str:
        """The aim as the form carries it."""
        return "~".join((self.purpose, self.target, self.word))


@dataclass(frozen=True)
class Chosen:
    """What a form says: seats by student, aims of groups, and the rules."""

    rules: GroupRules = field(default_factory=GroupRules)
    aims: Sequence[Aim3] = ()
    now: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


@router.get("/classes/{class_id}/groups")
def groups_page(request: Request, ask: Ask, class_id: PathId) -> HTMLResponse:
    """Show the best groups for today, and those that were accepted."""
    return _solved(request, ask, class_id, Chosen())


@router.post("/classes/{class_id}/groups")
def change_groups(
    request: Request, ask: Ask, class_id: PathId, form: Annotated[GroupForm, Form()]
) -> Response:
    """Solve again around what the teacher chose, or accept the groups as they stand."""
    chosen = _chosen(form)
    if form.do == "solve":
        return _solved(request, ask, class_id, chosen)
    grouping.accept(ask.store, ask.principal, class_id, _acceptance(chosen), ask.clock())
    return RedirectResponse(f"/classes/{segment(class_id)}/groups", 303)


def _chosen(form: GroupForm) -> Chosen:
    """Read a form. Raises `InvalidInput`."""
    seats = [_three(seat, " ", "seat") for seat in form.seat]
    aims = [_three(aim, "~", "aim") for aim in form.aim]
    places = dict(zip((student for _, _, student in seats), form.place, strict=False))
    numbers = {name: getattr(form, name).strip() for name in NUMBERS}
    rules = {
        **({"purposes": [form.purpose]} if form.purpose else {}),
        **{name: text for name, text in numbers.items() if text},
        "absent": [student for student, place in places.items() if place == ABSENT],
        "apart": _pairs(form.apart_one, form.apart_other),
        "together": _pairs(form.together_one, form.together_other),
        "everyone": form.everyone == "yes",
        "locks": _locks(aims, places),
    }
    return Chosen(
        rules=validated(GroupRules, rules),
        aims=aims,
        now={student: number for number, _, student in seats},
        roles={student: role for _, role, student in seats},
        places=places,
    )


def _three(text: str, between: str, name: str) -> tuple[str, str, str]:
    parts = text.split(between, 2)
    if len(parts) != 3:
        raise InvalidInput([Fault("is not what the page sends", field=name)])
    return parts[0], parts[1], parts[2]


def _pairs(one: Sequence[str], other: Sequence[str]) -> list[list[str]]:
    return [[a, b] for a, b in zip(one, other, strict=False) if a and b]


def _locks(aims: Sequence[Aim3], places: Mapping[str, str]) -> list[dict[str, object]]:
    """Hold whom the teacher put in a group, or wants to stay there."""
    held = {str(i): [s for s, place in places.items() if place == str(i)] for i in range(len(aims))}
    return [
        {"purpose": purpose, "target": target, "word": word, "students": held[str(i)]}
        for i, (purpose, target, word) in enumerate(aims)
        if held[str(i)]
    ]


def _acceptance(chosen: Chosen) -> Acceptance:
    """Return the groups as the page shows them, with the moves that were chosen."""
    groups = []
    for i, (purpose, target, word) in enumerate(chosen.aims):
        students = [s for s in chosen.now if chosen.places.get(s) == str(i)]
        students += [
            s for s, now in chosen.now.items() if now == str(i) and not chosen.places.get(s)
        ]
        coaches = [s for s in students if chosen.roles[s] == "coach" and chosen.now[s] == str(i)]
        if students:
            groups.append({"purpose": purpose, "target": target, "word": word,
                           "students": students, "coaches": coaches})  # fmt: skip
    return validated(Acceptance, {"groups": groups})


def _solved(request: Request, ask: Ask, class_id: str, chosen: Chosen) -> HTMLResponse:
    """Solve under the rules and show the page; where they clash, show what was there before."""
    try:
        found = grouping.class_groups(ask.store, ask.principal, class_id, ask.clock(), chosen.rules)
    except Clash as clash:
        return _page(request, ask, class_id, chosen, None, clash)
    return _page(request, ask, class_id, chosen, found, None)


def _page(
    request: Request, ask: Ask, class_id: str, chosen: Chosen, found: Groups | None,
    clash: Clash | None,
) -> HTMLResponse:  # fmt: skip
    each = rosters.get_class(ask.store, ask.principal, class_id)
    cards = _kept(chosen) if found is None else [_card(group, chosen) for group in found.groups]
    seated = {seat.student for card in cards for seat in card.seats}
    own = {} if found is None else {o.student: o for o in found.own}
    return render(
        request,
        "groups.html",
        status=200 if clash is None else 422,
        title=each.title,
        class_id=class_id,
        today=ask.clock().date(),
        cards=cards,
        others=[_other(s, own, chosen) for s in each.students if s not in seated],
        own=own,
        quality=None if found is None else found.quality,
        clash=None if clash is None else _clash_words(clash, ask, each.students),
        rules=chosen.rules,
        purposes=PURPOSES,
        more_pairs=MORE_PAIRS,
        rounds=grouping.class_rounds(ask.store, ask.principal, class_id, ask.clock()),
        names=rosters.names(ask.store, ask.principal, each.students),
        framework=curricula.curriculum_in_force(ask.store, ask.principal).framework,
    )


def _card(group: GroupOut, chosen: Chosen) -> Card:
    held = {s for lock in chosen.rules.locks for s in lock.students}
    seats = [
        Seat(m.student, m.role, [r.teacher for r in m.reasons], KEPT if m.student in held else "")
        for m in group.members
    ]
    return Card(group.purpose, group.target, group.word, seats, group)


def _kept(chosen: Chosen) -> list[Card]:
    """Return the groups that a form showed, when none could be found."""
    return [
        Card(
            *aim,
            [
                Seat(s, chosen.roles[s], (), chosen.places.get(s, ""))
                for s, now in chosen.now.items()
                if now == str(i)
            ],
        )
        for i, aim in enumerate(chosen.aims)
    ]


def _other(student: str, own: Mapping[str, OwnOut], chosen: Chosen) -> Seat:
    why = [own[student].reason.teacher] if student in own else []
    return Seat(student, "learner", why, chosen.places.get(student, ""))


def _clash_words(clash: Clash, ask: Ask, students: list[str]) -> str:
    """Say a clash with names in the place of ids."""
    names = rosters.names(ask.store, ask.principal, students)
    return clash.told(names)
