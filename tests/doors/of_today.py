"""Pages that stood before each portal had a file of doors of its own: move each to its portal's file."""

from __future__ import annotations

from doors.doors import STAFF, Door

DOORS = [
    Door("queue", STAFF - {"auditor"}, lambda place: "/queue", many=True),
]  # fmt: skip
