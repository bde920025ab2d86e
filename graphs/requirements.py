"""Evidence requirements: how much of which evidence mastery needs.

A school that judges by bodies of evidence asks for more than a number: three pieces, one of
them a performance task at *proficient*, on two different days. Each such rule is a
`Requirement`; every rule on a learning target must be met.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphs.errors import Fault

if TYPE_CHECKING:
    from graphs.framework import Framework, Scale


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule on the evidence that mastery needs.

    At least `pieces` (1 to 100) of the `kinds` (of any when empty), each at `level` of
    `scale` or above (at any when `None`), seen in at least `sessions` (1 to `pieces`)
    different sessions. It holds for one `target`, or for every target under a `competency`
    that has no rule of its own, or, when it names neither, for every target without one.
    """

    target: str | None = None
    competency: str | None = None
    pieces: int = 1
    sessions: int = 1
    kinds: tuple[str, ...] = ()
    level: int | None = None
    scale: str | None = None


def requirements_by_target(framework: "Framework") -> Mapping[str, tuple[Requirement, ...]]:
    """Return the rules on each learning target that has any: the nearest that are given.

    A target's own rules come before those of its competency, these before those of the
    parent competency, and these before the rules for all.
    """
    parents = {c.id: c.parent for c in framework.competencies}
    given: dict[tuple[str | None, str | None], list[Requirement]] = {}
    for rule in framework.requirements:
        given.setdefault((rule.target, rule.competency), []).append(rule)
    found = {}
    for target in framework.targets:
        places = [(target.id, None), *((None, c) for c in _upwards(target.competency, parents))]
        nearest = next((given[place] for place in [*places, (None, None)] if place in given), None)
        if nearest:
            found[target.id] = tuple(nearest)
    return found


def least_score(framework: "Framework", rule: Requirement) -> float:
    """Return the score in [0, 1] that a piece needs to count for a rule."""
    if rule.level is None:
        return 0.0
    scale = scale_of(framework, rule)
    return (scale and scale.score(rule.level)) or 0.0


def scale_of(framework: "Framework", rule: Requirement) -> "Scale | None":
    """Return the scale that a rule's level is on: the one it names, or the first."""
    return next((s for s in framework.scales if rule.scale in {None, s.id}), None)


def requirement_faults(framework: "Framework") -> Iterator[Fault]:
    """Name every rule that speaks of what is not there, or asks for what cannot be."""
    known: dict[str, set[str]] = {
        "learning target": {t.id for t in framework.targets},
        "competency": {c.id for c in framework.competencies},
        "evidence kind": {k.id for k in framework.kinds},
        "scale": {s.id for s in framework.scales},
    }
    for number, rule in enumerate(framework.requirements, 1):
        named: Sequence[tuple[str, str | None]] = [
            ("learning target", rule.target),
            ("competency", rule.competency),
            ("scale", rule.scale),
            *(("evidence kind", kind) for kind in rule.kinds),
        ]
        faults = [f"there is no {what} {name!r}" for what, name in named
                  if name is not None and name not in known[what]]  # fmt: skip
        faults = faults or [*_number_faults(framework, rule)]
        yield from (Fault(f"requirement {number}: {message}") for message in faults)


def _number_faults(framework: "Framework", rule: Requirement) -> Iterator[str]:
    if rule.target is not None and rule.competency is not None:
        yield "names a learning target and a competency; one of them is enough"
    if not 1 <= rule.pieces <= 100:
        yield f"{rule.pieces} pieces; 1 to 100 make sense"
    if not 1 <= rule.sessions <= rule.pieces:
        yield f"{rule.sessions} sessions cannot be asked of {rule.pieces} pieces"
    if rule.level is not None:
        scale = scale_of(framework, rule)
        if scale is None or scale.score(rule.level) is None:
            yield f"{rule.level} is not a level of {scale.id!r}" if scale else "there is no scale"


def _upwards(competency: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    """Yield a competency and those above it; parents in a circle end where they began."""
    seen: set[str] = set()
    while competency is not None and competency not in seen:
        seen.add(competency)
        yield competency
        competency = parents.get(competency)
