"""`footpath recommend`: what to do next, on the command line."""

from typing import Annotated

import typer
from rich.console import Console

from service.cli.output import AsJson, StoreUrl, opened, show
from service.principal import LOCAL


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("recommend")(recommend)


Class = Annotated[str, typer.Argument(metavar="CLASS", help="Id of the class.")]


def recommend(
    student: Annotated[str, typer.Argument(help="Id of the student.")],
    goal: Annotated[
        str | None, typer.Option(help="A learning target or competency to head for.")
    ] = None,
    n: Annotated[int | None, typer.Option("-n", "--n", min=2, max=4, help="How many.")] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="Only this format; may be repeated.")
    ] = None,
    interests: Annotated[
        list[str] | None, typer.Option("--interest", help="An interest; may be repeated.")
    ] = None,
    extra_time: Annotated[
        float, typer.Option(min=1, max=10, help="Accommodation: 1.5 is half as much again.")
    ] = 1.0,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Give a student two to four choices of what to do next, with reasons."""
    from engine import Wishes
    from engine.durations import duration
    from service.app import utc_now
    from service.usecases.recommending import student_choices

    wishes = Wishes(goal, n, tuple(formats or ()), tuple(interests or ()), extra_time)
    with opened(store) as kept:
        answer = student_choices(kept, LOCAL, student, wishes, utc_now())

    def readable(console: Console) -> None:
        for choice in answer.choices:
            console.print(
                f"{choice.title} ({duration(choice.minutes)}, {choice.purpose})", style="bold"
            )
            console.print(f"  {', '.join(choice.targets)}", style="dim")
            for reason in choice.reasons:
                console.print(f"  - {reason.student}")
            for change in choice.changes:
                console.print(f"    {change.student}", style="dim")
        for said in answer.says:
            console.print(said.student)
        for aside in answer.set_aside:
            console.print(
                f"set aside until {aside.until:%Y-%m-%d}: {aside.title}"
                f" (footpath undo-decision {aside.decision} --reason … offers it again)",
                style="dim",
            )

    show(answer.model_dump(mode="json"), as_json, readable)
