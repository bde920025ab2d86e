"""Commands that live above the service: `demo`, `evaluate`, `simulate`, `bench` …."""

import typer

from experiments.commands.alerting import evaluate_alerts, simulate_alerts
from experiments.commands.auditing import simulate_audit
from experiments.commands.benching import bench_group
from experiments.commands.demo import demo
from experiments.commands.evaluating import evaluate
from experiments.commands.simulating import simulate


def register(app: typer.Typer) -> None:
    """Add the commands of this package to the command line."""
    app.command("demo")(demo)
    app.command("evaluate")(evaluate)
    app.command("simulate")(simulate)
    app.command("evaluate-alerts")(evaluate_alerts)
    app.command("simulate-alerts")(simulate_alerts)
    app.command("simulate-audit")(simulate_audit)
    app.add_typer(bench_group(), name="bench")
