from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Board, Grouping, Policy, groups
from tests.cast import ADA, BEN, CLEO, TARGETS
from tests.engine.boards import Seen, board_with, digits, policies

TODAY = date(2026, 3, 2)
Rows = dict[str, dict[str, Seen]]
quick = settings(max_examples=50, deadline=None)
GAP, SHOWN = Seen(0.4, 3), Seen(0.97, 4)


@st.composite
def classes(draw: st.DrawFn) -> Rows:
    """Draw a class in which ties, shared gaps, faded and unseen targets are all common."""
    levels, counts = (0.8, 0.5, 0.2, 0.97), (4, 3, 4, 1, 0)
    rows: Rows = {}
    for i in range(draw(st.sampled_from([0, 2, 5, 9, 12]))):
        cells = draw(st.lists(digits(4, 5, 3), min_size=len(TARGETS), max_size=len(TARGETS)))
        rows[f"s{i}"] = {
            target: Seen(levels[level], counts[count], peak=0.97 * (faded == 2))
            for target, (level, count, faded) in zip(TARGETS, cells, strict=True)
        }
    return rows


@quick
@given(classes(), policies())
def test_every_group_is_within_the_sizes_of_the_policy(rows: Rows, policy: Policy) -> None:
    for group in grouped(board_with(rows, policy)).groups:
        assert policy.group_min <= len(group.students) <= policy.group_max


@quick
@given(classes(), policies())
def test_everyone_is_in_one_group_or_alone_with_a_reason(rows: Rows, policy: Policy) -> None:
    found = grouped(board_with(rows, policy))
    together = [student for group in found.groups for student in group.students]
    assert sorted([*together, *found.alone]) == sorted(rows)
    assert set(found.alone.values()) <= {"no_shared_need", "too_little_evidence", "nothing_open"}


@quick
@given(classes(), policies())
def test_every_member_has_a_seen_gap_and_is_ready_for_the_target(
    rows: Rows, policy: Policy
) -> None:
    board = board_with(rows, policy)
    for group in grouped(board).groups:
        column = TARGETS.index(group.target)
        for student in group.students:
            row = board.row(student)
            assert board.status_of(row, column) in {"developing", "near"}
            assert board.blocked_by(row, group.target) == ()


@quick
@given(classes(), policies())
def test_nobody_is_left_alone_with_a_need_that_enough_others_share(
    rows: Rows, policy: Policy
) -> None:
    board = board_with(rows, policy)
    alone = grouped(board).alone
    for target in TARGETS:
        assert sum(target in open_gaps(board, student) for student in alone) < policy.group_min


@quick
@given(classes(), policies())
def test_a_reason_for_being_alone_is_true(rows: Rows, policy: Policy) -> None:
    board = board_with(rows, policy)
    for student, why in grouped(board).alone.items():
        row = board.row(student)
        ready = {
            board.status_of(row, column)
            for column, target in enumerate(TARGETS)
            if not board.blocked_by(row, target)
        }
        if open_gaps(board, student):
            assert why == "no_shared_need"
        elif ready & {"not_started", "not_enough_evidence"}:
            assert why == "too_little_evidence"
        else:
            assert why == "nothing_open"


@quick
@given(classes(), policies(), st.randoms(use_true_random=False))
def test_who_is_together_does_not_depend_on_the_order_of_the_students(
    rows: Rows, policy: Policy, rng: st.DataObject
) -> None:
    order = list(rows)
    rng.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    one = grouped(board_with(rows, policy))
    other = grouped(board_with({student: rows[student] for student in order}, policy))
    assert [(g.target, set(g.students)) for g in one.groups] == [
        (g.target, set(g.students)) for g in other.groups
    ]
    assert one.alone == other.alone


@quick
@given(classes(), policies())
def test_need_is_the_mean_distance_from_mastery_of_the_members(rows: Rows, policy: Policy) -> None:
    for group in grouped(board_with(rows, policy)).groups:
        gaps = [1 - rows[student][group.target].p for student in group.students]
        assert group.need == pytest.approx(sum(gaps) / len(gaps))


def test_the_largest_shared_need_comes_first() -> None:
    small, large = {"shapes": Seen(0.6, 3)}, {"shapes": Seen(0.1, 3)}
    rows = {f"c{i}": {"count": GAP, **small} for i in range(3)}
    rows |= {f"s{i}": {"count": SHOWN, "add": SHOWN, **large} for i in range(3)}
    first, second = grouped(board_with(rows, Policy(group_max=3))).groups
    assert (first.target, first.students) == ("shapes", ("s0", "s1", "s2"))
    assert (second.target, second.students) == ("count", ("c0", "c1", "c2"))


def test_the_neediest_go_first_when_a_group_is_full() -> None:
    rows = {f"s{i}": {"count": Seen(p, 3)} for i, p in enumerate((0.5, 0.1, 0.4, 0.2, 0.3))}
    found = grouped(board_with(rows, Policy(group_max=3)))
    assert [group.students for group in found.groups] == [("s1", "s3", "s4")]
    assert found.alone == {"s0": "no_shared_need", "s2": "no_shared_need"}


def test_a_group_leaves_no_rest_too_small_to_be_one() -> None:
    rows = {f"s{i}": {"count": GAP} for i in range(7)}
    found = grouped(board_with(rows, Policy(group_min=3, group_max=6)))
    assert sorted(len(group.students) for group in found.groups) == [3, 4]
    assert found.alone == {}


def test_a_bigger_need_that_too_few_share_does_not_stop_the_others() -> None:
    everyone = {"count": SHOWN, "add": SHOWN}
    rows = {f"m{i}": {**everyone, "multiply": Seen(0.69, 3)} for i in range(3)}
    rows |= {f"f{i}": {"count": Seen(0.0, 3)} for i in range(2)}
    found = grouped(board_with(rows))
    assert [(group.target, len(group.students)) for group in found.groups] == [("multiply", 3)]
    assert found.alone == {"f0": "no_shared_need", "f1": "no_shared_need"}


def test_who_misses_a_prerequisite_is_not_grouped_for_what_builds_on_it() -> None:
    rows = {student: {"count": GAP, "add": Seen(0.1, 3)} for student in (ADA, BEN, CLEO)}
    assert [group.target for group in grouped(board_with(rows)).groups] == ["count"]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({}, "too_little_evidence"),
        ({"count": Seen(0.1, 2)}, "too_little_evidence"),
        ({"count": SHOWN}, "too_little_evidence"),
        ({"count": GAP}, "no_shared_need"),
        (dict.fromkeys(TARGETS, SHOWN), "nothing_open"),
        (dict.fromkeys(TARGETS, Seen(0.8, 4, peak=0.97)), "nothing_open"),
    ],
)
def test_why_a_student_is_alone(cells: dict[str, Seen], why: str) -> None:
    assert grouped(board_with({ADA: cells})).alone == {ADA: why}


def test_a_group_names_its_purpose_its_end_its_tasks_and_its_reason() -> None:
    rows = {student: {"count": GAP} for student in (ADA, BEN, CLEO)}
    log = {student: {"count": [f"{student}1", f"{student}2"]} for student in (ADA, BEN)}
    (group,) = groups(board_with(rows, Policy(group_days=4)), TODAY, log).groups
    assert group.purpose == "reteach"
    assert group.expires == TODAY + timedelta(days=4)
    assert {option.id for option in group.tasks} == {"count-beans", "count-steps"}
    assert group.reason.code == "shared_gap"
    assert group.reason.targets == ("count",)
    assert group.reason.number == 3
    assert group.reason.evidence == ("ada2", "ben2")


def test_a_group_gets_at_most_three_tasks_those_on_its_target_alone_first() -> None:
    rows = {
        student: {"count": SHOWN, "add": SHOWN, "subtract": GAP} for student in (ADA, BEN, CLEO)
    }
    (group,) = grouped(board_with(rows)).groups
    assert [option.id for option in group.tasks] == ["take-away", "share"]


def test_an_empty_class_has_no_groups() -> None:
    assert grouped(board_with({})) == Grouping((), {})


def grouped(board: Board) -> Grouping:
    return groups(board, TODAY, {})


def open_gaps(board: Board, student: str) -> set[str]:
    """Targets a student is ready for and has a seen gap in."""
    row = board.row(student)
    return {
        target
        for column, target in enumerate(TARGETS)
        if board.status_of(row, column) in {"developing", "near"}
        and not board.blocked_by(row, target)
    }
