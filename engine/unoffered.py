"""Why a target is on none of a student's choices, where an adult would look for it."""

from collections.abc import Sequence

from engine.board import MASTERED, Board
from engine.choices import Choice
from engine.on_offer import Offer
from engine.reasons import Code, Reason
from engine.scoring import BLOCKED, FADED, OPEN, Wishes


def why_not_offered(
    board: Board, student: str, wishes: Wishes, found: Sequence[Choice], target: str
) -> Reason | None:
    """Say why none of the choices that were found works on a target; `None` if one does.

    Raises `UnknownId` for an unknown student.
    """
    offer = Offer(board, board.row(student), wishes, [choice.option for choice in found])
    if any(target in option.targets for option in offer.offered):
        return None
    column = board.curriculum.graph.position[target]
    if offer.holds[column] & BLOCKED:
        return Reason("left_blocked", (target, *board.blocked_by(offer.row, target)))
    if not offer.holds[column] & OPEN:
        return Reason(_why_closed(offer, column), (target,))
    return _why_left(offer, target)


def _why_closed(offer: Offer, column: int) -> Code:
    """Say why there is nothing to do on a target whose prerequisites are met."""
    board, row = offer.board, offer.row
    if offer.holds[column] & FADED:
        return "left_turn"
    if board.status[row, column] == MASTERED:
        return "left_shown"
    if board.enough[row, column]:
        return "left_enough"
    return "left_implied" if board.implied[row, column] else "left_alone"


def _why_left(offer: Offer, target: str) -> Reason:
    """Say why what is open was not picked."""
    allowed = [option for option in offer.allowed if target in option.targets]
    fitting = [option for option in allowed if option in offer.fitting]
    awake = [option for option in fitting if option in offer.awake]
    if awake:
        return Reason("left_behind", (target,), words=awake[0].title)
    if any(map(offer.rests_today, fitting)):
        return Reason("left_rests", (target,))
    if fitting:
        return Reason("left_aside", (target,))
    return Reason("left_format" if allowed else "left_no_task", (target,), words=offer.formats)
