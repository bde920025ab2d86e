"""Placement: what a few probes say of every target, when they stop, and what is proposed."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from engine import Policy, Wishes, choices, place, with_proposals
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


def answer(target: str, score: float, position: int = 0) -> Evidence:
    return Evidence(f"{target}{position}", "s", (target,), score, position=position)


def test_a_right_answer_late_speaks_for_all_before_and_says_so() -> None:
    found = {p.target: p for p in place(JOINT, RULE, [answer("d", 1.0)]).places}
    blank = {p.target: p for p in place(JOINT, RULE, []).places}
    for target in "abc":
        assert found[target].p > blank[target].p
        assert found[target].evidence == ("d0",)
        assert found[target].said[0] > 0
        assert not found[target].seen
    assert found["d"].seen
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
