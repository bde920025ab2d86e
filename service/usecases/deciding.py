"""Keep what students take and decline of their choices, and say how offers are taken up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import cast

from engine.acceptance import acceptance
from engine.decisions import Decision, Said, Why, last_words
from graphs import Fault, FootpathError, InvalidInput, UnknownId
from graphs.curriculum import content_version
from graphs.goals import goal_targets
from service.access import visible_class, visible_students
from service.contract import (
    AcceptanceOut,
    ActIn,
    DecisionIn,
    DecisionOut,
    DecisionUndone,
    OfferedOut,
    StudentDecisions,
    TakenOut,
    Versions,
)
from service.meaning import yet_to_come
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, Unit, decisions, people
from service.store.decisions import StoredDecision, StoredUndo


class DecisionConflict(FootpathError):
    """An id that already stands for another decision or act."""


class UndoneBefore(DecisionConflict):
    """An undo of a decision that is undone already."""


def decide(store: Store, principal: Principal, sent: DecisionIn, now: datetime) -> DecisionOut:
    """Keep a decision; the same again changes nothing.

    Raises `UnknownId` for the student or the goal, `InvalidInput` for a decision that does not
    fit its offer, `DecisionConflict`.
    """
    with store.write(principal.district) as unit:
        visible_students(unit, principal, [sent.student])
        school = load_school(unit)
        faults = [*_faults(school, sent, now)]
        if faults:
            raise InvalidInput(faults)
        if sent.goal is not None:
            goal_targets(school.curriculum.framework, sent.goal)
        new = _stored(school, principal, sent, now)
        known = _known(unit, new, sent)
        if known is None:
            new = new if sent.id else replace(new, id=_new_id(unit, new))
            decisions.add(unit, new)
    return decision_answer(known or new)


def undo(
    store: Store,
    principal: Principal,
    decision_id: str,
    act: ActIn,
    now: datetime,
    student: str | None = None,
) -> DecisionOut:
    """Take a decision back: it stays, but counts for nothing; the same again changes nothing.

    With a `student` only their own decisions are found. Raises `UnknownId` for the decision,
    `UndoneBefore` where another act took it back before, `DecisionConflict`.
    """
    with store.write(principal.district) as unit:
        kept = decisions.by_id(unit, decision_id)
        if kept is None or student not in {None, kept.student}:
            raise UnknownId("decision", decision_id)
        visible_students(unit, principal, [kept.student])
        undone = _undone_before(kept, act, principal)
        if undone is None:
            undone_id = act.id or "u-" + content_version({"decision": kept.id})
            if decisions.undone_by(unit, undone_id) is not None:
                raise DecisionConflict(f"the id {undone_id!r} already stands for another undo")
            undone = StoredUndo(undone_id, act.author or principal.id, act.reason, now)
            decisions.add_undo(unit, kept, undone)
    return decision_answer(replace(kept, undone=undone))


def student_decisions(store: Store, principal: Principal, student: str) -> StudentDecisions:
    """Return what a student took and declined. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        kept = decisions.of_students(unit, [student])
    return StudentDecisions(student=student, decisions=[decision_answer(d) for d in kept])


def taken_lately(store: Store, principal: Principal, student: str, now: datetime) -> dict[str, str]:
    """Return the options that a student took today and has not declined since.

    Each with the id of the decision.
    """
    with store.read(principal.district) as unit:
        visible_students(unit, principal, [student])
        said = last_words(decided(unit, student))
    today = now.date()
    return {o: d.id for o, d in said.items() if d.said == "taken" and d.at.date() == today}


def wishes(store: Store, principal: Principal, student: str) -> list[DecisionOut]:
    """Return the last wishes of a student for something else, the newest first, three at most.

    A wish that was taken back is none.
    """
    said = student_decisions(store, principal, student).decisions
    return [each for each in reversed(said) if each.said == "other" and not each.undone][:3]


def acceptance_rates(
    store: Store, principal: Principal, class_id: str | None = None
) -> AcceptanceOut:
    """Return how offers are taken up, in a class or in all. Raises `UnknownId`."""
    with store.read(principal.district) as unit:
        students = None
        if class_id is not None:
            visible_class(unit, principal, class_id)
            students = people.members(unit, class_id)
        found = acceptance(as_decisions(decisions.of_students(unit, students)))
    return AcceptanceOut(
        offers=found.offers,
        other=found.other,
        why=found.why,
        rates=[TakenOut.model_validate(asdict(rate)) for rate in found.rates],
    )


def decided(unit: Unit, student: str) -> tuple[Decision, ...]:
    """Return what one student decided, as the engine reads it."""
    return tuple(as_decisions(decisions.of_students(unit, [student])))


def as_decisions(kept: Iterable[StoredDecision]) -> Iterator[Decision]:
    """Read the kept decisions that stand as the engine does."""
    for each in kept:
        if each.undone is not None:
            continue
        yield Decision(
            each.id,
            each.student,
            each.recommendation,
            cast(Said, each.said),
            each.option,
            cast(Why, each.why),
            each.decided_at,
            each.offer,
            each.author,
        )


def decision_answer(kept: StoredDecision) -> DecisionOut:
    """Write a decision as an answer."""
    return DecisionOut(
        id=kept.id,
        student=kept.student,
        recommendation_id=kept.recommendation,
        said=cast(Said, kept.said),
        option=kept.option,
        why=kept.why,
        words=kept.words,
        goal=kept.goal,
        author=kept.author,
        decided_at=kept.decided_at,
        recorded_at=kept.recorded_at,
        offered=[OfferedOut(option=option, purpose=purpose) for option, purpose in kept.offer],
        versions=Versions(**kept.versions),
        undone=None if kept.undone is None else DecisionUndone(**asdict(kept.undone)),
    )


def _faults(school: School, sent: DecisionIn, now: datetime) -> Iterator[Fault]:
    offered = [each.option for each in sent.offered]
    known = {option.id for option in school.layout.options}
    for i, option in enumerate(offered):
        if option not in known:
            yield Fault(f"there is no option {option!r}", field=f"offered.{i}.option")
        if option in offered[:i]:
            yield Fault(f"{option!r} is offered twice", field=f"offered.{i}.option")
    yield from _subject_faults(sent, offered)
    if sent.why and sent.said != "declined":
        yield Fault("only what is declined has a word for why", field="why")
    late = yet_to_come(sent.decided_at, now)
    if late:
        yield Fault(late, field="decided_at")


def _subject_faults(sent: DecisionIn, offered: Sequence[str]) -> Iterator[Fault]:
    """Find what is wrong with what a decision is about."""
    if sent.said == "other":
        if sent.option is not None:
            yield Fault("another wish is about no option that was offered", field="option")
        if not sent.words.strip():
            yield Fault("say what is wished for instead", field="words")
    elif not offered:
        yield Fault("name what was offered", field="offered")
    elif sent.option not in offered:
        yield Fault("must be one of the options that were offered", field="option")


def _stored(
    school: School, principal: Principal, sent: DecisionIn, now: datetime
) -> StoredDecision:
    author = sent.author or principal.id
    return StoredDecision(
        sent.id or "", sent.student, sent.recommendation_id, sent.said,
        sent.option, sent.why, sent.words, author, sent.decided_at or now, now, sent.goal,
        tuple((each.option, each.purpose) for each in sent.offered),
        school.versions.model_dump(),
    )  # fmt: skip


def _known(unit: Unit, new: StoredDecision, sent: DecisionIn) -> StoredDecision | None:
    """Return the decision that says the same: under its id, or else as the last word on it."""
    if sent.id is not None:
        known = decisions.by_id(unit, sent.id)
        if known is not None and not _same(known, new, sent):
            raise DecisionConflict(f"the id {sent.id!r} already stands for another decision")
        return known
    before = decisions.of_students(unit, [new.student])
    on_it = [d for d in before if d.option == new.option and d.undone is None]
    return on_it[-1] if on_it and _same(on_it[-1], new, sent) else None


def _same(known: StoredDecision, new: StoredDecision, sent: DecisionIn) -> bool:
    at = sent.decided_at is None or known.decided_at == new.decided_at
    return at and _content(known) == _content(new)


def _new_id(unit: Unit, new: StoredDecision) -> str:
    """Return an id for a decision that came without one: no two of a student share it."""
    before = len(decisions.of_students(unit, [new.student]))
    return "d-" + content_version({"number": before, "content": repr(_content(new))})


def _undone_before(kept: StoredDecision, act: ActIn, principal: Principal) -> StoredUndo | None:
    """Return the undo of a decision if it says the same as an act, `None` while it stands."""
    undone = kept.undone
    if undone is None:
        return None
    said = (act.id or undone.id, act.author or principal.id, act.reason)
    if said != (undone.id, undone.author, undone.reason):
        raise UndoneBefore(
            f"the decision {kept.id!r} is undone already, by {undone.author} on"
            f" {undone.undone_at:%Y-%m-%d}; what it took back can be decided anew"
        )
    return undone


def _content(kept: StoredDecision) -> tuple[object, ...]:
    return (
        kept.student, kept.recommendation, kept.said, kept.option, kept.why, kept.words,
        kept.author, kept.goal, kept.offer,
    )  # fmt: skip
