"""The one door to numba: compile a numeric function, keep its type."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function to machine code on its first call and cache it on disk.

    IEEE arithmetic stays exact (no fast-math): the same evidence must give the same bits.
    """
    return cast(F, numba.njit(cache=True, error_model="numpy")(function))
