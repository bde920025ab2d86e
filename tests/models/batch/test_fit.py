"""Chains, the trie sweep and the fitter: laws, hard cases and recovery."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.batch.chains import Chains, Reals, pack_chains, pack_frame
from models.batch.fit import FORGET, GUESS, LEARN, PRIOR, SLIP, fit_chains
from models.batch.forward import N_PARAMETERS, log_likelihood, predict
from models.batch.sweep import LANES, SUM_ROWS, load_lane, new_tables, sweep
from models.batch.trie import build_trie

TRUE = np.array([[0.3, 0.15, 0.2, 0.1, 0.0], [0.6, 0.05, 0.1, 0.25, 0.0]])


def simulate(parameters: Reals, n_students: int, length: int, seed: int = 7) -> Chains:
    """Return chains of every student on every target, drawn from the model."""
    rng = np.random.default_rng(seed)
    n_targets = len(parameters)
    shape = (n_students, n_targets)
    known = rng.random(shape) < parameters[:, PRIOR]
    scores = np.empty((*shape, length), dtype=np.int64)
    for t in range(length):
        p = np.where(known, 1 - parameters[:, SLIP], parameters[:, GUESS])
        scores[:, :, t] = rng.random(shape) < p
        stays = rng.random(shape) >= parameters[:, FORGET]
        known = np.where(known, stays, rng.random(shape) < parameters[:, LEARN])
    student, target, _ = np.indices(scores.shape)
    return pack_chains(student.ravel(), target.ravel(), scores.ravel())


def swept(chains: Chains, logits: Reals, *, forget: bool) -> tuple[Reals, Reals, Reals]:
    """Return loglik [l], gradient [l, 5] and information [l, 5, 5] of the first target."""
    trie = build_trie(chains.symbol, chains.start, 0, int(chains.bounds()[1]))
    tables = new_tables(trie.longest, len(chains.scores))
    for lane, row in enumerate(logits):
        load_lane(lane, row, forget, chains.scores, chains.weights, tables)
    sweep(trie, len(logits), forget, tables)
    sums = tables.sums.reshape(SUM_ROWS, LANES)[:, : len(logits)].T
    information = np.zeros((len(logits), N_PARAMETERS, N_PARAMETERS))
    upper = np.triu_indices(N_PARAMETERS)
    information[:, upper[0], upper[1]] = sums[:, N_PARAMETERS:]
    return tables.loglik[: len(logits)].copy(), sums[:, :N_PARAMETERS].copy(), information


def probabilities(logits: Reals, *, forget: bool) -> Reals:
    p = 1 / (1 + np.exp(-logits))
    return p if forget else np.where(np.arange(N_PARAMETERS) == FORGET, 0.0, p)


def naive(sequences: list[list[tuple[float, float]]], p: Reals) -> float:
    prior, learn, guess, slip, forget = p
    total = 0.0
    for sequence in sequences:
        m = prior
        for x, w in sequence:
            q = m * (1 - slip) ** (w * x) * slip ** (w * (1 - x))
            r = (1 - m) * guess ** (w * x) * (1 - guess) ** (w * (1 - x))
            total += np.log(q + r)
            m = (q * (1 - forget) + r * learn) / (q + r)
    return total


def packed(sequences: list[list[tuple[float, float]]]) -> Chains:
    """Pack sequences of (score, weight) as the students of one target."""
    student = np.repeat(np.arange(len(sequences)), [len(s) for s in sequences])
    flat = np.array([pair for s in sequences for pair in s])
    return pack_chains(student, np.zeros_like(student), flat[:, 0], flat[:, 1])


responses = st.sampled_from([(0.0, 1.0), (1.0, 1.0), (0.5, 1.0), (0.25, 0.5), (1.0, 0.2)])
sequences = st.lists(st.lists(responses, min_size=1, max_size=12), min_size=1, max_size=12)
logit_rows = st.lists(
    st.lists(st.floats(-4, 4), min_size=5, max_size=5), min_size=1, max_size=LANES
)


class TestChains:
    def test_groups_interleaved_students_and_keeps_their_order(self) -> None:
        student = np.array([1, 0, 1, 0, 1, 1])
        target = np.array([1, 0, 0, 0, 1, 0])
        chains = pack_chains(student, target, np.array([1, 0, 1, 1, 0, 0]), n_targets=3)
        assert chains.target.tolist() == [0, 0, 1]
        assert chains.student.tolist() == [0, 1, 1]
        assert chains.start.tolist() == [0, 2, 4, 6]
        assert chains.row.tolist() == [1, 3, 2, 5, 0, 4]
        assert chains.scores[chains.symbol].tolist() == [0, 1, 1, 0, 1, 0]
        assert chains.bounds().tolist() == [0, 2, 3, 3]

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 3), st.integers(0, 1))))
    def test_equals_a_stable_sort(self, rows: list[tuple[int, int, int]]) -> None:
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        chains = pack_chains(table[:, 0], table[:, 1], table[:, 2])
        order = np.lexsort((np.arange(len(table)), table[:, 0], table[:, 1]))
        order = order[(table[order, :2] >= 0).all(axis=1)]
        assert chains.row.tolist() == order.tolist()
        assert chains.symbol.tolist() == table[order, 2].tolist()
        assert chains.start[-1] == len(order)
        assert np.repeat(chains.student, np.diff(chains.start)).tolist() == table[order, 0].tolist()

    def test_frame_of_strings_with_missing_skills(self) -> None:
        frame = pd.DataFrame(
            {
                "student": ["b", "a", "b", "a"],
                "skill": ["add", "add", None, "sub(+)"],
                "correct": [True, False, True, True],
            }
        )
        before = frame.copy()
        chains, targets, students = pack_frame(frame)
        assert (targets, students) == (["add", "sub(+)"], ["b", "a"])
        assert chains.row.tolist() == [0, 1, 3]
        pd.testing.assert_frame_equal(frame, before)

    def test_integer_labels_wide_or_negative(self) -> None:
        frame = pd.DataFrame({"student": [10**12, -5], "skill": [-3, -1], "correct": [1, 0]})
        _, targets, students = pack_frame(frame)
        assert (targets, students) == ([-3, -1], [10**12, -5])

    @pytest.mark.parametrize(
        ("score", "weight"),
        [([2], None), ([-1], None), ([1.5], None), ([np.nan], None), ([1.0], [0.0]), ([1.0], [2])],
    )
    def test_refuses_scores_and_weights_out_of_range(
        self, score: list[float], weight: list[float] | None
    ) -> None:
        with pytest.raises(ValueError, match="must lie in"):
            pack_chains(
                np.array([0]),
                np.array([0]),
                np.array(score),
                None if weight is None else np.array(weight),
            )

    def test_refuses_too_many_symbols(self) -> None:
        n = 300
        with pytest.raises(ValueError, match="256"):
            pack_chains(np.arange(n), np.zeros(n, np.int64), np.linspace(0, 1, n))


class TestSweep:
    @settings(deadline=None)
    @given(sequences, logit_rows, st.booleans())
    def test_trie_likelihood_is_the_naive_one(
        self, data: list[list[tuple[float, float]]], rows: list[list[float]], forget: bool
    ) -> None:
        logits, chains = np.array(rows), packed(data)
        loglik, _, _ = swept(chains, logits, forget=forget)
        for value, p in zip(loglik, probabilities(logits, forget=forget), strict=True):
            assert value == pytest.approx(naive(data, p), rel=1e-10, abs=1e-10)
            assert log_likelihood(chains, p[None, :])[0] == pytest.approx(value, rel=1e-10)

    @settings(deadline=None, max_examples=50)
    @given(sequences, st.lists(st.floats(-3, 3), min_size=5, max_size=5), st.booleans())
    def test_gradient_is_the_central_difference(
        self, data: list[list[tuple[float, float]]], row: list[float], forget: bool
    ) -> None:
        logits, chains, h = np.array([row]), packed(data), 1e-5
        _, gradient, _ = swept(chains, logits, forget=forget)
        for i in range(N_PARAMETERS if forget else N_PARAMETERS - 1):
            shift = h * (np.arange(N_PARAMETERS) == i)
            pair = swept(chains, np.vstack([logits + shift, logits - shift]), forget=forget)[0]
            difference = (pair[0] - pair[1]) / (2 * h)
            assert gradient[0, i] == pytest.approx(difference, rel=1e-5, abs=1e-6)

    def test_information_matches_the_curvature_at_the_truth(self) -> None:
        truth = np.array([[0.3, 0.15, 0.2, 0.1, 0.05]])
        chains, logits, h = simulate(truth, 40_000, 6), np.log(truth / (1 - truth)), 1e-4
        information = swept(chains, logits, forget=True)[2][0]
        for i in range(N_PARAMETERS):
            shift = h * (np.arange(N_PARAMETERS) == i)
            pair = swept(chains, np.vstack([logits + shift, logits - shift]), forget=True)[1]
            curvature = -(pair[0, i] - pair[1, i]) / (2 * h)
            assert information[i, i] == pytest.approx(curvature, rel=0.1)

    def test_thousands_of_responses_do_not_underflow(self) -> None:
        chains = packed([[(1.0, 1.0)] * 5000, [(0.0, 1.0)] * 5000])
        logits = np.array([[0.0, -15.0, -15.0, -15.0, 0.0]])
        loglik, gradient, _ = swept(chains, logits, forget=False)
        expected = log_likelihood(chains, probabilities(logits, forget=False))
        assert loglik == pytest.approx(expected, rel=1e-10)
        assert np.isfinite(gradient).all()


class TestFit:
    def test_recovers_simulated_parameters(self) -> None:
        result = fit_chains(simulate(TRUE, 20_000, 10))
        assert result.converged.all()
        assert result.parameters == pytest.approx(TRUE, abs=0.03)

    def test_recovers_forgetting(self) -> None:
        truth = np.array([[0.4, 0.2, 0.1, 0.15, 0.1]])
        result = fit_chains(simulate(truth, 20_000, 15), forget=True)
        assert result.parameters == pytest.approx(truth, abs=0.03)

    def test_no_parameters_nearby_are_better(self) -> None:
        chains = simulate(TRUE, 300, 8)
        result = fit_chains(chains, tolerance=1e-8)
        rng = np.random.default_rng(1)
        for _ in range(200):
            z = np.log(result.parameters[:, :4] / (1 - result.parameters[:, :4]))
            other = result.parameters.copy()
            other[:, :4] = 1 / (1 + np.exp(-z - rng.normal(0, 0.05, z.shape)))
            assert (log_likelihood(chains, other) <= result.loglik + 1e-6).all()

    def test_same_answer_again_and_with_threads(self) -> None:
        chains = simulate(np.vstack([TRUE] * 5), 100, 6)
        one, two = fit_chains(chains), fit_chains(chains, threads=3)
        np.testing.assert_array_equal(one.parameters, two.parameters)
        np.testing.assert_array_equal(one.loglik, two.loglik)
        assert one.evaluations == two.evaluations

    def test_targets_do_not_influence_each_other(self) -> None:
        both = simulate(TRUE, 200, 6)
        mine = both.target == 1
        rows = both.row[both.start[:-1][mine][0] :]
        alone = pack_chains(
            np.repeat(both.student[mine], np.diff(both.start)[mine]),
            np.zeros(len(rows), np.int64),
            both.symbol[both.start[:-1][mine][0] :].astype(np.int64),
        )
        expected = fit_chains(both).parameters[1]
        np.testing.assert_array_equal(fit_chains(alone).parameters[0], expected)

    def test_more_restarts_never_do_worse(self) -> None:
        chains = simulate(np.vstack([TRUE] * 4), 40, 5)
        values = [fit_chains(chains, restarts=n).loglik for n in (8, 16, 24)]
        for fewer, more in pairwise(values):
            assert (more >= fewer).all()

    def test_loglik_is_that_of_the_judge(self) -> None:
        chains = simulate(TRUE, 100, 5)
        result = fit_chains(chains)
        np.testing.assert_array_equal(result.loglik, log_likelihood(chains, result.parameters))

    @pytest.mark.parametrize("score", [0, 1])
    def test_all_right_or_all_wrong(self, score: int) -> None:
        student = np.repeat(np.arange(50), 4)
        chains = pack_chains(student, np.zeros_like(student), np.full(200, score))
        result = fit_chains(chains)
        assert result.converged.all()
        assert result.loglik[0] == pytest.approx(0, abs=1e-2)
        assert predict(chains, result.parameters) == pytest.approx(score, abs=1e-3)

    def test_students_with_a_single_response(self) -> None:
        scores = np.array([1] * 70 + [0] * 30)
        chains = pack_chains(np.arange(100), np.zeros(100, np.int64), scores)
        result = fit_chains(chains)
        entropy = 70 * np.log(0.7) + 30 * np.log(0.3)
        assert result.loglik[0] == pytest.approx(entropy, abs=1e-2)

    def test_fractional_scores_and_weights(self) -> None:
        plain = simulate(TRUE[:1], 3_000, 6)
        twice = dataclasses.replace(plain, scores=np.array([0.1, 0.9]), weights=np.full(2, 0.5))
        result = fit_chains(twice)
        assert result.converged.all()
        assert (result.loglik > log_likelihood(twice, TRUE[:1])).all()

    def test_ordered_keeps_guess_below_one_minus_slip(self) -> None:
        rng = np.random.default_rng(2)
        p = np.array([0.95, 0.5, 0.5, 0.5, 0.5])  # practice that harms
        scores = (rng.random((400, 5)) < p).astype(np.int64)
        student = np.repeat(np.arange(400), 5)
        chains = pack_chains(student, np.zeros_like(student), scores.ravel())
        free, ordered = fit_chains(chains), fit_chains(chains, ordered=True)
        assert free.parameters[0, GUESS] + free.parameters[0, SLIP] > 1
        assert ordered.parameters[0, GUESS] + ordered.parameters[0, SLIP] <= 1
        assert ordered.loglik[0] < free.loglik[0]

    def test_forget_names_the_better_state_known(self) -> None:
        result = fit_chains(simulate(np.vstack([TRUE] * 6), 30, 5), forget=True)
        assert (result.parameters[:, GUESS] + result.parameters[:, SLIP] <= 1).all()

    def test_shrink_gives_sane_values_with_five_responses(self) -> None:
        big = simulate(TRUE, 2_000, 8)
        rows = np.repeat(big.student, np.diff(big.start)), np.repeat(big.target, np.diff(big.start))
        chains = pack_chains(
            np.append(rows[0], [0, 0, 0, 1, 1]),
            np.append(rows[1], [2] * 5),
            np.append(big.symbol, [1] * 5).astype(np.int64),
            n_targets=4,
        )
        result = fit_chains(chains, shrink=10.0)
        assert (
            (result.parameters[:, :FORGET] > 0.02) & (result.parameters[:, :FORGET] < 0.9)
        ).all()
        assert result.parameters[:2] == pytest.approx(TRUE, abs=0.06)
        assert result.parameters[2, PRIOR] > result.parameters[3, PRIOR]  # all five were right

    def test_shrink_and_forget_keep_the_states_in_order(self) -> None:
        chains = simulate(np.vstack([TRUE] * 6), 30, 5)
        result = fit_chains(chains, forget=True, shrink=5.0)
        assert result.converged.all()
        assert (result.parameters[:, GUESS] + result.parameters[:, SLIP] <= 1 + 1e-12).all()

    def test_a_target_without_responses_is_not_converged(self) -> None:
        result = fit_chains(pack_chains(np.array([0]), np.array([0]), np.array([1]), n_targets=2))
        assert result.converged.tolist() == [True, False]
        assert result.loglik[1] == 0
        assert ((result.parameters >= 0) & (result.parameters <= 1)).all()

    def test_no_data_at_all(self) -> None:
        empty = np.empty(0, np.int64)
        assert fit_chains(pack_chains(empty, empty, empty)).parameters.shape == (0, N_PARAMETERS)

    def test_refuses_bad_options(self) -> None:
        chains = simulate(TRUE, 5, 2)
        with pytest.raises(ValueError, match="at least 1"):
            fit_chains(chains, restarts=0)
        with pytest.raises(ValueError, match="negative"):
            fit_chains(chains, shrink=-1.0)


class TestForward:
    def test_impossible_responses_are_minus_infinity(self) -> None:
        chains = packed([[(1.0, 1.0), (0.0, 1.0), (1.0, 1.0)]])
        parameters = np.array([[1.0, 0.1, 0.2, 0.0, 0.0]])
        assert log_likelihood(chains, parameters)[0] == -np.inf
        assert predict(chains, parameters)[:2].tolist() == [1.0, 1.0]

    def test_refuses_parameters_out_of_range(self) -> None:
        with pytest.raises(ValueError, match="lie in"):
            log_likelihood(packed([[(1.0, 1.0)]]), np.full((1, 5), 1.5))

    def test_learning_raises_the_prediction(self) -> None:
        chains = packed([[(1.0, 1.0)] * 6])
        low = predict(chains, np.array([[0.3, 0.0, 0.2, 0.1, 0.0]]))
        high = predict(chains, np.array([[0.3, 0.2, 0.2, 0.1, 0.0]]))
        assert low[0] == high[0]
        assert (high[1:] > low[1:]).all()
