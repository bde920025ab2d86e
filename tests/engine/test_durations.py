"""How long something takes, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.durations import duration, duration_between
from engine.spans import Span


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.0, "1 min"),
        (7.5, "8 min"),
        (90.0, "90 min"),
        (119.4, "119 min"),
        (119.6, "about 2 hours"),
        (150.0, "about 2.5 hours"),
        (1240.0, "about 21 hours"),
        (12652.0, "about 211 hours"),
    ],
)
def test_minutes_are_said_while_they_read_well_and_then_hours(minutes: float, words: str) -> None:
    assert duration(minutes) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (15.0, 40.0, "15 to 40 min"),
        (15.2, 15.4, "15 min"),
        (0.0, 0.3, "1 min"),
        (45.0, 180.0, "45 min to 3 hours"),
        (257.0, 727.0, "4.5 to 12 hours"),
        (6880.0, 19431.0, "115 to 324 hours"),
        (600.0, 610.0, "10 hours"),
        (61.0, 125.0, "1 to 2 hours"),
    ],
)
def test_both_ends_of_an_interval_are_said_in_what_fits(
    low: float, high: float, words: str
) -> None:
    assert duration_between(Span((low + high) / 2, low, high)) == words


@given(st.floats(0, 1e5))
def test_what_is_said_is_never_far_off(minutes: float) -> None:
    number, unit = duration(minutes).removeprefix("about ").split()
    said = float(number) * (1 if unit == "min" else 60)
    assert abs(said - minutes) <= max(1.0, minutes / 8)
