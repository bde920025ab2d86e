"""The way to a goal and what is decided on the way: API, command and pages say the same."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service import Store
from service.contract import DecisionIn, OfferedOption, PlanIn
from service.principal import LOCAL
from service.store import support
from service.usecases import conferring, deciding, pathways
from service.usecases.exporting import erase_student, student_export
from tests.cast import ADA, BEN, NOW
from tests.service.command import footpath, on
from tests.service.school import CLASS

PLAN = {"goal": "numbers", "by": "2026-04-01"}


def offer_of(client: TestClient, student: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/students/{student}/choices").json()
    return found


def decision_on(offer: dict[str, Any], **said: Any) -> dict[str, Any]:
    offered = [{"option": c["option"], "purpose": c["purpose"]} for c in offer["choices"]]
    return {
        "student": offer["student"],
        "recommendation_id": offer["recommendation_id"],
        "offered": offered,
        **said,
    }


def test_the_agreed_goal_is_the_default_and_all_say_the_same(
    client: TestClient, store: Store, database: Path
) -> None:
    path = f"/v1/students/{ADA}/pathway"
    assert client.get(path).status_code == 422
    assert client.put(f"/v1/students/{ADA}/plan", json=PLAN).status_code == 200
    way = client.get(path).json()
    assert (way["goal"], way["kind"], way["by"]) == ("numbers", "competency", "2026-04-01")
    assert way == client.get(path, params={"goal": "numbers"}).json()
    assert way["minutes"]["expected"] == pytest.approx(way["agreed"]["minutes"])
    assert (way["pace"], way["agreed"]["on"]) == ("on", NOW.date().isoformat())
    assert client.get(f"/v1/students/{ADA}/conference").json()["pathway"] == way
    ran = footpath("pathway", ADA, "--goal", "numbers", "--json", *on(database)).answer
    steps = [(c["target"], c["stage"]) for c in way["checkpoints"]]
    assert [(c["target"], c["stage"]) for c in ran["checkpoints"]] == steps
    told = footpath("pathway", ADA, "--by", "2060-05-01", *on(database))
    assert "Numbers" in told.out
    for page in (f"/students/{ADA}/me", f"/students/{ADA}", f"/students/{ADA}/conference"):
        text = client.get(page).text
        stations = re.search(r'<ol class="stations">(.*?)</ol>', text, re.DOTALL)
        assert stations, page
        assert len(re.findall(r"<a href=", stations[1])) == len(steps)


def test_an_unknown_goal_is_named(client: TestClient, database: Path) -> None:
    answer = client.get(f"/v1/students/{ADA}/pathway", params={"goal": "zeppelin"})
    assert answer.status_code == 404
    assert "no goal with the id 'zeppelin'" in answer.json()["detail"]
    ran = footpath("pathway", ADA, "--goal", "zeppelin", *on(database))
    assert (ran.code, "zeppelin" in ran.err) == (2, True)


def test_the_own_plan_is_the_one_in_which_goal_and_day_were_agreed(store: Store) -> None:
    plan = PlanIn.model_validate(PLAN, strict=False)
    first = conferring.put_plan(store, LOCAL, ADA, plan, NOW - timedelta(days=9))
    words = plan.model_copy(update={"reflection": "Going well."})
    conferring.put_plan(store, LOCAL, ADA, words, NOW - timedelta(days=2))
    way = pathways.student_pathway(store, LOCAL, ADA, NOW)
    assert way.agreed is not None
    assert (way.agreed.on, way.agreed.minutes) == (
        (NOW - timedelta(days=9)).date(), first.minutes,
    )  # fmt: skip
    later = plan.model_copy(update={"by": NOW.date() + timedelta(days=90)})
    conferring.put_plan(store, LOCAL, ADA, later, NOW)
    moved = pathways.student_pathway(store, LOCAL, ADA, NOW)
    assert moved.agreed is not None
    assert moved.agreed.on == NOW.date()
    with store.read(LOCAL.district) as unit:
        assert len(support.of_students(unit, [ADA]).plans) == 3


def test_choices_head_for_the_agreed_goal_on_every_screen(client: TestClient) -> None:
    client.put(f"/v1/students/{ADA}/plan", json={**PLAN, "formats": ["paper"]})
    offer = offer_of(client, ADA)
    assert offer["goal"] == "numbers"
    assert {c["format"] for c in offer["choices"]} == {"paper"}
    sheet = client.get(f"/v1/students/{ADA}/conference").json()
    assert [c["option"] for c in sheet["choices"]] == [c["option"] for c in offer["choices"]]


def test_a_decision_is_kept_once_and_heeded(client: TestClient) -> None:
    offer = offer_of(client, ADA)
    first = offer["choices"][0]["option"]
    no = decision_on(offer, said="declined", option=first, why="too_hard", words="long texts")
    no["decided_at"] = (NOW - timedelta(hours=1)).isoformat()
    kept = client.post("/v1/decisions", json=no)
    assert kept.status_code == 200
    assert client.post("/v1/decisions", json=no).json() == kept.json()
    assert kept.json()["versions"] == offer["versions"]
    again = offer_of(client, ADA)
    assert first not in {c["option"] for c in again["choices"]}
    assert again["recommendation_id"] != offer["recommendation_id"]
    mastery = client.get(f"/v1/students/{ADA}/mastery").json()
    log = client.get(f"/v1/students/{ADA}/decisions").json()["decisions"]
    assert [(d["option"], d["why"], d["words"]) for d in log] == [(first, "too_hard", "long texts")]
    yes = decision_on(offer, said="taken", option=first)
    assert client.post("/v1/decisions", json=yes).status_code == 200
    assert offer_of(client, ADA)["choices"] == offer["choices"]
    assert client.get(f"/v1/students/{ADA}/mastery").json() == mastery
    rates = client.get("/v1/decisions/acceptance", params={"class_id": CLASS}).json()
    assert rates["rates"][0] | {"low": 0, "high": 0} == {
        "by": "all", "value": "", "offered": len(offer["choices"]), "taken": 1, "declined": 0,
        "share": 1 / len(offer["choices"]), "low": 0, "high": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"said": "taken", "option": "fly"}, "option"),
        ({"said": "taken"}, "option"),
        ({"said": "other"}, "words"),
        ({"said": "other", "words": "chess", "option": "share"}, "option"),
        ({"said": "taken", "option": "share", "why": "too_hard"}, "why"),
        ({"said": "taken", "option": "share", "offered": []}, "offered"),
        ({"said": "taken", "option": "fly", "offered": [{"option": "fly", "purpose": "learn"}]},
         "offered.0.option"),
        ({"said": "taken", "option": "share", "decided_at": "2030-01-01T00:00:00Z"}, "decided_at"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("unchanged")
def test_a_decision_that_does_not_fit_its_offer_is_refused(
    client: TestClient, change: dict[str, Any], field: str
) -> None:
    offer = {"student": ADA, "recommendation_id": "r-1", "choices": []}
    offered = [{"option": "share", "purpose": "learn"}]
    answer = client.post("/v1/decisions", json={**decision_on(offer), "offered": offered, **change})
    assert answer.status_code == 422
    assert field in {e["field"] for e in answer.json()["errors"]}


def test_one_id_stands_for_one_decision(client: TestClient) -> None:
    offer = offer_of(client, BEN)
    yes = decision_on(offer, said="taken", option=offer["choices"][0]["option"], id="mine")
    assert client.post("/v1/decisions", json=yes).status_code == 200
    assert client.post("/v1/decisions", json=yes).status_code == 200
    clash = client.post("/v1/decisions", json={**yes, "said": "declined"})
    assert clash.status_code == 409
    unknown = client.post("/v1/decisions", json={**yes, "student": "nobody", "id": None})
    assert unknown.status_code == 404


def test_one_click_on_the_own_page_is_a_decision(client: TestClient) -> None:
    page = client.get(f"/students/{ADA}/me").text
    form = re.search(
        r'<form method="post" action="(/students/ada/me/decisions)".*?</form>', page, re.DOTALL
    )
    assert form
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    back = client.post(form[1], data={**sent, "said": "taken"}, follow_redirects=True)
    assert "You chose this." in back.text
    assert 'value="not_my_thing"' in form[0]
    other = {**sent, "option": sent["offered"][1], "said": "not_my_thing"}
    back = client.post(form[1], data=other, follow_redirects=True)
    assert f'name="option" value="{other["option"]}"' not in back.text
    wish = {**sent, "option": "", "said": "other", "words": "a board game"}
    back = client.post(form[1], data=wish, follow_redirects=True)
    assert "You told your teacher" in back.text
    for page in (f"/students/{ADA}", f"/students/{ADA}/conference"):
        assert "a board game" in client.get(page).text
    log = client.get(f"/v1/students/{ADA}/decisions").json()["decisions"]
    assert {(d["said"], d["why"], d["words"], d["author"]) for d in log} == {
        ("taken", "", "", ADA), ("declined", "not_my_thing", "", ADA),
        ("other", "", "a board game", ADA),
    }  # fmt: skip


def test_a_command_decides_on_the_choices_of_now(database: Path) -> None:
    offer = footpath("recommend", ADA, "--json", *on(database)).answer
    option = offer["choices"][0]["option"]
    wrong = footpath("decide", ADA, "taken", "fly", *on(database))
    assert (wrong.code, option in wrong.err) == (2, True)
    done = footpath("decide", ADA, "declined", option, "--why", "too_easy", "--json", *on(database))
    assert done.answer["offered"][0]["option"] == option
    assert footpath("acceptance", CLASS, "--json", *on(database)).answer["why"] == {"too_easy": 1}
    assert "too_easy" in footpath("acceptance", *on(database)).out


def test_decisions_leave_with_the_student(store: Store) -> None:
    decision = DecisionIn(
        student=ADA, recommendation_id="r-1", said="taken", option="share",
        offered=[OfferedOption(option="share", purpose="learn")],
    )  # fmt: skip
    kept = deciding.decide(store, LOCAL, decision, NOW)
    assert student_export(store, LOCAL, ADA, NOW).decisions == [kept]
    erase_student(store, LOCAL, ADA)
    assert deciding.acceptance_rates(store, LOCAL).offers == 0


def test_a_day_that_has_passed_is_no_day_to_be_there_by(client: TestClient) -> None:
    refused = client.put(f"/v1/students/{ADA}/plan", json={**PLAN, "by": "2026-02-01"})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["by"]
    asked = client.get(f"/v1/students/{ADA}/pathway?goal=numbers&by=2026-02-01")
    assert asked.status_code == 422
    assert "has passed" in asked.text
    client.put(f"/v1/students/{ADA}/plan", json=PLAN)
    assert client.get(f"/v1/students/{ADA}/pathway").json()["by"] == "2026-04-01"
