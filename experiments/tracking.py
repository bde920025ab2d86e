"""Records of runs in MLflow: what was run, on which data, with what result.

The only module that imports MLflow. By default runs go to a SQLite file in the current
folder; `FOOTPATH_TRACKING` or `--tracking` names another tracking server.
"""

import logging
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mlflow

DEFAULT_TRACKING = "sqlite:///mlflow.db"


def record_run(
    tracking: str,
    experiment: str,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float],
    figures: Mapping[str, Any],
) -> str:
    """Record one finished run with its figures (by file name) and return its id."""
    for name in ("alembic", "mlflow"):  # schema chatter on the first run is not for users
        logging.getLogger(name).setLevel(logging.WARNING)
    mlflow.set_tracking_uri(tracking)
    mlflow.set_experiment(experiment)
    with mlflow.start_run() as run:
        mlflow.log_params(dict(parameters))
        mlflow.log_metrics(dict(metrics))
        for name, figure in figures.items():
            mlflow.log_figure(figure, name)
    return str(run.info.run_id)


def code_commit() -> str:
    """Return the commit of the code, with `+` when it has uncommitted changes; else `unknown`."""
    here = Path(__file__).parent
    try:
        head = _git(here, "rev-parse", "HEAD")
        return head + ("+" if _git(here, "status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout.strip()
