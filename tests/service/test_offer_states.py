"""What a student's own page says after declining, when all is shown, and when nothing fits."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import Evidence
from service import Store
from service.principal import LOCAL
from service.usecases import recording
from tests.cast import ADA, BEN, CLEO, NOW, TARGETS
from tests.service.command import footpath, on
from tests.service.page import Page


def showing(store: Store, student: str, target: str, times: int, score: float, days: float) -> None:
    """Record some answers on a target, a minute apart, from so many days ago."""
    start = NOW - timedelta(days=days)
    pieces = [
        Evidence(f"{student}-{target}-s{i}", student, (target,), score,
                 observed_at=start + timedelta(minutes=i))
        for i in range(times)
    ]  # fmt: skip
    recording.record_evidence(store, LOCAL, pieces, NOW)


def declining_all(client: TestClient, student: str) -> None:
    tasks = [task["id"] for task in client.get("/v1/framework").json()["tasks"]]
    for task in tasks:
        body = {
            "student": student, "recommendation_id": "r-1", "said": "declined", "option": task,
            "offered": [{"option": task, "purpose": "learn"}],
        }  # fmt: skip
        assert client.post("/v1/decisions", json=body).status_code == 200


def told(client: TestClient, database: Path, student: str) -> tuple[list[dict[str, Any]], Page]:
    """Return what the offer says; page, API and command must say the same."""
    offer = client.get(f"/v1/students/{student}/choices").json()
    own = Page(client.get(f"/students/{student}/me").text)
    adults = Page(client.get(f"/students/{student}").text)
    ran = footpath("recommend", student, *on(database)).out
    for reason in offer["says"]:
        assert reason["student"] in own.words
        assert reason["teacher"] in adults.words
        assert " ".join(reason["student"].split()) in " ".join(ran.split())
    return offer["says"], own


def codes(says: list[dict[str, Any]]) -> list[str]:
    return [reason["code"] for reason in says]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.app.utc_now", lambda: NOW)


def test_who_set_everything_aside_is_offered_it_again_and_told_why(
    client: TestClient, database: Path
) -> None:
    declining_all(client, CLEO)
    says, page = told(client, database, CLEO)
    assert codes(says) == ["offer_declined"]
    assert "Choose what to do next" in page.headings
    assert "You set aside" in page.headings
    assert any(item.endswith("Put it back") for item in page.items)


def test_who_has_shown_everything_is_told_what_comes_next(
    client: TestClient, store: Store, database: Path
) -> None:
    for target in TARGETS:
        showing(store, BEN, target, 8, 1.0, 2)
    says, page = told(client, database, BEN)
    assert codes(says) == ["offer_all_shown", "offer_next_due"]
    assert "What to do next" in page.headings
    form = {"said": "other", "words": "a map of my street", "recommendation_id": "r-none"}
    kept = client.post(f"/students/{BEN}/me/decisions", data=form, follow_redirects=True)
    assert "a map of my street" in kept.text, "a wish needs no offer"


def test_where_no_format_fits_the_student_is_told_whom_to_ask(
    client: TestClient, database: Path
) -> None:
    plan = client.put(f"/v1/students/{ADA}/plan", json={"formats": ["large_print"]})
    assert plan.status_code == 200
    says, page = told(client, database, ADA)
    assert codes(says)[0] == "offer_no_format"
    assert "large print" in says[0]["student"]
    assert "divide" in says[0]["targets"]
    assert "What to do next" in page.headings


def test_what_rests_stays_on_offer_where_nothing_else_is_open(
    client: TestClient, store: Store, database: Path
) -> None:
    for target in TARGETS:
        if target != "shapes":
            showing(store, BEN, target, 8, 1.0, 2)
    says, _ = told(client, database, BEN)
    assert codes(says) == ["offer_one"]
    showing(store, BEN, "shapes", 8, 0.0, 0.1)
    says, page = told(client, database, BEN)
    assert codes(says) == ["offer_rests"]
    assert says[0]["targets"] == ["shapes"]
    assert "Choose what to do next" in page.headings


def test_a_decision_on_an_offer_of_nothing_is_refused(client: TestClient) -> None:
    body = {
        "student": ADA, "recommendation_id": "r-1", "said": "taken", "option": "share",
        "offered": [],
    }  # fmt: skip
    refused = client.post("/v1/decisions", json=body)
    assert refused.status_code == 422
    assert [e["field"] for e in refused.json()["errors"]] == ["offered"]


def test_headings_go_down_one_step_at_a_time(client: TestClient) -> None:
    declining_all(client, CLEO)
    for path in (f"/students/{CLEO}/me", f"/students/{CLEO}", "/classes/oak"):
        levels = [int(tag[1]) for tag in Page(client.get(path).text).order]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_button_that_is_there_twice_says_of_what(client: TestClient) -> None:
    page = Page(client.get(f"/students/{ADA}/me").text)
    assert len(set(page.buttons)) == len(page.buttons) > 8
