"""`footpath bench …`: speed and quality against peers, in one run."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from service.cli.output import AsJson, progress, show, table

if TYPE_CHECKING:
    from experiments.grouping.bench import GroupsBenchmark
    from experiments.recommending.bench import RecommendBenchmark


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
    bench.command("groups")(bench_groups)
    bench.command("pathway")(bench_pathway)
    bench.command("recommend")(bench_recommend)
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


def bench_pathway(
    seeds: Annotated[int, typer.Option(min=1, help="Domains.")] = 2,
    students: Annotated[int, typer.Option(min=5, help="Students of each class.")] = 40,
    first: Annotated[
        int, typer.Option(min=0, help="First seed; the spreads were set looking at 10.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Foretell the ways of simulated classes and count how often the intervals hold."""
    from experiments.pathway_trials import FIGURES, means
    from experiments.pathway_trials import bench_pathway as run

    with progress("Walking to goals") as advance:
        found = run(seeds, students, first, advance)
    mean = means(found)
    rows = [(who, *(f"{figures[f]:.3f}" for f in FIGURES)) for who, figures in mean.items()]
    show(
        {"rows": [asdict(row) for row in found], "means": mean},
        as_json,
        lambda c: table(c, ("world, model", *FIGURES), rows),
    )


def bench_groups(
    log: Annotated[
        Path | None, typer.Argument(help="Response log with a column class_id: real classes.")
    ] = None,
    instances: Annotated[int, typer.Option(min=1, help="Classes of 30 students.")] = 40,
    large: Annotated[int, typer.Option(min=0, help="Instances of 120 and of 300.")] = 2,
    classes: Annotated[int, typer.Option(min=0, help="Classes in which rounds are played.")] = 2,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of groups, one a week.")] = 10,
    diverse: Annotated[
        int, typer.Option(min=0, help="Maximally diverse instances of each of 12 kinds.")
    ] = 1,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="Long run for the best known value of each.")
    ] = 6.0,
    pairs: Annotated[int, typer.Option(min=0, help="Cases of pairs tried in full.")] = 1_000,
    as_json: AsJson = False,
) -> None:
    """Measure the groups proposed: proven, how fast, and beside the usual ways."""
    from experiments.grouping.bench import Extent
    from experiments.grouping.bench import bench_groups as run

    extent = Extent(instances, large, classes, rounds, diverse, seconds, pairs)
    with progress("Dividing classes") as advance:
        found = run(extent, log, advance)
    show(asdict(found), as_json, lambda console: _groups_tables(console, found))


def _groups_tables(console: Console, found: "GroupsBenchmark") -> None:
    solved = [
        (
            part.kind, part.students, part.instances, part.proven, part.broken,
            f"{part.worst_gap:.2%}", f"{part.median_s:.2f}", f"{part.max_s:.2f}",
        )
        for part in found.solved
    ]  # fmt: skip
    heads = ("classes", "students", "instances", "proven", "broken", "worst gap", "median s",
             "most s")  # fmt: skip
    table(console, heads, solved)
    ways = [
        (
            way.way,
            "" if way.below is None else f"{way.below:.1%}",
            "" if way.broken is None else f"{way.broken:.1f}",
            f"{way.rounds.truly_ready:.0%}", f"{way.rounds.most_lowest:.1f}",
            f"{way.rounds.partners:.1f}", f"{way.rounds.grouped:.0%}",
            f"{way.rounds.mastered:.1f}",
        )
        for way in found.ways
    ]  # fmt: skip
    heads = ("way", "below optimum", "broken", "truly ready", "most often lowest", "partners met",
             "in a group", "mastered at end")  # fmt: skip
    table(console, heads, ways)
    diverse = [
        (d.name, f"{d.found:.2f}", f"{d.best:.2f}", f"{d.below:.3%}", f"{d.seconds:.2f}")
        for d in found.diverse
    ]
    table(console, ("diverse", "found", "best known", "below", "s"), diverse)
    console.print(f"Pairs equal to the best of all matchings: {found.pairs_equal}/{found.pairs}.")


def bench_recommend(
    students: Annotated[int, typer.Option(min=1_000, help="Students of the district.")] = 100_000,
    processes: Annotated[int, typer.Option(min=1, help="Processes that share it.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Time choices for one student and for a district, how they grow, and plain Python's."""
    from experiments.recommending.bench import bench_recommend as run

    with progress("Choosing") as advance:
        found = run(students, processes, advance)
    show(asdict(found), as_json, lambda console: _recommend_tables(console, found))


def _recommend_tables(console: Console, found: "RecommendBenchmark") -> None:
    one = [
        (o.targets, o.tasks,
         *(f"{ms:.2f}" for ms in (o.median_ms, o.cpu_ms, o.p95_ms, o.new_board_ms)))
        for o in found.one
    ]  # fmt: skip
    heads = ("targets", "tasks", "one student ms", "CPU ms", "95 % within", "with a new board")
    table(console, heads, one)
    batch = [
        (f"{b.students:,}", f"{b.wall_s:.1f}", f"{b.us_per_student:.0f}", f"{b.peak_mb:.0f}")
        for b in found.batch
    ]
    table(console, ("students", "wall s", "CPU µs a student", "peak MiB"), batch)
    console.print(
        f"Plain Python over networkx: {found.plain_ms:.1f} ms a slate, {found.ratio_plain:.0f} "
        f"times ours; {found.plain_equal} of {found.plain_students} slates equal."
    )
    claims = [(c.claim, f"{c.found:.2f}", "kept" if c.kept else "MISSED") for c in found.claims]
    table(console, ("claim", "found", ""), claims)
