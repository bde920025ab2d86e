"""Moments as they are stored: whole microseconds since 1970 UTC, exact in every database."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970 UTC, exactly."""
    return (moment - EPOCH) // MICROSECOND


def moment(stored: int) -> datetime:
    """Return the aware UTC moment that `microseconds` stored."""
    return EPOCH + timedelta(microseconds=stored)
