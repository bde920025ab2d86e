"""Placement: where a new student probably stands, and what to ask next."""

from datetime import datetime

from engine import Placement, place
from engine.placement import is_new
from models import ResponseLog
from models.starts import Joint
from service.access import visible_students
from service.contract import PartOut, PlacementOut, PlaceOut
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, documents, evidence


def student_placement(
    store: Store, principal: Principal, student: str, now: datetime, probes: int | None = None
) -> PlacementOut:
    """Return a student's placement; `probes` replaces the policy's. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        school = load_school(unit)
        log = evidence.logs_of(unit, [student])[student]
    joint = Joint(school.starts, school.curriculum.graph)
    found = place(joint, school.policy, log.evidence, probes)
    return _answer(school, student, now, found, is_new(school.policy, log.evidence))


def put_starts(store: Store, principal: Principal, log: ResponseLog, now: datetime) -> str:
    """Fit where students start to a school's log, put it in force and return its version."""
    from models.starts_fit import fit_starts  # noqa: PLC0415 - scipy's search, for fits alone

    with store.read(principal.district) as unit:
        graph = load_school(unit).curriculum.graph
    document = fit_starts(log, graph).to_document()
    version = str(document["version"])
    with store.write(principal.district) as unit:
        documents.put_document(unit, "starts", version, document, now)
    return version


def _answer(
    school: School, student: str, now: datetime, found: Placement, new: bool
) -> PlacementOut:
    framework = school.curriculum.framework
    return PlacementOut(
        student=student,
        as_of=now,
        versions=school.versions,
        starts=str(school.starts.to_document()["version"]),
        new=new,
        answered=found.answered,
        left=found.left,
        finished=found.finished,
        next_probes=list(found.next_probes),
        places=[
            PlaceOut(
                target=each.target,
                text=framework.target(each.target).text,
                where=each.where,
                p=each.p,
                seen=each.seen,
                rests_on=[
                    PartOut(evidence=piece, log_odds=said)
                    for piece, said in zip(each.evidence, each.said, strict=True)
                ],
            )
            for each in found.places
        ],
    )
