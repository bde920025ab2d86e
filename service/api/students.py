"""Routes on one student: mastery, evidence, explanation, choices."""

from typing import Annotated

from fastapi import APIRouter, Query

from engine import Wishes
from service.api.asking import Ask, Past
from service.contract import (
    Choices,
    Conference,
    Day,
    ErasedOut,
    PathwayOut,
    PlacementOut,
    PlanIn,
    PlanOut,
    StudentEvents,
    StudentEvidence,
    StudentExport,
    StudentMastery,
    SubmissionIn,
    SubmissionOut,
    TargetExplanation,
)
from service.guards import PathId
from service.usecases import (
    amending,
    conferring,
    exporting,
    pathways,
    placing,
    recommending,
    standing,
)

router = APIRouter(tags=["students"])
Names = Annotated[list[str], Query(max_length=20)]


@router.get("/students/{student_id}/mastery")
def get_mastery(ask: Ask, student_id: PathId, past: Past) -> StudentMastery:
    """Return where a student stands on every learning target, now or as of a past moment."""
    return standing.student_mastery(ask.store, ask.principal, student_id, ask.clock(), past)


@router.get("/students/{student_id}/mastery/{target_id}")
def get_explanation(
    ask: Ask, student_id: PathId, target_id: PathId, past: Past
) -> TargetExplanation:
    """Return what each piece of evidence did to one estimate, in log-odds."""
    return standing.explain(ask.store, ask.principal, student_id, target_id, ask.clock(), past)


@router.get("/students/{student_id}/events")
def get_events(ask: Ask, student_id: PathId) -> StudentEvents:
    """Return what people corrected, withdrew, judged and undid in a student's log."""
    return amending.student_events(ask.store, ask.principal, student_id)


@router.get("/students/{student_id}/export")
def get_export(ask: Ask, student_id: PathId) -> StudentExport:
    """Return all that is kept of a student."""
    return exporting.student_export(ask.store, ask.principal, student_id, ask.clock())


@router.delete("/students/{student_id}")
def delete_student(ask: Ask, student_id: PathId) -> ErasedOut:
    """Remove a student and all that is kept of them, for good."""
    return exporting.erase_student(ask.store, ask.principal, student_id)


@router.get("/students/{student_id}/evidence")
def get_evidence(ask: Ask, student_id: PathId) -> StudentEvidence:
    """Return a student's evidence log in reading order."""
    return standing.student_evidence(ask.store, ask.principal, student_id)


@router.get("/students/{student_id}/choices")
def get_choices(
    ask: Ask,
    student_id: PathId,
    goal: str | None = None,
    n: Annotated[int | None, Query(ge=2, le=4)] = None,
    format: Names = [],  # noqa: A002, B006  # the wire name; FastAPI copies the default
    interest: Names = [],  # noqa: B006
    extra_time: Annotated[float, Query(ge=1, le=10)] = 1.0,
) -> Choices:
    """Return two to four choices of what to do next, with reasons and what would change them.

    `extra_time` (1.5: half as much again) is an accommodation: it lengthens the minutes and is no
    model input.
    """
    wishes = Wishes(goal, n, tuple(format), tuple(interest), extra_time)
    return recommending.student_choices(ask.store, ask.principal, student_id, wishes, ask.clock())


@router.get("/students/{student_id}/pathway")
def get_pathway(
    ask: Ask, student_id: PathId, goal: str | None = None, by: Day | None = None
) -> PathwayOut:
    """Return the way to a goal, the agreed one by default: checkpoints, minutes, pace."""
    now = ask.clock()
    return pathways.student_pathway(ask.store, ask.principal, student_id, now, goal, by)


@router.get("/students/{student_id}/placement")
def get_placement(
    ask: Ask, student_id: PathId, probes: Annotated[int | None, Query(ge=1, le=100)] = None
) -> PlacementOut:
    """Return where a new student probably stands, and which targets to ask about next."""
    return placing.student_placement(ask.store, ask.principal, student_id, ask.clock(), probes)


@router.get("/students/{student_id}/conference")
def get_conference(ask: Ask, student_id: PathId, class_id: str | None = None) -> Conference:
    """Return the sheet of a talk: since last time, growth, needs, goal, choices, one question."""
    return conferring.conference(ask.store, ask.principal, student_id, ask.clock(), class_id)


@router.put("/students/{student_id}/plan")
def put_plan(ask: Ask, student_id: PathId, plan: PlanIn) -> PlanOut:
    """Keep what was agreed with a student: goal and day, formats, the student's own words."""
    return conferring.put_plan(ask.store, ask.principal, student_id, plan, ask.clock())


@router.post("/submissions")
def post_submission(ask: Ask, work: SubmissionIn) -> SubmissionOut:
    """Keep work that was handed in and waits for its mark; safe to repeat."""
    return conferring.hand_in(ask.store, ask.principal, work, ask.clock())
