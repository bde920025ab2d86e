"""Settings come from the environment, and a wrong one is named."""

import pytest
from pydantic import SecretStr

from graphs import InvalidInput
from service import read_settings
from service.settings import DEFAULT_STORE

TOKEN = "a-long-and-random-token"


def refusal(**given: object) -> str:
    """Return the message of settings that must be refused."""
    with pytest.raises(InvalidInput) as refused:
        read_settings(**given)
    return str(refused.value)


def test_by_default_only_this_computer_is_served() -> None:
    settings = read_settings()
    assert (settings.host, settings.store, settings.token) == ("127.0.0.1", DEFAULT_STORE, None)
    assert settings.loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "school.example"])
def test_serving_beyond_this_computer_needs_a_token(host: str) -> None:
    assert "FOOTPATH_TOKEN" in refusal(host=host)
    assert not read_settings(host=host, token=TOKEN).loopback


@pytest.mark.parametrize("token", ["", " ", "short"])
def test_a_token_that_protects_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("FOOTPATH_TOKEN", token)
    assert "FOOTPATH_TOKEN" in refusal(host="0.0.0.0")
    assert "FOOTPATH_TOKEN" in refusal()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "high"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("MAX_BODY_BYTES", "10"),
        ("HOSTS", "school.example"),
        ("HOSTS", "5"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"FOOTPATH_{name}", value)
    assert name in refusal().upper()


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTPATH_PORT", "9000")
    monkeypatch.setenv("FOOTPATH_HOSTS", '["school.example"]')
    assert read_settings(port=None).port == 9000
    assert read_settings(port=9001).port == 9001
    assert "school.example" in read_settings().allowed_hosts


def test_a_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTPATH_TOKEN", TOKEN)
    settings = read_settings()
    assert settings.token == SecretStr(TOKEN)
    assert TOKEN not in repr(settings)
