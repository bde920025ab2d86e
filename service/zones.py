"""Time zones by name, for dates and times that come without one."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graphs import Fault, InvalidInput


def zone_named(name: str) -> ZoneInfo:
    """Return an IANA time zone; raises `InvalidInput`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput([Fault(f"{name!r} is not an IANA time zone", field="zone")]) from error
