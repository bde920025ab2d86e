"""Placement through the service: API and command alike, and nothing certified by it."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import BKTModel
from service import Store
from service.contract import Roster, RosterClass, RosterStudent
from service.principal import LOCAL
from service.usecases import fitting, placing, rosters
from tests.cast import ADA, NOW
from tests.service.command import footpath, on

NEW = "new"


@pytest.fixture(autouse=True)
def _a_new_student(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.app.utc_now", lambda: NOW)
    student = RosterStudent(id=NEW, name="Nell N.")
    elm = Roster(classes=[RosterClass(id="elm", title="Elm", students=[student])])
    rosters.put_roster(store, LOCAL, elm)


def answered(client: TestClient, target: str, score: float) -> None:
    piece = {"student": NEW, "targets": [target], "score": score, "id": f"new-{target}"}
    sent = client.post("/v1/evidence", json={"evidence": [piece]})
    assert sent.status_code == 200, sent.text


def test_a_new_student_is_asked_what_tells_most_and_offered_probes(
    client: TestClient,
) -> None:
    found = client.get(f"/v1/students/{NEW}/placement").json()
    assert found["new"]
    assert not found["finished"]
    assert found["answered"] == 0
    assert found["left"] == 10
    choices = client.get(f"/v1/students/{NEW}/choices").json()["choices"]
    assert {choice["purpose"] for choice in choices} == {"probe"}
    assert any("placing" in {r["code"] for r in choice["reasons"]} for choice in choices)


def test_an_answer_speaks_for_what_comes_before_and_certifies_nothing(client: TestClient) -> None:
    before = {p["target"]: p for p in places(client)}
    status = statuses(client)
    answered(client, "multiply", 1.0)
    after = {p["target"]: p for p in places(client)}
    assert after["count"]["p"] > before["count"]["p"]
    assert after["count"]["rests_on"][0]["evidence"] == "new-multiply"
    assert after["multiply"]["seen"]
    assert "mastered" not in statuses(client).values()
    assert {t: s for t, s in statuses(client).items() if t != "multiply"} == {
        t: s for t, s in status.items() if t != "multiply"
    }


def places(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/students/{NEW}/placement").json()["places"]
    return found


def statuses(client: TestClient) -> dict[str, str]:
    found = client.get(f"/v1/students/{NEW}/mastery").json()["targets"]
    return {each["target"]: each["status"] for each in found}


@pytest.mark.parametrize("student", [NEW, ADA])
def test_the_command_answers_as_the_api_does(
    client: TestClient, database: Path, student: str
) -> None:
    ran = footpath("placement", student, "--probes", 4, *on(database), "--json")
    assert ran.code == 0
    query = {"probes": 4}
    assert ran.answer == client.get(f"/v1/students/{student}/placement", params=query).json()
    said = footpath("placement", student, *on(database)).out
    assert "certifies nothing" in said
    assert "likely" in said or "unclear" in said


def test_an_unknown_student_is_refused(client: TestClient, database: Path) -> None:
    assert client.get("/v1/students/zed/placement").status_code == 404
    assert footpath("placement", "zed", *on(database)).code == 2


def test_a_school_puts_its_own_starts_in_force(client: TestClient, store: Store) -> None:
    usual = client.get(f"/v1/students/{NEW}/placement").json()["starts"]
    version = placing.put_starts(store, LOCAL, fitting.log_in_store(store, LOCAL), NOW)
    fitting.put_in_force(store, LOCAL, BKTModel(), NOW)
    assert client.get(f"/v1/students/{NEW}/placement").json()["starts"] == version != usual


def test_the_teacher_sees_where_a_new_student_may_start(client: TestClient) -> None:
    page = client.get(f"/students/{NEW}").text
    assert "There is no evidence of this student’s work yet." in page
    assert "To ask next, at most 10 more" in page
    assert "certify nothing" not in page, "nothing is proposed from nothing"
    answered(client, "multiply", 1.0)
    page = client.get(f"/students/{NEW}").text
    assert "Where to start" in page
    assert "certify nothing" in page
