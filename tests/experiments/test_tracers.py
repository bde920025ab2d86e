"""The contract of every tracer under evaluation, above all: no leak."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.evaluation import cross_predict, measure, student_folds
from experiments.tracers import TRACERS, Tracer
from models import ResponseLog
from tests.experiments.conftest import make_log

QUICK = sorted(set(TRACERS) - {"pybkt"})  # pyBKT's own fit is ours to time, not to test


@pytest.fixture(params=QUICK)
def fitted(request: pytest.FixtureRequest, log: ResponseLog) -> Tracer:
    tracer = TRACERS[request.param]()
    tracer.fit(log)
    return tracer


def test_every_response_gets_a_probability(fitted: Tracer) -> None:
    test = make_log(seed=9)
    predicted = fitted.predict(test)
    assert predicted.shape == (len(test),)
    assert ((predicted >= 0) & (predicted <= 1)).all()


def test_removing_the_future_changes_no_prediction(fitted: Tracer) -> None:
    test = make_log(students=6, seed=9)
    whole = fitted.predict(test)
    for row in range(0, len(test), 17):
        past = np.arange(len(test)) <= row
        assert fitted.predict(test.where(past))[row] == pytest.approx(whole[row], abs=1e-12)


def test_a_prediction_does_not_know_its_own_answer(fitted: Tracer) -> None:
    test = make_log(students=6, seed=9)
    whole = fitted.predict(test)
    for row in range(0, len(test), 13):
        turned = test.score.copy()
        turned[row] = 1 - turned[row]
        assert fitted.predict(replace(test, score=turned))[row] == whole[row]


def test_other_students_under_test_are_never_looked_at(fitted: Tracer) -> None:
    test = make_log(students=6, seed=9)
    whole = fitted.predict(test)
    for student in range(6):
        mine = test.student == student
        assert fitted.predict(test.where(mine)) == pytest.approx(whole[mine], abs=1e-12)


def test_predicting_changes_nothing(fitted: Tracer) -> None:
    test = make_log(students=6, seed=9)
    score = test.score.copy()
    assert (fitted.predict(test) == fitted.predict(test)).all()
    assert (test.score == score).all()


def test_a_target_that_training_never_saw_is_still_predicted(log: ResponseLog) -> None:
    for name in QUICK:
        tracer = TRACERS[name]()
        tracer.fit(log.where(np.repeat(log.target[log.offset[:-1]] != 3, 1)))
        assert np.isfinite(tracer.predict(log)).all()


@pytest.mark.parametrize("name", QUICK)
def test_shuffled_answers_cannot_be_predicted(name: str) -> None:
    log = make_log(students=400, seed=2)
    shuffled = replace(log, score=np.random.default_rng(1).permutation(log.score))
    predicted = cross_predict(shuffled, student_folds(shuffled, 4, 0), TRACERS[name])
    # 9,600 rows: the standard error of an AUC of .5 is about .006.
    assert measure(shuffled, predicted).auc == pytest.approx(0.5, abs=0.02)


def test_knowledge_tracing_beats_the_floor(log: ResponseLog) -> None:
    fold = student_folds(log, 4, 0)
    bkt = measure(log, cross_predict(log, fold, TRACERS["bkt"]))
    floor = measure(log, cross_predict(log, fold, TRACERS["most-frequent-class"]))
    assert bkt.auc > floor.auc + 0.1
    assert bkt.log_loss < floor.log_loss
