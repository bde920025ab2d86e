"""Whether what was proposed has ended: its exit rule, asked of the evidence since.

A proposal that was agreed on is *ended* once its exit rule has come true, *open* until it
expires, and then *expired*: help was agreed on and the need has not ended. That is before and
after, not cause and effect.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from engine.board import MASTERED
from engine.class_facts import ClassFacts
from engine.habits import TIMED, habits
from engine.proposals import Answered
from models import Evidence
from models.wheel_spinning import IN_A_ROW, RIGHT

Course = Literal["ended", "open", "expired"]
USUAL_TIMES = 5
"""Answers in the usual time that end rushing."""


def course_of(facts: ClassFacts, answered: Answered) -> Course:
    """Return how a proposal that was agreed on has gone."""
    if has_ended(facts, answered):
        return "ended"
    days = timedelta(days=facts.board.policy.intervention_days)
    return "expired" if facts.now - answered.at >= days else "open"


def has_ended(facts: ClassFacts, answered: Answered) -> bool:
    """Whether the exit rule of a proposal has come true since it was answered."""
    board, student, target = facts.board, answered.student, answered.target
    since = _since(facts, answered)
    on_target = [piece for piece in since if target in piece.targets]
    column = board.curriculum.graph.position.get(target or "")
    row = board.row(student)
    match answered.cause:
        case "missing_prerequisite":
            ended = column is not None and bool(board.met[row, column])
        case "wheel_spinning":
            mastered = column is not None and bool(board.status[row, column] == MASTERED)
            ended = mastered or _in_a_row(on_target)
        case "fading":
            ended = any(map(_right, on_target))
        case "contradictory" | "ready_to_go_ahead":
            ended = bool(on_target)
        case "inactive":
            ended = bool(since)
        case "rushing":
            timed = [e for e in since if e.duration is not None][-TIMED:]
            ended = sum(not facts.is_rapid(e) for e in timed) >= USUAL_TIMES
        case "awaiting_marking":
            ended = all(work.id not in answered.rests_on for work in facts.background.waiting)
        case "goal_at_risk" | "stuck_by_design":
            ended = answered.key not in {need.key for need in habits(facts, row)}
        case "look_in":
            ended = True
    return ended


def _since(facts: ClassFacts, answered: Answered) -> list[Evidence]:
    """Return a student's evidence that was observed after an answer."""
    mine: Sequence[Evidence] = facts.mine[answered.student]
    return [e for e in mine if e.observed_at is not None and e.observed_at > answered.at]


def _in_a_row(pieces: Sequence[Evidence]) -> bool:
    return "1" * IN_A_ROW in "".join("1" if _right(piece) else "0" for piece in pieces)


def _right(piece: Evidence) -> bool:
    return piece.score is not None and piece.score > RIGHT
