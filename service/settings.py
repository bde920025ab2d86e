"""Settings, from the environment only (`FOOTPATH_…`); secrets come from nowhere else."""

from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from graphs import Fault, InvalidInput

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_STORE = "sqlite:///footpath.db"


class StoreSettings(BaseSettings):
    """Where the data are: all that a command needs which serves nothing."""

    model_config = SettingsConfigDict(env_prefix="FOOTPATH_", extra="ignore", frozen=True)

    store: str = DEFAULT_STORE


class Settings(StoreSettings):
    """How the service runs; each is described in the README."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    token: Annotated[SecretStr, Field(min_length=16)] | None = None
    max_body_bytes: Annotated[int, Field(ge=1024)] = 2_000_000
    hosts: list[str] = Field(default_factory=list)

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach the service."""
        return self.host in LOOPBACK

    @property
    def allowed_hosts(self) -> list[str]:
        """Host names a request may be addressed to (against DNS rebinding)."""
        return [*LOOPBACK, "[::1]", *self.hosts]


def read_settings(**given: object) -> Settings:
    """Read the settings; arguments that are not `None` win over the environment.

    Raises `InvalidInput` naming each setting that breaks a rule, and when students' data
    would be served beyond this computer without a token.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(**chosen)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        raise InvalidInput(
            Fault(each["msg"], field=f"FOOTPATH_{str(each['loc'][0]).upper()}")
            for each in error.errors()
        ) from error
    except SettingsError as error:  # a list that is not written as JSON
        raise InvalidInput(f"FOOTPATH_…: {error}") from error
    if not settings.loopback and settings.token is None:
        message = "is needed to serve beyond this computer: set a long random token"
        raise InvalidInput([Fault(message, field="FOOTPATH_TOKEN")])
    return settings
