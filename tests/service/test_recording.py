"""Evidence is stored once, whole, and never silently changed."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from service import Store
from service.principal import LOCAL
from service.store import states
from service.usecases import recording, replaying
from tests.cast import ADA, NOW, answers, class_evidence
from tests.service.conftest import Dump
from tests.service.school import sent

PIECE = {"id": "n1", "student": ADA, "targets": ["shapes"], "score": 1}


def post(client: TestClient, *pieces: dict[str, Any]) -> Any:
    """Send pieces in one batch."""
    return client.post("/v1/evidence", json={"evidence": list(pieces)})


def test_the_outcome_is_said_piece_by_piece(client: TestClient) -> None:
    known = sent(class_evidence()[0])
    answer = post(client, PIECE, known, {**PIECE, "id": "n2", "student": "new"}, PIECE).json()
    assert answer["outcomes"] == ["stored", "duplicate", "stored", "duplicate"]
    assert answer["ids"] == ["n1", known["id"], "n2", "n1"]
    assert (answer["stored"], answer["duplicates"], answer["students_added"]) == (2, 2, 1)


def test_sending_the_same_again_changes_nothing(client: TestClient, snapshot: Dump) -> None:
    without_id = {k: v for k, v in PIECE.items() if k != "id"}
    first = post(client, PIECE, without_id).json()
    before = snapshot()
    again = post(client, without_id, PIECE).json()
    assert (first["stored"], again["stored"], again["duplicates"]) == (2, 0, 2)
    assert again["ids"] == first["ids"][::-1]
    assert snapshot() == before


def test_the_same_moment_in_another_zone_is_the_same_evidence(client: TestClient) -> None:
    moment = {k: v for k, v in PIECE.items() if k != "id"}
    vienna = post(client, {**moment, "observed_at": "2026-02-01T10:00:00+01:00"}).json()
    utc = post(client, {**moment, "observed_at": "2026-02-01T09:00:00Z"}).json()
    assert utc["duplicates"] == 1
    assert utc["ids"] == vienna["ids"]


@pytest.mark.usefixtures("unchanged")
def test_another_content_under_a_known_id_is_a_conflict(client: TestClient) -> None:
    known = sent(class_evidence()[0])
    for changes in ({"score": 0}, {"student": "ben"}, {"note": "!"}, {"targets": ["add"]}):
        answer = post(client, PIECE, {**known, **changes})
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert known["id"] in answer.json()["detail"]


@pytest.mark.usefixtures("unchanged")
def test_one_id_with_two_contents_in_one_batch_is_a_conflict(client: TestClient) -> None:
    assert post(client, PIECE, {**PIECE, "score": 0}).status_code == 409


@pytest.mark.usefixtures("unchanged")
def test_nothing_of_a_batch_is_stored_when_its_last_piece_is_bad(client: TestClient) -> None:
    batch = [{**PIECE, "id": f"b{i}", "student": f"s{i}"} for i in range(200)]
    assert post(client, *batch, {**PIECE, "targets": ["zed"]}).status_code == 422


@pytest.mark.usefixtures("unchanged")
def test_an_error_half_way_leaves_nothing_behind(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(states, "put", broken)
    assert post(client, PIECE, {**PIECE, "id": "n2", "student": "new"}).status_code == 500


@pytest.mark.usefixtures("unchanged")
def test_an_empty_and_an_endless_batch_are_refused(client: TestClient) -> None:
    assert post(client).status_code == 422
    many = [{**PIECE, "id": f"m{i}"} for i in range(2001)]
    assert post(client, *many).status_code == 422


def test_missed_is_not_wrong(client: TestClient) -> None:
    path = "/v1/students/ada/mastery"
    before = client.get(path).json()["targets"]
    missed = {"student": ADA, "targets": ["add"], "missed": True, "observed_at": NOW.isoformat()}
    assert post(client, missed).json()["stored"] == 1
    assert client.get(path).json()["targets"] == before


def test_a_revision_takes_the_place_of_what_it_supersedes(client: TestClient) -> None:
    wrong, right = (sent(answers("eve", "count", score)[0]) for score in "01")
    assert post(client, {**wrong, "id": "first"}).status_code == 200
    assert post(client, {**right, "id": "second", "supersedes": "first"}).status_code == 200
    log = client.get("/v1/students/eve/evidence").json()["evidence"]
    assert {p["id"]: p["in_force"] for p in log} == {"first": False, "second": True}
    count = client.get("/v1/students/eve/mastery").json()["targets"][0]
    assert (count["evidence"], count["evidence_count"]) == (["second"], 1)


def test_a_task_of_the_framework_brings_its_targets_and_kind(client: TestClient) -> None:
    assert post(client, {"student": "eve", "task": "share", "score": 1}).status_code == 200
    (piece,) = client.get("/v1/students/eve/evidence").json()["evidence"]
    assert (piece["targets"], piece["kind"]) == (["divide", "subtract"], "quiz_item")


def test_evidence_outlives_the_target_it_speaks_of(client: TestClient) -> None:
    document = client.get("/v1/framework").json()
    kept = [t for t in document["targets"] if t["id"] != "count"]
    edges = [e for e in document["edges"] if e["prereq"] != "count"]
    tasks = [t for t in document["tasks"] if t["targets"] != ["count"]]
    smaller = {**document, "targets": kept, "edges": edges, "tasks": tasks}
    assert client.put("/v1/framework", json=smaller).status_code == 200
    for path in ("/students/ada", "/students/ben/me", "/classes/oak", "/students/ada/targets/add"):
        assert client.get(path).status_code == 200, path
    assert "ada-count-0" in client.get("/v1/students/ada/evidence").text


def test_a_framework_without_scales_cannot_take_a_level(client: TestClient) -> None:
    document = client.get("/v1/framework").json()
    assert client.put("/v1/framework", json={**document, "scales": []}).status_code == 200
    answer = post(client, {"student": ADA, "targets": ["add"], "level": 1})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "evidence.0.level"


def test_large_loads_cross_the_limits_of_one_statement(store: Store) -> None:
    pieces = [p for i in range(1203) for p in answers(f"s{i:04}", "count", "1")]
    done = recording.record_evidence(store, LOCAL, pieces, NOW)
    assert (sum(done.new), done.students_added) == (1203, 1203)
    again = recording.record_evidence(store, LOCAL, pieces[::-1], NOW)
    assert not any(again.new)
    assert replaying.replay(store, LOCAL).identical
