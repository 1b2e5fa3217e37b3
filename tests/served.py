"""Where does a test meet the service on a real socket? A server as in service, in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from app.connections import wiring
from app.main import create_app
from app.settings import Settings
from tests.embedded.programs import until


@contextmanager
def served(settings: Settings, port: int = 0) -> Iterator[int]:
    """Provide the port of a service with these settings; 0: any port that is free."""
    config = uvicorn.Config(**wiring(create_app(settings)), port=port, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert until(lambda: server.started)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
