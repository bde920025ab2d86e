"""Input that breaks a rule is refused with the field that breaks it, and changes nothing."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cast import ADA, small_curriculum

PROBLEM = "application/problem+json"
GOOD: dict[str, Any] = {"student": ADA, "targets": ["add"], "score": 1}
LEFT_OUT = object()
DOCUMENT: dict[str, Any] = small_curriculum().to_document()

pytestmark = pytest.mark.usefixtures("unchanged")


def refused(client: TestClient, method: str, path: str, body: Any, status: int = 422) -> Any:
    """Send a body that must be refused and return the problem."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    answer = client.request(method, path, content=text, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


def with_changes(**changes: Any) -> dict[str, Any]:
    """Return a good piece of evidence with some fields changed or left out."""
    return {k: v for k, v in {**GOOD, **changes}.items() if v is not LEFT_OUT}


EVIDENCE_FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "a date without zone": ("observed_at", {"observed_at": "2026-03-01T09:00:00"}),
    "a day without a time": ("observed_at", {"observed_at": "2026-03-01"}),
    "a number for a time": ("observed_at", {"observed_at": 1_700_000_000}),
    "a number in quotes for a time": ("observed_at", {"observed_at": "2026"}),
    "a time before the calendar": ("observed_at", {"observed_at": "0001-01-01T00:00:00+14:00"}),
    "a time after the calendar": ("observed_at", {"observed_at": "9999-12-31T23:59:59-14:00"}),
    "no time at all": ("observed_at", {"observed_at": "yesterday"}),
    "level 0": ("level", {"score": LEFT_OUT, "level": 0}),
    "a level above the scale": ("level", {"score": LEFT_OUT, "level": 5}),
    "a huge level": ("level", {"score": LEFT_OUT, "level": 10**300}),
    "half a level": ("level", {"score": LEFT_OUT, "level": 1.5}),
    "an unknown scale": ("scale", {"score": LEFT_OUT, "level": 1, "scale": "stars"}),
    "an unknown scale beside a score": ("scale", {"scale": "stars"}),
    "score and level": ("score", {"level": 1}),
    "missed with a score": ("score", {"missed": True}),
    "missed with a level": ("score", {"score": LEFT_OUT, "level": 1, "missed": True}),
    "nothing of score, level, missed": ("score", {"score": LEFT_OUT}),
    "a score above 1": ("score", {"score": 1.01}),
    "a score below 0": ("score", {"score": -1}),
    "a score in quotes": ("score", {"score": "1"}),
    "true for a score": ("score", {"score": True}),
    "NaN for a score": ("score", {"score": float("nan")}),
    "infinity for a score": ("score", {"score": float("inf")}),
    "a huge whole number for a score": ("score", {"score": 10**400}),
    "infinity for a duration": ("duration", {"duration": float("inf")}),
    "a negative duration": ("duration", {"duration": -1}),
    "a huge position": ("position", {"position": 2**63}),
    "a huge attempt": ("attempt", {"attempt": 10**30}),
    "attempt 0": ("attempt", {"attempt": 0}),
    "an unknown target": ("targets.0", {"targets": ["zed"]}),
    "an unknown target beside a known one": ("targets.1", {"targets": ["add", "zed"]}),
    "a target twice": ("targets", {"targets": ["add", "add"]}),
    "no target": ("targets", {"targets": []}),
    "21 targets": ("targets", {"targets": ["add"] * 21}),
    "a target that is no text": ("targets.0", {"targets": [None]}),
    "targets that are no list": ("targets", {"targets": "add"}),
    "an unknown kind": ("kind", {"kind": "rumour"}),
    "no student": ("student", {"student": LEFT_OUT}),
    "an empty student": ("student", {"student": ""}),
    "a blank student": ("student", {"student": " "}),
    "a student of 201 characters": ("student", {"student": "s" * 201}),
    "a tilde in a student": ("student", {"student": "a~b"}),
    "a line break in a student": ("student", {"student": "a\nb"}),
    "NUL in a student": ("student", {"student": "a\0b"}),
    "NUL in a note": ("note", {"note": "a\0b"}),
    "NUL in a task": ("task", {"task": "a\0b"}),
    "half a character in a student": ("student", {"student": "\ud800"}),
    "half a character in a note": ("note", {"note": "\udfff"}),
    "a note of 2001 characters": ("note", {"note": "n" * 2001}),
    "evidence that supersedes itself": ("supersedes", {"id": "x", "supersedes": "x"}),
    "an unknown field": ("colour", {"colour": "blue"}),
    "null for missed": ("missed", {"missed": None}),
}


@pytest.mark.parametrize(("field", "changes"), EVIDENCE_FAULTS.values(), ids=EVIDENCE_FAULTS)
def test_evidence_with_a_fault_is_refused_by_its_field(
    client: TestClient, field: str, changes: dict[str, Any]
) -> None:
    body = {"evidence": [GOOD, with_changes(**changes)]}
    problem = refused(client, "POST", "/v1/evidence", body)
    assert f"evidence.1.{field}" in [error["field"] for error in problem["errors"]]


HISTORY_FAULTS = {name: fault for name, fault in EVIDENCE_FAULTS.items() if name != "no student"}


@pytest.mark.parametrize(("field", "changes"), HISTORY_FAULTS.values(), ids=HISTORY_FAULTS)
def test_a_history_with_a_fault_is_refused_by_its_field(
    client: TestClient, field: str, changes: dict[str, Any]
) -> None:
    problem = refused(client, "POST", "/v1/predict", {"history": [with_changes(**changes)]})
    assert f"history.0.{field}" in [error["field"] for error in problem["errors"]]


DOCUMENT_FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "another format": ("format", {"format": "footpath.curriculum/9"}),
    "a number for an id": ("id", {"id": 5}),
    "a list for a title": ("title", {"title": []}),
    "a title nested 900 deep": ("title", {"title": json.loads("[" * 900 + "]" * 900)}),
    "an unknown part": ("weather", {"weather": []}),
    "no target": ("targets", {"targets": []}),
    "a number for a text": ("targets.0.text", {"targets": [{"id": "a", "text": 5}]}),
    "half a character": ("targets.0.text", {"targets": [{"id": "a", "text": "\ud800"}]}),
    "a number for the extra": (
        "targets.0.extra",
        {"targets": [{"id": "a", "text": "A", "extra": 7}]},
    ),
    "a target id twice": ("targets", {"targets": [{"id": "a", "text": "A"}] * 2}),
    "an unknown relation": (
        "edges.0.relation",
        {"edges": [{"prereq": "add", "target": "count", "relation": "likes"}]},
    ),
    "NaN minutes": (
        "tasks.0.minutes",
        {"tasks": [{"id": "t", "title": "T", "targets": ["add"], "minutes": float("nan")}]},
    ),
    "a kind of no reliability": (
        "kinds.0.reliability",
        {"kinds": [{"id": "k", "text": "K", "reliability": 0}]},
    ),
    "a scale of one level": ("scales.0.levels", {"scales": [{"id": "s", "levels": ["one"]}]}),
    "edges by name": ("edges", {"edges": {"add": "count"}}),
    "no edges": ("edges", {"edges": None}),
}


@pytest.mark.parametrize(("field", "changes"), DOCUMENT_FAULTS.values(), ids=DOCUMENT_FAULTS)
def test_a_curriculum_with_a_fault_is_refused_by_its_field(
    client: TestClient, field: str, changes: dict[str, Any]
) -> None:
    problem = refused(client, "PUT", "/v1/framework", {**DOCUMENT, **changes})
    assert field in [error["field"] for error in problem["errors"]]


def test_prerequisites_in_a_circle_are_refused_as_a_path(client: TestClient) -> None:
    edges = [*DOCUMENT["edges"], {"prereq": "divide", "target": "count"}]
    problem = refused(client, "PUT", "/v1/framework", {**DOCUMENT, "edges": edges})
    assert "add → multiply → divide → count → add" in problem["detail"]


ROSTER_FAULTS: dict[str, tuple[str, Any]] = {
    "no class": ("classes", []),
    "a class without students": ("classes.0.students", [{"id": "elm"}]),
    "a class twice": ("classes.1.id", [{"id": "elm", "students": []}] * 2),
    "a student twice": (
        "classes.0.students.1.id",
        [{"id": "elm", "students": [{"id": "dan"}, {"id": "dan"}]}],
    ),
    "a number for a name": (
        "classes.0.students.0.name",
        [{"id": "elm", "students": [{"id": "dan", "name": 5}]}],
    ),
    "an unknown field": (
        "classes.0.students.0.age",
        [{"id": "elm", "students": [{"id": "dan", "age": 9}]}],
    ),
    "NUL in a title": ("classes.0.title", [{"id": "elm", "title": "\0", "students": []}]),
}


@pytest.mark.parametrize(("field", "classes"), ROSTER_FAULTS.values(), ids=ROSTER_FAULTS)
def test_a_roster_with_a_fault_is_refused_by_its_field(
    client: TestClient, field: str, classes: Any
) -> None:
    problem = refused(client, "PUT", "/v1/roster", {"classes": classes})
    assert field in [error["field"] for error in problem["errors"]]


@pytest.mark.parametrize("query", ["n=1", "n=5", "n=two", "n=", "&".join(["format=a"] * 21)])
def test_a_query_out_of_range_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/students/{ADA}/choices?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in {"n", "format"}


BODIES = [("POST", "/v1/evidence"), ("PUT", "/v1/roster"), ("PUT", "/v1/framework")]
each_body = pytest.mark.parametrize(("method", "path"), [*BODIES, ("POST", "/v1/predict")])
NOT_JSON = {
    "cut off": b'{"evidence": [',
    "no text": b"\xff\xfe\x00",
    "nested 100000 deep": b"[" * 100_000 + b"]" * 100_000,
    "a number of 5000 digits": b'{"evidence": ' + b"9" * 5000 + b"}",
    "two values": b"{} {}",
}


@each_body
@pytest.mark.parametrize("text", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_json_is_refused(
    client: TestClient, method: str, path: str, text: bytes
) -> None:
    refused(client, method, path, text, status=400)


@each_body
@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"5", b'"x"', b"{}", b'{"\\ud800": 1}'])
def test_json_of_another_shape_is_refused(
    client: TestClient, method: str, path: str, text: bytes
) -> None:
    refused(client, method, path, text)


@each_body
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_content_type_is_refused(
    client: TestClient, method: str, path: str, kind: str | None
) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = client.request(method, path, content=b"{}", headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == PROBLEM


def test_a_thousand_faults_do_not_make_an_endless_answer(client: TestClient) -> None:
    body = {"evidence": [with_changes(targets=["zed"])] * 1000}
    problem = refused(client, "POST", "/v1/evidence", body)
    assert len(problem["errors"]) == 100
    assert "1000 faults" in problem["detail"]
