"""`footpath evaluate`: one data set, or the table over all of them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.output import AsJson, progress, show, table

if TYPE_CHECKING:
    from rich.console import Console

    from experiments.trials import DataSet, Outcome, Report

MODELS = (
    "full", "best-lr", "best-lr-ability", "bkt", "bkt-forgets", "pfa", "elo", "n-in-a-row",
    "canvas", "most-frequent-class", "pybkt", "full-no-forgetting", "full-by-trials",
    "full-no-ability", "full-no-items",
)  # fmt: skip
"""What `evaluate` knows; a test keeps it equal to `TRACERS`, which is slow to import."""
TABLE = MODELS[: MODELS.index("pybkt")]
"""The models of a table by default: pyBKT's own fit takes hours, ablations are for when asked."""
BESIDE = Path("../shared/data")
"""Where the tests, too, look for research data: beside the repository."""
MARGIN = 0.002
"""How far below the strongest fair baseline the full model may come out on any data set."""


@dataclass(frozen=True)
class Recording:
    """Whether and where runs are recorded."""

    wanted: bool
    uri: str | None


def evaluate(
    data: Annotated[
        Path | None, typer.Argument(help="Response log (.csv, .csv.gz); not with --all.")
    ] = None,
    model: Annotated[str, typer.Option(help=f"One of {', '.join(MODELS)}.")] = "bkt",
    folds: Annotated[int, typer.Option(min=2, help="Folds by student.")] = 5,
    split: Annotated[
        str | None, typer.Option(help="Column with a published train/test split by student.")
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(help="Another model: the difference in AUC, with its interval; repeatable."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every data set of a folder × several models, one table.")
    ] = False,
    data_dir: Annotated[Path, typer.Option(help="With --all: the folder.")] = BESIDE,
    models: Annotated[
        str, typer.Option(help="With --all: the models, joined by commas.")
    ] = ",".join(TABLE),
    results: Annotated[
        Path, typer.Option(help="With --all: where finished trials are kept, to go on from.")
    ] = Path("var/trials"),
    most_rows: Annotated[
        int, typer.Option(min=0, help="Leave whole students out beyond so many rows; 0: none.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the folds and of the bootstrap.")] = 0,
    tracking: Annotated[
        str | None, typer.Option(envvar="FOOTPATH_TRACKING", help="MLflow tracking URI.")
    ] = None,
    track: Annotated[bool, typer.Option(help="Record the run in MLflow.")] = True,
    as_json: AsJson = False,
) -> None:
    """Evaluate models without leaks: by student, predict first, then learn.

    With --all a sound published split is used where the data come with one (a column
    `split`), folds by student elsewhere, and every model is held against `full`.
    """
    from experiments.trials import Protocol
    from graphs import InvalidInput

    if every == (data is not None):
        raise InvalidInput("name a response log, or --all with --data-dir")
    protocol = Protocol(folds, split, seed, most_rows)
    recording = Recording(track, tracking)
    if data is not None:
        answer = _one(data, model, against or [], protocol, recording)
        show(answer, as_json, lambda console: _show_one(console, answer))
    else:
        answer = _all(data_dir, _names(models), protocol, results, recording)
        show(answer, as_json, lambda console: _show_all(console, answer))


def _one(
    path: Path, model: str, against: Sequence[str], protocol: Any, recording: Recording
) -> dict[str, Any]:
    """Evaluate one model on one data set, and its difference to others."""
    from experiments import trials

    for name in (model, *against):
        trials.tracer_named(name)
    data = trials.open_data(path, protocol)
    outcomes = []
    for name in (model, *against):
        with progress(f"Evaluating {name}") as advance:
            outcomes.append(trials.run_trial(data, name, advance))
    mine, *others = outcomes
    report = trials.report(data, mine)
    return {
        **asdict(report.metrics),
        "differences": [
            {"against": other.model, **asdict(trials.difference(data, mine, other))}
            for other in others
        ],
        "calibration_by_decile": [asdict(cell) for cell in report.by_decile],
        "calibration_by_evidence": [asdict(cell) for cell in report.by_evidence],
        **_described(data, mine),
        **_recorded(data, mine, report, recording),
    }


def _all(
    folder: Path, names: Sequence[str], protocol: Any, results: Path, recording: Recording
) -> dict[str, Any]:
    """Evaluate every model on every data set of a folder, going on where it was left."""
    from experiments import trials
    from graphs import InvalidInput

    for name in names:
        trials.tracer_named(name)
    rows: list[dict[str, Any]] = []
    skipped: list[dict[str, str]] = []
    for path in trials.data_files(folder):
        try:
            data = trials.open_data(path, protocol, published=True)
        except InvalidInput as error:
            skipped.append({"data": path.name, "reason": str(error)})
            continue
        reference: Outcome | None = None
        for name in names:
            with progress(f"{data.name} · {name}") as advance:
                outcome, kept = trials.Shelf(results).obtain(data, name, advance)
            reference = outcome if name == trials.REFERENCE else reference
            rows.append(_row(data, outcome, reference))
            typer.echo(_line(rows[-1]), err=True)
            if not kept:
                _recorded(data, outcome, trials.report(data, outcome), recording)
    return {"rows": rows, "skipped": skipped, "claim": _claim(rows)}


def _row(data: "DataSet", outcome: "Outcome", reference: "Outcome | None") -> dict[str, Any]:
    from experiments import trials

    apart = None
    if reference is not None and reference is not outcome:
        apart = asdict(trials.difference(data, reference, outcome))
    metrics = asdict(trials.report(data, outcome).metrics)
    return {**_described(data, outcome), **metrics, "full_minus_this": apart}


def _described(data: "DataSet", outcome: "Outcome") -> dict[str, Any]:
    return {
        "data": data.name,
        "data_sha256": data.log.fingerprint,
        "protocol": data.protocol,
        "part_used": data.capped or None,
        "model": outcome.model,
        "seed": data.seed,
        "seconds": outcome.seconds,
    }


def _claim(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Check that full is nowhere more than the margin below best-lr-ability."""
    held = [r for r in rows if r["model"] == "best-lr-ability" and r["full_minus_this"]]
    if not held:
        return None
    worst = min(held, key=lambda row: row["full_minus_this"]["auc"])
    return {
        "words": f"full is nowhere more than {MARGIN} below best-lr-ability",
        "holds": worst["full_minus_this"]["auc"] >= -MARGIN,
        "worst": {"data": worst["data"], **worst["full_minus_this"]},
    }


def _names(models: str) -> list[str]:
    """Split the list of models; the reference comes first, so that differences can follow."""
    names = dict.fromkeys(name.strip() for name in models.split(",") if name.strip())
    return sorted(names, key=lambda name: name != "full")


def _show_one(console: "Console", answer: dict[str, Any]) -> None:
    apart = {"differences", "calibration_by_decile", "calibration_by_evidence"}
    plain = [(key, value) for key, value in answer.items() if key not in apart]
    table(console, ("measure", "value"), plain)
    if answer["differences"]:
        found = [(d["against"], *_interval(d)) for d in answer["differences"]]
        console.print()
        table(console, ("AUC minus that of", "difference", "95 % interval"), found)
    for title, key in (
        ("predicted between", "calibration_by_decile"),
        ("earlier responses", "calibration_by_evidence"),
    ):
        cells = [
            (c["label"], c["rows"], *(f"{c[k]:.4f}" for k in ("predicted", "observed", "ece")))
            for c in answer[key]
        ]
        console.print()
        table(console, (title, "rows", "predicted", "observed", "calibration error"), cells)


HEADER = ("data", "protocol", "rows", "model", "AUC", "first", "ECE", "full − it", "95 % interval")


def _show_all(console: "Console", answer: dict[str, Any]) -> None:
    table(console, HEADER, [_cells(row) for row in answer["rows"]])
    for skip in answer["skipped"]:
        console.print(f"left out: {skip['data']}: {skip['reason']}")
    claim = answer["claim"]
    if claim:
        verdict = "holds" if claim["holds"] else "does not hold"
        difference, interval = _interval(claim["worst"])
        console.print(
            f"{claim['words']}: {verdict}; worst on {claim['worst']['data']}: "
            f"{difference} {interval}"
        )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    size = row["part_used"] or f"{row['rows']:,}"
    numbers = (f"{row[key]:.4f}" for key in ("auc", "auc_first", "ece"))
    apart = _interval(row["full_minus_this"]) if row["full_minus_this"] else ("", "")
    return (row["data"], row["protocol"], size, row["model"], *numbers, *apart)


def _line(row: dict[str, Any]) -> str:
    """Return a result as one line, for whoever watches."""
    _, _, _, _, auc, first, ece, apart, interval = _cells(row)
    told = f"  AUC {auc}  first {first}  ECE {ece}"
    return told + (f"  full − it {apart} {interval}" if apart else "")


def _interval(found: dict[str, Any]) -> tuple[str, str]:
    return f"{found['auc']:+.4f}", f"[{found['low']:+.4f}, {found['high']:+.4f}]"


def _recorded(
    data: "DataSet", outcome: "Outcome", report: "Report", recording: Recording
) -> dict[str, Any]:
    """Record a trial in MLflow with its figures, if wanted."""
    if not recording.wanted:
        return {}
    try:
        from experiments import tracking as records
        from experiments.figures import figures
    except ImportError as error:
        from graphs import InvalidInput

        message = "MLflow is not installed: pip install 'footpath[experiments]', or --no-track"
        raise InvalidInput(message) from error
    commit = records.code_commit()
    uri = recording.uri or records.DEFAULT_TRACKING
    run = {key: value for key, value in _described(data, outcome).items() if key != "seconds"}
    found = {**asdict(report.metrics), "seconds": outcome.seconds}
    numbers = {name: value for name, value in found.items() if not math.isnan(value)}
    drawn = figures(data.log, outcome.predicted, outcome.learned)
    return {
        "commit": commit,
        "mlflow_run": records.record_run(
            uri, "evaluate", {**run, "commit": commit}, numbers, drawn
        ),
        "tracking": uri,
    }
