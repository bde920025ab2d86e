"""One ranking of needs: what the list says of a student is what every other screen says first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Answered, Background, Layout, Policy, Reason
from engine.class_facts import ClassFacts
from engine.interventions import first_of, talks, todays
from engine.proposals import Key
from engine.ranking import Ranking, is_held_out, ranking, urgency
from engine.struggles import chains_to_gaps
from experiments.alert_lists import Diary
from experiments.planted import DAYS, FIRST_DAY, PlantedClass, curriculum, school_day
from models import BKTModel
from tests.cast import BEN, NOW, answers
from tests.engine.boards import RandomSchool, Seen, board_with, schools
from tests.engine.interventions.proposed import LOW, one_student

quick = settings(max_examples=60, deadline=None)
EVENING = timedelta(hours=7)


def facts_of(school: RandomSchool, past: tuple[Answered, ...] = ()) -> ClassFacts:
    yesterday = ClassFacts(school.board, school.log, NOW - timedelta(days=1), Background(past))
    before = frozenset(each.key for each in todays(ranking(yesterday)))
    return ClassFacts(school.board, school.log, NOW, Background(past, before=before))


def agree(ranked: Ranking) -> None:
    """Check that the list is the ranking cut short, in the same order, and names nobody else."""
    listed = [p for p in todays(ranked) if not is_held_out(ranked.facts, p.key)]
    assert listed == [first_of(ranked, p.student) for p in listed]
    place = {student: i for i, student in enumerate(ranked.told)}
    assert sorted(listed, key=lambda p: place[p.student]) == listed
    turns = talks(ranked)
    assert [need.key for need in turns[: len(listed)]] == [p.key for p in listed]
    assert sorted(need.student for need in turns) == sorted(place)
    left = [place[need.student] for need in turns[len(listed) :]]
    assert left == sorted(left)
    shared: dict[Key, tuple[str, ...]] = {}
    for proposal in listed:
        for mate in proposal.together:
            theirs = [need.key for _, need in ranked.needs[mate]]
            assert (mate, proposal.cause, proposal.target) in theirs
        shared[proposal.key] = proposal.together
        firsts = [mine[0][1] for mine in ranked.needs.values()]
        same = (need for need in firsts if need.key[1:] == proposal.key[1:])
        assert not proposal.mates or next(same).student == proposal.student
    for student in {mate for mates in shared.values() for mate in mates}:
        mine = [p.key for p in listed if p.student == student]
        first = ranked.needs[student][0][1].key
        assert mine in ([], [first])  # named with others, or with the first need of their own


@quick
@given(schools(most_students=5, most_targets=4), st.integers(0, 3))
def test_the_list_says_first_what_is_told_first(school: RandomSchool, answered: int) -> None:
    first = facts_of(school)
    then = NOW - timedelta(days=3)
    past = tuple(
        Answered(p.student, p.cause, p.target, "not_now", then, p.rests_on)
        for p in todays(ranking(first))[:answered]
    )
    for facts in (first, facts_of(school, past)):
        ranked = ranking(facts)
        agree(ranked)
        assert set(ranked.told) == set(ranked.needs) == set(school.board.students)
        assert all(list(mine) == sorted(mine, key=urgency) for mine in ranked.needs.values())


@pytest.fixture(scope="module")
def evenings() -> list[ClassFacts]:
    """Return what is known of two simulated classes of thirty on each fifth evening."""
    return [facts for seed in (3, 4) for facts in _evenings(seed)]


def _evenings(seed: int) -> Iterator[ClassFacts]:
    school = PlantedClass(np.random.default_rng(seed))
    diary = Diary(BKTModel(), Layout(curriculum()), Policy())
    students = [school.id_of(i) for i in range(school.size)]
    for day in range(DAYS):
        diary.add(students, list(school.day(day)))
        if day % 5 == 4:
            now = FIRST_DAY + (school_day(day) - FIRST_DAY.date()) + EVENING
            facts = diary.facts(school, now)
            yield facts
            diary.before = frozenset(each.key for each in todays(ranking(facts)))


def test_so_it_is_in_simulated_classes_on_every_day(evenings: list[ClassFacts]) -> None:
    several = 0
    for facts in evenings:
        ranked = ranking(facts)
        agree(ranked)
        several += sum(len(mine) > 1 for mine in ranked.needs.values())
    assert several > 10  # of many a student more than one thing could be said


def test_what_the_lot_holds_out_is_said_nowhere(evenings: list[ClassFacts]) -> None:
    held = 0
    for each in evenings:
        board = replace(each.board, policy=replace(each.board.policy, hold_out=0.4))
        facts = replace(each, board=board)
        ranked = ranking(facts)
        agree(ranked)
        for mine in ranked.told.values():
            assert mine
            assert not any(is_held_out(facts, need.key) for _, need in mine)
        held += sum(map(len, ranked.needs.values())) - sum(map(len, ranked.told.values()))
    assert held > 10


def test_whose_first_need_is_a_classmate_s_card_gets_no_card_on_the_second() -> None:
    students = ["s0", "s1"]
    rows = {s: {"count": LOW, "shapes": Seen(0.2, 10)} for s in students}
    log = {s: answers(s, "count", "0110110000", start=20) for s in students}
    log["s1"] += answers("s1", "shapes", "0110110000", start=20)
    ranked = ranking(ClassFacts(board_with(rows), log, NOW, Background()))
    assert [need.target for _, need in ranked.told["s1"]] == ["count", "shapes"]
    (card,) = todays(ranked)
    assert (card.student, card.target, card.together) == ("s0", "count", ("s1",))


def test_a_shared_card_is_of_who_comes_first_though_a_classmate_was_unseen_for_longer() -> None:
    low = dict.fromkeys(("count", "add", "multiply", "divide"), LOW)
    board = board_with({"s1": low, "s2": {"count": LOW, "add": LOW}})
    log = {
        "s1": answers("s1", "divide", "0000", start=22),
        "s2": answers("s2", "add", "0000", start=1),
    }
    ranked = ranking(ClassFacts(board, log, NOW, Background()))
    (card,) = todays(ranked)
    assert list(ranked.told) == ["s1", "s2"]
    assert (card.student, card.together) == ("s1", ("s2",))


def test_a_shared_card_says_of_each_what_is_true_of_each() -> None:
    low = dict.fromkeys(("count", "add", "multiply", "divide"), LOW)
    board = board_with({"s0": low, "s1": {"count": LOW, "add": LOW}})
    log = {
        "s0": answers("s0", "divide", "0000", start=26),
        "s1": answers("s1", "add", "0000", start=26),
    }
    (card,) = todays(ranking(ClassFacts(board, log, NOW, Background())))
    told = {card.student: (card.reason, card.chain)}
    told |= {mate.student: (mate.reason, mate.chain) for mate in card.mates}
    (far, chain), (near, none) = told["s0"], told["s1"]
    assert far.targets == ("divide", "count")
    assert chain == Reason("chain", ("divide", "multiply", "add", "count"), far.evidence)
    assert (near.targets, none) == (("add", "count"), None)


@quick
@given(schools(most_students=2, most_targets=6))
def test_a_chain_goes_down_by_prerequisites_that_are_not_met(school: RandomSchool) -> None:
    board, edges = school.board, {(e.prereq, e.target) for e in school.curriculum.edges
                                  if e.relation == "prerequisite"}  # fmt: skip
    for row, student in enumerate(board.students):
        for target in board.targets:
            found = chains_to_gaps(board, row, target)
            for gap, chain in found.items():
                assert (chain[0], chain[-1]) == (target, gap)
                assert len(set(chain)) == len(chain) > 1
                assert all((b, a) in edges for a, b in pairwise(chain))
                assert not any(school.is_met(student, link) for link in chain[1:])
                assert school.is_open(student, gap)
                assert not any(school.is_open(student, link) for link in chain[:-1])
            blocked = not school.is_open(student, target)
            assert bool(found) == blocked  # whatever holds a target up, there is a place to begin


@quick
@given(schools(most_students=3, most_targets=6))
def test_a_proposal_tells_the_chain_from_the_struggle_to_the_gap(school: RandomSchool) -> None:
    ranked = ranking(facts_of(school))
    for student, mine in ranked.needs.items():
        for _, need in mine:
            if need.cause == "missing_prerequisite":
                chain = chains_to_gaps(school.board, school.board.row(student), str(need.blocks))
                told = chain[str(need.target)]
                assert need.chain == (told if len(told) > 2 else ())
            elif need.cause != "fading":
                assert need.chain == ()


def test_the_chain_is_said_only_where_something_lies_between() -> None:
    low = dict.fromkeys(("count", "add", "multiply", "divide"), LOW)
    (far,) = one_student(board_with({BEN: low}), answers(BEN, "divide", "0000", start=26))
    assert far.chain is not None
    assert far.chain.targets == ("divide", "multiply", "add", "count")
    assert far.chain.evidence == far.reason.evidence
    (near,) = one_student(board_with({BEN: low}), answers(BEN, "add", "0000", start=26))
    assert (near.reason.targets, near.chain) == (("add", "count"), None)
