"""A claim's file over the API: for its parties and for staff, as it is signed; and the key, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from api.saying import notice, refused

from makewhole.proof.checking import verify

if TYPE_CHECKING:
    from api.machines import Hire, Machine
    from world import Shop


def test_parties_and_staff_download_a_file_that_holds(shop: Shop, backend: Machine, hire: Hire) -> None:
    claim = backend.post("/claims", notice(shop)).json()
    machines = {
        "seller": hire("seller", seller=shop.insured.pk),
        "claimant": backend,
        "staff": hire("auditor"),
    }
    for reader, machine in machines.items():
        response = machine.get(f"/claims/{claim['reference']}/export")
        assert response.status_code == 200
        assert response.headers["Content-Disposition"] == f'attachment; filename="{claim["reference"]}.json"'
        assert response.headers["Cache-Control"] == "no-store"
        assert response.json()["about"]["reader"] == reader
        assert verify(response.content).good
    assert any(event["withheld"] for event in machines["seller"].get(
        f"/claims/{claim['reference']}/export").json()["events"] if "withheld" in event)  # fmt: skip


def test_no_file_for_another_seller_nor_before_the_seller_was_told(shop: Shop, backend: Machine, hire: Hire) -> None:
    claim = backend.post("/claims", notice(shop)).json()
    other = hire("seller", seller=shop.uninsured.pk)
    refused(other.get(f"/claims/{claim['reference']}/export"), 404, "unknown_claim")
    early = backend.post("/claims", notice(shop, complete=False)).json()
    seller = hire("seller", seller=shop.insured.pk)
    refused(seller.get(f"/claims/{early['reference']}/export"), 404, "unknown_claim")


@pytest.mark.usefixtures("kept")
def test_the_key_is_there_for_everybody_and_is_that_of_the_file(
    client: Any, shop: Shop, backend: Machine, hire: Hire
) -> None:
    claim = backend.post("/claims", notice(shop)).json()
    told = client.get("/api/v1/checkpoint-key", headers={"host": "localhost"}).json()
    assert told["algorithm"] == "Ed25519"
    content = hire("auditor").get(f"/claims/{claim['reference']}/export").content
    found = verify(content, keys=frozenset({bytes.fromhex(told["public_key"])}))
    assert found.good
    assert any(told["fingerprint"] in check.says for check in found.checks)
    assert not verify(content, keys=frozenset({b"k" * 32})).good
