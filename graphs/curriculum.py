"""A curriculum: one framework and its prerequisite graph, as one versioned value."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from graphs.case.record import CaseRecord, record_from_document
from graphs.checking import faults_between
from graphs.errors import Fault, InvalidInput
from graphs.files import (
    competencies_from,
    edges_from,
    kinds_from,
    requirements_from,
    scales_from,
    targets_from,
    tasks_from,
)
from graphs.framework import (
    Competency,
    EvidenceKind,
    Framework,
    LearningTarget,
    Scale,
    Task,
)
from graphs.prerequisites import Edge, PrerequisiteGraph
from graphs.requirements import Requirement
from graphs.tables import Table, read_table

FORMAT = "footpath.curriculum/1"
NEEDED = {
    "targets": ("id",),
    "competencies": ("id",),
    "prerequisites": ("prereq", "target"),
    "tasks": ("id", "targets"),
    "kinds": ("id",),
    "scales": ("id", "levels"),
    "requirements": ("pieces",),
}
"""Columns without which a file of a curriculum cannot be read."""
OPTIONAL: Mapping[str, Callable[[Table], tuple[Any, ...]]] = {
    "competencies": competencies_from,
    "prerequisites": edges_from,
    "tasks": tasks_from,
    "kinds": kinds_from,
    "scales": scales_from,
    "requirements": requirements_from,
}
"""The parts that may be left out, and how each is read."""


@dataclass(frozen=True)
class Curriculum:
    """A framework with prerequisites between its targets; consistent once it exists.

    Raises `InvalidInput` when an edge names an unknown target and `CycleFound` when the
    prerequisites run in a circle. `case` keeps what a CASE package said besides.
    """

    framework: Framework
    edges: tuple[Edge, ...] = ()
    case: CaseRecord | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        _ = self.graph  # built now, so that a curriculum that exists is acyclic

    @cached_property
    def graph(self) -> PrerequisiteGraph:
        """The prerequisite graph over the framework's targets."""
        return PrerequisiteGraph((t.id for t in self.framework), self.edges)

    @cached_property
    def version(self) -> str:
        """The first 16 hex digits of the SHA-256 of the document: equal content, equal version."""
        return content_version(self.to_document())

    def with_tasks(self, tasks: tuple[Task, ...]) -> "Curriculum":
        """Return a copy in which these tasks are added, or replace those of the same id."""
        new = {task.id: task for task in tasks}
        if len(new) < len(tasks):
            raise InvalidInput("a task id stands twice")
        kept = tuple(t for t in self.framework.tasks if t.id not in new)
        return replace(self, framework=replace(self.framework, tasks=kept + tasks))

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values; `curriculum_from_document` reads them back equal."""
        framework = self.framework
        parts = ("competencies", "targets", "tasks", "kinds", "scales", "requirements")
        return {
            "format": FORMAT,
            "id": framework.id,
            "title": framework.title,
            **{part: [plain_fields(value) for value in getattr(framework, part)] for part in parts},
            "edges": [plain_fields(edge) for edge in self.edges],
            **({"case": self.case.to_document()} if self.case else {}),
        }


def curriculum_from_document(document: Mapping[str, Any]) -> Curriculum:
    """Read a document written by `Curriculum.to_document`; raises `InvalidInput`."""
    if document.get("format") != FORMAT:
        raise InvalidInput([Fault(f"must be {FORMAT!r}", field="format")])
    try:
        framework = Framework(
            id=document["id"],
            title=document["title"],
            competencies=tuple(Competency(**c) for c in document["competencies"]),
            targets=tuple(LearningTarget(**t) for t in document["targets"]),
            tasks=tuple(_task(t) for t in document["tasks"]),
            kinds=tuple(EvidenceKind(**k) for k in document["kinds"]),
            scales=tuple(Scale(s["id"], tuple(s["levels"])) for s in document["scales"]),
            requirements=tuple(_requirement(r) for r in document.get("requirements", ())),
        )
        edges = tuple(Edge(**e) for e in document["edges"])
        case = document.get("case")
        return Curriculum(framework, edges, record_from_document(case) if case else None)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"not a curriculum document: {error}") from error


def read_curriculum(
    source: Path,
    *,
    framework_id: str | None = None,
    title: str | None = None,
    **files: Path | None,
) -> Curriculum:
    """Read a curriculum from CSV files.

    `source` is a folder with `targets.csv` and, where they exist, `competencies.csv`,
    `prerequisites.csv`, `tasks.csv`, `kinds.csv`, `scales.csv` and `requirements.csv`; or the
    targets file itself. `files` gives any of the others by name: `tasks=Path(…)`. Without a
    file of competencies they are those that the targets name; kinds and scales of a file
    take the place of the default ones. Raises `InvalidInput` naming file, line and column.
    """
    folder = source if source.is_dir() else None
    paths: dict[str, Path | None] = {"targets": folder / "targets.csv" if folder else source}
    for part in OPTIONAL:
        paths[part] = files.pop(part, None) or _beside(folder, part)
    if files:
        raise TypeError(f"no such part of a curriculum: {', '.join(files)}")
    tables = {part: read_table(path, NEEDED[part]) for part, path in paths.items() if path}
    faults = faults_between(tables)
    if faults:
        raise InvalidInput(faults)
    targets = targets_from(tables["targets"])
    name = framework_id or (folder or source).resolve().name.split(".")[0]
    parts: dict[str, Any] = {p: OPTIONAL[p](tables[p]) for p in OPTIONAL if p in tables}
    edges = parts.pop("prerequisites", ())
    parts.setdefault("competencies", _named_by(targets))
    return Curriculum(Framework(id=name, title=title or name, targets=targets, **parts), edges)


def _named_by(targets: tuple[LearningTarget, ...]) -> tuple[Competency, ...]:
    """Return the competencies that targets name, where no file says more of them."""
    names = dict.fromkeys(t.competency for t in targets if t.competency)
    return tuple(Competency(name, name) for name in names)


def content_version(document: Mapping[str, Any]) -> str:
    """Return a 16-digit fingerprint of a JSON document.

    Equal values give equal fingerprints: neither the order of keys nor the spelling of a
    number (15 or 15.0) matters.
    """
    plain = json.loads(json.dumps(document), parse_int=float)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _beside(folder: Path | None, name: str) -> Path | None:
    path = folder / f"{name}.csv" if folder else None
    return path if path and path.exists() else None


def _task(document: Mapping[str, Any]) -> Task:
    given = dict(document)
    given["targets"] = tuple(given["targets"])
    given["interests"] = tuple(given.get("interests", ()))
    return Task(**given)


def _requirement(document: Mapping[str, Any]) -> Requirement:
    return Requirement(**{**document, "kinds": tuple(document.get("kinds", ()))})


def plain_fields(value: Any) -> dict[str, Any]:
    """Return a competency, target, task, kind, scale or edge as plain JSON values."""
    plain = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(value).items()}
    if plain.get("points") == 1:  # said only where it differs: older documents keep their version
        del plain["points"]
    return plain
