"""Placement through the service: API and command alike, and nothing certified by it."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import BKTModel
from models.starts import Starts
from service import Store
from service.contract import Roster, RosterClass, RosterStudent
from service.principal import LOCAL
from service.store import documents
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


def answered(client: TestClient, target: str, score: float, again: int = 0) -> None:
    piece = {
        "student": NEW,
        "targets": [target],
        "score": score,
        "id": f"new-{target}{again or ''}",
    }
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
    assert "To ask next, wherever it lies on the map, at most 10 more" in page
    assert "certifies nothing" not in page, "nothing is proposed from nothing"
    answered(client, "multiply", 1.0)
    page = client.get(f"/students/{NEW}").text
    assert "Where to start" in page
    assert "certifies nothing" in page


@pytest.mark.parametrize(("status", "up"), [("mastered", True), ("developing", False)])
def test_a_judgement_places_until_it_is_undone(client: TestClient, status: str, up: bool) -> None:
    blank = client.get(f"/v1/students/{NEW}/placement").json()
    judged = judge(client, "multiply", status)
    implied = ["add", "count"] if up else []
    found = client.get(f"/v1/students/{NEW}/placement").json()
    assert (found["answered"], found["left"]) == (1, 9)
    assert "multiply" not in [probe["target"] for probe in found["would_ask"]]
    assert any(s["code"] == "known_judged" and s["targets"] == ["multiply"] for s in found["says"])
    before = {each["target"]: each["p"] for each in blank["places"]}
    for each in found["places"]:
        assert each["implied_by"] == (["multiply"] if each["target"] in implied else [])
        if each["target"] in ("count", "add", "divide"):
            (part,) = each["rests_on"]
            assert (part["target"], part["evidence"]) == ("multiply", None)
            assert (part["log_odds"] > 0) == up
        if each["target"] in implied:
            assert (each["p"], each["where"]) == (None, None)
            assert each["target"] not in [probe["target"] for probe in found["would_ask"]]
        elif each["target"] != "multiply":
            assert (each["p"] > before[each["target"]]) == up
    page = client.get(f"/students/{NEW}/targets/divide").text
    assert f"Multiply speaks {'for' if up else 'against'} it" in page
    act = {"reason": "a slip", "author": "MS"}
    assert client.post(f"/v1/events/{judged}/undo", json=act).status_code == 200
    again = client.get(f"/v1/students/{NEW}/placement").json()
    assert again["places"] == blank["places"]


def judge(client: TestClient, target: str, status: str) -> str:
    said = {"student": NEW, "target": target, "status": status, "reason": "seen", "author": "MS"}
    sent = client.post("/v1/overrides", json=said)
    assert sent.status_code == 200, sent.text
    return str(sent.json()["id"])


def test_there_is_one_number_for_what_nobody_has_seen_and_one_for_what_was_seen(
    client: TestClient,
) -> None:
    answered(client, "multiply", 1.0)
    judge(client, "divide", "mastered")
    found = {each["target"]: each for each in places(client)}
    for target, each in found.items():
        known = target in ("multiply", "divide")
        assert each["seen"] == known
        by_others = not known and not each["implied_by"]
        assert (each["p"] is not None) == (each["where"] is not None) == by_others
    page = " ".join(client.get(f"/students/{NEW}").text.split())
    for row in page.split("<tr>")[2:]:
        cells = row.split("<td")
        if "Multiply</a>" not in row:
            assert "<data" not in row, "no estimate of what nobody has seen"
        else:
            assert "<data" in cells[2]
    choices = client.get(f"/v1/students/{NEW}/choices").json()["choices"]
    assert choices
    for choice in choices:
        if not any(found[target]["seen"] for target in choice["targets"]):
            assert "success_band" not in [reason["code"] for reason in choice["reasons"]]
    for target, each in found.items():
        told = client.get(f"/students/{NEW}/targets/{target}").text
        assert ("sure that Nell N. has it" in told) == (target == "multiply")
        assert ("three tasks in five right" in told) == (each["p"] is not None)
    assert 'Mastered, judged by a teacher"' in client.get("/classes/elm").text
    assert 'Not started"' in client.get("/classes/oak").text, "a blank cell names no estimate"


def test_the_command_never_says_zero_or_certain(
    client: TestClient, store: Store, database: Path
) -> None:
    sure = {"count": 9.0, "divide": -9.0}
    document = Starts(mean=sure).to_document()
    with store.write(LOCAL.district) as unit:
        documents.put_document(unit, "starts", document["version"], document, NOW)
    answered(client, "shapes", 1.0)
    said = footpath("placement", NEW, *on(database)).out
    assert "< 1 %" in said
    assert "> 99 %" in said
    assert " 0" not in said.replace(" 0.", "")
    assert "100" not in said


@pytest.mark.parametrize("tries", [0, 3, 12, 40])
def test_placement_asks_for_the_probes_that_the_conference_sheet_asks_for(
    client: TestClient, tries: int
) -> None:
    for again in range(tries):
        answered(client, "multiply", 0.0, again)
    sheet = client.get(f"/v1/students/{NEW}/conference").json()
    needs = [sheet["intervention"], *sheet["others"]]
    wanted = {need["target"] for need in needs if need["action_kind"] == "probe"}
    assert bool(wanted) == (tries > 0)
    says = client.get(f"/v1/students/{NEW}/placement").json()["says"]
    asked = {target for each in says if each["code"] == "placed_gap" for target in each["targets"]}
    assert asked == wanted
    assert not wanted or "placed_would_ask" not in [each["code"] for each in says]


def test_the_command_places_who_is_not_new_any_more_only_if_asked_to(
    client: TestClient, database: Path
) -> None:
    for again in range(31):
        answered(client, "multiply", 1.0, again)
    assert "three tasks in five" not in footpath("placement", NEW, *on(database)).out
    assert "three tasks in five" in footpath("placement", NEW, "--probes", 40, *on(database)).out
    page = client.get(f"/students/{NEW}").text
    assert "three tasks in five" not in page
    assert "three tasks in five" not in client.get(f"/students/{NEW}/targets/count").text
