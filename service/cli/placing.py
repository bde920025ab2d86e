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
    show(answer.model_dump(mode="json"), as_json, lambda console: _show(console, answer, probes))


def _show(console: "Console", answer: "PlacementOut", probes: int | None) -> None:
    """Print a placement; who is not new any more is placed only if that is asked for."""
    for reason in answer.says:
        console.print(reason.teacher)
    if not answer.finished:
        asked = {probe.target: probe.text for probe in answer.would_ask}
        told = "; ".join(asked[target] for target in answer.next_probes)
        console.print(f"Ask next, wherever it lies on the map (at most {answer.left} more): {told}")
    if not answer.new and probes is None:
        return
    columns = ("learning target", "where", "chance", "usually", "rests on (+ for, − against)")
    table(console, columns, [*map(_row, answer.places)])
    console.print(
        "Chance: how likely this student gets three tasks in five right where nobody has seen it"
        " yet, by what is known of other targets; usually: before anything is known. It proposes"
        " where to start and certifies nothing."
    )


def _row(place: "PlaceOut") -> tuple[str, str, str, str, str]:
    """Write a target: where it was seen or judged, its status."""
    from engine import percent

    if place.implied_by:
        return place.text, "met", "", "", f"mastered: {place.implied_by[0]}"
    if place.where is None or place.p is None:
        rests_on = ", ".join(place.evidence) or "a judgement"
        return place.text, place.status.replace("_", " "), "", "", rests_on
    parts = (f"{'+' if part.log_odds > 0 else '−'} {part.target}" for part in place.rests_on)
    chances = percent(place.p), percent(place.usual)
    return place.text, WORDS[place.where], *chances, ", ".join(parts)
