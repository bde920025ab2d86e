"""`footpath import …`: files in, once and whole."""

import gzip
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from graphs import curriculum_from_document
from graphs.files import edges_csv, targets_csv, tasks_csv
from service import Store
from service.principal import LOCAL
from service.store import evidence
from service.usecases import curricula, standing
from tests.cast import ADA, TARGETS, small_curriculum
from tests.service.command import footpath, on
from tests.service.conftest import Dump
from tests.service.school import dump


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The small curriculum as a folder of CSV files."""
    folder = tmp_path / "small"
    folder.mkdir()
    curriculum = small_curriculum()
    parts = {
        "targets": targets_csv(curriculum.framework.targets),
        "prerequisites": edges_csv(curriculum.edges),
        "tasks": tasks_csv(curriculum.framework.tasks),
        "competencies": "id,text\nnumbers,Numbers\nspace,Space\n",
    }
    for name, text in parts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def file(folder: Path, text: str, name: str = "evidence.csv") -> Path:
    """Write a file to import."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_school_comes_in_from_files(files: Path, tmp_path: Path) -> None:
    store = on(tmp_path / "new.db")
    ran = footpath("import", "framework", files, "--title", "Small school", *store, "--json")
    assert ran.code == 0, ran.err
    assert ran.answer["id"] == "small"
    assert ran.answer["version"] == small_curriculum().version
    assert (ran.answer["targets"], ran.answer["prerequisites"], ran.answer["tasks"]) == (6, 4, 8)

    roster = file(tmp_path, "class,student,name,class_title,interests\noak,ada,Ada,Oak,money~art\n")
    ran = footpath("import", "roster", roster, *store, "--json")
    assert ran.answer == {"classes": 1, "students": 1, "students_added": 1}

    log = file(
        tmp_path, "student,item,skill,correct,order\nada,add-coins,add,1,0\nben,x,count,0,0\n"
    )
    ran = footpath("import", "evidence", log, *store, "--json")
    assert ran.answer == {
        "read": 2,
        "stored": 2,
        "duplicates": 0,
        "students_added": 1,
        "unread_columns": [],
        "remarks": ran.answer["remarks"],
    }
    choices = footpath("recommend", ADA, *store, "--json").answer["choices"]
    assert choices


def test_a_framework_comes_in_file_by_file(files: Path, tmp_path: Path) -> None:
    parts = ("prerequisites", "competencies", "tasks")
    options = [word for part in parts for word in (f"--{part}", files / f"{part}.csv")]
    name = ("--id", "small", "--title", "Small school", *on(tmp_path / "new.db"))
    ran = footpath("import", "framework", files / "targets.csv", *options, *name, "--json")
    assert ran.answer["version"] == small_curriculum().version


def test_tasks_are_added_and_replaced(database: Path, store: Store, tmp_path: Path) -> None:
    rows = ["share,Share!,divide,,,,", "new,New,add,,,,5"]
    text = "\n".join(["id,title,targets,kind,format,interests,minutes", *rows]) + "\n"
    ran = footpath("import", "tasks", file(tmp_path, text), *on(database), "--json")
    assert (ran.answer["read"], ran.answer["tasks"]) == (2, 9)
    framework = curricula.curriculum_in_force(store, LOCAL).framework
    assert framework.task("share").title == "Share!"
    assert framework.task("new").minutes == 5


@pytest.mark.parametrize("header", ["id,student,target,score", "student,target,score"])
def test_the_same_file_again_adds_nothing(
    database: Path, snapshot: Dump, tmp_path: Path, header: str
) -> None:
    cells = ["eve,add,1", "eve,add,1", "eve,count,0.5"]
    rows = [f"n{i},{c}" if header.startswith("id") else c for i, c in enumerate(cells)]
    path = file(tmp_path, "\n".join([header, *rows]) + "\n")
    first = footpath("import", "evidence", path, *on(database), "--json").answer
    before = snapshot()
    again = footpath("import", "evidence", path, *on(database), "--json").answer
    distinct = 3 if header.startswith("id") else 2  # equal rows without an id are one piece
    assert (first["stored"], first["students_added"]) == (distinct, 1)
    assert (again["read"], again["stored"], again["duplicates"]) == (3, 0, 3)
    assert snapshot() == before


def test_the_same_roster_and_framework_again_change_nothing(
    database: Path, files: Path, tmp_path: Path
) -> None:
    roster = file(tmp_path, "class,student,name\noak,ada,Ada\noak,zoe,Zoë\nelm,ada,Ada\n")
    for _ in range(2):
        assert footpath("import", "roster", roster, *on(database), "--json").code == 0
        assert footpath("import", "framework", files, *on(database), "--json").code == 0
        after = dump(database)
    footpath("import", "roster", roster, *on(database))
    footpath("import", "framework", files, *on(database))
    assert dump(database) == after


def test_columns_that_nothing_was_read_from_are_reported(database: Path, tmp_path: Path) -> None:
    path = file(tmp_path, "student,target,score,school,gender\neve,add,1,S1,2\n")
    ran = footpath("import", "evidence", path, *on(database), "--json")
    assert ran.answer["unread_columns"] == ["school", "gender"]
    assert "school" in footpath("import", "evidence", path, *on(database)).out


def test_a_zone_tells_how_to_read_times_without_one(
    database: Path, store: Store, tmp_path: Path
) -> None:
    rows = ["e1,eve,add,1,2026-01-15 10:00", "e2,eve,add,1,2026-07-15T10:00+00:00"]
    path = file(tmp_path, "\n".join(["id,student,target,score,timestamp", *rows]) + "\n")
    assert footpath("import", "evidence", path, *on(database)).code == 2
    ran = footpath("import", "evidence", path, "--zone", "Europe/Vienna", *on(database), "--json")
    assert ran.answer["stored"] == 2
    log = standing.student_evidence(store, LOCAL, "eve").evidence
    assert [str(piece.observed_at) for piece in log] == [
        "2026-01-15 09:00:00+00:00",
        "2026-07-15 10:00:00+00:00",
    ]


def test_the_hour_that_comes_twice_a_year_is_imported_twice_without_conflict(
    database: Path, tmp_path: Path
) -> None:
    path = file(tmp_path, "id,student,target,score,timestamp\ne1,eve,add,1,2025-10-26T02:30:00\n")
    store = (*on(database), "--zone", "Europe/Vienna", "--json")
    assert footpath("import", "evidence", path, *store).answer["stored"] == 1
    assert footpath("import", "evidence", path, *store).answer["duplicates"] == 1


def test_levels_misses_and_several_targets_are_read(
    database: Path, store: Store, tmp_path: Path
) -> None:
    header = "student,task,targets,level,missed,attempt,duration,note"
    rows = ["eve,share,,4,,2,30.5,well done", "eve,,add~count,,yes,,,ill"]
    path = file(tmp_path, "\n".join([header, *rows]) + "\n")
    assert footpath("import", "evidence", path, *on(database), "--json").answer["stored"] == 2
    pieces = {p.note: p for p in standing.student_evidence(store, LOCAL, "eve").evidence}
    shown, missed = pieces["well done"], pieces["ill"]
    assert (shown.targets, shown.score, shown.attempt) == (["divide", "subtract"], 1.0, 2)
    assert (missed.targets, missed.score, missed.missed) == (["add", "count"], None, True)


def test_a_compressed_file_with_a_byte_order_mark_is_read(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv.gz"
    path.write_bytes(gzip.compress("student,target,score\r\nZoë,add,1\r\n".encode("utf-8-sig")))
    assert footpath("import", "evidence", path, *on(database), "--json").answer["stored"] == 1


def test_what_is_read_back_is_what_was_imported(files: Path, tmp_path: Path) -> None:
    from service import open_store

    footpath("import", "framework", files, *on(tmp_path / "new.db"))
    store = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    document = curricula.curriculum_in_force(store, LOCAL).to_document()
    with store.read("home") as unit:
        assert evidence.how_many(unit) == 0
    store.close()
    assert [t.id for t in curriculum_from_document(document).framework] == list(TARGETS)


def test_a_policy_changes_what_every_answer_is_made_with(
    database: Path, client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"mastered_at": 0.99, "choices": 2}')
    before = client.get(f"/v1/students/{ADA}/choices").json()
    ran = footpath("import", "policy", str(path), *on(database), "--json")
    after = client.get(f"/v1/students/{ADA}/choices").json()
    assert after["versions"]["policy"] == ran.answer["version"] != before["versions"]["policy"]
    assert len(after["choices"]) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"mastered_at": 2}', "mastered_at"),
        ('{"mastery": 0.9}', "is not a rule"),
        ('{"near_at": 0.9,\n', "policy.json:2"),
        ("[]", "one JSON object"),
    ],
)
def test_a_policy_that_breaks_a_rule_is_refused(
    database: Path, snapshot: Dump, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text)
    before = snapshot()
    ran = footpath("import", "policy", str(path), *on(database))
    assert ran.code == 2
    assert words in ran.err
    assert snapshot() == before
