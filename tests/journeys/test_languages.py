"""A claimant reads German, French or Spanish from the first page to the money: words, amounts, dates, mails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from journeys.visitors import Visitor
    from world import Shop

    from makewhole.domain.claim.state import Claim

Visit = Callable[..., "Visitor"]
LANGUAGES = ("de", "fr", "es")


def _claimants(claim: Claim, language: str) -> tuple[Client, str]:
    """A browser that came by the link of a mail, and the path of the claim's page."""
    from django.test import Client

    from makewhole.people.links import claimant_link

    client = Client(headers={"Accept-Language": language})
    link = urlsplit(claimant_link(claim.claim_id, claim.filed.claimant_id, reference=claim.filed.reference))
    client.get(f"{link.path}?{link.query}", follow=True)
    return client, f"/claims/{claim.filed.reference}"


def _words_on(page: str) -> str:
    """What can be read: without marks, scripts and the list of languages, on one line."""
    page = re.sub(r"<(script|style|select)\b.*?</\1>", " ", page, flags=re.S)
    shown = " ".join(re.findall(r'(?:alt|aria-label|placeholder|title|data-label)="([^"]*)"', page))
    return " ".join(unescape(f"{re.sub(r'<[^>]*>', ' ', page)} {shown}").split())


def _english(language: str, *, whole: bool = False) -> list[str]:
    """Words of the claimant's way that nobody reads in this language: long enough not to stand in another by chance.
    `whole`: of every page, and of those that wait for a translation too."""
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
    import messages

    said = messages.messages()
    wanted = {one for one, _context in (said if whole else messages.journey(said))}
    catalog = messages.read(language)
    parts = []
    for one in wanted:
        message = catalog.get(one)
        if (message is None or message.string == one) and not whole:
            continue
        parts += [
            part.strip(" .:;,") for part in re.split(r"{+[^}]*}+|%\(\w+\)[sd]|<code>.*?</code>|<[^>]*>|{%.*?%}", one)
        ]
    return sorted({part for part in parts if len(part) > 14 and " " in part})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_claimant_has_a_word_of_english_left(shop: Shop, noon: object, language: str) -> None:
    from django.test import Client

    english = _english(language)
    assert len(english) > 800
    over = shop.file(shop.notice(shop.sell(), claimed="1850.00")).claim
    waiting = shop.file(shop.notice(shop.sell(), complete=False)).claim
    paid = shop.file().claim
    pages: dict[str, str] = {}
    for name, claim in (("over the limit", over), ("waiting for proof", waiting), ("paid", paid)):
        client, path = _claimants(claim, language)
        for address in (path, f"{path}/log"):
            answer = client.get(address)
            assert answer.status_code == 200
            pages[f"{name} {address}"] = answer.content.decode()
    stranger = Client(headers={"Accept-Language": language})
    for address in ("/", "/policies", "/checkpoints", "/overturns", "/find", "/no-such-page"):
        pages[address] = stranger.get(address).content.decode()
    for where, page in pages.items():
        assert f'<html lang="{language}"' in page, where
        words = _words_on(page)
        assert [part for part in english if part in words] == [], where


def test_no_page_of_a_seller_has_a_word_of_english_left_in_german(shop: Shop, noon: object) -> None:
    """Its inbox, a tender to answer, what it owes and may contest, its statement, insurance, contacts and standing."""
    from asked_back import contest_decided
    from django.test import Client
    from journeys.visitors import hired
    from owing import owing, tendered

    english = _english("de", whole=True)
    contested, owed, to_answer = contest_decided(shop).claim, owing(shop), tendered(shop)
    client = Client(headers={"Accept-Language": "de"})
    client.force_login(hired("seller", shop.code, seller_id=shop.uninsured.pk))
    claims = [f"/claims/{each.filed.reference}" for each in (to_answer, owed, contested)]
    left: dict[str, list[str]] = {}
    for address in (
        "/", "/inbox", "/claims", *claims, "/recoveries", "/statements", "/contests", "/insurance", "/contacts",
        "/standing",
    ):  # fmt: skip
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        words = _words_on(_without_quotes(answer.content.decode()))
        left[address] = [part for part in english if part in words]
    assert {address: parts for address, parts in left.items() if parts} == {}


def _without_quotes(page: str) -> str:
    """Without the sentences of the published policy, which are quoted as they stand."""
    cells = r'<td data-label="(?:Mit Deckung|Ohne)[^"]*">.*?</td>'  # of what it costs to be without insurance
    return re.sub(rf"<blockquote.*?</blockquote>|<dd[^>]*>.*?</dd>|{cells}", " ", page, flags=re.S)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "We approved your claim and sent $120.00 on its way today."),
        ("en-gb", "We approved your claim and sent US$120.00 on its way today."),
        ("de", "Wir haben Ihren Anspruch bewilligt und heute 120,00\xa0$ auf den Weg gebracht."),
        ("fr", "Nous avons accordé votre réclamation et envoyé 120,00\xa0$US aujourd’hui."),
        ("es", "Hemos aprobado su reclamación y hemos enviado 120,00\xa0US$ hoy."),
    ],
)
def test_the_answer_is_said_with_the_languages_own_money(
    shop: Shop, noon: object, language: str, sentence: str
) -> None:
    client, path = _claimants(shop.file().claim, language)
    page = unescape(client.get(path).content.decode())
    assert sentence in page
    assert client.get(path).headers["Content-Language"] == language


def test_a_language_that_is_chosen_goes_before_what_the_browser_asks_for(shop: Shop, noon: object) -> None:
    client, path = _claimants(shop.file().claim, "fr")
    client.post("/appearance", {"language": "es", "theme": "", "next": path})
    assert '<html lang="es"' in client.get(path).content.decode()


# Amounts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("en", "1,850.00", "1850.00"),
        ("en", "1,85", None),  # asked about: a German decimal, or thousands that lost a digit
        ("en", "1.85", "1.85"),
        ("en-gb", "1,850", "1850"),
        ("de", "1.850,00", "1850.00"),
        ("de", "1,85", "1.85"),
        ("de", "1.85", None),
        ("de", "1.850", "1850"),
        ("de", "1 850,00", None),
        ("de", "1850", "1850"),
        ("fr", "1 850,00", "1850.00"),
        ("fr", "1\u202f850,00", "1850.00"),
        ("fr", "1\xa0850", "1850"),
        ("fr", "1.850", None),
        ("fr", "1 85", None),
        ("es", "1.850,00", "1850.00"),
        ("es", "1.234.567,8", "1234567.8"),
        ("es", "1.234 567,8", None),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it_and_never_guessed(
    language: str, typed: str, amount: str | None
) -> None:
    from django import forms
    from django.utils import translation

    from makewhole.portals.frame.fields import AmountField

    with translation.override(language):
        field = AmountField(currency="USD")
        if amount is None:
            with pytest.raises(forms.ValidationError):
                field.clean(typed)
        else:
            assert field.clean(typed) == amount


def test_what_a_field_begins_with_is_in_the_readers_language_and_what_was_typed_stays() -> None:
    from django import forms
    from django.utils import translation

    from makewhole.portals.frame.fields import AmountField

    class Form(forms.Form):
        amount = AmountField(currency="USD")

    with translation.override("de"):
        assert 'value="1850,00"' in str(Form(initial={"amount": "1850.00"})["amount"])
        wrong = Form({"amount": "1.85"})
        assert 'value="1.85"' in str(wrong["amount"])
        assert wrong.errors["amount"] == ["„1.85“ ist kein Betrag. Schreiben Sie ihn so: 184,20."]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Of part 1 only $1,850.00 is still open."),
        ("de", "Von Teil 1 sind nur noch 1.850,00\xa0$ offen."),
        ("fr", "De la partie 1, seuls 1\u202f850,00\xa0$US sont encore ouverts."),
        ("es", "De la parte 1 solo siguen abiertos 1.850,00\xa0US$."),
    ],
)
def test_a_refusal_is_said_in_the_readers_language_with_its_amount(language: str, sentence: str) -> None:
    from django.utils import translation

    from makewhole.domain.refusal import Refused
    from makewhole.portals.frame.refusals import sentence as told

    refusal = Refused("more_than_open", exposure=1, open_minor=185_000, currency="USD")
    with translation.override(language):
        assert told(refusal) == sentence


@pytest.mark.parametrize("language", ["en", "en-gb", *LANGUAGES])
def test_every_refusal_can_be_said_in_every_language(language: str) -> None:
    """Its translation asks for no fact that the refusal does not have."""
    import string

    from django.utils import translation

    from makewhole.domain.refusal import Refused
    from makewhole.domain.sentences import SENTENCES
    from makewhole.portals.frame.refusals import sentence as told

    with translation.override(language):
        for code, template in SENTENCES.items():
            facts = {name: "x" for _, name, _, _ in string.Formatter().parse(template) if name}
            assert told(Refused(code, **facts)), code


# Dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "instant", "day", "left"),
    [
        ("en", "Fri 27 Nov 2026, 16:00 (New York)", "3 Dec 2026", "3 days 4 hours left"),
        ("en-gb", "Fri 27 Nov 2026, 16:00 (New York)", "3 Dec 2026", "3 days 4 hours left"),
        ("de", "Fr., 27. Nov. 2026, 16:00 (New York)", "3. Dez. 2026", "noch 3 Tage 4 Stunden"),
        ("fr", "ven. 27 nov. 2026, 16:00 (New York)", "3 déc. 2026", "encore 3 jours 4 heures"),
        ("es", "vie, 27 nov 2026, 16:00 (Nueva York)", "3 dic 2026", "quedan 3 días 4 horas"),
    ],
)
def test_a_clock_is_a_date_a_time_and_a_place_in_every_language(
    language: str, instant: str, day: str, left: str
) -> None:
    from datetime import UTC, date, datetime, timedelta

    from django.utils import translation

    from makewhole.portals.frame import showing

    at = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
    with translation.override(language):
        assert showing.instant(at, "America/New_York") == instant
        assert showing.day(date(2026, 12, 3)) == day
        assert showing.left(at, at - timedelta(days=3, hours=4)) == left


# Mails ---------------------------------------------------------------------------------------------------------


def _with_language(shop: Shop, language: str, **told: Any) -> Claim:
    notice = shop.notice(shop.sell(), **told)
    return shop.file(replace(notice, contact=replace(notice.contact, language=language))).claim


@pytest.mark.parametrize(
    ("language", "subject", "hello", "money", "statement"),
    [
        ("de", "Wir haben Ihren Anspruch {}", "Guten Tag Ana Rivera,", "120,00\xa0USD", "Wer entschieden hat:"),
        ("fr", "Nous avons votre réclamation {}", "Bonjour Ana Rivera,", "120,00\xa0USD", "Qui a décidé:"),
        ("es", "Tenemos su reclamación {}", "Hola, Ana Rivera:", "120,00\xa0USD", "Quién decidió:"),
        ("en", "We have your claim {}", "Hello Ana Rivera,", "USD 120.00", "Who decided:"),
        ("nl", "We have your claim {}", "Hello Ana Rivera,", "USD 120.00", "Who decided:"),
        ("", "We have your claim {}", "Hello Ana Rivera,", "USD 120.00", "Who decided:"),
    ],
)
def test_a_claimants_mails_come_in_the_claimants_language(
    shop: Shop, noon: object, language: str, subject: str, hello: str, money: str, statement: str
) -> None:
    from makewhole.store.models import Outbox
    from makewhole.workers.mails.letters import letter

    claim = _with_language(shop, language)
    mails = {each.template: letter(each) for each in Outbox.objects.filter(claim_id=claim.claim_id)
             if each.recipient.startswith("claimant:")}  # fmt: skip
    received = mails["claim_received"]
    assert received.subject == subject.format(claim.filed.reference)
    assert hello in received.text
    assert money.replace("\xa0", " ") in received.text.replace("\xa0", " ")
    assert statement in mails["claim_decided"].text
    supported = language if language in LANGUAGES else "en"
    assert {mail.language for mail in mails.values()} == {supported}


def test_over_a_real_mail_server_a_german_claimant_reads_german(shop: Shop, noon: object, settings: Any) -> None:
    import socket

    from aiosmtpd.controller import Controller
    from store.mailbox import Mailbox, text_of
    from world import NOW

    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import send_waiting

    # What other tests left to be sent is some thousand mails, and none of this claimant's.
    Outbox.objects.filter(sent_at=None, failed_at=None).update(send_after=NOW + timedelta(days=1))
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        address = f"ana.{token_hex(6)}@example.com"
        notice = shop.notice(shop.sell(), complete=False)
        contact = replace(notice.contact, email=address, language="de")
        reference = shop.file(replace(notice, contact=contact)).claim.filed.reference
        while send_waiting(NOW, batch=200):
            pass
    finally:
        server.stop()
    mails = {str(mail["Subject"]): mail for mail in box.to(address)}
    asked = mails[f"Ihr Anspruch {reference}: was wir noch brauchen"]
    assert asked["Content-Language"] == "de"
    assert "ein Foto des Schadens und des Produkts (für: beschädigte Sachen)" in text_of(asked)
    html = asked.get_body(("html",))
    assert html is not None and '<html lang="de"' in html.get_content()


# In a browser -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("language", "landing", "story", "asked_about", "approved", "paid"),
    [
        (
            "de",
            "Wenn ein Produkt Schaden anrichtet, wird er hier wiedergutgemacht.",
            "Der Wasserkocher schmolz und verbrannte die Arbeitsplatte.",
            "„184.20“ ist kein Betrag. Schreiben Sie ihn so: 184,20.",
            "Wir haben Ihren Anspruch bewilligt und heute 184,20\xa0$ auf den Weg gebracht.",
            "Wir haben Ihnen heute 184,20\xa0$ bezahlt.",
        ),
        (
            "fr",
            "Quand un produit cause un dommage, c’est ici qu’il est réparé.",
            "La bouilloire a fondu et brûlé le plan de travail.",
            "«\xa0184.20\xa0» n’est pas un montant. Écrivez-le ainsi\xa0: 184,20.",
            "Nous avons accordé votre réclamation et envoyé 184,20\xa0$US aujourd’hui.",
            "Nous vous avons payé 184,20\xa0$US aujourd’hui.",
        ),
        (
            "es",
            "Cuando un producto causa un daño, aquí se repara.",
            "El hervidor se fundió y quemó la encimera.",
            "«184.20» no es un importe. Escríbalo así: 184,20.",
            "Hemos aprobado su reclamación y hemos enviado 184,20\xa0US$ hoy.",
            "Le hemos pagado 184,20\xa0US$ hoy.",
        ),
    ],
    ids=["German", "French", "Spanish"],
)
def test_from_the_first_page_to_the_money_in_ones_own_language(
    visit: Visit,
    shop: Shop,
    language: str,
    landing: str,
    story: str,
    asked_about: str,
    approved: str,
    paid: str,
    width: int,
) -> None:
    """By the words that its catalogue has for each button and label; what is read is looked through for English."""
    from makewhole.domain.claim import commands as do
    from makewhole.handle import Ask, handle
    from makewhole.store.models import Claim as Row

    ana, line = visit(width, locale=f"{language}-{language.upper()}"), shop.sell()
    page, english = ana.page, _english(language)

    def said(english: str) -> str:
        return _said(language, english)

    def keeps(name: str) -> None:
        words = _words_on(page.content())
        assert [part for part in english if part in words] == [], name
        ana.keeps_picture(f"{language}-{name}")

    ana.goes_to("/")
    assert page.locator("html").get_attribute("lang") == language
    assert ana.headline == landing
    keeps("0-landing")
    ana.opens_order(line)
    ana.sends(said("Choose photos"), "worktop.jpg")
    keeps("1-photos")
    ana.presses(said("Continue"))
    page.get_by_label(said("What happened?")).fill(story)
    keeps("2-what")
    ana.presses(said("Continue"))
    keeps("3-when")
    page.get_by_role("button", name=said("Yesterday")).click()
    keeps("4-hurt")
    page.get_by_role("button", name=said("No, nobody was hurt")).click()
    keeps("5-loss")
    ana.presses(said("Continue"))
    page.get_by_label(said("How much was it?")).fill("184.20")  # as an English keyboard writes it: asked about
    ana.presses(said("Continue"))
    assert ana.sees(asked_about)
    keeps("6-amount-asked-about")
    page.get_by_label(said("How much was it?")).fill("184,20")
    ana.sends(said("Receipt of the damaged thing"), "receipt.jpg")
    ana.presses(said("Continue"))
    page.get_by_label(said("Your name")).fill("Ana Rivera")
    page.get_by_label(said("E-mail"), exact=True).fill(f"ana.{token_hex(5)}@example.com")
    keeps("7-who")
    ana.presses(said("Continue"))
    keeps("8-payout")
    ana.presses(said("Continue"))
    assert ana.sees(approved.partition("184")[2][:5])  # the amount, as this language writes it
    keeps("9-check")
    ana.presses(said("Send the claim"))
    assert ana.headline.startswith(approved)
    keeps("10-approved")
    row = Row.objects.select_related().get(order_line=line)
    claim = _folded(row.pk)
    handle(
        Ask(
            do.ConfirmPayment(claim.payments[0].order.payment_id, "bank-1"),
            shop.staff("finance", 31), _now(), claim.claim_id,
        )
    )  # fmt: skip
    page.reload()
    assert ana.headline.startswith(paid)
    keeps("11-paid")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_claimant_signs_in_by_a_code_from_a_german_mail(
    visit: Visit, shop: Shop, mailoutbox: list[Any], width: int
) -> None:
    from django.core.cache import cache
    from journeys.visitors import hired

    cache.clear()
    ana, account = visit(width, locale="de-DE"), hired("claimant", shop.code)
    page, english = ana.page, _english("de")

    def keeps(name: str) -> None:
        words = _words_on(page.content())
        assert [part for part in english if part in words] == [], name
        ana.keeps_picture(f"de-{name}")

    ana.goes_to("/sign-in")
    keeps("sign-in")
    page.get_by_role("link", name="Code per E-Mail anfordern").click()
    keeps("sign-in-code-asked-for")
    page.get_by_label("E-Mail").fill(account.email)
    ana.presses("Schicken Sie mir einen Code")
    assert ana.headline == "Geben Sie den Code aus der E-Mail ein"
    mail = mailoutbox[0]
    assert mail.subject == "Ihr Code für die Anmeldung" and mail.to == [account.email]
    assert mail.body.startswith("Hier ist Ihr Code. Er gilt 15 Minuten")
    code = re.search(r"^([A-Z0-9-]{6,12})$", mail.body, re.MULTILINE)
    assert code is not None
    page.get_by_label("Code").fill("XXXXXX")
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    assert ana.sees("Dieser Code stimmt nicht.")
    keeps("sign-in-wrong-code")
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    page.get_by_role("button", name="Abmelden").wait_for()
    keeps("signed-in")
    ana.goes_to("/account/sign-ins")
    assert ana.headline == "Sie sind nur hier angemeldet."
    assert ana.sees("Code per E-Mail")
    keeps("sign-ins")
    page.get_by_role("banner").get_by_role("button", name="Abmelden").click()
    keeps("signed-out")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_seller_answers_a_tender_in_german(visit: Visit, shop: Shop, width: int) -> None:
    from journeys.visitors import PASSWORD, hired
    from owing import tendered

    claim, account = tendered(shop), hired("seller", shop.code, seller_id=shop.uninsured.pk)
    bo = visit(width, locale="de-DE")
    page = bo.page
    bo.goes_to("/sign-in")
    page.get_by_label("E-Mail").fill(account.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Anmelden", exact=True).click()
    bo.goes_to("/inbox")
    assert bo.headline == "1 Anspruch wartet auf Ihre Antwort."
    bo.keeps_picture("de-seller-inbox")
    page.get_by_role("link", name=f"{claim.filed.reference} öffnen").first.click()
    page.locator("summary", has_text="Zurückweisen, mit Gründen").click()
    bo.keeps_picture("de-seller-answers")
    page.get_by_label("Das Produkt hatte keinen Mangel").check()
    page.locator("#act-reject").get_by_label("In Ihren Worten").fill("Der Heizstab ist unversehrt.")
    bo.presses("Den Anspruch zurückweisen")
    assert bo.sees("Wir haben Ihre Zurückweisung.")
    bo.keeps_picture("de-seller-rejected")
    for path, name in (("/insurance", "insurance"), ("/contacts", "contacts"), ("/statements", "statement")):
        bo.goes_to(path)
        bo.keeps_picture(f"de-seller-{name}")


def test_an_old_link_and_the_way_to_a_new_one_are_said_in_german(visit: Visit, shop: Shop, noon: object) -> None:
    """What a claimant meets whose link is over: that it is, how to have a new one, and that the mail is on its way."""
    from django.core.cache import cache

    cache.clear()
    ana, claim, english = visit(390, locale="de-DE"), shop.file().claim, _english("de")
    for path, headline, name in (
        (f"/claims/{claim.filed.reference}?key=over", "Dieser Link gilt nicht mehr.", "old-link"),
        (
            f"/claims/{claim.filed.reference}",
            "Falls es hier einen Anspruch gibt, sehen ihn nur die Beteiligten.",
            "no-link",
        ),
        ("/mails/over", "Dieser Link gilt nicht mehr.", "old-link-to-mails"),
        (f"/new-link?claim={claim.filed.reference}", "Ein neuer Link zu Ihrem Anspruch", "new-link"),
    ):
        ana.goes_to(path)
        assert ana.headline == headline
        words = _words_on(ana.page.content())
        assert [part for part in english if part in words] == [], path
        ana.keeps_picture(f"de-{name}")
    ana.page.get_by_label("Ihre E-Mail").fill("ana")
    ana.presses("Schicken Sie mir einen neuen Link")
    assert ana.sees("Das ist keine E-Mail-Adresse.")
    ana.page.get_by_label("Ihre E-Mail").fill(f"ana.{token_hex(5)}@example.com")
    ana.presses("Schicken Sie mir einen neuen Link")
    assert ana.headline == "Sehen Sie in Ihre E-Mails."
    ana.keeps_picture("de-look-into-your-mail")


def _said(language: str, english: str) -> str:
    from django.utils import translation

    with translation.override(language):
        return translation.gettext(english)


def _folded(claim_id: Any) -> Claim:
    from makewhole.domain.claim.state import fold
    from makewhole.reads.views import history_of

    claim = fold(claim_id, history_of(claim_id))
    assert claim is not None
    return claim


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()
