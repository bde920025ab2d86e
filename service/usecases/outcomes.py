"""How it went: what was answered, whether it has ended since, and that by cause."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from engine import percent
from engine.class_facts import ClassFacts
from engine.exits import course_of
from engine.proposals import CAUSES, Said
from models import in_force
from service.access import visible_class
from service.contract import AnsweredList, AnsweredOut, CauseCourses, OutcomeOut
from service.looking import Look, look_at
from service.principal import Principal
from service.school import load_school
from service.store import Store, people, support
from service.store.support import StoredAnswer
from service.usecases.facts import facts_of, past

COURSE_WORDS = {
    "ended": "It has ended as agreed.",
    "open": "It goes on.",
    "expired": "It has expired and has not ended.",
    None: "",
}


def class_answers(store: Store, principal: Principal, class_id: str, now: datetime) -> AnsweredList:
    """Return what was answered in a class, latest first, how it went since, and that by cause."""
    with store.read(principal.district) as unit:
        visible_class(unit, principal, class_id)
        students = people.members(unit, class_id)
        look = look_at(unit, load_school(unit), students, now)
        kept = support.of_students(unit, students)
    facts = facts_of(look, kept)
    mine = [each for each in kept.answers if each.class_id == class_id]
    said = [answered(look, facts, each) for each in mine[::-1] if each.said != "held_out"]
    held_out = Counter(each.body["cause"] for each in mine if each.said == "held_out")
    return AnsweredList(class_id=class_id, answers=said, by_cause=_by_cause(said, held_out))


def _by_cause(said: Sequence[AnsweredOut], held_out: Mapping[str, int]) -> list[CauseCourses]:
    """Count how what was answered has gone, for each cause that was."""
    found = []
    for cause in CAUSES:
        mine = [each for each in said if each.cause == cause]
        courses = Counter(each.outcome.course for each in mine)
        answers = Counter(each.said for each in mine)
        if mine or held_out.get(cause):
            found.append(
                CauseCourses(
                    cause=cause,
                    accepted=answers["accept"],
                    ended=courses["ended"],
                    open=courses["open"],
                    expired=courses["expired"],
                    not_now=answers["not_now"],
                    wrong=answers["wrong"],
                    held_out=held_out.get(cause, 0),
                )
            )
    return found


def answered(look: Look, facts: ClassFacts, kept: StoredAnswer) -> AnsweredOut:
    """Write an answer with how it went since."""
    body = kept.body
    return AnsweredOut(
        intervention=kept.id,
        student=kept.student,
        cause=body["cause"],
        target=body["target"],
        said=cast(Said, kept.said),
        reason=kept.reason,
        author=kept.author,
        recorded_at=kept.recorded_at,
        why=body["why"],
        action=body["action"],
        exit_rule=body["exit_rule"],
        expires=date.fromisoformat(body["expires"]),
        outcome=_outcome(look, facts, kept),
    )


def estimate_of(look: Look, student: str, target: str | None) -> float | None:
    """Return P(mastered) of a target now; `None` for no target of the curriculum in force."""
    column = look.board.curriculum.graph.position.get(target or "")
    return None if column is None else float(look.board.p[look.board.row(student), column])


def _outcome(look: Look, facts: ClassFacts, kept: StoredAnswer) -> OutcomeOut:
    target, before = kept.body["target"], kept.body["before"]
    now = estimate_of(look, kept.student, target)
    pieces = in_force(look.logs[kept.student].evidence)
    new = max(len(pieces) - int(kept.body["pieces"]), 0)
    course = course_of(facts, past(kept)) if kept.said == "accept" else None
    words = " ".join(filter(None, (COURSE_WORDS[course], _since(before, now, new))))
    return OutcomeOut(before=before, now=now, new_evidence=new, course=course, words=words)


def _since(before: float | None, now: float | None, new: int) -> str:
    if not new:
        return "Nothing new has been seen since."
    if before is None or now is None:
        return f"{new} new pieces of evidence since." if new > 1 else "One new piece since."
    return (
        f"Estimate {percent(before)} then, {percent(now)} now, {new} new pieces of evidence; "
        "other things may have played a part."
    )
