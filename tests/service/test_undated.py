"""Evidence that nobody dated says what was shown and never when: from the file to the page."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service import Store, open_store
from service.contract import Roster, RosterClass, RosterStudent
from service.principal import LOCAL
from service.usecases import curricula, rosters
from tests.cast import NOW, small_curriculum
from tests.service.command import footpath, on
from tests.service.conftest import on_store

EVE, FAY = "eve", "fay"
ROWS = "".join(
    f"{student},{target},{score},{student}-{target}-{i}\n"
    for student, target, scores in (
        (EVE, "count", "11111"), (EVE, "add", "1111"), (FAY, "count", "000"),
    )
    for i, score in enumerate(scores)
)  # fmt: skip


@pytest.fixture
def undated(tmp_path: Path, shared_client: TestClient) -> TestClient:
    """A class whose evidence came from a file without a column for the date."""
    database = tmp_path / "undated.db"
    store = open_store(f"sqlite:///{database}")
    curricula.put_curriculum(store, LOCAL, small_curriculum(), NOW)
    elm = RosterClass(id="elm", title="Elm", students=[RosterStudent(id=s) for s in (EVE, FAY)])
    rosters.put_roster(store, LOCAL, Roster(classes=[elm]))
    path = tmp_path / "log.csv"
    path.write_text("student,target,score,id\n" + ROWS)
    ran = footpath("import", "evidence", path, *on(database))
    assert ran.code == 0, ran.err
    assert "12 of 12 rows have no date" in ran.out
    return on_store(shared_client, store)


def test_nobody_looks_active_and_nothing_is_foretold(undated: TestClient) -> None:
    way = undated.get(f"/v1/students/{EVE}/pathway?goal=divide").json()
    assert (way["rhythm"], way["idle_days"], way["weeks"]) == (None, None, None)
    assert "of your work with a date yet" in " ".join(r["student"] for r in way["says"])
    sheet = undated.get(f"/v1/students/{EVE}/conference").json()
    assert (sheet["new_evidence"], sheet["celebrate"]) == (0, [])
    page = undated.get(f"/students/{EVE}/conference").text
    assert "0 new pieces of evidence. 9 more were recorded since then, undated" in page
    causes = {
        i["cause"] for i in undated.get("/v1/classes/elm/interventions").json()["interventions"]
    }
    assert causes.isdisjoint({"inactive", "rushing", "ready_to_go_ahead"})


def test_what_was_practised_undated_is_not_said_to_rest_today(undated: TestClient) -> None:
    offered = undated.get(f"/v1/students/{FAY}/choices").json()["choices"]
    assert "count" in {target for choice in offered for target in choice["targets"]}


def test_what_was_shown_undated_is_due_for_a_look_back(undated: TestClient) -> None:
    offered = undated.get(f"/v1/students/{EVE}/choices?n=4").json()["choices"]
    said = {r["code"]: r["teacher"] for choice in offered for r in choice["reasons"]}
    assert "nobody wrote down when" in said["due_undated"]
    assert "due" not in said


def test_pages_say_undated_where_a_date_would_stand(undated: TestClient) -> None:
    assert undated.get(f"/students/{EVE}").text.count("undated") == 9
    target = undated.get(f"/students/{EVE}/targets/add").text
    assert target.count("undated, ") == 4 + 4 + 1  # the story, the list to withdraw, forgetting
    assert (
        "Its evidence is undated, so what may have been forgotten since is not counted." in target
    )
    assert undated.get(f"/students/{EVE}/me/targets/add").text.count("undated") == 4


def test_the_agenda_counts_days_from_when_a_student_was_known(undated: TestClient) -> None:
    entries = undated.get("/v1/classes/elm/agenda").json()["days"]
    days = {e["student"]: e["days_since"] for day in entries for e in day["entries"]}
    assert set(days) == {EVE, FAY}
    assert all(number is not None for number in days.values())


def test_equal_rows_that_only_a_date_would_tell_apart_are_told_of(
    store: Store, tmp_path: Path, database: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("student,target,score\nada,add,1\nada,add,1\n")
    ran = footpath("import", "evidence", path, "--dry-run", *on(database))
    assert "1 rows say the same as a row above them and count once" in ran.out


def test_a_gradebook_without_a_date_is_not_of_today(
    client: TestClient, database: Path, tmp_path: Path
) -> None:
    path = tmp_path / "unit.csv"
    path.write_text("student,add\nada,1\nben,0\n")
    ran = footpath("import", "gradebook", path, *on(database), "--json")
    assert (ran.answer["evidence"], ran.answer["undated"]) == (2, 2)
    log = client.get("/v1/students/ada/evidence").json()["evidence"]
    (piece,) = [e for e in log if e["id"].startswith("gradebook:")]
    assert piece["observed_at"] is None
    again = footpath("import", "gradebook", path, *on(database), "--json")
    assert (again.answer["evidence"], again.answer["unchanged"]) == (0, 2)
