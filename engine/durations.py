"""How long something takes, said alike on every screen: in minutes, and in hours when many."""

from typing import Protocol

HOUR = 60.0
MINUTES_READ_WELL = 120.0
"""Minutes from which hours read better: 90 min is a double lesson, 1,240 min is nothing."""
FINE = 5.0
"""Hours below which half an hour matters."""


class Interval(Protocol):
    """What has two ends."""

    @property
    def low(self) -> float:
        """Lower end."""
        ...

    @property
    def high(self) -> float:
        """Upper end."""
        ...


def duration(minutes: float) -> str:
    """Write a duration: `15 min`, `about 2.5 hours`, `about 21 hours`."""
    whole = max(round(minutes), 1)
    return f"{whole} min" if whole < MINUTES_READ_WELL else f"about {_hours(minutes)} hours"


def duration_between(span: Interval) -> str:
    """Write an interval of minutes: `15 to 40 min`, `45 min to 3 hours`, `4.5 to 12 hours`."""
    low, high = max(round(span.low), 1), max(round(span.high), 1)
    if high < MINUTES_READ_WELL:
        return f"{low} to {high} min" if low < high else f"{high} min"
    if low < HOUR:
        return f"{low} min to {_hours(high)} hours"
    start, end = (_hours(each) for each in (low, high))
    return f"{start} to {end} hours" if start != end else f"{end} hours"


def _hours(minutes: float) -> str:
    """Write hours: halves while they are few, and whole ones after that."""
    hours = minutes / HOUR
    return f"{round(2 * hours) / 2:g}" if hours < FINE else f"{hours:.0f}"
