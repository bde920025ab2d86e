from dataclasses import replace

import numpy as np
import pytest

from models import ResponseLog
from models.batch.filter import predict_responses
from models.fitting import fit_bkt, parameter_table
from models.full import FullConfig, Responses, fit, online
from models.full.log import AGAIN
from models.full.model import FullModel
from models.log import Floats
from models.measures import held_out
from models.predicting import predict, predict_held_out, responses_for
from tests.experiments.conftest import make_log


@pytest.fixture(scope="module")
def log() -> ResponseLog:
    return make_log(students=40)


@pytest.fixture(scope="module")
def full(log: ResponseLog) -> FullModel:
    twins = (*log.items, *(item + AGAIN for item in log.items))
    responses = Responses(
        log.student, log.item, log.offset, log.target, log.score, log.weight, log.time
    )
    parameters = fit(responses, log.targets, twins, FullConfig(max_iterations=20)).parameters
    return FullModel(parameters)


def stepped(model: FullModel, log: ResponseLog) -> Floats:
    """Predict one student after the other, response by response."""
    out = np.empty(len(log))
    state = model.start()
    for row in range(len(log)):
        if row and log.student[row] != log.student[row - 1]:
            state = model.start()
        targets = tuple(log.targets[t] for t in log.target[log.offset[row] : log.offset[row + 1]])
        item = log.items[log.item[row]] or None
        out[row] = online.predict(model.stepping, state, targets, item)
        response = online.Response(targets, item, float(log.score[row]))
        state = online.observe(model.stepping, state, response)
    return out


def test_a_log_in_another_numbering_is_predicted_as_stepping_by_name_does(
    log: ResponseLog, full: FullModel
) -> None:
    """Targets turned round, an item nobody fitted, one without a name, second tries."""
    other = make_log(students=5, seed=11)
    items = ("new item", "", *other.items[2:])
    turned = replace(
        other,
        targets=other.targets[::-1],
        target=len(other.targets) - 1 - other.target,
        items=items,
        item=np.repeat(other.item[::2], 2)[: len(other)],
    )
    assert predict(full, turned) == pytest.approx(stepped(full, turned), abs=1e-9)


def test_second_tries_and_unknown_names_get_their_places(full: FullModel) -> None:
    log = make_log(students=1)
    log = replace(log, item=np.array([2, 2, 3] * 8), items=("x", "", *log.items[2:]))
    item = responses_for(full.parameters, log).item
    assert [full.parameters.items[i] for i in item[:4]] == ["i2", "i2" + AGAIN, "i3", "i2"]
    log = replace(log, item=np.array([0, 0, 1, 1] * 6))
    assert (responses_for(full.parameters, log).item == -1).all()


def test_plain_bkt_predicts_by_its_filter(log: ResponseLog) -> None:
    model = fit_bkt(log)
    expected = predict_responses(log, parameter_table(model, log.targets))
    assert (predict(model, log) == expected).all()


def test_only_those_held_out_are_predicted_and_by_a_fit_without_them(log: ResponseLog) -> None:
    seen: list[ResponseLog] = []

    def spying(train: ResponseLog) -> FullModel | object:
        seen.append(train)
        return fit_bkt(train)

    predicted = predict_held_out(log, spying)  # type: ignore[arg-type]
    judge = held_out(log)
    assert (np.isnan(predicted) == ~judge).all()
    assert not set(seen[0].student.tolist()) & set(log.student[judge].tolist())


def test_a_model_without_a_filter_is_a_mistake_of_ours(log: ResponseLog) -> None:
    with pytest.raises(TypeError, match="object"):
        predict(object(), log)  # type: ignore[arg-type]
