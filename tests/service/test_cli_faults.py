"""A broken file is refused with file, line and column, exit code 2, and nothing changes."""

import gzip
from pathlib import Path

import pytest

from tests.service.command import footpath, on

GOOD_ROW = "eve,add,1"


def import_text(kind: str, text: str | bytes, folder: Path, database: Path) -> str:
    """Import a broken file and return the message."""
    path = folder / "broken.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    ran = footpath("import", kind, path, *on(database), "--json")
    assert ran.code == 2, (ran.out, ran.err)
    assert ran.out == ""
    assert "Traceback" not in ran.err
    return ran.err


EVIDENCE: dict[str, tuple[str | bytes, str]] = {
    "an empty file": ("", "broken.csv:1: the file is empty"),
    "no student column": ("target,score\nadd,1\n", "broken.csv:1: student: this column is missing"),
    "a column twice": ("student,score,score\neve,1,1\n", "broken.csv:1: score: this column stands"),
    "two names for one column": ("student,skill,target,score\neve,add,add,1\n", "broken.csv:1:"),
    "a ragged row": (
        f"student,target,score\n{GOOD_ROW}\neve,add\n",
        "broken.csv:3: this row has 2",
    ),
    "a quote never closed": ('student,target,score\neve,"add,1\n', "broken.csv:2: not valid CSV"),
    "no UTF-8": (b"student,target,score\neve,add,1\n\xff\xfe,add,1\n", "broken.csv:3: not UTF-8"),
    "an unknown target": (
        f"student,target,score\n{GOOD_ROW}\neve,zed,1\n",
        "broken.csv:3: target: there is no learning target 'zed'",
    ),
    "an unknown target under another name": (
        "student,skill,correct\neve,add~zed,1\n",
        "broken.csv:2: skill: there is no learning target 'zed'",
    ),
    "no target": ("student,target,score\neve,,1\n", "broken.csv:2: target: a learning target"),
    "a score above 1": ("student,target,score\neve,add,2\n", "broken.csv:2: score: "),
    "a score in words": ("student,target,correct\neve,add,yes\n", "broken.csv:2: correct: "),
    "NaN for a score": ("student,target,score\neve,add,nan\n", "broken.csv:2: score: "),
    "no score": ("student,target,score\neve,add,\n", "broken.csv:2: score: exactly one of"),
    "score and level": ("student,target,score,level\neve,add,1,1\n", "broken.csv:2: score: "),
    "a level above": ("student,target,level\neve,add,5\n", "broken.csv:2: level: 5 is not a level"),
    "level 0": ("student,target,level\neve,add,0\n", "broken.csv:2: level: "),
    "half a level": ("student,target,level\neve,add,2.5\n", "broken.csv:2: level: "),
    "an unknown scale": (
        "student,target,level,scale\neve,add,1,stars\n",
        "broken.csv:2: scale: there is no scale 'stars'",
    ),
    "an unknown kind": ("student,target,score,kind\neve,add,1,rumour\n", "broken.csv:2: kind: "),
    "a time without zone": (
        "student,target,score,timestamp\neve,add,1,2026-03-01T09:00:00\n",
        "broken.csv:2: timestamp: ",
    ),
    "a number for a time": (
        "student,target,score,timestamp\neve,add,1,1700000000\n",
        "broken.csv:2: timestamp: a time is written like",
    ),
    "a position in words": (
        "student,target,score,order\neve,add,1,first\n",
        "broken.csv:2: order: ",
    ),
    "missed with a score": (
        "student,target,score,missed\neve,add,1,yes\n",
        "broken.csv:2: score: ",
    ),
    "perhaps missed": ("student,target,missed\neve,add,perhaps\n", "broken.csv:2: missed: "),
    "no student": ("student,target,score\n,add,1\n", "broken.csv:2: student: "),
    "a student of 201 letters": (
        f"student,target,score\n{'s' * 201},add,1\n",
        "broken.csv:2: student: ",
    ),
    "a date that is yet to come": (
        "student,target,score,timestamp\neve,add,1,2999-01-01T00:00:00Z\n",
        "broken.csv:2: timestamp: 2999-01-01 is yet to come",
    ),
    "a target twice": (
        "student,target,score\neve,add~add,1\n",
        "broken.csv:2: target: names a learning target twice",
    ),
    "evidence of itself": (
        "id,student,target,score,supersedes\nx,eve,add,1,x\n",
        "broken.csv:2: supersedes: ",
    ),
    "one id for two": (
        "id,student,target,score\nx,eve,add,1\nx,eve,add,0\n",
        "broken.csv:3: id: 'x' already stands for other evidence",
    ),
    "an id that stands for other evidence": (
        "id,student,target,score\nada-count-0,eve,add,1\n",
        "broken.csv:2: id: 'ada-count-0' already stands for other evidence",
    ),
    "a fault after a row with a line break": (
        'student,target,score,note\neve,add,1,"two\nlines"\neve,zed,1,\n',
        "broken.csv:4: target: ",
    ),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("text", "message"), EVIDENCE.values(), ids=EVIDENCE)
def test_broken_evidence_is_named(
    tmp_path: Path, database: Path, text: str | bytes, message: str
) -> None:
    assert message in import_text("evidence", text, tmp_path, database)


@pytest.mark.usefixtures("unchanged")
def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path, database: Path) -> None:
    text = "student,target,score\neve,zed,1\neve,add,7\n,add,1\n"
    said = import_text("evidence", text, tmp_path, database)
    assert [f"broken.csv:{line}: " in said for line in (2, 3, 4)] == [True] * 3


@pytest.mark.usefixtures("unchanged")
def test_a_million_faults_stay_readable(tmp_path: Path, database: Path) -> None:
    text = "student,target,score\n" + "eve,zed,1\n" * 1000
    said = import_text("evidence", text, tmp_path, database)
    assert "… and 980 more" in said
    assert len(said) < 5000


ROSTERS = {
    "no class column": ("student\neve\n", "broken.csv:1: class: this column is missing"),
    "no student": ("class,student\noak,\n", "broken.csv:2: student: "),
    "no row": ("class,student\n", "broken.csv: holds no student"),
    "a student twice": ("class,student\noak,eve\noak,eve\n", "broken.csv:3: student: stands twice"),
    "no class": ("class,student\n,eve\n", "broken.csv:2: class: "),
    "a title of 201 letters": (
        f"class,student,class_title\noak,eve,{'t' * 201}\n",
        "broken.csv:2: class_title: ",
    ),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("text", "message"), ROSTERS.values(), ids=ROSTERS)
def test_a_broken_roster_is_named(tmp_path: Path, database: Path, text: str, message: str) -> None:
    assert message in import_text("roster", text, tmp_path, database)


TASKS = {
    "no targets column": ("id,title\nt,T\n", "broken.csv:1: targets: this column is missing"),
    "no id": ("id,targets\n,add\n", "broken.csv:2: id: "),
    "minutes in words": ("id,targets,minutes\nt,add,long\n", "broken.csv:2: minutes: 'long'"),
    "an unknown target": ("id,targets\nt,zed\n", "'zed'"),
    "an unknown kind": ("id,targets,kind\nt,add,rumour\n", "'rumour'"),
    "a task twice": ("id,targets\nt,add\nt,add\n", "stands on line 2 already"),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("text", "message"), TASKS.values(), ids=TASKS)
def test_broken_tasks_are_named(tmp_path: Path, database: Path, text: str, message: str) -> None:
    assert message in import_text("tasks", text, tmp_path, database)


FRAMEWORKS = {
    "no id column": ("text\nA\n", "broken.csv:1: id: this column is missing"),
    "no target": ("id,text\n", "at least one learning target"),
    "a target twice": ("id,text\na,A\na,B\n", "broken.csv:3: id: the id 'a' stands on line 2"),
    "an id with a tilde": ("id\na~b\n", "'a~b' is not usable"),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("text", "message"), FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_broken_framework_is_named(
    tmp_path: Path, database: Path, text: str, message: str
) -> None:
    assert message in import_text("framework", text, tmp_path, database)


@pytest.mark.usefixtures("unchanged")
def test_prerequisites_in_a_circle_are_shown_as_a_path(tmp_path: Path, database: Path) -> None:
    (tmp_path / "targets.csv").write_text("id\na\nb\n")
    (tmp_path / "prerequisites.csv").write_text("prereq,target\na,b\nb,a\n")
    ran = footpath("import", "framework", tmp_path, *on(database))
    assert ran.code == 2
    assert "a → b → a" in ran.err


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("kind", ["framework", "roster", "evidence", "tasks"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, database: Path, kind: str) -> None:
    whole = gzip.compress(b"student,target,score\n" + b"eve,add,1\n" * 1000)
    files = {
        "cut.csv.gz": whole[:-20],
        "plain.csv.gz": b"student,target,score\n",
        "broken.csv.gz": whole[:15] + b"\0\xff" * 20 + whole[40:],
        "picture.csv": b"\x89PNG\r\n\x1a\n\0\0",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.csv").mkdir()
    for name in [*files, "folder.csv", "nowhere.csv"]:
        ran = footpath("import", kind, tmp_path / name, *on(database), "--json")
        assert (ran.code, ran.out) == (2, ""), name
        assert "Traceback" not in ran.err


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe", "../etc/passwd", "/etc/passwd", "\0"])
def test_a_zone_that_is_none_is_refused(tmp_path: Path, database: Path, zone: str) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(f"student,target,score\n{GOOD_ROW}\n")
    ran = footpath("import", "evidence", path, "--zone", zone, *on(database))
    assert ran.code == 2
    assert "zone" in ran.err
