"""Whether what was agreed on has ended, for each cause: its exit rule, and its opposite."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import Answered, Background, Cause, Plan, Waiting
from engine.class_facts import ClassFacts
from engine.exits import course_of
from engine.proposals import CAUSES
from models import Evidence
from tests.cast import ADA, NOW, answers
from tests.engine.boards import Seen, board_with
from tests.engine.interventions.proposed import LOW, SHOWN

AGREED = NOW - timedelta(days=5)
"""Day 25 of the cast's calendar, in which NOW is day 30."""
EARLY, LATE = 20, 26


def timed(seconds: float, number: int) -> list[Evidence]:
    (one,) = answers(ADA, "count", "0", start=LATE)
    return [
        replace(one, id=f"{seconds}-{i}", task="count-beans", duration=seconds)
        for i in range(number)
    ]


def course(
    cause: Cause,
    log: list[Evidence],
    cell: Seen = LOW,
    background: Background | None = None,
    days: int = 5,
) -> str:
    target = None if cause in {"inactive", "rushing", "look_in"} else "count"
    board = board_with({ADA: {"count": cell}})
    facts = ClassFacts(board, {ADA: log}, NOW, background or Background())
    at = NOW - timedelta(days=days)
    return course_of(facts, Answered(ADA, cause, target, "accept", at, ("w1",)))


def late(target: str, scores: str) -> list[Evidence]:
    return answers(ADA, target, scores, start=LATE)


ENDS: list[tuple[Cause, list[Evidence], list[Evidence]]] = [
    ("wheel_spinning", late("count", "111"), late("count", "101")),
    ("fading", late("count", "01"), late("count", "00")),
    ("inactive", late("shapes", "0"), answers(ADA, "shapes", "0", start=EARLY)),
    ("contradictory", late("count", "0"), late("add", "0")),
    ("ready_to_go_ahead", late("count", "0"), late("add", "1")),
    ("rushing", timed(900, 5), timed(5, 4)),
]


@pytest.mark.parametrize(("cause", "ends", "stays"), ENDS)
def test_an_exit_rule_asks_the_evidence_since(
    cause: Cause, ends: list[Evidence], stays: list[Evidence]
) -> None:
    assert course(cause, ends) == "ended"
    assert course(cause, stays) == "open"


def test_a_prerequisite_ends_when_it_is_met() -> None:
    assert course("missing_prerequisite", [], SHOWN) == "ended"
    assert course("missing_prerequisite", []) == "open"
    assert course("missing_prerequisite", [], days=14) == "expired"


def test_marking_goals_and_formats_end_when_what_they_rest_on_is_gone() -> None:
    waiting = Background(waiting=(Waiting("w1", ADA, ("count",), AGREED),))
    assert course("awaiting_marking", [], background=waiting) == "open"
    assert course("awaiting_marking", []) == "ended"
    tight = Background(plans={ADA: Plan("count", NOW.date())})
    log = answers(ADA, "count", "0", start=EARLY)
    assert course("goal_at_risk", log, background=tight) == "open"
    assert course("goal_at_risk", log) == "ended"
    oral = Background(plans={ADA: Plan(formats=("oral",))})
    assert course("stuck_by_design", log, background=oral) == "open"
    assert course("stuck_by_design", log) == "ended"


def test_every_cause_has_an_exit() -> None:
    for cause in CAUSES:
        assert course(cause, []) in {"ended", "open"}
    assert course("look_in", []) == "ended"
