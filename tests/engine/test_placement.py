"""Placement: what a few probes say of every target, when they stop, and what is proposed."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import STATUSES, Policy, Status, Wishes, choices, place, with_proposals
from engine.board import NOT_STARTED
from engine.placement import new_student
from graphs import Curriculum, Edge, Framework, LearningTarget
from models import Evidence, Trail
from models.starts import Joint, Starts
from tests.engine.boards import board_with

NAMES = tuple("abcdefgh")
TARGETS = tuple(LearningTarget(t, f"Target {t}") for t in NAMES)
CHAIN = Curriculum(
    Framework("f", "F", TARGETS), tuple(map(Edge, NAMES, NAMES[1:]))
)  # each builds on the one before
JOINT = Joint(Starts(own=1.5, along=1.0), CHAIN.graph)
RULE = Policy()
JUDGED_IN_ORDER: tuple[Status, ...] = ("developing", "near", "mastered")


def answer(target: str, score: float, position: int = 0) -> Evidence:
    return Evidence(f"{target}{position}", "s", (target,), score, position=position)


def test_a_right_answer_late_speaks_for_all_before_and_says_so() -> None:
    found = {p.target: p for p in place(JOINT, RULE, [answer("d", 1.0)]).places}
    blank = {p.target: p for p in place(JOINT, RULE, []).places}
    for target in "abc":
        assert found[target].p > blank[target].p
        assert found[target].evidence == ("d0",)
        assert found[target].rests_on[0].said > 0
        assert not found[target].seen
    assert found["d"].seen
    assert all(found[target].usual == blank[target].p for target in NAMES)
    assert found["a"].rests_on[0].target == "d"
    assert blank["a"].evidence == ()


def test_a_wrong_answer_early_speaks_against_what_builds_on_it() -> None:
    found = {p.target: p.p for p in place(JOINT, RULE, [answer("a", 0.0)]).places}
    blank = {p.target: p.p for p in place(JOINT, RULE, []).places}
    assert all(found[target] < blank[target] for target in "bcd")
    assert found["b"] - blank["b"] < found["h"] - blank["h"]


def test_probes_say_the_same_in_any_order() -> None:
    answers = [answer("b", 1.0), answer("e", 0.0), answer("g", 1.0)]
    found = {str(place(JOINT, RULE, list(order)).places) for order in permutations(answers)}
    assert len(found) == 1


def test_only_the_first_answer_on_a_target_places() -> None:
    again = [answer("b", 1.0, 1), answer("b", 0.0, 2)]
    assert place(JOINT, RULE, again).places == place(JOINT, RULE, again[:1]).places


def test_it_stops_after_so_many_probes_or_when_little_is_left_to_learn() -> None:
    assert place(JOINT, RULE, []).left == RULE.placement_probes
    some = [answer(t, 1.0) for t in "abc"]
    assert place(JOINT, RULE, some, probes=3).finished
    assert place(JOINT, replace(RULE, placement_least=10), []).finished
    going_on = place(JOINT, RULE, some, probes=4)
    assert going_on.left == 1
    assert not set(going_on.next_probes) & set("abc")
    assert list(going_on.worth.values()) == sorted(going_on.worth.values(), reverse=True)
    assert going_on.next_probes == tuple(going_on.worth)[: RULE.choices]


def test_it_says_what_the_policy_calls_likely() -> None:
    sure = [answer(t, 1.0) for t in "defgh"]
    found = {p.target: p for p in place(JOINT, RULE, sure).places}
    assert found["e"].where == "shown"
    for each in found.values():
        likely = each.p >= RULE.likely_at
        assert (each.where == "shown") == likely
        assert (each.where == "not_yet") == (each.p <= 1 - RULE.likely_at)


def test_who_is_not_new_any_more_is_not_placed() -> None:
    many = [answer("a", 1.0, n) for n in range(3 * RULE.placement_probes + 1)]
    assert new_student(JOINT, RULE, many) is None
    asked = new_student(JOINT, RULE, many[: RULE.placement_probes])
    assert asked is not None
    assert asked.finished


def test_a_new_student_chooses_among_probes_that_are_ready() -> None:
    alone = Curriculum(CHAIN.framework, CHAIN.edges[:3])
    joint = Joint(JOINT.starts, alone.graph)
    board = with_proposals(board_with({"s": {}}, RULE, alone), joint, [Trail()], [[]])
    found = choices(board, "s", Wishes(number=4), {})
    assert {c.option.id for c in found} <= set("aefgh")
    assert {c.purpose for c in found} == {"probe"}
    assert all("placing" in {r.code for r in c.reasons} for c in found)
    assert all(c.terms["placement"] > 0 for c in found)


def test_what_is_likely_shown_is_offered_as_a_quick_check_and_nothing_is_certified() -> None:
    log = [answer(t, 1.0) for t in "cdefgh"]
    rule = replace(RULE, placement_probes=len(log), likely_at=0.6)
    plain = board_with({"s": {}}, rule, CHAIN)
    board = with_proposals(plain, JOINT, [Trail()], [log])
    checks = [p for p in place(JOINT, rule, log).places if p.where == "shown" and not p.seen]
    assert {p.target for p in checks} == {"a", "b"}
    found = choices(board, "s", Wishes(number=4), {})
    check = {c.option.id: c for c in found}["a"]
    (why,) = [r for r in check.reasons if r.code == "likely_shown"]
    assert why.evidence == checks[0].evidence
    assert why.number == checks[0].p
    assert (board.status == NOT_STARTED).all()
    assert np.array_equal(board.met, plain.met)
    assert check.terms["placement"] > 0


def test_without_its_evidence_a_quick_check_is_not_offered() -> None:
    rule = replace(RULE, placement_probes=3)
    board = with_proposals(board_with({"s": {}}, rule, CHAIN), JOINT, [Trail()], [[]])
    assert board.placed is not None
    assert board.placed.check[0, 4] == pytest.approx(0)


def test_the_first_by_position_is_the_first_look() -> None:
    late = [answer("b", 0.0, 2), answer("b", 1.0, 1)]
    assert {p.target: p for p in place(JOINT, RULE, late).places}["b"].evidence == ("b1",)


@pytest.mark.parametrize("better", [True, False])
def test_a_judgement_speaks_in_both_directions_of_the_graph(better: bool) -> None:
    judged: dict[str, Status] = {"d": "mastered" if better else "developing"}
    found = place(JOINT, RULE, [], judged=judged)
    blank = {p.target: p.p for p in place(JOINT, RULE, []).places}
    for each in found.places:
        if each.target in "abcefgh":
            assert (each.p > blank[each.target]) == better
            assert each.evidence == ()
            assert [part.target for part in each.rests_on] in ([], ["d"])
            assert not each.seen
    near = {p.target: p for p in found.places}["c"].rests_on[0]
    assert (near.target, near.evidence, near.said > 0) == ("d", None, better)


@pytest.mark.parametrize("status", ["mastered", "near", "developing"])
def test_what_was_judged_is_never_asked(status: Status) -> None:
    for target in place(JOINT, RULE, []).worth:
        found = place(JOINT, RULE, [], judged={target: status})
        assert target not in found.worth
        assert found.answered == 1
        assert found.left == RULE.placement_probes - 1
        board = board_with({"s": {}}, RULE, CHAIN)
        board = replace(board, judged=_codes(board.targets, {target: status}))
        placed = with_proposals(board, JOINT, [Trail()], [[]]).placed
        assert placed is not None
        implied = {t for t in NAMES if board.implied[0, NAMES.index(t)]}
        assert implied == (set(NAMES[: NAMES.index(target)]) if status == "mastered" else set())
        left = [0.0 if t in implied else found.worth.get(t, 0.0) for t in board.targets]
        assert placed.worth[0].tolist() == left


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.0, 1.0])),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(JUDGED_IN_ORDER)),
    st.sampled_from(NAMES),
)
def test_a_better_judgement_never_lowers_anything(
    scores: dict[str, float], judged: dict[str, Status], target: str
) -> None:
    log = [answer(t, score) for t, score in scores.items()]
    rows = []
    for status in JUDGED_IN_ORDER:
        found = place(JOINT, RULE, log, judged={**judged, target: status})
        rows.append([each.p for each in found.places])
    for lower, higher in itertools.pairwise(rows):
        assert all(a <= b + 1e-9 for a, b in zip(lower, higher, strict=True))


def test_what_is_known_is_not_asked_even_where_anything_may_be() -> None:
    found = place(JOINT, replace(RULE, placement_least=0), [answer("d", 1.0)], None, {"a": "near"})
    assert set(found.worth) == set("bcefgh")


def test_what_counts_as_met_needs_no_quick_check() -> None:
    log, rule = [answer(t, 1.0) for t in "efgh"], replace(RULE, likely_at=0.5)
    board = board_with({"s": {}}, rule, CHAIN)
    blank = with_proposals(board, JOINT, [Trail()], [log]).placed
    board = replace(board, judged=_codes(board.targets, {"d": "mastered"}))
    placed = with_proposals(board, JOINT, [Trail()], [log]).placed
    assert blank is not None
    assert placed is not None
    assert (blank.check[0, :3] > 0).all()
    assert (placed.check[0, :3] == 0).all()


def test_a_judgement_goes_before_the_answer_on_the_same_target() -> None:
    wrong = [answer("d", 0.0)]
    judged = place(JOINT, RULE, wrong, judged={"d": "mastered"})
    assert judged == place(JOINT, RULE, [], judged={"d": "mastered"})


def _codes(targets: Sequence[str], judged: Mapping[str, Status]) -> npt.NDArray[np.int8]:
    return np.array([[STATUSES.index(judged[t]) if t in judged else -1 for t in targets]], np.int8)
