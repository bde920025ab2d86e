"""The audit of a graph: counts by hand, laws, and what was planted."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import ResponseLog, read_log
from models.audit import FLOOR, Finding, audit, missing_question, question
from models.audit.answers import answers_of
from models.audit.direction import direction
from models.audit.learning import unexplained

Row = tuple[int, str, int]
"""Student, target, right."""


def log_of(rows: Sequence[Row], folder: Path) -> ResponseLog:
    """Read rows, in the order in which they were given, from a file as users write it."""
    lines = [f"s{student},i,{target},{right},{place}"
             for place, (student, target, right) in enumerate(rows)]  # fmt: skip
    path = folder / "log.csv"
    path.write_text("student,item,skill,correct,order\n" + "\n".join(lines) + "\n")
    return read_log(path)


def packed(rows: Sequence[Row]) -> ResponseLog:
    """Pack rows into a log, by student and in the order given."""
    rows = sorted(rows, key=lambda row: row[0])
    students = {s: i for i, s in enumerate(sorted({row[0] for row in rows}))}
    targets = {t: i for i, t in enumerate(sorted({row[1] for row in rows}))}
    count = len(rows)
    return ResponseLog(
        tuple(f"s{s}" for s in students), ("i",), tuple(targets),
        np.array([students[row[0]] for row in rows]), np.zeros(count, dtype=np.int64),
        np.array([float(row[2]) for row in rows]), np.ones(count), np.full(count, np.nan),
        np.arange(count + 1), np.array([targets[row[1]] for row in rows]),
    )  # fmt: skip


def answered(chance: np.ndarray, names: Sequence[str], tries: int, seed: int = 1) -> list[Row]:
    """Let every student answer every target so many times, in an order of their own."""
    rng = np.random.default_rng(seed)
    return [
        (student, names[k], int(rng.random() < chance[student, k]))
        for student in range(len(chance))
        for k in rng.permutation(np.repeat(np.arange(len(names)), tries))
    ]


def needed(students: int, seed: int = 0) -> np.ndarray:
    """Chances on a, b, c, d: nobody knows b without a; c and d stand alone, as hard as a."""
    rng = np.random.default_rng(seed)
    knows = rng.random((students, 4)) < 0.6
    knows[:, 1] &= knows[:, 0]
    return np.where(knows, 0.9, 0.15)


NAMES = ("a", "b", "c", "d")
logs = st.lists(
    st.tuples(st.integers(0, 70), st.sampled_from(NAMES), st.integers(0, 1)),
    min_size=150, max_size=400,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(logs)
def test_every_count_can_be_made_by_hand(rows: list[Row]) -> None:
    rows = [*rows, *((s, t, 1) for s in range(FLOOR) for t in ("a", "b"))]
    log = packed(rows)
    (found,) = audit([("a", "b")], log).findings
    first: dict[tuple[int, str], int] = {}
    last_on_a: dict[int, int] = {}
    for student, target, right in sorted(rows, key=lambda row: row[0]):
        if target == "a" and (student, "b") not in first:
            last_on_a[student] = right
        first.setdefault((student, target), right)
    both = [s for s in {row[0] for row in rows} if (s, "a") in first and (s, "b") in first]
    pairs = [(first[s, "a"], first[s, "b"]) for s in both]
    n = found.counts
    assert n.students == len(both)
    assert n.right_both == pairs.count((1, 1))
    assert n.only_target == pairs.count((0, 1))
    assert n.only_prerequisite == pairs.count((1, 0))
    assert n.wrong_both == pairs.count((0, 0))
    assert n.low <= n.share == pairs.count((0, 1)) / len(both) <= n.high
    assert found.without is not None
    able = [s for s in both if first[s, "b"]]
    assert found.without.able == len(able)
    assert found.without.lacking == sum(not last_on_a.get(s, first[s, "a"]) for s in able)


@settings(max_examples=15, deadline=None)
@given(logs)
def test_an_edge_turned_round_has_the_opposite_score(rows: list[Row]) -> None:
    answers = answers_of(packed([*rows, *((s, t, s % 2) for s in range(9) for t in NAMES)]))
    own = {k: unexplained(answers, k) for k in range(len(answers.targets))}
    there, back = direction(answers, 0, 1, own), direction(answers, 1, 0, own)
    assert there.score == pytest.approx(-back.score, abs=1e-9)
    assert there.surely == pytest.approx(-back.surely, abs=1e-9)
    assert there.error == pytest.approx(back.error)
    assert sum(there.parts.values()) == pytest.approx(there.score)


def test_an_edge_turned_round_has_the_opposite_verdict() -> None:
    log = packed(answered(needed(300), NAMES, 4))
    assert verdicts(log, ("a", "b")) == ["fits"]
    assert verdicts(log, ("b", "a")) == ["reversed"]
    assert verdicts(log, ("b", "a"), ("c", "d"), ("a", "c")).count("reversed") == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_in_a_file_does_not_matter(seed: int, tmp_path: Path) -> None:
    rows = answered(needed(80), NAMES, 3)
    edges = [("b", "a"), ("a", "c"), ("c", "d")]
    found = audit(edges, log_of(rows, tmp_path))
    path = tmp_path / "log.csv"
    head, *lines = path.read_text().splitlines()
    np.random.default_rng(seed).shuffle(lines)
    path.write_text("\n".join([head, *lines]) + "\n")
    again = audit(edges, read_log(path))
    for one, other in zip(found.findings, again.findings, strict=True):
        assert (one.verdict, one.counts) == (other.verdict, other.counts)
        assert one.direction is not None
        assert other.direction is not None
        assert one.direction.score == pytest.approx(other.direction.score, abs=1e-6)


def test_between_independent_targets_nothing_is_reversed_beyond_the_nominal_rate() -> None:
    """Targets alike in difficulty, students unlike in ability, nothing needed for anything."""
    names = [f"t{k:02d}" for k in range(12)]
    edges = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    leans, flagged = [], 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        chance = 1 / (1 + np.exp(-rng.normal(0, 1, (150, 1)))) * np.ones((1, len(names)))
        found = audit(edges, packed(answered(chance, names, 4, seed))).findings
        leans += [each.direction.surely for each in found if each.direction]
        flagged += sum(each.verdict == "reversed" for each in found)
    assert flagged <= 0.1 * len(leans)
    assert np.mean(np.array(leans) > 1.645) < 0.1  # .05, and the chance of 264 related tests
    assert 0.8 < np.std(leans) < 1.25


def test_what_is_done_without_its_prerequisite_contradicts_the_edge() -> None:
    """Half know a and half know b, and neither half is the other's."""
    log = packed([
        (s, t, int(knows)) for s in range(200)
        for t, knows in (("a", s % 2), ("b", s // 2 % 2), ("c", s % 3 > 0), ("d", s % 5 > 1))
        for _ in range(2)
    ])  # fmt: skip
    (found,) = audit([("a", "b")], log).findings
    assert found.verdict == "contradicted"
    assert found.without is not None
    assert f"{found.without.lacking} (" in question(found)
    assert question(found).endswith("Can b be done without a?")


def test_work_that_never_goes_together_leaves_an_edge_unsupported() -> None:
    rng = np.random.default_rng(4)
    chance = np.clip(rng.normal(0.6, 0.15, (3000, 4)), 0.05, 0.95)
    log = packed(answered(chance, NAMES, 2))
    (found,) = audit([("a", "b")], log).findings
    assert found.verdict == "unsupported"
    assert found.support is not None
    assert abs(found.support.correlation) < 0.1
    assert question(found).endswith("Does b need a?")


def test_a_pair_that_goes_together_is_told_as_missing_unless_a_path_joins_it() -> None:
    log = packed(answered(needed(400), NAMES, 4))
    (told,) = audit([("c", "d")], log).missing
    assert (told.prerequisite, told.target) == ("a", "b")
    assert missing_question(told).endswith("Does a come before b?")
    assert audit([("a", "c"), ("c", "b")], log).missing == ()


def test_too_little_evidence_is_said_as_such() -> None:
    log = packed(answered(needed(FLOOR - 1), NAMES, 2))
    for found, students in zip(
        audit([("a", "b"), ("a", "nowhere")], log).findings, (FLOOR - 1, 0), strict=True
    ):
        assert found.verdict == "too_little"
        assert found.counts.students == students
        assert question(found).startswith(f"{students} students were seen on both")


def test_circles_loops_and_doubles_are_audited_all_the_same() -> None:
    edges = [("a", "b"), ("b", "a"), ("c", "c"), ("a", "b")]
    findings = audit(edges, packed(answered(needed(120), NAMES, 3))).findings
    assert [(each.prerequisite, each.target) for each in findings] == edges
    assert findings[0] == findings[3]
    assert findings[2].verdict == "too_little"


def test_single_answers_without_an_order_are_judged_by_difficulty_alone() -> None:
    log = packed(answered(needed(500), NAMES, 1))
    (found,) = audit([("b", "a")], log).findings
    assert found.direction is not None
    assert found.direction.parts["practice"] == found.direction.parts["leaning"] == 0
    assert found.verdict == "reversed"


def test_a_question_tells_its_counts() -> None:
    log = packed(
        [(s, t, r) for s in range(60) for t, r in (("b", int(s < 40)), ("a", int(s < 10)))]
    )
    (found,) = audit([("a", "b")], log).findings
    assert question(found).startswith(
        "Of 60 students seen on both, 30 (.50, .38–.62) got b right and a wrong at the first try, "
        "0 the other way round"
    )


def verdicts(log: ResponseLog, *edges: tuple[str, str]) -> list[str]:
    found: tuple[Finding, ...] = audit(edges, log).findings
    return [each.verdict for each in found]
