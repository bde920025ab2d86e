"""`footpath interventions`, `answer`, `conference`, `agenda`, `fit-alerts`: support."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from service.cli.output import AsJson, Output, StoreUrl, opened, show, table, write_out
from service.principal import LOCAL

if TYPE_CHECKING:
    from service.contract import InterventionOut, MateOut

Class = Annotated[str, typer.Argument(metavar="CLASS", help="Id of the class.")]


class Saying(StrEnum):
    """What may be said to a proposal."""

    accept = "accept"
    not_now = "not_now"
    wrong = "wrong"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (interventions, answer, conference, agenda):
        app.command(command.__name__)(command)
    app.command("fit-alerts")(fit_alerts)


def interventions(class_id: Class, store: StoreUrl = None, as_json: AsJson = False) -> None:
    """Say whom to see first in a class today, why, and what to do."""
    from service.app import utc_now
    from service.usecases.supporting import class_interventions

    with opened(store) as kept:
        found = class_interventions(kept, LOCAL, class_id, utc_now())

    def readable(console: Console) -> None:
        for each in found.interventions:
            console.print(f"{each.student}: {each.cause} ({each.id})", style="bold")
            for reason in _because(each):
                console.print(f"  {reason}")
            for mate in each.mates:
                console.print(f"  {mate.student}, the same need: {' '.join(_because(mate))}")
            if each.besides:
                console.print(f"  Not spoken for, need another step: {', '.join(each.besides)}")
            if each.unseen:
                console.print(f"  Nobody has seen on it yet: {', '.join(each.unseen)}")
            console.print(f"  Do: {each.action}")
            console.print(f"  Ends when: {each.exit_rule}")
        if not found.interventions:
            console.print("Nobody needs to be seen before the others today.")

    show(found.model_dump(mode="json"), as_json, readable)


def answer(
    class_id: Class,
    intervention: Annotated[str, typer.Argument(help="Id of a proposal of today's list.")],
    said: Annotated[Saying, typer.Argument(help="What you say to it.")],
    reason: Annotated[str, typer.Option(help="Why, above all when it is wrong.")] = "",
    author: Annotated[str | None, typer.Option(help="Who; default: whoever sits here.")] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Accept a proposal, put it off, or say that it is wrong; it is learnt from."""
    from service.app import utc_now
    from service.contract import AnswerIn, validated
    from service.usecases.supporting import answer_intervention

    act = validated(
        AnswerIn,
        {"intervention": intervention, "said": said.value, "reason": reason, "author": author},
    )
    with opened(store) as kept:
        done = answer_intervention(kept, LOCAL, class_id, act, utc_now())
    words = f"{done.student}, {done.cause}: {done.said.replace('_', ' ')}"
    show(done.model_dump(mode="json"), as_json, lambda console: console.print(words))


def conference(
    student: Annotated[str, typer.Argument(help="Id of the student.")],
    class_id: Annotated[
        str | None,
        typer.Option("--class", help="As one of this class; default: where the need is greatest."),
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Print the sheet of a talk with a student."""
    from engine import percent
    from service.app import utc_now
    from service.usecases.conferring import conference as sheet_of

    with opened(store) as kept:
        sheet = sheet_of(kept, LOCAL, student, utc_now(), class_id)

    def readable(console: Console) -> None:
        console.print(f"{sheet.name}, since {sheet.since:%Y-%m-%d}", style="bold")
        console.print(f"{sheet.new_evidence} new pieces of evidence")
        if sheet.undated_evidence:
            console.print(f"{sheet.undated_evidence} more recorded since then, undated")
        for moved in sheet.growth:
            console.print(f"  {moved.text}: {percent(moved.before)} → {percent(moved.now)}")
        for each in sheet.celebrate:
            console.print(f"  To celebrate: {each.text}: {each.words}")
        for need in (sheet.intervention, *sheet.others):
            console.print(f"  Need: {need.cause}: {' '.join(_because(need))}")
        for choice in sheet.choices:
            console.print(f"  Choice: {choice.title} ({choice.purpose})")
        if sheet.not_offered:
            console.print(f"  {sheet.not_offered.teacher}")
        console.print(f"Ask: {sheet.question}")

    show(sheet.model_dump(mode="json"), as_json, readable)


def agenda(class_id: Class, store: StoreUrl = None, as_json: AsJson = False) -> None:
    """Plan the talks of the next five days of school."""
    from service.app import utc_now
    from service.usecases.conferring import agenda as week_of

    with opened(store) as kept:
        week = week_of(kept, LOCAL, class_id, utc_now())
    rows = [(day.day, e.student, e.cause, e.about) for day in week.days for e in day.entries]
    columns = ("day", "student", "cause", "about")
    show(week.model_dump(mode="json"), as_json, lambda console: table(console, columns, rows))


def _because(need: "InterventionOut | MateOut") -> list[str]:
    """Say why, and how what is missing bears on what the student is stuck on."""
    return [each.teacher for each in (need.reason, need.chain) if each is not None]


def fit_alerts(
    data: Annotated[
        Path | None, typer.Argument(help="Response log (.csv, .csv.gz); default: the store's.")
    ] = None,
    output: Output = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Fit the model that tells wheel-spinning ahead.

    From a response log the model goes to the output file. Without one it is fitted on the
    store's own evidence and put in force there.
    """
    import json

    from graphs import InvalidInput
    from models import read_log
    from models.wheel_spinning_fit import fit_wheel_spinning, histories
    from service.app import utc_now
    from service.usecases import fitting

    if data is not None:
        if output is None and not as_json:
            raise InvalidInput("say where the model goes: --output model.json")
        model = fit_wheel_spinning(histories(read_log(data, joined=True)), data.name)
    else:
        with opened(store) as kept:
            log = fitting.log_in_store(kept, LOCAL)
            model = fit_wheel_spinning(histories(log), "the school's own evidence")
            fitting.put_alert_model(kept, LOCAL, model, utc_now())
    document = model.to_document()
    if output is not None:
        write_out(json.dumps(document, indent=1, ensure_ascii=False) + "\n", output)
    rows = [("intercept", model.intercept), *model.weights.items(), *model.fit.items()]
    show(document, as_json, lambda console: table(console, ("what", "value"), rows))
