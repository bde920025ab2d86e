"""`footpath fit` and `footpath replay`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.cli.output import AsJson, StoreUrl, opened, progress, show
from service.principal import LOCAL


class Fitter(StrEnum):
    """Who fits."""

    footpath = "footpath"
    pybkt = "pybkt"


class Aim(StrEnum):
    """What the fitted parameters are for."""

    likelihood = "likelihood"
    mastery = "mastery"


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
    fitter: Annotated[Fitter, typer.Option(help="pyBKT's own takes minutes.")] = Fitter.footpath,
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
    """Fit Bayesian knowledge tracing to every learning target.

    From a response log the model goes to the output file. Without one it is fitted on the
    store's own evidence and put in force there.
    """
    import time

    from models import model_document, read_log, write_model
    from models.fitting import fit_bkt, fit_log_likelihood
    from service.app import utc_now
    from service.usecases import fitting

    if data is None:
        with opened(store) as kept:
            log = fitting.log_in_store(kept, LOCAL)
    else:
        log = read_log(data)
    aim = aim or (Aim.mastery if data is None else Aim.likelihood)
    start = time.process_time()
    with progress("Fitting learning targets") as advance:
        model = fit_bkt(log, fitter=fitter.value, aim=aim.value, progress=advance)
    seconds = time.process_time() - start
    if data is None:
        with opened(store) as kept, progress("Refreshing states") as advance:
            fitting.put_in_force(kept, LOCAL, model, utc_now(), advance)
    if output is not None:
        write_model(model, output)
    logliks = fit_log_likelihood(model, log)
    answer = {
        "model": model.name,
        "version": model_document(model)["version"],
        "fitter": fitter.value,
        "aim": model.fit["aim"],
        "output": str(output) if output else None,
        "in_force": data is None,
        "responses": len(log),
        "students": len(log.students),
        "targets": len(model.parameters),
        "loglik": sum(logliks.values()),
        "loglik_by_target": logliks,
        "cpu_s": seconds,
    }
    show(
        answer,
        as_json,
        lambda console: console.print(
            f"{answer['targets']} learning targets from {answer['responses']} responses of "
            f"{answer['students']} students in {seconds:.1f} CPU s; log-likelihood "
            f"{answer['loglik']:.1f}" + (f"; written to {output}" if output else "")
        ),
    )


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
