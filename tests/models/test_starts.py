"""Where students start: the laws of the joint belief, and what a fit finds again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs import Edge, InvalidInput, PrerequisiteGraph
from models.log import ResponseLog
from models.starts import Floats, Joint, Starts, starts_from_document
from models.starts_fit import ANSWERS, first_answers, fit_starts
from tests.graphs.random_graphs import dags

CHAIN = PrerequisiteGraph("abcd", [Edge("a", "b"), Edge("b", "c"), Edge("c", "d")])


@st.composite
def joints(draw: st.DrawFn) -> Joint:
    """Draw a model of starts on a graph."""
    graph = draw(dags()).graph
    mean = {t: draw(st.floats(-2, 2)) for t in graph.targets}
    part = {name: draw(st.floats(0.1, 2)) for name in ("ability", "own", "along")}
    return Joint(Starts(**part, guess=draw(st.floats(0, 0.3)), mean=mean), graph)


@st.composite
def looked_at(draw: st.DrawFn) -> tuple[Joint, Floats]:
    """Draw a model and the first answers of one student, at least one target without."""
    joint = draw(joints())
    size = len(joint.graph)
    answers = draw(st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=size, max_size=size))
    answers[draw(st.integers(0, size - 1))] = np.nan
    return joint, np.array([answers])


def with_answer(looks: Floats, column: int, score: float) -> Floats:
    found = looks.copy()
    found[0, column] = score
    return found


@given(looked_at())
def test_a_right_answer_never_lowers_what_is_expected_of_any_target(
    drawn: tuple[Joint, Floats],
) -> None:
    joint, looks = drawn
    column = int(np.flatnonzero(np.isnan(looks[0]))[0])
    before = joint.belief(looks)
    right = joint.belief(with_answer(looks, column, 1.0))
    wrong = joint.belief(with_answer(looks, column, 0.0))
    assert (right.mean >= before.mean - 1e-6).all()
    assert (wrong.mean <= before.mean + 1e-6).all()
    assert (right.mean[0, column] > before.mean[0, column]).all()


@given(looked_at())
def test_an_answer_never_makes_a_belief_less_certain(drawn: tuple[Joint, Floats]) -> None:
    joint, looks = drawn
    column = int(np.flatnonzero(np.isnan(looks[0]))[0])
    blank = np.full_like(looks, np.nan)
    assert (joint.belief(with_answer(blank, column, 1.0)).variance
            <= joint.belief(blank).variance + 1e-9).all()  # fmt: skip


@given(looked_at())
def test_a_student_is_believed_the_same_beside_others(drawn: tuple[Joint, Floats]) -> None:
    joint, looks = drawn
    beside = np.concatenate([np.ones_like(looks), looks, np.full_like(looks, np.nan)])
    assert joint.belief(beside).mean[1] == pytest.approx(joint.belief(looks).mean[0], abs=1e-9)
    assert joint.belief(beside).shown[1] == pytest.approx(joint.belief(looks).shown[0], abs=1e-9)


@given(looked_at())
def test_the_parts_of_the_answers_add_up(drawn: tuple[Joint, Floats]) -> None:
    joint, looks = drawn
    belief = joint.belief(looks)
    assert belief.mean[0] == pytest.approx(joint.mean + joint.covariance @ belief.said[0])
    assert (belief.said[looks == 1] > 0).all()
    assert (belief.said[looks == 0] < 0).all()


def test_nearer_targets_are_told_more() -> None:
    belief = Joint(Starts(own=1.0, along=1.0), CHAIN).belief(
        np.array([[np.nan, np.nan, 1, np.nan]])
    )
    gain = belief.mean[0] - Starts().usual
    assert gain[2] > gain[1] > gain[0] > 0
    assert gain[3] > gain[0]


def test_nobody_asks_twice_and_every_new_question_is_worth_something() -> None:
    worth = Joint(Starts(), CHAIN).worth(np.array([[1.0, np.nan, 0.0, np.nan]]))[0]
    assert worth[0] == worth[2] == 0
    assert worth[1] > 0 < worth[3]


def test_a_document_reads_back() -> None:
    starts = Starts(ability=1.1, mean={"a": 0.3})
    assert starts_from_document(starts.to_document()) == starts
    with pytest.raises(InvalidInput):
        starts_from_document({"format": "another"})
    with pytest.raises(InvalidInput):
        Starts(guess=0.9)


def test_a_fit_finds_who_starts_far_apart_and_which_target_is_hard() -> None:
    log = drawn_log(ability=1.6, own=0.2, mean=(1.5, 0.5, -0.5, -1.5), students=150)
    starts = fit_starts(log, CHAIN)
    order = [starts.mean[t] for t in "abcd"]
    assert order == sorted(order, reverse=True)
    assert starts.ability > 0.9 > starts.own
    same = fit_starts(log, CHAIN)
    assert same == starts
    assert fit_starts(log, CHAIN, use_graph=False).along == 0


def test_only_the_first_answers_count() -> None:
    log = drawn_log(1.0, 0.5, (0.0,) * 4, students=3, each=ANSWERS + 2)
    found = first_answers(log, CHAIN.targets)
    assert found.shape == (ANSWERS, 3, 4)
    assert not np.isnan(found).any()
    assert found[0, 0, 0] == log.score[0]


def test_an_empty_log_is_refused() -> None:
    with pytest.raises(InvalidInput):
        fit_starts(drawn_log(1.0, 0.5, (0.0,) * 4, students=0), CHAIN)


def drawn_log(
    ability: float, own: float, mean: tuple[float, ...], students: int, each: int = ANSWERS
) -> ResponseLog:
    """Draw the answers of students who start like this, `each` on every target."""
    rng = np.random.default_rng(3)
    level = rng.normal(0, ability, (students, 1)) + np.array(mean)
    level = level + rng.normal(0, own, level.shape)
    chance = 1 / (1 + np.exp(-np.repeat(level, each, axis=1)))
    count = chance.size
    return ResponseLog(
        students=tuple(f"s{s}" for s in range(students)),
        items=(),
        targets=CHAIN.targets,
        student=np.repeat(np.arange(students), len(mean) * each),
        item=np.full(count, -1),
        score=(rng.random(count) < chance.ravel()).astype(np.float64),
        weight=np.ones(count),
        time=np.arange(count, dtype=np.float64),
        offset=np.arange(count + 1),
        target=np.tile(np.repeat(np.arange(len(mean)), each), students),
    )
