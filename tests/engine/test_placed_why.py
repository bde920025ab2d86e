"""Why placement asks what it asks, or nothing more: in every state, with the evidence."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Policy, Reason, Status, place, with_proposals
from engine.placed_why import Explained, explained
from engine.placement import new_student, probes_for
from engine.proposals import Need
from engine.proposed import why_proposed
from engine.telling import about_target, of_unseen
from graphs import Curriculum
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
    assert (asked.number, asked.words) == (worth, "the 6 targets nobody has seen")
    told = place(JOINT, POLICY, []).worth
    assert asked.targets == tuple(t for t in told if round(told[t], 1) == round(worth, 1))
    assert asked.targets[0] == first
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
    assert would.targets[0] == next(iter(found.would_ask))
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
    judged: dict[str, Status] = {"count": "developing", "add": "mastered", "shapes": "developing"}
    rule = replace(POLICY, placement_least=0.0)
    found = explained(JOINT, rule, [], place(JOINT, rule, [], 9, judged), 9, judged)
    assert codes(found) == ["known_judged", "known_judged", "placed_next"]
    said = [(reason.words, set(reason.targets)) for reason in found.says[:2]]
    assert said == [("mastered", {"add"}), ("developing", {"count", "shapes"})]
    assert found.says[2].words == "the 3 targets nobody has seen"
    assert not set(found.would_ask) & set(judged)


def test_what_is_implied_by_later_mastery_is_said_and_not_asked() -> None:
    rule, judged = replace(POLICY, placement_least=0.0), dict[str, Status](multiply="mastered")
    found = place(JOINT, rule, [], 9, judged, {"count", "add"})
    said = explained(JOINT, rule, [], found, 9, judged, {"count", "add"})
    assert codes(said) == ["known_judged", "known_implied", "placed_next"]
    assert said.says[1].targets == ("count", "add")
    assert set(found.worth) == {"subtract", "divide", "shapes"}
    assert not set(said.would_ask) & {"count", "add"}
    rest = set(TARGETS) - set(judged)
    none = place(JOINT, rule, [], 9, judged, rest)
    assert codes(explained(JOINT, rule, [], none, 9, judged, rest))[-1] == "placed_all_seen"


def test_with_judgements_enough_is_known_and_it_says_of_whom() -> None:
    judged: dict[str, Status] = {"add": "mastered", "count": "near"}
    log = answers(ADA, "shapes", "1")
    found = place(JOINT, POLICY, log, probes_for(POLICY, log, judged), judged)
    said = explained(JOINT, POLICY, log, found, None, judged)
    assert found.finished
    assert codes(said)[-2:] == ["placed_enough_judged", "placed_would_ask"]
    assert said.says[-2].words == "3"


def test_targets_that_tell_equally_much_are_named_together() -> None:
    alone = Curriculum(small_curriculum().framework, ())
    joint = Joint(Starts(), alone.graph)
    asked = explained(joint, POLICY, [], place(joint, POLICY, [])).says[-1]
    assert set(asked.targets) == set(TARGETS), "without an edge nothing sets them apart"
    sure = Joint(Starts(mean={t: 9.0 for t in TARGETS if t != "add"}), alone.graph)
    assert explained(sure, POLICY, [], place(sure, POLICY, [])).says[-1].targets == ("add",)


def test_a_probe_that_a_struggle_asks_for_is_asked_here_as_well() -> None:
    reason = Reason("unseen_prerequisite", ("count", "add"), ("e1",))
    probe = Need(ADA, "missing_prerequisite", "add", "count", 0.5, "probe", reason, ("e1",))
    other = replace(probe, target="shapes", action="reteach")
    log = answers(ADA, "count", "000")
    for policy in (POLICY, replace(POLICY, placement_least=10.0)):
        found = place(JOINT, policy, log, probes_for(policy, log))
        said = explained(JOINT, policy, log, found, needs=[probe, other]).says
        assert said[-1] == Reason("placed_gap", ("add",), ("e1",))
        assert "placed_would_ask" not in [reason.code for reason in said]


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
