"""A seller reads why it may be restricted, and disputes it; in a real browser, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from world import NOW, Shop

if TYPE_CHECKING:
    from journeys.visitors import Visitor


@pytest.mark.parametrize("width", [390, 1280])
def test_a_seller_reads_its_statement_and_disputes_a_fact(
    shop: Shop, visit: Callable[..., Visitor], width: int
) -> None:
    from journeys.visitors import hired

    from makewhole import standing as door

    for n in range(3):
        door.report_violation(
            shop.insured.pk, ref=f"v{n}", code="late shipping", on=date(2026, 11, 17 + n), by=shop.backend, at=NOW
        )
    door.restrict(
        shop.insured.pk, "listings", takes_effect_at=NOW + timedelta(days=3), words="Three violations in one week.",
        by=shop.staff("programme_owner", 31), at=NOW,
    )  # fmt: skip
    seller = visit(width)
    seller.signs_in(hired("seller", shop.code, seller_id=shop.insured.pk).email)
    seller.page.get_by_role("navigation", name="Main").get_by_role("link", name="Your standing").click()
    assert seller.headline.startswith("Your listings will be restricted from Tue 24 Nov 2026, 12:00 (New York).")
    seller.keeps_picture("standing")
    seller.page.locator("article", has_text="19 Nov 2026").get_by_text("This is wrong").click()
    seller.page.locator("details[open]").get_by_label("What is wrong with it?").fill("The scan shows it was in time.")
    seller.page.locator("details[open]").get_by_role("button", name="Dispute it").click()
    assert seller.sees("A person who took no part decides, and tells you the reasons.")
    assert seller.sees("The scan shows it was in time.") and "at risk" in seller.headline
    seller.keeps_picture("standing-disputed")
