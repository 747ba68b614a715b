"""Who is told reads it in the language that was chosen for its mails, else in its country's."""

from __future__ import annotations

from typing import Any

import pytest
from store.mailbox import Mailbox

from makewhole.domain.refusal import Refused

pytestmark = pytest.mark.usefixtures("emptied")
LAW, SALES, ANA = "law@kettles.example", "sales@kettles.example", "ana@example.com"
ABOUT = {
    "en": "about your product",
    "de": "zu Ihrem Produkt",
    "fr": "concernant votre produit",
    "es": "sobre su producto",
}


def _send_all() -> None:
    from store.claims_given import FILED_AT

    from makewhole.workers.outbox import send_waiting

    while send_waiting(FILED_AT):
        pass


def _languages(mailbox: Mailbox, to: str) -> set[str]:
    return {str(mail["Content-Language"]) for mail in mailbox.to(to)}


def _seller(country: str = "", *, market_country: str = "US") -> Any:
    from store.claims_given import market

    from makewhole.store.models import Marketplace, Seller

    seller = market()
    Seller.objects.filter(id=seller.pk).update(country=country)
    Marketplace.objects.update(country=market_country)
    return seller


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_contact_is_told_in_its_language_and_its_colleague_in_another(mailbox: Mailbox, language: str) -> None:
    from store.claims_given import FILED_AT, filed

    from makewhole.store import contacts

    seller = _seller()
    party = f"seller:{seller.pk}"
    contacts.add(party, name="", email=LAW, language=language, by="operator:cli", at=FILED_AT)
    contacts.add(party, name="", email=SALES, by="operator:cli", at=FILED_AT)
    filed(seller)
    _send_all()
    assert _languages(mailbox, LAW) == {language} and _languages(mailbox, SALES) == {"en"}
    subjects = [str(mail["Subject"]) for mail in mailbox.to(LAW)]
    assert all(ABOUT[language] in subject for subject in subjects), subjects


@pytest.mark.parametrize(
    ("own", "markets", "language"),
    [
        ("DE", "US", "de"),
        ("AT", "US", "de"),
        ("", "DE", "de"),  # the row names no country: its marketplace's
        ("US", "DE", "en"),
        ("GB", "US", "en-gb"),
        ("CA", "US", "en"),  # the first of two
        ("MX", "US", "es"),
        ("CN", "DE", "en"),  # we do not speak it
    ],
)
def test_a_seller_for_whom_nothing_was_chosen_is_told_in_the_language_of_its_country(
    mailbox: Mailbox, own: str, markets: str, language: str
) -> None:
    from store.claims_given import filed

    filed(_seller(own, market_country=markets))
    _send_all()
    assert _languages(mailbox, "kettles@example.com") == {language}


def test_a_claimant_is_told_as_it_spoke_to_us_else_as_its_country_speaks_and_as_it_chose_from_then_on(
    mailbox: Mailbox,
) -> None:
    from store.claims_given import FILED_AT, filed

    from makewhole.store import choices

    seller = _seller(market_country="DE")
    claim = filed(seller, email=ANA).claim
    _send_all()
    assert _languages(mailbox, ANA) == {"de"}
    filed(seller, email="bo@example.com", language="fr")
    _send_all()
    assert _languages(mailbox, "bo@example.com") == {"fr"}
    mailbox.mails.clear()
    choices.choose_mails(f"claimant:{claim.filed.claimant_id}", None, [], language="es", by="link", at=FILED_AT)
    filed(seller, email=ANA)
    _send_all()
    assert _languages(mailbox, ANA) == {"es"}


def test_staff_read_english_in_every_marketplace(mailbox: Mailbox) -> None:
    from makewhole.store.mail_languages import written_in

    _seller(market_country="DE")
    assert written_in("role:finance", "") == written_in("insurer:1", "") == "en"
    assert written_in("insurer:1", "fr") == "fr"


def test_a_choice_of_kinds_leaves_the_language_and_an_empty_one_is_the_countrys_again() -> None:
    from store.claims_given import FILED_AT

    from makewhole.store import choices, contacts

    party = f"seller:{_seller().pk}"
    for number in (contacts.add(party, name="", email=LAW, language="de", by="x", at=FILED_AT).pk, None):
        choices.choose_mails(party, number, [], language="de", by="x", at=FILED_AT)
        choices.choose_mails(party, number, ["progress"], by="x", at=FILED_AT)
        assert choices.mails_chosen(party, number) == choices.MailsChosen(("progress",), "de")
        choices.choose_mails(party, number, [], language="", by="x", at=FILED_AT)
        assert choices.mails_chosen(party, number) == choices.MailsChosen((), "")


def test_a_language_in_which_we_write_no_mails_is_refused_and_nothing_is_changed() -> None:
    from store.claims_given import FILED_AT

    from makewhole.store import choices, contacts
    from makewhole.store.models import Contact

    party = f"seller:{_seller().pk}"
    with pytest.raises(Refused, match="unknown_language"):
        contacts.add(party, name="", email=LAW, language="nl", by="x", at=FILED_AT)
    assert not Contact.objects.exists()
    with pytest.raises(Refused, match="unknown_language"):
        choices.choose_mails(party, None, ["progress"], language="nl", by="x", at=FILED_AT)
    assert choices.mails_chosen(party) == choices.MailsChosen()


def test_a_contact_that_comes_back_has_the_language_that_it_comes_back_with() -> None:
    from store.claims_given import FILED_AT

    from makewhole.store import contacts

    party = f"seller:{_seller().pk}"
    first = contacts.add(party, name="", email=LAW, language="de", by="x", at=FILED_AT)
    contacts.remove(party, first.pk, at=FILED_AT)
    assert contacts.add(party, name="", email=LAW, language="fr", by="x", at=FILED_AT).language == "fr"
    assert contacts.add(party, name="", email=LAW, language="es", by="x", at=FILED_AT).language == "fr"  # is there
