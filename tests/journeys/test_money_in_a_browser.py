"""Money on its way: made by one, signed by another, sent, answered, reconciled, and read in the books. In a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from datetime import datetime

    from journeys.visitors import Visitor
    from playwright.sync_api import Locator
    from world import Shop

    from makewhole.domain.claim.state import Claim
    from makewhole.store.models import Insurer

Visit = Callable[..., "Visitor"]
Clock = Callable[["datetime"], None]
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


@WIDTHS
def test_a_batch_is_made_signed_sent_answered_and_reconciled(
    visit: Visit, shop: Shop, width: int, tmp_path: Path
) -> None:
    from bank.messages import camt_054, entry
    from bank.paying import bank_ref, pays_from, reference

    claims = [_paying(shop, amount) for amount in ("120.00", "184.20", "75.50", "640.00")]
    pays_from(shop)
    fiona = _finance(visit, shop, width)
    assert fiona.headline == "Nothing waits for your signature, and everything agrees."
    assert fiona.sees("4 payments by bank transfer are in no batch yet.") and fiona.sees("$1,019.70")
    fiona.page.get_by_role("link", name="Make batches").click()
    assert fiona.headline == "4 payments wait to go into a batch."
    fiona.keeps_picture("money-batches-waiting")
    fiona.page.get_by_role("button", name="Make a batch of 21 Nov 2026").click()
    assert fiona.headline == "4 payments, $1,019.70: wait for a second person's signature."
    assert fiona.sees("You made it: somebody else signs.")
    assert fiona.page.get_by_role("button", name="Look and sign").count() == 0
    assert not fiona.sees("US0") and fiona.sees("••••")  # an account is shown by its last four signs
    fiona.keeps_picture("money-batch-own")

    marc = _finance(visit, shop, width)
    assert marc.headline == "1 thing waits for your signature."
    marc.keeps_picture("money-today")
    _keeps_dark_picture(marc, "money-today")
    marc.page.get_by_role("link", name="Look and sign").click()
    marc.keeps_picture("money-approvals")
    marc.presses("Look at what I chose")
    assert marc.sees("Choose at least one.")
    marc.page.get_by_role("checkbox").first.check()
    marc.presses("Look at what I chose")
    assert marc.headline == "You sign 1 thing: $1,019.70 goes out."
    marc.keeps_picture("money-look")
    marc.presses("Sign it")
    assert marc.headline == "Signed."
    marc.keeps_picture("money-signed")
    marc.page.get_by_role("main").get_by_role("link", name="-USD-2026-11-21-1").click()
    with marc.page.expect_download() as download:
        marc.presses("Download the file for the bank")
    content = Path(download.value.path()).read_bytes()
    assert all(reference(claim).encode() in content for claim in claims)

    paid, back, short, _silent = claims
    answers = camt_054(
        entry(reference(paid), "120.00", ref=bank_ref()),
        entry(reference(back), "184.20", ref=bank_ref(), side="CRDT", back="AC04"),
        entry(reference(short), "75.40", ref=bank_ref()),
    )
    _sends_to(marc, answers, tmp_path)
    assert marc.headline == "2 answers were done; 1 does not fit, and moved nothing."
    marc.keeps_picture("money-report")
    _sends_to(marc, answers, tmp_path)
    assert marc.sees("This very file was read before. Nothing was done twice.")
    marc.goes_to("/bank-answers")
    assert marc.headline == "1 answer of the bank does not fit."
    marc.keeps_picture("money-bank-answers")

    marc.goes_to("/returns")
    assert marc.headline == "1 payment came back."
    assert marc.sees("The account is closed") and marc.sees("another account from the claimant")
    marc.keeps_picture("money-returns")

    marc.goes_to("/reconciliation")
    assert marc.headline == "1 answer of the bank does not fit."
    assert marc.sees("ordered: $75.50")
    marc.keeps_picture("money-reconciliation")
    _keeps_dark_picture(marc, "money-reconciliation")
    marc.page.get_by_label("What it was, and what was done").fill("Ten cents of charges; the bank gives them back.")
    marc.presses("Explain")
    assert marc.sees("Recorded. It waits no longer.")
    assert marc.headline == "Orders, bank and books agree."
    marc.page.get_by_role("main").get_by_role("link", name="21 Nov 2026").click()
    assert marc.sees("answer.xml")
    marc.keeps_picture("money-day")


@WIDTHS
def test_the_books_lead_from_a_balance_to_the_claim(visit: Visit, shop: Shop, width: int) -> None:
    from bank.paying import maker
    from world import NOW

    from makewhole import asks
    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import handle

    claims = [_paying(shop, amount) for amount in ("120.00", "184.20")]
    paid = ConfirmPayment(claims[0].payments[0].order.payment_id, "B-1")
    handle(asks.act(paid, claim_id=claims[0].claim_id, by=maker(shop), at=NOW))
    auditor = _finance(visit, shop, width, role="auditor", at="/books")
    assert auditor.headline == "The books balance."
    auditor.keeps_picture("books-balance")
    _keeps_dark_picture(auditor, "books-balance")
    auditor.page.get_by_role("link", name="Payments in transit").click()
    assert auditor.headline == "Payments in transit, November 2026"
    assert auditor.sees("-$184.20")
    auditor.keeps_picture("books-account")
    auditor.page.get_by_role("main").get_by_role("link", name="21 Nov 2026").click()
    assert auditor.headline == "Payments in transit, 21 Nov 2026"
    auditor.keeps_picture("books-day")
    auditor.page.get_by_role("link", name="PaymentSettled").click()
    assert auditor.headline == "This entry balances."
    auditor.keeps_picture("books-entry")
    auditor.page.get_by_role("main").get_by_role("link", name="of its log").click()
    assert auditor.page.url.endswith(f"/claims/{claims[0].filed.reference}/log#v{_version_of_settled(claims[0])}")


@WIDTHS
def test_a_repayment_is_signed_with_the_banks_reference_of_it(
    visit: Visit, shop: Shop, width: int, noon: Clock
) -> None:
    asked = _with_a_repayment(shop)
    noon(asked.at)
    fiona = _finance(visit, shop, width)
    assert fiona.headline == "1 thing waits for your signature."
    assert fiona.sees("$283.00")
    fiona.goes_to("/approvals")
    fiona.page.get_by_role("checkbox").first.check()
    fiona.presses("Look at what I chose")
    fiona.presses("Sign it")
    assert fiona.sees("Please give the bank's reference.")
    assert fiona.sees("Nothing was signed yet.")
    fiona.page.get_by_label("The bank's reference").fill("BK-2026-77")
    fiona.keeps_picture("money-look-repayment")
    fiona.presses("Sign it")
    assert fiona.headline == "Signed."
    fiona.goes_to("/approvals")
    assert fiona.headline == "Nothing waits for a signature."


@WIDTHS
def test_money_is_asked_of_an_insurer_of_the_platform_only_after_somebody_said_that_it_may_be(
    visit: Visit, shop: Shop, width: int, noon: Clock
) -> None:
    from journeys.visitors import hired
    from owing import LATER

    insurer, clear, barred = _with_two_checks(shop)
    noon(LATER)
    assert _owed(clear) == _owed(barred) == {}  # nobody is asked for anything before
    fiona = _finance(visit, shop, width)
    assert fiona.headline == "2 things wait for your signature."
    fiona.page.get_by_role("link", name="Anti-subrogation checks").click()
    assert fiona.headline == "2 things wait for a signature."
    assert fiona.sees("One person says so, in words.")
    fiona.keeps_picture("money-approvals-checks")
    for box in fiona.page.get_by_role("checkbox").all():
        box.check()
    fiona.presses("Look at what I chose")
    assert fiona.headline == "You sign 2 things."  # no money goes out by it
    assert fiona.sees("$2,000.00 of the $2,500.00 that was approved to the customer")
    fiona.keeps_picture("money-look-checks")
    _keeps_dark_picture(fiona, "money-look-checks")

    about_one, about_other = _part(fiona, clear), _part(fiona, barred)
    about_one.get_by_label("Yes, nothing stands against it").check()
    about_one.get_by_label("In your words").fill("Counsel agrees: its own insured did nothing.")
    about_other.get_by_label("In your words").fill("The platform repaired it itself.")
    fiona.presses("Sign all 2")
    assert fiona.sees("Nothing was signed yet.") and _part(fiona, barred).get_by_text("Please choose one.").count() == 1
    assert _part(fiona, clear).get_by_text("Please choose one.").count() == 0
    assert _part(fiona, clear).get_by_label("In your words").input_value().startswith("Counsel agrees")
    assert _owed(clear) == {}
    fiona.keeps_picture("money-look-checks-refused")
    _part(fiona, barred).get_by_label("No, it is barred").check()
    fiona.presses("Sign all 2")
    assert fiona.headline == "All 2 are signed."
    fiona.keeps_picture("money-checks-signed")
    assert _owed(clear) == {"seller": 500_00, "insurer": 2_000_00}
    assert _owed(barred) == {"seller": 2_500_00}

    fiona.page.get_by_role("link", name=clear.filed.reference).click()
    assert fiona.sees("Anti-subrogation check: the insurer may be asked.")
    fiona.goes_to(f"/claims/{barred.filed.reference}")
    assert fiona.sees("Anti-subrogation check: the insurer may not be asked.")
    fiona.goes_to("/approvals")
    assert fiona.headline == "Nothing waits for a signature."

    asked = visit(width)
    asked.signs_in(hired("insurer", "", insurer_id=insurer.pk).email)
    asked.goes_to("/recoveries")
    assert asked.headline == "$2,000.00 is asked of you."  # of its own part, and not of its insured's
    assert asked.sees(clear.filed.reference) and not asked.sees(barred.filed.reference)
    assert not asked.sees("$500.00") and not asked.sees("$2,500.00")
    asked.keeps_picture("money-asked-of-an-insurer")


def test_what_somebody_else_signed_meanwhile_is_said(visit: Visit, shop: Shop) -> None:
    from bank.paying import made, mark, pays_from, signer
    from world import NOW

    from makewhole import batches

    _paying(shop, "120.00")
    pays_from(shop)
    batch = made(shop)
    marc = _finance(visit, shop, 1280, at="/approvals")
    marc.page.get_by_role("checkbox").first.check()
    marc.presses("Look at what I chose")
    batches.sign(batch.pk, mark(batch), by=signer(shop), at=NOW)
    marc.presses("Sign it")
    assert marc.headline == "0 of 1 are signed."
    assert marc.sees("1 thing was signed already, and is not there any more.")


def test_a_batch_that_changed_since_it_was_looked_at_is_not_signed(visit: Visit, shop: Shop) -> None:
    from bank.paying import made, maker, pays_from
    from world import NOW

    from makewhole import batches

    first, _ = _paying(shop, "120.00"), _paying(shop, "75.00")
    pays_from(shop)
    batch = made(shop)
    marc = _finance(visit, shop, 1280, at="/approvals")
    marc.page.get_by_role("checkbox").first.check()
    marc.presses("Look at what I chose")
    payment = first.payments[0].order.payment_id
    batches.take_out(batch.pk, payment, "the account looks wrong", by=maker(shop), at=NOW)
    marc.presses("Sign it")
    assert marc.sees("This batch changed after you looked at it. Look again, then sign.")
    assert marc.headline == "0 of 1 are signed."


@WIDTHS
def test_an_insurer_sees_what_waits_for_it_and_what_its_part_is(visit: Visit, shop: Shop, width: int) -> None:
    from doors.doors import Premises
    from journeys.visitors import hired

    place = Premises(shop)
    claim = place.tendered
    insurer = visit(width)
    insurer.signs_in(hired("insurer", "", insurer_id=place.insurer.pk).email)
    insurer.goes_to("/tenders")
    assert insurer.headline == "1 claim waits for your answer."
    assert insurer.sees("$1,850.00") and insurer.sees("$500.00") and insurer.sees("$1,350.00")
    insurer.keeps_picture("tenders-insurer")
    insurer.page.get_by_role("main").get_by_role("link", name=claim.filed.reference).click()
    assert insurer.page.get_by_role("link", name="Download the file").count() == 1
    insurer.page.locator("summary", has_text="Reserve your rights").click()
    insurer.presses("Reserve our rights")
    insurer.goes_to("/tenders")
    assert insurer.sees("You reserve your rights")  # its time runs on
    insurer.goes_to("/tenders?which=closed")
    assert insurer.sees("None like that.")


# Parts --------------------------------------------------------------------------------------------------


def _paying(shop: Shop, amount: str) -> Claim:
    from bank.paying import paying

    return paying(shop, amount)


def _finance(visit: Visit, shop: Shop, width: int, *, role: str = "finance", at: str = "/finance") -> Visitor:
    from journeys.visitors import hired

    visitor = visit(width)
    visitor.signs_in(hired(role, shop.code).email)
    visitor.goes_to(at)
    return visitor


def _sends_to(visitor: Visitor, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(content)
    visitor.goes_to("/bank-answers")
    visitor.page.get_by_label("The bank's file").set_input_files(file)
    visitor.presses("Read it")


def _keeps_dark_picture(visitor: Visitor, name: str) -> None:
    visitor.page.emulate_media(color_scheme="dark")
    path = visitor.screenshots / f"{name}-dark-{visitor.width}.png"
    visitor.page.screenshot(path=path, full_page=True)
    visitor.page.emulate_media(color_scheme="light")


def _with_a_repayment(shop: Shop) -> Any:
    """The seller paid everything itself, and a person then found that it owed a third less."""
    from asked_back import demanded

    from makewhole import asks, asks_recovery
    from makewhole.domain.claim.events import Reason
    from makewhole.domain.recovery import commands as rd

    life = demanded(shop)
    life.at += timedelta(days=1)
    said = asks.say("The lamp was used outdoors.")
    assert said.sealed is not None
    life.does(rd.ContestRecovery(("misuse",), said.sealed), life.seller, words=(said,))
    got = asks_recovery.receive_recovery(life.claim.claim_id, "seller", "850.00", "USD", "IN-1")
    life.does(got, shop.staff("finance", 31))
    found = asks.say("A third of the damage is the customer's to bear.")
    reason = Reason("misuse", f"{life.claim.policy_version} · bearer.small_not_insured", (), found.sealed)
    decided = rd.DecideContest("partly", reason, 283_00)
    return life.does(decided, shop.staff("reviewer", 32), words=(found,))


def _with_two_checks(shop: Shop) -> tuple[Insurer, Claim, Claim]:
    """Two claims that were paid, about products whose insurer insures the platform too."""
    from owing import paid, run_out, tendered

    from makewhole.store.models import Coverage, Insurer

    insurer = Insurer.objects.create(name=f"Harbour {shop.code}", email="claims@harbour.example")
    Coverage.objects.filter(seller=shop.insured).update(
        insurer_account=insurer, limit_minor=1_000_000_00, deductible_minor=500_00, platform_is_insured=True
    )
    one, other = (paid(run_out(tendered(shop, seller=shop.insured), "seller_answers")) for _ in range(2))
    return insurer, one, other


def _owed(claim: Claim) -> dict[str, int]:
    """Of whom how much is asked, as the log says."""
    from makewhole.reads.approvals import folded

    now = folded([claim.claim_id])[claim.claim_id]
    return {debt.debtor: debt.owed_minor for each in now.recoveries for debt in each.debts if debt.owed_minor}


def _part(visitor: Visitor, claim: Claim) -> Locator:
    """The part of a look that is about this claim."""
    return visitor.page.locator("section.sign").filter(has_text=claim.filed.reference)


def _version_of_settled(claim: Claim) -> int:
    from makewhole.store.models import Event

    return Event.objects.values_list("version", flat=True).get(claim_id=claim.claim_id, kind="PaymentSettled")
