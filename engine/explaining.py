"""Why an estimate went the other way than the evidence: practice teaches, and time forgets."""

from engine.reasons import Reason
from models import Step


def against_the_evidence(step: Step, target: str) -> Reason | None:
    """Say why an estimate rose though a piece spoke against it, or fell though it spoke for it.

    Of an estimate's steps these are the ones that look like mistakes: a wrong answer after which
    the estimate is higher, because working on a task teaches more than the answer takes away; and
    a right one after which it is lower, because more had been forgotten before than the answer
    gives back. `None` for every other step, and for evidence on other targets.
    """
    said, taught = step.evidence_effect, step.practice_effect
    moved = said + taught + step.waiting_effect
    if step.direct and said < 0 < taught and moved > 0:
        return Reason("practice_outweighs", (target,), (step.evidence,), taught, _signed(said))
    if step.direct and said > 0 > step.waiting_effect and moved < 0:
        forgotten = step.waiting_effect
        return Reason("forgetting_outweighs", (target,), (step.evidence,), forgotten, _signed(said))
    return None


def _signed(effect: float) -> str:
    """Write log-odds with their sign, as every screen does."""
    return f"{effect:+.2f}"
