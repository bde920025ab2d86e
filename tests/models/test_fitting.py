import numpy as np
import pytest

from graphs import InvalidInput
from models import BKTModel, BKTParameters, Evidence, ResponseLog
from models.batch.filter import predict_responses
from models.bkt import condition, emissions, transit
from models.fitting import fit_bkt, fit_log_likelihood, parameter_table
from models.log import log_from_evidence


def simulated(parameters: dict[str, BKTParameters], students: int, length: int) -> list[Evidence]:
    rng = np.random.default_rng(7)
    log = []
    for student in range(students):
        for target, p in parameters.items():
            known = rng.random() < p.prior
            for i in range(length):
                right = rng.random() < (1 - p.slip if known else p.guess)
                log.append(
                    Evidence(
                        f"{student}-{target}-{i}", f"s{student}", (target,), float(right),
                        position=i,
                    )
                )  # fmt: skip
                known = known or rng.random() < p.learn
    return log


TRUE = {
    "easy": BKTParameters(0.6, 0.3, 0.25, 0.05),
    "hard": BKTParameters(0.1, 0.1, 0.15, 0.15),
}


@pytest.fixture(scope="module")
def log() -> ResponseLog:
    return log_from_evidence(simulated(TRUE, students=1500, length=8), {})


def test_the_true_parameters_are_found_again(log: ResponseLog) -> None:
    for aim in ("likelihood", "mastery"):
        model = fit_bkt(log, aim=aim)
        for target, true in TRUE.items():
            found = model.of(target)
            for name in ("prior", "learn", "guess", "slip"):
                assert getattr(found, name) == pytest.approx(getattr(true, name), abs=0.06)


def test_a_fit_beats_the_truth_in_likelihood(log: ResponseLog) -> None:
    fitted = fit_log_likelihood(fit_bkt(log, aim="likelihood"), log)
    true = fit_log_likelihood(BKTModel(TRUE), log)
    assert all(fitted[target] >= true[target] for target in TRUE)


def test_a_target_with_five_responses_leans_on_the_others(log: ResponseLog) -> None:
    few = [Evidence(f"few-{i}", f"s{i}", ("few",), 1.0) for i in range(5)]
    pieces = simulated(TRUE, students=300, length=8) + few
    found = fit_bkt(log_from_evidence(pieces, {})).of("few")
    assert 0.01 < found.guess < 0.6
    assert 0.01 < found.slip < 0.5
    assert found.guess + found.slip < 1


def test_when_served_a_wrong_answer_lowers_every_estimate_from_a_third_up() -> None:
    """Gradual learners of middling score tempt BKT into high guessing and fast learning."""
    rng = np.random.default_rng(4)
    pieces = [
        Evidence(f"{s}-{i}", f"s{s}", ("t",), float(rng.random() < 0.55 + 0.05 * i), position=i)
        for s in range(30)
        for i in range(5)
    ]
    model = fit_bkt(log_from_evidence(pieces, {}))
    p = model.of("t")
    for known in np.linspace(1 / 3, 0.99, 30):
        answered = condition(known, *emissions(0.0, 1.0, p.guess, p.slip))
        assert transit(answered, p.learn, p.forget) < known


def test_the_batch_filter_predicts_what_the_online_model_does() -> None:
    parameters = {"a": BKTParameters(0.3, 0.2, 0.2, 0.1), "b": BKTParameters(0.5, 0.1, 0.3, 0.2)}
    model = BKTModel(parameters)
    rng = np.random.default_rng(3)
    pieces = [
        Evidence(
            f"{s}-{i}", f"s{s}", (("a",), ("b",), ("a", "b"))[rng.integers(3)],
            float(rng.choice((0.0, 0.5, 1.0))), kind=str(rng.choice(("quiz_item", "homework"))),
            position=i,
        )
        for s in range(5)
        for i in range(9)
    ]  # fmt: skip
    log = log_from_evidence(pieces, dict(model.reliability))
    batch = predict_responses(log, parameter_table(model, log.targets))
    online = []
    for student in sorted({p.student for p in pieces}):
        state = model.start()
        for piece in sorted((p for p in pieces if p.student == student), key=lambda p: p.when):
            chances = [model.estimate(state, t).p_right for t in piece.targets]
            online.append(np.mean(chances))
            state = model.observe(state, piece)
    assert batch == pytest.approx(np.array(online), abs=1e-12)


def test_fitting_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no responses"):
        fit_bkt(log_from_evidence([], {}))
