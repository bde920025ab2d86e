"""What stands before every request: size, host, token, headers, and a quiet log."""

import base64
import json
import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service import Store
from service.guards import HEADERS
from service.usecases import standing
from tests.cast import ADA
from tests.service.conftest import client_of

PROBLEM = "application/problem+json"
TOKEN = "a-long-and-random-token"
JSON = {"content-type": "application/json"}
FIVE_MB = b'{"evidence": [' + b" " * 5_000_000 + b"]}"


@pytest.fixture(scope="module")
def guarded(shared_client: TestClient) -> Iterator[TestClient]:
    """A client of a service with a token; its store does not matter."""
    store = shared_client.app.state.store  # type: ignore[attr-defined]  # an ASGI app is any callable
    with client_of(store, token=TOKEN) as client:
        yield client


@pytest.fixture
def with_token(guarded: TestClient, store: Store) -> TestClient:
    """A client of the small school behind a token."""
    guarded.app.state.store = store  # type: ignore[attr-defined]
    return guarded


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/v1/classes", "/v1/nowhere", "/nowhere", "/static/footpath.css"]
)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "server" not in answer.headers


def test_refusals_carry_the_security_headers_too(client: TestClient) -> None:
    for answer in (
        client.get("/", headers={"host": "evil.example"}),
        client.post("/v1/evidence", content=FIVE_MB, headers=JSON),
        client.post("/v1/evidence", content=b"{", headers=JSON),
    ):
        assert answer.status_code >= 400
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "127.0.0.2", "[::2]"]
)
def test_a_request_to_another_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/v1/classes", headers={"host": host})
    assert answer.status_code == 400
    assert "oak" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:footpath:problem:400"
    assert repr(host) in answer.json()["detail"]
    page = client.get("/", headers={"host": host, "accept": "text/html"})
    assert (page.status_code, page.headers["content-type"][:9]) == (400, "text/html")
    assert "<h1>The request cannot be read</h1>" in page.text
    assert "FOOTPATH_HOSTS" in page.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"])
def test_a_request_to_this_computer_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_a_host_of_the_settings_is_answered(store: Store) -> None:
    client = client_of(store, hosts=["paths.school.example"])
    assert client.get("/healthz", headers={"host": "paths.school.example"}).status_code == 200


@pytest.mark.usefixtures("unchanged")
def test_a_body_of_5_mb_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/evidence", content=FIVE_MB, headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == PROBLEM
    assert "2000000 bytes" in answer.json()["detail"]


@pytest.mark.usefixtures("unchanged")
def test_a_body_of_5_mb_in_pieces_is_refused(client: TestClient) -> None:
    pieces = (FIVE_MB[i : i + 65_536] for i in range(0, len(FIVE_MB), 65_536))
    answer = client.post("/v1/evidence", content=pieces, headers=JSON)
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413


def test_a_body_within_the_limit_may_come_in_pieces(client: TestClient) -> None:
    text = json.dumps({"evidence": [{"student": ADA, "targets": ["add"], "score": 1}]}).encode()
    answer = client.post("/v1/evidence", content=iter([text[:9], b"", text[9:]]), headers=JSON)
    assert answer.json()["stored"] == 1


@pytest.mark.parametrize("path", ["/", "/classes/oak", "/v1/classes", "/v1/students/ada/mastery"])
@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer wrong",
        b"Bearer \xe9\xff",
        b"Basic \xe9",
        b"Basic !!!",
        b"Basic " + base64.b64encode(b"\xff\xfe"),
        b"Basic " + base64.b64encode(TOKEN.encode()),
        b"Digest " + TOKEN.encode(),
        TOKEN.encode(),
    ],
)
def test_without_the_token_nothing_is_shown(
    with_token: TestClient, path: str, header: bytes | None
) -> None:
    headers = {} if header is None else {b"authorization": header}
    answer = with_token.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["www-authenticate"].startswith("Bearer, Basic ")


@pytest.mark.parametrize(
    "header",
    [
        f"Bearer {TOKEN}",
        f"bearer  {TOKEN}",
        "Basic " + base64.b64encode(f"anyone:{TOKEN}".encode()).decode(),
    ],
)
def test_with_the_token_everything_is(with_token: TestClient, header: str) -> None:
    for path in ("/", "/v1/classes", "/v1/students/ada/choices"):
        assert with_token.get(path, headers={"authorization": header}).status_code == 200


def test_health_needs_no_token(with_token: TestClient) -> None:
    assert with_token.get("/healthz").status_code == 200
    assert with_token.get("/readyz").status_code == 200


def test_writing_needs_the_token(with_token: TestClient) -> None:
    for method, path in (("PUT", "/v1/framework"), ("PUT", "/v1/roster"), ("POST", "/v1/evidence")):
        assert with_token.request(method, path, json={}).status_code == 401


def test_a_surprise_is_answered_safely_and_logged_without_anyones_data(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"no state for {ADA}") from KeyError(ADA)

    monkeypatch.setattr(standing, "load_school", broken)
    with caplog.at_level(logging.DEBUG, "footpath"):
        answer = client.get(f"/v1/students/{ADA}/mastery")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert ADA not in answer.text
    (record,) = caplog.records
    written = logging.Formatter().format(record)
    assert "RuntimeError" in written
    assert "{student_id}" in written
    assert "in broken" in written
    assert ADA not in written.replace("load_school", "")


def test_nothing_is_logged_for_what_a_client_got_wrong(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/v1/students/zed/mastery")
    client.post("/v1/evidence", json={"student": "zed"})
    assert "zed" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "httpx2"
    )
