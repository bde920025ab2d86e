"""Placement: where a new student probably stands, and what to ask next."""

from datetime import datetime

from engine import Placement, place
from engine.placed_why import Explained, explained
from engine.placement import Place, is_new, probes_for
from engine.proposed import implied_of, judgements_of
from models import ResponseLog
from service.access import visible_students
from service.contract import PartOut, PlacementOut, PlaceOut, ProbeOut
from service.looking import Look
from service.principal import Principal
from service.school import load_school
from service.store import Store, documents
from service.usecases.facts import today_alone
from service.usecases.standing import evidence_by_target, reason_answer


def student_placement(
    store: Store, principal: Principal, student: str, now: datetime, probes: int | None = None
) -> PlacementOut:
    """Return a student's placement; `probes` replaces the policy's. Raises `UnknownId`.

    Who has worked on something else in the meantime is asked nothing more, as in the choices. What
    the conference sheet wants probed for another reason is said as well.
    """
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        today = today_alone(unit, load_school(unit), student, now)
    look = today.look
    school, log = look.school, look.logs[student].evidence
    row = look.board.row(student)
    judged, implied = judgements_of(look.board, row), implied_of(look.board, row)
    most = probes_for(school.policy, log, judged) if probes is None else probes
    found = place(school.joint, school.policy, log, most, judged, implied)
    needs = [need for _, need in today.ranked.told[student]]
    why = explained(school.joint, school.policy, log, found, probes, judged, implied, needs)
    return _answer(look, student, found, why)


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


def _answer(look: Look, student: str, found: Placement, why: Explained) -> PlacementOut:
    school, log = look.school, look.logs[student].evidence
    framework, cited = school.curriculum.framework, evidence_by_target(log)
    return PlacementOut(
        student=student,
        as_of=look.now,
        versions=school.versions,
        starts=str(school.starts.to_document()["version"]),
        new=is_new(school.policy, log),
        answered=found.answered,
        left=found.left,
        finished=found.finished,
        next_probes=list(found.next_probes),
        would_ask=[
            ProbeOut(target=target, text=framework.target(target).text, settles=settles)
            for target, settles in why.would_ask.items()
        ],
        says=[reason_answer(framework, reason) for reason in why.says],
        places=[
            _place_answer(look, student, each, cited.get(each.target, [])) for each in found.places
        ],
    )


def _place_answer(look: Look, student: str, found: Place, evidence: list[str]) -> PlaceOut:
    board, graph = look.board, look.school.curriculum.graph
    implied_by = board.implied_by(board.row(student), found.target)
    known = found.seen or bool(implied_by)
    return PlaceOut(
        target=found.target,
        text=look.school.curriculum.framework.target(found.target).text,
        where=None if known else found.where,
        p=None if known else found.p,
        usual=found.usual,
        seen=found.seen,
        implied_by=list(implied_by),
        rests_on=[
            PartOut(target=part.target, evidence=part.evidence, log_odds=part.said)
            for part in found.rests_on
        ],
        status=board.status_of(board.row(student), graph.position[found.target]),
        evidence=evidence,
    )
