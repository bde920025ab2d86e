"""What holds of every list of interventions, whatever the class."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Answered,
    Background,
    interventions,
)
from engine.proposals import Said
from engine.reasons import for_student, for_teacher
from models import in_force
from tests.cast import NOW, answers
from tests.engine.boards import RandomSchool, board_with, digits, schools
from tests.engine.interventions.proposed import (
    LOW,
    proposed,
)

quick = settings(max_examples=40, deadline=None)


@st.composite
def pasts(draw: st.DrawFn, school: RandomSchool) -> tuple[Answered, ...]:
    """Draw answers to what would have been proposed some days ago, and to made-up proposals."""
    found: list[Answered] = []
    for days, said in draw(st.lists(digits(40, 3), max_size=3)):
        then = NOW - timedelta(days=days)
        saying: Said = ("accept", "not_now", "wrong")[said]
        found += [
            Answered(p.student, p.cause, p.target, saying, then, p.rests_on)
            for p in interventions(school.board, school.log, then, Background(tuple(found)))
        ]
    return tuple(found)


@quick
@given(schools(most_students=4, most_targets=3), st.data())
def test_what_was_answered_rests_until_it_cooled_down_and_rests_on_something_new(
    school: RandomSchool, data: st.DataObject
) -> None:
    past = data.draw(pasts(school))
    for proposal in interventions(school.board, school.log, NOW, Background(past)):
        key = (proposal.student, proposal.cause, proposal.target)
        for before in past:
            if (before.student, before.cause, before.target) == key:
                days = (NOW - before.at).days
                assert days >= school.policy.cool_down_days
                assert proposal.rests_on[-1] not in before.rests_on


@quick
@given(st.dictionaries(st.integers(0, 5), st.sampled_from(("accept", "not_now", "wrong"))))
def test_nobody_whose_own_need_rests_is_among_those_who_share_it(said: dict[int, Said]) -> None:
    students = [f"s{i}" for i in range(6)]
    board = board_with({s: {"count": LOW} for s in students})
    log = {s: answers(s, "count", "0110110000", start=20) for s in students}
    (shared,) = interventions(board, log, NOW)
    assert {shared.student, *shared.together} == set(students)
    then = NOW - timedelta(days=1)
    past = tuple(
        Answered(f"s{i}", shared.cause, shared.target, what, then, ()) for i, what in said.items()
    )
    found = interventions(board, log, NOW, Background(past))
    named = {who for p in found for who in (p.student, *p.together)}
    assert named == set(students) - {answered.student for answered in past}


@quick
@given(schools(most_students=4, most_targets=3))
def test_the_same_day_again_with_every_answer_proposes_nothing_twice(school: RandomSchool) -> None:
    past: tuple[Answered, ...] = ()
    seen: set[str] = set()
    for _ in range(4):
        found = interventions(school.board, school.log, NOW, Background(past))
        assert seen.isdisjoint(p.id for p in found)
        seen.update(p.id for p in found)
        past += tuple(
            Answered(p.student, p.cause, p.target, "accept", NOW, p.rests_on) for p in found
        )


@quick
@given(schools(most_students=4, most_targets=3))
def test_at_most_one_proposal_a_student_and_so_many_a_day(school: RandomSchool) -> None:
    found = proposed(school)
    assert max(Counter(p.student for p in found).values(), default=0) <= 1
    assert len(found) <= school.policy.alerts_per_day


@quick
@given(schools(most_students=4, most_targets=3))
def test_every_proposal_cites_evidence_of_the_student_that_is_in_force(
    school: RandomSchool,
) -> None:
    for proposal in proposed(school):
        mine = {e.id: e for e in in_force(school.log[proposal.student])}
        assert proposal.reason.evidence or not mine or proposal.cause == "look_in"
        for cited in proposal.reason.evidence:
            assert cited in mine
            subject = proposal.reason.targets[:1]
            on_subject = not subject or subject[0] in mine[cited].targets
            assert on_subject or proposal.cause == "ready_to_go_ahead"
        assert set(proposal.reason.evidence) <= set(proposal.rests_on) or (
            proposal.cause == "look_in"
        )


@quick
@given(schools(most_students=4, most_targets=3), st.data(), st.randoms(use_true_random=False))
def test_the_order_of_students_evidence_and_answers_does_not_matter(
    school: RandomSchool, data: st.DataObject, rng: st.DataObject
) -> None:
    shuffled = []
    for student, log in school.log.items():
        mine = list(log)
        rng.shuffle(mine)  # type: ignore[attr-defined]  # a random.Random
        shuffled.append((student, tuple(mine)))
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    other = RandomSchool(school.curriculum, school.policy, school.model, dict(shuffled))
    past = data.draw(pasts(school))
    again = list(past)
    rng.shuffle(again)  # type: ignore[attr-defined]
    assert interventions(other.board, other.log, NOW, Background(tuple(again))) == interventions(
        school.board, school.log, NOW, Background(past)
    )


@quick
@given(schools(most_students=4, most_targets=3))
def test_each_cause_holds_wherever_it_is_given(school: RandomSchool) -> None:
    board, rule = school.board, school.policy
    for proposal in proposed(school):
        mine = in_force(school.log[proposal.student])
        row = board.row(proposal.student)
        if proposal.cause == "inactive":
            last = max(e.observed_at for e in mine if e.observed_at)
            assert (NOW.date() - last.date()).days == proposal.reason.number >= rule.inactive_days
        if proposal.target is None:
            continue
        if proposal.cause == "fading":
            column = board.targets.index(proposal.target)
            assert board.status_of(row, column) in {"check_again", "mastered"}
            assert board.retrievable[row, column] < rule.ready_at
        if proposal.cause == "missing_prerequisite":
            struggle, gap = proposal.reason.targets
            assert gap == proposal.target
            assert gap in school.curriculum.graph.ancestors(struggle)
            assert not school.is_met(proposal.student, gap)
            assert board.blocked_by(row, gap) == ()
            latest = [e for e in mine if struggle in e.targets][-4:]
            assert sum((e.score or 0) <= 0.5 for e in latest) >= 2
        if proposal.cause == "wheel_spinning":
            scores = [e.score or 0.0 for e in mine if proposal.target in e.targets]
            assert "111" not in "".join("1" if score > 0.5 else "0" for score in scores)
            assert len(scores) >= min(3, rule.stuck_after)
            assert board.blocked_by(row, proposal.target) == ()


@quick
@given(schools(most_students=4, most_targets=3))
def test_the_most_urgent_come_first_and_every_sentence_can_be_said(school: RandomSchool) -> None:
    found = proposed(school)
    order = [(-p.priority, p.student if p.priority else "") for p in found]
    assert order == sorted(order)  # who needs nothing but a look stands last, longest unseen first
    assert all(negative <= 0 for negative, _ in order)
    for proposal in found:
        for say in (for_teacher, for_student):
            assert "{" not in say(proposal.reason, school.curriculum.framework)
        assert proposal.effect is None or 0 <= proposal.effect.now <= 1
        assert proposal.effect is None or proposal.effect.then <= 1 + 1e-9
