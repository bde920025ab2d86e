"""Every error Footpath raises on purpose, and what each is *not* for.

::

    FootpathError
    ├── InvalidInput   values or files that break a rule; carries every fault found
    │   └── CycleFound prerequisites that run in a circle; carries each cycle as a path
    └── UnknownId      a well-formed id that names nothing; never for a malformed id

`FootpathError` is never raised itself. Programming mistakes stay `TypeError` or
`ValueError`: they are for us to fix, not for a user to read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_SHOWN = 20
"""Faults written out in a message; a broken file of a million rows must stay readable."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule and where it stands.

    `line` counts from 1 and includes the header line of a file; `field` is a column,
    a JSON path or an argument.
    """

    message: str
    file: str | None = None
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return ": ".join(part for part in (place, self.field, self.message) if part)


class FootpathError(Exception):
    """Root of the tree; catch it to turn any refusal into a message."""


class InvalidInput(FootpathError):
    """Input that breaks one or more rules; `faults` lists all that were found."""

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        found = [Fault(faults)] if isinstance(faults, str) else list(faults)
        self.faults: tuple[Fault, ...] = tuple(found)
        super().__init__(_summary(self.faults))


class CycleFound(InvalidInput):
    """Prerequisites that run in a circle; `cycles` holds each as a list of target ids.

    `faults` name the circles where more is known of them, such as lines of a file.
    """

    def __init__(self, cycles: Iterable[list[str]], faults: Iterable[Fault] = ()) -> None:
        self.cycles = [list(cycle) for cycle in cycles]
        super().__init__(
            list(faults)
            or (Fault(f"prerequisites run in a circle: {cycle_path(c)}") for c in self.cycles)
        )


class UnknownId(FootpathError):
    """A well-formed id that names nothing here, e.g. a student who is not on the roster."""

    def __init__(self, kind: str, unknown_id: str) -> None:
        self.kind = kind
        self.unknown_id = unknown_id
        super().__init__(f"there is no {kind} with the id {unknown_id!r}")


def cycle_path(cycle: list[str]) -> str:
    """Write a cycle as a closed path, `a → b → a`."""
    return " → ".join([*cycle, cycle[0]])


def _summary(faults: tuple[Fault, ...]) -> str:
    lines = [str(fault) for fault in faults[:MOST_SHOWN]]
    if len(faults) > MOST_SHOWN:
        lines.append(f"… and {len(faults) - MOST_SHOWN} more")
    return "\n".join(lines)
