"""Write for good, or only as if: a dry run does everything and keeps nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from service.principal import Principal
from service.store import Store, Unit


class _NotKept(Exception):
    """Raised at the end of a rehearsal, so that the transaction is rolled back."""


@contextmanager
def writing(store: Store, principal: Principal, *, dry_run: bool) -> Iterator[Unit]:
    """Write all or nothing; with `dry_run` nothing, after everything was tried."""
    with suppress(_NotKept), store.write(principal.district) as unit:
        yield unit
        _keep(not dry_run)


def _keep(keep: bool) -> None:
    if not keep:
        raise _NotKept
