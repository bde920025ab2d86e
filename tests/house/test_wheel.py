"""What a wheel contains: the five packages with their data, and nothing else."""

import os
import zipfile
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    from hatchling.build import build_wheel

    folder = tmp_path_factory.mktemp("wheel")
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        wheel = folder / build_wheel(str(folder))
    finally:
        os.chdir(before)
    return zipfile.ZipFile(wheel).namelist()


def test_only_the_packages_and_their_metadata_are_in_it(contents: list[str]) -> None:
    tops = {entry.split("/")[0] for entry in contents}
    assert {t for t in tops if not t.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.parametrize(
    "needed",
    [
        "service/pages/templates/class.html",
        "service/pages/static/footpath.css",
        "service/migrations/versions/0001_the_first_schema.py",
        "experiments/sample/targets.csv",
        "graphs/py.typed",
    ],
)
def test_what_the_service_needs_at_run_time_is_in_it(contents: list[str], needed: str) -> None:
    assert needed in contents


def test_no_test_no_data_set_and_no_leftover_is_in_it(contents: list[str]) -> None:
    for entry in contents:
        assert not entry.startswith("tests/")
        assert not entry.endswith((".db", ".pyc", ".gz", ".npz", ".pickle"))


def test_the_commands_and_the_licence_are_declared(contents: list[str]) -> None:
    assert any(entry.endswith("entry_points.txt") for entry in contents)
    assert any(entry.endswith("licenses/LICENSE") for entry in contents)
