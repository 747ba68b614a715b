"""A link that somebody asked for goes through the outbox: sealed until it is out, to the right address, in the language
of who asked, again where the mail server could not; over a real SMTP server."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from store.mailbox import Mailbox, Read, html_of, text_of
from world import NOW, Shop, open_shop

pytestmark = pytest.mark.usefixtures("emptied")
ANA = "ana.rivera@example.com"


@pytest.fixture
def shop(emptied: None) -> Shop:
    return open_shop()


def test_an_address_is_sealed_until_its_mail_is_out_and_then_erased(shop: Shop, mailbox: Mailbox) -> None:
    claim = _filed(shop)
    _ask("claims", ANA, claim.filed.reference)
    (notice,) = _notices()
    assert not re.search(r"ana\.|@", json.dumps([notice.facts, notice.recipient, notice.dedupe]))
    _send(NOW)
    (mail,) = _links(mailbox, ANA)
    assert mail["Subject"] == f"A new link to your claim {claim.filed.reference}"
    (notice,) = _notices()
    assert (notice.sent_at, notice.facts) == (NOW, {"language": "en"})
    assert mail["Message-ID"] == f"<{notice.message_id}>"


def test_nothing_is_mailed_where_there_is_nothing_to_link_to_and_nobody_is_told(shop: Shop, mailbox: Mailbox) -> None:
    from makewhole.store.ids import new_id

    line = shop.sell()
    other = _filed(shop, email="bo@example.com")
    for to, named in [
        ("claims", "MW-NO-SUCH"), ("claims", other.filed.reference), ("claims", ""), ("order", line.order_ref),
        ("order", "no-such-order"), ("draft", str(new_id())),
    ]:  # fmt: skip
        _ask(to, ANA, named)
    assert len(_notices()) == 6
    _send(NOW)
    assert _links(mailbox, ANA) == [] and _failures() == []
    assert {(each.sent_at, each.message_id) for each in _notices()} == {(NOW, "")}
    assert [each.facts for each in _notices()] == [{"language": "en"}] * 6


@pytest.mark.parametrize(
    ("language", "subject", "button", "words"),
    [
        ("en", "A new link to your claim {}", "Open your claim", "whoever has it can read your claim"),
        ("de", "Ein neuer Link zu Ihrem Anspruch {}", "Ihren Anspruch öffnen", "Geben Sie diese Mail nicht weiter."),
        (
            "fr",
            "Un nouveau lien vers votre réclamation {}",
            "Ouvrir votre réclamation",
            "Ne transférez pas cet",
        ),
        ("es", "Un nuevo enlace a su reclamación {}", "Abrir su reclamación", "No reenvíe este correo."),
    ],
)
def test_the_mail_is_in_the_language_of_who_asked(
    shop: Shop, mailbox: Mailbox, language: str, subject: str, button: str, words: str
) -> None:
    claim = _filed(shop)  # its mails are in English: nobody chose another
    _ask("claims", ANA, claim.filed.reference, language=language)
    _send(NOW)
    (mail,) = _links(mailbox, ANA)
    assert str(mail["Subject"]).strip() == subject.format(claim.filed.reference)
    assert mail["Content-Language"] == language
    assert words in text_of(mail)
    (told,) = Read(html_of(mail)).links.values()
    assert told == button


def test_several_claims_and_an_orders_products_have_a_button_each_in_one_mail(shop: Shop, mailbox: Mailbox) -> None:
    from makewhole.imports.pseudonyms import pseudonyms
    from makewhole.store.models import OrderLine

    claims = [_filed(shop) for _ in range(2)]
    first, second = shop.sell(), shop.sell()
    (buyer,) = pseudonyms([ANA])
    OrderLine.objects.filter(id=first.pk).update(buyer_ref=buyer)
    OrderLine.objects.filter(id=second.pk).update(
        buyer_ref=buyer, order_ref=first.order_ref, line_ref="2", product_title="Lamp"
    )
    _ask("claims", ANA, "")
    _ask("order", ANA, first.order_ref)
    _send(NOW)
    to_claims, to_order = (Read(html_of(mail)).links for mail in _links(mailbox, ANA))
    assert sorted(to_claims.values()) == sorted(f"{claim.filed.reference}, Kettle KX-2" for claim in claims)
    assert sorted(to_order.values()) == ["Kettle KX-2", "Lamp"]


def test_a_drafts_link_goes_to_the_address_that_its_holder_gave_until_it_is_sent(shop: Shop, mailbox: Mailbox) -> None:
    from makewhole.store import drafts
    from makewhole.store.ids import new_id

    draft_id = new_id()
    drafts.save(draft_id, shop.sell().pk, lambda told: told.update(story="x"), account_id=None, at=NOW)
    _ask("draft", "friend@example.com", str(draft_id), language="es")
    _send(NOW)
    (mail,) = _links(mailbox, "friend@example.com")
    assert f"/filing/{draft_id}?key=" in text_of(mail) and mail["Subject"] == "Seguir con su reclamación"
    drafts.sent(draft_id, shop.file().claim.claim_id, NOW)
    later = NOW + timedelta(hours=1)
    _ask("draft", "friend@example.com", str(draft_id), at=later)
    _send(later)
    assert len(_links(mailbox, "friend@example.com")) == 1


def test_an_address_that_only_looks_like_the_buyers_gets_nothing(shop: Shop, mailbox: Mailbox) -> None:
    from makewhole.imports.pseudonyms import pseudonyms
    from makewhole.store.models import OrderLine

    line = shop.sell()
    (buyer,) = pseudonyms(["ana.strauss@example.com"])
    OrderLine.objects.filter(id=line.pk).update(buyer_ref=buyer)
    claim = _filed(shop, email="ana.strauss@example.com")
    _ask("order", "ana.strauß@example.com", line.order_ref)
    _ask("claims", "ana.strauß@example.com", claim.filed.reference)
    _send(NOW)
    assert [str(mail["To"]) for mail in _links(mailbox)] == ["ana.strauss@example.com"] * 2


def test_the_same_asked_twice_within_minutes_is_one_mail_and_later_another(shop: Shop) -> None:
    from makewhole.store.asked_links import MINUTES

    start = NOW.replace(minute=0, second=0)
    for email in (ANA, f" {ANA.upper()}"):
        _ask("claims", email, "MW-1", at=start)
    _ask("claims", ANA, "mw-1", at=start + timedelta(minutes=MINUTES, seconds=-1))
    assert len(_notices()) == 1
    _ask("claims", ANA, "MW-1", at=start + timedelta(minutes=MINUTES))
    _ask("claims", ANA, "MW-2", at=start)
    _ask("order", ANA, "MW-1", at=start)
    assert len(_notices()) == 4


def test_a_mail_that_is_refused_waits_for_an_administrator_and_goes_out_when_the_cause_is_mended(
    shop: Shop, mailbox: Mailbox
) -> None:
    from makewhole.domain.actors import Actor
    from makewhole.store import mending

    claim = _filed(shop)
    mailbox.answers[ANA] = f"550 no such user <{ANA}>"
    _ask("claims", ANA, claim.filed.reference)
    _send(NOW)
    (failure,) = [each for each in _failures() if each.what == "link_to_claims"]
    assert ANA not in repr(failure) and "550" in failure.error and not failure.may_correct
    assert _failures(marketplaces=frozenset({shop.code}), what="link_to_claims") == []
    del mailbox.answers[ANA]
    assert mending.send_again(_notices()[0], by=Actor("person:1", "administrator"), at=NOW) == "queued"
    _send(NOW)
    assert [mail["Subject"] for mail in _links(mailbox, ANA)][-1] == f"A new link to your claim {claim.filed.reference}"
    assert _notices()[0].facts == {"language": "en"}


def test_what_was_asked_is_forgotten_after_a_week_and_other_notices_stay(shop: Shop) -> None:
    from makewhole.store.asked_links import KEPT, forget_old
    from makewhole.store.models import Outbox

    _filed(shop)
    others = Outbox.objects.count()
    _ask("claims", ANA, "")
    assert forget_old(NOW + KEPT) == 0 and len(_notices()) == 1
    assert forget_old(NOW + KEPT + timedelta(seconds=1)) == 1
    assert _notices() == [] and Outbox.objects.count() == others > 0


def test_forgetting_reads_what_was_asked_and_not_the_whole_outbox(shop: Shop) -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from makewhole.store.asked_links import forget_old

    with CaptureQueriesContext(connection) as queries:
        forget_old(NOW)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain {queries[0]['sql']}")
        assert "outbox_asked" in str(cursor.fetchall())


def test_words_moved_to_another_notice_do_not_open(shop: Shop) -> None:
    from makewhole.store.asked_links import asked_in
    from makewhole.store.envelope import CannotOpen

    _ask("claims", ANA, "")
    _ask("claims", "bo@example.com", "")
    one, other = _notices()
    other.facts = one.facts
    assert asked_in(one).email == ANA
    with pytest.raises(CannotOpen):
        asked_in(other)


# The words of these tests -----------------------------------------------------------------------------------


def _filed(shop: Shop, *, email: str = ANA) -> Any:
    from makewhole.asks import Contact

    contact = Contact(name="Ana Rivera", email=email, phone="", address="")
    return shop.file(shop.notice(shop.sell(), contact=contact)).claim


def _ask(to: Any, email: str, named: str, *, language: str = "en", at: datetime = NOW) -> None:
    from makewhole.store.asked_links import ask

    ask(to, email, named, language=language, at=at)


def _send(now: datetime) -> None:
    from makewhole.workers.outbox import send_waiting

    while send_waiting(now):
        pass


def _links(mailbox: Mailbox, to: str = "") -> list[EmailMessage]:
    """The mails that were asked for, among all that came."""
    ids = {notice.message_id for notice in _notices()}
    return [mail for mail in mailbox.mails if str(mail["Message-ID"]).strip("<>") in ids and to in str(mail["To"])]


def _notices() -> list[Any]:
    from makewhole.store.models import Outbox

    return list(Outbox.objects.filter(recipient__startswith="asked:").order_by("id"))


def _failures(*, marketplaces: frozenset[str] = frozenset(), what: str = "") -> list[Any]:
    from makewhole.domain.actors import Actor
    from makewhole.reads.failures import failures

    told = failures(Actor("person:1", "administrator", marketplaces=marketplaces), NOW).all
    return [each for each in told if each.sort == "mail" and (not what or each.what == what)]
