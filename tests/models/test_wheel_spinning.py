import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs import InvalidInput
from models.wheel_spinning import (
    ATTEMPTS,
    NAMES,
    PUBLISHED,
    Attempt,
    Features,
    Usual,
    WheelSpinning,
    chance_of_no_run,
    outcomes,
    usual_of,
    walk,
    wheel_spinning_from_document,
)
from models.wheel_spinning_fit import fit_wheel_spinning, moments

histories = st.lists(
    st.tuples(st.sampled_from([("a",), ("b",), ("a", "b")]), st.booleans()), max_size=30
)


def answers(scores: str, target: str = "a") -> list[Attempt]:
    return [((target,), score == "1") for score in scores]


@pytest.mark.parametrize(
    ("scores", "spins"),
    [
        ("0110110110", True),  # ten, never three in a row
        ("0110110111", False),  # the tenth makes three
        ("01101101101", True),  # what comes after the tenth no longer counts
        ("01101101100111", True),
        ("111", False),
        ("1110000000000", False),  # once is enough
        ("011011011", None),  # nine: nobody knows
        ("", None),
    ],
)
def test_the_label_is_three_in_a_row_within_ten(scores: str, spins: bool | None) -> None:
    assert outcomes(answers(scores)).get("a") is spins


@pytest.mark.parametrize("run", [0, 1, 2])
@pytest.mark.parametrize("left", [0, 1, 4, 7])
def test_the_chance_of_no_run_is_that_of_every_way_it_could_go(run: int, left: int) -> None:
    p = 0.6
    total = 0.0
    for way in product([0, 1], repeat=left):
        if "111" not in "1" * run + "".join(map(str, way)):
            total += math.prod(p if right else 1 - p for right in way)
    assert chance_of_no_run(p, run, left) == pytest.approx(total)


@given(histories, histories)
def test_what_comes_later_changes_no_moment_before_it(
    history: list[Attempt], later: list[Attempt]
) -> None:
    early = list(walk(history, Usual()))
    assert list(walk(history + later, Usual()))[: len(early)] == early


@given(histories)
def test_a_risk_is_told_only_while_it_is_open(history: list[Attempt]) -> None:
    ends = outcomes(history)
    counts = {t: sum(t in targets for targets, _ in history) for t in ("a", "b")}
    risks = PUBLISHED.risks(history)
    assert set(risks) == {t for t, end in ends.items() if end is None and counts[t] >= 3}
    assert all(0 < risk < 1 for risk in risks.values())
    assert all(3 <= m.attempts < ATTEMPTS for m in walk(history, Usual()))


def test_each_feature_moves_the_risk_the_way_it_says() -> None:
    middle = Features(0.0, -2.0, 0.0, 5.0)
    base = PUBLISHED.risk(middle)
    assert PUBLISHED.risk(Features(1.0, -2.0, 0.0, 5.0)) > base  # three in a row less likely
    assert PUBLISHED.risk(Features(0.0, -1.0, 0.0, 5.0)) > base  # others spin here too
    assert PUBLISHED.risk(Features(0.0, -2.0, 0.2, 5.0)) < base  # better than usual of late
    assert PUBLISHED.risk(Features(0.0, -2.0, 0.0, 7.0)) > base
    assert set(PUBLISHED.weights) == set(NAMES)
    assert len(NAMES) <= 6


def test_failing_is_riskier_than_almost_getting_it_and_the_able_less_at_risk() -> None:
    def risk(history: list[Attempt]) -> float:
        return PUBLISHED.risks(history)["a"]

    assert risk(answers("00000")) > risk(answers("01011")) + 0.3
    elsewhere = answers("1" * 12, "b")
    assert risk(elsewhere + answers("0101")) < risk(answers("0101"))


def test_what_is_usual_is_shrunk_to_all_targets_together() -> None:
    usual = usual_of([answers("0" * 10), answers("111", "b") + answers("0", "c")])
    assert usual.right_on("a") < usual.right_everywhere < usual.right_on("b")
    assert usual.right_on("nobody has met it") == usual.right_everywhere
    assert usual.spinning_on("a") > usual.spinning_everywhere > usual.spinning_on("b")
    assert usual.spinning_on("c") == usual.spinning_everywhere  # its end is not known


def class_of_answers(size: int = 120) -> list[list[Attempt]]:
    """Half of the students have a chance of .85 on every answer, half of .3."""
    rng = np.random.default_rng(3)
    return [
        [((t,), bool(rng.random() < (0.85 if i % 2 else 0.3))) for t in "abc" for _ in range(10)]
        for i in range(size)
    ]


def test_a_fit_tells_those_who_spin_from_those_who_do_not() -> None:
    train, test = class_of_answers()[:80], class_of_answers()[80:]
    model = fit_wheel_spinning(train, "simulated")
    found = moments(test, model.usual)
    rows = (found.attempts == 5) & (found.spins >= 0)
    risk = np.array([model.risk(Features(*f)) for f in found.features[rows]])
    assert risk[found.spins[rows] == 1].mean() > risk[found.spins[rows] == 0].mean() + 0.2
    assert model.weights["no_run"] > 0


def test_too_little_is_refused_by_what_is_missing() -> None:
    with pytest.raises(InvalidInput, match="too little to learn wheel-spinning from"):
        fit_wheel_spinning([answers("0" * 10), answers("111")], "two students")


def test_a_document_comes_back_as_it_was_and_a_changed_one_is_refused() -> None:
    model = fit_wheel_spinning(class_of_answers(), "simulated")
    document = model.to_document()
    assert wheel_spinning_from_document(document) == model
    with pytest.raises(InvalidInput, match="does not match the content"):
        wheel_spinning_from_document({**document, "intercept": 0.0})
    with pytest.raises(InvalidInput, match=r"footpath\.wheel-spinning/1"):
        wheel_spinning_from_document({"format": "footpath.policy/1"})
    with pytest.raises(InvalidInput, match="one finite weight for each"):
        WheelSpinning(0.0, {"no_run": 1.0})
