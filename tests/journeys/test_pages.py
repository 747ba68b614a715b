"""Every page for every role, and what a page says when something is not as it should be. Without a browser."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse
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


def test_a_promise_that_we_did_not_keep_is_said_on_top_to_the_claimant(
    shop: Shop, come: Callable[..., Client], noon: Callable[[datetime], None], filed: Claim
) -> None:
    from makewhole.people.links import claimant_key

    due = next(clock.due_at for clock in filed.clocks if clock.name == "pay")
    page = f"/claims/{filed.filed.reference}"
    for at, late in ((due, False), (due + timedelta(seconds=1), True)):
        noon(at)
        guest = come("nobody")
        guest.get(page, {"key": claimant_key(filed.claim_id, filed.filed.claimant_id)})
        told = guest.get(page).content.decode()
        assert ("We are late." in told) == late
        assert "If we miss it, it is recorded and finance is told." in told


def test_the_claimants_page_says_what_the_seller_sees_and_how_to_contest(
    shop: Shop, come: Callable[..., Client], filed: Claim
) -> None:
    from makewhole.people.links import claimant_key

    page, guest = f"/claims/{filed.filed.reference}", come("nobody")
    guest.get(page, {"key": claimant_key(filed.claim_id, filed.filed.claimant_id)})
    told = guest.get(page).content.decode()
    for words in ("What the seller sees", "If you see it differently", "What happened, and what comes", "Your money"):
        assert words in told
    # The marketplace's own people read the same claim, and are not spoken to as its claimant.
    assert "Your money" not in come("marketplace").get(page).content.decode()


# Filing -----------------------------------------------------------------------------------------------------


def test_a_changed_order_link_is_refused(shop: Shop, come: Callable[..., Client], noon: object) -> None:
    address, _ = _told(shop)
    assert come("nobody").get(address).status_code == 200
    assert come("nobody").get(address[:-2]).status_code == 410


@pytest.mark.parametrize(
    ("step", "field", "typed", "told"),
    [
        ("cost-property_damage", "amount", "0", "The amount must be above zero."),
        ("cost-property_damage", "amount", "-5", "The amount must be above zero."),
        ("cost-property_damage", "amount", "NaN", "“NaN” is not an amount."),
        ("cost-property_damage", "amount", "1,85", "“1,85” is not an amount."),
        ("cost-property_damage", "amount", "12.345", "has more decimals"),
        ("cost-property_damage", "amount", "", "Please give an amount."),
        ("loss", "heads", [], "Please choose at least one."),
        ("loss", "heads", "gold", "gold"),
        ("when", "loss_date", "2026-11-22", "which has not come yet"),
        ("when", "day", "2026-11-22", "which has not come yet"),
        ("when", "loss_date", "2026-01-01", "before the order"),
        ("when", "loss_date", "yesterday", "Please give a day like"),
        ("what", "story", "", "Please tell us what happened."),
        ("what", "story", "a\x00b", "Null characters are not allowed."),
        ("what", "story", "x" * 1_000_000, "at most 20000"),
        ("hurt", "injury", "", "Please choose one."),
        ("you", "email", "ana", "That is not an e-mail address."),
        ("you", "full_name", "", "Please give your name."),
        ("payout", "method", "gold", "Please choose one."),
        ("payout", "account", "", "Please give the account."),
        ("payout", "account", "???", "not an account number"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field_and_not_kept(
    shop: Shop, come: Callable[..., Client], noon: object, step: str, field: str, typed: Any, told: str
) -> None:
    address, answers = _told(shop)
    teller = _Teller(come("nobody"), address)
    for name, answer in answers.items():
        if name == step:
            break
        teller.answers(name, answer)
    page = teller.answers(step, {**answers[step], field: typed}, expected=422)
    named = "loss_date" if field == "day" else field
    place = page.index(f'id="{named}_error"')
    assert told in page[place : place + 400]
    for name, said in answers[step].items():  # what else was typed is still there
        if name not in (named, "heads", "injury", "method", "hazards"):
            assert said in page
    assert teller.client.get(teller.page("check"))["Location"].endswith(step)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("big.jpg", b"\xff\xd8\xff" + bytes(30 * 1024 * 1024), "“big.jpg” has 31 MB; at most 20 MB can be sent."),
        ("photo.jpg", b"", "empty"),
        ("zip.jpg", None, "is in truth"),
        ("bill.pdf", b"%PDF-1.7\n1 0 obj <<", "cut off or damaged"),
    ],
)
def test_a_file_that_we_cannot_take_is_said_at_its_place_and_the_others_are_kept(
    shop: Shop, come: Callable[..., Client], noon: object, name: str, content: bytes | None, told: str
) -> None:
    from world import a_photo

    address, _ = _told(shop)
    teller = _Teller(come("nobody"), address)
    files = [
        SimpleUploadedFile("worktop.jpg", a_photo(), "image/jpeg"),
        SimpleUploadedFile(name, _zip() if content is None else content, "image/jpeg"),
    ]
    page = teller.answers("photos", {"photos": files}, expected=422)
    place = page.index('class="unusable"')
    assert told in page[place : place + 400]
    assert "worktop.jpg" in page[page.index('class="kept-files"') :]
    uploaded = teller.client.post(teller.page("files"), {"form": teller.token, "slot": "photos", "file": files[1:]})
    assert uploaded.status_code == 422
    assert "worktop.jpg" in uploaded.content.decode()


def test_a_claim_starts_with_so_many_files_and_no_more(
    shop: Shop, come: Callable[..., Client], noon: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from world import a_photo

    from makewhole.portals.claimant import keeping

    monkeypatch.setattr(keeping, "MOST_FILES", 2)
    address, _ = _told(shop)
    teller = _Teller(come("nobody"), address)
    three = [SimpleUploadedFile(f"{n}.jpg", a_photo(), "image/jpeg") for n in range(3)]
    page = teller.answers("photos", {"photos": three}, expected=422)
    assert "a claim starts with at most 2 files" in page and "1.jpg" in page
    assert page.count('name="remove"') == 2


def test_a_draft_sent_twice_is_one_claim_and_what_is_changed_afterwards_is_told(
    shop: Shop, come: Callable[..., Client], noon: object
) -> None:
    from makewhole.store.models import Claim as Row

    address, answers = _told(shop)
    teller = _Teller(come("nobody"), address).tells(answers)
    first, again = teller.sends(), teller.sends()
    assert (first.status_code, again.status_code) == (302, 302)
    assert teller.client.get(first["Location"]).status_code == 200
    changed = teller.client.post(
        teller.page("cost-property_damage"), {"form": teller.token, "amount": "99.00"}, follow=True
    )
    assert "what you changed since then is not part of it" in changed.content.decode()
    assert list(Row.objects.filter(marketplace_id=shop.code).values_list("claimed_minor", flat=True)) == [12000]


def test_two_sends_at_once_with_other_content_are_told_and_make_one_claim(
    shop: Shop, come: Callable[..., Client], noon: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole.store import drafts
    from makewhole.store.models import Claim as Row

    address, answers = _told(shop)
    teller = _Teller(come("nobody"), address).tells(answers)
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "sent", lambda *_: None)  # the other half is not that far yet
        assert teller.sends().status_code == 302
    teller.answers("cost-property_damage", {"amount": "99.00"})
    other = teller.sends()
    assert other.status_code == 422
    assert "You sent this claim a moment ago, with other content." in other.content.decode()
    assert Row.objects.filter(marketplace_id=shop.code).count() == 1


def test_who_repeats_somebody_elses_notice_is_not_let_in(shop: Shop, come: Callable[..., Client], noon: object) -> None:
    address, answers = _told(shop)
    page = _Teller(come("nobody"), address).tells(answers).sends()["Location"]
    second = _Teller(come("nobody"), address).tells(answers)
    answer = second.sends()
    assert answer.status_code == 200
    assert "We know of this already." in answer.content.decode()
    assert second.client.get(page).status_code == 404


def test_a_draft_is_there_for_who_began_it_and_for_nobody_else(
    shop: Shop, come: Callable[..., Client], noon: object
) -> None:
    from world import a_photo

    address, answers = _told(shop)
    ana = _Teller(come("nobody"), address)
    ana.answers("photos", {"photos": [SimpleUploadedFile("worktop.jpg", a_photo(), "image/jpeg")]})
    ana.answers("what", answers["what"])
    picture = ana.client.get(ana.page("photos")).content.decode().split(f'src="{ana.page("files")}/')[1].split('"')[0]
    assert ana.client.get(f"{ana.page('files')}/{picture}").status_code == 200
    strangers = [come("nobody"), come("claimant"), come("adjuster"), come("administrator")]
    for stranger in strangers:
        for page in ("photos", "what", "check"):
            assert stranger.get(ana.page(page)).status_code == 410
            assert stranger.post(ana.page(page), {"story": "mine now"}).status_code == 410
            assert stranger.post(ana.page(page), {"story": "mine now", "form": "forged"}).status_code == 410
        assert stranger.get(f"{ana.page('files')}/{picture}").status_code == 404
        assert stranger.post(ana.page("files"), {"slot": "photos"}).status_code == 404
        assert stranger.post(ana.page("link"), {"email": "eve@example.com"}).status_code == 410
        assert stranger.get(ana.page("").rstrip("/")).status_code == 410
        assert stranger.get(ana.page("").rstrip("/"), {"key": "forged"}).status_code == 410
    # One's own token opens no other draft.
    eve = _Teller(come("nobody"), address)
    assert eve.client.post(ana.page("what"), {"story": "mine now", "form": eve.token}).status_code == 410
    # A picture of another draft is not in this one.
    eve.answers("what", answers["what"])
    assert eve.client.get(f"{eve.page('files')}/{picture}").status_code == 404


def test_an_answer_that_comes_when_its_draft_is_gone_begins_a_new_one_with_it(
    shop: Shop, come: Callable[..., Client], noon: Callable[[datetime], None]
) -> None:
    from world import NOW

    from makewhole.store import drafts

    address, answers = _told(shop)
    teller = _Teller(come("nobody"), address)
    teller.answers("photos", {})
    noon(NOW + drafts.KEPT + timedelta(minutes=1))
    assert drafts.forget_old(NOW + drafts.KEPT + timedelta(minutes=1)) >= 1
    teller.answers("what", answers["what"])
    assert answers["what"]["story"] in teller.client.get(teller.page("what")).content.decode()


def test_what_is_claimed_no_more_takes_its_papers_with_it(
    shop: Shop, come: Callable[..., Client], noon: object
) -> None:
    from world import a_photo

    from makewhole.store.models import Claim as Row
    from makewhole.store.models import Evidence

    address, answers = _told(shop)
    teller = _Teller(come("nobody"), address).tells(answers)
    receipt = SimpleUploadedFile("receipt.jpg", a_photo(), "image/jpeg")
    teller.answers("cost-property_damage", {**answers["cost-property_damage"], "receipt": [receipt]})
    teller.answers("loss", {"heads": ["purchase_price"]})
    teller.sends()
    claim = Row.objects.get(marketplace_id=shop.code)
    assert not Evidence.objects.filter(claim_id=claim.id).exists()
    assert claim.claimed_minor == 4999  # the price of the order, which was not asked


def test_the_language_in_which_a_claim_was_told_is_kept_with_the_contact(
    shop: Shop, come: Callable[..., Client], noon: object
) -> None:
    from makewhole.store import vault
    from makewhole.store.models import Claim as Row

    address, answers = _told(shop)
    client = come("nobody")
    client.cookies["django_language"] = "de"
    answers["cost-property_damage"] = {"amount": "120,00"}  # as amounts are written there
    _Teller(client, address).tells(answers).sends()
    contact = vault.contact_of(Row.objects.get(marketplace_id=shop.code).claimant_id)
    assert contact is not None and contact["language"] == "de"


def test_looking_for_an_order_answers_everybody_the_same(shop: Shop, come: Callable[..., Client], noon: object) -> None:
    from django.core.cache import cache
    from world import links_mailed

    from makewhole.imports.pseudonyms import pseudonyms

    cache.clear()
    links_mailed()  # what other tests asked for
    who = f"ana.{token_hex(5)}@example.com"
    line = shop.sell()
    (line.buyer_ref,) = pseudonyms([who])
    line.save()
    client = come("nobody")
    asked = [(line.order_ref, who), ("no-such-order", who), (line.order_ref, f"eve.{token_hex(5)}@example.com")]
    pages = [_without_its_own(client.post("/find-order", {"order": o, "email": e}), e) for o, e in asked]
    assert len(set(pages)) == 1
    (mail,) = links_mailed()
    assert mail.to == (who,)
    link = mail.text.split("/file/")[1].split()[0]
    assert client.get(f"/file/{link}").status_code == 200
    assert client.post("/find-order", {"order": "", "email": "ana"}).status_code == 422


def test_a_form_from_elsewhere_is_refused(shop: Shop, noon: object) -> None:
    from django.test import Client

    address, answers = _told(shop)
    client = Client(enforce_csrf_checks=True)
    teller = _Teller(client, address)
    answer = client.post(teller.page("what"), {**answers["what"], "form": teller.token})
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_words_of_a_claim_are_text_and_never_markup(shop: Shop, come: Callable[..., Client], noon: object) -> None:
    claim = shop.file(shop.notice(shop.sell(), story="<script>alert(1)</script>")).claim
    answer = come("adjuster").get(f"/claims/{claim.filed.reference}")
    assert "<script>" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()
    assert "unsafe" not in answer["Content-Security-Policy"]


def _without_its_own(answer: HttpResponse, email: str) -> str:
    """A page without what differs on every page: the form's token, and the address that was typed."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode()).replace(email, "")


class _Teller:
    """Somebody who tells a claim in a browser without scripts."""

    def __init__(self, client: Client, address: str) -> None:
        self.client = client
        page = client.get(address).content.decode()
        self.token = page.split('name="form" value="')[1].split('"')[0]
        self.draft = page.split('action="/filing/')[1].split("/")[0]

    def page(self, step: str) -> str:
        return f"/filing/{self.draft}/{step}"

    def answers(self, step: str, answer: dict[str, Any], *, expected: int = 302) -> str:
        answered = self.client.post(self.page(step), {**answer, "form": self.token})
        assert answered.status_code == expected, answered.content.decode()
        return str(answered.content.decode())

    def tells(self, answers: dict[str, dict[str, Any]]) -> _Teller:
        for step, answer in answers.items():
            self.answers(step, answer)
        return self

    def sends(self) -> HttpResponse:
        answer: HttpResponse = self.client.post(self.page("check"), {"form": self.token})
        return answer


def _told(shop: Shop) -> tuple[str, dict[str, dict[str, Any]]]:
    """An order link, and good answers for it: a small claim whose proof is still missing."""
    from makewhole.people.links import OrderNamed, order_key

    line = shop.sell()
    who = token_hex(5)
    answers: dict[str, dict[str, Any]] = {
        "photos": {},
        "what": {"story": "The kettle's base melted and burned our worktop.".replace("'", "")},
        "when": {"loss_date": "2026-11-18"},
        "hurt": {"injury": "no"},
        "loss": {"heads": ["property_damage"]},
        "cost-property_damage": {"amount": "120.00"},
        "you": {"full_name": "Ana Rivera", "email": f"ana.{who}@example.com"},
        "payout": {"method": "bank_transfer", "account": f"US{who}", "holder": "Ana Rivera"},
    }
    return f"/file/{order_key(OrderNamed(shop.code, line.order_ref, line.line_ref, line.buyer_ref))}", answers


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.txt", "not a photo")
    return out.getvalue()
