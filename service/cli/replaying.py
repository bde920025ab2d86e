"""`footpath replay`: whether the live state is true, and what other rules would change."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from graphs import Fault, InvalidInput
from service.cli.output import AsJson, StoreUrl, opened, show, stages
from service.principal import LOCAL

if TYPE_CHECKING:
    from service.usecases.replaying import Replay
    from service.usecases.what_if import WhatIf

MOST_LISTED = 20
"""Students listed for a person; the JSON object holds them all."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("replay")(replay)


def replay(
    policy: Annotated[
        Path | None, typer.Option(help="A policy (JSON): what would it have changed?")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A model (JSON): what would it have changed?")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="Compare every day from this one; default: today.")
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild every state from the log; exit code 1 unless the live ones are identical.

    With another policy or model, also say what it would have changed; nothing is stored.
    """
    from engine import policy_from_document
    from graphs.files import read_json
    from models import read_model
    from service.app import utc_now
    from service.usecases import replaying
    from service.usecases.what_if import what_if

    rules = None if policy is None else policy_from_document(read_json(policy))
    other = None if model is None else read_model(model)
    first = None if start is None else _day(start)
    changes = None
    with opened(store) as kept, stages("Replaying students", "Comparing classes") as bars:
        done = replaying.replay(kept, LOCAL, bars[0])
        if rules or other:
            changes = what_if(
                kept, LOCAL, utc_now(), policy=rules, model=other, start=first, progress=bars[1]
            )
    answer: dict[str, Any] = {
        "identical": done.identical,
        "events": done.events,
        "students": done.students,
        "cached": done.cached,
        "different": list(done.different),
    }
    if changes is not None:
        answer["changes"] = _document(changes)
    show(answer, as_json, lambda console: _say(console, done, changes))
    raise typer.Exit(0 if done.identical else 1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            [Fault(f"{text!r} is not a day like 2026-03-02", field="from")]
        ) from None


def _document(changes: "WhatIf") -> dict[str, Any]:
    pairs = ("mastered_gained", "mastered_lost")
    alerts = ("alerts_gained", "alerts_lost")
    return {
        "days": changes.days,
        "students": changes.students,
        "statuses": [
            {"before": before, "after": after, "count": count}
            for (before, after), count in sorted(changes.statuses.items())
        ],
        **{n: [{"student": s, "target": t} for s, t in getattr(changes, n)] for n in pairs},
        "choices_changed": changes.choices,
        **{
            n: [
                {"day": str(a.day), "student": a.student, "cause": a.cause, "target": a.target}
                for a in getattr(changes, n)
            ]
            for n in alerts
        },
    }


def _say(console: Console, done: "Replay", changes: "WhatIf | None") -> None:
    different = ", ".join(done.different[:MOST_LISTED])
    words = "identical" if done.identical else f"these differ: {different}"
    console.print(f"{done.events} events of {done.students} students replayed: {words}")
    if changes is None:
        return
    console.print(f"What would change, over {changes.days} days and {changes.students} students:")
    for (before, after), count in sorted(changes.statuses.items()):
        console.print(f"  {count} × {before} → {after}")
    console.print(
        f"  mastered: {len(changes.mastered_gained)} gained, {len(changes.mastered_lost)} lost; "
        f"other choices for {len(changes.choices)} students; "
        f"alerts: {len(changes.alerts_gained)} gained, {len(changes.alerts_lost)} lost"
    )
