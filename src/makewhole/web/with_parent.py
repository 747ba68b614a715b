"""Processes that we start leave when we are gone, however we went: a `kill -9` of the one leaves no others behind."""

from __future__ import annotations

import os
import signal
import threading
import time

# Set by the process that starts the others; whoever finds it watches its own parent.
VARIABLE = "MAKEWHOLE_STOP_WITH_PARENT"
LOOK_SECONDS = 0.5
GRACE_SECONDS = 15


def stop_with_parent() -> None:
    """Where the variable is set: end this process, gently and then firmly, once its parent has died."""
    if os.environ.get(VARIABLE) == "1":
        threading.Thread(target=_watch, args=(os.getppid(),), name="stop-with-parent", daemon=True).start()


def _watch(parent: int) -> None:
    # Asking for the parent's number is the one way that works alike on Linux and macOS: orphans get another parent.
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
