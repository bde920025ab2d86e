"""Fitting the full model for serving."""

import numpy as np
import pytest

from experiments.worlds import GradualWorld, layered_domain
from experiments.worlds.world import course_log
from graphs import InvalidInput
from models import Evidence, model_document
from models.full.training import SERVED, fit_full, item_names, log_likelihood, responses
from models.log import ResponseLog, log_from_evidence


@pytest.fixture(scope="module")
def log() -> ResponseLog:
    domain = layered_domain(np.random.default_rng(1), targets=6, layers=3, edges=6)
    world = GradualWorld(domain, 40, 1, np.random.default_rng(2))
    return log_from_evidence(course_log(world, range(40)), {})


def test_a_fit_for_mastery_has_a_ladder_and_a_record_of_its_certification(
    log: ResponseLog,
) -> None:
    model = fit_full(log)
    assert model.parameters.levels == SERVED.levels
    certification = model.fit["certification"]
    assert model.certain_at == certification["bar"]
    assert certification["checks"] > 0
    assert model_document(fit_full(log))["version"] == model_document(model)["version"]


def test_a_fit_for_likelihood_has_two_levels_and_predicts(log: ResponseLog) -> None:
    model = fit_full(log, aim="likelihood")
    assert model.parameters.levels == 2
    assert model.certain_at is None
    share = log.score.mean()
    nothing_known = len(log) * (share * np.log(share) + (1 - share) * np.log(1 - share))
    assert log_likelihood(model.parameters, log) > 0.9 * nothing_known


def test_a_graph_adds_the_gate_of_prerequisites(log: ResponseLog) -> None:
    domain = layered_domain(np.random.default_rng(1), targets=6, layers=3, edges=6)
    parents = {
        target: tuple(domain.targets[p] for p in domain.prerequisites[k])
        for k, target in enumerate(domain.targets)
    }
    p = fit_full(log, parents=parents, aim="likelihood").parameters
    assert p.parents
    assert p.gate_start != 0
    assert fit_full(log, aim="likelihood").parameters.gate_start == 0


def test_evidence_without_a_task_is_on_no_item_and_never_a_second_try() -> None:
    pieces = [
        Evidence(f"e{i}", "s", ("a",), 1.0, task="x" if i == 2 else None, position=i)
        for i in range(4)
    ]
    log = log_from_evidence(pieces, {})
    named = [item_names(log)[i] if i >= 0 else None for i in responses(log).item]
    assert named == [None, None, "x", None]


def test_an_empty_log_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no responses"):
        fit_full(log_from_evidence([], {}))
