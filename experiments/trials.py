"""Trials: a model on a data set under a protocol, kept on disk so that nothing runs twice.

A trial is identified by the content of the data, the protocol, the model and the code that
computes it. What is kept are the predictions; every figure is worked out from them.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import models
from experiments.evaluation import (
    Difference,
    Progress,
    auc_difference,
    cross_predict,
    split_by_column,
    student_folds,
)
from experiments.full_tracer import sample_students
from experiments.tracers import TRACERS, Tracer
from graphs import Fault, InvalidInput
from models import ResponseLog, read_log
from models.log import Floats
from models.measures import (
    Cell,
    Metrics,
    calibration_by_decile,
    calibration_by_evidence,
    measure,
)

SPLIT = "split"
"""A column of this name that puts every student on one side is a published split."""
REFERENCE = "full"
"""The model that all others are held against in a table."""
CODE = ("baselines", "evaluation", "features", "full_tracer", "logistic", "tracers", "trials")
"""Modules of this package that a prediction depends on, besides all of `models`."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a data set is split: the column of a published split, or folds by student.

    `most_rows` bounds a data set by leaving whole students out; 0 keeps all.
    """

    folds: int = 5
    split: str | None = None
    seed: int = 0
    most_rows: int = 0


@dataclass(frozen=True)
class DataSet:
    """A data set ready to be predicted: who is in which fold, and how that came about."""

    name: str
    log: ResponseLog
    fold: npt.NDArray[np.int64]
    protocol: str
    rows_in_file: int
    seed: int

    @property
    def capped(self) -> str:
        """Say which part is used, or nothing when it is all of it."""
        whole = len(self.log) == self.rows_in_file
        return "" if whole else f"{len(self.log):,} of {self.rows_in_file:,} rows"


@dataclass(frozen=True)
class Outcome:
    """What came of a trial: predictions, what the model learned, and how long both took."""

    model: str
    predicted: Floats
    learned: dict[str, Floats]
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """An outcome in figures."""

    metrics: Metrics
    by_decile: tuple[Cell, ...]
    by_evidence: tuple[Cell, ...]


def open_data(path: Path, protocol: Protocol, *, published: bool = False) -> DataSet:
    """Read a response log and split it.

    With `published` a sound split that comes with the data goes before folds. Raises
    `InvalidInput` when the file is no response log or cannot be split so.
    """
    whole = read_log(path)
    log = sample_students(whole, protocol.most_rows) if protocol.most_rows else whole
    split = protocol.split or (SPLIT if published and _has_split(log) else None)
    if split:
        fold, words = split_by_column(log, split), f"published split ({split})"
    else:
        fold = student_folds(log, protocol.folds, protocol.seed)
        words = f"{protocol.folds} folds by student"
    return DataSet(path.name, log, fold, words, len(whole), protocol.seed)


def run_trial(data: DataSet, model: str, progress: Progress = lambda _, __: None) -> Outcome:
    """Predict a data set with a model; raises `InvalidInput` for an unknown one."""
    make = tracer_named(model)
    last: list[Tracer] = []
    start = time.perf_counter()
    predicted = cross_predict(data.log, data.fold, make, progress, last.append)
    return Outcome(model, predicted, last[-1].learned(), time.perf_counter() - start)


def tracer_named(model: str) -> Callable[[], Tracer]:
    """Return the maker of a tracer; raises `InvalidInput` for a name that is none."""
    if model not in TRACERS:
        rule = f"{model!r} is not a model; use one of {', '.join(TRACERS)}"
        raise InvalidInput([Fault(rule, field="model")])
    return TRACERS[model]


def report(data: DataSet, outcome: Outcome) -> Report:
    """Work out every figure of an outcome."""
    return Report(
        measure(data.log, outcome.predicted),
        calibration_by_decile(data.log, outcome.predicted),
        calibration_by_evidence(data.log, outcome.predicted),
    )


def difference(data: DataSet, one: Outcome, other: Outcome) -> Difference:
    """Return the AUC of one outcome minus that of another, with its interval."""
    rng = np.random.default_rng(data.seed)
    return auc_difference(data.log, one.predicted, other.predicted, rng)


def data_files(folder: Path) -> list[Path]:
    """Return the tables of a folder, smallest first; raises `InvalidInput` without any."""
    if not folder.is_dir():
        raise InvalidInput([Fault("is not a folder", str(folder))])
    found = [path for path in folder.iterdir() if path.name.endswith((".csv", ".csv.gz"))]
    if not found:
        raise InvalidInput([Fault("holds no .csv or .csv.gz file", str(folder))])
    return sorted(found, key=lambda path: (path.stat().st_size, path.name))


@dataclass(frozen=True)
class Shelf:
    """A folder of finished trials, one file each."""

    folder: Path

    def obtain(
        self, data: DataSet, model: str, progress: Progress = lambda _, __: None
    ) -> tuple[Outcome, bool]:
        """Return a trial's outcome and whether it was there already; run it if not."""
        path = self.folder / f"{_key(data, model)}.npz"
        if path.exists():
            return _read(path, model), True
        outcome = run_trial(data, model, progress)
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(path, outcome)
        return outcome, False


def _read(path: Path, model: str) -> Outcome:
    with np.load(path) as kept:
        learned = {name[2:]: kept[name] for name in kept.files if name.startswith("l:")}
        return Outcome(model, kept["predicted"], learned, float(kept["seconds"]))


def _write(path: Path, outcome: Outcome) -> None:
    """Write an outcome whole or not at all."""
    kept: dict[str, Any] = {f"l:{name}": values for name, values in outcome.learned.items()}
    kept |= {"predicted": outcome.predicted, "seconds": np.array(outcome.seconds)}
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **kept)
    part.replace(path)


def _key(data: DataSet, model: str) -> str:
    words: Sequence[object] = (
        data.log.fingerprint, data.protocol, data.seed, len(data.log), model, code_fingerprint(),
    )  # fmt: skip
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:24]


def code_fingerprint() -> str:
    """Return a fingerprint of the source that predictions depend on."""
    here, below = Path(__file__).parent, Path(models.__file__).parent
    sources = [*sorted(below.rglob("*.py")), *(here / f"{name}.py" for name in CODE)]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _has_split(log: ResponseLog) -> bool:
    try:
        split_by_column(log, SPLIT)
    except InvalidInput:
        return False
    return True
