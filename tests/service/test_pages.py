"""Every page opens, leads only to what opens, and shows user text as text."""

from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from service import Store
from tests.cast import ADA, BEN, CLEO, NOW, TARGETS
from tests.service.conftest import client_of
from tests.service.page import Page

OURS = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "nav", "img", "main", "footer",
    "section", "article", "div", "h1", "h2", "h3", "small", "p", "span", "b", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "data", "time", "code",
    "form", "label", "input", "select", "option", "button", "br",
    "blockquote", "fieldset", "legend", "textarea", "optgroup", "details", "summary",
}  # fmt: skip
EVIL = "<script>alert('&amp;')</script>\"><i onclick=x>{{ 7*707 }}"
ODD = "a/b c?d=e&f#g%2Fh+ü<i>\"'"


def crawled(client: TestClient, start: str = "/") -> dict[str, Page]:
    """Open a page and all that it leads to, and what that leads to; every one must answer."""
    waiting, seen, pages = [start], set(), {}
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith("#"):
            continue
        seen.add(path)
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code == 200, (path, answer.text)
        if answer.headers["content-type"].startswith("text/html"):
            page = pages[path] = Page(answer.text)
            waiting += [*page.links, *page.sources]
    return pages


def assert_nothing_leads_away(pages: dict[str, Page]) -> None:
    """Every address on every page is one of this service's own."""
    for page in pages.values():
        for address in [*page.links, *page.sources]:
            assert address.startswith(("/", "#")), address
            assert not address.startswith("//"), address


def test_every_link_leads_to_a_page_that_answers(client: TestClient) -> None:
    pages = crawled(client)
    for path in ("/", "/api-reference", "/classes/oak"):
        assert path in pages
    for student in (ADA, BEN, CLEO):
        assert {f"/students/{student}", f"/students/{student}/me"} & set(pages)
    assert f"/students/{ADA}/targets/multiply" in pages
    assert_nothing_leads_away(pages)


@pytest.mark.parametrize(
    "path",
    ["/classes/zed", "/students/zed", "/students/zed/me", "/students/zed/targets/add",
     f"/students/{ADA}/targets/zed", f"/students/{ADA}?goal=zed", "/nowhere", "/static/zed.css",
     "/static/..%2F..%2Fsettings.py", "/docs", "/redoc"],
)  # fmt: skip
def test_a_page_of_nothing_is_a_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_student_has_every_page(client: TestClient) -> None:
    for student in (ADA, BEN, CLEO):
        tails = ["", "/me", "?goal=divide", "/me?goal=divide"]
        for tail in [*tails, *(f"/targets/{target}" for target in TARGETS)]:
            assert client.get(f"/students/{student}{tail}").status_code == 200


def test_an_empty_store_has_a_home_page_that_says_what_to_do(empty_client: TestClient) -> None:
    page = crawled(empty_client)["/"]
    assert "footpath import" in page.words


def test_a_roster_before_any_curriculum_has_a_home_page(empty_client: TestClient) -> None:
    roster = {"classes": [{"id": "elm", "students": [{"id": "dan"}]}]}
    assert empty_client.put("/v1/roster", json=roster).status_code == 200
    page = Page(empty_client.get("/").text)
    assert "There is no curriculum yet" in page.words


def test_a_class_without_students_has_a_page(client: TestClient) -> None:
    assert client.put("/v1/roster", json={"classes": [{"id": "elm", "students": []}]}).is_success
    assert crawled(client, "/classes/elm")


def odd_school(client: TestClient) -> None:
    """Fill a store in which every text is hostile and every id is full of signs."""
    target, task, student = f"{ODD}1", f"{ODD}2", f"{ODD}3"
    kinds = [{"id": ODD, "text": EVIL, "reliability": 1}]
    framework = {
        "format": "footpath.curriculum/1",
        "id": EVIL,
        "title": EVIL,
        "competencies": [{"id": ODD, "text": EVIL}],
        "targets": [
            {"id": target, "text": EVIL, "student_text": EVIL, "competency": ODD, "grade": EVIL},
            {"id": "next", "text": EVIL},
        ],
        "tasks": [
            {"id": task, "title": EVIL, "targets": [target], "kind": ODD, "format": EVIL,
             "interests": [ODD]},
        ],
        "kinds": kinds,
        "scales": [{"id": ODD, "levels": [EVIL, f"{EVIL}2"]}],
        "edges": [{"prereq": target, "target": "next"}],
    }  # fmt: skip
    children = [{"id": f"{student}{i}", "name": EVIL, "interests": [ODD]} for i in range(4)]
    roster = {"classes": [{"id": ODD, "title": EVIL, "students": children}]}
    piece: dict[str, Any] = {"task": task, "rater": ODD, "note": EVIL}
    moment = {"observed_at": NOW.isoformat()}
    evidence = [
        {**piece, **moment, "student": child["id"], "score": 0, "id": f"{ODD}{i}{child['id'][-1]}"}
        for child in children
        for i in range(12)
    ]
    level = {**piece, "student": children[0]["id"], "level": 1, "supersedes": f"{ODD}00"}
    assert client.put("/v1/framework", json=framework).status_code == 200
    assert client.put("/v1/roster", json=roster).status_code == 200
    answer = client.post("/v1/evidence", json={"evidence": [*evidence, level]})
    assert answer.status_code == 200, answer.text


def test_user_text_is_shown_as_text_on_every_page(empty_client: TestClient) -> None:
    odd_school(empty_client)
    pages = crawled(empty_client)
    assert len(pages) > 8
    assert_nothing_leads_away(pages)
    for path, page in pages.items():
        assert page.tags <= OURS, path
        assert "<script" not in page.text, path
        assert "4949" not in page.words.split(), path
    student = pages[f"/students/{quote(f'{ODD}30', safe='')}"]
    assert student.headings[0] == " ".join(EVIL.split())


def test_an_id_full_of_signs_is_reached_through_the_api(empty_client: TestClient) -> None:
    odd_school(empty_client)
    student, target, oak = (quote(f"{ODD}{i}", safe="") for i in ("30", "1", ""))
    for path in (
        f"/v1/students/{student}/mastery",
        f"/v1/students/{student}/mastery/{target}",
        f"/v1/students/{student}/choices?goal={target}",
        f"/v1/targets/{target}",
        f"/v1/classes/{oak}/interventions",
    ):
        assert empty_client.get(path).status_code == 200, path
    found = empty_client.get(f"/v1/students/{student}/mastery").json()
    assert found["student"] == f"{ODD}30"


def test_pages_keep_their_links_whatever_host_they_are_asked_at(store: Store) -> None:
    client = client_of(store, hosts=["paths.school.example"])
    answer = client.get("/classes/oak", headers={"host": "paths.school.example"})
    assert "school.example" not in answer.text
