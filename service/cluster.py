"""Fits spread over a Dask cluster, or over local processes. The only module that imports Dask.

The log is read and packed here, one byte a response; parts of whole targets travel to the
workers, which run the very same fit. Workers need the same Footpath as the caller.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, TypeVar

from graphs import InvalidInput

LOCAL = "local"
"""Asks for a cluster of processes on this computer, one a core, instead of an address."""
PATIENCE_S = 10
"""How long to wait for a scheduler and its workers before giving up."""
PARTS_PER_CORE = 4
"""Parts are of like size but not of like cost: with several for each core none waits long."""
ANY_PORT = "127.0.0.1:0"
"""Where a local cluster shows its page: a free port, for this computer only."""
SAME = ("footpath", "numba", "numpy")
"""What must be the same everywhere for parameters to be the same."""
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Cluster:
    """A connected cluster: maps as the builtin `map` does, over `parts` parts."""

    client: Any
    parts: int

    def map(self, function: Callable[[T], R], parts: Sequence[T], /) -> Iterable[R]:
        """Apply a function to every part on some worker; results come in the same order."""
        waiting = self.client.map(function, parts, pure=False)
        found: list[R] = self.client.gather(waiting)
        return found


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to a scheduler (`tcp://HOST:PORT`), or start processes here (`local`).

    Raises `InvalidInput` when Dask is missing, nobody answers, there is no worker, or the
    workers run other versions.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise InvalidInput("Dask is not installed: pip install 'footpath[scale]'") from error
    logging.getLogger("distributed").setLevel(logging.ERROR)  # its chatter is not for users
    with ExitStack() as stack:
        if address == LOCAL:
            place: Any = stack.enter_context(
                LocalCluster(threads_per_worker=1, dashboard_address=ANY_PORT)
            )
        else:
            place = address
        try:
            client = stack.enter_context(Client(place, timeout=PATIENCE_S))
            client.wait_for_workers(1, timeout=PATIENCE_S)
        except (OSError, ValueError, TypeError) as error:
            raise InvalidInput(f"no Dask scheduler with workers answers at {address!r}") from error
        _check_same(client)
        cores = sum(client.nthreads().values())
        yield Cluster(client, cores * PARTS_PER_CORE)


def _check_same(client: Any) -> None:
    """Refuse workers whose versions differ from ours: the parameters might differ, too."""
    here = versions()
    try:
        there = client.run(versions)
    except ImportError as error:
        raise InvalidInput(f"a Dask worker lacks Footpath: {error}") from error
    for worker, found in there.items():
        if found != here:
            raise InvalidInput(f"the Dask worker {worker} runs {found}, this computer {here}")


def versions() -> dict[str, str]:
    """Return the versions that decide what a fit gives."""
    python = ".".join(map(str, sys.version_info[:2]))
    return {"python": python, **{name: version(name) for name in SAME}}
