"""Every command that answers: the API's answer under `--json`, readable words without it."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from graphs import curriculum_from_document
from models.artifact import read_model
from service import Store
from service.contract import Roster, RosterClass, RosterStudent
from service.principal import LOCAL
from service.usecases import curricula, rosters
from tests.cast import ADA, BEN, CLEO, NOW, small_curriculum
from tests.service.command import footpath, on
from tests.service.school import CLASS


@pytest.fixture
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.app.utc_now", lambda: NOW)


@pytest.mark.usefixtures("unchanged", "_at_now")
@pytest.mark.parametrize("student", [ADA, BEN, CLEO])
def test_recommend_answers_as_the_api_does(
    client: TestClient, database: Path, student: str
) -> None:
    ran = footpath("recommend", student, *on(database), "--json")
    assert ran.code == 0
    assert ran.answer == client.get(f"/v1/students/{student}/choices").json()
    wished = footpath(
        "recommend", student, "--goal", "divide", "--n", 2, "--format", "paper", "--format", "game",
        "--interest", "sports", *on(database), "--json",
    )  # fmt: skip
    query: dict[str, Any] = {
        "goal": "divide",
        "n": 2,
        "format": ["paper", "game"],
        "interest": "sports",
    }
    assert wished.answer == client.get(f"/v1/students/{student}/choices", params=query).json()


@pytest.mark.usefixtures("unchanged", "_at_now")
@pytest.mark.parametrize("command", ["groups", "interventions"])
def test_class_commands_answer_as_the_api_does(
    client: TestClient, database: Path, command: str
) -> None:
    ran = footpath(command, CLASS, *on(database), "--json")
    assert ran.code == 0
    assert ran.answer == client.get(f"/v1/classes/{CLASS}/{command}").json()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "command", [("recommend", ADA), ("groups", CLASS), ("interventions", CLASS)]
)
def test_without_json_the_answer_is_for_people(database: Path, command: tuple[str, str]) -> None:
    ran = footpath(*command, *on(database))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()
    with pytest.raises(json.JSONDecodeError):
        json.loads(ran.out)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("recommend", "zed"), "there is no student with the id 'zed'"),
        (("recommend", ADA, "--goal", "zed"), "there is no goal with the id 'zed'"),
        (("recommend", ADA, "--n", "9"), "--n"),
        (("recommend", ADA, "--n", "two"), "--n"),
        (("recommend",), "student"),
        (("recommend", ADA, "--colour", "blue"), "--colour"),
        (("groups", "zed"), "there is no class with the id 'zed'"),
        (("interventions", "zed"), "there is no class with the id 'zed'"),
        (("fly",), "fly"),
    ],
)
def test_bad_input_is_exit_code_2_and_a_message(
    database: Path, words: tuple[str, ...], message: str
) -> None:
    where = on(database) if words != ("fly",) else ()
    ran = footpath(*words, *where)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_before_any_curriculum_a_command_says_what_to_do(tmp_path: Path) -> None:
    ran = footpath("import", "tasks", Path(__file__), *on(tmp_path / "new.db"))
    assert ran.code == 2
    path = tmp_path / "evidence.csv"
    path.write_text("student,target,score\neve,add,1\n")
    ran = footpath("import", "evidence", path, *on(tmp_path / "new.db"))
    assert ran.code == 2
    assert "footpath import framework" in ran.err


@pytest.mark.parametrize(
    "url",
    ["nonsense", "sqlite:////nowhere/at/all/x.db", "mysteryql://x/y", "sqlite:////etc/hostname"],
)
def test_a_store_that_cannot_be_opened_is_exit_code_2(url: str) -> None:
    ran = footpath("replay", "--store", url, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be opened" in ran.err or "there is no store" in ran.err


def test_the_password_of_a_store_is_not_printed() -> None:
    ran = footpath("replay", "--store", "mysteryql://teacher:geheim@host/school")
    assert ran.code == 2
    assert "geheim" not in ran.err


def test_a_store_of_a_newer_version_is_refused(database: Path) -> None:
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    ran = footpath("replay", *on(database))
    assert ran.code == 2
    assert "version" in ran.err


def test_the_store_may_be_named_by_the_environment(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTPATH_STORE", f"sqlite:///{database}")
    assert footpath("recommend", ADA, "--json").answer["student"] == ADA


def test_brackets_in_names_are_printed_as_they_are(store: Store, database: Path) -> None:
    document = small_curriculum().to_document()
    for part in ("targets", "tasks"):
        for each in document[part]:
            each["text" if part == "targets" else "title"] = f"[/] [red]{each['id']}[/red] :apple:"
    curricula.put_curriculum(store, LOCAL, curriculum_from_document(document), NOW)
    students = [RosterStudent(id=f"[b]{i}[/]") for i in range(3)]
    rosters.put_roster(store, LOCAL, Roster(classes=[RosterClass(id="elm", students=students)]))
    chosen = footpath("recommend", CLEO, *on(database))
    assert (chosen.code, "[/] [red]" in chosen.out, ":apple:" in chosen.out) == (0, True, True)
    grouped = footpath("groups", "elm", *on(database))
    assert (grouped.code, "[b]0[/]" in grouped.out) == (0, True)


LINTED = {
    "sound": ("a,b\nb,c\n", 0, {"cycles": [], "redundant": []}),
    "a circle": ("a,b\nb,c\nc,a\n", 1, {"cycles": [["a", "b", "c"]]}),
    "a self-loop": ("a,a\nb,c\n", 1, {"self_loops": ["a"]}),
    "redundant": ("a,b\nb,c\na,c\n", 0, {"redundant": [["a", "c"]]}),
    "unknown": ("a,zed\n", 1, {"unknown": ["zed"]}),
}


@pytest.mark.parametrize(("rows", "code", "found"), LINTED.values(), ids=LINTED)
def test_lint_exits_1_for_faults_and_0_for_remarks(
    tmp_path: Path, rows: str, code: int, found: dict[str, object]
) -> None:
    edges, targets = tmp_path / "edges.csv", tmp_path / "targets.csv"
    edges.write_text(f"prereq,target\n{rows}")
    targets.write_text("id\na\nb\nc\n")
    ran = footpath("lint", edges, "--targets", targets, "--json")
    assert ran.code == code
    assert {key: ran.answer[key] for key in found} == found
    readable = footpath("lint", edges, "--targets", targets)
    assert readable.code == code
    assert "edges.csv:" in readable.out or not any(found.values())


def test_lint_refuses_what_is_no_table_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text("from,to\na,b\n")
    ran = footpath("lint", tmp_path / "edges.csv", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "edges.csv:1: prereq" in ran.err
    assert footpath("lint", tmp_path / "nowhere.csv").code == 2


def test_fit_reads_a_log_and_writes_a_model(tmp_path: Path) -> None:
    log, output = tmp_path / "log.csv", tmp_path / "model.json"
    rows = [f"s{s},i,add,{int(i >= s % 4)},{i}" for s in range(12) for i in range(6)]
    log.write_text("\n".join(["student,item,skill,correct,order", *rows]) + "\n")
    ran = footpath("fit", log, "-o", output, "--json")
    assert ran.code == 0, ran.err
    assert ran.answer["responses"] == 72
    assert (ran.answer["students"], ran.answer["targets"]) == (12, 1)
    assert ran.answer["loglik"] < 0
    assert not ran.answer["in_force"]
    assert read_model(output).to_document()["parameters"].keys() == {"add"}


def test_fit_on_the_store_puts_the_model_in_force(client: TestClient, database: Path) -> None:
    before = client.get(f"/v1/students/{ADA}/mastery").json()["versions"]["model"]
    ran = footpath("fit", *on(database), "--json")
    assert ran.code == 0, ran.err
    assert ran.answer["in_force"]
    after = client.get(f"/v1/students/{ADA}/mastery").json()["versions"]["model"]
    assert after == ran.answer["version"] != before
    replayed = footpath("replay", *on(database), "--json").answer
    assert (replayed["identical"], replayed["cached"]) == (True, 2)


def test_rubric_levels_and_points_of_the_store_reach_the_fit(
    empty_store: Store, tmp_path: Path
) -> None:
    document = small_curriculum().to_document()
    document["kinds"].append({"id": "exam", "text": "Exam", "reliability": 0.8, "points": 10})
    curricula.put_curriculum(empty_store, LOCAL, curriculum_from_document(document), NOW)
    pupils = [RosterStudent(id=f"s{s}", name=f"S {s}") for s in range(24)]
    oak = RosterClass(id=CLASS, title="Class Oak", students=pupils)
    rosters.put_roster(empty_store, LOCAL, Roster(classes=[oak]))
    head = "id,student,targets,kind,score,level,scale,position"
    judged = [  # everyone is judged 1 or 2 at first and 3 later: level 4 is never reached
        f"e{s}-{i},s{s},add,conference,,{3 if i > s % 5 else 1 + s % 2},rubric4,{i}"
        for s in range(24)
        for i in range(6)
    ]
    exams = [f"x{s},s{s},add,exam,0.{3 + s % 5},,,9" for s in range(24)]
    (tmp_path / "evidence.csv").write_text("\n".join([head, *judged, *exams]) + "\n")
    database = tmp_path / "empty.db"
    ran = footpath("import", "evidence", tmp_path / "evidence.csv", *on(database), "--json")
    assert ran.code == 0, ran.err
    ran = footpath("fit", *on(database), "-o", tmp_path / "model.json", "--json")
    assert ran.code == 0, ran.err
    model = read_model(tmp_path / "model.json").to_document()
    thresholds = model["parameters"]["scales"]["rubric4"]
    assert thresholds == sorted(thresholds)
    assert thresholds[2] - thresholds[1] > 2 * 1.5  # the step that nobody took is a high one
    assert model["reliability"]["exam"] == pytest.approx(8 / 3.7)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "rows", ["", "student,item\na,b\n", "student,item,skill,correct,order\na,i,add,7,0\n"]
)
def test_fit_refuses_a_broken_log(tmp_path: Path, database: Path, rows: str) -> None:
    (tmp_path / "log.csv").write_text(rows)
    ran = footpath("fit", tmp_path / "log.csv", *on(database), "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "log.csv" in ran.err


def test_fit_refuses_an_empty_store(tmp_path: Path) -> None:
    ran = footpath("fit", *on(tmp_path / "new.db"), "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "import" in ran.err
