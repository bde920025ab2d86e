"""Ratings, a revision, a missed task and a self-rating: the same in API, command line and page."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from experiments.demo import SAMPLE
from service import open_store
from tests.service.command import footpath, on
from tests.service.conftest import client_of
from tests.service.page import Page

TARGET = "add-fractions-unlike"
RULE = f"""target,competency,pieces,sessions,kinds,level,scale
{TARGET},,3,2,performance_task~portfolio_piece~conference,3,rubric4
"""
LOG = f"""id,student,target,level,scale,kind,timestamp,supersedes,missed,rater
task,zoe,{TARGET},2,rubric4,performance_task,2026-01-08T09:00:00Z,,,t1
talk,zoe,{TARGET},3,rubric4,conference,2026-01-15T09:00:00Z,,,t1
piece,zoe,{TARGET},2,rubric4,portfolio_piece,2026-01-20T09:00:00Z,,,t1
revised,zoe,{TARGET},4,rubric4,portfolio_piece,2026-01-26T09:00:00Z,piece,,t1
absent,zoe,{TARGET},,,exit_ticket,2026-01-27T09:00:00Z,,true,
own,zoe,{TARGET},4,rubric4,self_rating,2026-01-28T09:00:00Z,,,
"""
LATER = datetime(2026, 2, 2, 8, tzinfo=UTC)


@pytest.fixture
def zoe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store in which all of it was recorded by the command line."""
    monkeypatch.setattr("service.app.utc_now", lambda: LATER)
    database, rule, log = tmp_path / "s.db", tmp_path / "rule.csv", tmp_path / "log.csv"
    rule.write_text(RULE)
    log.write_text(LOG)
    made = footpath("import", "framework", SAMPLE, "--requirements", rule, *on(database))
    assert made.code == 0, made.err
    assert footpath("import", "evidence", log, *on(database)).code == 0
    return database


def shown(database: Path) -> tuple[dict[str, Any], Page]:
    """Ask the API and open the page; the command line must answer as the API does."""
    store = open_store(f"sqlite:///{database}")
    with client_of(store) as client:
        api = client.get(f"/v1/students/zoe/mastery/{TARGET}").json()
        page = Page(client.get(f"/students/zoe/targets/{TARGET}").text)
    store.close()
    said = footpath("mastery", "zoe", TARGET, *on(database), "--json").answer
    assert {**said, "as_of": ""} == {**api, "as_of": ""}
    return api, page


def test_estimate_interval_and_every_contribution_are_the_same_everywhere(zoe: Path) -> None:
    api, page = shown(zoe)
    assert [each["evidence"] for each in api["contributions"]] == ["task", "talk", "revised", "own"]
    assert api["not_counted"] == [
        {"evidence": "piece", "why": "revised"},
        {"evidence": "absent", "why": "missed"},
    ]
    assert api["p_right_low"] < api["p_right"] < api["p_right_high"]
    numbers = [value for value, _ in page.values]
    assert numbers[:4] == [
        api[name] for name in ("p_mastered", "p_right", "p_right_low", "p_right_high")
    ]
    assert [row[-1].values for row in page.body_rows[1:]] == [
        [each["after"]] for each in api["contributions"]
    ]
    assert any("replaced by a revision" in item for item in page.items)
    assert any("missed, which is not wrong" in item for item in page.items)


def test_what_the_requirement_lacks_is_said_until_it_is_met(zoe: Path, tmp_path: Path) -> None:
    before, page = shown(zoe)
    assert before["status"] == "not_enough_evidence"
    (lacks,) = before["missing"]
    assert "needs 1 more piece of evidence" in lacks["teacher"]
    assert page.badges[0][0] == "not_enough_evidence"
    assert lacks["teacher"] in page.items
    more = tmp_path / "more.csv"
    row = f"third,zoe,{TARGET},4,rubric4,performance_task,2026-01-30T09:00:00Z"
    more.write_text(f"id,student,target,level,scale,kind,timestamp\n{row}\n")
    assert footpath("import", "evidence", more, *on(zoe)).code == 0
    after, page = shown(zoe)
    assert after["status"] != "not_enough_evidence"
    assert not after["missing"]
    assert after["p_mastered"] > before["p_mastered"]
    assert page.badges[0][0] == after["status"]
