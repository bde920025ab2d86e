"""Whoever is refused in a browser reads a page, a program problem details: the same facts."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service import Store
from service.pages.labels import BY_ITSELF, label, plain
from service.usecases import rosters
from tests.cast import ADA
from tests.service.conftest import client_of
from tests.service.page import Page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PROBLEM = "application/problem+json"
DECISIONS = f"/students/{ADA}/me/decisions"
OVERRIDE = f"/students/{ADA}/targets/add/override"
HUGE = {"words": "w" * 2_100_000}

# What is refused: status, method, path, form.
REFUSALS: list[tuple[int, str, str, dict[str, Any] | None]] = [
    (404, "GET", "/nowhere", None),
    (404, "GET", "/students/zed/me", None),
    (404, "GET", f"/students/{ADA}/me?goal=zed", None),
    (404, "GET", "/static/zed.css", None),
    (404, "POST", f"{DECISIONS}/undo", {"decision": "zed"}),
    (405, "GET", DECISIONS, None),
    (405, "POST", "/", {}),
    (413, "POST", DECISIONS, HUGE),
    (422, "GET", f"/students/{ADA}?formt=paper", None),
    (422, "GET", f"/students/{ADA}?as_of=yesterday", None),
    (422, "POST", DECISIONS, {}),
    (422, "POST", OVERRIDE, {"status": "great", "reason": ""}),
    (422, "POST", OVERRIDE, {"status": "mastered", "reason": ""}),
    (422, "POST", f"/students/{ADA}/plan", {"by": "soon"}),
    (422, "POST", "/classes/oak/interventions/answers", {"said": "perhaps"}),
]
each_refusal = pytest.mark.parametrize(("status", "method", "path", "form"), REFUSALS)


@each_refusal
@pytest.mark.usefixtures("unchanged")
def test_a_person_reads_a_page_and_a_program_the_same_facts(
    client: TestClient, status: int, method: str, path: str, form: dict[str, Any] | None
) -> None:
    seen = client.request(method, path, data=form, headers={"accept": BROWSER})
    told = client.request(method, path, data=form, headers={"accept": "*/*"})
    assert seen.status_code == told.status_code == status
    assert seen.headers["content-type"].startswith("text/html")
    assert told.headers["content-type"] == PROBLEM
    assert seen.headers["vary"] == told.headers["vary"] == "Accept"
    page, facts = Page(seen.text), told.json()
    assert page.headings == [facts["title"]]
    assert f"Error {status}." in page.words
    for fault in facts["errors"]:
        assert plain(fault["message"]) in page.words
        assert (
            not fault["field"]
            or label(path.partition("?")[0], fault["field"], method == "POST") in page.words
        )
    if not facts["errors"]:
        assert " ".join(facts["detail"].split()) in " ".join(page.words.split())
    assert ("Nothing was changed." in page.words) == (method == "POST")
    assert page.links[1:], "a way on"
    assert "Traceback" not in seen.text + told.text


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (BROWSER, True), ("text/html", True), ("TEXT/HTML; q=0.5", True),
        ("text/html;q=0.9, application/json;q=0.5", True),
        ("", False), ("*/*", False), ("application/json", False), (PROBLEM, False),
        ("application/json, text/html;q=0.5", False), ("text/html;q=0", False),
        ("text/html;q=much", False), (",;=", False),
    ],
)  # fmt: skip
def test_the_better_wanted_form_is_sent(client: TestClient, accept: str, page: bool) -> None:
    answer = client.get("/nowhere", headers={"accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html") == page


def test_the_api_refuses_in_json_whoever_asks(client: TestClient) -> None:
    answer = client.get("/v1/students/zed/choices", headers={"accept": BROWSER})
    assert answer.headers["content-type"] == PROBLEM


def test_the_way_back_is_the_page_one_came_from(client: TestClient) -> None:
    def ways(path: str, came: str | None, method: str = "POST") -> list[str]:
        headers = {"accept": BROWSER} | ({"referer": came} if came else {})
        return Page(client.request(method, path, headers=headers).text).links[-2:]

    own = f"/students/{ADA}/me"
    assert ways(DECISIONS, f"http://localhost{own}?goal=add") == [f"{own}?goal=add", own]
    assert ways(OVERRIDE, "http://localhost/students/ada") == ["/students/ada", "/"]
    for came in (None, "https://evil.example/x", "http://localhost//evil.example", "http://["):
        assert ways(OVERRIDE, came)[-1] == "/"
        assert not any("evil" in link for link in ways(OVERRIDE, came))
    assert ways("/nowhere", "http://localhost/nowhere", "GET") == ["/", "/"]
    assert ways(f"{own}?goal=zed", None, "GET")[-1] == own


@pytest.mark.parametrize("origin", ["http://[", "null", "https://evil.example", "localhost"])
def test_a_form_of_another_site_is_refused_on_a_page(client: TestClient, origin: str) -> None:
    headers = {"accept": BROWSER, "origin": origin}
    answer = client.post(DECISIONS, data={"said": "taken"}, headers=headers)
    assert answer.status_code == 403
    assert Page(answer.text).headings == ["This is not allowed"]


def test_what_a_form_refuses_is_named_by_field(client: TestClient) -> None:
    answer = client.post(OVERRIDE, data={"status": "great"}, headers={"accept": BROWSER})
    assert Page(answer.text).items == [
        "You judge: is none of those to choose from", "Why: is missing",
    ]  # fmt: skip
    groups = {"do": "solve", "least": "many", "seat": "x", "aim": "y"}
    answer = client.post("/classes/oak/groups", data=groups, headers={"accept": BROWSER})
    assert set(Page(answer.text).items) == {f"{BY_ITSELF}: is not what the page sends"}
    answer = client.post(
        "/classes/oak/groups", data={"do": "solve", "least": "many"}, headers={"accept": BROWSER}
    )
    (item,) = Page(answer.text).items
    assert item.startswith("At least … in a group: must be a whole number")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Field required", "is missing"),
        ("String should have at most 2000 characters", "may have at most 2000 characters"),
        ("Input should be greater than or equal to 0", "must be at least 0"),
        ("Input should be 'solve' or 'accept'", "is none of those to choose from"),
        ("Input should be a valid date or datetime, input is too short",
         "must be a day, such as 2026-03-02"),
        ("2025-01-01 has passed; name a day to come", "2025-01-01 has passed; name a day to come"),
    ],
)  # fmt: skip
def test_a_rule_is_said_in_words_of_a_page(told: str, said: str) -> None:
    assert plain(told) == said


CONTROL = re.compile(r"<(?:input|select|textarea|button)\b[^>]*\bname=\"(\w+)\"[^>]*")
FORM = re.compile(r"<form method=\"post\" action=\"([^\"]+)\"[^>]*>(.*?)</form>", re.DOTALL)


@pytest.mark.parametrize(
    "path",
    [
        f"/students/{ADA}", f"/students/{ADA}/me", f"/students/{ADA}/targets/add",
        f"/students/{ADA}/conference", "/classes/oak/groups", "/classes/oak/interventions",
    ],
)  # fmt: skip
def test_every_control_of_a_form_has_its_label_and_what_is_hidden_has_none(
    client: TestClient, path: str
) -> None:
    forms = FORM.findall(client.get(path).text)
    for action, inside in forms:
        for control in CONTROL.finditer(inside):
            hidden = 'type="hidden"' in control[0]
            named = label(action, control[1], True)
            assert (named == BY_ITSELF) == hidden, (action, control[0])
    assert forms or path == f"/students/{ADA}"


def test_what_was_taken_back_before_is_told_without_ids(client: TestClient) -> None:
    offer = client.get(f"/v1/students/{ADA}/choices").json()
    first = offer["choices"][0]
    sent = {
        "student": ADA, "recommendation_id": offer["recommendation_id"], "said": "declined",
        "offered": [{"option": c["option"], "purpose": c["purpose"]} for c in offer["choices"]],
        "option": first["option"], "why": "not_now",
    }  # fmt: skip
    decision = client.post("/v1/decisions", json=sent).json()["id"]
    undo = {"reason": "by the teacher", "author": "ms-oak"}
    client.post(f"/v1/decisions/{decision}/undo", json=undo).raise_for_status()
    own = f"/students/{ADA}/me"
    form = {"decision": decision}
    answer = client.post(f"{own}/decisions/undo", data=form, headers={"accept": BROWSER})
    page = Page(answer.text)
    assert (answer.status_code, page.headings) == (409, ["Taken back before"])
    assert "This was taken back already: nothing is left to do." in page.words
    assert decision not in answer.text
    assert "ms-oak" not in answer.text
    assert page.links[-1] == own
    told = client.post(f"{own}/decisions/undo", data=form, headers={"accept": "*/*"}).json()
    assert decision in told["detail"]


@pytest.fixture
def broken(shared_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client of a service in which something nobody thought of goes wrong."""

    def surprise(*_: object) -> None:
        raise RuntimeError("a secret of Ada’s")

    monkeypatch.setattr(rosters, "list_classes", surprise)
    return shared_client


def test_a_surprise_is_a_page_without_a_traceback(broken: TestClient) -> None:
    seen = broken.get("/", headers={"accept": BROWSER})
    told = broken.get("/", headers={"accept": "application/json"})
    assert seen.status_code == told.status_code == 500
    assert told.headers["content-type"] == PROBLEM
    page = Page(seen.text)
    assert page.headings == [told.json()["title"]]
    assert told.json()["detail"] in page.words
    assert "secret" not in seen.text + told.text
    assert "Traceback" not in seen.text + told.text


def test_a_person_without_the_token_is_asked_for_it_on_a_page(store: Store) -> None:
    answer = client_of(store, token="a-long-and-random-token").get("/", headers={"accept": BROWSER})
    assert answer.status_code == 401
    assert "Basic" in answer.headers["www-authenticate"]
    assert Page(answer.text).headings == ["A valid token is needed"]
