"""What a pathway says, as typed reasons."""

from collections.abc import Iterator, Mapping
from datetime import date

from engine.durations import Interval, duration, duration_between
from engine.pathways import Pace, Pathway
from engine.reasons import Code, Reason

WITH_A_DATE = " with a date"
"""Said of work that was not seen, where some was seen that nobody dated."""
MOST_CITED = 5
"""Evidence ids cited: the latest ones are enough to check it."""
PACE: Mapping[Pace, Code] = {"ahead": "pace_ahead", "on": "pace_on", "behind": "pace_behind"}
LONG = 0.25
"""Chance that a checkpoint goes beyond what is looked ahead from which it is said: one in four."""


def reasons(way: Pathway) -> tuple[Reason, ...]:
    """Say where the student is, what is left, how long it takes, and whether that is on plan.

    Only a goal that was agreed is called the student's own; any other was only asked about.
    """
    if way.reached:
        code: Code = "goal_reached" if way.agreed else "way_reached"
        return (Reason(code, (way.goal,), way.evidence[-MOST_CITED:]),)
    return (*_left(way), *_time(way), *_plan(way))


def _left(way: Pathway) -> Iterator[Reason]:
    words = f"{between(way.opportunities)} pieces of work, {duration_between(way.minutes)}"
    code: Code = "goal_left" if way.agreed else "way_left"
    yield Reason(code, (way.goal,), (), float(len(way.checkpoints)), words)
    long = tuple(each.target for each in way.checkpoints if each.more >= LONG)
    if long:
        yield Reason("goal_long", long)


def _time(way: Pathway) -> Iterator[Reason]:
    if way.rhythm is None:
        yield Reason("no_rhythm", words=dated(way.undated))
    elif way.weeks is None:
        yield Reason("at_rest", number=float(way.idle or 0), words=dated(way.undated))
    else:
        words = weeks(way.weeks)
        yield Reason("own_rhythm", number=float(way.rhythm.days), words=words)
    if way.by is not None and way.in_time is not None:
        yield Reason("goal_in_time", number=way.in_time, words=_day(way.by))


def _plan(way: Pathway) -> Iterator[Reason]:
    if way.pace is None or way.planned_minutes is None:
        return
    left, planned = duration(way.minutes.expected), duration(way.planned_minutes)
    words = f"{left} of work left; the plan has {planned} left by today"
    yield Reason(PACE[way.pace], (way.goal,), (), way.planned_minutes, words)


def dated(undated: bool) -> str:
    """Return what to add to work that was not seen, where there is some `undated`."""
    return WITH_A_DATE if undated else ""


def between(span: Interval) -> str:
    """Write an interval in whole numbers from 1: `3 to 7`."""
    low, high = max(round(span.low), 1), max(round(span.high), 1)
    return f"{low} to {high}" if low < high else f"{high}"


def weeks(span: Interval) -> str:
    """Write an interval of weeks: `3 to 7 weeks`, `about 1 week`."""
    text = between(span)
    return "about 1 week" if text == "1" else f"{text} weeks"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
