"""The pages show the numbers and statuses of the API, and no others."""

import html
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from engine import percent
from models import BKTModel, BKTParameters
from service import Store
from service.pages.words import STATUS_WORDS
from service.principal import LOCAL
from service.usecases import curricula, recording
from tests.cast import ADA, BEN, CLEO, NOW, TARGETS, answers
from tests.service.command import footpath, on
from tests.service.page import Page
from tests.service.school import CLASS, NAMES, sent

each_student = pytest.mark.parametrize("student", [ADA, BEN, CLEO])


def page(client: TestClient, path: str) -> Page:
    """Open a page."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


def api(client: TestClient, path: str) -> Any:
    """Ask the API."""
    answer = client.get(f"/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_class_page_shows_the_grid_of_the_api(client: TestClient) -> None:
    seen = page(client, f"/classes/{CLASS}")
    grid = api(client, f"/classes/{CLASS}/mastery")
    used = [
        column
        for column in range(len(TARGETS))
        if any(row[column] != "not_started" for row in grid["status"])
    ]
    assert [row[0].text for row in seen.body_rows] == [NAMES[s] for s in grid["students"]]
    for row, statuses, chances in zip(
        seen.body_rows, grid["status"], grid["p_mastered"], strict=True
    ):
        cells = row[1:]
        assert [cell.css for cell in cells] == [statuses[c] for c in used]
        assert [cell.text for cell in cells] == [STATUS_WORDS[statuses[c]].letter for c in used]
        assert [cell.values for cell in cells] == [[chances[c]] for c in used]


@each_student
def test_the_teachers_page_of_a_student_shows_the_estimates_of_the_api(
    client: TestClient, student: str
) -> None:
    seen = page(client, f"/students/{student}")
    mastery = api(client, f"/students/{student}/mastery")
    shown = [t for t in mastery["targets"] if t["evidence_count"] or t["ready"]]
    assert [row[0].text for row in seen.body_rows] == [t["text"] for t in shown]
    for row, target in zip(seen.body_rows, shown, strict=True):
        assert row[1].text.startswith(STATUS_WORDS[target["status"]].letter)
        worked_on = target["evidence_count"] > 0
        assert row[2].values == ([target["p_mastered"]] if worked_on else [])
        growth = target["growth"]
        assert row[3].text == ("" if growth is None else f"{growth * 100:+.0f}")
        assert row[4].text == str(target["evidence_count"])
        more = [target["if_next_wrong"], target["if_next_right"]]
        assert row[5].values == (more if worked_on else [])
        assert row[6].text.startswith("Ready") == (target["ready"])
    summary = [(status, n) for status, n in mastery["summary"].items() if n]
    assert [status for status, _ in seen.badges][: len(summary)] == [s for s, _ in summary]


@each_student
def test_choices_and_reasons_are_those_of_the_api(client: TestClient, student: str) -> None:
    choices = api(client, f"/students/{student}/choices")["choices"]
    for path, reader in (
        (f"/students/{student}", "teacher"),
        (f"/students/{student}/me", "student"),
    ):
        seen = page(client, path)
        titles = [choice["title"] for choice in choices]
        assert [heading for heading in seen.headings if heading in titles] == titles
        reasons = [reason[reader] for choice in choices for reason in choice["reasons"]]
        assert seen.items[: len(reasons)] == reasons
        shown = html.unescape(client.get(path).text)
        for choice in choices:
            assert " ".join(change[reader] for change in choice["changes"]) in shown


@each_student
def test_the_students_own_page_shows_the_same_estimates(client: TestClient, student: str) -> None:
    seen = page(client, f"/students/{student}/me")
    mastery = api(client, f"/students/{student}/mastery")
    judged = {"developing", "near", "check_again", "mastered"}
    expected = {
        f"{t['text']} {percent(t['p_mastered'])}, {t['evidence_count']} seen": t["p_mastered"]
        for t in mastery["targets"]
        if t["status"] in judged
    }
    not_yet = [
        f"{t['text']} {t['evidence_count']} seen, not enough to say yet"
        for t in mastery["targets"]
        if t["status"] == "not_enough_evidence"
    ]
    assert sorted(i for i in seen.items if i.endswith("not enough to say yet")) == sorted(not_yet)
    assert sorted(i for i in seen.items if i.endswith(" seen")) == sorted(expected)
    assert sorted(value for value, _ in seen.values) == sorted(expected.values())


@each_student
def test_the_page_of_a_target_explains_with_the_numbers_of_the_api(
    client: TestClient, student: str
) -> None:
    placement = api(client, f"/students/{student}/placement")
    places = {each["target"]: each for each in placement["places"]} if placement["answered"] else {}
    for target in api(client, f"/students/{student}/mastery")["targets"]:
        name = target["target"]
        seen = page(client, f"/students/{student}/targets/{name}")
        why = api(client, f"/students/{student}/mastery/{name}")
        assert seen.badges == [
            (
                target["status"],
                f"{STATUS_WORDS[target['status']].letter} {STATUS_WORDS[target['status']].teacher}",
            )
        ]
        if not target["evidence_count"]:
            here = [places[name]["p"], places[name]["usual"]] if name in places else []
            assert [value for value, _ in seen.values] == here
            assert seen.tables == []
            continue
        assert [value for value, _ in seen.values] == [
            target["p_mastered"],
            target["p_right"],
            target["p_right_low"],
            target["p_right_high"],
            *([] if target["baseline"] is None else [target["baseline"]]),
            target["if_next_wrong"],
            target["if_next_right"],
            why["prior"],
            *(step["after"] for step in why["contributions"]),
        ]
        effects = [(row[3].text, row[4].text) for row in seen.body_rows[1:]]
        assert effects == [
            (f"{step['evidence_effect']:+.2f}", f"{step['practice_effect']:+.2f}")
            for step in why["contributions"]
        ]
        for row, step in zip(seen.body_rows[1:], why["contributions"], strict=True):
            rose = step["evidence_effect"] < 0 and step["after"] > step["before"]
            rose = rose and percent(step["after"]) != percent(step["before"])
            assert (step["says"] is not None) == rose
            said = step["says"]["teacher"] if step["says"] else ""
            assert row[5].text == f"{percent(step['after'])} {said}".strip()


def test_a_wrong_answer_that_raises_an_estimate_says_why_on_page_and_command(
    client: TestClient, store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.app.utc_now", lambda: NOW)
    model = BKTModel({"divide": BKTParameters(0.01, 0.3, 0.1, 0.2)})  # every task teaches much
    curricula.put_model(store, LOCAL, model, NOW)
    recording.record_evidence(store, LOCAL, answers(CLEO, "divide", "00"), NOW)
    why = api(client, f"/students/{CLEO}/mastery/divide")
    says = [step["says"]["teacher"] for step in why["contributions"] if step["says"]]
    assert says
    shown = html.unescape(client.get(f"/students/{CLEO}/targets/divide").text)
    told = footpath("mastery", CLEO, "divide", *on(database)).out
    assert all(each in shown and each in told for each in says)


def test_percents_are_written_alike_everywhere_and_never_as_certainty(client: TestClient) -> None:
    paths = [f"/students/{s}{tail}" for s in NAMES for tail in ("", "/me", "/targets/add")]
    for path in paths:
        for value, words in page(client, path).values:
            assert words == percent(value)
            assert words not in {"0 %", "100 %"}


def test_groups_and_interventions_are_those_of_the_api(client: TestClient) -> None:
    students = [f"g{i}" for i in range(5)]
    roster = {"classes": [{"id": "elm", "students": [{"id": s} for s in students]}]}
    assert client.put("/v1/roster", json=roster).status_code == 200
    pieces = [sent(p) for s in students[:4] for p in answers(s, "count", "0" * 11)]
    assert client.post("/v1/evidence", json={"evidence": pieces}).status_code == 200
    seen = page(client, "/classes/elm")
    groups = api(client, "/classes/elm/groups")
    urgent = api(client, "/classes/elm/interventions")["interventions"]
    assert groups["groups"]
    assert urgent
    for group in groups["groups"]:
        assert group["text"] in seen.headings
        assert ", ".join(group["students"]) in " ".join(seen.words.split())
        assert group["reason"]["teacher"] in seen.words
    for proposal in urgent:
        assert any(heading.startswith(proposal["student"]) for heading in seen.headings)
        assert proposal["reason"]["teacher"] in seen.words
        assert proposal["action"] in seen.words


def test_the_evidence_log_is_the_apis_latest_first(client: TestClient) -> None:
    log = api(client, f"/students/{ADA}/evidence")["evidence"]
    items = page(client, f"/students/{ADA}").items[-len(log) :]
    assert len(items) == len(log)
    for item, piece in zip(items, reversed(log), strict=True):
        assert piece["targets"][0].capitalize() in item
        assert item.endswith("right" if piece["score"] == 1 else "not yet")
