"""Evidence of every kind: rubric levels, points, shares and noisy kinds, judged rightly."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Evidence
from models.full import FullConfig, FullModel, FullParameters, Responses, predict_log
from models.full import fit as fit_responses
from models.full.explain import explain, log_odds
from models.full.fit import make_context
from models.full.layout import make_layout, to_parameters
from models.full.objective import make_problem, negative_log_posterior
from models.full.online import (
    Model,
    Response,
    condition_and_learn,
    make_model,
    mastery,
    new_student,
    observe,
    predict,
    scale_of,
)
from models.full.parameters import from_json, to_json
from models.full.reliability import FEWEST
from models.full.rubrics import grade_table, thresholds
from models.full.tables import design
from models.full.training import weigh_kinds
from models.log import ResponseLog, log_from_evidence
from models.predicting import predict as predict_model
from tests.models.full.judged import SCALES, TARGETS, judged_log, simulated

ITEMS = tuple(f"item {i}" for i in range(6))
LAW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
)


def random_parameters(seed: int, levels: int = 3, nodes: int = 5) -> FullParameters:
    """Parameters anywhere near their priors."""
    rng = np.random.default_rng(seed)
    log = judged_log(rng, 4)
    config = FullConfig(levels=levels, nodes=nodes)
    context = make_context(log, TARGETS, ITEMS, config, (), SCALES)
    layout = make_layout(context)
    return to_parameters(layout, context, 0.7 * rng.normal(size=layout.centre.shape))


def history(log: Responses, student: int) -> list[Response]:
    """The responses of one student, as values."""
    names = tuple(SCALES)
    return [
        Response(
            tuple(TARGETS[t] for t in log.target[log.offsets[r] : log.offsets[r + 1]]),
            ITEMS[log.item[r]],
            float(log.score[r]),
            float(log.weight[r]),
            float(log.time[r]),
            int(log.level[r]) or None,
            names[log.scale[r]] if log.level[r] else None,
        )
        for r in np.flatnonzero(log.student == student)
    ]


@pytest.mark.parametrize(("levels", "nodes", "others"), [(2, 5, 0.0), (4, 3, 0.5), (3, 1, 1.0)])
def test_gradient_with_every_kind_agrees_with_finite_differences(
    levels: int, nodes: int, others: float
) -> None:
    rng = np.random.default_rng(1)
    log = judged_log(rng, 10)
    config = FullConfig(levels=levels, nodes=nodes, others=others)
    context = make_context(log, TARGETS, ITEMS, config, (), SCALES)
    rates = np.array(config.today_rates), np.array(config.local_rates)
    usual = context.by_item, context.by_target
    data = design(log, *usual, *rates, (), tuple(SCALES.values()))
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
    scales = problem.layout.slices["scale_shift"], problem.layout.slices["scale_gaps"]
    assert all(np.abs(slope[where]).min() > 1e-3 for where in scales)


@LAW
@given(seed=st.integers(0, 2**16), levels=st.sampled_from((2, 4)))
def test_stepping_equals_the_batch_filter_for_every_kind(seed: int, levels: int) -> None:
    log = judged_log(np.random.default_rng(seed), 3)
    p = random_parameters(seed + 1, levels)
    model = make_model(p)
    stepped = []
    for student in range(3):
        state = new_student(model)
        for each in history(log, student):
            asked = each.targets, each.item, each.time, scale_of(model, each)
            stepped.append(predict(model, state, *asked))
            state = observe(model, state, each)
    assert np.allclose(stepped, predict_log(p, log), atol=1e-12)


@LAW
@given(seed=st.integers(0, 2**16))
def test_contributions_of_every_kind_add_up_to_the_log_odds(seed: int) -> None:
    log = judged_log(np.random.default_rng(seed), 1)
    model = make_model(random_parameters(seed + 1))
    state = new_student(model)
    total = log_odds(mastery(model, state, TARGETS[0]))
    past = history(log, 0)
    for each, part in zip(past, explain(model, past, TARGETS[0]), strict=True):
        state = observe(model, state, each)
        total += part.waiting + part.evidence + part.practice
        assert total == pytest.approx(log_odds(mastery(model, state, TARGETS[0])), abs=1e-9)


def sensible(seed: int) -> Model:
    """A model as schools are served: ability moves start and pace, never the answers (ADR 19).

    With ability in the answers a better one may speak for ability instead of the level.
    """
    p = random_parameters(seed)
    return make_model(
        p.changed(
            ability_start=abs(p.ability_start),
            ability_learn=abs(p.ability_learn),
            ability_emit=np.zeros_like(p.ability_emit),
            ability_target=np.zeros_like(p.ability_target),
        )
    )


@LAW
@given(
    seed=st.integers(0, 2**16),
    scale=st.sampled_from(tuple(SCALES)),
    weight=st.sampled_from((0.15, 0.7, 1.0, 2.7)),
)
def test_a_higher_rubric_level_never_lowers_the_estimate(
    seed: int, scale: str, weight: float
) -> None:
    model = sensible(seed)
    state = new_student(model)
    for each in history(judged_log(np.random.default_rng(seed), 1), 0):
        state = observe(model, state, each)
    top = SCALES[scale]
    found = [
        condition_and_learn(
            model,
            state,
            Response(("add",), None, (c - 1) / (top - 1), weight, math.nan, c, scale),
        ).top[0]
        for c in range(1, top + 1)
    ]
    assert (np.diff(found) >= -1e-12).all()
    assert found[-1] > found[0]


@LAW
@given(seed=st.integers(0, 2**16), weight=st.sampled_from((0.4, 1.0, 2.7)))
def test_a_better_score_never_lowers_the_estimate(seed: int, weight: float) -> None:
    model = sensible(seed)
    scores = np.linspace(0, 1, 11)
    found = [
        condition_and_learn(
            model, new_student(model), Response(("add",), None, float(x), weight)
        ).top[0]
        for x in scores
    ]
    assert (np.diff(found) > 0).all()


def test_a_rubric_of_two_levels_at_nought_is_a_right_and_a_wrong_answer() -> None:
    p = random_parameters(3)
    model = make_model(p.changed(scales={"pass": np.zeros(1)}))
    state = new_student(model)
    for level, score in ((1, 0.0), (2, 1.0)):
        judged = observe(
            model, state, Response(("add",), None, score, 1.0, math.nan, level, "pass")
        )
        answered = observe(model, state, Response(("add",), None, score))
        assert mastery(model, judged, "add") == pytest.approx(
            mastery(model, answered, "add"), abs=1e-12
        )


def test_a_level_on_a_scale_that_was_never_fitted_counts_as_its_score() -> None:
    model = make_model(random_parameters(4))
    state = new_student(model)
    as_score = observe(model, state, Response(("add",), None, 0.5))
    for level, scale in ((2, "unheard of"), (9, "rubric4")):
        said = Response(("add",), None, 0.5, 1.0, math.nan, level, scale)
        found = mastery(model, observe(model, state, said), "add")
        assert found == mastery(model, as_score, "add")


def test_chances_of_all_levels_add_up_to_one() -> None:
    low, high, gap = grade_table({"five": thresholds(0.3, np.log([0.2, 1.0, 3.0]))}).T
    for odds in (0.01, 1.0, 30.0):
        assert (odds * gap / ((odds + low) * (1 + odds * high))).sum() == pytest.approx(1.0)


def test_scales_come_back_from_json_and_the_first_form_had_none() -> None:
    p = random_parameters(5)
    again = from_json(to_json(p))
    assert {name: t.tolist() for name, t in again.scales.items()} == {
        name: t.tolist() for name, t in p.scales.items()
    }
    without = to_json(p.changed(scales={}))
    first = without.replace('"format": 2', '"format": 1').replace(', "scales": {}', "")
    assert first != without
    assert to_json(from_json(first)) == without


def test_thresholds_of_a_simulated_rubric_are_recovered() -> None:
    true = np.array([-2.0, 0.4, 1.5])
    log = simulated(np.random.default_rng(2), students=500, rubric=true)
    config = FullConfig(nodes=5, today_rates=(), local_rates=(), forgetting=False)
    found = fit_responses(log, TARGETS, ITEMS, config, (), {"rubric4": 4}).parameters
    assert found.scales["rubric4"] == pytest.approx(true, abs=0.25)


def test_a_scale_without_data_keeps_even_thresholds() -> None:
    log = replace(simulated(np.random.default_rng(3), students=30), level=np.zeros(0, np.int64),
                  scale=np.zeros(0, np.int64))  # fmt: skip
    p = fit_responses(log, TARGETS, ITEMS, FullConfig(nodes=3), (), {"rubric4": 4}).parameters
    assert p.scales["rubric4"] == pytest.approx([-1.5, 0.0, 1.5])


def noisy_log(students: int) -> ResponseLog:
    """Quiz items, conferences as sound but hardly believed, self-ratings that are mostly luck."""
    rng = np.random.default_rng(4)
    log = simulated(rng, students=students)
    kinds = {"quiz_item": 1.0, "self_rating": 1.0, "conference": 0.3, "homework": 0.4}
    kind = rng.choice(3, len(log), p=(0.5, 0.25, 0.25))
    luck = (kind == 1) & (rng.random(len(log)) < 0.8)
    score = np.where(luck, rng.integers(0, 2, len(log)), log.score)
    return ResponseLog(
        tuple(map(str, range(students))), ITEMS, TARGETS, log.student, log.item, score,
        np.array(list(kinds.values()))[kind], log.time, log.offsets, log.target,
        kinds=kinds, kind=kind,
    )  # fmt: skip


def test_a_noisy_kind_is_found_out_and_a_sound_one_is_believed() -> None:
    config = FullConfig(nodes=3, today_rates=(), local_rates=(), forgetting=False)
    log, found = weigh_kinds(noisy_log(300), config)
    weights = {each.kind: each.weight for each in found}
    assert weights["self_rating"] < 0.35
    assert weights["conference"] > 0.5
    assert log.kinds == {**weights, "homework": 0.4}
    assert set(log.weight) == set(weights.values())
    assert all(each.low <= each.weight <= each.high for each in found)


def test_kinds_with_too_few_answers_keep_their_defaults() -> None:
    log = noisy_log(4)
    assert len(log) < FEWEST
    same, found = weigh_kinds(log, FullConfig(nodes=3))
    assert same is log
    assert found == ()


@st.composite
def evidence_of_every_kind(draw: st.DrawFn) -> list[Evidence]:
    """One student's log: levels, scores, missed tasks, revisions, ratings of the same work."""
    pieces: list[Evidence] = []
    for i in range(draw(st.integers(1, 10))):
        how = draw(st.sampled_from(("score", "level", "missed")))
        scale = draw(st.sampled_from(("rubric4", "pass", "unheard of")))
        level = draw(st.integers(1, SCALES.get(scale, 3))) if how == "level" else None
        score = draw(st.sampled_from((0.0, 0.3, 1.0))) if how == "score" else None
        if level is not None:
            score = (level - 1) / (SCALES.get(scale, 3) - 1)
        pieces.append(
            Evidence(
                f"e{i}", "s", draw(st.sampled_from((("add",), ("carry", "add")))), score,
                kind=draw(st.sampled_from(("quiz_item", "test_of_ten", "self_rating"))),
                task=draw(st.sampled_from((None, *ITEMS))), level=level,
                scale=scale if level else None, missed=how == "missed", position=i,
                supersedes=draw(st.none() | st.just(f"e{i - 1}")) if i else None,
                work=draw(st.none() | st.just("play")),
            )
        )  # fmt: skip
    return pieces


@LAW
@given(log=evidence_of_every_kind(), seed=st.integers(0, 2**16))
def test_a_log_of_evidence_reads_as_its_student_does(log: list[Evidence], seed: int) -> None:
    from graphs import Scale
    from models import in_force

    kinds = {"quiz_item": 1.0, "test_of_ten": 2.7, "self_rating": 0.15}
    model = FullModel(random_parameters(seed), reliability=kinds)
    scales = [Scale(name, tuple("abcdefgh"[:size])) for name, size in SCALES.items()]
    batch = predict_model(model, log_from_evidence(log, kinds, scales))
    state, stepped = model.start(), []
    for piece in in_force(log):
        said = model.response(piece)
        assert said is not None
        asked = said.targets, said.item, said.time, scale_of(model.stepping, said)
        stepped.append(predict(model.stepping, state, *asked))
        state = model.observe(state, piece)
    assert np.allclose(stepped, batch, atol=1e-12)
