from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.evaluation import (
    auc_difference,
    cross_predict,
    split_by_column,
    student_folds,
)
from experiments.tracers import TRACERS
from graphs import InvalidInput
from models import ResponseLog, read_log
from models.log import Floats
from models.measures import measure


def test_every_student_is_in_one_fold_and_folds_are_of_like_size(log: ResponseLog) -> None:
    fold = student_folds(log, 5, seed=0)
    assert np.bincount(fold).tolist() == [16] * 5
    assert (student_folds(log, 5, seed=0) == fold).all()
    assert (student_folds(log, 5, seed=1) != fold).any()


@pytest.mark.parametrize("folds", [1, 81])
def test_folds_that_cannot_be_made_are_refused(log: ResponseLog, folds: int) -> None:
    with pytest.raises(InvalidInput):
        student_folds(log, folds, seed=0)


def test_nobody_is_predicted_by_a_model_that_knew_them(log: ResponseLog) -> None:
    seen: list[tuple[set[int], set[int]]] = []

    class Spy:
        def fit(self, train: ResponseLog) -> None:
            self.train = set(train.student.tolist())

        def predict(self, test: ResponseLog) -> Floats:
            seen.append((self.train, set(test.student.tolist())))
            return np.zeros(len(test))

        def learned(self) -> dict[str, Floats]:
            return {}

    cross_predict(log, student_folds(log, 5, 0), Spy)
    assert len(seen) == 5
    assert all(not train & test for train, test in seen)
    assert set().union(*(test for _, test in seen)) == set(range(80))


def test_a_published_split_is_kept(log: ResponseLog) -> None:
    cells = np.where(log.student < 20, "test", "train").astype(object)
    fold = split_by_column(replace(log, extra={"split": cells}), "split")
    assert fold.tolist() == [0] * 20 + [-1] * 60


@pytest.mark.parametrize("problem", ["missing", "other words", "student on both sides"])
def test_a_split_that_leaks_or_is_none_is_refused(log: ResponseLog, problem: str) -> None:
    cells = np.where(log.student < 20, "test", "train").astype(object)
    if problem == "other words":
        cells[:] = "dev"
    if problem == "student on both sides":
        cells[-1] = "test"
    extra = {} if problem == "missing" else {"split": cells}
    with pytest.raises(InvalidInput):
        split_by_column(replace(log, extra=extra), "split")


def test_the_difference_of_a_model_to_itself_is_nothing(log: ResponseLog) -> None:
    predicted = np.random.default_rng(0).random(len(log))
    found = auc_difference(log, predicted, predicted, np.random.default_rng(1), draws=20)
    assert (found.auc, found.low, found.high) == (0.0, 0.0, 0.0)


def test_a_better_prediction_has_an_interval_above_nothing(log: ResponseLog) -> None:
    rng = np.random.default_rng(0)
    poor, good = rng.random(len(log)), 0.5 * log.score + 0.5 * rng.random(len(log))
    found = auc_difference(log, good, poor, np.random.default_rng(1), draws=100)
    assert 0 < found.low < found.auc < found.high


@pytest.mark.data
def test_plain_bkt_reaches_on_assist2009_what_others_get_without_leaks(data: Path) -> None:
    log = read_log(data / "assist2009.csv.gz")
    predicted = cross_predict(log, student_folds(log, 5, 0), TRACERS["bkt"])
    metrics = measure(log, predicted)
    assert 0.71 < metrics.auc < 0.73
    assert metrics.rows == len(log)
