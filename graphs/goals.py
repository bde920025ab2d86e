"""Goals: a learning target, or a competency, which stands for all targets under it."""

from graphs.errors import UnknownId
from graphs.framework import Framework


def is_goal(framework: Framework, goal: str) -> bool:
    """Say whether an id can be headed for: a learning target, or a competency with targets."""
    return framework.has_target(goal) or bool(_under(framework, goal))


def goal_targets(framework: Framework, goal: str) -> tuple[str, ...]:
    """Return the learning targets that a goal stands for, in framework order.

    Where a target and a competency share an id, the target is meant. Raises `UnknownId` for what
    is neither, and for a competency without targets: there is nothing to reach.
    """
    if framework.has_target(goal):
        return (goal,)
    found = _under(framework, goal)
    if not found:
        raise UnknownId("goal", goal)
    return found


def goal_text(framework: Framework, goal: str, *, student: bool = False) -> str:
    """Return the wording of a learning target or a competency; raises `UnknownId`."""
    if framework.has_target(goal):
        target = framework.target(goal)
        return target.for_student if student else target.text
    for competency in framework.competencies:
        if competency.id == goal:
            return competency.text
    raise UnknownId("goal", goal)


def _under(framework: Framework, competency: str) -> tuple[str, ...]:
    """Return the targets of a competency and of all those below it."""
    inside, size = {competency}, 0
    while len(inside) > size:
        size = len(inside)
        inside |= {c.id for c in framework.competencies if c.parent in inside}
    return tuple(target.id for target in framework if target.competency in inside)
