"""How offers are taken up: by the place of an option among the choices, and by its purpose."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.decisions import Decision, last_words

Z = 1.645
"""Two-sided 90 %: as every other interval of a share here."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How often options of one kind were offered, taken and declined.

    `by` is *position*, *purpose* or *all*, `value` the position (from 1) or the purpose. `share`
    of those offered that were taken, in [`low`, `high`] nine times in ten (Wilson's interval).
    """

    by: str
    value: str
    offered: int
    taken: int
    declined: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Rates over some decisions: `offers` that were answered, `other` wishes, words for `why`."""

    offers: int
    other: int
    why: dict[str, int]
    rates: tuple[Taken, ...]


def acceptance(decisions: Iterable[Decision]) -> Acceptance:
    """Count how offers were taken up; an offer counts once, the last word on an option counts."""
    by_offer: dict[tuple[str, str], list[Decision]] = {}
    for each in sorted(decisions, key=lambda d: (d.at, d.id)):
        by_offer.setdefault((each.student, each.recommendation), []).append(each)
    counts: Counter[tuple[str, str, str]] = Counter()
    why: Counter[str] = Counter()
    for said in by_offer.values():
        last = last_words(said)
        for place, (option, purpose) in enumerate(said[-1].offer, 1):
            word = last[option].said if option in last else "left"
            for key in (("all", ""), ("position", str(place)), ("purpose", purpose)):
                counts[*key, "offered"] += 1
                counts[*key, word] += 1
        why.update(d.why or "no_word" for d in last.values() if d.said == "declined")
    kinds = sorted({(by, value) for by, value, _ in counts})
    other = sum(d.said == "other" for said in by_offer.values() for d in said)
    return Acceptance(
        len(by_offer), other, dict(sorted(why.items())), tuple(_rate(counts, *k) for k in kinds)
    )


def _rate(counts: Counter[tuple[str, str, str]], by: str, value: str) -> Taken:
    offered, taken, declined = (
        counts[by, value, word] for word in ("offered", "taken", "declined")
    )
    share = taken / offered
    middle = (share + Z**2 / (2 * offered)) / (1 + Z**2 / offered)
    spread = Z / (1 + Z**2 / offered)
    spread *= math.sqrt(share * (1 - share) / offered + Z**2 / (4 * offered**2))
    low, high = max(middle - spread, 0.0), min(middle + spread, 1.0)
    return Taken(by, value, offered, taken, declined, share, low, high)
