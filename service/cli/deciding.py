"""`footpath decide`, `decisions`, `undo-decision`, `acceptance`: what becomes of the choices."""

from collections.abc import Iterator
from enum import StrEnum
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from graphs import Fault, InvalidInput
from service.cli.output import AsJson, StoreUrl, opened, show, table
from service.principal import LOCAL

if TYPE_CHECKING:
    from service.contract import DecisionOut, TakenOut


class Said(StrEnum):
    """What may be said to the choices."""

    taken = "taken"
    declined = "declined"
    other = "other"


class Why(StrEnum):
    """A word for declining."""

    too_hard = "too_hard"
    too_easy = "too_easy"
    not_my_thing = "not_my_thing"
    not_now = "not_now"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("decide")(decide)
    app.command("decisions")(decisions)
    app.command("undo-decision")(undo_decision)
    app.command("acceptance")(acceptance)


def decide(
    student: Annotated[str, typer.Argument(help="Id of the student.")],
    said: Annotated[Said, typer.Argument(help="What is said to the choices of now.")],
    option: Annotated[
        str | None, typer.Argument(help="The option it is about; none for another wish.")
    ] = None,
    why: Annotated[Why | None, typer.Option(help="A word for declining.")] = None,
    words: Annotated[str, typer.Option(help="More in one's own words.")] = "",
    author: Annotated[str | None, typer.Option(help="Who; default: whoever sits here.")] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Keep what was taken or declined of a student's choices of now, and why."""
    from engine import Wishes
    from service.app import utc_now
    from service.contract import DecisionIn, OfferedOption
    from service.usecases.deciding import decide as keep
    from service.usecases.recommending import student_choices

    now = utc_now()
    with opened(store) as kept:
        offer = student_choices(kept, LOCAL, student, Wishes(), now)
        if option is not None and option not in {each.option for each in offer.choices}:
            shown = ", ".join(each.option for each in offer.choices)
            told = f"{option!r} is not offered now, but {shown}"
            raise InvalidInput([Fault(told, field="option")])
        if not offer.choices and said is not Said.other:
            raise InvalidInput("nothing is offered now, so nothing can be decided")
        offered = [OfferedOption(option=c.option, purpose=c.purpose) for c in offer.choices]
        decision = DecisionIn(
            student=student, recommendation_id=offer.recommendation_id, offered=offered,
            said=said.value, option=option, why=why.value if why else "", words=words,
            goal=offer.goal, author=author,
        )  # fmt: skip
        done = keep(kept, LOCAL, decision, now)
    text = f"{done.student}: {done.said} {done.option or done.words}"
    back = f"kept as decision {done.id}; footpath undo-decision {done.id} --reason … takes it back"
    show(done.model_dump(mode="json"), as_json, lambda console: console.print(text, back, sep="\n"))


def decisions(
    student: Annotated[str, typer.Argument(help="Id of the student.")],
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """List what a student took, declined and wished for instead, undone or not."""
    from service.usecases.deciding import student_decisions

    with opened(store) as kept:
        found = student_decisions(kept, LOCAL, student)

    def readable(console: Console) -> None:
        for each in found.decisions:
            console.print(*_lines(each, console.width), sep="\n")
        if not found.decisions:
            console.print("Nothing has been decided yet.")

    show(found.model_dump(mode="json"), as_json, readable)


def _lines(each: "DecisionOut", width: int) -> Iterator[str]:
    """Yield the lines that tell a decision: what undoes it, whole, then what was said."""
    yield f"{each.id}  {each.decided_at:%Y-%m-%d}  {each.said} by {each.author}"
    if each.option:
        yield f"  {each.option}" + (f"  ({each.why.replace('_', ' ')})" if each.why else "")
    if each.words:
        yield fill(
            f"“{each.words}”", width, initial_indent="  ", subsequent_indent="  ",
            break_long_words=False,
        )  # fmt: skip
    if each.undone:
        yield f"  undone by {each.undone.author}  {each.undone.undone_at:%Y-%m-%d}"


def undo_decision(
    decision: Annotated[str, typer.Argument(help="Id of the decision: `footpath decisions`.")],
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")],
    author: Annotated[str | None, typer.Option(help="Who; default: whoever sits here.")] = None,
    act_id: Annotated[
        str | None, typer.Option("--id", help="Id of the act, to repeat it safely.")
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Take back a decision on a choice: what was declined is offered again."""
    from service.app import utc_now
    from service.contract import ActIn, validated
    from service.usecases.deciding import undo

    act = validated(ActIn, {"reason": reason, "author": author, "id": act_id})
    with opened(store) as kept:
        done = undo(kept, LOCAL, decision, act, utc_now())
    text = f"{done.student}: {done.said} {done.option or done.words} is undone"
    show(done.model_dump(mode="json"), as_json, lambda console: console.print(text))


def _share(rate: "TakenOut") -> str:
    return f"{rate.share:.2f} ({rate.low:.2f}–{rate.high:.2f})"


def acceptance(
    class_id: Annotated[
        str | None, typer.Argument(metavar="CLASS", help="Id of a class; default: all students.")
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Say how offers are taken up, by position and purpose, and why options are declined."""
    from service.usecases.deciding import acceptance_rates

    with opened(store) as kept:
        found = acceptance_rates(kept, LOCAL, class_id)
    rows: list[tuple[object, ...]] = [
        (r.by, r.value, r.offered, r.taken, r.declined, _share(r)) for r in found.rates
    ]
    rows += [("why", word, "", "", number, "") for word, number in found.why.items()]
    head = ("by", "value", "offered", "taken", "declined", "share taken (90 %)")
    show(found.model_dump(mode="json"), as_json, lambda console: table(console, head, rows))
