from dataclasses import replace

import numpy as np
import pytest

from models import ResponseLog
from models.subgroups import measure_subgroups
from models.summary import summarise
from tests.experiments.conftest import make_log


@pytest.fixture(scope="module")
def log() -> ResponseLog:
    """Eighty students: 46 of `a`, 25 without a value, nine of `b`."""
    log = make_log()
    value = np.select([log.student < 46, log.student < 71], ["a", " "], "b").astype(object)
    return replace(log, extra={"group": value})


def test_groups_of_nine_are_hidden_and_counts_rounded(log: ResponseLog) -> None:
    found = measure_subgroups(log, np.full(len(log), 0.6), ("group",))
    assert [(g.value, g.students) for g in found.shown] == [("a", 50), ("unknown", 20)]
    assert found.hidden == {"group": 1}


def test_a_group_is_measured_on_its_own_predicted_rows(log: ResponseLog) -> None:
    predicted = np.where(log.student % 2 == 0, 0.6, np.nan)
    shown = measure_subgroups(log, predicted, ("group",)).shown[0]
    mine = (log.student < 46) & (log.student % 2 == 0)
    assert shown.observed == pytest.approx(log.score[mine].mean())
    assert shown.predicted == pytest.approx(0.6)
    assert shown.auc == 0.5
    assert shown.ece == pytest.approx(abs(0.6 - shown.observed), abs=0.05)


def test_a_log_is_summed_up(log: ResponseLog) -> None:
    found = summarise(log)
    assert (found.responses, found.students, found.targets, found.items) == (1920, 80, 4, 10)
    assert (found.first, found.last, found.median, found.thin) == (None, None, 24, 0)
    assert found.several == pytest.approx(0.2)
    clocked = replace(log.where(log.student < 2), time=np.linspace(0, 47, 48))
    found = summarise(clocked)
    assert (found.first, found.last, found.students, found.thin) == (0, 47, 2, 4)


def test_an_empty_log_has_no_summary(log: ResponseLog) -> None:
    with pytest.raises(ValueError, match="empty"):
        summarise(log.where(log.student < 0))
