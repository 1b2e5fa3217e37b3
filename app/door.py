"""What happens before the program's libraries are loaded? Ctrl-C ends it, without a word.

Loading takes a second or two, and nothing is running yet that would have to be stopped.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)

from app.__main__ import main  # noqa: E402  the line above must run before this one

__all__ = ["main"]
