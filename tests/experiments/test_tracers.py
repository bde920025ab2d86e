"""The contract of every tracer under evaluation, above all: no leak."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.evaluation import cross_predict, student_folds
from experiments.full_tracer import STEPS, FullTracer, Variant, sample_students
from experiments.logistic import AbilityAndTime
from experiments.tracers import TRACERS, Tracer
from models import ResponseLog
from models.full.training import responses as responses_of
from models.measures import measure
from tests.experiments.conftest import make_log

QUICK = sorted(set(TRACERS) - {"pybkt"})  # pyBKT's own fit is ours to time, not to test
# An ablation is the full model with a term switched off: to fit it once is enough.
WHOLE = [name for name in QUICK if not name.startswith("full-")]


@pytest.fixture(params=QUICK, scope="module")
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


def test_what_was_learned_is_named_and_finite(fitted: Tracer) -> None:
    learned = fitted.learned()
    assert learned
    for name, values in learned.items():
        assert values.ndim == 1, name
        assert np.isfinite(values).all(), name


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
    for name in WHOLE:
        tracer = TRACERS[name]()
        tracer.fit(log.where(np.repeat(log.target[log.offset[:-1]] != 3, 1)))
        assert np.isfinite(tracer.predict(log)).all()


@pytest.mark.parametrize("name", WHOLE)
def test_shuffled_answers_cannot_be_predicted(name: str) -> None:
    rng = np.random.default_rng(1)
    train, test = make_log(students=200, seed=2), make_log(students=400, seed=3)
    tracer = TRACERS[name]()
    tracer.fit(replace(train, score=rng.permutation(train.score)))
    shuffled = replace(test, score=rng.permutation(test.score))
    # 9,600 rows: the standard error of an AUC of .5 is about .006.
    assert measure(shuffled, tracer.predict(shuffled)).auc == pytest.approx(0.5, abs=0.02)


def test_the_full_model_picks_its_variant_on_training_students_alone(log: ResponseLog) -> None:
    """Items that are answered better at once again: a second try is worth an item of its own."""
    rng = np.random.default_rng(3)
    twice = np.repeat(np.arange(len(log)), 2)
    counts = np.repeat(np.diff(log.offset), 2)
    score = log.score[twice]
    score[1::2] = rng.random(len(log)) < 0.95
    again = replace(
        log, student=log.student[twice], item=log.item[twice], score=score,
        weight=np.ones(len(twice)), time=np.full(len(twice), np.nan),
        offset=np.concatenate(([0], np.cumsum(counts))),
        target=np.concatenate(
            [log.target[log.offset[r] : log.offset[r + 1]] for r in twice.tolist()]
        ),
    )  # fmt: skip
    tracer = FullTracer(steps={"one item": STEPS["second tries are no item of their own"]})
    tracer.fit(again)
    assert tracer.taken == ()
    tracer = FullTracer(
        start=Variant(second_tries=False), steps={"apart": lambda v: replace(v, second_tries=True)}
    )
    tracer.fit(again)
    assert tracer.taken == ("apart",)


@pytest.mark.parametrize("most", [1, 30, 500, 5000])
def test_a_sample_holds_whole_students_up_to_its_size(log: ResponseLog, most: int) -> None:
    part = sample_students(log, most)
    counts = np.bincount(part.student, minlength=80)
    assert set(counts.tolist()) <= {0, 24}
    assert len(part) == (len(log) if most == 5000 else max(most // 24, 1) * 24)


def test_the_regression_with_ability_knows_who_is_able(log: ResponseLog) -> None:
    columns = AbilityAndTime()
    columns.learn(log)
    ability = columns.ability.before(responses_of(log), columns.usual)
    last = np.flatnonzero(np.diff(log.student, append=-1) != 0)
    first = np.flatnonzero(np.diff(log.student, prepend=-1) != 0)
    share = np.bincount(log.student, log.score) / np.bincount(log.student)
    assert np.corrcoef(ability[last], share)[0, 1] > 0.9
    assert np.abs(ability[first]).max() < 1e-12


def test_knowledge_tracing_beats_the_floor(log: ResponseLog) -> None:
    fold = student_folds(log, 4, 0)
    bkt = measure(log, cross_predict(log, fold, TRACERS["bkt"]))
    floor = measure(log, cross_predict(log, fold, TRACERS["most-frequent-class"]))
    assert bkt.auc > floor.auc + 0.1
    assert bkt.log_loss < floor.log_loss
