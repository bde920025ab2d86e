"""What every route is given: the store, the clock and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from service.guards import principal_of
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
