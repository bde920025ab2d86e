from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Choice,
    Wishes,
    choices,
)
from tests.engine.boards import EVERY, FORMATS, INTERESTS, WEIGHTS, RandomSchool, schools
from tests.graphs.random_graphs import subsets

quick = settings(max_examples=40, deadline=None)
Drawn = tuple[RandomSchool, Wishes]


@st.composite
def asked(draw: st.DrawFn) -> Drawn:
    school = draw(schools())
    targets = school.curriculum.graph.targets
    wishes = Wishes(
        goal=draw(st.none() | st.sampled_from(targets)),
        number=draw(st.none() | st.integers(1, 5)),
        formats=draw(st.just(()) | subsets(FORMATS)),
        interests=draw(subsets(INTERESTS)),
    )
    return school, wishes


@quick
@given(asked())
def test_no_choice_has_a_target_whose_prerequisites_are_not_met(drawn: Drawn) -> None:
    school, wishes = drawn
    for choice in slate(school, wishes):
        for target in choice.option.targets:
            assert all(school.is_met("s0", p) for p in school.prerequisites(target))


@quick
@given(asked())
def test_every_choice_has_something_left_to_master(drawn: Drawn) -> None:
    school, wishes = drawn
    for choice in slate(school, wishes):
        assert any(not school.is_mastered("s0", target) for target in choice.option.targets)


@quick
@given(asked())
def test_there_are_as_many_choices_as_wished_for_or_as_are_allowed(drawn: Drawn) -> None:
    school, wishes = drawn
    wished = wishes.number or school.policy.choices
    assert len(slate(school, wishes)) == min(wished, len(allowed(school, wishes)))


@quick
@given(asked())
def test_choices_are_distinct_options_in_a_wished_format(drawn: Drawn) -> None:
    school, wishes = drawn
    options = [choice.option for choice in slate(school, wishes)]
    assert len({option.id for option in options}) == len(options)
    assert {option.id for option in options} <= allowed(school, wishes)


@quick
@given(asked())
def test_every_cited_piece_of_evidence_is_in_force_and_on_the_target(drawn: Drawn) -> None:
    school, wishes = drawn
    for choice in slate(school, wishes):
        for reason in choice.reasons:
            spoken_of = set(reason.targets)
            if reason.code == "opens":
                spoken_of = {p for t in reason.targets for p in school.prerequisites(t)}
            cited = {e for t in spoken_of for e in school.in_force["s0"].get(t, ())}
            assert set(reason.evidence) <= cited


@quick
@given(asked())
def test_readiness_cites_evidence_on_each_prerequisite(drawn: Drawn) -> None:
    school, wishes = drawn
    for choice in slate(school, wishes):
        before = {p for t in choice.option.targets for p in school.prerequisites(t)}
        implied = {p for p in before if school.is_implied("s0", p)}
        stated = [r for r in choice.reasons if r.code in {"ready", "ahead", "no_prerequisites"}]
        ready = "ahead" if choice.purpose == "ahead" else "ready"
        assert [r.code for r in stated] == (
            [ready] * bool(before - implied) if before else ["no_prerequisites"]
        )
        for prerequisite in before - implied:
            assert prerequisite in stated[0].targets
            assert set(stated[0].evidence) & set(school.in_force["s0"].get(prerequisite, ()))
        later = {r.targets[0]: r for r in choice.reasons if r.code == "implied"}
        assert set(later) == implied
        for reason in later.values():
            assert school.is_mastered("s0", reason.targets[1])
            assert reason.evidence


@quick
@given(asked())
def test_the_same_question_gets_the_same_slate(drawn: Drawn) -> None:
    school, wishes = drawn
    again = RandomSchool(school.curriculum, school.policy, school.model, school.log)
    assert slate(again, wishes) == slate(school, wishes)


@quick
@given(asked())
def test_the_best_choice_of_all_comes_first_where_all_is_at_the_front(drawn: Drawn) -> None:
    drawn_school, wishes = drawn
    rule = replace(drawn_school.policy, at_once=10_000)
    school = replace(drawn_school, policy=rule)
    every = slate(school, replace(wishes, number=EVERY))
    for first in slate(school, wishes)[:1]:
        assert first.score == pytest.approx(max(choice.score for choice in every), abs=1e-9)


@quick
@given(asked())
def test_what_a_choice_opens_is_ready_with_it_and_was_not_before(drawn: Drawn) -> None:
    school, wishes = drawn
    met = {t for t in school.curriculum.graph.targets if school.is_met("s0", t)}
    for choice in slate(school, wishes):
        after = met.union(choice.option.targets)
        graph = school.curriculum.graph
        assert set(choice.opens) == set(graph.ready(after)) - set(graph.ready(met))
        assert [r.targets for r in choice.reasons if r.code == "opens"] == (
            [choice.opens] if choice.opens else []
        )
        if choice.terms.get("opens", 0) > 0:
            assert choice.opens


@quick
@given(asked())
def test_a_purpose_says_what_the_evidence_says(drawn: Drawn) -> None:
    school, wishes = drawn
    board = school.board
    for choice in slate(school, wishes):
        columns = [board.targets.index(target) for target in choice.option.targets]
        statuses = {board.status_of(0, column) for column in columns}
        if "check_again" in statuses:
            assert choice.purpose == "review"
        elif any(school.is_below_stuck("s0", target) for target in choice.option.targets):
            assert choice.purpose == "gap"
        elif statuses != {"not_started"}:
            assert choice.purpose == "learn"
        else:
            before = [school.prerequisites(target) for target in choice.option.targets]
            sure = all(each and all(school.is_mastered("s0", p) for p in each) for each in before)
            assert choice.purpose == ("ahead" if sure else "probe")
        codes = {reason.code for reason in choice.reasons}
        assert ("faded" in codes) == (choice.purpose == "review")
        assert ("gap" in codes) == (choice.purpose == "gap")
        assert ("unseen" in codes) == (choice.purpose == "probe")
        assert ("ahead" in codes) == (choice.purpose == "ahead")


@quick
@given(asked())
def test_a_step_toward_the_goal_is_on_the_pathway_to_it(drawn: Drawn) -> None:
    school, wishes = drawn
    met = {t for t in school.curriculum.graph.targets if school.is_met("s0", t)}
    for choice in slate(school, wishes):
        steps = [r for r in choice.reasons if r.code == "toward_goal"]
        if wishes.goal is None or school.is_mastered("s0", wishes.goal):
            assert steps == []
            continue
        way = school.curriculum.graph.pathway(wishes.goal, met - {wishes.goal})
        expected = bool(set(way) & set(choice.option.targets))
        assert [(r.targets, r.number) for r in steps] == [((wishes.goal,), len(way))] * expected


@quick
@given(asked())
def test_the_success_band_is_claimed_exactly_inside_it(drawn: Drawn) -> None:
    school, wishes = drawn
    rule = school.policy
    for choice in slate(school, wishes):
        expected = np.mean(
            [school.model.estimate(school.states["s0"], t).p_right for t in choice.option.targets]
        )
        assert choice.p_right == pytest.approx(expected)
        said = [r.number for r in choice.reasons if r.code == "success_band"]
        inside = rule.band_low <= choice.p_right <= rule.band_high
        assert said == ([choice.p_right] if inside else [])


@quick
@given(asked())
def test_an_interest_is_named_exactly_where_it_matches(drawn: Drawn) -> None:
    school, wishes = drawn
    for choice in slate(school, wishes):
        shared = sorted(set(choice.option.interests) & set(wishes.interests))
        said = [r.words for r in choice.reasons if r.code == "interest"]
        assert said == ([", ".join(shared)] if shared else [])


@pytest.mark.parametrize("weight", WEIGHTS)
@settings(max_examples=25, deadline=None)
@given(drawn=asked(), more=st.sampled_from([0.25, 1.0, 50.0]))
def test_raising_a_weight_never_lowers_its_own_term_and_moves_no_other(
    weight: str, drawn: Drawn, more: float
) -> None:
    school, wishes = drawn
    wishes = replace(wishes, number=EVERY)
    before = getattr(school.policy, weight)
    raised = replace(school.policy, **{weight: before + more})
    louder = RandomSchool(school.curriculum, raised, school.model, school.log)
    now = {choice.option.id: choice.terms for choice in slate(louder, wishes)}
    for choice in slate(school, wishes):
        for name in WEIGHTS.values():
            was, is_now = choice.terms.get(name, 0.0), now[choice.option.id].get(name, 0.0)
            assert was >= 0
            if name != WEIGHTS[weight]:
                assert is_now == was
            elif before:
                assert is_now == pytest.approx(was * (before + more) / before)
            assert is_now >= was


@quick
@given(asked())
def test_the_terms_add_up_to_the_score_and_all_but_interest_shrink_with_the_band(
    drawn: Drawn,
) -> None:
    school, wishes = drawn
    rule = school.policy
    wide = replace(rule, band_low=0, band_high=1)
    unbanded = RandomSchool(school.curriculum, wide, school.model, school.log)
    wishes = replace(wishes, number=EVERY)
    whole = {choice.option.id: choice.terms for choice in slate(unbanded, wishes)}
    for choice in slate(school, wishes):
        assert choice.score == pytest.approx(sum(choice.terms.values()))
        outside = max(rule.band_low - choice.p_right, choice.p_right - rule.band_high, 0.0)
        factor = min(max(1 - outside / rule.band_slope, rule.band_floor), 1.0)
        for name, value in whole[choice.option.id].items():
            left = value * (1 if name == "interest" else factor)
            assert choice.terms.get(name, 0.0) == pytest.approx(left)


# Four ready targets alike in everything but what one term looks at.
@quick
@given(asked())
def test_a_slate_goes_back_and_goes_on_where_there_is_both(drawn: Drawn) -> None:
    school, wishes = drawn
    back = {"review", "gap"}
    found = [choice.purpose in back for choice in slate(school, wishes)]
    every = [c.purpose in back for c in slate(school, replace(wishes, number=EVERY))]
    if len(found) > 1:
        assert (any(found), all(found)) == (any(every), all(every))


def slate(school: RandomSchool, wishes: Wishes) -> tuple[Choice, ...]:
    return choices(school.board, "s0", wishes, school.in_force["s0"])


def allowed(school: RandomSchool, wishes: Wishes) -> set[str]:
    """Ids of the options that may be offered, by the words of the rule."""
    return {
        option.id
        for option in school.board.layout.options
        if all(school.is_open("s0", t) for t in option.targets)
        and not all(
            school.is_mastered("s0", t)
            or (school.is_implied("s0", t) and not school.is_below_stuck("s0", t))
            for t in option.targets
        )
        and (not wishes.formats or option.format in wishes.formats)
    }


def ids(found: tuple[Choice, ...]) -> list[str]:
    return [choice.option.id for choice in found]
