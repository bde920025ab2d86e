"""Groups from proposal to looking back: rules, accepting, changing, expiry, effects, the page."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.cast import NOW, answers
from tests.service.command import footpath, on
from tests.service.conftest import Dump
from tests.service.page import Page
from tests.service.school import dump, sent

ELM = [f"g{i}" for i in range(6)]
CLASS = "/v1/classes/elm"


@pytest.fixture
def days() -> list[int]:
    """How many days have gone by since now; a test may let time pass."""
    return [0]


@pytest.fixture
def elm(client: TestClient, days: list[int]) -> Iterator[TestClient]:
    """A client of a school with a class of six, of whom all have the same gap."""
    app = client.app
    assert isinstance(app, FastAPI)
    app.state.clock = lambda: NOW + timedelta(days=days[0])
    students = [{"id": s, "name": s.upper()} for s in ELM]
    roster = {"classes": [{"id": "elm", "title": "Elm", "students": students}]}
    assert client.put("/v1/roster", json=roster).status_code == 200
    record(client, [p for s in ELM for p in answers(s, "count", "00000000")])
    yield client
    app.state.clock = lambda: NOW


def record(client: TestClient, pieces: list[Any]) -> None:
    body = {"evidence": [sent(piece) for piece in pieces]}
    assert client.post("/v1/evidence", json=body).status_code == 200


def solved(client: TestClient, **rules: Any) -> dict[str, Any]:
    answer = client.post(f"{CLASS}/groups", json=rules)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def acceptance(found: dict[str, Any]) -> dict[str, Any]:
    fields = ("purpose", "target", "word", "students")
    return {"groups": [{name: group[name] for name in fields} for group in found["groups"]]}


def test_a_proposal_is_optimal_and_says_how_it_was_found(elm: TestClient) -> None:
    found = elm.get(f"{CLASS}/groups").json()
    assert found["quality"]["proven"]
    assert found["quality"]["gap"] == 0
    assert found["quality"]["bound"] == pytest.approx(found["quality"]["objective"])
    assert sum(found["quality"]["terms"].values()) == pytest.approx(found["quality"]["objective"])
    for group in found["groups"]:
        assert group["reason"]["teacher"]
        assert group["reason"]["student"]
        assert group["exit_check"]["teacher"]
        assert group["expires"] == "2026-03-09"
        assert [member["student"] for member in group["members"]] == group["students"]
        assert all(member["reasons"] for member in group["members"])
        assert all(member["reasons"][0]["evidence"] for member in group["members"])


def test_rules_are_kept_and_solved_around(elm: TestClient) -> None:
    lock = {"purpose": "reteach", "target": "count", "students": ["g0", "g5"]}
    found = solved(elm, purposes=["reteach"], locks=[lock], apart=[["g1", "g2"]], absent=["g4"],
                   low_cap=1, most=3)  # fmt: skip
    together = {s: i for i, group in enumerate(found["groups"]) for s in group["students"]}
    assert together["g0"] == together["g5"]
    assert "g4" not in together
    assert found["absent"] == ["g4"]
    assert together.get("g1") != together.get("g2", "none")
    assert {own["student"] for own in found["own"]} == set(ELM) - {"g4"} - set(together)


def test_rules_that_clash_are_refused_with_the_fewest_that_do(elm: TestClient) -> None:
    rules = {"apart": [["g0", "g1"]], "together": [["g2", "g3"], ["g0", "g1"]], "adults": 3}
    refused = elm.post(f"{CLASS}/groups", json=rules)
    assert refused.status_code == 422
    assert [e["field"] for e in refused.json()["errors"]] == ["apart.0", "together.1"]
    assert "give up" in refused.json()["detail"]


def test_accepted_groups_are_in_force_until_they_expire(elm: TestClient, days: list[int]) -> None:
    accepted = elm.post(f"{CLASS}/rounds", json=acceptance(solved(elm))).json()
    assert accepted["in_force"]
    assert accepted["expires"] == "2026-03-09"
    for passed, in_force in ((7, True), (8, False)):
        days[0] = passed
        (kept,) = elm.get(f"{CLASS}/rounds").json()["rounds"]
        assert kept["id"] == accepted["id"]
        assert kept["in_force"] is in_force


def test_accepting_the_same_twice_keeps_it_once(elm: TestClient, database: Path) -> None:
    wanted = acceptance(solved(elm))
    one, other = (elm.post(f"{CLASS}/rounds", json=wanted).json() for _ in range(2))
    assert one["id"] == other["id"]
    assert len(dump(database)["rounds"]) == 1


@pytest.mark.parametrize(
    ("group", "field"),
    [
        ({"target": "magic", "students": ["g0"]}, "groups.0.target"),
        ({"target": "count", "students": ["ada"]}, "groups.0.students"),
        ({"target": "count", "students": ["g0", "g0"]}, "groups.0.students"),
        ({"target": "count", "students": ["g0"], "coaches": ["g1"]}, "groups.0.coaches"),
    ],
)
def test_groups_that_make_no_sense_are_not_kept(
    elm: TestClient, snapshot: Dump, group: dict[str, Any], field: str
) -> None:
    before = snapshot()
    refused = elm.post(f"{CLASS}/rounds", json={"groups": [{"purpose": "reteach", **group}]})
    assert refused.status_code == 422
    assert [e["field"] for e in refused.json()["errors"]] == [field]
    assert snapshot() == before


def test_the_next_round_mixes_anew_and_says_what_changed(elm: TestClient, days: list[int]) -> None:
    rules = {"purposes": ["reteach"], "most": 3, "low_cap": 1}
    first = solved(elm, **rules)
    elm.post(f"{CLASS}/rounds", json=acceptance(first))
    days[0] = 8
    second = solved(elm, **rules)
    assert {frozenset(g["students"]) for g in first["groups"]}.isdisjoint(
        frozenset(g["students"]) for g in second["groups"]
    )
    for group in second["groups"]:
        assert group["new_pairs"] == pytest.approx(2 / 3)
        assert group["members"][0]["reasons"][1]["code"] == "change_again"


def test_an_effect_compares_before_and_after_and_claims_no_cause(
    elm: TestClient, days: list[int]
) -> None:
    group = {"purpose": "reteach", "target": "count", "students": ["g0", "g1", "g2"]}
    elm.post(f"{CLASS}/rounds", json={"groups": [group]})
    (before,) = elm.get(f"{CLASS}/rounds").json()["rounds"]
    assert before["groups"][0]["effect"]["seen"] == 0
    assert before["groups"][0]["effect"]["after"] is None
    days[0] = 3
    record(elm, [p for s in ("g0", "g1", "g5") for p in answers(s, "count", "1111", start=31)])
    found = elm.get(f"{CLASS}/rounds").json()
    effect = found["rounds"][0]["groups"][0]["effect"]
    assert (effect["students"], effect["seen"], effect["others"]) == (3, 2, 1)
    assert effect["after"] > effect["before"]
    assert effect["others_after"] == pytest.approx(effect["after"])
    assert "not a cause" in found["note"]


def test_an_erased_student_leaves_the_rounds_and_their_export_tells_of_them(
    elm: TestClient,
) -> None:
    groups = [
        {"purpose": "reteach", "target": "count", "students": ["g0"]},
        {"purpose": "reteach", "target": "count", "students": ["g1", "g2"]},
    ]
    elm.post(f"{CLASS}/rounds", json={"groups": groups})
    (seat,) = elm.get("/v1/students/g0/export").json()["groups"]
    assert (seat["class_id"], seat["target"], seat["role"]) == ("elm", "count", "learner")
    assert elm.delete("/v1/students/g0").status_code == 200
    (kept,) = elm.get(f"{CLASS}/rounds").json()["rounds"]
    assert [group["students"] for group in kept["groups"]] == [["g1", "g2"]]


def form_of(page: str) -> dict[str, list[str]]:
    """Return the hidden fields and the places that a page's form would send as it stands."""
    seats = re.findall(r'name="seat" value="([^"]*)"', page)
    aims = re.findall(r'name="aim" value="([^"]*)"', page)
    return {"seat": seats, "place": [""] * len(seats), "aim": aims}


def test_on_the_page_a_student_is_moved_the_rest_solved_again_and_accepted(
    elm: TestClient,
) -> None:
    path = "/classes/elm/groups"
    first = elm.get(path).text
    Page(first)
    form = form_of(first)
    student = form["seat"][0].split(" ")[2]
    form["place"][0] = "absent"
    again = elm.post(path, data={**form, "do": "solve", "most": "3"})
    assert again.status_code == 200
    assert "Absent today" in again.text
    form = form_of(again.text)
    assert any(seat.startswith(" ") and seat.endswith(student) for seat in form["seat"])
    done = elm.post(path, data={**form, "do": "accept"}, follow_redirects=False)
    assert done.status_code == 303
    (kept,) = elm.get(f"{CLASS}/rounds").json()["rounds"]
    assert student not in {s for group in kept["groups"] for s in group["students"]}
    assert "Accepted, until Monday, 9 March" in elm.get(path).text
    assert "Groups, and what became of them" in elm.get("/classes/elm").text


def test_the_page_keeps_what_was_there_when_rules_clash(elm: TestClient) -> None:
    path = "/classes/elm/groups"
    form = form_of(elm.get(path).text)
    pair = {"apart_one": ["g0"], "apart_other": ["g1"], "together_one": ["g0"],
            "together_other": ["g1"]}  # fmt: skip
    refused = elm.post(path, data={**form, **pair, "do": "solve"})
    assert refused.status_code == 422
    Page(refused.text)
    assert "apart (G0, G1)" in refused.text
    assert form_of(refused.text)["aim"] == form["aim"]


def test_a_move_on_the_page_is_accepted_as_it_stands(elm: TestClient) -> None:
    path = "/classes/elm/groups"
    form = form_of(elm.post(path, data={"do": "solve", "purpose": "reteach", "most": "3"}).text)
    assert len(form["aim"]) == 2
    mover = next(i for i, seat in enumerate(form["seat"]) if seat.startswith("0 "))
    form["place"][mover] = "1"
    elm.post(path, data={**form, "do": "accept"})
    (kept,) = elm.get(f"{CLASS}/rounds").json()["rounds"]
    assert sorted(len(group["students"]) for group in kept["groups"]) == [2, 4]


def test_the_command_takes_rules_from_options_and_files_and_can_accept(
    elm: TestClient, database: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('{"low_cap": 1, "most": 3}')
    words = ("groups", "elm", "--purpose", "reteach", "--apart", "g0~g1", "--rules", rules)
    ran = footpath(*words, "--accept", *on(database), "--json")
    assert ran.code == 0, ran.err
    assert {g["purpose"] for g in ran.answer["groups"]} == {"reteach"}
    assert not any({"g0", "g1"} <= set(g["students"]) for g in ran.answer["groups"])
    assert len(elm.get(f"{CLASS}/rounds").json()["rounds"]) == 1
    rules.write_text("[]")
    refused = footpath(*words, *on(database))
    assert (refused.code, "must hold one JSON object" in refused.err) == (2, True)
