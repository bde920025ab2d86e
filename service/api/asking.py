"""What every route is given: the store, the clock and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from models.events import Clock
from service.contract.base import DayOrMoment
from service.guards import principal_of
from service.looking import AsOf
from service.principal import Principal
from service.store import Store


@dataclass(frozen=True, slots=True)
class Asking:
    """One request's surroundings."""

    store: Store
    principal: Principal
    clock: Callable[[], datetime]


def _asking(request: Request, principal: Annotated[Principal, Depends(principal_of)]) -> Asking:
    state = request.app.state
    return Asking(state.store, principal, state.clock)


Ask = Annotated[Asking, Depends(_asking)]


def _past(as_of: DayOrMoment | None = None, clock: Clock = "observed") -> AsOf | None:
    return None if as_of is None else AsOf(as_of, clock)


Past = Annotated[AsOf | None, Depends(_past)]
"""The query parameters `as_of` (a day, or a moment with its zone) and `clock`."""
