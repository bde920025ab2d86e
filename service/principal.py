"""Who is asking. A principal is an argument of every use case."""

from dataclasses import dataclass

HOME_DISTRICT = "home"
"""The one district of a store that serves one school."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone who asks, on behalf of one district.

    Today every principal is its school's operator: the service listens on this computer
    only, or asks for the token of its settings. Roles join here.
    """

    id: str
    district: str = HOME_DISTRICT


LOCAL = Principal("local")
"""Whoever sits at this computer: the command line, and the pages on loopback."""
