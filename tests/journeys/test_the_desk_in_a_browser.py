"""An adjuster's and a reviewer's day at the desk, by keys alone where that is what is promised. In a real browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import papers
import pytest
from world import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from journeys.visitors import Visitor
    from playwright.sync_api import Browser, Locator
    from world import Shop

    from makewhole.domain.claim.state import Claim

Visit = Callable[..., "Visitor"]
Clock = Callable[["datetime"], None]
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


@WIDTHS
def test_a_worklist_is_filtered_counted_and_kept_as_a_view(visit: Visit, shop: Shop, width: int) -> None:
    hurt = _doubtful(shop, injury=True)
    for _ in range(3):
        _doubtful(shop)
    adjuster = _staff(visit, "adjuster", shop, width)
    adjuster.goes_to("/queue")
    assert adjuster.headline == "4 claims need you; none is late."
    adjuster.keeps_picture("worklist")
    adjuster.page.reload()  # taking a picture leaves empty styles behind, which the strict policy would complain of
    if width == 390:
        adjuster.unfolds("Filters")
    adjuster.unfolds("Somebody hurt")
    _filter(adjuster, "injury", "yes").click()
    adjuster.page.get_by_role("heading", name="1 claim needs you; none is late.").wait_for()
    assert _rows(adjuster) == [hurt.filed.reference]
    adjuster.unfolds("Save this view")
    adjuster.page.get_by_label("Name of the view").fill("Hurt")
    adjuster.page.get_by_label("Begin with it").check()
    adjuster.presses("Save")
    assert adjuster.sees("The view “Hurt” is saved.")
    adjuster.goes_to("/queue")
    assert adjuster.headline == "1 claim needs you; none is late."
    assert adjuster.page.get_by_role("navigation", name="Views").get_by_role("link", name="Hurt").is_visible()
    _in_the_dark(adjuster)
    adjuster.keeps_picture("worklist-view-dark")
    adjuster.page.get_by_role("navigation", name="Views").get_by_role("link", name="All").click()
    assert adjuster.headline == "4 claims need you; none is late."


def test_filters_work_without_scripts_too(visit: Visit, shop: Shop, chromium: Browser) -> None:
    hurt = _doubtful(shop, injury=True)
    _doubtful(shop)
    adjuster = _staff(visit, "adjuster", shop)
    plain = _without_scripts(adjuster, chromium)
    plain.goes_to("/queue")
    plain.unfolds("Somebody hurt")
    _filter(plain, "injury", "yes").click()
    assert plain.headline == "1 claim needs you; none is late."
    plain.page.get_by_role("link", name=hurt.filed.reference).click()
    assert plain.page.get_by_role("link", name="Next").count() == 0  # it is alone in this view
    plain.page.locator("[data-key-evidence]").click()
    plain.page.locator("[data-picture]").wait_for()
    assert not plain.page.locator("[data-tools]").is_visible()


@WIDTHS
def test_a_claim_shows_all_of_it_and_the_decision_stays_in_sight(visit: Visit, shop: Shop, width: int) -> None:
    _doubtful(shop)
    claim = _doubtful(shop, claimed="900.00", shown="520.00")
    adjuster = _opens_from_the_list(_staff(visit, "adjuster", shop, width), claim)
    assert adjuster.sees("Similar claims") and adjuster.sees("same product and seller")
    assert adjuster.sees("Alone you approve up to $1,000.00") or adjuster.sees("You approve up to $1,000.00")
    assert "$380.00 stays open" in adjuster.page.locator("[data-rest]").inner_text()
    adjuster.keeps_picture("desk")
    _in_the_dark(adjuster)
    adjuster.keeps_picture("desk-dark")
    if width == 1280:
        adjuster.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert adjuster.page.locator("#decide_approve_1").is_visible()
        assert adjuster.page.locator("#decide_approve_1").bounding_box()["y"] < 900  # type: ignore[index]
    else:
        jump = adjuster.page.get_by_role("navigation", name="Parts of this page")
        jump.get_by_role("link", name="Decide").click()
        assert adjuster.page.locator("#decide").bounding_box()["y"] < 200  # type: ignore[index]


def test_what_a_decision_needs_is_said_before_it_is_made(visit: Visit, shop: Shop) -> None:
    claim = _doubtful(shop, claimed="1500.00", shown="1500.00", price="30.00")
    adjuster = _staff(visit, "adjuster", shop)
    adjuster.goes_to(f"/claims/{claim.filed.reference}")
    if adjuster.page.get_by_role("button", name="Tender the claim").count():
        claim = _doubtful(shop, claimed="980.00", shown="980.00", price="30.00")
        adjuster.goes_to(f"/claims/{claim.filed.reference}")
    approve = adjuster.page.locator("#decide_approve_1")
    assert adjuster.page.get_by_text("This is yours alone").is_visible()
    approve.fill("0")
    assert not adjuster.page.get_by_text("This is yours alone").is_visible()
    assert "$980.00 stays open" in adjuster.page.locator("[data-rest]").inner_text()
    approve.fill("2,000.00")
    assert adjuster.page.get_by_text("A second person will have to agree").is_visible()
    approve.fill("6000")
    assert adjuster.page.get_by_text("Above your authority").is_visible()


def test_a_file_is_decided_with_the_keyboard_alone_and_the_next_one_opens(visit: Visit, shop: Shop) -> None:
    for claimed in ("300.00", "310.00", "320.00"):
        _doubtful(shop, claimed=claimed, shown="200.00")
    adjuster = _staff(visit, "adjuster", shop)
    adjuster.goes_to("/queue")
    order = _rows(adjuster)
    keys = adjuster.page.keyboard
    keys.press("j")
    keys.press("j")
    keys.press("k")
    keys.press("Enter")
    adjuster.page.wait_for_url("**/claims/**")
    assert adjuster.reference == order[0]
    keys.press("e")
    adjuster.page.wait_for_url("**/evidence/1**")
    keys.press("j")
    adjuster.page.wait_for_url("**/evidence/2**")
    keys.press("u")
    adjuster.page.wait_for_url(f"**/claims/{order[0]}?queue=**")
    keys.press("a")
    adjuster.page.get_by_text("The claim is assigned to you.").wait_for()
    assert adjuster.sees("Assigned to Adjuster.")
    assert adjuster.reference == order[0]  # taking a file is no decision: it stays open
    keys.press("d")
    keys.type("300")
    assert adjuster.page.locator("#decide_approve_1").input_value() == "300"
    keys.press("Enter")
    adjuster.page.wait_for_url(f"**/claims/{order[1]}?queue=**")
    assert adjuster.sees("Your decision is recorded.")
    assert adjuster.page.locator(".notice a").inner_text() == order[0]
    keys.press("j")
    adjuster.page.wait_for_url(f"**/claims/{order[2]}?queue=**")
    keys.press("d")
    keys.type("320")
    keys.press("Enter")
    adjuster.page.wait_for_url("**/queue?**end=1")
    assert adjuster.sees("You are at the end of this view.") and adjuster.sees("What you passed by still stands below.")
    assert _rows(adjuster) == [order[1]]
    adjuster.keeps_picture("worklist-end")


def test_keys_never_take_typing_or_the_browsers_own_and_can_be_turned_off(visit: Visit, shop: Shop) -> None:
    claim = _doubtful(shop)
    _doubtful(shop)
    adjuster = _opens_from_the_list(_staff(visit, "adjuster", shop), claim)
    keys, at = adjuster.page.keyboard, adjuster.page.url
    adjuster.unfolds("Ask for proof")
    adjuster.page.locator("#request-proof_words").fill("")
    adjuster.page.locator("#request-proof_words").focus()
    keys.type("jade?")
    assert adjuster.page.locator("#request-proof_words").input_value() == "jade?"
    adjuster.page.locator("h1").click()
    keys.press("Control+j")
    keys.press("Alt+e")
    assert adjuster.page.url == at
    keys.press("?")
    adjuster.page.get_by_role("dialog", name="Keys").wait_for()
    adjuster.keeps_picture("keys")
    keys.press("j")  # in the dialog it is no key of the page
    assert adjuster.page.url == at
    adjuster.page.get_by_label("Turn the keys off on this machine").check()
    keys.press("Escape")
    keys.press("e")
    keys.press("?")
    assert adjuster.page.url == at and not adjuster.page.get_by_role("dialog", name="Keys").is_visible()
    adjuster.page.reload()
    keys.press("e")
    assert adjuster.page.url == at
    adjuster.page.get_by_role("button", name="Keys").click()
    adjuster.page.get_by_label("Turn the keys off on this machine").uncheck()
    keys.press("Escape")
    keys.press("e")
    adjuster.page.wait_for_url("**/evidence/1**")


@WIDTHS
def test_evidence_is_enlarged_turned_and_compared(visit: Visit, shop: Shop, width: int) -> None:
    claim = _doubtful(shop)
    adjuster = _staff(visit, "adjuster", shop, width)
    adjuster.goes_to(f"/claims/{claim.filed.reference}/evidence/1")
    picture = adjuster.page.locator("[data-picture]")
    before = picture.bounding_box()
    adjuster.page.get_by_role("button", name="Larger").click()
    adjuster.page.get_by_role("button", name="Larger").click()
    after = picture.bounding_box()
    assert before and after and after["width"] > before["width"] * 1.2  # the strict policy lets it
    adjuster.page.get_by_role("button", name="Turn right").click()
    assert "rotate" in picture.evaluate("each => getComputedStyle(each).transform") or picture.evaluate(
        "each => getComputedStyle(each).transform"
    ).startswith("matrix(0")
    adjuster.page.get_by_role("button", name="Whole").click()
    adjuster.page.get_by_label("Compare with").select_option("2")
    adjuster.presses("Show")
    assert adjuster.page.locator("[data-picture]").count() == 2
    adjuster.keeps_picture("viewer")


@WIDTHS
def test_a_papers_pages_are_looked_at_enlarged_and_turned_with_the_text_beside(
    visit: Visit, shop: Shop, width: int
) -> None:
    claim = _with_papers(shop)
    adjuster = _staff(visit, "adjuster", shop, width)
    adjuster.goes_to(f"/claims/{claim.filed.reference}")
    for first in adjuster.page.locator(".first-page").all():
        first.scroll_into_view_if_needed()
        _drawn(first)
    adjuster.page.locator("#evidence").scroll_into_view_if_needed()
    adjuster.keeps_picture("desk-papers")
    adjuster.goes_to(f"/claims/{claim.filed.reference}/evidence/2")
    pages = adjuster.page.locator("[data-picture]")
    assert pages.count() == 3
    _drawn(pages.first)
    assert adjuster.page.get_by_text("Page 1 of 3").is_visible() and adjuster.sees("Repair of a worktop")
    adjuster.keeps_picture("viewer-paper")
    _in_the_dark(adjuster)
    adjuster.keeps_picture("viewer-paper-dark")
    before = _boxes(pages)
    adjuster.page.get_by_role("button", name="Larger").click()
    assert all(now["width"] > then["width"] * 1.4 for now, then in zip(_boxes(pages), before, strict=True))
    adjuster.page.get_by_role("button", name="Smaller").click()
    assert abs(_boxes(pages)[0]["width"] - before[0]["width"]) < 2
    # A page further down is turned where it stands: the others stay, and all of it can be scrolled to.
    pages.nth(1).scroll_into_view_if_needed()
    pages.nth(1).evaluate("each => each.scrollIntoView({ block: 'center' })")
    _drawn(pages.nth(1))
    adjuster.page.get_by_role("button", name="Whole").click()
    stage, whole = _boxes(adjuster.page.locator("[data-stage]"))[0], _boxes(pages)[1]
    assert stage["y"] <= whole["y"] and whole["y"] + whole["height"] <= stage["y"] + stage["height"]
    said = adjuster.page.locator("[data-says]").inner_text()
    assert said.startswith("Page 2, ")
    adjuster.page.get_by_role("button", name="Turn right").click()
    assert adjuster.page.locator("[data-says]").inner_text() == said
    turned = _boxes(pages)
    assert turned[1]["width"] > turned[1]["height"] and abs(turned[1]["width"] - whole["width"]) < 2
    assert [box["height"] > box["width"] for box in turned] == [True, False, True]
    assert turned[0]["y"] + turned[0]["height"] < turned[1]["y"]
    assert turned[1]["y"] + turned[1]["height"] < turned[2]["y"]
    middle = stage["y"] + stage["height"] / 2
    assert turned[1]["y"] < middle < turned[1]["y"] + turned[1]["height"]  # still in sight
    adjuster.page.locator("[data-stage]").evaluate("each => each.scrollTo(0, 0)")
    adjuster.page.get_by_role("button", name="Turn left").click()
    adjuster.keeps_picture("viewer-paper-turned")


@WIDTHS
def test_a_scan_stands_beside_a_photo_and_beside_a_written_paper(visit: Visit, shop: Shop, width: int) -> None:
    claim = _with_papers(shop)
    adjuster = _staff(visit, "adjuster", shop, width)
    adjuster.goes_to(f"/claims/{claim.filed.reference}/evidence/3")
    _drawn(adjuster.page.locator("[data-picture]"))
    assert adjuster.sees("It has no text to search: a scan, perhaps.")
    adjuster.keeps_picture("viewer-scan")
    for other, pictures in (("1", 2), ("2", 4)):
        adjuster.page.get_by_label("Compare with").select_option(other)
        adjuster.presses("Show")
        adjuster.page.locator(".panes.two").wait_for()
        assert adjuster.page.locator("[data-picture]").count() == pictures
    second = adjuster.page.locator("[data-pane]").nth(1)
    second.scroll_into_view_if_needed()
    _drawn(second.locator("[data-picture]").first)
    first = _boxes(adjuster.page.locator("[data-pane]").first.locator("[data-picture]"))
    then = _boxes(second.locator("[data-picture]"))
    second.get_by_role("button", name="Larger").click()
    assert _boxes(second.locator("[data-picture]"))[0]["width"] > then[0]["width"]
    assert _boxes(adjuster.page.locator("[data-pane]").first.locator("[data-picture]"))[0]["width"] == first[0]["width"]
    assert not second.locator(".viewer-text").is_visible()
    adjuster.unfolds("The text in it")
    assert second.get_by_text("Repair of a worktop").first.is_visible()
    adjuster.keeps_picture("viewer-compared")


def test_only_the_pages_that_are_looked_at_are_drawn(visit: Visit, shop: Shop) -> None:
    claim = _with_papers(shop, pages=12)
    adjuster = _staff(visit, "adjuster", shop)
    asked: list[str] = []
    adjuster.page.on("request", lambda request: asked.append(request.url) if "/pages/" in request.url else None)
    adjuster.goes_to(f"/claims/{claim.filed.reference}/evidence/2")
    _drawn(adjuster.page.locator("[data-picture]").first)
    last = adjuster.page.locator("[data-picture]").last
    place = last.evaluate("each => each.offsetTop")
    assert 1 <= len(asked) < 12
    last.scroll_into_view_if_needed()
    _drawn(last)
    assert last.evaluate("each => each.offsetTop") == place  # nothing moved when they came


def test_pages_are_seen_without_scripts(visit: Visit, shop: Shop, chromium: Browser) -> None:
    claim = _with_papers(shop)
    plain = _without_scripts(_staff(visit, "adjuster", shop), chromium)
    plain.goes_to(f"/claims/{claim.filed.reference}/evidence/2?with=3")
    assert not plain.page.locator("[data-tools]").first.is_visible()
    plain.unfolds("The text in it")
    assert plain.sees("Repair of a worktop: 320.00")
    for picture in plain.page.locator("[data-picture]").all():
        box = picture.bounding_box()
        assert box and box["height"] > box["width"] > 200
    with plain.page.expect_response("**/pages/1/display") as answer:
        plain.page.get_by_role("link", name="Only this page").first.click()
    assert answer.value.status == 200 and answer.value.headers["content-type"] == "image/jpeg"


@WIDTHS
def test_where_a_page_cannot_be_drawn_a_sentence_stands_in_its_place(visit: Visit, shop: Shop, width: int) -> None:
    paper = papers.bomb()
    claim = _with_papers(shop, paper=paper)
    adjuster = _staff(visit, "adjuster", shop, width)
    adjuster.goes_to(f"/claims/{claim.filed.reference}/evidence/2")
    place = adjuster.page.locator("[data-picture]")
    adjuster.page.wait_for_function("document.querySelector('[data-picture]').complete", timeout=30_000)
    assert place.evaluate("each => each.naturalWidth") == 600  # the sentence, as a picture
    adjuster.keeps_picture("viewer-not-drawn")


@WIDTHS
def test_a_concern_begins_with_a_prepared_reason_and_the_facts_of_the_claim(
    visit: Visit, shop: Shop, width: int
) -> None:
    claim = _doubtful(shop, claimed="900.00", shown="520.00")
    adjuster = _staff(visit, "adjuster", shop, width)
    adjuster.goes_to(f"/claims/{claim.filed.reference}")
    adjuster.unfolds("Show the claimant a concern")
    adjuster.page.get_by_role("link", name="The papers show less than is claimed").click()
    words = adjuster.page.locator("#concern_words").input_value()
    assert words.startswith("For damaged property you claim $900.00; what you sent shows $520.00, so $380.00 is not")
    assert adjuster.page.locator("#concern_code").input_value() == "not_supported"
    assert adjuster.page.locator("#concern_clause").input_value().endswith("proof_required.property")
    adjuster.keeps_picture("prepared")
    adjuster.presses("Show it")
    assert adjuster.sees("The claimant reads your concern and may answer.") and adjuster.sees(words)


def test_a_prepared_reason_is_a_link_where_no_script_runs(visit: Visit, shop: Shop, chromium: Browser) -> None:
    claim = _doubtful(shop, claimed="900.00", shown="520.00")
    plain = _without_scripts(_staff(visit, "adjuster", shop), chromium)
    plain.goes_to(f"/claims/{claim.filed.reference}")
    plain.unfolds("Show the claimant a concern")
    plain.page.get_by_role("link", name="The papers show less than is claimed").click()
    assert plain.page.locator("#concern_words").input_value().startswith("For damaged property you claim $900.00;")
    assert plain.page.get_by_label("Damaged property", exact=True).is_checked()


@WIDTHS
def test_several_claims_are_previewed_then_asked_for_the_same_proof_once(visit: Visit, shop: Shop, width: int) -> None:
    one, other, closed = _doubtful(shop), _doubtful(shop), _doubtful(shop)
    adjuster = _staff(visit, "adjuster", shop, width)
    adjuster.goes_to("/queue")
    for claim in (one, other, closed):
        adjuster.page.get_by_label(f"Choose {claim.filed.reference}").check()
    _withdrawn(shop, closed)
    adjuster.presses("Ask for the same proof")
    adjuster.presses("See what will happen")
    assert adjuster.sees("Please say what you ask for.") and adjuster.sees("Please give your reasons in words.")
    adjuster.page.get_by_label("A repair estimate", exact=True).check()
    adjuster.page.get_by_label("Why you ask, for the claimants").fill("The receipts show less than you claim.")
    adjuster.keeps_picture("bulk-asks")
    adjuster.presses("See what will happen")
    assert adjuster.headline == "Ask for the same proof: 2 claims; 1 cannot."
    assert adjuster.sees("The claim is closed (withdrawn).")
    assert _events(one) == _events(other) == []  # a preview writes nothing
    adjuster.keeps_picture("bulk-preview")
    adjuster.page.get_by_role("button", name="Ask the claimants: 2 claims").dblclick()
    adjuster.page.get_by_role("heading", name="Done for 2 claims.").wait_for()
    adjuster.keeps_picture("bulk-done")
    assert len(_events(one)) == len(_events(other)) == 1
    adjuster.page.reload()  # the browser sends it again
    assert len(_events(one)) == 1


def test_of_two_people_on_one_claim_the_second_sees_what_changed_and_sends_again(visit: Visit, shop: Shop) -> None:
    claim = _doubtful(shop, claimed="900.00", shown="520.00")
    ada, bo = _staff(visit, "adjuster", shop), _staff(visit, "adjuster", shop)
    for each in (ada, bo):
        each.goes_to(f"/claims/{claim.filed.reference}")
    ada.unfolds("Set a reserve")
    ada.page.locator("#reserve_amount").fill("700.00")
    ada.page.locator("#reserve_words").fill("A second estimate is on its way.")
    ada.page.locator("#act-reserve").get_by_role("button", name="Set", exact=True).click()
    assert ada.sees("The reserve is set.")
    bo.page.locator("#decide_approve_1").fill("520.00")
    bo.presses("Decide")
    changed = bo.page.get_by_role("alert")
    assert "Somebody acted on this claim after you opened it. Nothing of yours was done." in changed.inner_text()
    assert "A second estimate is on its way." in changed.inner_text()
    assert "Claim filed" not in changed.inner_text()  # what was there before is not told again
    assert bo.page.locator("#decide_approve_1").input_value() == "520.00"
    bo.keeps_picture("changed")
    bo.presses("Decide")
    assert bo.sees("Your decision is recorded.")


def test_the_claimant_too_sees_what_was_done_meanwhile(visit: Visit, shop: Shop, noon: Clock) -> None:
    from makewhole import asks
    from makewhole.domain.claim.commands import AssignClaim
    from makewhole.handle import handle
    from makewhole.people.links import claimant_key

    claim = shop.file(shop.notice(shop.sell(), complete=False)).claim
    ana = visit(390)
    key = claimant_key(claim.claim_id, claim.filed.claimant_id)
    ana.goes_to(f"/claims/{claim.filed.reference}?key={key}")
    ana.unfolds("Withdraw")
    adjuster = shop.staff("adjuster", 41)
    handle(asks.act(AssignClaim(adjuster.name), claim_id=claim.claim_id, by=adjuster, at=NOW + timedelta(minutes=1)))
    ana.page.locator("#act-withdraw").get_by_role("button").click()
    told = ana.page.get_by_role("alert").inner_text()
    assert "Nothing of yours was done." in told and "assigned" not in told.lower()  # who has it is not hers to read


def test_a_reviewer_finds_second_decisions_and_reviews_beside_the_adjusters_files(visit: Visit, shop: Shop) -> None:
    claim = shop.file_unanswered(shop.notice(shop.sell(price="199.00"), claimed="2600.00")).claim
    _doubtful(shop)
    reviewer = _staff(visit, "reviewer", shop)
    reviewer.goes_to("/queue")
    assert _rows(reviewer)[0] == claim.filed.reference  # whose seller was silent comes before all else
    assert _filter(reviewer, "why", "seller_silent").is_visible()
    reviewer.keeps_picture("worklist-reviewer")


# Parts ----------------------------------------------------------------------------------------------------------


def _doubtful(
    shop: Shop, *, claimed: str = "900.00", shown: str = "520.00", injury: bool = False, price: str = "199.00"
) -> Claim:
    """A claim whose receipt shows less than is claimed: a person looks."""
    files = (shop.send("photo"), replace(shop.send("receipt"), exposure=1, amount=shown))
    return shop.file(
        shop.notice(shop.sell(price=price), claimed=claimed, evidence=files, injury=injury)
    ).claim  # fmt: skip


def _withdrawn(shop: Shop, claim: Claim) -> None:
    from makewhole.domain.claim.commands import WithdrawClaim
    from makewhole.handle import Ask, handle

    handle(Ask(WithdrawClaim(), shop.backend, NOW, claim.claim_id))


def _events(claim: Claim) -> list[str]:
    from makewhole.store.models import Event

    return list(Event.objects.filter(claim_id=claim.claim_id, kind="ProofRequested").values_list("kind", flat=True))


def _staff(visit: Visit, role: str, shop: Shop, width: int = 1280) -> Visitor:
    from journeys.visitors import hired

    visitor = visit(width)
    visitor.signs_in(hired(role, shop.code).email)
    return visitor


def _opens_from_the_list(visitor: Visitor, claim: Claim) -> Visitor:
    visitor.goes_to("/queue")
    visitor.page.get_by_role("link", name=claim.filed.reference).click()
    return visitor


def _rows(visitor: Visitor) -> list[str]:
    return visitor.page.locator("[data-row] [data-open]").all_inner_texts()


def _in_the_dark(visitor: Visitor) -> None:
    visitor.page.get_by_label("Colours").select_option("dark")
    visitor.page.locator(".appearance button").click()
    visitor.page.locator("html[data-theme=dark]").wait_for()


def _filter(visitor: Visitor, name: str, value: str) -> Locator:
    return visitor.page.locator(f"#choice-{name}-{value}")


def _without_scripts(visitor: Visitor, chromium: Browser) -> Visitor:
    """The same person, signed in, in a browser that runs no scripts."""
    from journeys.visitors import Visitor

    state = visitor.context.storage_state()
    context = chromium.new_context(
        java_script_enabled=False, storage_state=state, viewport={"width": 1280, "height": 900}
    )
    return Visitor(context, visitor.address, 1280, visitor.screenshots)


def _with_papers(shop: Shop, *, pages: int = 3, paper: bytes = b"") -> Claim:
    """A claim with a photo, a written bill of several pages, and a scanned receipt."""
    lines = [
        f"Invoice 2026-118, page {n}\n\nRepair of a worktop: {n}20.00\nMaterials and labour"
        for n in range(1, pages + 1)
    ]
    bill = replace(shop.send("receipt", content=paper or papers.written(*lines)), exposure=1, amount="520.00")
    scan = replace(shop.send("receipt", content=papers.scanned()), exposure=1)
    return shop.file(shop.notice(shop.sell(), claimed="900.00", evidence=(shop.send("photo"), bill, scan))).claim


def _drawn(picture: Locator) -> None:
    """It is there, and was drawn: no broken picture."""
    picture.evaluate("each => each.complete || new Promise(done => (each.onload = each.onerror = done))")
    assert picture.evaluate("each => each.naturalWidth") > 100


def _boxes(pictures: Locator) -> list[dict[str, float]]:
    return [box for each in pictures.all() if (box := each.bounding_box())]  # type: ignore[misc]
