"""`footpath bench …`: speed and quality against peers, in one run."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.cli.output import AsJson, progress, show, table


def bench_group() -> typer.Typer:
    """Return the group of benchmark commands."""
    bench = typer.Typer(
        help="Measure speed and quality against peers, in one run.", no_args_is_help=True
    )
    bench.command("fit")(bench_fit)
    bench.command("update")(bench_update)
    bench.command("full")(bench_full)
    bench.command("scale")(bench_scale)
    bench.command("import")(bench_import)
    bench.command("mastery")(bench_mastery)
    return bench


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


def bench_update(
    events: Annotated[int, typer.Option(min=100, help="Updates timed.")] = 4_000,
    rows: Annotated[int, typer.Option(min=1_000, help="Rows of the batch filters.")] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Time one piece of evidence → new estimate, and whole logs, against pyBKT's roster."""
    from experiments.update_benchmark import bench_update as run

    with progress("Timing in turn") as advance:
        answer = asdict(run(events, rows, advance))
    show(answer, as_json, lambda c: table(c, ("measure", "value"), list(answer.items())))


def bench_full(
    data: Annotated[Path, typer.Argument(help="Response log (.csv, .csv.gz).")],
    repeats: Annotated[int, typer.Option(min=1, help="Fits; medians are told.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Time the full model's fit on all cores, and its peak memory."""
    from experiments.full_fit_benchmark import bench_full as run

    with progress("Fitting") as advance:
        answer = asdict(run(data, repeats, advance))
    show(answer, as_json, lambda c: table(c, ("measure", "value"), list(answer.items())))


def bench_scale(
    rows: Annotated[int, typer.Option(min=10_000, help="Longest log, plain BKT.")] = 10_000_000,
    full_rows: Annotated[
        int, typer.Option(min=10_000, help="Longest log, full model: a million takes a minute.")
    ] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Time fits on simulated logs of growing length: cost a response, peak memory."""
    from experiments.full_fit_benchmark import bench_scale as run

    with progress("Fitting longer and longer logs") as advance:
        found = run(rows, full_rows, advance)
    rounded = [
        (
            f.model,
            f"{f.rows:,}",
            f"{f.wall_s:.2f}",
            f"{f.cpu_s:.2f}",
            f"{f.us_per_row:.3f}",
            f.passes,
            f"{f.peak_mb:.0f}",
        )
        for f in found
    ]
    head = ("model", "responses", "wall s", "CPU s", "CPU µs a response", "passes", "peak MiB")
    show(
        {"rows": [asdict(f) | {"us_per_row": f.us_per_row} for f in found]},
        as_json,
        lambda c: table(c, head, rounded),
    )


def bench_import(
    rows: Annotated[int, typer.Option(min=1_000, help="Rows of the file.")] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Time the import of a file of evidence into SQLite, beside SQLite alone."""
    from experiments.import_benchmark import bench_import as run

    with progress("Importing") as advance:
        answer = asdict(run(rows, advance))
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
