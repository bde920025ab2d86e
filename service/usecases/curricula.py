"""Put a curriculum, a policy or a model in force, and read the curriculum back."""

from collections.abc import Callable
from datetime import datetime

from engine import Policy
from graphs import Curriculum, InvalidInput
from graphs.case.writing import CaseWriter
from models import MasteryModel, model_document
from service.contract import CurriculumSummary, ExternalId, GraphOut, TargetOut
from service.principal import Principal
from service.school import load_school
from service.store import Store, documents
from service.usecases.rehearsing import writing


def put_curriculum(
    store: Store, principal: Principal, curriculum: Curriculum, now: datetime
) -> CurriculumSummary:
    """Put a curriculum in force in place of the one before; evidence is left as it is.

    Raises `InvalidInput` for one without any learning target.
    """
    refuse_empty(curriculum)
    with store.write(principal.district) as unit:
        body = curriculum.to_document()
        documents.put_document(unit, "curriculum", curriculum.version, body, now)
    return summary(curriculum)


def refuse_empty(curriculum: Curriculum) -> None:
    """Raise `InvalidInput` for a curriculum without any learning target."""
    if not curriculum.framework.targets:
        raise InvalidInput("a curriculum needs at least one learning target")


def change_curriculum(
    store: Store,
    principal: Principal,
    change: Callable[[Curriculum], Curriculum],
    now: datetime,
    *,
    dry_run: bool = False,
) -> CurriculumSummary:
    """Put what `change` makes of the curriculum in force in its place; a dry run does not."""
    with writing(store, principal, dry_run=dry_run) as unit:
        curriculum = change(load_school(unit).curriculum)
        body = curriculum.to_document()
        documents.put_document(unit, "curriculum", curriculum.version, body, now)
    return summary(curriculum)


def put_policy(store: Store, principal: Principal, policy: Policy, now: datetime) -> str:
    """Put a policy in force and return its version."""
    with store.write(principal.district) as unit:
        documents.put_document(unit, "policy", policy.version, policy.to_document(), now)
    return policy.version


def put_model(store: Store, principal: Principal, model: MasteryModel, now: datetime) -> str:
    """Put a fitted model in force and return its version; states are folded anew."""
    document = model_document(model)
    version = str(document["version"])
    with store.write(principal.district) as unit:
        documents.put_document(unit, "model", version, document, now)
    return version


def curriculum_in_force(store: Store, principal: Principal) -> Curriculum:
    """Return the curriculum in force. Raises `NothingYet`."""
    with store.read(principal.district) as unit:
        return load_school(unit).curriculum


def summary(curriculum: Curriculum) -> CurriculumSummary:
    """Say in short what a curriculum holds."""
    framework = curriculum.framework
    return CurriculumSummary(
        id=framework.id,
        title=framework.title,
        version=curriculum.version,
        competencies=len(framework.competencies),
        targets=len(framework.targets),
        prerequisites=sum(e.relation == "prerequisite" for e in curriculum.edges),
        tasks=len(framework.tasks),
    )


def graph_answer(curriculum: Curriculum) -> GraphOut:
    """Write the prerequisite graph as an answer."""
    edges = curriculum.edges
    return GraphOut(
        version=curriculum.version,
        generations=[list(layer) for layer in curriculum.graph.generations],
        prerequisites=[(e.prereq, e.target) for e in edges if e.relation == "prerequisite"],
        encompasses=[(e.prereq, e.target) for e in edges if e.relation == "encompasses"],
    )


def target_answer(curriculum: Curriculum, target_id: str) -> TargetOut:
    """Write one learning target and its neighbours. Raises `UnknownId`."""
    target = curriculum.framework.target(target_id)
    link = CaseWriter(curriculum, None).link(("target", target_id))
    return TargetOut(
        id=target.id,
        text=target.text,
        student_text=target.for_student,
        competency=target.competency,
        grade=target.grade,
        prerequisites=list(curriculum.graph.prerequisites(target_id)),
        dependents=list(curriculum.graph.dependents(target_id)),
        tasks=[t.id for t in curriculum.framework.tasks if target_id in t.targets],
        code=target.code,
        external_ids=[ExternalId(system="case", id=link["identifier"], uri=link["uri"])],
    )
