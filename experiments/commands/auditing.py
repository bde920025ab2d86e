"""`footpath simulate-audit`: what the audit of a graph finds of what was planted."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from service.cli.output import AsJson, progress, show, table

if TYPE_CHECKING:
    from experiments.edge_audit import Score


def simulate_audit(
    world: Annotated[
        list[str] | None,
        typer.Option(help="A world by name, or your own as module:Name; repeatable."),
    ] = None,
    log: Annotated[
        list[str] | None,
        typer.Option(help="What students did: course, drawn, blocks, shuffled, test; repeatable."),
    ] = None,
    level: Annotated[
        bool, typer.Option(help="Also worlds in which deeper targets are no harder to start on.")
    ] = True,
    seeds: Annotated[int, typer.Option(min=1, help="Domains, each with its own students.")] = 5,
    first: Annotated[int, typer.Option(help="First seed; the audit was tuned on 100 to 105.")] = 0,
    students: Annotated[int, typer.Option(min=1, help="Students of each domain.")] = 300,
    tune: Annotated[
        bool, typer.Option(help="Fit the weights of the audit anew and print them instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Plant wrong edges in simulated schools; print what `lint --evidence` makes of them."""
    from experiments import edge_audit

    if tune:
        with progress("Fitting weights") as advance:
            weights = edge_audit.tuned(advance)
        show({"weights": weights}, as_json, lambda c: table(c, ("part", "weight"), _rows(weights)))
        return
    cases = edge_audit.cases(
        world or edge_audit.WORLDS, log or edge_audit.LOGS, range(first, first + seeds),
        students, level=level,
    )  # fmt: skip
    with progress("Auditing simulated schools") as advance:
        scores = edge_audit.score(cases, advance)
    answer = {
        "rows": [_plain(each) for each in scores],
        "worlds": [_plain(each) for each in edge_audit.by_world(scores)],
        "seeds": list(range(first, first + seeds)),
        "students": students,
    }
    show(answer, as_json, lambda console: _show(console, scores))


def _rows(weights: dict[str, float]) -> list[tuple[str, str]]:
    return [(name, f"{weight:.2f}") for name, weight in weights.items()]


def _plain(each: "Score") -> dict[str, Any]:
    keys = ("value", "low", "high")
    return asdict(each) | {
        "recall": dict(zip(keys, each.recall, strict=True)),
        "false": dict(zip(keys, each.false, strict=True)),
    }


def _show(console: Console, scores: "list[Score]") -> None:
    from experiments.edge_audit import WITHOUT_NEED, by_world

    head = ("world", "log", "reversed found", "true edges flagged", "needless found",
            "true called needless", "missing told", "of them right")  # fmt: skip
    table(console, head, [_cells(each) for each in scores])
    console.print()
    table(console, head, [_cells(each) for each in by_world(scores)])
    for each in by_world(scores):
        if each.world in WITHOUT_NEED:
            console.print(f"{each.name}: nothing is needed for anything; only false flags count.")
            continue
        holds = each.recall[0] >= 0.8 and each.false[0] <= 0.1
        console.print(
            f"{each.name}: recall at least .8 at no more than .1 false flags "
            f"{'holds' if holds else 'does not hold'}"
        )


def _cells(each: "Score") -> tuple[str, ...]:
    needless, true = each.verdicts.get("needless", {}), each.verdicts.get("true", {})
    return (
        each.name, each.log, _interval(each.recall), _interval(each.false),
        f"{needless.get('unsupported', 0)}/{sum(needless.values())}",
        f"{true.get('unsupported', 0)}/{each.true_edges}",
        f"{each.missing_told}", f"{each.missing_found}/{each.missing_planted}",
    )  # fmt: skip


def _interval(values: tuple[float, float, float]) -> str:
    middle, low, high = values
    return f"{middle:.2f} [{low:.2f}, {high:.2f}]"
