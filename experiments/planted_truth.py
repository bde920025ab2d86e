"""What is true of a student in a planted class: which claims are right, which needs are met.

A claim, a named cause on a named target with an action, is *right* when the action fits the
cause and the cause is one of the student's true needs. These are the planted need, cause and
target exactly, and what arose by itself:

- *missing prerequisite*: the target was never truly mastered, and what it blocks is not either;
- *wheel-spinning*: not truly mastered, and more likely than not (by the world's own chances) no
  three in a row come by the tenth attempt;
- *fading*: truly mastered once, and no longer;
- *ready to go ahead*: truly mastered all that the class has worked on so far.

All other causes are true only of those in whom they were planted. A prerequisite that is gone is
not *missing*, and one that never was there has not *faded*.
"""

from collections.abc import Mapping

from engine.proposals import Action, Cause
from experiments.planted import MASTERED, Planted, PlantedClass, chance_of_right, place_of, unit_of
from models.wheel_spinning import ATTEMPTS, IN_A_ROW

FITTING: Mapping[Cause, frozenset[Action]] = {
    "missing_prerequisite": frozenset({"probe", "class_probe", "reteach", "lesson"}),
    "wheel_spinning": frozenset({"change_of_approach", "lesson"}),
    "fading": frozenset({"short_check", "reteach"}),
    "inactive": frozenset({"conference"}),
    "rushing": frozenset({"conference"}),
    "contradictory": frozenset({"reassessment"}),
    "awaiting_marking": frozenset({"marking"}),
    "goal_at_risk": frozenset({"conference"}),
    "ready_to_go_ahead": frozenset({"enrichment"}),
    "stuck_by_design": frozenset({"new_task"}),
}
"""Actions that can end a need."""
HALF = 0.5
"""More likely than not."""


def names_planted(need: Planted, cause: Cause, target: str | None, action: Action) -> bool:
    """Say whether a claim names a planted need: the same cause, target and a fitting action."""
    on_target = need.target in {"", target}
    return need.cause == cause and on_target and action in FITTING[cause]


def is_right(
    school: PlantedClass,
    student: int,
    cause: Cause,
    target: str | None,
    blocks: str | None,
    action: Action,
    day: int,
) -> bool:
    """Say whether a claim about a student is right on a day."""
    need = school.need_of(student)
    if need is not None and names_planted(need, cause, target, action):
        return True
    if target is None or action not in FITTING.get(cause, ()):
        return False
    return _arose(school, student, cause, target, blocks, day)


def _arose(
    school: PlantedClass, student: int, cause: Cause, target: str, blocks: str | None, day: int
) -> bool:
    u, i = place_of(target)
    lacks = float(school.strength[student, u, i]) < MASTERED
    once = bool(school.shown[student, u, i])
    if cause == "missing_prerequisite":
        held_back = blocks is None or school.strength[student][place_of(blocks)] < MASTERED
        return lacks and not once and bool(held_back)
    if cause == "fading":
        return lacks and once
    if cause == "wheel_spinning":
        return lacks and _no_run(school, student, u, i) > HALF
    if cause == "ready_to_go_ahead":
        return bool((school.strength[student, : unit_of(day) + 1] >= MASTERED).all())
    return False


def _no_run(school: PlantedClass, student: int, u: int, i: int) -> float:
    """Return the chance of no three in a row by the tenth attempt, as the world has it.

    Strength grows meanwhile as it usually would, unless what is planted keeps it.
    """
    strength, held = float(school.strength[student, u, i]), school.held_back(student, u, i)
    need = school.need_of(student)
    stays = need is not None and place_of(need.target) == (u, i) if need and need.target else False
    run = min(int(school.run[student, u, i]), IN_A_ROW - 1)
    chances = [float(run == length) for length in range(IN_A_ROW)]
    for _ in range(max(ATTEMPTS - int(school.attempts[student, u, i]), 0)):
        p = chance_of_right(strength - held)
        chances = [(1 - p) * sum(chances), *(p * chance for chance in chances[:-1])]
        strength += 0.0 if stays else school.usual_gain(student, strength, held)
    return sum(chances)
