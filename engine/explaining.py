"""Why an estimate went the other way than the evidence: practice teaches, and time forgets."""

from engine.reasons import Reason, percent
from models import Step


def against_the_evidence(step: Step, target: str) -> Reason | None:
    """Say why an estimate rose though a piece spoke against it, or fell though it spoke for it.

    Of an estimate's steps these are the ones that look like mistakes: a wrong answer after which
    the estimate is higher, because working on a task teaches more than the answer takes away; and
    a right one after which it is lower, because more had been forgotten before than the answer
    gives back. `None` for every other step, for evidence on other targets, and where the estimate
    is written the same as before.
    """
    said, taught = step.evidence_effect, step.practice_effect
    moved = said + taught + step.waiting_effect
    if not step.direct or percent(step.before) == percent(step.after):
        return None
    if said < 0 < taught and moved > 0:
        return Reason("practice_outweighs", (target,), (step.evidence,), taught, _signed(said))
    if said > 0 > moved:
        forgotten = step.waiting_effect + min(taught, 0.0)  # plain BKT forgets with practice
        return Reason("forgetting_outweighs", (target,), (step.evidence,), forgotten, _signed(said))
    return None


def _signed(effect: float) -> str:
    """Write log-odds with their sign, as every screen does."""
    return f"{effect:+.2f}"
