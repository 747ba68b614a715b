"""Mails as a reader's browser shows them, narrow and wide, light and dark; pictures to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from journeys.visitors import Visitor
    from world import Shop

Visit = Callable[..., "Visitor"]


@pytest.mark.parametrize("width", [390, 1280])
def test_mails_of_a_claim_fit_the_screen_and_can_be_read_in_both_modes(visit: Visit, shop: Shop, width: int) -> None:
    from asked_back import contest_decided

    from makewhole.store.models import Outbox
    from makewhole.workers.mails.letters import letter

    claim = contest_decided(shop).claim
    tendered = shop.file(shop.notice(shop.sell(price="199.00", seller=shop.uninsured), claimed="1850.00")).claim
    asked = shop.file(shop.notice(shop.sell(), complete=False)).claim
    reader = visit(width)
    for claim_id, template in (
        (claim.claim_id, "claim_decided"), (claim.claim_id, "recovery_demanded"), (claim.claim_id, "contest_decided"),
        (tendered.claim_id, "tender_to_seller"), (asked.claim_id, "proof_requested"),
        (asked.claim_id, "claim_received"),
    ):  # fmt: skip
        notice = Outbox.objects.filter(claim_id=claim_id, template=template).order_by("id").first()
        assert notice is not None, template
        reader.page.set_content(letter(notice).html)
        assert reader.page.get_by_role("link").first.bounding_box()["height"] >= 44  # type: ignore[index]
        reader.keeps_picture(f"mail-{template}")
        reader.page.emulate_media(color_scheme="dark")
        reader.page.screenshot(path=reader.screenshots / f"mail-{template}-dark-{width}.png", full_page=True)
        reader.page.emulate_media(color_scheme="light")
