"""Who may ask, and how it looks.

The shell of I/O around the engine: settings, store, use cases, REST API, pages and the
command line. `create_app` is all an ASGI server needs.
"""

from service.app import create_app
from service.settings import Settings, read_settings
from service.store import Store, open_store

__all__ = ["Settings", "Store", "create_app", "open_store", "read_settings"]
