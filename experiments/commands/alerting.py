"""`footpath evaluate-alerts`, `simulate-alerts`: how well needs are told, and how soon."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from service.cli.output import AsJson, Output, progress, show, table, write_out


def evaluate_alerts(
    data: Annotated[Path, typer.Argument(help="Response log (.csv, .csv.gz), in order.")],
    folds: Annotated[int, typer.Option(min=2, help="Folds by student.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed of the folds.")] = 0,
    each_target: Annotated[
        bool, typer.Option(help="Count a response on several skills for each of them.")
    ] = False,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Tell wheel-spinning ahead, each student by a model of the others; print how well.

    With an output the model fitted on everyone is written there.
    """
    import json

    from experiments.alerts import evaluate_alerts as run

    with progress("Predicting students by the others") as advance:
        report = run(data, folds, seed, advance, each_target=each_target)
    figures: dict[str, Any] = {}
    for each in report.after:
        figures[f"auc_after_{each.attempts}"] = each.auc
        figures[f"precision_top10_after_{each.attempts}"] = each.precision_top10
        figures[f"calibration_error_after_{each.attempts}"] = each.ece
        figures[f"pairs_after_{each.attempts}"] = each.pairs
        figures[f"base_after_{each.attempts}"] = each.base
    lead = report.lead_time
    figures |= {
        "determinate_pairs": report.determinate_pairs,
        "indeterminate_pairs": report.indeterminate_pairs,
        "spinning_pairs": report.spinning_pairs,
        "students": report.students,
        "lead_time_attempts": lead.median,
        "told_by_attempt_5": lead.early / lead.spinning if lead.spinning else None,
        "right_when_told": lead.right,
    }
    model = report.model
    if output is not None:
        text = json.dumps(model.to_document(), indent=1, ensure_ascii=False) + "\n"
        write_out(text, output)
    answer = {
        "data": data.name,
        "protocol": f"{folds} folds by student",
        "seed": seed,
        **figures,
        "coefficients": {"intercept": model.intercept, **model.weights},
        "calibration": {f"after_{a.attempts}": [asdict(d) for d in a.deciles]
                        for a in report.after},
    }  # fmt: skip
    plain = [(key, value) for key, value in answer.items() if key != "calibration"]
    show(answer, as_json, lambda console: table(console, ("measure", "value"), plain))


def simulate_alerts(
    classes: Annotated[int, typer.Option(min=1, help="Simulated classes of thirty.")] = 4,
    first: Annotated[
        int, typer.Option(min=0, help="Seed of the first; rules were set looking at 0 to 7.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Judge interventions in simulated classes with planted needs, whose truth is known."""
    from experiments.alert_report import simulate_alerts as run

    with progress("Living through classes") as advance:
        answer = run(classes, first, advance)
    parts = ("by_cause", "by_quartile", "by_group")
    plain = [(key, value) for key, value in answer.items() if key not in parts]

    def readable(console: Console) -> None:
        table(console, ("measure", "value"), plain)
        for part in parts:
            rows = answer[part]
            console.print()
            table(console, tuple(rows[0]), [tuple(map(_cell, row.values())) for row in rows])

    show(answer, as_json, readable)


def _cell(value: object) -> object:
    return f"{value:.2f}" if isinstance(value, float) else "" if value is None else value
