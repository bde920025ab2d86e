import json
import math
from dataclasses import asdict, fields, replace
from typing import Any

import pytest
from hypothesis import given, settings

from engine import Policy, policy_from_document
from engine.policy import FORMAT, OPTIONAL
from graphs import InvalidInput
from tests.engine.boards import policies

RANGES: dict[str, tuple[float, float]] = {
    "mastered_at": (0.5, 1),
    "mastered_chance": (0, 1),
    "near_at": (0, 1),
    "enough_at": (0, 1),
    "a_session": (1, 100),
    "enough_in_a_row": (2, 100),
    "help_after": (3, 100),
    "spin_risk": (0, 1),
    "marking_days": (1, 60),
    "cool_down_days": (1, 365),
    "look_every_days": (7, 365),
    "min_evidence": (1, 100),
    "ready_at": (0, 1),
    "ready_evidence": (1, 100),
    "choices": (2, 4),
    "band_low": (0, 1),
    "band_high": (0, 1),
    "band_slope": (0.01, 1),
    "band_floor": (0, 1),
    "w_gain": (0, 100),
    "w_opens": (0, 100),
    "w_goal": (0, 100),
    "w_information": (0, 100),
    "w_review": (0, 100),
    "w_interest": (0, 100),
    "w_gap": (0, 100),
    "w_asked": (0, 100),
    "w_order": (0, 100),
    "decline_days": (1, 365),
    "settled_within": (0, 1),
    "settled_surely": (0.5, 1),
    "group_min": (2, 40),
    "group_max": (2, 40),
    "group_days": (1, 60),
    "w_encompassed": (0, 100),
    "w_placement": (0, 100),
    "review_first_days": (0.5, 100),
    "review_grow": (1, 10),
    "review_shrink": (0.05, 1),
    "review_credit": (0, 1),
    "review_every": (1, 20),
    "placement_probes": (1, 100),
    "placement_least": (0, 10),
    "likely_at": (0.5, 1),
    "group_seconds": (0.1, 600),
    "w_reteach": (0, 100),
    "w_missing": (0, 100),
    "w_coaching": (0, 100),
    "w_extension": (0, 100),
    "w_shared": (0, 100),
    "w_left_out": (0, 100),
    "w_repeat": (0, 100),
    "repeat_days": (1, 365),
    "at_once": (1, 10_000),
    "low_share": (0, 1),
    "low_cap": (0, 1),
    "stuck_after": (3, 100),
    "inactive_days": (1, 365),
    "alerts_per_day": (1, 40),
    "intervention_days": (1, 60),
    "hold_out": (0, 0.5),
}
WHOLE = [name for name in RANGES if isinstance(getattr(Policy, name), int)]
# A policy under which every rule may go to either end of its range alone.
WIDE = Policy(
    mastered_at=1, near_at=0, ready_at=0, band_low=0, band_high=1, group_min=2, group_max=40
)


def test_every_rule_has_a_range() -> None:
    assert set(RANGES) == {field.name for field in fields(Policy)}


@pytest.mark.parametrize("rule", RANGES)
def test_a_rule_may_reach_both_ends_of_its_range(rule: str) -> None:
    for end in RANGES[rule]:
        assert getattr(wide_but(rule, end), rule) == end


@pytest.mark.parametrize("rule", RANGES)
def test_a_rule_beyond_either_end_of_its_range_is_refused(rule: str) -> None:
    low, high = RANGES[rule]
    beyond = [low - 1, high + 1] if rule in WHOLE else [low - 0.001, high + 0.001, math.nan]
    for value in beyond:
        assert fields_refused(**{rule: value})[0] == rule


@pytest.mark.parametrize("rule", RANGES)
@pytest.mark.parametrize("value", ["1", None, True, [1]])
def test_a_rule_that_is_not_a_number_is_refused(rule: str, value: object) -> None:
    if value is not None or rule not in OPTIONAL:
        assert fields_refused(**{rule: value}) == [rule]


@pytest.mark.parametrize("rule", sorted(OPTIONAL))
def test_some_rules_may_be_left_open(rule: str) -> None:
    document = Policy().to_document() | {rule: None}
    assert getattr(policy_from_document(document), rule) is None


@pytest.mark.parametrize("rule", WHOLE)
def test_half_a_student_or_a_day_is_refused(rule: str) -> None:
    assert fields_refused(**{rule: 3.5}) == [rule]


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("near_at", "mastered_at"),
        ("ready_at", "mastered_at"),
        ("band_low", "band_high"),
        ("group_min", "group_max"),
    ],
)
def test_a_lower_bar_must_not_stand_above_the_higher_one(below: str, above: str) -> None:
    upper: Any = 0.9 if above == "mastered_at" else getattr(Policy(), above)
    step = 1 if below in WHOLE else 0.01
    assert fields_refused(**{above: upper, below: upper + step}) == [below]
    assert getattr(Policy(**{above: upper, below: upper}), below) == upper


def test_all_faults_are_named_at_once() -> None:
    wrong = {"w_gain": "much", "choices": 9, "near_at": -1, "group_min": 7, "stuck_after": 2.5}
    assert set(fields_refused(**wrong)) == set(wrong)


def test_a_policy_reads_back_from_its_document_equal() -> None:
    policy = Policy(mastered_at=0.9, choices=4)
    again = policy_from_document(json.loads(json.dumps(policy.to_document())))
    assert again == policy
    assert again.version == policy.version


@settings(max_examples=50, deadline=None)
@given(policies())
def test_every_policy_reads_back_from_its_document_equal(policy: Policy) -> None:
    assert policy_from_document(json.loads(json.dumps(policy.to_document()))) == policy


def test_what_a_document_leaves_out_takes_its_default() -> None:
    assert policy_from_document({}) == Policy()
    assert policy_from_document({"choices": 2}) == Policy(choices=2)


def test_an_unknown_rule_is_refused_together_with_the_other_faults() -> None:
    with pytest.raises(InvalidInput) as refused:
        policy_from_document({"format": "other/1", "masterd_at": 0.9, "choices": 1})
    assert {fault.field for fault in refused.value.faults} == {"format", "masterd_at", "choices"}


def test_a_rule_of_earlier_versions_is_read_and_ignored() -> None:
    assert policy_from_document({**Policy(choices=4).to_document(), "in_a_row": 5}).choices == 4


def test_an_unknown_rule_alone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="masterd_at: is not a rule of the policy"):
        policy_from_document({"masterd_at": 0.9})


def test_another_format_is_refused() -> None:
    with pytest.raises(InvalidInput, match=FORMAT):
        policy_from_document({"format": "footpath.curriculum/1"})


@pytest.mark.parametrize("rule", RANGES)
def test_the_version_changes_with_every_rule(rule: str) -> None:
    low, high = RANGES[rule]
    other = low if getattr(WIDE, rule) != low else high
    assert wide_but(rule, other).version != WIDE.version


@settings(max_examples=50, deadline=None)
@given(policies(), policies())
def test_versions_are_equal_exactly_when_rules_are(one: Policy, other: Policy) -> None:
    assert Policy(**asdict(one)).version == one.version
    assert (one.version == other.version) == (one == other)


def test_the_version_does_not_tell_a_whole_number_from_the_same_fraction() -> None:
    assert Policy(w_gain=1).version == Policy(w_gain=1.0).version


def wide_but(rule: str, value: Any) -> Policy:
    return replace(WIDE, **{rule: value})


def fields_refused(**rules: Any) -> list[str | None]:
    with pytest.raises(InvalidInput) as refused:
        Policy(**rules)
    return [fault.field for fault in refused.value.faults]
