"""Pages fit a phone, have titles, and keep their headings in order."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import service.pages
from tests.cast import ADA
from tests.service.page import Page

STYLE = (Path(service.pages.__file__).parent / "static" / "footpath.css").read_text()
PATHS = (
    "/", "/agreement", "/api-reference", "/classes/oak", "/classes/oak/interventions",
    "/classes/oak/agenda", "/classes/oak/groups", f"/students/{ADA}", f"/students/{ADA}/me",
    f"/students/{ADA}/targets/add", f"/students/{ADA}/me/targets/add",
    f"/students/{ADA}/conference",
)  # fmt: skip
NARROW = 16
"""Columns of at most so many rem fit a phone of 320 pixels."""


def test_no_column_is_asked_to_be_wider_than_a_phone() -> None:
    least = re.findall(r"minmax\((min\()?([\d.]+)rem(,100%\))?", STYLE)
    assert least
    assert not [rem for inner, rem, _ in least if not inner and float(rem) > NARROW]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_a_title_and_headings_in_order(client: TestClient, path: str) -> None:
    text = client.get(path).text
    (title,) = re.findall("<title>(.*)</title>", text)
    assert title.endswith(" · Footpath")
    levels = [int(tag[1]) for tag in Page(text).order]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
