"""Every setting, command and endpoint is described where a user looks for it."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from service.app import create_app
from service.cli import build_app
from service.settings import Settings
from service.store import open_store
from tests.house.source import ROOT

REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def commands(command: Any, path: str = "footpath") -> list[tuple[str, Any]]:
    inside: dict[str, Any] = getattr(command, "commands", {})
    nested = [c for key, sub in inside.items() for c in commands(sub, f"{path} {key}")]
    return nested or [(path, command)]


def test_every_setting_is_in_the_reference() -> None:
    for field in Settings.model_fields:
        assert f"`FOOTPATH_{field.upper()}`" in REFERENCE, field


def test_every_command_and_option_is_in_the_reference() -> None:
    for path, command in commands(typer.main.get_command(build_app())):
        assert f"`{path}" in REFERENCE, path
        assert command.help, path
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{path} {parameter.name}"


def test_every_endpoint_is_in_the_reference_and_in_openapi() -> None:
    store = open_store("sqlite://")
    document = create_app(Settings(), store).openapi()
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            assert f"`{method.upper()} {path}`" in REFERENCE, path
            assert about.get("description"), path
            assert about.get("operationId"), path
    store.close()


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / target).exists(), target


def test_every_decision_record_is_listed() -> None:
    listed = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for record in sorted((ROOT / "docs" / "adr").glob("*.md")):
        assert record.name in listed, record.name


def test_the_lock_file_pins_hashes_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "index-url" not in lock
    pins = re.findall(r"^[a-z0-9][a-z0-9._-]*==", lock, flags=re.MULTILINE)
    assert len(pins) > 50
    assert lock.count("--hash=sha256:") >= len(pins)


def test_make_has_the_promised_targets() -> None:
    makefile = Path(ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("setup", "demo", "test", "check"):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
