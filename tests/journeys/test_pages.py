"""Every page for every role, and what a page says when something is not as it should be. Without a browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from django.test import Client
    from world import Shop

    from makewhole.domain.claim.state import Claim

ROLES = ("claimant", "seller", "adjuster", "reviewer", "finance", "safety_officer", "programme_owner", "auditor",
         "administrator", "marketplace", "insurer")  # fmt: skip
STAFF = {"adjuster", "reviewer", "finance", "safety_officer", "programme_owner", "auditor"}
EVERYBODY = {*ROLES, "nobody"}
WAITED_FOR = STAFF - {"auditor"}
# Who gets a page. Others: nobody signed in is sent to the sign-in, a role that is not meant gets a 403, and a
# claim that is not yours is not there (404).
PAGES: dict[str, set[str]] = {
    "/": EVERYBODY,
    "/sign-in": EVERYBODY,
    "/policies": EVERYBODY,
    "/policies/us/2021-1": EVERYBODY,
    "/overturns": EVERYBODY,
    "/checkpoints": EVERYBODY,
    "/orders": {"claimant"},
    "/claims": {"claimant", "seller", "insurer", *STAFF},
    "/inbox": {"seller", "insurer"},
    "/contacts": {"seller", "insurer"},
    "/queue": WAITED_FOR,
    "/payments": {"finance"},
    "/recoveries": {"seller", "insurer", *STAFF - {"safety_officer"}},
}
OF_A_CLAIM = ("", "/log", "/export")


@pytest.fixture
def filed(shop: Shop, noon: object) -> Claim:
    return shop.file().claim


@pytest.fixture
def come(shop: Shop) -> Callable[..., Client]:
    """A browser without scripts, signed in in this role; the seller is the one whose product it is."""

    def comes(role: str, *, marketplace: str | None = None, seller_id: int | None = None) -> Client:
        from django.test import Client
        from journeys.visitors import hired

        client = Client()
        if role != "nobody":
            seller = (seller_id or shop.insured.pk) if role == "seller" else None
            insurer = 1 if role == "insurer" else None
            place = shop.code if marketplace is None else marketplace
            client.force_login(hired(role, place, seller_id=seller, insurer_id=insurer))
        return client

    return comes


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_every_page_is_there_for_its_roles_only(role: str, come: Callable[..., Client], noon: object) -> None:
    client = come(role)
    found = {path: client.get(path).status_code for path in PAGES}
    closed = 302 if role == "nobody" else 403
    assert found == {path: 200 if role in roles else closed for path, roles in PAGES.items()}


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_a_claim_is_there_for_its_parties_and_for_staff(role: str, come: Callable[..., Client], filed: Claim) -> None:
    client = come(role)
    # This claimant is another one, this insurer was not told; an administrator has no business in the files.
    expected = 404 if role in ("claimant", "insurer", "nobody", "administrator") else 200
    for page in OF_A_CLAIM:
        assert client.get(f"/claims/{filed.filed.reference}{page}").status_code == expected


@pytest.mark.parametrize("role", ["seller", *sorted(STAFF)])
def test_no_claim_is_there_for_another_marketplace(role: str, come: Callable[..., Client], filed: Claim) -> None:
    client = come(role, marketplace="elsewhere")
    for page in OF_A_CLAIM:
        assert client.get(f"/claims/{filed.filed.reference}{page}").status_code == 404


def test_a_claim_about_another_sellers_product_is_not_there(
    shop: Shop, come: Callable[..., Client], filed: Claim
) -> None:
    other = come("seller", seller_id=shop.uninsured.pk)
    assert other.get(f"/claims/{filed.filed.reference}").status_code == 404


def test_an_act_of_another_role_is_refused_in_words_and_changes_nothing(
    come: Callable[..., Client], shop: Shop, noon: object
) -> None:
    claim = shop.file(shop.notice(shop.sell(), claimed="1850.00")).claim
    auditor = come("auditor")
    page = f"/claims/{claim.filed.reference}"
    answer = auditor.post(f"{page}/acts/decide", {"seen": claim.version, "approve_1": "1850.00"})
    assert answer.status_code == 422
    assert "As auditor you may not do this" in answer.content.decode()
    assert b"Decision proposed" not in auditor.get(page).content
    assert auditor.post(f"{page}/acts/no-such-act", {}).status_code == 404
    assert auditor.get(f"{page}/acts/decide").status_code == 405


def test_the_seller_gets_photos_and_no_papers(come: Callable[..., Client], filed: Claim) -> None:
    files = {item.kind: item.evidence_id for item in filed.evidence}
    folder = f"/claims/{filed.filed.reference}/files"
    seller, adjuster = come("seller"), come("adjuster")
    assert seller.get(f"{folder}/{files['photo']}/display").status_code == 200
    assert seller.get(f"{folder}/{files['photo']}/original").status_code == 404  # it says where it was taken
    assert seller.get(f"{folder}/{files['receipt']}/display").status_code == 404
    assert adjuster.get(f"{folder}/{files['receipt']}/display").status_code == 200
    original = adjuster.get(f"{folder}/{files['receipt']}/original")
    assert original["Content-Disposition"].startswith("attachment")
    assert come("nobody").get(f"{folder}/{files['photo']}/display").status_code == 404


def test_a_file_of_another_claim_is_not_shown_under_this_one(
    shop: Shop, come: Callable[..., Client], filed: Claim
) -> None:
    other = shop.file().claim
    strange = other.evidence[0].evidence_id
    assert come("adjuster").get(f"/claims/{filed.filed.reference}/files/{strange}/display").status_code == 404


def test_a_link_from_a_mail_opens_its_claim_and_no_other(shop: Shop, come: Callable[..., Client], filed: Claim) -> None:
    from makewhole.people.links import claimant_key

    other = shop.file().claim
    guest = come("nobody")
    page = f"/claims/{filed.filed.reference}"
    opened = guest.get(page, {"key": claimant_key(filed.claim_id, filed.filed.claimant_id)})
    assert (opened.status_code, opened["Location"]) == (302, page)  # the key leaves the address at once
    assert guest.get(page).status_code == 200
    assert guest.get(f"/claims/{other.filed.reference}").status_code == 404
    assert come("nobody").get(page, {"key": "forged"}).status_code == 410


def test_a_link_lets_its_producer_in_as_producer_and_a_claimants_as_claimant(
    come: Callable[..., Client], filed: Claim
) -> None:
    from uuid import uuid4

    from django.test import RequestFactory

    from makewhole.people.links import claimant_key, producer_key
    from makewhole.portals.frame.who import who_sees
    from makewhole.store.models import VaultItem

    producer_id, page = uuid4(), f"/claims/{filed.filed.reference}"
    # Who the seller named is known by the vault's item that names it.
    VaultItem.objects.create(
        id=producer_id, subject_id=filed.filed.claimant_id, claim_id=filed.claim_id, kind="producer", sealed=b"sealed"
    )
    for key, role, party in (
        (producer_key(filed.claim_id, producer_id), "producer", producer_id),
        (claimant_key(filed.claim_id, filed.filed.claimant_id), "claimant", filed.filed.claimant_id),
    ):
        guest = come("nobody")
        assert guest.get(page, {"key": key}).status_code == 302
        request = RequestFactory().get(page)
        request.session = guest.session  # type: ignore[assignment]
        request.user = AnonymousUser()
        by, claim_id = who_sees(request, filed.filed.reference)
        assert (by.role, by.name, claim_id) == (role, f"{role}:{party}", filed.claim_id)
        assert {by.claimant_id, by.producer_id} == {party, None}


def test_a_browser_that_was_let_in_before_there_were_producers_is_still_its_claimant(
    come: Callable[..., Client], filed: Claim
) -> None:
    guest = come("nobody")
    session = guest.session
    session["claims_let_in"] = {filed.claim_id.hex: filed.filed.claimant_id.hex}
    session.save()
    assert guest.get("/").status_code == 200
    guest.cookies["sessionid"] = session.session_key
    assert guest.get(f"/claims/{filed.filed.reference}").status_code == 200


def test_a_producer_that_the_claim_was_not_passed_on_to_sees_nothing(come: Callable[..., Client], filed: Claim) -> None:
    from uuid import uuid4

    from makewhole.people.links import producer_key

    guest, page = come("nobody"), f"/claims/{filed.filed.reference}"
    assert guest.get(page, {"key": producer_key(filed.claim_id, uuid4())}).status_code == 302
    assert guest.get(page).status_code == 404
    assert guest.get(f"{page}/log").status_code == 404


def test_an_insurer_that_was_notified_of_nothing_is_told_so(come: Callable[..., Client], filed: Claim) -> None:
    insurer = come("insurer")
    page = insurer.get("/claims").content.decode()
    assert "You were notified of no claim." in page and filed.filed.reference not in page
    home = insurer.get("/").content.decode()
    assert "Claims that you were notified of" in home and "Insurer" in home


def test_the_demos_mailbox_is_open_only_where_no_mail_leaves_and_nobody_else_comes(
    kept: None, come: Callable[..., Client], settings: Any, tmp_path: Path
) -> None:
    from django.core.mail import send_mail

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.PUBLIC_URL = "http://localhost:8000"
    send_mail(
        "We paid you", "Look: http://localhost:8000/claims/MW-1?key=a&b <b>", "us@example.com", ["ana@example.com"]
    )
    client = come("nobody")
    page = client.get("/demo/mail").content.decode()
    assert "We paid you" in page
    assert '<a href="http://localhost:8000/claims/MW-1?key=a&amp;b">' in page
    assert "<b>" not in page
    settings.PUBLIC_URL = "https://claims.example.com"
    assert client.get("/demo/mail").status_code == 404
    settings.PUBLIC_URL = "http://localhost:8000"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert client.get("/demo/mail").status_code == 404


# Filing -----------------------------------------------------------------------------------------------------


def test_a_changed_order_link_is_refused(shop: Shop, come: Callable[..., Client], noon: object) -> None:
    address, _ = _form(shop)
    assert come("nobody").get(address).status_code == 200
    assert come("nobody").get(address[:-2]).status_code == 410


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("amount_property_damage", "0", "The amount must be above zero."),
        ("amount_property_damage", "-5", "The amount must be above zero."),
        ("amount_property_damage", "NaN", "“NaN” is not an amount."),
        ("amount_property_damage", "1,85", "“1,85” is not an amount."),
        ("amount_property_damage", "12.345", "has more decimals"),
        ("amount_property_damage", "", "Please name at least one amount."),
        ("loss_date", "2026-11-22", "which has not come yet"),
        ("loss_date", "2026-01-01", "before the order"),
        ("loss_date", "yesterday", "Please give a day like"),
        ("story", "", "Please tell us what happened."),
        ("story", "a\x00b", "Null characters are not allowed."),
        ("story", "x" * 1_000_000, "at most 20000"),
        ("email", "ana", "That is not an e-mail address."),
        ("method", "gold", "gold"),
        ("account", "", "Please give the account."),
        ("account", "???", "not an account number"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(
    shop: Shop, come: Callable[..., Client], noon: object, field: str, typed: str, told: str
) -> None:
    from makewhole.store.models import Claim as Row

    address, form = _form(shop)
    client = come("nobody")
    answer = client.post(address, {**_with_key(client, address, form), field: typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    place = page.index(f'id="{field}_error"')
    assert told in page[place : place + 400]
    assert "The kettle" in page or field == "story"  # what else was typed is still there
    assert not Row.objects.filter(marketplace_id=shop.code).exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("big.jpg", b"\xff\xd8\xff" + bytes(30 * 1024 * 1024), "at most 20971520 can be sent"),
        ("photo.jpg", b"", "empty"),
        ("zip.jpg", None, "is in truth"),
        ("bill.pdf", b"%PDF-1.7\n1 0 obj <<", "cut off or damaged"),
    ],
)
def test_a_file_that_we_cannot_take_is_said_at_its_field(
    shop: Shop, come: Callable[..., Client], noon: object, name: str, content: bytes | None, told: str
) -> None:
    address, form = _form(shop)
    client = come("nobody")
    photo = SimpleUploadedFile(name, _zip() if content is None else content)
    answer = client.post(address, {**_with_key(client, address, form), "photos": photo})
    assert answer.status_code == 422
    page = answer.content.decode()
    place = page.index('id="photos_error"')
    assert told in page[place : place + 400]


def test_the_same_form_twice_is_one_claim_and_with_other_content_is_told(
    shop: Shop, come: Callable[..., Client], noon: object
) -> None:
    from makewhole.store.models import Claim as Row

    address, form = _form(shop)
    client = come("nobody")
    sent = _with_key(client, address, form)
    first, again = client.post(address, sent), client.post(address, sent)
    assert first.status_code == 302
    assert again["Location"] == first["Location"]
    other = client.post(address, {**sent, "amount_property_damage": "99.00"})
    assert other.status_code == 422
    assert "You sent this form before, with other content." in other.content.decode()
    assert Row.objects.filter(marketplace_id=shop.code).count() == 1


def test_who_repeats_somebody_elses_notice_is_not_let_in(shop: Shop, come: Callable[..., Client], noon: object) -> None:
    address, form = _form(shop)
    first = come("nobody")
    page = first.post(address, _with_key(first, address, form))["Location"]
    second = come("nobody")
    answer = second.post(address, _with_key(second, address, form))
    assert answer.status_code == 200
    assert "We know of this already." in answer.content.decode()
    assert second.get(page).status_code == 404


def test_a_form_without_our_key_asks_to_look_again_and_keeps_the_typing(
    shop: Shop, come: Callable[..., Client], noon: object
) -> None:
    address, form = _form(shop)
    answer = come("nobody").post(address, {**form, "form": "forged"})
    assert answer.status_code == 422
    assert "Your typing is still here" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused(shop: Shop, noon: object) -> None:
    from django.test import Client

    address, form = _form(shop)
    answer = Client(enforce_csrf_checks=True).post(address, form)
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_words_of_a_claim_are_text_and_never_markup(shop: Shop, come: Callable[..., Client], noon: object) -> None:
    claim = shop.file(shop.notice(shop.sell(), story="<script>alert(1)</script>")).claim
    answer = come("adjuster").get(f"/claims/{claim.filed.reference}")
    assert "<script>" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()
    assert "unsafe" not in answer["Content-Security-Policy"]


def _form(shop: Shop) -> tuple[str, dict[str, Any]]:
    """An order link, and a form for it that is good: a small claim whose proof is still missing."""
    from makewhole.people.links import OrderNamed, order_key

    line = shop.sell()
    who = token_hex(5)
    form = {
        "loss_date": "2026-11-18",
        "story": "The kettle's base melted and burned our worktop.",
        "amount_property_damage": "120.00",
        "name": "Ana Rivera",
        "email": f"ana.{who}@example.com",
        "method": "bank_transfer",
        "account": f"US{who}",
        "holder": "Ana Rivera",
    }
    return f"/file/{order_key(OrderNamed(shop.code, line.order_ref, line.line_ref, line.buyer_ref))}", form


def _with_key(client: Client, address: str, form: dict[str, Any]) -> dict[str, Any]:
    page = client.get(address).content.decode()
    return {**form, "form": page.split('name="form" value="')[1].split('"')[0]}


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.txt", "not a photo")
    return out.getvalue()
