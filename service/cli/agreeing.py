"""`footpath agreement`: how well raters of the same work agree."""

import typer
from rich.console import Console

from service.cli.output import AsJson, StoreUrl, opened, show, table
from service.principal import LOCAL


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("agreement")(agreement)


def agreement(store: StoreUrl = None, as_json: AsJson = False) -> None:
    """Say how well raters of the same work agree (weighted kappa), and how severe each is."""
    from service.usecases.agreeing import rater_agreement

    with opened(store) as kept:
        found = rater_agreement(kept, LOCAL)

    def readable(console: Console) -> None:
        for each in found.scales:
            pairs = [("all", each.overall), *((" and ".join(p.raters), p) for p in each.pairs)]
            console.print(f"{each.scale} ({len(each.levels)} levels)", style="bold")
            rows = [
                (who, k.works, f"{k.exact:.0%}", f"{k.adjacent:.0%}", _number(k.kappa),
                 _range(k.low, k.high))
                for who, k in pairs
            ]  # fmt: skip
            columns = ("raters", "works", "equal", "within one", "weighted kappa", "95 %")
            table(console, columns, rows)
            severities = [
                (r.rater, r.works, f"{r.severity:+.2f}", _range(r.low, r.high)) for r in each.raters
            ]
            table(console, ("rater", "works", "levels lower than others", "95 %"), severities)
        if not found.scales:
            console.print("No work was rated by two people yet: give both ratings the same `work`.")

    show(found.model_dump(mode="json"), as_json, readable)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _range(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{low:.2f} to {high:.2f}"
