"""An insurer reads the claims that it was notified of, and answers there: no page has an address of its own."""

from __future__ import annotations

from doors.doors import Door

DOORS: list[Door] = []
