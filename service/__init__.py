"""Who may ask, and how it looks.

The shell of I/O around the engine: settings, store, use cases, REST API, pages and the
command line. `create_app` is all an ASGI server needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.app import create_app
    from service.settings import Settings, read_settings
    from service.store import Store, open_store

__all__ = ["Settings", "Store", "create_app", "open_store", "read_settings"]

_HOMES = {
    "Settings": "service.settings",
    "Store": "service.store",
    "create_app": "service.app",
    "open_store": "service.store",
    "read_settings": "service.settings",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use: `footpath lint` need not wait for a web server."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
