"""Pages that stood before each portal had a file of doors of its own: move each to its portal's file."""

from __future__ import annotations

from doors.doors import EVERYBODY, STAFF, Door, Premises


def _order(place: Premises) -> str:
    from makewhole.people.links import OrderNamed, order_key

    line = place.shop.sell()
    return f"/file/{order_key(OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, line.buyer_ref))}"


DOORS = [
    Door("orders", frozenset({"claimant"}), lambda place: "/orders", many=True),
    Door("file", EVERYBODY, _order),
    Door("queue", STAFF - {"auditor"}, lambda place: "/queue", many=True),
]  # fmt: skip
