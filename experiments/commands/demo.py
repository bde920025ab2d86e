"""`footpath demo`: a sample school, fitted and served."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.cli.output import AsJson, progress, show


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
