"""Pages that stood before each portal had a file of doors of its own: move each to its portal's file."""

from __future__ import annotations

from uuid import UUID

from doors.doors import EVERYBODY, STAFF, Door, Premises

NOT_THERE = UUID(int=1)
READERS = frozenset(
    {"seller", "adjuster", "reviewer", "finance", "safety_officer", "programme_owner", "administrator", "auditor"}
)


def _order(place: Premises) -> str:
    from makewhole.people.links import OrderNamed, order_key

    line = place.shop.sell()
    return f"/file/{order_key(OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, line.buyer_ref))}"


def _of_seller(page: str) -> object:
    return lambda place: f"/sellers/{place.shop.insured.pk}/standing{page}"


DOORS = [
    Door("orders", frozenset({"claimant"}), lambda place: "/orders", many=True),
    Door("file", EVERYBODY, _order),
    Door("queue", STAFF - {"auditor"}, lambda place: "/queue", many=True),
    Door("payments", frozenset({"finance"}), lambda place: "/payments", many=True),
    Door("recoveries", frozenset({"seller", "insurer", *STAFF}) - {"safety_officer"}, lambda place: "/recoveries",
         many=True),
    Door("standing", frozenset({"seller", "reviewer", "programme_owner", "administrator", "auditor"}),
         lambda place: "/standing"),
    Door("restriction", READERS, lambda place: f"/standing/restrictions/{place.restriction}",
         shut=404, nobody=404, strangers=404),
    Door("restriction-pdf", READERS, lambda place: f"/standing/restrictions/{place.restriction}.pdf",
         shut=404, nobody=404, strangers=404),
    Door("standing-of", READERS, _of_seller(""), strangers=404),
    Door("standing-act", READERS, _of_seller("/acts/dispute"), "POST", opens=frozenset({200, 302, 422}),
         strangers=404),
    Door("standing-file", frozenset({"seller", "reviewer", "programme_owner", "administrator", "auditor"}),
         _of_seller(f"/files/{NOT_THERE}"), opens=frozenset({404}), strangers=404),
]  # fmt: skip
