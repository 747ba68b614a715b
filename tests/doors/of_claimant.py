"""Who claims: the way from an order, a draft that is somebody's, and looking for an order without a link."""

from __future__ import annotations

from uuid import UUID

from doors.doors import EVERYBODY, Door, Premises

NOT_THERE = UUID(int=1)
NOT_HERE = frozenset({410})  # a draft of somebody else is as little there as one that never was


def _order(place: Premises) -> str:
    from makewhole.people.links import OrderNamed, order_key

    line = place.shop.sell()
    return f"/file/{order_key(OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, line.buyer_ref))}"


def _draft(page: str) -> object:
    """A page of a draft that a claimant began and nobody else may open; test_pages.py opens it as who began it."""

    def address(place: Premises) -> str:
        from world import NOW

        from makewhole.store import drafts
        from makewhole.store.ids import new_id

        draft_id = new_id()
        drafts.save(draft_id, place.shop.sell().pk, lambda told: told.update(photos={}), account_id=None, at=NOW)
        return f"/filing/{draft_id}{page}"

    return address


DOORS = [
    Door("orders", frozenset({"claimant"}), lambda place: "/orders", many=True),
    Door("find-order", EVERYBODY, lambda place: "/find-order"),
    Door("find-order", EVERYBODY, lambda place: "/find-order", "POST", opens=frozenset({422})),
    Door("file", EVERYBODY, _order),
    Door("filing-on", EVERYBODY, _draft(""), opens=NOT_HERE),
    Door("filing", EVERYBODY, _draft("/what"), opens=NOT_HERE),
    Door("filing", EVERYBODY, _draft("/check"), "POST", opens=NOT_HERE),
    Door("filing-link", EVERYBODY, _draft("/link"), "POST", lambda place: {"email": "eve@example.com"}, opens=NOT_HERE),
    Door("filing-files", EVERYBODY, _draft("/files"), "POST", lambda place: {"slot": "photos"},
         opens=frozenset({404})),
    Door("filing-address", EVERYBODY, _draft("/address"), "POST", lambda place: {"country": "DE"},
         opens=frozenset({404})),
    Door("filing-picture", EVERYBODY, _draft(f"/files/{NOT_THERE}"), opens=frozenset({404})),
]  # fmt: skip
