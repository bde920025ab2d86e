"""What is done about each cause: action, exit rule, tier, what it takes, what it should change."""

from collections.abc import Mapping

from engine.board import DEVELOPING, Board
from engine.layout import Option
from engine.proposals import Action, Cause, Effect, Need

WORDS: Mapping[Action, str] = {
    "probe": "Give a short probe on it: it tells a gap from a slip.",
    "reteach": "Reteach it first, together with whoever shares the gap.",
    "change_of_approach": "Change the approach: a worked example, another format, or a peer coach.",
    "short_check": "A short check before the next target leans on it.",
    "conference": "A conference of five minutes: ask, listen, agree on one step.",
    "reassessment": "Look at the work together and assess it once more.",
    "marking": "Mark the work: the student waits for you.",
    "enrichment": "Open what comes next, and let the student skip what is shown.",
    "new_task": "Find or adapt a task in a format that fits.",
    "lesson": "Much of the class lacks it: teach it once more to all, in another representation.",
    "class_probe": "Much of the class may lack it, but too little is known: a short probe for all.",
    "team": "Help was agreed on twice and the need is still there. Bring it to the team that "
    "decides on individual plans (tier 3): only people decide that.",
}
EXITS: Mapping[Cause, str] = {
    "missing_prerequisite": "The prerequisite is met, or shown in a probe.",
    "wheel_spinning": "Three right in a row, or mastery.",
    "fading": "One success on the faded target.",
    "inactive": "Any new evidence.",
    "rushing": "Five answers in the usual time.",
    "contradictory": "One more assessment that settles it.",
    "awaiting_marking": "The work is marked.",
    "goal_at_risk": "The goal, its date or the pace has changed.",
    "ready_to_go_ahead": "First evidence on the next target.",
    "stuck_by_design": "A task in a fitting format exists.",
    "look_in": "You have looked at the student’s path together.",
}
DOABLE: Mapping[Cause, float] = {
    "awaiting_marking": 1.0,
    "missing_prerequisite": 1.0,
    "wheel_spinning": 0.9,
    "fading": 0.8,
    "stuck_by_design": 0.8,
    "contradictory": 0.7,
    "inactive": 0.7,
    "rushing": 0.7,
    "goal_at_risk": 0.6,
    "ready_to_go_ahead": 0.6,
    "look_in": 0.5,
}
"""How far one adult can do something about it today, in the minutes there are: a mark, a probe or
a reteach settles it, a talk begins it. An order by judgement, not a measurement."""
TARGETED: frozenset[Cause] = frozenset({"missing_prerequisite", "wheel_spinning"})
"""Causes that ask for targeted support (tier 2) beyond everyday teaching (tier 1)."""
WHOLE_CLASS = 0.4
"""Share of a class that lacks a target above which it is the lesson's turn, not a group's."""
TRIED_ENOUGH = 2
"""Rounds of targeted support, each agreed on and expired, after which people decide on more."""
SMALLEST_CLASS = 5
"""Students below which a share says nothing."""
OPPORTUNITIES: Mapping[Action, int] = {
    "reteach": 3, "change_of_approach": 3, "lesson": 3, "short_check": 1,
}  # fmt: skip
"""Opportunities within which an action should show: one short sitting each."""


def tier_of(need: Need, board: Board, tried: int) -> int:
    """Return the tier: 1 for everyday teaching and whole classes, 2 for targeted support.

    3 once targeted support was agreed on `TRIED_ENOUGH` times and has expired without an end: that
    is said, never decided.
    """
    if need.cause not in TARGETED:
        return 1
    if tried >= TRIED_ENOUGH:
        return 3
    return 1 if _for_all(need, board) else 2


def lack(board: Board, target: str | None) -> tuple[float, float]:
    """Return the shares of a class that lack a target surely, and that surely or maybe do.

    Surely lacks it who has evidence enough and is developing; maybe, who has met it in evidence
    and has not shown it.
    """
    if target is None or len(board.students) < SMALLEST_CLASS:
        return 0.0, 0.0
    column = board.curriculum.graph.position[target]
    open_ = ~board.met[:, column]
    surely = open_ & (board.status[:, column] == DEVELOPING)
    maybe = open_ & (board.count[:, column] > 0)
    return float(surely.mean()), float((surely | maybe).mean())


def action_of(need: Need, board: Board, tier: int) -> Action:
    """Return what is proposed: by the cause, by its reach, or by what has not helped."""
    if tier == 3:
        return "team"
    return _for_all(need, board) or need.action


def _for_all(need: Need, board: Board) -> Action | None:
    """Return what a whole class is to do about a need; `None`: it is not the class's.

    Who spins has been seen often enough: only a gap that few have been asked about is probed.
    """
    if need.cause not in TARGETED:
        return None
    surely, maybe = lack(board, need.target)
    if surely > WHOLE_CLASS:
        return "lesson"
    probed = maybe > WHOLE_CLASS and need.cause == "missing_prerequisite"
    return "class_probe" if probed else None


def effect_of(board: Board, row: int, need: Need, action: Action) -> Effect | None:
    """Return what the mastery model expects: usual practice, so many opportunities of it."""
    number = OPPORTUNITIES.get(action)
    if number is None or need.target is None:
        return None
    column = board.curriculum.graph.position[need.target]
    now = float(board.p[row, column])
    left = 1 - now
    gain = max(float(board.p_next[row, column]) - now, 0.0) / left if left > 0 else 0.0
    return Effect(need.target, now, 1 - left * (1 - gain) ** number, number)


def cheapest_option(board: Board, need: Need, formats: tuple[str, ...]) -> Option | None:
    """Return the task that asks for the fewest targets, then the fewest minutes; `None`: none."""
    if need.target is None or need.action in {"conference", "marking", "new_task"}:
        return None
    serving = [
        option
        for option in board.layout.options
        if option.task is not None
        and need.target in option.targets
        and (not formats or option.format in formats)
    ]
    return min(serving, key=lambda o: (len(o.targets), o.minutes, o.id), default=None)
