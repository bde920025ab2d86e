"""What a group can be for."""

from dataclasses import dataclass
from typing import Literal, get_args

Purpose = Literal[
    "reteach", "missing_prerequisite", "peer_coaching", "extension", "shared_interest",
    "shared_goal", "project",
]  # fmt: skip
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
MIX: tuple[Purpose, ...] = PURPOSES[:-1]
"""Purposes that stand side by side; project teams take the whole class and are asked for."""
LED_BY_ADULTS = frozenset[Purpose]({"reteach", "missing_prerequisite"})
"""Purposes that need an adult at the table: something has to be explained anew."""
COACHING_SIZES = (2, 4)
"""A coach and one to three others, or two of each."""


@dataclass(frozen=True, slots=True, order=True)
class Aim:
    """A purpose and its learning target; `word` is the interest or the goal that is shared."""

    purpose: Purpose
    target: str
    word: str = ""
