"""Laws of the choices: every reason rests on what it cites, weights push one way, order is none."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Choice,
    Layout,
    Reason,
    Wishes,
    choices,
    first_choices,
    make_board,
    slates,
)
from graphs import Curriculum
from models import BKTModel, BKTParameters, Evidence
from tests.engine.boards import (
    EVERY,
    INTERESTS,
    WEIGHTS,
    RandomSchool,
    curricula,
    logs,
    policies,
    schools,
)
from tests.engine.test_choices import Drawn, asked, ids, slate
from tests.graphs.random_graphs import subsets

quick = settings(max_examples=40, deadline=None)


@st.composite
def telling(draw: st.DrawFn) -> RandomSchool:
    """Draw a school in whose model every answer says something and nothing is certain."""
    curriculum = draw(curricula(5))
    parameters = BKTParameters(
        draw(st.sampled_from([0.23, 0.41])), draw(st.sampled_from([0.07, 0.19])), 0.17, 0.11
    )
    log = draw(logs("s0", curriculum.graph.targets))
    rule = replace(draw(policies()), ready_evidence=1, stuck_after=3, min_evidence=1)
    return RandomSchool(curriculum, rule, BKTModel(fallback=parameters), {"s0": log})


@settings(max_examples=150, deadline=None)
@given(telling(), subsets(INTERESTS))
def test_without_the_evidence_it_cites_no_reason_would_stand_as_it_does(
    school: RandomSchool, liked: tuple[str, ...]
) -> None:
    for choice in slate(school, Wishes(number=EVERY, interests=liked)):
        for reason in choice.reasons:
            if reason.evidence:
                kept = left_of(school.log["s0"], reason.evidence)
                without = RandomSchool(school.curriculum, school.policy, school.model, {"s0": kept})
                assert fact(without, choice, reason) != fact(school, choice, reason)


def left_of(log: Sequence[Evidence], cited: Iterable[str]) -> tuple[Evidence, ...]:
    """Take away what is cited with all that it revises or that revises it: nothing comes back."""
    gone, size = set(cited), -1
    while size < len(gone):
        size = len(gone)
        touched = [{e.id, e.supersedes or e.id} for e in log]
        gone |= {name for names in touched if names & gone for name in names}
    return tuple(e for e in log if e.id not in gone)


def fact(school: RandomSchool, choice: Choice, reason: Reason) -> object:
    """What a reason states, worked out from the estimates and the policy alone."""
    estimates = {t: school.model.estimate(school.states["s0"], t) for t in school.board.targets}
    spoken = reason.targets
    if reason.code in {"ready", "ahead"}:
        before = spoken if reason.code == "ready" else spoken[1:]
        return [school.is_met("s0", t) and estimates[t].evidence_count > 0 for t in before]
    if reason.code == "implied":
        return school.is_mastered("s0", spoken[1])
    if reason.code == "faded":
        return school.board.status_of(0, school.board.targets.index(spoken[0]))
    if reason.code == "gap":
        return school.is_below_stuck("s0", spoken[0]), estimates[spoken[0]].p_mastered
    if reason.code == "opens":
        met = {t for t in school.board.targets if school.is_met("s0", t)}
        after = met.union(choice.option.targets)
        return set(spoken) <= set(school.curriculum.graph.ready(after))
    assert reason.code == "success_band"
    return np.mean([estimates[t].p_right for t in choice.option.targets])


@pytest.mark.parametrize("weight", WEIGHTS)
@settings(max_examples=25, deadline=None)
@given(drawn=asked(), more=st.sampled_from([0.25, 1.0, 50.0]))
def test_raising_a_weight_never_favours_an_option_with_less_of_its_term(
    weight: str, drawn: Drawn, more: float
) -> None:
    school, wishes = drawn
    wishes = replace(wishes, number=EVERY)
    raised = replace(school.policy, **{weight: getattr(school.policy, weight) + more})
    louder = RandomSchool(school.curriculum, raised, school.model, school.log)
    name = WEIGHTS[weight]
    now = {choice.option.id: choice for choice in slate(louder, wishes)}
    gains = {
        c.option.id: (now[c.option.id].score - c.score, now[c.option.id].terms.get(name, 0.0))
        for c in slate(school, wishes)
    }
    assert all(gain >= -1e-9 for gain, _ in gains.values())
    for gain, term in gains.values():
        for other_gain, other_term in gains.values():
            if term >= other_term:
                assert gain >= other_gain - 1e-6 * max(1.0, gain)


@quick
@given(asked(), st.integers(1, 99), st.integers(1, 99))
def test_no_option_is_beyond_the_guardrails_or_the_accommodations(
    drawn: Drawn, pieces: int, rights: int
) -> None:
    school, wishes = drawn
    shape = school.board.p.shape
    today = np.eye(shape[0], shape[1], dtype=np.int8) * np.int8(pieces)
    right = np.eye(shape[0], shape[1], 1, dtype=np.int8) * np.int8(rights)
    board = replace(school.board, today=today, rights=right)
    rule, graph = school.policy, school.curriculum.graph
    found = choices(board, "s0", replace(wishes, number=EVERY), {})
    rests = {t for t in board.targets if today[0, graph.position[t]] >= rule.a_session}
    done = {t for t in board.targets if right[0, graph.position[t]] >= rule.enough_in_a_row}
    for choice in found:
        assert not wishes.formats or choice.option.format in wishes.formats
        assert not set(choice.option.targets) <= done
        for target in choice.option.targets:
            assert all(board.met[0, graph.position[p]] for p in graph.prerequisites(target))
    resting = [bool(rests & set(choice.option.targets)) for choice in found]
    # What rests is offered when nothing at the front is awake, or as the second of two.
    assert not any(resting) or resting[0] or resting == [False, True]


@quick
@given(schools(most_students=4), st.randoms(use_true_random=False))
def test_neither_the_order_of_students_nor_that_of_tasks_matters(
    school: RandomSchool, shuffle: random.Random
) -> None:
    students, tasks = list(school.log), list(school.curriculum.framework.tasks)
    shuffle.shuffle(students)
    shuffle.shuffle(tasks)
    framework = replace(school.curriculum.framework, tasks=tuple(tasks))
    curriculum = Curriculum(framework, school.curriculum.edges)
    board = make_board(
        Layout(curriculum), school.policy, school.model, {s: school.states[s] for s in students}
    )
    for student in students:
        cited = school.in_force[student]
        here = choices(board, student, Wishes(), cited)
        assert here == choices(school.board, student, Wishes(), cited)


@quick
@given(schools(most_students=4))
def test_each_student_of_a_class_may_have_own_wishes(school: RandomSchool) -> None:
    board, targets = school.board, school.board.targets
    wishes = [
        Wishes(
            targets[i % len(targets)] if i % 2 else None, 2 + i % 3, interests=INTERESTS[: i % 3]
        )
        for i in range(len(board.students))
    ]
    found = slates(board, wishes)
    for row, student in enumerate(board.students):
        own = choices(board, student, wishes[row], {})
        picked = [o for o in found.option[row].tolist() if o >= 0]
        assert [board.layout.options[o].id for o in picked] == ids(own)
        assert found.score[row, : len(own)].tolist() == [c.score for c in own]


def test_a_class_larger_than_a_block_is_chosen_for_whole() -> None:
    from engine.slates import BLOCK
    from experiments.recommending.district import board, curriculum

    layout = Layout(curriculum(40, 80, np.random.default_rng(1)))
    whole = board(layout, range(BLOCK + 5), np.random.default_rng(2))
    found = slates(whole, Wishes())
    for row in (0, BLOCK - 1, BLOCK, BLOCK + 4):
        own = choices(whole, whole.students[row], Wishes(), {})
        assert [layout.options[o].id for o in found.option[row] if o >= 0] == ids(own)


def test_nobody_is_offered_nothing() -> None:
    from experiments.recommending.district import board, curriculum

    layout = Layout(curriculum(40, 80, np.random.default_rng(1)))
    nobody = board(layout, range(0), np.random.default_rng(2))
    assert slates(nobody, Wishes()).option.shape[0] == 0
    assert len(first_choices(nobody, Wishes())[0]) == 0
