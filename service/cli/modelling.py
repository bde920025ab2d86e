"""`footpath fit` and `footpath replay`."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.output import AsJson, StoreUrl, opened, progress, show
from service.principal import LOCAL

if TYPE_CHECKING:
    from models import MasteryModel, ResponseLog

Progress = Callable[[int, int], None]


class Fitter(StrEnum):
    """Who fits."""

    footpath = "footpath"
    pybkt = "pybkt"


class Aim(StrEnum):
    """What the fitted parameters are for."""

    likelihood = "likelihood"
    mastery = "mastery"


class Model(StrEnum):
    """What is fitted."""

    bkt = "bkt"
    full = "full"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("fit")(fit)
    app.command("replay")(replay)


def fit(
    data: Annotated[
        Path | None, typer.Argument(help="Response log (.csv, .csv.gz); default: the store's.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write the model (JSON).")
    ] = None,
    kind: Annotated[
        Model | None,
        typer.Option(
            "--model",
            help="bkt: five numbers a target (default for DATA); full: with item difficulty, "
            "ability, forgetting and levels, certified on held-out answers (the store's default).",
        ),
    ] = None,
    fitter: Annotated[
        Fitter, typer.Option(help="Who fits plain BKT; pyBKT's own takes minutes.")
    ] = Fitter.footpath,
    aim: Annotated[
        Aim | None,
        typer.Option(
            help="likelihood: the greatest, whatever it means (default for DATA); "
            "mastery: readable, leaning on prior beliefs (default for the store)."
        ),
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Fit a mastery model to every learning target at once.

    From a response log the model goes to the output file. Without one it is fitted on the
    store's own evidence and put in force there.
    """
    import time

    from models import model_document, read_log, write_model
    from service.app import utc_now
    from service.usecases import fitting

    if data is None:
        with opened(store) as kept:
            log = fitting.log_in_store(kept, LOCAL)
    else:
        log = read_log(data)
    aim = aim or (Aim.mastery if data is None else Aim.likelihood)
    kind = kind or (Model.full if data is None and fitter is Fitter.footpath else Model.bkt)
    start = time.process_time()
    with progress("Fitting learning targets") as advance:
        model, figures = _FITS[kind](log, fitter, aim, advance)
    seconds = time.process_time() - start
    if data is None:
        with opened(store) as kept, progress("Refreshing states") as advance:
            fitting.put_in_force(kept, LOCAL, model, utc_now(), advance)
    if output is not None:
        write_model(model, output)
    answer: dict[str, Any] = {
        "model": model.name,
        "version": model_document(model)["version"],
        "output": str(output) if output else None,
        "in_force": data is None,
        "responses": len(log),
        "students": len(log.students),
        "targets": len(log.targets),
        "cpu_s": seconds,
        **figures,
    }
    bar = f"; mastery is certified from {model.certain_at:.2f}" if model.certain_at else ""
    words = (
        f"{len(log.targets)} learning targets from {len(log)} responses of {len(log.students)} "
        f"students in {seconds:.1f} CPU s; log-likelihood {answer['loglik']:.1f}{bar}"
    )
    written = f"; written to {output}" if output else ""
    show(answer, as_json, lambda console: console.print(words + written))


def _fit_bkt(
    log: "ResponseLog", fitter: Fitter, aim: Aim, advance: Progress
) -> "tuple[MasteryModel, dict[str, Any]]":
    from models.fitting import fit_bkt, fit_log_likelihood

    model = fit_bkt(log, fitter=fitter.value, aim=aim.value, progress=advance)
    logliks = fit_log_likelihood(model, log)
    return model, {
        "fitter": fitter.value,
        "aim": model.fit["aim"],
        "loglik": sum(logliks.values()),
        "loglik_by_target": logliks,
    }


def _fit_full(
    log: "ResponseLog", fitter: Fitter, aim: Aim, advance: Progress
) -> "tuple[MasteryModel, dict[str, Any]]":
    from graphs import Fault, InvalidInput
    from models.full.training import fit_full, log_likelihood

    if fitter is not Fitter.footpath:
        raise InvalidInput([Fault(f"{fitter.value} cannot fit the full model", field="fitter")])
    model = fit_full(log, aim=aim.value, progress=advance)
    return model, {
        "fitter": fitter.value,
        "aim": aim.value,
        "loglik": log_likelihood(model.parameters, log),
        "certification": model.fit.get("certification"),
    }


_FITS = {Model.bkt: _fit_bkt, Model.full: _fit_full}


def replay(store: StoreUrl = None, as_json: AsJson = False) -> None:
    """Rebuild every state from the evidence; exit code 1 unless the live ones are identical."""
    from service.usecases import replaying

    with opened(store) as kept, progress("Replaying students") as advance:
        done = replaying.replay(kept, LOCAL, advance)
    answer = {
        "identical": done.identical,
        "events": done.events,
        "students": done.students,
        "cached": done.cached,
        "different": list(done.different),
    }
    words = "identical" if done.identical else f"these differ: {', '.join(done.different[:20])}"
    show(
        answer,
        as_json,
        lambda console: console.print(
            f"{done.events} pieces of evidence of {done.students} students replayed: {words}"
        ),
    )
    raise typer.Exit(0 if done.identical else 1)
