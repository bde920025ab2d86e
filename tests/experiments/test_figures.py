import numpy as np
import pytest

from experiments.figures import figures, histograms, reliability, roc
from models import ResponseLog
from models.log import Floats


@pytest.fixture
def predicted(log: ResponseLog) -> Floats:
    p: Floats = np.clip(0.3 + 0.4 * log.score, 0, 1) + np.random.default_rng(0).normal(
        0, 0.1, len(log)
    )
    return np.where(log.student < 70, np.clip(p, 0, 1), np.nan)


def test_reliability_shows_ten_bins_of_the_rows_that_were_predicted(
    log: ResponseLog, predicted: Floats
) -> None:
    x, y = reliability(log, predicted).axes[0].lines[1].get_data()
    rows = ~np.isnan(predicted)
    assert len(x) == 10
    assert np.mean(x) == pytest.approx(predicted[rows].mean())
    assert np.mean(y) == pytest.approx(log.score[rows].mean())


def test_the_roc_curve_climbs_from_corner_to_corner(log: ResponseLog, predicted: Floats) -> None:
    x, y = roc(log, predicted).axes[0].lines[1].get_data()
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert (np.diff(x) >= 0).all()
    assert (np.diff(y) >= 0).all()
    assert np.trapezoid(y, x) > 0.9


def test_one_outcome_alone_has_no_roc_curve(log: ResponseLog, predicted: Floats) -> None:
    right = log.where(log.score == 1)
    assert len(roc(right, predicted[log.score == 1]).axes[0].lines) == 1


def test_every_named_array_gets_a_histogram() -> None:
    figure = histograms({"guess": np.array([0.1, 0.2, np.nan]), "slip": np.array([0.1])})
    assert [axes.get_title() for axes in figure.axes] == ["guess", "slip"]
    counted = [sum(bar.get_height() for bar in axes.patches) for axes in figure.axes]
    assert counted == [2, 1]


def test_parameters_are_drawn_only_where_something_was_learned(
    log: ResponseLog, predicted: Floats
) -> None:
    assert set(figures(log, predicted, {})) == {"reliability.png", "roc.png"}
    assert "parameters.png" in figures(log, predicted, {"a": np.ones(3)})
