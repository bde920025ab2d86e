"""Run the application under uvicorn. The only module that knows it."""

import sys
from threading import Thread

import uvicorn

from engine.groups import warm_up
from service.app import create_app
from service.settings import Settings


def run(settings: Settings, greeting: str = "") -> None:
    """Serve until stopped. Nothing personal is logged: no addresses, no paths, no ids."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,  # paths hold students' ids
        log_level="warning",
        server_header=False,
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    port = socket.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    sys.stdout.write(f"Footpath is served at http://{host}:{port}/ (stop with Ctrl-C)\n{greeting}")
    sys.stdout.flush()
    Thread(target=warm_up, daemon=True).start()  # the first groups should not wait for it
    server.run(sockets=[socket])
