"""`footpath simulate`: policies against each other in simulated schools."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.output import AsJson, progress, show, table

if TYPE_CHECKING:
    from rich.console import Console

    from experiments.simulation.report import Row
    from experiments.simulation.tournament import Curve

COUNTS_FROM = 2.0
"""Figures from here on are counts: shares, chances and their intervals are at most 1."""


def simulate(
    world: Annotated[
        list[str] | None,
        typer.Option(help="A world by name, or your own as module:Name; repeatable."),
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Another policy, as module:Name; repeatable."),
    ] = None,
    policies: Annotated[
        str | None, typer.Option(help="Only these policies, joined by commas.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Domains, each with its own students.")] = 3,
    students: Annotated[int, typer.Option(min=20, help="Students of each domain.")] = 100,
    full: Annotated[bool, typer.Option(help="200 students of each domain at least.")] = False,
    wrong_edges: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of wrong edges given; of the control in placement."),
    ] = 0.0,
    placement: Annotated[
        bool, typer.Option(help="Place new students by ten probes instead, and judge that.")
    ] = False,
    review: Annotated[
        bool, typer.Option(help="Spend equal budgets with and without review instead.")
    ] = False,
    processes: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 2,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder to draw the cost curves into.")
    ] = None,
    tracking: Annotated[
        str | None, typer.Option(envvar="FOOTPATH_TRACKING", help="MLflow tracking URI.")
    ] = None,
    track: Annotated[bool, typer.Option(help="Record the run in MLflow.")] = True,
    as_json: AsJson = False,
) -> None:
    """Let policies teach simulated schools; compare what equal true mastery costs them."""
    from experiments.simulation import tournament
    from experiments.simulation.report import as_answer, rows

    if placement or review:
        size = max(students, 200) if full else students
        worlds, domains = tuple(world or tournament.WORLDS), tuple(range(seeds))
        if placement:
            _judge_placement(worlds, domains, size, processes, as_json, wrong_edges)
        else:
            _judge_review(worlds, domains, size, processes, as_json)
        return
    plan = tournament.Plan(
        worlds=tuple(world or tournament.WORLDS),
        seeds=tuple(range(seeds)),
        students=max(students, 200) if full else students,
        policies=tournament.chosen(policies, policy or []),
        wrong_edges=wrong_edges,
    )
    with progress("Simulating") as advance:
        curves = tournament.run(plan, processes, advance)
    found = rows(curves)
    answer = as_answer(found, plan.seeds) | {"students": plan.students, "wrong_edges": wrong_edges}
    drawn = _drawn(curves, pictures)
    if track:
        answer |= _recorded(plan, found, drawn, tracking)
    show(answer, as_json, lambda console: _show(console, found, answer["claims"]))


def _judge_placement(
    worlds: Sequence[str], seeds: Sequence[int], students: int, processes: int, as_json: bool,
    wrong_edges: float,
) -> None:  # fmt: skip
    from engine import Policy
    from experiments.simulation.placement import WRONG, as_answer, run_placement

    probes, wrong = Policy().placement_probes, wrong_edges or WRONG
    with progress("Placing") as advance:
        found = run_placement(worlds, seeds, students, probes, processes, advance, wrong)
    answer = as_answer(found, seeds, probes) | {"students": students, "wrong_edges": wrong}
    show(answer, as_json, lambda console: _show_plain(console, answer, "rows"))


def _judge_review(
    worlds: Sequence[str], seeds: Sequence[int], students: int, processes: int, as_json: bool
) -> None:
    from experiments.simulation.reviewing import as_answer, run_review

    with progress("Reviewing") as advance:
        found = run_review(worlds, seeds, students, processes, advance)
    answer = as_answer(*found, seeds) | {"students": students}
    show(answer, as_json, lambda console: _show_plain(console, answer, "rows", "credit"))


def _show_plain(console: "Console", answer: dict[str, Any], *parts: str) -> None:
    """Show rows of equal keys as tables, then the claims."""
    for part in parts:
        rows = answer[part]
        heads = tuple(name.replace("_", " ") for name in rows[0])
        table(console, heads, [tuple(map(_figure, row.values())) for row in rows], heads[:1])
        console.print()
    _show_claims(console, answer["claims"])


def _figure(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.1f}" if abs(value) >= COUNTS_FROM else f"{value:.3f}"


def _drawn(curves: "Sequence[Curve]", folder: Path | None) -> dict[str, Any]:
    from experiments.simulation.pictures import cost_curves

    figures = cost_curves(curves)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            figure.savefig(folder / name, dpi=120)
    return figures


def _recorded(
    plan: Any, found: "Sequence[Row]", figures: dict[str, Any], tracking: str | None
) -> dict[str, Any]:
    """Record the run in MLflow with its figures."""
    from experiments import tracking as records

    run = {"worlds": ",".join(plan.worlds), "seeds": len(plan.seeds), "students": plan.students,
           "wrong_edges": plan.wrong_edges, "commit": records.code_commit()}  # fmt: skip
    numbers = {
        f"{row.world.replace(':', '.')}.{row.policy}.opportunities-{row.quality}": row.opportunities
        for row in found
        if row.matched and row.opportunities is not None
    }
    uri = tracking or records.DEFAULT_TRACKING
    return {"mlflow_run": records.record_run(uri, "simulate", run, numbers, figures)}


def _show(console: "Console", found: "Sequence[Row]", claims: Sequence[dict[str, Any]]) -> None:
    head = ("policy", "at", "opp.", "% to fixed", "% to N in row", "false", "gap", "+14 d", "over")
    for world in dict.fromkeys(row.world for row in found):
        console.print(world)
        table(console, head, [_cells(row) for row in found if row.world == world])
    console.print()
    _show_claims(console, claims)


def _show_claims(console: "Console", claims: Sequence[dict[str, Any]]) -> None:
    for claim in claims:
        verdict = "holds" if claim["holds"] else "does not hold"
        console.print(
            f"{claim['words']}: {verdict}; worst {claim['value']:+.3f} ({claim['worst']})"
        )


def _cells(row: "Row") -> tuple[str, ...]:
    quality = f"{row.quality:g}" if row.matched else f"({row.true_mastery:.2f})"
    if row.opportunities is None:
        return (row.policy, quality, "never", *[""] * 6)
    shares = (f"{share:.3f}" for share in (row.false_mastery, row.gap, row.mastery_14d))
    changes = (_change(row.against_fixed), _change(row.against_row))
    return (row.policy, quality, f"{row.opportunities:.0f}", *changes, *shares,
            f"{row.over_practice:.0f}")  # fmt: skip


def _change(ratio: tuple[float, float, float] | None) -> str:
    if ratio is None:
        return ""
    middle, low, high = (f"{100 * each:+.0f}" for each in ratio)
    return f"{middle} [{low},{high}]"
