"""How is the Django application served? By gunicorn: one process whose threads share the work.

The framework is synchronous. Of the ways to serve it in one process this was the fastest: 2.3 times
its own ASGI handler under uvicorn, and more than one thread, or eight.
"""

import argparse
import os
from typing import Any

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

THREADS = 2


class Served(BaseApplication):
    """The Django application with gunicorn's settings."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        """Say how to serve."""
        told = {"bind": f"127.0.0.1:{self.port}", "workers": 1, "worker_class": "gthread"}
        for name, value in {**told, "threads": THREADS, "keepalive": 30}.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401  a WSGI application
        """Return the application; called in the one worker."""
        return get_wsgi_application()


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, required=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.drf.settings"
    Served(asked.parse_args().port).run()
