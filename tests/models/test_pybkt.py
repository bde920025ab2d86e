"""pyBKT as an oracle: equal parameters give equal predictions, and our fit is never below its."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models import BKTModel, BKTParameters, ResponseLog, read_log
from models.batch.filter import predict_responses
from models.fitting import chains_of, fit_bkt, fit_log_likelihood, parameter_table


@pytest.fixture(autouse=True)
def pybkt_may_warn() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyBKT's own, on import and on pandas' future
        yield


def small_log() -> ResponseLog:
    """A log of 3 targets and 60 students made here, so that the test needs no data set."""
    rng = np.random.default_rng(11)
    students, targets, length = 60, 3, 6
    rows = students * targets * length
    return ResponseLog(
        students=tuple(f"s{i}" for i in range(students)),
        items=("",),
        targets=("a+b (hard)", "b.*", "c"),
        student=np.repeat(np.arange(students), targets * length),
        item=np.zeros(rows, dtype=np.int64),
        score=(rng.random(rows) < 0.3 + 0.5 * rng.random(rows)).astype(np.float64),
        weight=np.ones(rows),
        time=np.full(rows, np.nan),
        offset=np.arange(rows + 1),
        target=np.tile(np.repeat(np.arange(targets), length), students),
    )


def test_equal_parameters_give_equal_predictions() -> None:
    from models.pybkt import predict_with_pybkt

    log = small_log()
    parameters = np.array(
        [[0.4, 0.2, 0.2, 0.1, 0.0], [0.05, 0.01, 0.4, 0.3, 0.0], [0.9, 0.5, 0.1, 0.02, 0.05]]
    )
    ours = predict_responses(log, parameters)
    assert np.abs(predict_with_pybkt(log, parameters) - ours).max() < 1e-9


def test_a_pybkt_fit_is_imported_and_served_and_never_above_ours() -> None:
    log = small_log()
    theirs = fit_bkt(log, fitter="pybkt")
    ours = fit_bkt(log, aim="likelihood")
    assert theirs.fit["fitter"] == "pybkt"
    assert isinstance(theirs.of("c"), BKTParameters)
    their_logliks, our_logliks = fit_log_likelihood(theirs, log), fit_log_likelihood(ours, log)
    for target in log.targets:
        assert our_logliks[target] >= their_logliks[target] - 1e-6


@pytest.mark.data
def test_on_ct_rp_predictions_agree_to_a_billionth(data: Path) -> None:
    from models.pybkt import predict_with_pybkt

    log = read_log(data / "ct_rp.csv.gz")
    parameters = parameter_table(fit_bkt(log), log.targets)
    theirs = predict_with_pybkt(log, parameters)
    assert np.abs(theirs - predict_responses(log, parameters)).max() < 1e-9


# pyBKT 1.4.3 on ct_rp with seed 42 and its default 5 restarts: 192 CPU s, so its fitted
# parameters stand here as golden numbers. Made by: footpath fit ct_rp.csv.gz --fitter pybkt.
PYBKT_CT_RP: dict[str, tuple[float, float, float, float]] = {
    "Calculate_part_in_proportion_with_fractions": (
        0.573618706761,
        0.137394905797,
        0.38430113347,
        0.137237088113,
    ),
    "Calculate_total_in_proportion_with_fractions": (
        0.44271789703,
        0.271277466555,
        0.296011616407,
        0.126404228813,
    ),
    "Calculate_unit_rate": (4.4200870439e-05, 0.0664110419908, 0.501565190095, 0.113313043903),
    "Finding_the_intersection_GLF": (
        0.196130668481,
        0.0593203795694,
        0.433474534629,
        0.0570389943778,
    ),
    "Finding_the_intersection_Mixed": (
        0.371277710545,
        0.0364300561471,
        0.354327638205,
        0.30410490922,
    ),
    "Finding_the_intersection_SIF": (
        0.00425254694401,
        0.121308636073,
        0.406950493572,
        0.00968206179275,
    ),
    "Plot_decimal_thousandths": (0.417832651925, 0.540763044, 0.0199541413817, 0.459152492464),
    "Plot_imperfect_radical": (0.283494213194, 0.133774910024, 0.0781928859409, 0.294339614399),
    "Plot_non-terminating_improper_fraction": (
        0.737998793908,
        0.222820335484,
        0.00291121885359,
        0.322474104417,
    ),
    "Plot_pi": (0.670379378244, 0.602320161287, 0.0745139028426, 0.162383813936),
    "Plot_terminating_proper_fraction": (
        0.545520760775,
        0.0232355031965,
        0.328835366606,
        0.319383843778,
    ),
    "Plot_whole_number": (0.589545687093, 0.309736004151, 0.789281721614, 0.0336283278497),
}


@pytest.mark.data
def test_on_ct_rp_our_fit_is_not_below_pybkts_on_any_target(data: Path) -> None:
    log = read_log(data / "ct_rp.csv.gz")
    theirs = BKTModel({t: BKTParameters(*p) for t, p in PYBKT_CT_RP.items()})
    assert set(log.targets) == set(PYBKT_CT_RP)
    ours = fit_log_likelihood(fit_bkt(log, aim="likelihood"), log)
    for target, value in fit_log_likelihood(theirs, log).items():
        assert ours[target] >= value, target
    assert len(chains_of(log).start) > 1
