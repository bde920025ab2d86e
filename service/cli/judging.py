"""`footpath mastery`, `override`, `correct`, `withdraw`, `undo`, `events`: one student's log."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from service.cli.output import AsJson, StoreUrl, opened, show, table
from service.principal import LOCAL, Principal

if TYPE_CHECKING:
    from service.contract import ActIn, EventOut, EvidenceOut, StudentMastery, TargetExplanation
    from service.looking import AsOf
    from service.store import Store

StudentId = Annotated[str, typer.Argument(metavar="STUDENT", help="Id of the student.")]
EvidenceId = Annotated[str, typer.Argument(metavar="EVIDENCE", help="Id of the evidence.")]
Reason = Annotated[str, typer.Option(help="Why; it stays in the log.")]
Author = Annotated[str | None, typer.Option(help="Who; default: whoever sits here.")]
ActId = Annotated[str | None, typer.Option("--id", help="Id of the act, to repeat it safely.")]


class ReadBy(StrEnum):
    """By which clock the log is read back."""

    observed = "observed"
    recorded = "recorded"


class Judged(StrEnum):
    """What a teacher may say of a learning target."""

    mastered = "mastered"
    near = "near"
    developing = "developing"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (mastery, override, correct, withdraw, undo, events):
        app.command(command.__name__)(command)


def mastery(
    student: StudentId,
    target: Annotated[
        str | None, typer.Argument(metavar="[TARGET]", help="A learning target: why it is so.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="A day, or a time with its zone.")] = None,
    clock: Annotated[
        ReadBy,
        typer.Option(help="observed: what had been shown by then; recorded: what was known then."),
    ] = ReadBy.observed,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Say where a student stands, now or on a past day; with a target, also why."""
    from service.app import utc_now
    from service.usecases import standing

    now, past = utc_now(), _past(as_of, clock)
    with opened(store) as kept:
        if target is None:
            found = standing.student_mastery(kept, LOCAL, student, now, past)
            show(found.model_dump(mode="json"), as_json, lambda console: _say(console, found))
            return
        why = standing.explain(kept, LOCAL, student, target, now, past)
        log = standing.student_evidence(kept, LOCAL, student, past)
    pieces = {piece.id: piece for piece in log.evidence}
    show(why.model_dump(mode="json"), as_json, lambda console: _say_why(console, why, pieces))


def override(
    student: StudentId,
    target: Annotated[str, typer.Argument(help="Id of the learning target.")],
    status: Annotated[Judged, typer.Argument(help="What you judge.")],
    reason: Reason,
    author: Author = None,
    act_id: ActId = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Put a teacher's judgement in place of an estimate, until it is undone."""
    from service.app import utc_now
    from service.contract import OverrideIn, validated
    from service.usecases import amending

    said = {"student": student, "target": target, "status": status.value}
    act = validated(OverrideIn, {**said, "reason": reason, "author": author, "id": act_id})
    with opened(store) as kept:
        done = amending.override(kept, LOCAL, act, utc_now())
    _show_event(done, as_json)


def correct(
    evidence: EvidenceId,
    reason: Reason,
    score: Annotated[float | None, typer.Option(help="How well it really went, 0 to 1.")] = None,
    level: Annotated[int | None, typer.Option(help="The level it really showed.")] = None,
    missed: Annotated[bool, typer.Option("--missed", help="It was missed.")] = False,
    targets: Annotated[
        list[str] | None, typer.Option("--target", help="What it really spoke to; repeatable.")
    ] = None,
    observed_at: Annotated[str | None, typer.Option(help="When it really was.")] = None,
    author: Author = None,
    act_id: ActId = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Let a piece of evidence say what it should have said; what is not named stays."""
    from service.app import utc_now
    from service.contract import CorrectionIn, validated
    from service.usecases import amending

    changes = {"score": score, "level": level, "missed": missed or None,
               "targets": targets or None, "observed_at": observed_at}  # fmt: skip
    with opened(store) as kept:
        before = amending.as_it_is(kept, LOCAL, evidence)
        after = amending.changed(before, {k: v for k, v in changes.items() if v is not None})
        said = {"evidence": after, "reason": reason, "author": author, "id": act_id}
        done = amending.correct(kept, LOCAL, evidence, validated(CorrectionIn, said), utc_now())
    _show_event(done, as_json)


def withdraw(
    evidence: EvidenceId,
    reason: Reason,
    author: Author = None,
    act_id: ActId = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Take a piece of evidence out of every estimate; it stays in the log."""
    from service.usecases.amending import withdraw as take_out

    _act(take_out, evidence, {"reason": reason, "author": author, "id": act_id}, store, as_json)


def undo(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="Id of the event.")],
    reason: Reason,
    author: Author = None,
    act_id: ActId = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Take back a correction, a withdrawal or an override."""
    from service.usecases.amending import undo as take_back

    _act(take_back, event, {"reason": reason, "author": author, "id": act_id}, store, as_json)


def _act(
    do: "Callable[[Store, Principal, str, ActIn, datetime], EventOut]",
    subject: str,
    said: Mapping[str, object],
    store: str | None,
    as_json: bool,
) -> None:
    """Do to one thing what asks for no more than a reason, and show the event."""
    from service.app import utc_now
    from service.contract import ActIn, validated

    act = validated(ActIn, dict(said))
    with opened(store) as kept:
        _show_event(do(kept, LOCAL, subject, act, utc_now()), as_json)


def events(student: StudentId, store: StoreUrl = None, as_json: AsJson = False) -> None:
    """List what people corrected, withdrew, judged and undid in a student's log."""
    from service.usecases import amending

    with opened(store) as kept:
        found = amending.student_events(kept, LOCAL, student)
    rows = [
        (e.id, e.recorded_at.date(), e.author, e.type, e.subject, e.status or "", e.reason,
         "undone" if e.undone else "")
        for e in found.events
    ]  # fmt: skip
    columns = ("event", "when", "who", "what", "of", "as", "why", "")
    show(found.model_dump(mode="json"), as_json, lambda console: table(console, columns, rows))


def _past(as_of: str | None, clock: ReadBy) -> "AsOf | None":
    from service.contract import day_or_moment
    from service.looking import AsOf

    return None if as_of is None else AsOf(day_or_moment(as_of), clock.value)


def _show_event(done: "EventOut", as_json: bool) -> None:
    show(
        done.model_dump(mode="json"),
        as_json,
        lambda console: console.print(f"recorded as event {done.id}; footpath undo takes it back"),
    )


def _say(console: Console, found: "StudentMastery") -> None:
    rows = [
        (
            t.text,
            t.status + (f" (judged by {t.override.author})" if t.override else ""),
            f"{t.p_mastered:.2f}",
            "" if t.growth is None else f"{t.growth:+.2f}",
            t.evidence_count,
            " ".join(reason.teacher for reason in t.missing),
        )
        for t in found.targets
        if t.evidence_count or t.override
    ]
    columns = ("learning target", "status", "estimate", "growth", "evidence", "missing")
    console.print(f"{found.student} as of {found.as_of:%Y-%m-%d}")
    table(console, columns, rows)


def _say_why(
    console: Console, why: "TargetExplanation", pieces: Mapping[str, "EvidenceOut"]
) -> None:
    console.print(
        f"{why.text}: {why.status}, estimate {why.p_mastered:.2f}; "
        f"share right now {why.p_right:.2f}, "
        f"most likely {why.p_right_low:.2f} to {why.p_right_high:.2f}"
    )
    if why.settled and why.status != "mastered" and why.evidence_count:
        console.print("more of the same would hardly change it: time for help, not more practice")
    for reason in why.missing:
        console.print(reason.teacher)
    if why.override:
        console.print(f"judged by {why.override.author}: “{why.override.reason}”")
    rows = [("before any evidence", "", "", "", "", f"{why.prior:.2f}")]
    rows += [
        (
            step.evidence,
            _when(pieces[step.evidence].observed_at),
            pieces[step.evidence].kind,
            f"{step.evidence_effect + step.waiting_effect:+.2f}",
            f"{step.practice_effect:+.2f}",
            f"{step.after:.2f}",
        )
        for step in why.contributions
    ]
    columns = ("evidence", "when", "kind", "the answer said", "practice added", "estimate after")
    table(console, columns, rows)
    for step in why.contributions:
        if step.says:
            console.print(f"{step.evidence}: {step.says.teacher}")
    for each in why.not_counted:
        console.print(f"not counted: {each.evidence} ({each.why})")


def _when(moment: datetime | None) -> str:
    return "undated" if moment is None else f"{moment:%Y-%m-%d}"
