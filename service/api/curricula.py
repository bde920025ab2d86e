"""Routes on the curriculum in force."""

from typing import Any

from fastapi import APIRouter

from graphs import curriculum_from_document
from graphs.case.mapping import Naming, curriculum_from_case
from graphs.case.reading import read_package
from graphs.case.writing import case_package
from graphs.json_source import JsonSource
from service.api.asking import Ask
from service.contract import CaseOutcome, CurriculumSummary, GraphOut, TargetOut
from service.curriculum_document import CurriculumDocument
from service.guards import PathId
from service.usecases import curricula

router = APIRouter(tags=["framework"])


@router.get("/framework")
def get_framework(ask: Ask) -> dict[str, Any]:
    """Return the whole curriculum in force as one document."""
    return curricula.curriculum_in_force(ask.store, ask.principal).to_document()


@router.put("/framework")
def put_framework(ask: Ask, document: CurriculumDocument) -> CurriculumSummary:
    """Put a curriculum document in force; evidence is left as it is."""
    curriculum = curriculum_from_document(document.model_dump())
    return curricula.put_curriculum(ask.store, ask.principal, curriculum, ask.clock())


@router.get("/framework/case")
def get_case(ask: Ask) -> dict[str, Any]:
    """Return the curriculum in force as a CASE package in strict form."""
    curriculum = curricula.curriculum_in_force(ask.store, ask.principal)
    return case_package(curriculum, ask.clock())


@router.put("/framework/case")
def put_case(ask: Ask, package: dict[str, Any], ids: Naming = "identifier") -> CaseOutcome:
    """Put the framework of a CASE package in force; `ids` says what of an item is its id."""
    reading = curriculum_from_case(read_package(JsonSource(package)), ids=ids)
    done = curricula.put_curriculum(ask.store, ask.principal, reading.curriculum, ask.clock())
    return CaseOutcome(
        curriculum=done, kept_aside=dict(reading.kept_aside), unmapped=dict(reading.unmapped)
    )


@router.get("/framework/graph")
def get_graph(ask: Ask) -> GraphOut:
    """Return the prerequisite graph: targets in layers, and edges."""
    return curricula.graph_answer(curricula.curriculum_in_force(ask.store, ask.principal))


@router.get("/targets/{target_id}")
def get_target(ask: Ask, target_id: PathId) -> TargetOut:
    """Return one learning target with its prerequisites, dependents and tasks."""
    curriculum = curricula.curriculum_in_force(ask.store, ask.principal)
    return curricula.target_answer(curriculum, target_id)
