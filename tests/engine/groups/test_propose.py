"""Groups for a class: every rule kept, everyone somewhere, and what each kind of group is for."""

import math
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Board, Policy
from engine.groups import (
    MIX,
    Aim,
    Asked,
    Clash,
    Effort,
    Grouping,
    Likings,
    Lock,
    PastGroup,
    Round,
    Rules,
    propose_groups,
)
from engine.groups.need import strength
from graphs import InvalidInput
from tests.cast import ADA, BEN, CLEO, TARGETS
from tests.engine.boards import Seen, board_with, digits

TODAY = date(2026, 3, 2)
Rows = dict[str, dict[str, Seen]]
GAP, SHOWN = Seen(0.4, 3), Seen(0.97, 4)
quick = settings(max_examples=25, deadline=None)
RETEACH = Rules(purposes=("reteach",))


@st.composite
def classes(draw: st.DrawFn) -> Rows:
    """Draw a class in which ties, shared gaps, faded and unseen targets are all common."""
    levels, counts = (0.8, 0.5, 0.2, 0.97), (4, 3, 4, 1, 0)
    rows: Rows = {}
    for i in range(draw(st.sampled_from([0, 2, 5, 9]))):
        cells = draw(st.lists(digits(4, 5, 3), min_size=len(TARGETS), max_size=len(TARGETS)))
        rows[f"s{i:02d}"] = {
            target: Seen(levels[level], counts[count], peak=0.97 * (faded == 2))
            for target, (level, count, faded) in zip(TARGETS, cells, strict=True)
        }
    return rows


@st.composite
def rules(draw: st.DrawFn, students: Sequence[str]) -> Rules:
    """Draw rules of every kind about some students; many cannot all be kept."""
    names = students if len(students) > 1 else ["nobody", "no one"]
    several = st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True)
    most = 2 if len(students) > 1 else 0
    sets = st.lists(several.map(tuple), max_size=most).map(tuple)
    absent = draw(st.sets(st.sampled_from(students), max_size=2)) if students else set()
    here = [s for s in students if s not in absent]
    least = draw(st.sampled_from([None, 2, 3]))
    aim = Aim(draw(st.sampled_from(["reteach", "extension"])), draw(st.sampled_from(TARGETS)))
    lock = Lock(aim, tuple(here[:2]))
    return Rules(
        purposes=draw(st.sampled_from([MIX, ("reteach",), ("peer_coaching",), ("project",)])),
        least=least,
        most=draw(st.sampled_from([None, 3, 5])),
        groups_max=draw(st.sampled_from([None, None, 1, 3])),
        adults=draw(st.sampled_from([None, 0, 1, 2])),
        apart=draw(sets),
        together=draw(sets),
        locks=(lock,) if len(here) * draw(st.integers(0, 1)) else (),
        absent=tuple(sorted(absent)),
        everyone=draw(st.integers(0, 2)) == 0,
        low_cap=draw(st.sampled_from([None, 0.5, 1.0])),
    )


@quick
@given(st.data())
def test_no_rule_is_ever_broken(data: st.DataObject) -> None:
    rows = data.draw(classes())
    asked = data.draw(rules(sorted(rows)))
    board = board_with(rows)
    with suppress(Clash):
        check_rules(board, asked, proposed(board, asked))


def check_rules(board: Board, asked: Rules, found: Grouping) -> None:
    placed = [s for group in found.groups for s in group.students]
    alone = [each.student for each in found.own]
    assert sorted([*placed, *alone, *asked.absent]) == sorted(board.students)
    together = {s: i for i, group in enumerate(found.groups) for s in group.students}
    assert not (asked.everyone and alone)
    assert len(found.groups) <= (asked.groups_max or math.inf)
    led = [g for g in found.groups if g.aim.purpose in {"reteach", "missing_prerequisite"}]
    assert asked.adults is None or len(led) <= asked.adults
    for each in asked.apart:
        places = [together[s] for s in each if s in together]
        assert len(places) == len(set(places))
    for each in asked.together:
        here = [s for s in each if s not in asked.absent]
        assert len({together.get(s) for s in here}) <= 1
    for lock in asked.locks:
        assert any(
            g.aim == lock.aim and set(lock.students) <= set(g.students) for g in found.groups
        )
    lows = lowest(board, asked)
    cap = 0.6 if asked.low_cap is None else asked.low_cap
    for group in found.groups:
        assert asked.least is None or len(group.students) >= asked.least
        assert asked.most is None or len(group.students) <= max(asked.most, asked.least or 0)
        assert len(lows & set(group.students)) <= cap * len(group.students) + 1e-9


def lowest(board: Board, asked: Rules) -> set[str]:
    level = dict(zip(board.students, strength(board), strict=True))
    here = sorted((level[s], s) for s in board.students if s not in asked.absent)
    return {s for _, s in here[: int(0.33 * len(here) + 1e-9)]}


@quick
@given(classes())
def test_who_learns_in_a_group_is_ready_and_has_a_gap_that_was_seen(rows: Rows) -> None:
    board = board_with(rows)
    for group in proposed(board).groups:
        column = TARGETS.index(group.aim.target)
        for member in group.members:
            row = board.row(member.student)
            assert board.blocked_by(row, group.aim.target) == () or member.role == "coach"
            if group.aim.purpose in {"reteach", "peer_coaching"} and member.role == "learner":
                assert board.status_of(row, column) in {"developing", "near"}
            if member.role == "coach":
                assert board.status_of(row, column) == "mastered"
            assert member.reasons


@quick
@given(classes())
def test_a_reason_for_being_in_no_group_is_true(rows: Rows) -> None:
    board = board_with(rows)
    for own in proposed(board).own:
        row = board.row(own.student)
        ready = {
            board.status_of(row, column)
            for column, target in enumerate(TARGETS)
            if not board.blocked_by(row, target)
        }
        if ready & {"developing", "near"}:
            assert own.why == "no_shared_need"
        elif ready & {"not_started", "not_enough_evidence"} and own.why != "nothing_open":
            assert own.why == "too_little_evidence"
        else:
            assert own.why == "nothing_open"
        assert (own.target is None) == (own.why == "nothing_open")


@quick
@given(classes(), st.integers(0, 99))
def test_who_is_together_does_not_depend_on_the_order_of_the_students(
    rows: Rows, seed: int
) -> None:
    order = [*rows]
    random.Random(seed).shuffle(order)
    one = proposed(board_with(rows))
    other = proposed(board_with({student: rows[student] for student in order}))
    assert one.groups == other.groups
    assert one.own == other.own


def test_nobody_is_grouped_for_a_gap_that_nobody_has_seen() -> None:
    rows = {f"s{i}": {"count": Seen(0.1, 2)} for i in range(6)}
    found = proposed(board_with(rows))
    assert found.groups == ()
    assert {own.why for own in found.own} == {"too_little_evidence"}
    assert {own.reason.code for own in found.own} == {"own_probe"}
    assert found.own[0].target == "count"
    assert [task.id for task in found.own[0].tasks] == ["count-beans", "count-steps"]


def test_more_evidence_for_the_same_gap_goes_first() -> None:
    rows = {f"s{i}": {"count": Seen(0.4, 12 if i < 3 else 3)} for i in range(6)}
    found = proposed(
        board_with(rows), Rules(purposes=("reteach",), groups_max=1, most=3, low_cap=1)
    )
    assert found.groups[0].students == ("s0", "s1", "s2")


def test_a_missing_prerequisite_is_told_with_what_it_holds_up() -> None:
    rows = {s: {"count": GAP, "add": Seen(0.2, 3)} for s in (ADA, BEN, CLEO)}
    cited = {ADA: {"count": ["e1", "e2"], "add": ["e3"]}}
    (group,) = proposed(board_with(rows), Rules(low_cap=1), evidence=cited).groups
    assert group.aim == Aim("missing_prerequisite", "count")
    assert group.reason.targets == ("count", "add")
    assert group.reason.evidence == ("e2",)
    assert group.members[0].reasons[0].evidence == ("e1", "e2", "e3")


def test_coaching_has_a_coach_who_showed_it_and_more_learners_than_coaches() -> None:
    rows = {f"c{i}": {"count": SHOWN} for i in range(2)} | {
        f"g{i}": {"count": GAP} for i in range(4)
    }
    found = proposed(board_with(rows), Rules(purposes=("peer_coaching",), most=4))
    for group in found.groups:
        assert 1 <= len(group.coaches) <= len(group.students) / 2
    assert sum(len(g.students) for g in found.groups) == 6


def test_pairs_coach_each_other_where_they_can() -> None:
    one, other = {"count": SHOWN, "shapes": GAP}, {"count": GAP, "shapes": SHOWN}
    found = proposed(
        board_with({"a": one, "b": other, "c": one, "d": other}), Rules(purposes=("peer_coaching",))
    )
    assert {frozenset(g.students) & {"a", "c"} for g in found.groups} == {
        frozenset("a"), frozenset("c")
    }  # fmt: skip
    assert all(g.back in {"count", "shapes"} and g.back != g.aim.target for g in found.groups)
    assert found.quality.proven


def test_an_interest_and_a_goal_that_are_shared_bring_students_together() -> None:
    rows = {f"s{i}": {"count": GAP} for i in range(3)}
    likes = Likings(interests={s: ["sports"] for s in rows})
    (group,) = proposed(board_with(rows), Rules(low_cap=1), likings=likes).groups
    assert group.aim == Aim("shared_interest", "count", "sports")
    assert group.tasks[0].id == "count-steps"
    heads = Likings(goals=dict.fromkeys(rows, "divide"))
    (group,) = proposed(board_with(rows), Rules(low_cap=1), likings=heads).groups
    assert group.aim == Aim("shared_goal", "count", "divide")


def test_project_teams_take_everyone_and_are_even() -> None:
    levels = [0.05 + 0.08 * i for i in range(12)]
    rows = {f"s{i:02d}": {"shapes": Seen(p, 5)} for i, p in enumerate(levels)}
    found = proposed(board_with(rows), Rules(purposes=("project",), least=3, most=3))
    assert len(found.groups) == 4
    thirds = [{int(s[1:]) // 4 for s in group.students} for group in found.groups]
    assert thirds == [{0, 1, 2}] * 4


def test_extension_needs_all_prerequisites_mastered() -> None:
    rows = {f"s{i}": {"count": SHOWN} for i in range(3)}
    (group,) = proposed(board_with(rows), Rules(purposes=("extension",), low_cap=1)).groups
    assert group.aim == Aim("extension", "add")


def test_those_who_met_last_time_are_not_together_again_when_it_costs_nothing() -> None:
    rows = {f"s{i}": {"count": GAP} for i in range(6)}
    past = PastGroup(Aim("reteach", "count"), ("s0", "s1", "s2"))
    last = Round("r1", TODAY - timedelta(days=7), (past, PastGroup(past.aim, ("s3", "s4", "s5"))))
    found = proposed(
        board_with(rows), Rules(purposes=("reteach",), most=3, low_cap=1), rounds=(last,)
    )
    for group in found.groups:
        assert {len({"s0", "s1", "s2"} & set(g.students)) for g in found.groups} == {1, 2}
        assert group.new_pairs == pytest.approx(2 / 3)
        assert group.members[0].reasons[1].code == "change_again"


def test_a_lock_is_solved_around() -> None:
    rows = {f"s{i}": {"count": GAP} for i in range(7)}
    lock = Lock(Aim("reteach", "shapes"), ("s0",))
    rows["s1"]["shapes"] = rows["s2"]["shapes"] = GAP
    found = proposed(board_with(rows), Rules(purposes=("reteach",), locks=(lock,), low_cap=1))
    (held,) = [g for g in found.groups if "s0" in g.students]
    assert held.aim == lock.aim
    assert set(held.students) == {"s0", "s1", "s2"}
    assert held.members[0].reasons[0].code == "member_placed"


def test_rules_that_clash_are_named_with_what_to_give_up() -> None:
    rows = {f"s{i}": {"count": GAP} for i in range(6)}
    both = Rules(apart=(("s0", "s1"),), together=(("s0", "s1"),), everyone=True)
    with pytest.raises(Clash) as caught:
        proposed(board_with(rows), both)
    named = {(c.kind, c.number) for c in caught.value.clauses}
    assert named == {("apart", 0), ("together", 0)}
    assert {c.kind for c in caught.value.relax} == {"apart", "together"}
    assert "together (Ada, s1)" in caught.value.told({"s0": "Ada"})


def test_too_few_adults_for_everyone_is_a_clash_of_these_two_rules() -> None:
    rows = {f"s{i}": {"count": GAP} for i in range(9)}
    with pytest.raises(Clash) as caught:
        proposed(board_with(rows), Rules(purposes=("reteach",), adults=1, everyone=True))
    kinds = {clause.kind for clause in caught.value.clauses}
    assert kinds == {"adults", "everyone", "size"}
    assert caught.value.relax == caught.value.clauses


def test_an_empty_class_has_no_groups() -> None:
    found = proposed(board_with({}))
    assert (found.groups, found.own, found.quality.proven) == ((), (), True)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"least": 5, "most": 3}, "least"),
        ({"purposes": ()}, "purposes"),
        ({"purposes": ("project", "reteach")}, "purposes"),
        ({"apart": (("a", "a"),)}, "apart.0"),
        ({"low_cap": 1.5}, "low_cap"),
        ({"groups_min": 4, "groups_max": 3}, "groups_min"),
        ({"balance": ("colour",)}, "balance"),
        ({"absent": ("a",), "locks": (Lock(Aim("reteach", "count"), ("a",)),)}, "locks"),
    ],
)
def test_rules_that_make_no_sense_are_refused_by_name(asked: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Rules(**asked)  # type: ignore[arg-type]  # drawn fields
    assert [fault.field for fault in caught.value.faults] == [field]


def test_strangers_and_unknown_targets_are_refused() -> None:
    asked = Rules(targets=("magic",), apart=(("zed", ADA),))
    with pytest.raises(InvalidInput) as caught:
        proposed(board_with({ADA: {}}), asked)
    assert [fault.field for fault in caught.value.faults] == ["apart", "targets"]


def test_a_group_says_its_end_its_tasks_and_its_exit_check() -> None:
    rows = {s: {"count": SHOWN, "add": GAP} for s in (ADA, BEN, CLEO)}
    board = board_with(rows, Policy(group_days=4))
    (group,) = proposed(board, Rules(purposes=("reteach",), low_cap=1)).groups
    assert group.expires == TODAY + timedelta(days=4)
    assert [task.id for task in group.tasks] == ["add-coins", "add-apples"]
    assert group.minutes == 5
    assert group.exit_check.words == "“Add coins”"
    assert group.need == pytest.approx(0.6)


def proposed(
    board: Board, asked: Rules | None = None, likings: Likings | None = None,
    rounds: tuple[Round, ...] = (), evidence: dict[str, dict[str, list[str]]] | None = None,
) -> Grouping:  # fmt: skip
    given_ = Asked(TODAY, asked or Rules(), likings or Likings(), rounds, evidence or {})
    found = propose_groups(board, given_, Effort(20, time.perf_counter))
    assert found.quality.proven
    assert found.quality.objective == pytest.approx(sum(found.quality.terms.values()))
    return found
