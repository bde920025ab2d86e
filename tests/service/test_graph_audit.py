"""`footpath lint --evidence`: questions to the author, beside faults."""

from pathlib import Path

import numpy as np
import pytest

from tests.service.command import footpath, on

HEAD = "student,item,skill,correct,order\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """120 students on add, subtract, count: nobody subtracts who cannot add."""
    rng = np.random.default_rng(5)
    lines, place = [], 0
    for student in range(120):
        add, count = rng.random() < 0.6, rng.random() < 0.6
        knows = {"add": add, "subtract": add and rng.random() < 0.5, "count": count}
        for target in rng.permutation([*knows] * 3):
            right = int(rng.random() < (0.9 if knows[target] else 0.15))
            lines.append(f"s{student},i,{target},{right},{place}")
            place += 1
    path = tmp_path / "log.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return path


def edges(folder: Path, text: str) -> Path:
    path = folder / "edges.csv"
    path.write_text("prereq,target\n" + text)
    return path


def test_a_reversed_edge_is_a_question_and_no_fault(log: Path, tmp_path: Path) -> None:
    path = edges(tmp_path, "subtract,add\n")
    ran = footpath("lint", path, "--evidence", log, "--json")
    assert ran.code == 0, ran.err
    asked = ran.answer["audit"]
    (edge,) = asked["edges"]
    assert edge["verdict"] == "reversed"
    assert edge["question"].endswith("Does add perhaps come before subtract?")
    assert asked["verdicts"] == {"reversed": 1}
    assert asked["questions"] == 1 + len(asked["missing"])
    assert (asked["students"], asked["responses"]) == (120, 1080)
    direction = edge["direction"]
    assert direction["low"] < direction["score"] < direction["high"]
    assert ran.answer["cycles"] == []
    told = footpath("lint", path, "--evidence", log)
    assert f"reversed      {edge['question']}" in told.out
    assert "1 edges held against 1080 responses of 120 students: 0 fit" in told.out


def test_faults_still_decide_the_exit_code(log: Path, tmp_path: Path) -> None:
    path = edges(tmp_path, "add,subtract\nsubtract,add\nadd,add\nadd,elsewhere\n")
    ran = footpath("lint", path, "--evidence", log, "--json")
    assert ran.code == 1
    verdicts = {
        (e["prerequisite"], e["target"]): e["verdict"] for e in ran.answer["audit"]["edges"]
    }
    assert verdicts == {
        ("add", "subtract"): "fits",
        ("subtract", "add"): "reversed",
        ("add", "elsewhere"): "too_little",
    }


def test_without_evidence_nothing_is_asked(tmp_path: Path) -> None:
    assert "audit" not in footpath("lint", edges(tmp_path, "a,b\n"), "--json").answer


def test_evidence_on_other_targets_is_refused(log: Path, tmp_path: Path) -> None:
    ran = footpath("lint", edges(tmp_path, "a,b\n"), "--evidence", log)
    assert ran.code == 2
    assert "no target of the edges occurs in the evidence, which knows" in ran.err


def test_a_broken_log_is_refused_by_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text(HEAD + "s1,i,a,2,0\n")
    ran = footpath("lint", edges(tmp_path, "a,b\n"), "--evidence", broken)
    assert (ran.code, ran.out) == (2, "")
    assert "broken.csv:2: correct: '2' is not between 0 and 1" in ran.err


def test_the_curriculum_in_force_is_held_against_its_own_evidence(
    tmp_path: Path,
) -> None:
    """Sixty students, each with two answers on both targets: no one subtracts who cannot add."""
    path = edges(tmp_path, "subtract,add\n")
    targets, roster, evidence = (tmp_path / f"{n}.csv" for n in ("targets", "roster", "evidence"))
    targets.write_text("id,text\nadd,Add\nsubtract,Subtract\n")
    roster.write_text("class,student\n" + "".join(f"one,s{i}\n" for i in range(60)))
    evidence.write_text("student,target,score,timestamp\n" + "".join(
        f"s{i},{target},{int(i < knowing)},2026-01-{day:02d}T08:00:00Z\n"
        for i in range(60)
        for day, (target, knowing) in enumerate([("add", 45), ("subtract", 15)] * 2, 1)
    ))  # fmt: skip
    store = on(tmp_path / "new.db")
    framework = ("import", "framework", targets, "--prerequisites", path, "--id", "sums")
    assert footpath(*framework, *store).code == 0
    assert footpath("import", "roster", roster, *store).code == 0
    assert footpath("lint", *store).code == 2  # there is no evidence yet
    assert footpath("import", "evidence", evidence, *store).code == 0
    asked = footpath("lint", *store, "--json").answer["audit"]
    (edge,) = asked["edges"]
    assert edge["verdict"] == "reversed"
    assert edge["counts"]["only_target"] == 30
    assert footpath("lint", path, *store, "--json").answer["audit"] == asked
    assert footpath("lint", "--targets", targets, *store).code == 2


def as_evidence(log: Path) -> Path:
    """Write a log as evidence: other columns and order, a task missed, a row twice."""
    rows = [line.split(",") for line in log.read_text().splitlines()[1:]]
    lines = [f"e{place},{student},{target},{score},{place},"
             for student, _, target, score, place in reversed(rows)]  # fmt: skip
    lines += ["missed,s0,count,,2000,true", lines[0]]
    path = log.with_name("evidence.csv")
    path.write_text("id,student,target,score,position,missed\n" + "\n".join(lines) + "\n")
    return path


def test_evidence_as_it_is_imported_is_asked_the_same(log: Path, tmp_path: Path) -> None:
    path = edges(tmp_path, "subtract,add\n")
    asked = footpath("lint", path, "--evidence", log, "--json").answer["audit"]
    ran = footpath("lint", path, "--evidence", as_evidence(log), "--json")
    assert ran.code == 0, ran.err
    found = ran.answer["audit"]
    assert (found["students"], found["responses"]) == (120, 1080)
    (edge,), (same,) = found["edges"], asked["edges"]
    assert edge["question"] == same["question"]
    assert edge["counts"] == same["counts"]
    assert edge["direction"]["score"] == pytest.approx(same["direction"]["score"])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("e1,s1,add,2,", "evidence.csv:3: score: "),
        ("e1,s1,,1,", "evidence.csv:3: target: a learning target is needed"),
        ("e1,s1,add,,", "evidence.csv:3: score: exactly one of score, level and missed"),
        ("e0,s1,add,1,", "evidence.csv:3: id: 'e0' already stands for other evidence"),
        ("e1,s1,add,1", "evidence.csv:3: "),
    ],
)
def test_broken_evidence_is_refused_by_line_and_column(row: str, told: str, tmp_path: Path) -> None:
    broken = tmp_path / "evidence.csv"
    broken.write_text(f"id,student,target,score,missed\ne0,s0,add,1,\n{row}\n")
    ran = footpath("lint", edges(tmp_path, "add,subtract\n"), "--evidence", broken)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_evidence_of_which_nothing_counts_is_refused(tmp_path: Path) -> None:
    missed = tmp_path / "evidence.csv"
    missed.write_text("student,target,missed\ns0,add,true\n")
    ran = footpath("lint", edges(tmp_path, "add,subtract\n"), "--evidence", missed)
    assert ran.code == 2
    assert "evidence.csv holds no evidence that counts" in ran.err
