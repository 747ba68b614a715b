"""Bodies as a machine sends them, and what every answer that is no success must be."""

from __future__ import annotations

from typing import Any

from world import Shop


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def notice(shop: Shop, *, complete: bool = True, claimed: str = "120.00", **told: Any) -> dict[str, Any]:
    """A small clean claim on an order line of its own, with photo and receipt; `told` replaces fields."""
    said = shop.notice(shop.sell(), claimed=claimed, complete=complete)
    body = {
        "marketplace": said.marketplace,
        "order_ref": said.order_ref,
        "line_ref": said.line_ref,
        "loss_date": said.loss_date.isoformat(),
        "story": said.story,
        "exposures": [{"head": part.head, "amount": usd(part.amount)} for part in said.exposures],
        "contact": {"name": said.contact.name, "email": said.contact.email, "address": said.contact.address},
        "payout": {
            "method": said.payout.method, "account": said.payout.account, "holder": said.payout.holder,
        },
        "evidence": [
            {"id": str(paper.evidence_id), "exposure": paper.exposure, "amount": usd(paper.amount or "0")}
            for paper in said.evidence
        ],
    }  # fmt: skip
    return body | told


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem, where it is this one and is told as RFC 9457 says."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["code"]) == (status, code), told
    assert told["type"] == f"/problems/{code}" and told["status"] == status and told["detail"] and told["title"]
    return told
