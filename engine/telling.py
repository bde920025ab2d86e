"""What one more answer of a student would tell: two measures, each for one question.

*About the target itself*: how open it is whether it is mastered, less with every piece that was
seen. Choices weigh this by the minute, for what is quick to check today.

*About the whole map*: how many targets nobody has seen an answer would settle, through what goes
together (`models.starts.Joint.worth`). Placement asks by this alone, and choices add it for a new
student. Only here does a sentence say that nothing tells *more*, and wherever it is told it is told
with its number, the same on every screen, and with every other target that would tell as much.

Groups ask neither. A probe for a student in no group is on the ready target of too little evidence
that most builds on (`engine.groups.need.later_share`): not for what it tells, but for what could be
worked on together afterwards.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def about_target(p: Floats, count: Floats) -> Floats:
    """Return what one more answer tells of the target itself, 0 to 1.

    4·P·(1 − P) / (1 + pieces): 1 where nothing is known, toward 0 as estimates settle.
    """
    told: Floats = 4 * p * (1 - p) / (1 + count)
    return told


def of_unseen(targets: int) -> str:
    """Write how many targets nobody has seen: what an answer settles is a part of them."""
    return f"the {targets} target{'' if targets == 1 else 's'} nobody has seen"
