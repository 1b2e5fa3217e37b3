"""Serves OpenFisca's own web API, as its command does, with our one formula: ``--port PORT``."""

import argparse

from gunicorn.app.base import BaseApplication
from openfisca_web_api.app import create_app

from benchmarks.openfisca_system import System


class _Server(BaseApplication):
    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        """Take one worker, as the service has one process."""
        self.cfg.set("bind", f"127.0.0.1:{self._port}")
        self.cfg.set("workers", 1)
        self.cfg.set("timeout", 120)

    def load(self) -> object:
        """Return the application."""
        return create_app(System())


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--port", type=int, required=True)
    _Server(asked.parse_args().port).run()
