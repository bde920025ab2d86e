"""Enough evidence is what the rules of the curriculum say, step by step, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Layout, Policy, for_teacher, make_board, missing
from engine.requirements import RIGHT, SESSION_GAP, seen
from graphs import Curriculum, InvalidInput, Requirement
from graphs.requirements import least_score
from models import BKTModel, Evidence, in_force, standing
from tests.cast import ADA, BEN, NOW, TARGETS, answers, small_curriculum
from tests.engine.boards import logs

MODEL = BKTModel()
KINDS = ("quiz_item", "homework", "self_rating")


def with_rules(*rules: Requirement) -> Curriculum:
    """The small curriculum with evidence requirements."""
    curriculum = small_curriculum()
    framework = replace(curriculum.framework, requirements=rules)
    return replace(curriculum, framework=framework)


def status(curriculum: Curriculum, log: Sequence[Evidence], target: str = "add") -> str:
    """Return the status that a board gives one student."""
    found = standing(MODEL, log)
    board = make_board(
        Layout(curriculum), Policy(), MODEL, {ADA: found.state}, NOW, {ADA: found.trail}
    )
    return board.status_of(0, TARGETS.index(target))


def words(curriculum: Curriculum, log: Sequence[Evidence], target: str = "add") -> list[str]:
    """Return what a teacher reads of the evidence that is missing."""
    trail = standing(MODEL, log).trail
    reasons = missing(curriculum, Policy(), trail, target)
    return [for_teacher(reason, curriculum.framework) for reason in reasons]


def rated(*levels: int, kind: str = "performance_task", hours: int = 24) -> list[Evidence]:
    """Rubric ratings of Ada on *add*, so many hours apart."""
    return [
        Evidence(
            f"r{i}", ADA, ("add",), (level - 1) / 3, kind, level=level, scale="rubric4",
            observed_at=NOW - timedelta(days=30) + timedelta(hours=i * hours),
        )
        for i, level in enumerate(levels)
    ]  # fmt: skip


def test_without_rules_the_policys_minimum_is_asked_for() -> None:
    curriculum = small_curriculum()
    assert status(curriculum, answers(ADA, "add", "11")) == "not_enough_evidence"
    assert words(curriculum, answers(ADA, "add", "11")) == ["“Add” needs 1 more piece of evidence."]
    assert words(curriculum, answers(ADA, "add", "111")) == []


def test_kinds_and_level_count_only_what_they_name() -> None:
    rule = Requirement(
        target="add", pieces=2, kinds=("performance_task", "conference"), level=3, scale="rubric4"
    )
    curriculum = with_rules(rule)
    quizzes = answers(ADA, "add", "11111")
    assert status(curriculum, quizzes) == "not_enough_evidence"
    assert words(curriculum, [*quizzes, *rated(3, 2)]) == [
        "“Add” needs 1 more piece of evidence"
        " (performance task or conference, “proficient” or better)."
    ]
    assert status(curriculum, [*quizzes, *rated(3, 2, 4)]) == "mastered"
    assert status(curriculum, quizzes, "count") == "not_started"


def test_two_sessions_are_two_days_in_any_time_zone() -> None:
    curriculum = with_rules(Requirement(pieces=3, sessions=2))
    assert words(curriculum, rated(4, 4, 4, hours=4)) == [
        "“Add” is to be seen 1 more time, on another day."
    ]
    assert words(curriculum, rated(4, 4, 4, hours=11)) == []


def test_every_rule_on_a_target_must_be_met() -> None:
    curriculum = with_rules(
        Requirement(target="add", pieces=3), Requirement(target="add", kinds=("conference",))
    )
    assert len(words(curriculum, answers(ADA, "add", "1"))) == 2
    assert status(curriculum, answers(ADA, "add", "1111")) == "not_enough_evidence"
    seen_by_all = [*answers(ADA, "add", "1111"), *rated(4, kind="conference")]
    assert status(curriculum, seen_by_all) == "mastered"


def test_the_nearest_rules_hold() -> None:
    curriculum = with_rules(
        Requirement(pieces=9),
        Requirement(competency="numbers", pieces=4),
        Requirement(target="add", pieces=1),
    )
    required = curriculum.framework.required
    assert {t: rules[0].pieces for t, rules in required.items()} == {
        "count": 4, "add": 1, "subtract": 4, "multiply": 4, "divide": 4, "shapes": 9
    }  # fmt: skip


def test_a_lucky_first_answer_is_no_mastery_that_could_fade() -> None:
    sure = BKTModel(reliability={})
    eager = Policy(mastered_at=0.7, near_at=0.6, ready_at=0.5)
    log = answers(ADA, "add", "1000")
    found = standing(sure, log)
    assert sure.estimate(sure.fold(log), "add").learned >= 0.7
    states, trails = {ADA: found.state}, {ADA: found.trail}
    board = make_board(Layout(small_curriculum()), eager, sure, states, NOW, trails)
    assert board.status_of(0, TARGETS.index("add")) == "developing"


def test_what_a_teacher_judged_is_what_is_shown() -> None:
    found = {s: standing(MODEL, answers(s, "add", "11111")) for s in (ADA, BEN)}
    board = make_board(
        Layout(small_curriculum()),
        Policy(),
        MODEL,
        {s: each.state for s, each in found.items()},
        NOW,
        {s: each.trail for s, each in found.items()},
        {ADA: {"add": "developing", "count": "mastered"}, BEN: {"gone": "mastered"}},
    )
    add, count = TARGETS.index("add"), TARGETS.index("count")
    assert [board.status_of(r, add) for r in (0, 1)] == ["developing", "mastered"]
    assert board.status_of(0, count) == "mastered"
    assert board.blocked_by(0, "multiply") == ("add",)
    assert board.blocked_by(1, "multiply") == ()
    assert board.implied_by(1, "count") == ("add",)
    assert board.implied_by(0, "count") == ()
    assert board.blocked_by(0, "add") == ()
    assert board.estimated[0, add] == board.estimated[1, add] == board.status[1, add]


@st.composite
def rules(draw: st.DrawFn) -> Requirement:
    """Draw a rule on one target, a competency or all."""
    place = draw(st.sampled_from(["add", "count", "numbers", None]))
    pieces = draw(st.integers(1, 4))
    return Requirement(
        target=place if place in TARGETS else None,
        competency=place if place == "numbers" else None,
        pieces=pieces,
        sessions=draw(st.integers(1, pieces)),
        kinds=tuple(draw(st.lists(st.sampled_from(KINDS), max_size=2, unique=True))),
        level=draw(st.none() | st.integers(1, 4)),
    )


def meets(curriculum: Curriculum, rule: Requirement, pieces: Sequence[Evidence]) -> bool:
    """Whether pieces on one target meet a rule, worked out piece by piece."""
    least = least_score(curriculum.framework, rule)
    good = [
        piece
        for piece in pieces
        if (not rule.kinds or piece.kind in rule.kinds) and (piece.score or 0) >= least
    ]
    sessions = 0
    last: datetime | str | None = "none yet"
    for piece in good:
        now = piece.observed_at
        same = now is None and last is None
        if isinstance(now, datetime) and isinstance(last, datetime):
            same = (now - last).total_seconds() < SESSION_GAP
        sessions += not same
        last = now
    return len(good) >= rule.pieces and sessions >= rule.sessions


@settings(max_examples=120, deadline=None)
@given(
    st.lists(rules(), max_size=4),
    st.lists(logs(ADA, TARGETS), min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=len(TARGETS), max_size=len(TARGETS)),
)
def test_enough_and_once_are_what_following_each_log_by_hand_gives(
    drawn: list[Requirement], many: list[tuple[Evidence, ...]], sure: list[bool]
) -> None:
    curriculum, policy, bar = with_rules(*drawn), Policy(enough_in_a_row=2), 0.6
    trails = [standing(MODEL, log).trail for log in many]
    found = seen(curriculum, policy, bar, trails, np.array(sure))
    usual = (Requirement(pieces=policy.min_evidence),)
    for row, log in enumerate(many):
        for column, target in enumerate(TARGETS):
            mine = [piece for piece in in_force(log) if target in piece.targets]
            after = [step.after for step in MODEL.trace(log, target)]
            asked = curriculum.framework.required.get(target, usual)
            met = [
                all(meets(curriculum, r, mine[: i + 1]) for r in asked) for i in range(len(mine))
            ]
            assert found.enough[row, column] == (bool(met) and met[-1])
            reached = [
                ok and p >= bar and (sure[column] or all_right(mine[max(i - 1, 0) : i + 1], 2))
                for i, (ok, p) in enumerate(zip(met, after, strict=True))
            ]
            assert found.once[row, column] == any(reached)
            short = missing(curriculum, policy, standing(MODEL, log).trail, target)
            assert bool(short) == (not met or not met[-1])


def all_right(pieces: Sequence[Evidence], wanted: int) -> bool:
    """Whether there are so many pieces, and all of them right."""
    return len(pieces) == wanted and all((piece.score or 0) >= RIGHT for piece in pieces)


def test_nobody_on_the_board_has_seen_nothing() -> None:
    found = seen(small_curriculum(), Policy(), 0.95, [])
    assert found.enough.shape == found.once.shape == (0, len(TARGETS))
    nothing = seen(small_curriculum(), Policy(), 0.95, [standing(MODEL, []).trail])
    assert not np.any(nothing.enough | nothing.once)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Requirement(target="zed"), "no learning target 'zed'"),
        (Requirement(competency="zed"), "no competency 'zed'"),
        (Requirement(target="add", competency="numbers"), "one of them is enough"),
        (Requirement(kinds=("rumour",)), "no evidence kind 'rumour'"),
        (Requirement(scale="stars", level=1), "no scale 'stars'"),
        (Requirement(level=5), "5 is not a level of 'rubric4'"),
        (Requirement(pieces=0), "0 pieces"),
        (Requirement(pieces=1, sessions=2), "2 sessions cannot be asked of 1"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: Requirement, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        with_rules(rule)
