"""Mails into a folder instead of over the wire: one file each, for a demo, a trial or a person who looks."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from uuid import uuid4

from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    """Django's own, but for the name: its names come from the second and the object's address in memory, and two
    mails of one second could land in one file."""

    _fname: str | None

    def _get_filename(self) -> str:
        if self._fname is None:
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}.log"
            self._fname = os.path.join(self.file_path, name)
        return self._fname
