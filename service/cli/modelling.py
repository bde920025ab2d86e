"""`footpath fit`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.output import AsJson, StoreUrl, opened, progress, show
from service.principal import LOCAL

if TYPE_CHECKING:
    from models import MasteryModel, ResponseLog
    from models.fitting import Spread

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
    dask: Annotated[
        str | None,
        typer.Option(help="Spread plain BKT's fit over a Dask cluster: tcp://HOST:PORT, or local."),
    ] = None,
    card: Annotated[
        Path | None, typer.Option(help="Where to write a model card (Markdown).")
    ] = None,
    groups: Annotated[
        str | None, typer.Option(help="Columns of DATA whose groups the card tells apart: a,b.")
    ] = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Fit a mastery model to every learning target at once.

    From a response log the model goes to the output file. Without one it is fitted on the
    store's own evidence and put in force there. A card tells what the model rests on and how
    well a fit on four students in five predicts the fifth.
    """
    import time

    from models import write_model
    from models.predicting import predict_held_out
    from service.app import utc_now
    from service.model_card import Card, write_card
    from service.usecases import fitting, placing

    aim = aim or (Aim.mastery if data is None else Aim.likelihood)
    kind = kind or (Model.full if data is None and fitter is Fitter.footpath else Model.bkt)
    plan = _Plan(kind, fitter, aim, dask)
    plan.check()
    log = _log(data, store)
    columns = _columns(log, groups, card)
    with plan.fitting() as fit_to, progress("Fitting learning targets") as advance:
        start = time.process_time()
        model = fit_to(log, advance)
        seconds = time.process_time() - start
        held_out = predict_held_out(log, lambda part: fit_to(part, advance)) if card else None
    if data is None:
        with opened(store) as kept, progress("Refreshing states") as advance:
            fitting.put_in_force(kept, LOCAL, model, utc_now(), advance)
            placing.put_starts(kept, LOCAL, log, utc_now())
    if output is not None:
        write_model(model, output)
    if card is not None and held_out is not None:
        source = data.name if data else "the store's evidence in force"
        write_card(Card(model, source, utc_now(), log, held_out, columns), card)
    written = {"output": str(output) if output else None, "card": str(card) if card else None}
    answer = {**_told(model, log, plan), **written, "in_force": data is None, "cpu_s": seconds}
    show(answer, as_json, lambda console: console.print(_sentence(answer)))


@dataclass(frozen=True)
class _Plan:
    """What is fitted, by whom, for what, and where."""

    kind: Model
    fitter: Fitter
    aim: Aim
    dask: str | None

    def check(self) -> None:
        """Raise `InvalidInput` naming the options that do not go together."""
        from graphs import Fault, InvalidInput

        ours = self.fitter is Fitter.footpath
        if self.kind is Model.full and not ours:
            raise InvalidInput([Fault(f"{self.fitter} cannot fit the full model", field="fitter")])
        if self.dask and (self.kind is Model.full or not ours):
            rule = "spreads our own fit of plain BKT: add --model bkt, and no other --fitter"
            raise InvalidInput([Fault(rule, field="dask")])

    @contextmanager
    def fitting(self) -> Iterator[Callable[["ResponseLog", Progress], "MasteryModel"]]:
        """Yield the fit; a cluster stays connected as long as it is used."""
        from models.fitting import fit_bkt
        from models.full.training import fit_full

        if self.kind is Model.full:
            yield lambda log, advance: fit_full(log, aim=self.aim.value, progress=advance)
            return
        with _spread(self.dask) as (spread, parts):
            yield lambda log, advance: fit_bkt(
                log,
                fitter=self.fitter.value,
                aim=self.aim.value,
                progress=advance,
                spread=spread,
                parts=parts,
            )


@contextmanager
def _spread(address: str | None) -> Iterator[tuple["Spread", int]]:
    """Yield how a fit is spread over parts of the targets: not at all without an address."""
    if address is None:
        yield map, 1
        return
    from service.cluster import connected

    with connected(address) as cluster:
        yield cluster.map, cluster.parts


def _log(data: Path | None, store: str | None) -> "ResponseLog":
    """Return the response log of a file, or of the store's evidence."""
    from models import read_log
    from service.usecases import fitting

    if data is not None:
        return read_log(data)
    with opened(store) as kept:
        return fitting.log_in_store(kept, LOCAL)


def _columns(log: "ResponseLog", groups: str | None, card: Path | None) -> tuple[str, ...]:
    """Return the named group columns; refuse what cannot be told before anything is fitted."""
    from graphs import InvalidInput

    if groups and card is None:
        raise InvalidInput("--groups names groups for a card: add --card")
    columns = tuple(name.strip() for name in (groups or "").split(",") if name.strip())
    missing = [name for name in columns if name not in log.extra]
    if missing:
        raise InvalidInput(f"the data has no column {', '.join(map(repr, missing))}")
    return columns


def _told(model: "MasteryModel", log: "ResponseLog", plan: _Plan) -> dict[str, Any]:
    """Tell what came of a fit."""
    from models import BKTModel, model_document
    from models.fitting import fit_log_likelihood
    from models.full.model import FullModel
    from models.full.training import log_likelihood

    figures: dict[str, Any] = {}
    if isinstance(model, BKTModel):
        logliks = fit_log_likelihood(model, log)
        figures = {"loglik": sum(logliks.values()), "loglik_by_target": logliks}
    elif isinstance(model, FullModel):
        loglik = log_likelihood(model.parameters, log)
        noted = {name: model.fit.get(name) for name in ("certification", "kinds")}
        figures = {"loglik": loglik, **noted}
    return {
        "model": model.name,
        "version": model_document(model)["version"],
        "fitter": plan.fitter.value,
        "aim": "likelihood" if plan.fitter is Fitter.pybkt else plan.aim.value,
        "responses": len(log),
        "students": len(log.students),
        "targets": len(log.targets),
        "certain_at": model.certain_at,
        **figures,
    }


def _sentence(answer: dict[str, Any]) -> str:
    certified = answer["certain_at"]
    bar = f"; mastery is certified from {certified:.2f}" if certified else ""
    written = [path for path in (answer["output"], answer["card"]) if path]
    return (
        f"{answer['targets']} learning targets from {answer['responses']} responses of "
        f"{answer['students']} students in {answer['cpu_s']:.1f} CPU s; log-likelihood "
        f"{answer['loglik']:.1f}{bar}"
        + (f"; written to {' and '.join(written)}" if written else "")
    )
