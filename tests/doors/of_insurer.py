"""The insurer's own list; the pages of a claim are of_frame.py's."""

from __future__ import annotations

from doors.doors import Door

DOORS = [
    Door("tenders", frozenset({"insurer"}), lambda place: "/tenders", many=True),
]
