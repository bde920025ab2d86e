"""The app factory: settings in, a FastAPI application out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from service import problems
from service.api import api_router
from service.guards import BodyLimit, KnownHosts, SafeHeaders, WholeIds
from service.pages import deciding, grouping, judging, support
from service.pages.routes import pages_router
from service.settings import Settings
from service.store import Store, open_store

STATIC = Path(__file__).parent / "pages" / "static"
SUMMARY = "Adaptive learning paths for schools that teach to mastery."


def utc_now() -> datetime:
    """Return the moment, aware and in UTC: the only clock of the service."""
    return datetime.now(UTC)


def create_app(
    settings: Settings, store: Store | None = None, clock: Callable[[], datetime] = utc_now
) -> FastAPI:
    """Build the application: API under `/v1`, pages, health.

    `store` defaults to the one that the settings name, opened now and closed with the app.
    """
    kept = store or open_store(settings.store)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        if store is None:
            kept.close()

    app = FastAPI(
        title="Footpath",
        version=version("footpath"),
        summary=SUMMARY,
        lifespan=lifespan,
        docs_url=None,  # its script would come from elsewhere; /api-reference is our own page
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.store = kept
    app.state.clock = clock
    problems.install(app)
    app.include_router(api_router())
    app.include_router(pages_router())
    app.include_router(judging.router)
    app.include_router(deciding.router)
    app.include_router(grouping.router)
    app.include_router(support.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(WholeIds)
    app.add_middleware(BodyLimit, most=settings.max_body_bytes)
    app.add_middleware(KnownHosts, allowed=settings.allowed_hosts)
    app.add_middleware(problems.Surprises)
    app.add_middleware(SafeHeaders)
    return app
