"""The pages of a standing: the seller's, staff's, and what happens when something is sent from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

if TYPE_CHECKING:
    from django.test import Client
    from world import Shop

ROLES = ("claimant", "seller", "marketplace", "adjuster", "reviewer", "finance", "safety_officer", "programme_owner",
         "administrator", "auditor", "nobody")  # fmt: skip
WAITING = {"seller", "reviewer", "programme_owner", "administrator", "auditor"}
READERS = WAITING | {"adjuster", "finance", "safety_officer"}


@pytest.fixture
def come(shop: Shop, noon: object) -> Callable[..., Client]:
    def comes(role: str, *, marketplace: str | None = None, seller_id: int | None = None) -> Client:
        from django.test import Client
        from journeys.visitors import hired

        client = Client()
        if role != "nobody":
            seller = (seller_id or shop.insured.pk) if role == "seller" else None
            client.force_login(hired(role, shop.code if marketplace is None else marketplace, seller_id=seller))
        return client

    return comes


@pytest.fixture
def place(shop: Shop) -> str:
    return f"/sellers/{shop.insured.pk}/standing"


@pytest.fixture
def violated(shop: Shop) -> list[str]:
    """Three violations: one more than is allowed."""
    from world import NOW

    from makewhole import standing as door

    made = [
        door.report_violation(
            shop.insured.pk, ref=f"v{n}", code="late shipping", on=date(2026, 11, 19), by=shop.backend, at=NOW
        )
        for n in range(3)
    ]
    return [f"policy_violation:{each.id}" for each in made]


def restricted(shop: Shop) -> str:
    from world import NOW

    from makewhole import standing as door

    owner = shop.staff("programme_owner", 31)
    effect = NOW + timedelta(days=3)
    return door.restrict(
        shop.insured.pk, "listings", takes_effect_at=effect, words="Three in a week.", by=owner, at=NOW
    ).id


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_are_there_for_their_roles_only(come: Callable[..., Client], place: str, role: str) -> None:
    client = come(role)
    closed = 302 if role == "nobody" else 403
    assert client.get("/standing").status_code == (200 if role in WAITING else closed)
    assert client.get(place).status_code == (200 if role in READERS else closed)


def test_another_seller_and_staff_from_elsewhere_find_no_such_page(
    shop: Shop, come: Callable[..., Client], place: str, violated: list[str]
) -> None:
    for other in (come("seller", seller_id=shop.uninsured.pk), come("reviewer", marketplace="elsewhere")):
        assert other.get(place).status_code == 404
        assert other.post(f"{place}/acts/dispute", {"about": violated[0], "words": "Not mine."}).status_code == 404


def test_a_seller_of_whom_nothing_is_known_reads_that_all_is_well(shop: Shop, come: Callable[..., Client]) -> None:
    page = come("seller", seller_id=shop.uninsured.pk).get("/standing").content.decode()
    assert "Your standing is good: nothing counts against you." in page
    assert "Nothing that the standing counts has happened yet" in page


def test_the_seller_disputes_with_a_file_and_a_reviewer_strikes_the_fact(
    shop: Shop, come: Callable[..., Client], place: str, violated: list[str]
) -> None:
    from world import a_photo

    seller, reviewer = come("seller"), come("reviewer")
    page = seller.get("/standing").content.decode()
    assert "Your listings or payouts may be restricted." in page
    assert page.count("The marketplace reported a violation of its rules: late shipping.") == 3
    assert "Counts until 18 May 2027." in page and "us 2021-1 · standing.violations_restrict" in page

    empty = seller.post(f"{place}/acts/dispute", {"about": violated[0], "words": ""})
    assert empty.status_code == 422 and "Please give your reasons in words." in empty.content.decode()
    told = {"about": violated[0], "words": "The scan <b>shows</b> it.", "files": SimpleUploadedFile("s.jpg", a_photo())}
    assert seller.post(f"{place}/acts/dispute", told).status_code == 302
    page = seller.get("/standing").content.decode()
    assert "Your standing is at risk" in page and "Disputed" in page and escape("The scan <b>shows</b> it.") in page

    assert violated[0] in reviewer.get("/standing").content.decode()
    seen = reviewer.get(place).content.decode()
    dispute_id = seen.split('acts/resolve"')[1].split('name="about" value="')[1].split('"')[0]
    path = seen.split("/standing/files/")[1].split('"')[0]
    file = reviewer.get(f"{place}/files/{path}")
    assert file.status_code == 200 and "attachment" in file.headers["Content-Disposition"]
    assert come("seller", seller_id=shop.uninsured.pk).get(f"{place}/files/{path}").status_code == 404
    answer = {"about": dispute_id, "outcome": "struck", "words": "The carrier's scan shows it."}
    refused = seller.post(f"{place}/acts/resolve", answer)
    assert refused.status_code == 422 and "As seller you may not do this" in refused.content.decode()
    assert reviewer.post(f"{place}/acts/resolve", answer).status_code == 302
    page = seller.get("/standing").content.decode()
    assert "Struck" in page and escape("The carrier's scan shows it.") in page and "Does not count now." in page


def test_the_owner_restricts_and_the_seller_reads_why(
    come: Callable[..., Client], place: str, violated: list[str]
) -> None:
    owner, seller = come("programme_owner"), come("seller")
    told = {
        "kind": "listings", "clauses": ["us 2021-1 · standing.violations_restrict"], "words": "Three in one week.",
        "takes_effect_at": "2026-11-24T16:00",
    }  # fmt: skip
    for changed, says in (
        ({"takes_effect_at": "2026-11-21T11:59"}, "takes effect when its seller is told, not before"),
        ({"takes_effect_at": "soon"}, "This is not a day and an hour."),
        ({"clauses": []}, "Please name at least one reason."),
    ):
        refused = owner.post(f"{place}/acts/restrict", told | changed)
        assert refused.status_code == 422 and says in refused.content.decode(), says
        assert "Three in one week." in refused.content.decode()  # nothing typed is lost
    assert owner.post(f"{place}/acts/restrict", told).status_code == 302
    page = seller.get("/standing").content.decode()
    assert "Your listings will be restricted from Tue 24 Nov 2026, 16:00 (New York)." in page
    for said in ("Three in one week.", "How to contest", "A person decided to restrict.", "until it is lifted"):
        assert said in page
    assert "Kettle Co" in owner.get("/standing").content.decode()


def test_a_restriction_is_told_by_itself_and_on_paper_to_its_seller_and_staff_only(
    shop: Shop, come: Callable[..., Client], violated: list[str]
) -> None:
    from api.test_statements import only_letters, words_of

    address = f"/standing/restrictions/{restricted(shop)}"
    for role in ROLES:
        reads = 200 if role in READERS else 404
        assert come(role).get(address).status_code == reads, role
        assert come(role).get(f"{address}.pdf").status_code == reads, role
    for other in (come("seller", seller_id=shop.uninsured.pk), come("reviewer", marketplace="elsewhere")):
        assert other.get(address).status_code == other.get(f"{address}.pdf").status_code == 404
    seller, auditor = come("seller"), come("auditor")
    first, second = seller.get(f"{address}.pdf"), seller.get(f"{address}.pdf")
    assert first.headers["Content-Type"] == "application/pdf" and first.content == second.content
    text = only_letters(words_of(first.content))
    page, linked = seller.get(address).content.decode(), seller.get("/standing").content.decode()
    assert f'href="{address}.pdf"' in page and f'href="{address}.pdf"' in linked
    for said in (
        "We restrict your listings from Tue 24 Nov 2026, 12:00 (New York).", "Three in a week.",
        "19 Nov 2026: The marketplace reported a violation of its rules: late shipping.",
        "us 2021-1 · standing.violations_restrict", "Each fact can be disputed, and so can this restriction",
        "A person decided to restrict.", "the marketplace Test shop (US), and no other",
    ):  # fmt: skip
        assert only_letters(said) in text and said in page and said in linked, said
    # Staff read which of us decided; the seller does not.
    assert "person:31" in auditor.get(address).content.decode() and "person:31" not in page + linked
    assert "person31" in only_letters(words_of(auditor.get(f"{address}.pdf").content)) and "person31" not in text


def test_who_may_not_restrict_is_offered_no_form_and_refused(
    come: Callable[..., Client], place: str, violated: list[str]
) -> None:
    reviewer = come("reviewer")
    assert "acts/restrict" not in reviewer.get(place).content.decode()
    assert "acts/restrict" in come("administrator").get(place).content.decode()
    clause = "us 2021-1 · standing.violations_restrict"
    answer = reviewer.post(f"{place}/acts/restrict", {"kind": "listings", "clauses": [clause], "words": "x"})
    assert answer.status_code == 422
    assert reviewer.post(f"{place}/acts/no-such-act", {}).status_code == 404
    assert reviewer.post(f"{place}/acts/lift", {"about": "x"}).status_code == 404


def test_a_restriction_is_disputed_by_the_seller_and_lifted_by_who_may(
    shop: Shop, come: Callable[..., Client], place: str, violated: list[str]
) -> None:
    restriction = restricted(shop)
    seller, administrator = come("seller"), come("administrator")
    told = {"about": f"restriction:{restriction}", "words": "Out of proportion."}
    assert seller.post(f"{place}/acts/dispute", told).status_code == 302
    assert "acts/resolve" in administrator.get(place).content.decode()
    assert "acts/resolve" not in come("reviewer").get(place).content.decode()
    lifted = administrator.post(f"{place}/acts/lift", {"about": restriction, "words": "Mended."})
    assert lifted.status_code == 302
    page = seller.get("/standing").content.decode()
    assert "Lifted" in page and "Mended." in page and "acts/dispute" in page
    assert "Your listings will be restricted" not in page


def test_staff_find_a_seller_by_its_key(shop: Shop, come: Callable[..., Client], place: str) -> None:
    auditor = come("auditor")
    assert auditor.get("/standing?seller=kettle-co").headers["Location"] == place
    assert "There is no seller" in auditor.get("/standing?seller=nobody").content.decode()
