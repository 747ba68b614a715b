"""A seller's standing: for the seller and for staff of its marketplace."""

from __future__ import annotations

from uuid import UUID

from doors.doors import Door, Premises

NOT_THERE = UUID(int=1)
READERS = frozenset(
    {"seller", "adjuster", "reviewer", "finance", "safety_officer", "programme_owner", "administrator", "auditor"}
)
HEARS = frozenset({"seller", "reviewer", "programme_owner", "administrator", "auditor"})


def _of_seller(page: str) -> object:
    return lambda place: f"/sellers/{place.shop.insured.pk}/standing{page}"


def _restriction(ending: str) -> object:
    def at(place: Premises) -> str:
        return f"/standing/restrictions/{place.restriction}{ending}"

    return at


DOORS = [
    Door("standing", HEARS, lambda place: "/standing"),
    Door("restriction", READERS, _restriction(""), shut=404, nobody=404, strangers=404),
    Door("restriction-pdf", READERS, _restriction(".pdf"), shut=404, nobody=404, strangers=404),
    Door("standing-of", READERS, _of_seller(""), strangers=404),
    Door("standing-act", READERS, _of_seller("/acts/dispute"), "POST", opens=frozenset({200, 302, 422}),
         strangers=404),
    Door("standing-file", HEARS, _of_seller(f"/files/{NOT_THERE}"), opens=frozenset({404}), strangers=404),
]  # fmt: skip
