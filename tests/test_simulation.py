"""The simulation: one seed is one table, whatever the processes; every promise holds; and a broken one is seen.

On the real order book, where it lies beside the project; what needs no book is tested without it.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from makewhole.domain.having import having
from makewhole.simulation.book import Sale, Shelf
from makewhole.simulation.figures import Figures
from makewhole.simulation.life import Life
from makewhole.simulation.losses import draw_loss
from makewhole.simulation.markets import market
from makewhole.simulation.sellers import Seller, draw_seller
from makewhole.simulation.shop import Shop
from makewhole.simulation.table import promises, tables

ORDERS = Path(__file__).parents[2] / "shared" / "data" / "orders"
DELIVERED = datetime(2025, 5, 5, 15, tzinfo=UTC)

needs_book = pytest.mark.skipif(not ORDERS.is_dir(), reason="the order book (../shared/data) is not on this machine")


def simulated(tmp_path: Path, *, seed: int, processes: int, claims: int = 400) -> tuple[str, str]:
    """The report, and what the command said."""
    report = tmp_path / f"{seed}-{processes}.md"
    given = ("--claims", str(claims), "--orders", str(ORDERS), "--seed", str(seed), "--processes", str(processes))
    command = [sys.executable, "-m", "makewhole.cli", "simulate", *given, "--report", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return report.read_text("utf-8"), done.stdout


@needs_book
def test_one_seed_gives_one_table_in_one_process_or_in_two_and_all_promises_hold(tmp_path: Path) -> None:
    alone, said = simulated(tmp_path, seed=1, processes=1)
    together, _ = simulated(tmp_path, seed=1, processes=2)
    assert alone == together
    assert said.count("\nholds: ") == 4
    assert simulated(tmp_path, seed=2, processes=2)[0] != alone
    for currency in ("USD", "EUR", "GBP", "CAD"):
        assert f"#### Who bore how much, {currency}" in alone


# Without the book ------------------------------------------------------------------------------------------


def shelf(sales: int = 40, price_minor: int = 90_00) -> Shelf:
    days = [DELIVERED + timedelta(days=n) for n in range(sales)]
    return Shelf("S1", tuple(Sale(n, price_minor, day - timedelta(days=6), day) for n, day in enumerate(days)))


def seller(**drawn: object) -> Seller:
    told = draw_seller(1, shelf(), 1, 1.0)
    return replace(told, **{"marketplace": "us", "gone": "", "good_standing": True, **drawn})


def lived(who: Seller, *, claims: int = 2, seed: int = 1) -> Life:
    zone = market(who.marketplace).calendar.zone
    losses = [draw_loss(sale, nth, zone, seed) for sale in who.shelf.sales for nth in range(claims)]
    life = Life(Shop(who, {loss.number: loss for loss in losses}), seed)
    life.run()
    return life


def borne(figures: Figures, track: str, who: str) -> int:
    return figures.counts["bore", "USD", track, who]


def test_small_claims_cost_an_insured_seller_nothing_and_one_without_insurance_what_was_paid() -> None:
    insured = lived(seller(cover="on_file")).figures
    assert borne(insured, "direct", "platform, by the rules") > 0
    assert borne(insured, "direct", "seller, withheld") == borne(insured, "direct", "seller, paid to the platform") == 0
    bare = lived(seller(cover="none", coverage=None, repays="is_withheld")).figures
    assert borne(bare, "direct", "seller, withheld") > 0
    assert not insured.broken
    assert not bare.broken


def test_a_silent_seller_does_not_keep_customers_waiting_and_what_it_owes_is_withheld() -> None:
    figures = lived(seller(cover="none", coverage=None, habit="silent", repays="is_withheld")).figures
    stepped_in = figures.counts["did stepped in", "USD", "tendered", "is silent"]
    assert stepped_in > 0
    assert borne(figures, "tendered", "seller, withheld") > 0


def test_a_seller_that_is_gone_pays_nothing_and_its_debts_are_written_off() -> None:
    gone = seller(cover="none", coverage=None, gone="account_gone", gone_from=date(2025, 1, 1))
    figures = lived(gone).figures
    assert borne(figures, "direct", "platform, written off") > 0
    assert not any(key[3].startswith("seller") for key in figures.counts if key[0] == "bore")


def test_everything_that_customers_got_was_borne_by_somebody() -> None:
    figures = lived(seller(cover="none", coverage=None)).figures
    got = sum(count for key, count in figures.counts.items() if key[0] in ("paid", "settled"))
    assert got == sum(count for key, count in figures.counts.items() if key[0] == "bore") > 0


def test_books_that_do_not_say_what_the_claim_says_break_a_promise() -> None:
    life = lived(seller(), claims=1)
    no = next(iter(life.shop.books))
    life.shop.books[no]["claims_expense"] += 1
    life.shop.audit(no)
    assert any("the books balance" in broken for broken in life.shop.broken)
    assert any("claims_expense says" in broken for broken in life.shop.broken)


def test_a_withholding_beyond_the_payout_breaks_a_promise() -> None:
    life = lived(seller(cover="none", coverage=None, repays="is_withheld"))
    no, claim = next(
        (no, claim) for no, claim in life.shop.claims.items() if claim.recovery and claim.recovery.withholdings
    )
    assert claim.recovery is not None
    payout = life.shop.payouts[claim.recovery.withholdings[0].disbursement_id]
    payout.net_minor = payout.withheld_minor - 1
    life.shop._look_at_recovery(no, claim)
    assert any("net amount of the payout" in broken for broken in life.shop.broken)


def test_more_recovered_than_was_paid_breaks_a_promise_and_is_said() -> None:
    life = lived(seller(cover="none", coverage=None))
    no, claim = next((no, claim) for no, claim in life.shop.claims.items() if claim.recovery and claim.paid_minor)
    less = having(claim, exposures=tuple(having(each, paid_minor=0) for each in claim.exposures))
    life.shop._look_at_recovery(no, less)
    life.figures.broken.update(life.shop.broken)
    assert any(line.startswith("BROKEN: recovered + withheld <= paid") for line in promises(life.figures))
    assert "#### Who bore how much, USD" in tables(life.figures)
