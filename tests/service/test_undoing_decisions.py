"""What was said to a choice is taken back: by API, command and one click, and nothing is lost."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service import Store
from service.contract import ActIn, DecisionIn, OfferedOption
from service.principal import LOCAL
from service.usecases import deciding
from service.usecases.exporting import erase_student, student_export
from tests.cast import ADA, BEN, NOW
from tests.service.command import footpath, on
from tests.service.page import Page

WHY = {"reason": "said in a hurry", "author": "ms-o"}


def offer_of(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/students/{ADA}/choices").json()
    return found


def options(client: TestClient) -> list[str]:
    return [choice["option"] for choice in offer_of(client)["choices"]]


def declined(client: TestClient, option: str, **said: Any) -> dict[str, Any]:
    """Decline an option; returns the decision as it was kept."""
    offer = offer_of(client)
    offered = [{"option": c["option"], "purpose": c["purpose"]} for c in offer["choices"]]
    if option not in {each["option"] for each in offered}:
        offered.append({"option": option, "purpose": "learn"})
    body = {
        "student": ADA, "recommendation_id": offer["recommendation_id"], "offered": offered,
        "said": "declined", "option": option, **said,
    }  # fmt: skip
    answer = client.post("/v1/decisions", json=body)
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


def undone(client: TestClient, decision: str, **act: Any) -> Any:
    return client.post(f"/v1/decisions/{decision}/undo", json={**WHY, **act})


def test_what_is_undone_is_offered_again_and_stays_on_record(client: TestClient) -> None:
    before = offer_of(client)
    first = before["choices"][0]["option"]
    kept = declined(client, first, why="too_hard")
    (aside,) = offer_of(client)["set_aside"]
    assert (aside["decision"], aside["option"], aside["why"]) == (kept["id"], first, "too_hard")
    assert first not in options(client)
    answer = undone(client, kept["id"])
    assert answer.status_code == 200
    how = answer.json()["undone"]
    assert (how["author"], how["reason"]) == ("ms-o", "said in a hurry")
    assert offer_of(client) == before
    (record,) = client.get(f"/v1/students/{ADA}/decisions").json()["decisions"]
    assert record == answer.json()
    assert {**record, "undone": None} == kept
    assert client.get("/v1/decisions/acceptance").json()["offers"] == 0


def test_an_undo_is_safe_to_repeat_and_another_one_is_refused(client: TestClient) -> None:
    kept = declined(client, options(client)[0])
    first = undone(client, kept["id"], id="act-1")
    assert undone(client, kept["id"], id="act-1").json() == first.json()
    assert undone(client, kept["id"]).json() == first.json()
    for act in ({"author": "mr-p"}, {"reason": "no"}, {"id": "act-2"}):
        other = undone(client, kept["id"], **act)
        assert other.status_code == 409
        assert "is undone already, by ms-o on 2026-03-02" in other.json()["detail"]
    second = declined(client, options(client)[1])
    assert undone(client, second["id"], id="act-1").status_code == 409
    assert undone(client, second["id"]).status_code == 200


@pytest.mark.usefixtures("unchanged")
def test_an_undo_of_nothing_or_without_a_reason_is_refused(client: TestClient) -> None:
    missing = undone(client, "zed")
    assert missing.status_code == 404
    assert "decision" in missing.json()["detail"]
    assert undone(client, "zed", reason="").status_code == 422


def test_what_was_undone_can_be_said_anew_and_the_word_before_it_counts(
    client: TestClient,
) -> None:
    first = options(client)[0]
    taken = declined(client, first, said="taken", decided_at="2026-03-02T07:00:00Z")
    no = declined(client, first, decided_at="2026-03-02T07:30:00Z")
    undone(client, no["id"])
    assert "You chose this." in client.get(f"/students/{ADA}/me").text
    again = declined(client, first)
    assert again["id"] not in {no["id"], taken["id"]}
    assert again["undone"] is None
    assert first not in options(client)
    anew = declined(client, first, id="mine")
    undone(client, "mine")
    assert declined(client, first, id="mine")["undone"], "sent twice by a client, not said anew"
    assert anew["undone"] is None


def clicked(client: TestClient, page: str, says: str) -> Page:
    """Press the first button that says something on a page; returns where it leads."""
    for form in re.findall(r"<form.*?</form>", client.get(page).text, re.DOTALL):
        if f">{says}</button>" in form:
            action = re.search(r'action="([^"]+)"', form)
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            assert action
            back = client.post(action[1], data=fields, follow_redirects=True)
            assert back.status_code == 200, back.text
            return Page(back.text)
    raise AssertionError(f"no button says {says!r}")


@pytest.mark.parametrize("page", [f"/students/{ADA}/me", f"/students/{ADA}"])
def test_one_click_puts_it_back(client: TestClient, page: str) -> None:
    first = options(client)[0]
    kept = declined(client, first, why="not_now")
    assert any(item.endswith("Put it back") for item in Page(client.get(page).text).items)
    back = clicked(client, page, "Put it back")
    assert not any(item.endswith("Put it back") for item in back.items)
    assert first in options(client)
    form = {"decision": kept["id"]}
    path = f"{page}/decisions/undo"
    assert client.post(path, data=form, follow_redirects=False).status_code == 303


def test_what_was_taken_or_wished_is_taken_back_by_one_click(client: TestClient) -> None:
    own, offer = f"/students/{ADA}/me", offer_of(client)
    declined(client, offer["choices"][0]["option"], said="taken")
    assert "You chose this." not in clicked(client, own, "Undo").words
    body = {
        "student": ADA, "recommendation_id": "r-1", "said": "other", "words": "a board game",
        "offered": [{"option": offer["choices"][0]["option"], "purpose": "learn"}],
    }  # fmt: skip
    assert client.post("/v1/decisions", json=body).status_code == 200
    assert "a board game" not in clicked(client, own, "Take it back").words
    assert "a board game" not in client.get(f"/students/{ADA}/conference").text


def test_nobody_undoes_a_decision_from_the_page_of_another(client: TestClient) -> None:
    kept = declined(client, options(client)[0])
    form = {"decision": kept["id"]}
    assert client.post(f"/students/{BEN}/me/decisions/undo", data=form).status_code == 404
    assert options(client)[0] != kept["option"]


def test_the_commands_list_and_undo(database: Path) -> None:
    option = footpath("recommend", ADA, "--json", *on(database)).answer["choices"][0]["option"]
    done = footpath("decide", ADA, "declined", option, *on(database))
    (listed,) = footpath("decisions", ADA, "--json", *on(database)).answer["decisions"]
    assert listed["id"] in done.out
    assert "undo-decision" in done.out
    assert footpath("undo-decision", listed["id"], *on(database)).code == 2
    act = ("undo-decision", listed["id"], "--reason", "slip", *on(database))
    assert footpath(*act, "--json").answer["undone"]["reason"] == "slip"
    assert "is undone" in footpath(*act).out
    assert "undone by" in footpath("decisions", ADA, *on(database)).out
    again = footpath("undo-decision", listed["id"], "--reason", "other", *on(database))
    assert (again.code, "undone already" in again.err) == (2, True)
    unknown = footpath("undo-decision", "zed", "--reason", "slip", *on(database))
    assert (unknown.code, "zed" in unknown.err) == (2, True)


def test_an_undo_leaves_with_the_student(store: Store) -> None:
    decision = DecisionIn(
        student=ADA, recommendation_id="r-1", said="taken", option="share",
        offered=[OfferedOption(option="share", purpose="learn")],
    )  # fmt: skip
    kept = deciding.decide(store, LOCAL, decision, NOW)
    back = deciding.undo(store, LOCAL, kept.id, ActIn(reason="slip"), NOW)
    assert student_export(store, LOCAL, ADA, NOW).decisions == [back]
    erase_student(store, LOCAL, ADA)
    with store.read(LOCAL.district) as unit:
        rows = unit.connection.exec_driver_sql("SELECT count(*) FROM decision_undos").scalar_one()
    assert rows == 0


@pytest.mark.parametrize("columns", [60, 80])
def test_decisions_are_told_in_lines_that_fit_with_the_id_that_undoes_them(
    database: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = "I would rather do something with graphs, and with my hands, than this one once more"
    done = footpath("decide", ADA, "other", "--words", said, "--json", *on(database)).answer
    told = footpath("decisions", ADA, *on(database)).out.splitlines()
    assert told[0].split()[0] == done["id"]
    assert max(map(len, told)) <= columns
    assert " ".join(" ".join(told[1:]).split()) == f"“{said}”"
    assert footpath("decisions", BEN, *on(database)).out == "Nothing has been decided yet.\n"
