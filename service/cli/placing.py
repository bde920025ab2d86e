"""`footpath placement`: where a new student probably stands."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.output import AsJson, StoreUrl, opened, show, table
from service.principal import LOCAL

if TYPE_CHECKING:
    from rich.console import Console

    from service.contract import PlacementOut, PlaceOut

WORDS = {"shown": "likely shown", "unclear": "unclear", "not_yet": "likely not yet"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("placement")(placement)


def placement(
    student: Annotated[str, typer.Argument(help="Id of the student.")],
    probes: Annotated[
        int | None, typer.Option(min=1, max=100, help="Targets to ask about at most.")
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Say where a new student probably stands, and which targets to ask about next."""
    from service.app import utc_now
    from service.usecases.placing import student_placement

    with opened(store) as kept:
        answer = student_placement(kept, LOCAL, student, utc_now(), probes)
    show(answer.model_dump(mode="json"), as_json, lambda console: _show(console, answer))


def _show(console: "Console", answer: "PlacementOut") -> None:
    for reason in answer.says:
        console.print(reason.teacher)
    if not answer.finished:
        asked = {probe.target: probe.text for probe in answer.would_ask}
        told = "; ".join(asked[target] for target in answer.next_probes)
        console.print(f"Ask next (at most {answer.left} more): {told}")
    table(console, ("learning target", "where", "p", "rests on"), [*map(_row, answer.places)])
    console.print("Placement proposes where to start; it certifies nothing.")


def _row(place: "PlaceOut") -> tuple[str, str, str, str]:
    """Write a target: where it was seen, its status by its own evidence."""
    if place.seen:
        return place.text, place.status.replace("_", " "), "", ", ".join(place.evidence)
    rests_on = ", ".join(part.evidence for part in place.rests_on)
    return place.text, WORDS[place.where], f"{place.p:.0%}", rests_on
