"""What students took and declined of what was offered, and what the next offer makes of it.

A declined option rests for `decline_days`, unless nothing else is left; so does everything on a
target of which two options were called too easy, or too hard. The word given for it
says what to offer rather: after *too hard* what has a better chance of success, after *too easy*
what has a smaller one, after *not my thing* what shares neither format nor interest with it. What
answers all such words of late *suits*: it gets the score's term `asked`, and says so. Estimates of
mastery are never touched: what a student likes is no evidence.

Decisions are read in the order in which they were made, whatever order they arrive in; the last
word on an option counts. One that was taken back is not handed in at all: what was said before it
counts again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from engine.board import Board
from engine.layout import Option
from engine.policy import Policy
from engine.reasons import Code, Reason

Said = Literal["taken", "declined", "other"]
Why = Literal["", "too_hard", "too_easy", "not_my_thing", "not_now"]
WHYS: tuple[Why, ...] = get_args(Why)
APART = 0.05
"""Difference in the chance of success that a student can feel: one answer in twenty."""
SAID_AGAIN = 2
"""Options on one target that were too easy, or too hard, after which all others on it rest, too."""
CODES: Mapping[Why, Code] = {
    "too_hard": "asked_easier",
    "too_easy": "asked_harder",
    "not_my_thing": "asked_other",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What someone said to an offer.

    `option` is what it is about (`None`: something *other* was wished for), `why` a word for
    declining it, `at` an aware time. `offer` are the options in the order they were offered, each
    with its purpose; `recommendation` the id of that offer; `author` whoever said it.
    """

    id: str
    student: str
    recommendation: str
    said: Said
    option: str | None
    why: Why
    at: datetime
    offer: tuple[tuple[str, str], ...] = ()
    author: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an offer makes of earlier decisions, by ids of options: who rests, who suits and why.

    `declined` are the decisions for which an option rests, the latest first.
    """

    rests: frozenset[str] = frozenset()
    suits: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    declined: tuple[Decision, ...] = ()


NOTHING_HEARD = Heard()


def heard(board: Board, row: int, decisions: Iterable[Decision], now: datetime) -> Heard:
    """Return what one student's decisions ask of an offer made at an aware time.

    What suits answers every word; of words alike only the last is said.
    """
    late = _late(board, decisions, now)
    declined = [option for option in board.layout.options if option.id in late]
    declined.sort(key=lambda o: (late[o.id].at, late[o.id].id), reverse=True)
    words = [(o, late[o.id].why) for o in declined if late[o.id].why in CODES]
    latest = {why: o for o, why in reversed(words)}
    said = tuple(_reason(o, why) for why, o in latest.items())
    suits: dict[str, tuple[Reason, ...]] = {}
    for option in board.layout.options if words else ():
        if option not in declined and all(answers_to(board, row, option, *word) for word in words):
            suits[option.id] = said
    why = tuple(late[o.id] for o in declined)
    tired_of = _said_again(words)
    rests = {
        o.id for o in board.layout.options if o in declined or not tired_of.isdisjoint(o.targets)
    }
    return Heard(frozenset(rests), suits, why)


def _said_again(words: Iterable[tuple[Option, Why]]) -> set[str]:
    """Return the targets of which one thing was said twice: that is about more than a task."""
    said = Counter(
        (target, why) for option, why in words if why != "not_my_thing" for target in option.targets
    )
    return {target for (target, _), times in said.items() if times >= SAID_AGAIN}


def answers_to(board: Board, row: int, option: Option, declined: Option, why: Why) -> bool:
    """Whether an option is what was asked for when another was declined with a word."""
    if why == "not_my_thing":
        liked = set(option.interests) & set(declined.interests)
        told_apart = bool(declined.format or declined.interests)
        return told_apart and option.format != declined.format and not liked
    more = _chance(board, row, option) - _chance(board, row, declined)
    return more >= APART if why == "too_hard" else more <= -APART


def last_words(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the last decision on each option, in the order they were made."""
    found: dict[str, Decision] = {}
    for each in sorted(decisions, key=lambda d: (d.at, d.id)):
        if each.option is not None:
            found.pop(each.option, None)
            found[each.option] = each
    return found


def rests_until(policy: Policy, declined: Decision) -> datetime:
    """Return until when a declined option rests."""
    return declined.at + timedelta(days=policy.decline_days)


def _late(board: Board, decisions: Iterable[Decision], now: datetime) -> dict[str, Decision]:
    """Return the decisions for which options still rest, by the option's id."""
    said = last_words(d for d in decisions if d.at <= now)
    late = (d for d in said.values() if d.said == "declined")
    return {d.option: d for d in late if d.option and rests_until(board.policy, d) > now}


def _chance(board: Board, row: int, option: Option) -> float:
    columns = [board.curriculum.graph.position[target] for target in option.targets]
    return float(board.p_right[row, columns].mean())


def _reason(declined: Option, why: Why) -> Reason:
    return Reason(CODES[why], words=declined.title)
