"""The data folder: everything that this installation keeps on disk lies under it. MAKEWHOLE_HOME names it."""

from __future__ import annotations

import os
from pathlib import Path

from makewhole.web.failing import CannotStart


def data_folder() -> Path:
    """The folder for data, absolute; it is made on first use. Default: `.makewhole` where the command is given."""
    home = Path(os.environ.get("MAKEWHOLE_HOME") or ".makewhole").expanduser().resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"MAKEWHOLE_HOME={home} cannot be used as the folder for data: {error.strerror}.") from error
    return home
