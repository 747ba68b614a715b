"""A seller's own pages: its statement, contests and insurance. Each shows what is the reader's, and names no id."""

from __future__ import annotations

from doors.doors import Door

SELLER = frozenset({"seller"})

DOORS = [
    Door("seller-statement", SELLER, lambda place: "/statements", many=True),
    Door("seller-statement-csv", SELLER, lambda place: "/statements.csv", many=True),
    Door("contests", SELLER, lambda place: "/contests", many=True),
    Door("insurance", SELLER, lambda place: "/insurance", many=True),
]
