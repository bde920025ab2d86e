"""A framework from the files a user has: CSV tables, a CASE package, or our own document."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphs import Curriculum, Fault, InvalidInput, curriculum_from_document, read_curriculum
from graphs.case.mapping import Naming, curriculum_from_case
from graphs.case.reading import read_package
from graphs.json_source import read_json_source
from graphs.merging import Merge, merge_edges, read_edges
from graphs.tables import read_table
from graphs.tasks import tasks_for


@dataclass(frozen=True, slots=True)
class FrameworkFiles:
    """Where a framework stands, and how to read it.

    `source` is a folder of CSV files, a targets file, a CASE package or a document of ours
    (`.json`). `ids` says what of a CASE item becomes its id. `prefix` and `leave_out` tell
    how the prerequisites of a second source are merged (see `graphs.merging`).
    """

    source: Path
    prerequisites: Path | None = None
    competencies: Path | None = None
    tasks: Path | None = None
    kinds: Path | None = None
    scales: Path | None = None
    requirements: Path | None = None
    framework_id: str | None = None
    title: str | None = None
    ids: Naming = "identifier"
    prefix: str = ""
    leave_out: bool = False


@dataclass(frozen=True, slots=True)
class FrameworkRead:
    """A curriculum, and what is worth telling about how it came about."""

    curriculum: Curriculum
    told: dict[str, Any] = field(default_factory=dict)


def read_framework(files: FrameworkFiles) -> FrameworkRead:
    """Read a framework. Raises `InvalidInput` naming every fault by file, line and field."""
    if files.source.suffix != ".json" or files.source.is_dir():
        return _from_tables(files)
    if files.competencies:
        message = "goes with a targets file; this framework has its own competencies"
        raise InvalidInput([Fault(message, files.competencies.name)])
    read = _from_json(files)
    curriculum = read.curriculum
    if files.tasks:
        table = read_table(files.tasks, ("id", "targets"))
        curriculum = curriculum.with_tasks(tasks_for(table, curriculum))
    return _merged(FrameworkRead(curriculum, read.told), files)


def told_of(merge: Merge) -> dict[str, Any]:
    """Say what became of the edges of a second source."""
    return {
        "read": merge.read,
        "added": len(merge.added),
        "known": len(merge.known),
        "spread": merge.spread,
        "left_out": [str(fault) for fault in merge.left_out],
    }


def _from_tables(files: FrameworkFiles) -> FrameworkRead:
    package = files.prerequisites is not None and files.prerequisites.suffix == ".json"
    second = package or files.prefix or files.leave_out
    curriculum = read_curriculum(
        files.source,
        prerequisites=None if second else files.prerequisites,
        competencies=files.competencies,
        tasks=files.tasks,
        kinds=files.kinds,
        scales=files.scales,
        requirements=files.requirements,
        framework_id=files.framework_id,
        title=files.title,
    )
    return _merged(FrameworkRead(curriculum), files) if second else FrameworkRead(curriculum)


def _from_json(files: FrameworkFiles) -> FrameworkRead:
    source = read_json_source(files.source)
    if "format" in source.document:
        named = {"id": files.framework_id, "title": files.title}
        given = {key: value for key, value in named.items() if value}
        return FrameworkRead(curriculum_from_document({**source.document, **given}))
    reading = curriculum_from_case(
        read_package(source), ids=files.ids, framework_id=files.framework_id, title=files.title
    )
    told = {"kept_aside": dict(reading.kept_aside), "unmapped": dict(reading.unmapped)}
    return FrameworkRead(reading.curriculum, told)


def _merged(read: FrameworkRead, files: FrameworkFiles) -> FrameworkRead:
    if not files.prerequisites:
        return read
    merge = merge_edges(
        read.curriculum,
        read_edges(files.prerequisites),
        prefix=files.prefix,
        leave_out=files.leave_out,
    )
    return FrameworkRead(merge.curriculum, {**read.told, "merged": told_of(merge)})
