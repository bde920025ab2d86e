"""Whatever JSON is sent: never a 5xx, never a changed store where the answer was no.

And what *is* accepted never breaks a page or an answer afterwards.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import open_store
from tests.cast import ADA, NOW, small_curriculum
from tests.graphs.case.packages import association, small_package, uid
from tests.service.conftest import on_store
from tests.service.school import dump

few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

RECORD = {
    "document": {"creator": "District 9", "extensions": {"vendor": 1}},
    "competencies": {"numbers": {"CFItemType": "Domain"}},
    "targets": {"add": {"identifier": uid("add"), "uri": "https://x.example/add"}},
    "associations": [association("precedes", "add", "subtract")],
    "others": [association("exactMatchOf", "add", "elsewhere")],
    "definitions": {},
    "rubrics": [],
}
GOOD: dict[str, tuple[str, Any]] = {
    "/v1/framework": ("PUT", {**small_curriculum().to_document(), "case": RECORD}),
    "/v1/framework/case": ("PUT", small_package()),
    "/v1/roster": (
        "PUT",
        {
            "classes": [
                {
                    "id": "oak",
                    "title": "Oak",
                    "students": [{"id": ADA, "name": "Ada", "interests": ["money"]}],
                }
            ]
        },
    ),
    "/v1/evidence": (
        "POST",
        {
            "evidence": [
                {
                    "student": ADA,
                    "id": "e1",
                    "targets": ["add"],
                    "task": "add-coins",
                    "kind": "quiz_item",
                    "level": 2,
                    "scale": "rubric4",
                    "missed": False,
                    "observed_at": NOW.isoformat(),
                    "position": 3,
                    "attempt": 1,
                    "rater": "T1",
                    "duration": 12.5,
                    "supersedes": "e0",
                    "note": "well done",
                },
                {"student": ADA, "targets": ["count"], "score": 0.5},
            ]
        },
    ),
    "/v1/predict": (
        "POST",
        {
            "history": [{"targets": ["a"], "score": 1}],
            "curriculum": {
                "targets": [{"id": "a", "text": "A"}, {"id": "b"}],
                "prerequisites": [{"prereq": "a", "target": "b"}],
                "tasks": [{"id": "t", "targets": ["b"], "minutes": 5, "format": "paper"}],
            },
            "goal": "b",
            "choices": 2,
            "formats": ["paper"],
            "interests": ["money"],
        },
    ),
}
AFTERWARDS = (
    "/",
    "/classes/oak",
    f"/students/{ADA}",
    f"/students/{ADA}/me",
    f"/students/{ADA}/targets/add",
    f"/v1/students/{ADA}/mastery",
    f"/v1/students/{ADA}/choices",
    "/v1/classes/oak/groups",
    "/v1/classes/oak/interventions",
    "/v1/framework",
    "/v1/framework/case",
)

texts = st.text(max_size=8) | st.sampled_from(
    ["", "add", "count", ADA, "~", "\0", "\ud800", "1", "..", "a/b", "<b>", "9" * 300]
)
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([0, 1, -1, 2**53 + 1, 10**30, 10**400, -0.0, 1e308, 5e-324])
)
plain = st.none() | st.booleans() | numbers | texts
anything = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
each_path = pytest.mark.parametrize("path", GOOD)


def spots(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside a JSON value."""
    yield here
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in inside:
            yield from spots(inner, (*here, key))


def swapped(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """Return a copy of a JSON value with the value at one spot replaced."""
    if not way:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[way[0]] = swapped(value[way[0]], way[1:], new)
    return copy


def send(client: TestClient, path: str, body: Any) -> int:
    """Send JSON, NaN and half characters included, and return the status."""
    text = json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    return client.request(GOOD[path][0], path, content=text, headers=headers).status_code


@pytest.fixture
def school(shared_client: TestClient, database: Path) -> Iterator[TestClient]:
    """A client whose store survives all examples of one test."""
    store = open_store(f"sqlite:///{database}")
    yield on_store(shared_client, store)
    store.close()


@each_path
@few
@given(body=anything)
def test_any_json_gets_an_answer(
    school: TestClient, database: Path, path: str, body: object
) -> None:
    before = dump(database)
    assert 400 <= send(school, path, body) < 500
    assert dump(database) == before


@each_path
@few
@given(data=st.data())
def test_a_good_body_with_one_value_changed_gets_an_answer(
    school: TestClient, database: Path, path: str, data: st.DataObject
) -> None:
    before = dump(database)
    way = data.draw(st.sampled_from(list(spots(GOOD[path][1]))))
    status = send(school, path, swapped(GOOD[path][1], way, data.draw(anything)))
    assert status < 500
    if status != 200:
        assert dump(database) == before
    else:
        for page in AFTERWARDS:
            assert school.get(page).status_code in {200, 404}, page


@each_path
def test_each_good_body_is_good(school: TestClient, path: str) -> None:
    assert send(school, path, GOOD[path][1]) == 200
