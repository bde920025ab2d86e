"""Two teachers rate the same work: one piece of evidence, and a report on how they agree."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cast import CLEO
from tests.service.command import footpath, on
from tests.service.page import Page

LEVELS = [(2, 3), (3, 3), (4, 3), (1, 2), (2, 2), (3, 4)]


@pytest.fixture
def rated(client: TestClient) -> TestClient:
    """Cleo's six works on *add*, each rated by Ms O and by Mr P."""
    pieces: list[dict[str, Any]] = [
        {"student": CLEO, "targets": ["add"], "kind": "performance_task", "level": level,
         "rater": rater, "work": f"w{i}", "observed_at": f"2026-02-{10 + i}T09:00:00Z",
         "id": f"{rater}-{i}"}
        for i, pair in enumerate(LEVELS)
        for rater, level in zip(("ms-o", "mr-p"), pair, strict=True)
    ]  # fmt: skip
    assert client.post("/v1/evidence", json={"evidence": pieces}).json()["stored"] == 12
    return client


def test_two_ratings_of_one_work_are_one_piece_at_their_mean(rated: TestClient) -> None:
    add = rated.get(f"/v1/students/{CLEO}/mastery").json()["targets"][1]
    assert (add["target"], add["evidence_count"]) == ("add", 6)
    why = rated.get(f"/v1/students/{CLEO}/mastery/add").json()
    assert why["contributions"][0]["ratings"] == ["mr-p-0", "ms-o-0"]
    assert why["not_counted"] == []
    log = rated.get(f"/v1/students/{CLEO}/evidence").json()["evidence"]
    assert all(piece["in_force"] for piece in log)
    page = Page(rated.get(f"/students/{CLEO}/targets/add").text)
    assert "ms-o" in page.words


def test_the_report_is_the_same_on_every_screen(rated: TestClient, database: Path) -> None:
    api = rated.get("/v1/agreement").json()
    assert footpath("agreement", *on(database), "--json").answer == api
    (scale,) = api["scales"]
    assert (scale["scale"], scale["overall"]["works"]) == ("rubric4", 6)
    assert scale["overall"]["exact"] == pytest.approx(2 / 6)
    assert scale["overall"]["adjacent"] == 1
    page = Page(rated.get("/agreement").text)
    kappa = f"{scale['overall']['kappa']:.2f}"
    assert page.tables[0][1][4].text == kappa
    assert kappa in footpath("agreement", *on(database)).out
    severity = {r["rater"]: r["severity"] for r in scale["raters"]}
    assert severity["ms-o"] == pytest.approx(-severity["mr-p"])


def test_without_any_shared_work_the_report_says_so(client: TestClient, database: Path) -> None:
    assert client.get("/v1/agreement").json() == {"scales": []}
    assert "No work was rated by two" in footpath("agreement", *on(database)).out
    assert "No work was rated by two" in Page(client.get("/agreement").text).words
