"""Laws of the full model: exact gradient, BKT within it, online equals batch, no leak."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from models.full.config import FullConfig
from models.full.explain import explain, log_odds
from models.full.fit import fit, make_context
from models.full.layout import make_layout, to_parameters
from models.full.log import Responses, select_rows, separate_second_tries
from models.full.objective import make_problem, negative_log_posterior
from models.full.online import (
    Response,
    make_model,
    mastery,
    new_student,
    observe,
    predict,
)
from models.full.parameters import FullParameters, from_json, to_json
from models.full.predict import predict_log
from models.full.tables import design

TARGETS = ("add", "carry", "divide", "fraction")
ITEMS = tuple(f"item {i}" for i in range(12))


def make_log(
    rng: np.random.Generator, students: int = 12, clock: bool = True, kinds: bool = True
) -> Responses:
    """Random responses: several targets, unknown ids, fractions, weights, partly a clock."""
    lengths = rng.integers(1, 14, students)
    student = np.repeat(np.arange(students), lengths).astype(np.int64)
    n = student.shape[0]
    chosen = [rng.choice(len(TARGETS), size=rng.integers(1, 4), replace=False) for _ in range(n)]
    offsets = np.concatenate([[0], np.cumsum([len(c) for c in chosen])]).astype(np.int64)
    target = np.concatenate(chosen).astype(np.int64)
    target[rng.random(target.shape[0]) < 0.03] = -1
    score = rng.integers(0, 2, n).astype(np.float64)
    weight = np.ones(n)
    time = np.full(n, np.nan)
    if kinds:
        score = np.where(rng.random(n) < 0.2, 0.3, score)
        weight = rng.choice([1.0, 0.4], n)
    if clock:
        time = np.where(rng.random(n) < 0.8, np.cumsum(rng.exponential(3000.0, n)), np.nan)
    return Responses(student, rng.integers(-1, 12, n), offsets, target, score, weight, time)


def random_parameters(
    rng: np.random.Generator,
    log: Responses,
    config: FullConfig,
    parents: tuple[tuple[int, ...], ...] = (),
) -> FullParameters:
    context = make_context(log, TARGETS, ITEMS, config, parents)
    layout = make_layout(context)
    return to_parameters(layout, context, 0.7 * rng.normal(size=layout.centre.shape))


@pytest.mark.parametrize(("levels", "nodes", "others"), [(2, 5, 1.0), (4, 3, 0.4), (2, 1, 0.0)])
def test_gradient_agrees_with_finite_differences(levels: int, nodes: int, others: float) -> None:
    rng = np.random.default_rng(3)
    log = make_log(rng)
    config = FullConfig(levels=levels, nodes=nodes, others=others)
    context = make_context(log, TARGETS, ITEMS, config, ((), (0,), (0, 1), ()))
    data = design(
        log,
        context.by_item,
        context.by_target,
        np.array(config.today_rates),
        np.array(config.local_rates),
        context.parents,
    )
    problem = make_problem(context, make_layout(context), data)
    x = 0.5 * rng.normal(size=problem.layout.centre.shape)
    _, slope = negative_log_posterior(problem, x)
    numeric = np.empty_like(x)
    for i in range(x.shape[0]):
        step = np.zeros_like(x)
        step[i] = 1e-5
        up, _ = negative_log_posterior(problem, x + step)
        down, _ = negative_log_posterior(problem, x - step)
        numeric[i] = (up - down) / 2e-5
    assert np.allclose(slope, numeric, rtol=1e-5, atol=1e-6)


def plain_bkt(
    scores: npt.NDArray[np.float64], start: float, guess: float, slip: float, learn: float
) -> list[float]:
    """Corbett and Anderson (1995), written out."""
    known, out = start, []
    for score in scores:
        right = known * (1 - slip) + (1 - known) * guess
        out.append(right)
        known = (known * (1 - slip) / right) if score else (known * slip / (1 - right))
        known += (1 - known) * learn
    return out


def test_two_levels_without_the_additions_are_plain_bkt() -> None:
    rng = np.random.default_rng(4)
    config = FullConfig(nodes=1, items=False, forgetting=False, today_rates=(), local_rates=())
    scores = rng.integers(0, 2, 40).astype(np.float64)
    n = scores.shape[0]
    log = Responses(
        np.zeros(n, np.int64),
        np.full(n, -1),
        np.arange(n + 1),
        np.ones(n, np.int64),
        scores,
        np.ones(n),
        np.full(n, np.nan),
    )
    p = random_parameters(rng, log, config)
    expected = plain_bkt(
        scores, _logistic(p.start[1]), _logistic(p.guess[1]), p.slip()[1], _logistic(p.learn[1])
    )
    assert np.allclose(predict_log(p, log), expected, atol=1e-12)


@pytest.mark.parametrize("levels", [2, 5])
def test_stepping_equals_the_batch_filter(levels: int) -> None:
    rng = np.random.default_rng(5)
    log = make_log(rng)
    p = random_parameters(rng, log, FullConfig(levels=levels, others=0.5), ((), (0,), (0, 1), ()))
    model = make_model(p)
    stepped = []
    for student in np.unique(log.student):
        state = new_student(model)
        for each in responses(log, student):
            stepped.append(predict(model, state, each.targets, each.item, each.time))
            state = observe(model, state, each)
    assert np.allclose(stepped, predict_log(p, log), atol=1e-12)


@pytest.mark.parametrize("target", ["carry", "fraction"])
def test_contributions_add_up_to_the_log_odds(target: str) -> None:
    rng = np.random.default_rng(10)
    log = make_log(rng, students=3)
    model = make_model(random_parameters(rng, log, FullConfig(levels=3, nodes=5)))
    history = responses(log, 1)
    why = list(explain(model, history, target))
    state = new_student(model)
    total = log_odds(mastery(model, state, target))
    for response, part in zip(history, why, strict=True):
        state = observe(model, state, response)
        total += part.waiting + part.evidence + part.practice
        assert total == pytest.approx(log_odds(mastery(model, state, target)), abs=1e-9)
        if target in response.targets and response.score == 1.0:
            assert part.evidence > 0.0


def test_observe_leaves_the_old_state_untouched() -> None:
    rng = np.random.default_rng(11)
    log = make_log(rng, students=3)
    model = make_model(random_parameters(rng, log, FullConfig()))
    old = observe(model, new_student(model), Response(("add", "carry"), "item 2", 1.0))
    kept = (old.ability.copy(), old.targets["add"].belief.copy(), old.today)
    observe(model, old, Response(("add", "divide"), "item 3", 0.0))
    assert np.array_equal(old.ability, kept[0])
    assert np.array_equal(old.targets["add"].belief, kept[1])
    assert old.today == kept[2]
    assert set(old.targets) == {"add", "carry"}


def responses(log: Responses, student: int) -> list[Response]:
    """The responses of one student, as values."""
    return [
        Response(
            tuple(
                TARGETS[log.target[e]] if log.target[e] >= 0 else f"unknown {e}"
                for e in range(log.offsets[r], log.offsets[r + 1])
            ),
            ITEMS[log.item[r]] if log.item[r] >= 0 else None,
            float(log.score[r]),
            float(log.weight[r]),
            float(log.time[r]),
        )
        for r in np.flatnonzero(log.student == student)
    ]


def test_removing_the_future_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    log = make_log(rng)
    p = random_parameters(rng, log, FullConfig())
    whole = predict_log(p, log)
    _, position = np.unique(log.student, return_index=True)
    rank = np.arange(len(log)) - position[log.student]
    past = np.flatnonzero(rank < 4)
    assert np.array_equal(predict_log(p, select_rows(log, past)), whole[past])
    flipped = replace(log, score=np.where(rank >= 4, 1.0 - log.score, log.score))
    assert np.array_equal(predict_log(p, flipped)[rank <= 4], whole[rank <= 4])


def test_shuffled_labels_predict_nothing() -> None:
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(7)
    log = make_log(rng, students=600, clock=False, kinds=False)
    train = np.flatnonzero(log.student < 300)
    test = np.flatnonzero(log.student >= 300)
    found = fit(select_rows(log, train), TARGETS, ITEMS, FullConfig(nodes=3))
    held_out = select_rows(log, test)
    auc = roc_auc_score(held_out.score, predict_log(found.parameters, held_out))
    assert abs(auc - 0.5) < 0.03


def test_fit_is_deterministic_and_json_round_trips() -> None:
    rng = np.random.default_rng(8)
    log = make_log(rng, students=40)
    one = fit(log, TARGETS, ITEMS, FullConfig(nodes=3)).parameters
    two = fit(log, TARGETS, ITEMS, FullConfig(nodes=3)).parameters
    assert to_json(one) == to_json(two)
    assert to_json(from_json(to_json(one))) == to_json(one)


def test_target_without_data_gets_the_pooled_values() -> None:
    rng = np.random.default_rng(9)
    log = make_log(rng, students=40)
    p = fit(log, (*TARGETS, "never asked"), ITEMS, FullConfig(nodes=3)).parameters
    for values in (p.start, p.guess, p.rise, p.learn, p.forget):
        assert values[len(TARGETS)] == pytest.approx(values[-1])


def test_every_fault_of_a_log_is_listed() -> None:
    one = np.ones(2)
    with pytest.raises(ValueError, match=r"score outside.*weight must be positive"):
        Responses(
            np.zeros(2, np.int64),
            np.zeros(2, np.int64),
            np.arange(3),
            np.zeros(2, np.int64),
            2 * one,
            -one,
            one,
        )


def test_second_try_at_once_gets_its_own_index() -> None:
    log = Responses(
        np.array([0, 0, 0, 1, 1]),
        np.array([3, 3, 2, 2, -1]),
        np.arange(6),
        np.zeros(5, np.int64),
        np.zeros(5),
        np.ones(5),
        np.full(5, np.nan),
    )
    assert separate_second_tries(log, 10).item.tolist() == [3, 13, 2, 2, -1]


def _logistic(value: float) -> float:
    return float(1.0 / (1.0 + np.exp(-value)))
