"""The one door to numba: compile a numeric function, keep its type."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import numba

prange = numba.prange
F = TypeVar("F", bound=Callable[..., Any])

WORTH_THREADS = 20_000
"""Rows of a sweep, some milliseconds, from which a second thread pays. On a busy machine waiting
for it made small fits ten times slower."""

# What LLVM may do in `compiled_fast`: fuse a product with a sum and divide by a reciprocal.
# Sums keep their order, NaN and infinity their meaning.
FAST = {"contract", "nsz", "arcp"}


def compiled(function: F) -> F:
    """Compile a function to machine code on its first call and cache it on disk.

    IEEE arithmetic stays exact: the same evidence must give the same bits. The function
    releases the interpreter lock, so threads may share the work.
    """
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_fast(function: F) -> F:
    """Compile with fused multiply-add: for fits, whose result needs no exact bits."""
    fast = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
    return cast(F, fast(function))


def inlined(function: F) -> F:
    """Compile into the caller: for the small steps of a hot loop."""
    return cast(F, numba.njit(inline="always")(function))


def compiled_parallel(function: F) -> F:
    """Compile with its `prange` loops spread over the cores; results do not depend on how many."""
    parallel = numba.njit(cache=True, error_model="numpy", fastmath=FAST, parallel=True)
    return cast(F, parallel(function))


@contextmanager
def threads_for(rows: int) -> Iterator[None]:
    """Keep to one thread inside where there is less work than waking the others takes."""
    before = numba.get_num_threads()
    numba.set_num_threads(1 if rows < WORTH_THREADS else before)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def embedded(function: F) -> F:
    """Compile so that LLVM copies it into its callers.

    For kernels on many arrays: a call would pass seven machine words for each of them.
    """
    inside = numba.njit(cache=True, error_model="numpy", fastmath=FAST, forceinline=True)
    return cast(F, inside(function))
