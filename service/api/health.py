"""Whether the service is alive, and whether it can answer."""

from fastapi import APIRouter, Response
from fastapi.requests import Request

from service.contract import Health
from service.principal import LOCAL
from service.school import NothingYet, load_school

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> Health:
    """Answer as long as the process lives."""
    return Health(status="ok")


@router.get("/readyz")
def readyz(request: Request, response: Response) -> Health:
    """Answer 200 once a curriculum is in force, 503 before."""
    try:
        with request.app.state.store.read(LOCAL.district) as unit:
            versions = load_school(unit).versions
    except NothingYet as error:
        response.status_code = 503
        return Health(status="not_ready", detail={"reason": str(error)})
    return Health(status="ok", detail=versions.model_dump())
