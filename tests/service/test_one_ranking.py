"""List, agenda, sheet, pages and commands: one student, one order of needs."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from engine import Policy
from service import Store
from service.contract import Roster, RosterClass, RosterStudent
from service.principal import LOCAL
from service.usecases import curricula, recording, rosters
from tests.cast import NOW, TARGETS, answers
from tests.service.command import footpath, on

CLASSES = {"elm": [f"p{i:02d}" for i in range(12)], "fir": [f"p{i:02d}" for i in range(8, 18)]}
BOTH = sorted(set(CLASSES["elm"]) & set(CLASSES["fir"]))


def fill_two_classes(store: Store, seed: int) -> None:
    """Two classes that share four students, each of whom fails here and there."""
    rng = np.random.default_rng(seed)
    rosters.put_roster(
        store, LOCAL,
        Roster(classes=[RosterClass(id=name, students=[RosterStudent(id=s) for s in members])
                        for name, members in CLASSES.items()]),
    )  # fmt: skip
    pieces = [
        piece
        for student in sorted({s for members in CLASSES.values() for s in members})
        for target in rng.permutation(TARGETS)[: rng.integers(1, 5)]
        for piece in answers(
            student, str(target), "".join(rng.choice(["0", "0", "1"], rng.integers(2, 11))),
            int(rng.integers(0, 20)),
        )
    ]  # fmt: skip
    recording.record_evidence(store, LOCAL, pieces, NOW)


@pytest.fixture(params=[(1, 0.0), (2, 0.0), (5, 0.5)], ids=["one", "two", "with a lot"])
def school(request: pytest.FixtureRequest, store: Store) -> None:
    seed, hold_out = request.param
    fill_two_classes(store, seed)
    if hold_out:
        curricula.put_policy(store, LOCAL, Policy(hold_out=hold_out), NOW)


def api(client: TestClient, path: str) -> Any:
    answer = client.get(f"/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(needs: Sequence[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(need["student"], need["cause"], need["target"]) for need in needs]


@pytest.mark.usefixtures("school")
def test_list_agenda_and_sheet_name_the_same_need_first(client: TestClient) -> None:
    for name, members in CLASSES.items():
        listed = said(api(client, f"/classes/{name}/interventions")["interventions"])
        days = api(client, f"/classes/{name}/agenda")["days"]
        planned = said([entry for day in days for entry in day["entries"]])
        assert sorted(student for student, _, _ in planned) == members
        assert listed
        assert planned[: len(listed)] == listed
        for first in planned:
            sheet = api(client, f"/students/{first[0]}/conference?class_id={name}")
            needs = said([sheet["intervention"], *sheet["others"]])
            assert needs[0] == first
            assert len(set(needs)) == len(needs)
            assert sheet["asked_because"] == first[1]
            offered = {target for choice in sheet["choices"] for target in choice["targets"]}
            silent = first[2] is None or first[2] in offered
            assert (sheet["not_offered"] is None) == silent
            if not silent:
                assert sheet["not_offered"]["targets"][0] == first[2]


@pytest.mark.usefixtures("school")
def test_in_two_classes_the_sheet_begins_with_the_more_urgent_of_both(client: TestClient) -> None:
    for student in BOTH:
        path = f"/students/{student}/conference"
        (*each,) = (api(client, f"{path}?class_id={name}")["intervention"] for name in CLASSES)
        most = max(each, key=lambda proposal: float(proposal["priority"]))
        assert api(client, path)["intervention"] == most


def test_of_a_class_the_student_is_not_in_there_is_no_sheet(
    client: TestClient, store: Store
) -> None:
    fill_two_classes(store, 1)
    refused = client.get(f"/v1/students/{CLASSES['elm'][0]}/conference?class_id=fir")
    assert refused.status_code == 404
    assert "there is no class of the student with the id 'fir'" in refused.text


@pytest.mark.usefixtures("school")
def test_pages_and_commands_say_what_the_api_says(
    client: TestClient, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.app.utc_now", lambda: NOW)
    listed = api(client, "/classes/elm/interventions")["interventions"]
    page = html.unescape(client.get("/classes/elm/interventions").text)
    shown = footpath("interventions", "elm", *on(database), "--json").answer["interventions"]
    assert shown == listed
    spoken = footpath("interventions", "elm", *on(database)).out
    for each in listed:
        path = f"/students/{each['student']}/conference?class_id=elm"
        sheet = html.unescape(client.get(path).text)
        command = footpath("conference", each["student"], "--class", "elm", *on(database)).out
        told = [each["reason"], *filter(None, [each["chain"]])]
        written = api(client, path)
        if written["not_offered"]:
            assert written["not_offered"]["teacher"] in sheet
            assert written["not_offered"]["teacher"] in command
        assert each["id"] in spoken
        for text in (page, sheet, command, spoken):
            assert all(reason["teacher"] in text for reason in told)
        assert f'href="{path}"' in page
        assert [mate["student"] for mate in each["mates"]] == each["together"]
        for mate in each["mates"]:
            says = " ".join(r["teacher"] for r in (mate["reason"], mate["chain"]) if r)
            assert f"{mate['student']}, the same need: {says}" in " ".join(spoken.split())
            assert says in page
    told = [named["chain"] for each in listed for named in (each, *each["mates"])]
    assert any(told)  # somewhere the gap lies further below
