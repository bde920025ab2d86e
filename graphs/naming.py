"""Find competencies and learning targets by any name that other systems give them.

Our id, the identifier and URI of CASE, and the published code, in this order; letters' case
and `-` or `_` make no difference where that leaves no doubt.
"""

from collections.abc import Iterable
from functools import cached_property

from graphs.case.record import CaseRecord, found
from graphs.curriculum import Curriculum
from graphs.framework import CODE, LearningTarget

Node = tuple[str, str]
"""`("target", id)` or `("competency", id)`."""


class Names:
    """The competencies and learning targets of a curriculum by every name they may go by.

    `prefix` is tried before a name that is not known as it stands.
    """

    def __init__(self, curriculum: Curriculum, prefix: str = "") -> None:
        self._curriculum = curriculum
        self._prefix = prefix

    def nodes(self, names: Iterable[str]) -> list[Node]:
        """Return what the first name that is known at all may mean; several leave a doubt."""
        for name in names:
            for spelled in (name, self._prefix + name):
                for table in self._exact:
                    if spelled in table:
                        return table[spelled]
                if loosely(spelled) in self._loose:
                    return self._loose[loosely(spelled)]
        return []

    def target(self, name: str) -> str | None:
        """Return the id of the one learning target that goes by a name, if there is one."""
        nodes = self.nodes([name])
        return nodes[0][1] if len(nodes) == 1 and nodes[0][0] == "target" else None

    def targets(self, node: Node) -> tuple[str, ...]:
        """Return the learning targets in a competency, or a learning target itself."""
        kind, name = node
        return (name,) if kind == "target" else self._inside.get(name, ())

    @cached_property
    def _exact(self) -> tuple[dict[str, list[Node]], ...]:
        """What is known by our id, by the identifier and URI of CASE, and by code."""
        tables: tuple[dict[str, list[Node]], ...] = ({}, {}, {}, {})
        framework, case = self._curriculum.framework, self._curriculum.case or CaseRecord()
        for value in (*framework, *framework.competencies):
            target = isinstance(value, LearningTarget)
            node = ("target" if target else "competency", value.id)
            kept = (case.targets if target else case.competencies).get(value.id, {})
            others = {kept.get("identifier"), kept.get("uri"), found(kept).get("identifier")}
            tables[0 if target else 1].setdefault(value.id, []).append(node)
            for name in others - {None}:
                tables[2].setdefault(str(name), []).append(node)
            if value.extra.get(CODE):
                tables[3].setdefault(value.extra[CODE], []).append(node)
        return tables

    @cached_property
    def _loose(self) -> dict[str, list[Node]]:
        """What is known by any name, however its letters and dashes are written."""
        table: dict[str, list[Node]] = {}
        for exact in self._exact:
            for name, nodes in exact.items():
                known = table.setdefault(loosely(name), [])
                known += [node for node in nodes if node not in known]
        return table

    @cached_property
    def _inside(self) -> dict[str, tuple[str, ...]]:
        """The learning targets in each competency, also in those it contains."""
        framework = self._curriculum.framework
        parents = {c.id: c.parent for c in framework.competencies}
        inside: dict[str, list[str]] = {}
        for target in framework:
            above = target.competency
            while above is not None:
                inside.setdefault(above, []).append(target.id)
                above = parents[above]
        return {name: tuple(targets) for name, targets in inside.items()}


def loosely(name: str) -> str:
    """Return a name without the differences that sources make: case, `-` for `_`."""
    return name.casefold().replace("_", "-")
