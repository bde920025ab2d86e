"""Which strength to ask about: found from the log, and only where it tells."""

import numpy as np
import pytest

from graphs import PrerequisiteGraph
from models import starts_asking
from models.starts import STRONG, Floats, Joint, Starts
from models.starts_asking import LINES, asked_about

TARGETS = [f"t{k:02d}" for k in range(24)]
JOINT = Joint(
    Starts(own=1.0, along=0.0, mean={t: 0.1 * k - 1.2 for k, t in enumerate(TARGETS)}),
    PrerequisiteGraph(TARGETS),
)


def answers_of(kind: str, students: int = 100) -> Floats:
    """Draw three answers of students who can or cannot, or can by degrees."""
    rng = np.random.default_rng(5)
    ability = rng.normal(0, 1, (students, 1))
    if kind == "jump":
        knows = JOINT.mean - 0.3 + ability + rng.normal(0, 0.7, (students, 24)) > 0
        chance = np.where(knows, 0.93, 0.15)
    else:
        chance = 1 / (1 + np.exp(-(JOINT.mean + 0.9 + ability)))
    return (rng.random((3, students, 24)) < chance).astype(np.float64)


def test_where_strength_comes_in_degrees_the_line_lies_higher() -> None:
    jump, degrees = (asked_about(JOINT, answers_of(kind), 8) for kind in ("jump", "degrees"))
    assert jump in LINES
    assert degrees in LINES
    assert jump < degrees


def test_a_log_that_tells_too_little_leaves_the_usual_line() -> None:
    few = answers_of("jump", 4)
    assert asked_about(JOINT, few, 8) == STRONG
    assert asked_about(JOINT, np.ones_like(answers_of("jump")), 8) == STRONG


def test_only_what_was_answered_is_asked() -> None:
    first = answers_of("jump", 5)[0]
    first[:, 20:] = np.nan
    looks = starts_asking._placed(JOINT, first, 8, 0.2)
    asked = ~np.isnan(looks)
    assert (asked.sum(axis=1) == 8).all()
    assert (looks[asked] == first[asked]).all()


def test_what_is_worth_asking_follows_the_line() -> None:
    blank = np.full((1, 24), np.nan)
    low, high = (int(JOINT.worth(blank, line)[0].argmax()) for line in (-1.0, 1.0))
    assert low < high
    assert JOINT.worth(blank)[0] == pytest.approx(JOINT.worth(blank, JOINT.starts.line)[0])
