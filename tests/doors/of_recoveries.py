"""What is asked back, for staff and for those of whom it is asked."""

from __future__ import annotations

from doors.doors import STAFF, Door

DOORS = [
    Door(
        "recoveries",
        frozenset({"seller", "insurer", *STAFF}) - {"safety_officer"},
        lambda place: "/recoveries",
        many=True,
    ),
]
