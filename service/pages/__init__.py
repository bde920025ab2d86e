"""Server-rendered pages: no script, no build step, the same answers as the API."""

from service.pages.routes import pages_router

__all__ = ["pages_router"]
