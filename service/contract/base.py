"""What every body and answer shares: strict types, ids, texts, times."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from graphs import Fault, InvalidInput
from graphs.framework import ID_RULE, usable_id


def broken(rule: str) -> PydanticCustomError:
    """Return the error of a validator, in our own words."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule})


def _id(text: str) -> str:
    if not usable_id(text):
        raise broken(f"not a usable id: {ID_RULE}")
    return text


def _words(text: str) -> str:
    if "\0" in text:
        raise broken("must not hold the character NUL, which not every database keeps")
    return text


def _iso(value: object) -> object:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise broken("a time is written like 2026-03-02T09:30:00+01:00") from None


def _day(value: object) -> object:
    """Read a day as the moment it ended; leave a time to `_iso`."""
    try:
        day = date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return value
    return datetime.combine(day, time.max, UTC)


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise broken("is outside the calendar in UTC") from None


Id = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_id)]
Trimmed = BeforeValidator(lambda text: text.strip() if isinstance(text, str) else text)
"""Blanks at either end say nothing, and no file keeps them."""
Text = Annotated[str, Field(max_length=2000), AfterValidator(_words)]
Statement = Annotated[str, Field(max_length=20_000), AfterValidator(_words)]
"""The wording of a standard; some published ones fill pages."""
Title = Annotated[str, Field(max_length=500), AfterValidator(_words)]
Name = Annotated[str, Field(max_length=200), AfterValidator(_words)]
Moment = Annotated[AwareDatetime, BeforeValidator(_iso), AfterValidator(_utc), Field(strict=False)]
"""A time with its zone, kept in UTC: the same moment is the same content."""
DayOrMoment = Annotated[
    AwareDatetime, BeforeValidator(_iso), BeforeValidator(_day), AfterValidator(_utc)
]
"""A moment with its zone, or a day, which stands for its end in UTC."""
Day = Annotated[date, Field(strict=False)]
"""A day, written like 2026-03-02."""
Link = Annotated[str, Field(max_length=2000, pattern=r"^https?://[!-~]+$")]
"""A web address: nothing else is ever offered to be followed."""
Probability = Annotated[float, Field(ge=0, le=1)]
MOST_EVIDENCE = 2000
"""Pieces of evidence in one request; larger loads go through `footpath import`."""


class Body(BaseModel):
    """Base of every request body: strict types, no unknown field."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True)


B = TypeVar("B", bound=BaseModel)


def validated(model: type[B], fields: Mapping[str, object]) -> B:
    """Check what came by another way than JSON; text is read as the value that it spells.

    Raises `InvalidInput` naming every field.
    """
    try:
        return model.model_validate(fields, strict=False)
    except ValidationError as error:
        raise InvalidInput(
            Fault(each["msg"], field=".".join(map(str, each["loc"]))) for each in error.errors()
        ) from None


def day_or_moment(text: str) -> datetime:
    """Read a day as its end in UTC, or a moment with its zone. Raises `InvalidInput`."""
    try:
        found: datetime = TypeAdapter(DayOrMoment).validate_python(text)
    except ValidationError as error:
        raise InvalidInput([Fault(error.errors()[0]["msg"], field="as_of")]) from None
    return found
