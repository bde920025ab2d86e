"""What a fitted model expects of every response of a log, before it is seen."""

from collections.abc import Callable

import numpy as np

from models.batch.filter import predict_responses
from models.fitting import parameter_table
from models.full import FullParameters, Responses, predict_log
from models.full.log import AGAIN
from models.full.model import FullModel
from models.log import Floats, Ints, Mask, ResponseLog
from models.measures import held_out
from models.model import BKTModel, MasteryModel


def predict(model: MasteryModel, log: ResponseLog) -> Floats:
    """Return float64[n], P(right) of each response from the rows before it of its student.

    Targets and items go by name; those that the fit never saw take the model's pooled values.
    Raises `TypeError` for a model that has no batch filter.
    """
    if isinstance(model, BKTModel):
        return predict_responses(log, parameter_table(model, log.targets))
    if isinstance(model, FullModel):
        return predict_log(model.parameters, responses_for(model.parameters, log))
    raise TypeError(f"{type(model).__name__} has no batch filter")


def responses_for(parameters: FullParameters, log: ResponseLog) -> Responses:
    """Return a log in the numbering of fitted parameters; -1 is what the fit never saw.

    Where the fit tells second tries apart, the same item again at once is that other item. An
    item without a name is unknown.
    """
    target = {name: i for i, name in enumerate(parameters.targets)}
    item = {name: i for i, name in enumerate(parameters.items) if name}
    first = np.array([item.get(name, -1) for name in log.items], dtype=np.int64)
    second = np.array(
        [item.get(name + AGAIN, -1) if name else -1 for name in log.items], dtype=np.int64
    )
    known = np.array([target.get(name, -1) for name in log.targets], dtype=np.int64)
    level, scale = _judgements(parameters, log)
    return Responses(
        log.student,
        np.where(_at_once(log) & (second[log.item] >= 0), second[log.item], first[log.item]),
        log.offset,
        known[log.target],
        log.score,
        log.weight,
        log.time,
        level,
        scale,
    )


def _judgements(parameters: FullParameters, log: ResponseLog) -> tuple[Ints, Ints]:
    """Return level and scale of each row; without a level where the fit never saw it."""
    if not log.level.size:
        return log.level, log.scale
    number = {name: i for i, name in enumerate(parameters.scales)}
    of = np.array([number.get(name, -1) for name in log.scales] + [-1], dtype=np.int64)
    scale = of[log.scale]
    sizes = np.array([len(t) + 1 for t in parameters.scales.values()] + [0], dtype=np.int64)
    level = np.where(log.level <= sizes[scale], log.level, 0)
    return level, np.where(level > 0, scale, -1)


def _at_once(log: ResponseLog) -> Mask:
    """Return whether each row is the same student's same item as the row before."""
    again: Mask = np.zeros(len(log), dtype=np.bool_)
    again[1:] = (np.diff(log.student) == 0) & (np.diff(log.item) == 0)
    return again


def predict_held_out(log: ResponseLog, fit: Callable[[ResponseLog], MasteryModel]) -> Floats:
    """Fit on four students in five and predict the fifth: float64[n], NaN where fitted on."""
    judge = held_out(log)
    predicted = np.full(len(log), np.nan)
    if judge.any():
        predicted[judge] = predict(fit(log.where(~judge)), log.where(judge))
    return predicted
