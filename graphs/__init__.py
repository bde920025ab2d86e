"""What there is to learn.

Here live the framework (competencies, learning targets, tasks, evidence kinds, scales),
the prerequisite graph, the checks that name every fault of a curriculum, CSV files and CASE
packages in and out, and the root of Footpath's errors. Nothing here knows a student.
"""

from graphs.curriculum import Curriculum, curriculum_from_document, read_curriculum
from graphs.errors import CycleFound, Fault, FootpathError, InvalidInput, UnknownId
from graphs.framework import (
    Competency,
    EvidenceKind,
    Framework,
    LearningTarget,
    Scale,
    Task,
)
from graphs.linting import LintReport, lint
from graphs.prerequisites import Edge, PrerequisiteGraph
from graphs.requirements import Requirement
from graphs.streaming import stream_table
from graphs.tables import read_table

__all__ = [
    "Competency",
    "Curriculum",
    "CycleFound",
    "Edge",
    "EvidenceKind",
    "Fault",
    "FootpathError",
    "Framework",
    "InvalidInput",
    "LearningTarget",
    "LintReport",
    "PrerequisiteGraph",
    "Requirement",
    "Scale",
    "Task",
    "UnknownId",
    "curriculum_from_document",
    "lint",
    "read_curriculum",
    "read_table",
    "stream_table",
]
