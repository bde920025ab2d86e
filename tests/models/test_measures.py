from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss, roc_auc_score

from models import ResponseLog
from models.log import Floats
from models.measures import (
    auc,
    calibration_by_decile,
    calibration_by_evidence,
    calibration_error,
    held_out,
    measure,
    practised_before,
    rank,
)
from tests.experiments.conftest import make_log


@pytest.fixture(scope="module")
def log() -> ResponseLog:
    return make_log()


outcomes = st.lists(
    st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 3)), min_size=2, max_size=60
).filter(lambda rows: 0 < sum(right for right, _, _ in rows) < len(rows))


@given(rows=outcomes)
def test_the_area_is_that_of_scikit_learn_ties_and_weights_included(
    rows: list[tuple[bool, int, int]],
) -> None:
    right = np.array([r for r, _, _ in rows])
    predicted = np.array([p / 7 for _, p, _ in rows])
    assert auc(right, predicted) == pytest.approx(roc_auc_score(right, predicted))
    weight = np.array([float(w) for _, _, w in rows])
    found = rank(right, predicted).auc(weight)
    if weight[right].sum() and weight[~right].sum():
        expected = roc_auc_score(right, predicted, sample_weight=weight)
        assert found == pytest.approx(expected)
    else:
        assert np.isnan(found)


@pytest.mark.parametrize("score", [[], [1.0, 1.0], [0.0]])
def test_one_outcome_alone_has_no_area(score: list[float]) -> None:
    right = np.array(score) >= 0.5
    assert np.isnan(auc(right, np.linspace(0.1, 0.9, len(score))))


def test_a_row_counts_what_its_most_practised_target_has_seen(log: ResponseLog) -> None:
    seen: dict[tuple[int, int], int] = {}
    expected = []
    for row in range(len(log)):
        pairs = [(int(log.student[row]), int(t))
                 for t in log.target[log.offset[row] : log.offset[row + 1]]]  # fmt: skip
        expected.append(max(seen.get(pair, 0) for pair in pairs))
        for pair in pairs:
            seen[pair] = seen.get(pair, 0) + 1
    assert practised_before(log).tolist() == expected


def test_calibration_error_by_hand() -> None:
    predicted = np.array([0.1, 0.1, 0.9, 0.9])
    for score, expected in (([0, 0, 1, 1], 0.1), ([0, 1, 1, 1], 0.5 * 0.4 + 0.5 * 0.1)):
        found = calibration_error(np.array(score, dtype=np.float64), predicted, bins=2)
        assert found == pytest.approx(expected)


def test_only_predicted_rows_are_measured(log: ResponseLog) -> None:
    predicted = np.where(log.student < 10, 0.5, np.nan)
    metrics = measure(log, predicted)
    assert (metrics.rows, metrics.students) == (240, 10)
    assert metrics.auc == 0.5
    assert metrics.log_loss == pytest.approx(np.log(2))
    assert metrics.rmse == 0.5


def test_the_log_loss_is_that_of_scikit_learn(log: ResponseLog) -> None:
    predicted = np.random.default_rng(0).random(len(log))
    assert measure(log, predicted).log_loss == pytest.approx(log_loss(log.score >= 0.5, predicted))


def test_deciles_part_the_rows_evenly_and_their_errors_add_up(log: ResponseLog) -> None:
    predicted: Floats = np.random.default_rng(0).random(len(log))
    cells = calibration_by_decile(log, predicted)
    assert [cell.rows for cell in cells] == [192] * 10
    assert [c.predicted for c in cells] == sorted(c.predicted for c in cells)
    mean = float(np.mean([cell.ece for cell in cells]))
    assert mean == pytest.approx(calibration_error(log.score, predicted))


def test_cells_of_evidence_part_the_rows_and_may_be_empty(log: ResponseLog) -> None:
    predicted = np.where(log.student < 40, 0.5, np.nan)
    cells = calibration_by_evidence(log, predicted)
    assert [cell.label for cell in cells] == ["0", "1", "2", "3–5", "6–10", ">10"]
    assert sum(cell.rows for cell in cells) == 40 * 24
    before = practised_before(log)[log.student < 40]
    assert cells[3].rows == int(((before >= 3) & (before <= 5)).sum())
    assert cells[5].rows == 0
    assert np.isnan(cells[5].ece)


def test_a_fifth_of_the_students_is_held_out_whatever_the_order_of_the_log(
    log: ResponseLog,
) -> None:
    judge = held_out(log)
    chosen = {log.students[s] for s in log.student[judge]}
    assert len(chosen) == 16
    assert judge.sum() == 16 * 24
    turned = replace(log, students=log.students[::-1], student=79 - log.student)
    assert {turned.students[s] for s in turned.student[held_out(turned)]} == chosen


@pytest.mark.parametrize(("students", "expected"), [(1, 0), (2, 1), (7, 1)])
def test_small_logs_hold_out_at_least_one_of_two(students: int, expected: int) -> None:
    log = make_log(students=students)
    assert len(np.unique(log.student[held_out(log)])) == expected
