"""Why placement asks what it asks, or nothing more: in every state, with the evidence."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Policy, place, with_proposals
from engine.placed_why import Explained, explained
from engine.placement import new_student, probes_for
from engine.proposed import why_proposed
from engine.telling import about_target, of_unseen
from models import BKTModel, Evidence, standing
from models.starts import Joint, Starts
from tests.cast import ADA, TARGETS, answers, small_curriculum
from tests.engine.boards import board_with

JOINT = Joint(Starts(), small_curriculum().graph)
POLICY = Policy(placement_probes=3)


def why(log: list[Evidence], policy: Policy = POLICY, probes: int | None = None) -> Explained:
    most = probes_for(policy, log) if probes is None else probes
    return explained(JOINT, policy, log, place(JOINT, policy, log, most), probes)


def codes(found: Explained) -> list[str]:
    return [reason.code for reason in found.says]


def test_who_is_new_is_asked_what_tells_most_with_its_number() -> None:
    found = why([])
    assert codes(found) == ["no_evidence", "placed_next"]
    first, worth = next(iter(found.would_ask.items()))
    asked = found.says[-1]
    assert (asked.targets, asked.number, asked.words) == (
        (first,),
        worth,
        "the 6 targets nobody has seen",
    )
    assert worth == max(place(JOINT, POLICY, []).worth.values())


def test_what_is_known_cites_all_its_evidence() -> None:
    log = answers(ADA, "add", "10")
    known = why(log).says[0]
    assert (known.code, known.targets, known.words) == ("known_already", ("add",), "1 of 6")
    assert (known.evidence, known.number) == (("ada-add-0", "ada-add-1"), 2.0)


def test_after_enough_pieces_it_says_so_and_what_it_would_ask() -> None:
    log = answers(ADA, "add", "101")
    found = why(log)
    assert codes(found) == ["known_already", "placed_enough", "placed_would_ask"]
    enough, would = found.says[1:]
    assert (enough.number, enough.words, len(enough.evidence)) == (3.0, "3", 3)
    assert would.targets == (next(iter(found.would_ask)),)
    assert would.words == "the 5 targets nobody has seen"
    assert codes(why(log, probes=4)) == ["known_already", "placed_next"], "asked for by hand"
    assert why(log, probes=1).says[1].words == "1"


def test_where_no_probe_would_settle_anything_it_says_so() -> None:
    found = why([], replace(POLICY, placement_least=10.0))
    assert codes(found) == ["no_evidence", "placed_clear"]
    assert (found.says[1].number, found.says[1].words) == (10.0, "the 6 targets nobody has seen")
    assert found.would_ask == {}


def test_where_every_target_was_seen_nothing_is_left_to_ask() -> None:
    log = [piece for i, t in enumerate(TARGETS) for piece in answers(ADA, t, "1", start=i)]
    assert codes(why(log)) == ["known_already", "placed_all_seen"]
    assert codes(why(log, probes=100)) == ["known_already", "placed_all_seen"]


def test_what_a_teacher_judged_is_known_as_well() -> None:
    found = explained(JOINT, POLICY, [], place(JOINT, POLICY, []), judged=("add",))
    assert codes(found) == ["known_judged", "placed_next"]
    assert found.says[0].targets == ("add",)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(TARGETS), unique=True, max_size=len(TARGETS)))
def test_choices_and_placement_tell_the_same_number_of_a_probe(seen: list[str]) -> None:
    policy = Policy(placement_probes=20)
    log = [piece for i, t in enumerate(seen) for piece in answers(ADA, t, "1", start=i)]
    found = new_student(JOINT, policy, log)
    assert found
    would = explained(JOINT, policy, log, found).would_ask
    trail = standing(BKTModel(), log).trail
    board = with_proposals(board_with({ADA: {}}, policy), JOINT, [trail], [log])
    for target, settles in would.items():
        column = board.curriculum.graph.position[target]
        (reason,) = [r for r in why_proposed(board, 0, [column], {}) if r.code == "placing"]
        assert reason.number == settles
        assert reason.words == of_unseen(len(TARGETS) - len(seen))


def test_an_answer_tells_more_of_what_is_open_and_less_of_what_was_seen() -> None:
    p, count = np.array([0.5, 0.5, 0.9, 0.0, 1.0]), np.array([0.0, 3.0, 0.0, 0.0, 0.0])
    assert about_target(p, count).tolist() == [1.0, 0.25, 4 * 0.9 * (1 - 0.9), 0.0, 0.0]
