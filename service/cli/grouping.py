"""`footpath groups`: the best groups for a class today, on the command line."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from service.cli.output import AsJson, StoreUrl, opened, show, table
from service.principal import LOCAL

if TYPE_CHECKING:
    from service.contract import Groups


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("groups")(groups)


def groups(
    class_id: Annotated[str, typer.Argument(metavar="CLASS", help="Id of the class.")],
    purpose: Annotated[
        list[str] | None, typer.Option(help="Only this purpose; may be repeated.")
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option(help="Only this learning target; may be repeated.")
    ] = None,
    least: Annotated[int | None, typer.Option(help="Fewest students in a group.")] = None,
    most: Annotated[int | None, typer.Option(help="Most students in a group.")] = None,
    groups_max: Annotated[int | None, typer.Option(help="Most groups.")] = None,
    adults: Annotated[int | None, typer.Option(help="Adults who can lead a group.")] = None,
    apart: Annotated[
        list[str] | None, typer.Option(help="Students to keep apart, joined by ~; repeatable.")
    ] = None,
    together: Annotated[
        list[str] | None, typer.Option(help="Students to keep together, joined by ~; repeatable.")
    ] = None,
    absent: Annotated[
        list[str] | None, typer.Option(help="A student who is absent; may be repeated.")
    ] = None,
    everyone: Annotated[bool, typer.Option(help="Nobody may be in no group.")] = False,
    rules: Annotated[
        Path | None, typer.Option(help="All rules as a JSON file, as the API takes them.")
    ] = None,
    accept: Annotated[bool, typer.Option(help="Keep the groups that are proposed.")] = False,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Propose the best groups for a class for today."""
    from service.app import utc_now
    from service.contract import GroupRules
    from service.contract.base import validated
    from service.usecases.grouping import accept as keep
    from service.usecases.grouping import acceptance_of, class_groups

    given: dict[str, object] = {
        "purposes": purpose, "targets": target, "least": least, "most": most,
        "groups_max": groups_max, "adults": adults, "absent": absent, "everyone": everyone,
        "apart": [each.split("~") for each in apart or ()],
        "together": [each.split("~") for each in together or ()],
    }  # fmt: skip
    options = {name: value for name, value in given.items() if value}
    asked = validated(GroupRules, {**_read(rules), **options})
    with opened(store) as kept:
        answer = class_groups(kept, LOCAL, class_id, utc_now(), asked)
        if accept:
            keep(kept, LOCAL, class_id, acceptance_of(answer), utc_now())
    show(answer.model_dump(mode="json"), as_json, lambda console: _readable(console, answer))


def _read(rules: Path | None) -> dict[str, Any]:
    """Read a file of rules. Raises `InvalidInput`."""
    from graphs import Fault, InvalidInput

    if rules is None:
        return {}
    try:
        found = json.loads(rules.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput([Fault(str(error), file=str(rules))]) from error
    if not isinstance(found, dict):
        raise InvalidInput([Fault("must hold one JSON object", file=str(rules))])
    return found


def _readable(console: Console, answer: "Groups") -> None:
    from engine.durations import duration

    rows = [
        (
            g.purpose.replace("_", " "),
            g.text,
            ", ".join(g.students),
            duration(g.minutes),
            g.expires,
        )
        for g in answer.groups
    ]
    table(console, ("purpose", "learning target", "students", "begin with", "expires"), rows)
    for each in answer.own:
        console.print(f"{each.student}: {each.reason.teacher}")
    console.print(_quality(answer))


def _quality(answer: "Groups") -> str:
    quality = answer.quality
    if quality.proven:
        return f"Proven optimal in {quality.seconds:.1f} s (objective {quality.objective:.3f})."
    if quality.gap is None:
        return "The time ended before it was known how good this is."
    return f"At most {quality.gap:.1%} below the best there could be."
