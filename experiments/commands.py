"""Commands that live above the service: `footpath demo`, `footpath evaluate`."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.cli.output import AsJson, progress, show, table

MODELS = (
    "full", "bkt", "bkt-forgets", "pybkt", "best-lr", "pfa", "elo", "n-in-a-row", "canvas",
    "most-frequent-class",
)  # fmt: skip
"""What `evaluate` knows; a test keeps it equal to `TRACERS`, which is slow to import."""


def register(app: typer.Typer) -> None:
    """Add the commands of this package to the command line."""
    app.command("demo")(demo)
    app.command("evaluate")(evaluate)
    bench = typer.Typer(
        help="Measure speed and quality against peers, in one run.", no_args_is_help=True
    )
    bench.command("fit")(bench_fit)
    bench.command("mastery")(bench_mastery)
    app.add_typer(bench, name="bench")


def demo(
    folder: Annotated[Path, typer.Option(help="Where the sample school is built.")] = Path(
        "var/demo"
    ),
    port: Annotated[int, typer.Option(help="Port; 0 picks a free one.")] = 8000,
    serve: Annotated[bool, typer.Option(help="Serve it, or only build it.")] = True,
    as_json: AsJson = False,
) -> None:
    """Build a sample school (simulated, with known truth), fit it, and serve it here."""
    from experiments.demo import PLANS, build_demo, greeting
    from service.app import utc_now

    built = build_demo(folder, utc_now(), progress)
    answer = {**asdict(built), "classes": [plan.id for plan in PLANS], "folder": str(folder)}
    agreed = f"{built.truly_mastered} of {built.called_mastered}"
    show(
        answer,
        as_json,
        lambda console: console.print(
            f"{built.evidence} pieces of evidence. Of the targets called mastered, {agreed} "
            f"truly are (the simulation knows: {folder / 'truth.csv'}).\n"
            f"The store, for other commands: --store {built.store_url}"
        ),
    )
    if serve and not as_json:
        from service.serving import run
        from service.settings import read_settings

        run(read_settings(store=built.store_url, port=port), greeting())


def bench_fit(
    data: Annotated[Path, typer.Argument(help="Response log (.csv, .csv.gz).")],
    full: Annotated[
        bool, typer.Option(help="All targets, not a sample: an hour for pyBKT.")
    ] = False,
    cpp_python: Annotated[
        str | None, typer.Option(help="An interpreter that has pyBKT's C++ build.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Time our plain fit against pyBKT's, pinned to one core alike."""
    from experiments.fit_benchmark import bench_fit as run

    with progress("Fitting in turn") as advance:
        answer = asdict(run(data, full=full, cpp_python=cpp_python, progress=advance))
    show(answer, as_json, lambda c: table(c, ("measure", "value"), list(answer.items())))


def bench_mastery(
    seeds: Annotated[int, typer.Option(min=1, help="Domains.")] = 3,
    students: Annotated[int, typer.Option(min=20, help="Students of each domain.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Certify simulated gradual learners, whose true mastery is known."""
    from experiments.certification import FIGURES, means
    from experiments.certification import bench_mastery as run

    with progress("Certifying simulated classes") as advance:
        found = run(seeds, students, progress=advance)
    mean = means(found)
    rows = [(model, *(f"{figures[f]:.3f}" for f in FIGURES)) for model, figures in mean.items()]
    show(
        {"rows": [asdict(row) for row in found], "means": mean},
        as_json,
        lambda c: table(c, ("model", *FIGURES), rows),
    )


def evaluate(
    data: Annotated[Path, typer.Argument(help="Response log (.csv, .csv.gz).")],
    model: Annotated[str, typer.Option(help=f"One of {', '.join(MODELS)}.")] = "bkt",
    folds: Annotated[int, typer.Option(min=2, help="Folds by student.")] = 5,
    split: Annotated[
        str | None, typer.Option(help="Column with a published train/test split by student.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="Another model: the difference in AUC, with its interval.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the folds and of the bootstrap.")] = 0,
    tracking: Annotated[
        str | None, typer.Option(envvar="FOOTPATH_TRACKING", help="MLflow tracking URI.")
    ] = None,
    track: Annotated[bool, typer.Option(help="Record the run in MLflow.")] = True,
    as_json: AsJson = False,
) -> None:
    """Evaluate a model without leaks: by student, predict first, then learn."""
    import numpy as np

    from experiments import evaluation
    from experiments.tracers import TRACERS
    from graphs import Fault, InvalidInput
    from models import read_log

    for name in filter(None, (model, against)):
        if name not in TRACERS:
            rule = f"{name!r} is not a model; use one of {', '.join(TRACERS)}"
            raise InvalidInput([Fault(rule, field="model")])
    log = read_log(data)
    fold = (
        evaluation.split_by_column(log, split)
        if split
        else evaluation.student_folds(log, folds, seed)
    )
    with progress(f"Evaluating {model}") as advance:
        predicted = evaluation.cross_predict(log, fold, TRACERS[model], advance)
    metrics = asdict(evaluation.measure(log, predicted))
    if against:
        with progress(f"Evaluating {against}") as advance:
            other = evaluation.cross_predict(log, fold, TRACERS[against], advance)
        rng = np.random.default_rng(seed)
        found = evaluation.auc_difference(log, predicted, other, rng)
        metrics |= {
            "auc_difference": found.auc,
            "auc_difference_low": found.low,
            "auc_difference_high": found.high,
        }
    run: dict[str, object] = {
        "model": model,
        "against": against,
        "data": data.name,
        "data_sha256": log.fingerprint,
        "protocol": f"split {split}" if split else f"{folds} folds by student",
        "seed": seed,
    }
    if track:
        run |= _recorded(tracking, run, metrics)
    answer = {**metrics, **run}
    show(
        answer,
        as_json,
        lambda console: table(console, ("measure", "value"), list(answer.items())),
    )


def _recorded(
    tracking: str | None, run: dict[str, object], metrics: dict[str, float]
) -> dict[str, object]:
    try:
        from experiments import tracking as records
    except ImportError as error:
        from graphs import InvalidInput

        message = "MLflow is not installed: pip install 'footpath[experiments]', or --no-track"
        raise InvalidInput(message) from error
    commit = records.code_commit()
    uri = tracking or records.DEFAULT_TRACKING
    numbers = {name: value for name, value in metrics.items() if not math.isnan(value)}
    return {
        "commit": commit,
        "mlflow_run": records.record_run(uri, "evaluate", {**run, "commit": commit}, numbers),
        "tracking": uri,
    }
