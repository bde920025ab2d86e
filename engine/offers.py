"""What an offer says as a whole: why it holds little or nothing, and what comes next.

A student with fewer than two choices, with all of them on one target, or with none but what should
rest, is told why, and so is who declined something and finds nothing that answers; an adult is told
what would change it. Nothing is said of an offer that speaks for itself.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from engine.board import MASTERED, Board
from engine.choices import Choice
from engine.decisions import CODES, Decision, Why, answers_to
from engine.layout import Option
from engine.on_offer import Offer
from engine.reasons import Code, Reason
from engine.reviews import DAY
from engine.scoring import BLOCKED, OPEN, RESTS, Wishes
from engine.slates import FEW

UNHEARD: dict[Why, Code] = {
    "too_hard": "unheard_easier",
    "too_easy": "unheard_harder",
    "not_my_thing": "unheard_other",
}


def about_offer(
    board: Board, student: str, wishes: Wishes, found: Sequence[Choice]
) -> tuple[Reason, ...]:
    """Say what a student's choices, as `choices` found them, do not say by themselves.

    Raises `UnknownId` for an unknown student.
    """
    offer = Offer(board, board.row(student), wishes, [choice.option for choice in found])
    if not found:
        return (*_why_nothing(offer), *_next_look_back(offer))
    return (*_unheard(offer), *_why_at_rest(offer), *_why_few(offer), *_why_one_target(offer))


def _why_nothing(offer: Offer) -> Iterator[Reason]:
    """Say why nothing is offered."""
    board, row, holds = offer.board, offer.row, offer.holds
    shown = (board.status[row] == MASTERED) | board.implied[row]
    if shown.all():
        yield Reason("offer_all_shown")
        return
    ready = (holds & OPEN > 0) & (holds & BLOCKED == 0)
    enough = board.enough[row] & ~shown
    if offer.allowed:
        targets = offer.named(offer.mask(offer.allowed))
        yield Reason("offer_no_format", targets, words=offer.formats)
    elif ready.any():
        yield Reason("offer_no_task", offer.named(ready))
    elif enough.any():
        yield Reason("offer_enough", offer.named(enough))


def _next_look_back(offer: Offer) -> Iterator[Reason]:
    """Say which review comes due next, and when, where any is planned."""
    board, row, plan = offer.board, offer.row, offer.board.plan
    if plan is None:
        return
    away = plan.due[row] - board.now
    done = (board.status[row] == MASTERED) | board.enough[row]
    ahead = np.where(done & (away > 0), away, np.inf)  # false where none is planned
    column = int(ahead.argmin())
    if np.isfinite(ahead[column]):
        days, day = float(ahead[column]) / DAY, _day(float(plan.due[row, column]))
        yield Reason("offer_next_due", (board.targets[column],), (), days, day)


def _unheard(offer: Offer) -> Iterator[Reason]:
    """Say where little or nothing that is open answers a word said when declining of late."""
    last: dict[Why, Decision] = {}
    for declined in offer.wishes.heard.declined:  # the latest first
        if declined.why in CODES:
            last.setdefault(declined.why, declined)
    now = [o for o in offer.fitting if o in offer.awake or o in offer.offered]
    suits = [option for option in now if option.id in offer.wishes.heard.suits]
    for why, declined in last.items():
        said = next(o for o in offer.board.layout.options if o.id == declined.option)
        open_now = [o for o in now if answers_to(offer.board, offer.row, o, said, why)]
        heard = sum(option in offer.offered for option in open_now)
        if heard == len(open_now) < len(offer.offered):
            yield Reason(UNHEARD[why], (), (), float(heard), said.title)
        elif not heard and not suits:  # each word could be answered, but not all of them at once
            yield Reason("unheard_all")
            return


def _why_at_rest(offer: Offer) -> Iterator[Reason]:
    """Say that what is offered should rest, where it does: little or nothing else is left."""
    if any(option.id in offer.wishes.heard.rests for option in offer.offered):
        yield Reason("offer_declined")
    tired = [option for option in offer.offered if offer.rests_today(option)]
    if tired:
        code = _how_tired(offer)
        told = tired[:1] if code == "offer_first" else tired
        yield Reason(code, offer.named((offer.holds & RESTS > 0) & offer.mask(told)))


def _how_tired(offer: Offer) -> Code:
    if all(map(offer.is_asleep, offer.offered)):
        return "offer_rests"
    return "offer_first" if offer.rests_today(offer.offered[0]) else "offer_tired"


def _why_few(offer: Offer) -> Iterator[Reason]:
    """Say why there is only one option, where there is."""
    if len(offer.offered) < min(FEW, offer.wishes.number or FEW):
        yield from _what_else(offer, offer.fitting)


def _why_one_target(offer: Offer) -> Iterator[Reason]:
    """Say that all options work on the same target, where they do, and why."""
    shared = set.intersection(*(set(option.targets) for option in offer.offered))
    if len(offer.offered) < FEW or not shared:
        return
    target = min(shared, key=offer.board.curriculum.graph.position.__getitem__)
    elsewhere = [option for option in offer.fitting if target not in option.targets]
    awake = [option for option in elsewhere if option in offer.awake]
    yield Reason("offer_same", (target,))
    if awake:
        yield Reason("offer_more", offer.named(offer.mask(awake)))
        return
    resting = [option for option in elsewhere if offer.rests_today(option)]
    if resting:
        worked = offer.mask(resting) & (offer.holds & RESTS > 0)
        yield Reason("offer_others_rest", offer.named(worked))
    aside = [option for option in elsewhere if option not in resting]
    yield from _what_else(offer, aside)
    yield from _what_waits(offer, target)


def _what_else(offer: Offer, open_now: Sequence[Option]) -> Iterator[Reason]:
    """Say what more there is than what is offered: set aside, in no allowed format, or nothing."""
    left = [option for option in open_now if option not in offer.offered]
    misfits = [option for option in offer.allowed if option not in offer.fitting]
    new = offer.mask(misfits) & ~offer.mask(offer.offered)
    if left:  # what rests would fill the offer up, so this was declined
        yield Reason("offer_aside")
    elif new.any():
        yield Reason("offer_format", offer.named(new), words=offer.formats)
    elif not all(map(offer.is_asleep, offer.offered)):
        yield Reason("offer_one")


def _what_waits(offer: Offer, target: str) -> Iterator[Reason]:
    """Say what is not open yet because it builds on a target that is not met."""
    board, graph = offer.board, offer.board.curriculum.graph
    waits, unmet = set[str](), [target]
    while unmet:
        here = unmet.pop()
        if not board.met[offer.row, graph.position[here]]:
            later = set(graph.dependents(here)) - waits
            waits |= later
            unmet += later
    if waits:
        yield Reason("offer_waits", (target, *sorted(waits, key=graph.position.__getitem__)))


def _day(seconds: float) -> str:
    """Write a moment as its day in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%-d %B}"
