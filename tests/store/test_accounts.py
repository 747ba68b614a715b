"""Roles are given and taken under two rules that hold whoever asks, and each change leaves a line that stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from world import NOW, Shop

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.people.models import Account, RoleAssignment, RoleChange
from makewhole.store import accounts
from makewhole.store.accounts import RoleToGive, person
from makewhole.store.models import Outbox

OPERATOR = Actor("operator:cli", "administrator")


@pytest.fixture
def alone(kept: None) -> Iterator[None]:
    """No other administrator of everything, for as long as the test runs."""
    others = RoleAssignment.objects.filter(role="administrator", marketplace="")
    ids = list(others.values_list("account_id", flat=True))
    Account.objects.filter(id__in=ids).update(is_active=False)
    yield
    Account.objects.filter(id__in=ids).update(is_active=True)


def _somebody(role: RoleToGive, *, by: Actor = OPERATOR) -> Account:
    return accounts.invite(f"{token_hex(6)}@example.com", "Kim", role, by=by, at=NOW)


def _as(account: Account, *places: str) -> Actor:
    return Actor(person(account), "administrator", marketplaces=frozenset(places))


def _held(account: Account, role: str) -> int:
    return account.assignments.get(role=role).pk


def test_the_last_administrator_of_everything_stays_one(shop: Shop, alone: None) -> None:
    first, local = _somebody(RoleToGive("administrator")), _somebody(RoleToGive("administrator", shop.code))
    for what in (lambda: accounts.take(_held(first, "administrator"), by=OPERATOR, at=NOW),
                 lambda: accounts.close(first.pk, by=OPERATOR, at=NOW)):  # fmt: skip
        with pytest.raises(Refused, match="last_administrator"):
            what()
    # One of some marketplaces is not it, and may go.
    accounts.take(_held(local, "administrator"), by=OPERATOR, at=NOW)
    second = _somebody(RoleToGive("administrator"))
    accounts.close(second.pk, by=OPERATOR, at=NOW)
    with pytest.raises(Refused, match="last_administrator"):  # a closed one does not count
        accounts.take(_held(first, "administrator"), by=OPERATOR, at=NOW)
    accounts.reopen(second.pk, by=OPERATOR, at=NOW)
    accounts.take(_held(first, "administrator"), by=OPERATOR, at=NOW)
    accounts.close(first.pk, by=OPERATOR, at=NOW)
    assert RoleAssignment.objects.filter(role="administrator", account=first).count() == 0
    RoleAssignment.objects.filter(account=second).delete()


def test_nobody_changes_an_administrators_role_or_closes_an_account_of_its_own(shop: Shop) -> None:
    own, _other = _somebody(RoleToGive("administrator")), _somebody(RoleToGive("administrator"))
    by = _as(own)
    for what in (lambda: accounts.take(_held(own, "administrator"), by=by, at=NOW),
                 lambda: accounts.give(own.pk, RoleToGive("administrator", shop.code), by=by, at=NOW)):  # fmt: skip
        with pytest.raises(Refused, match="own_administrator_role"):
            what()
    with pytest.raises(Refused, match="own_account"):
        accounts.close(own.pk, by=by, at=NOW)
    accounts.give(own.pk, RoleToGive("auditor"), by=by, at=NOW)
    accounts.take(_held(own, "auditor"), by=by, at=NOW)
    own.refresh_from_db()
    assert own.is_active and [held.role for held in own.assignments.all()] == ["administrator"]


def test_a_role_names_its_place_its_seller_or_its_insurer(shop: Shop) -> None:
    account = _somebody(RoleToGive("adjuster", shop.code))
    elsewhere = RoleToGive("seller", "nowhere", seller_id=shop.insured.pk)
    for role, code in (
        (RoleToGive("king"), "unknown_role"), (RoleToGive("claimant"), "unknown_role"),
        (RoleToGive("adjuster", "nowhere"), "unknown_marketplace"), (elsewhere, "unknown_marketplace"),
        (RoleToGive("seller", shop.code), "role_needs_a_seller"),
        (RoleToGive("adjuster", shop.code, seller_id=shop.insured.pk), "role_needs_a_seller"),
        (RoleToGive("seller", shop.code, seller_id=2**40), "role_needs_a_seller"),
        (RoleToGive("insurer"), "role_needs_an_insurer"),
        (RoleToGive("insurer", insurer_id=2**40), "role_needs_an_insurer"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            accounts.give(account.pk, role, by=OPERATOR, at=NOW)
    accounts.give(account.pk, RoleToGive("seller", shop.code, seller_id=shop.insured.pk), by=OPERATOR, at=NOW)
    assert RoleChange.objects.filter(account=account, act="given").count() == 2


def test_an_administrator_of_some_marketplaces_stays_within_them(shop: Shop) -> None:
    from world import open_shop

    elsewhere = open_shop()
    by = _as(_somebody(RoleToGive("administrator", shop.code)), shop.code)
    here = _somebody(RoleToGive("adjuster", shop.code), by=by)
    there, both = _somebody(RoleToGive("adjuster", elsewhere.code)), _somebody(RoleToGive("adjuster", elsewhere.code))
    accounts.give(both.pk, RoleToGive("adjuster", shop.code), by=OPERATOR, at=NOW)
    for role in (RoleToGive("adjuster"), RoleToGive("adjuster", elsewhere.code)):
        with pytest.raises(Refused, match="role_of_other_places"):
            accounts.give(here.pk, role, by=by, at=NOW)
    for what in (lambda: accounts.give(there.pk, RoleToGive("finance", shop.code), by=by, at=NOW),
                 lambda: accounts.close(there.pk, by=by, at=NOW)):  # fmt: skip
        with pytest.raises(Refused, match="unknown_account"):
            what()
    with pytest.raises(Refused, match="account_works_elsewhere"):
        accounts.close(both.pk, by=by, at=NOW)
    with pytest.raises(Refused, match="unknown_role_assignment"):
        accounts.take(_held(there, "adjuster"), by=by, at=NOW)
    accounts.close(here.pk, by=by, at=NOW)


def test_what_was_done_with_an_account_is_written_down_and_stays(shop: Shop) -> None:
    by = _as(_somebody(RoleToGive("administrator")))
    account = _somebody(RoleToGive("adjuster", shop.code), by=by)
    accounts.give(account.pk, RoleToGive("adjuster", shop.code), by=by, at=NOW)  # it has it: nothing changes
    accounts.take(_held(account, "adjuster"), by=by, at=NOW)
    for _ in range(2):
        accounts.close(account.pk, by=by, at=NOW)
    accounts.reopen(account.pk, by=by, at=NOW)
    rows = RoleChange.objects.filter(account=account).order_by("id")
    assert list(rows.values_list("act", "role", "marketplace", "by")) == [
        ("given", "adjuster", shop.code, by.name), ("invited", "", "", by.name),
        ("taken", "adjuster", shop.code, by.name), ("closed", "", "", by.name), ("opened", "", "", by.name),
    ]  # fmt: skip
    for change in (lambda: rows.update(by="somebody"), lambda: rows.filter(act="closed").delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert rows.count() == 5


def test_a_closed_account_is_signed_out_and_its_sessions_do_not_come_back(shop: Shop) -> None:
    account = _somebody(RoleToGive("auditor", shop.code))
    reader = Client()
    reader.force_login(account)
    assert reader.get("/claims").status_code == 200
    accounts.close(account.pk, by=OPERATOR, at=NOW)
    assert reader.get("/claims").status_code == 302
    fresh = Client()
    fresh.force_login(account)
    accounts.reopen(account.pk, by=OPERATOR, at=NOW)
    assert reader.get("/claims").status_code == 302


def test_an_invitation_is_mailed_with_a_link_that_works_once_and_lies_nowhere(shop: Shop) -> None:
    from makewhole.people.invitations import invitation_key, invited
    from makewhole.workers.mails.letters import NoAddress, letter

    account = _somebody(RoleToGive("adjuster", shop.code))
    notice = Outbox.objects.get(recipient=f"account:{account.pk}")
    assert "invitation" not in str(notice.facts)
    mail = letter(notice)
    assert mail.to == (account.email,) and mail.subject == "Test shop: your account for claims"
    assert f"- adjuster in {shop.code}" in mail.text and "List-Unsubscribe" not in mail.headers
    key = mail.text.partition("/invitation/")[2].split()[0]
    assert invited(*key.split("/")) == account
    token = key.split("/")[1]
    other = invitation_key(_somebody(RoleToGive("auditor", shop.code))).split("/")[0]
    for wrong in (key[:-1] + ("x" if key[-1] != "x" else "y"), f"x/{token}", f"{other}/{token}", "-/x", "\x00/x"):
        assert invited(*wrong.split("/")) is None
    account.set_password("an old bridge in spring")
    account.save()
    assert invited(*key.split("/")) is None
    with pytest.raises(Refused, match="password_chosen_already"):
        accounts.invite_again(account.pk, by=OPERATOR, at=NOW)
    accounts.close(account.pk, by=OPERATOR, at=NOW)
    with pytest.raises(NoAddress):
        letter(notice)
    with pytest.raises(Refused, match="account_closed"):
        accounts.invite(account.email, "Kim", RoleToGive("adjuster", shop.code), by=OPERATOR, at=NOW)


def test_what_is_no_address_or_no_name_is_refused_and_makes_nobody(shop: Shop) -> None:
    before = Account.objects.count()
    for email, name, code in (
        ("kim", "Kim", "email_not_usable"), ("kim@example.com", " ", "text_missing"),
        ("kim@example.com", "Kim\nBcc: x", "name_not_printable"), ("kim@example.com", "K" * 201, "text_too_long"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            accounts.invite(email, name, RoleToGive("adjuster", shop.code), by=OPERATOR, at=NOW)
    with pytest.raises(Refused, match="unknown_role"):
        accounts.invite(f"{token_hex(4)}@example.com", "Kim", RoleToGive("king"), by=OPERATOR, at=NOW)
    assert Account.objects.count() == before


def test_sign_ins_are_read_by_who_looks_after_the_account(shop: Shop) -> None:
    from makewhole.people.models import SignIn
    from makewhole.reads.sign_in_log import sign_in_log

    here, elsewhere = _somebody(RoleToGive("adjuster", shop.code)), _somebody(RoleToGive("adjuster"))
    of_here, of_elsewhere = (SignIn.objects.create(account=each, what="failed").pk for each in (here, elsewhere))
    unknown = SignIn.objects.create(named="m…@example.com", what="failed").pk
    lines = {of_here, of_elsewhere, unknown}

    def read(role: str, *places: str, **asked: Any) -> set[int]:
        by = Actor("person:1", role, marketplaces=frozenset(places))  # type: ignore[arg-type]
        return {line.number for line in sign_in_log(by, **asked).lines} & lines

    assert read("administrator") == read("auditor", what="failed") == lines
    assert read("administrator", shop.code) == {of_here}
    assert read("auditor", shop.code) == {of_here, of_elsewhere}, "whoever works everywhere works there too"
    assert read("auditor", "nowhere") == {of_elsewhere}
    assert read("administrator", email=here.email.upper()) == {of_here}
    with pytest.raises(Refused, match="unknown_account"):
        read("administrator", shop.code, email=elsewhere.email)
    with pytest.raises(Refused, match="role_not_held"):
        read("reviewer")


def test_nobody_ends_its_own_sessions_or_those_of_who_works_elsewhere_here(shop: Shop) -> None:
    from django.http import HttpRequest

    own = _somebody(RoleToGive("administrator", shop.code))
    wider = _somebody(RoleToGive("adjuster", shop.code))
    accounts.give(wider.pk, RoleToGive("adjuster"), by=OPERATOR, at=NOW)
    stranger = _somebody(RoleToGive("adjuster"))
    for account, code in ((own, "own_sign_in"), (wider, "account_works_elsewhere"), (stranger, "unknown_account")):
        for act in (accounts.end_sessions, accounts.take_second_factor):
            with pytest.raises(Refused, match=code):
                act(account.pk, HttpRequest(), by=_as(own, shop.code), at=NOW)


def test_an_auditor_reads_who_gave_each_role_and_a_role_given_again_has_its_last_giver(shop: Shop) -> None:
    from makewhole.reads.roles_held import holders

    first, second = _somebody(RoleToGive("administrator")), _somebody(RoleToGive("administrator"))
    kim = _somebody(RoleToGive("adjuster", shop.code))
    Account.objects.filter(pk=second.pk).update(name="Second")

    def given() -> list[tuple[str, object]]:
        found, _ = holders(Actor("person:1", "auditor", marketplaces=frozenset({shop.code})), after=kim.pk - 1, size=1)
        return [(role.given_by, role.given_at) for role in found[0].roles]

    assert given() == [("operator:cli", NOW)]
    accounts.take(_held(kim, "adjuster"), by=_as(first), at=NOW)
    RoleAssignment.objects.create(account=kim, role="adjuster", marketplace=shop.code)  # beside the record
    assert given() == [("", None)]
    accounts.take(_held(kim, "adjuster"), by=_as(first), at=NOW)
    accounts.give(kim.pk, RoleToGive("adjuster", shop.code), by=_as(second), at=NOW + timedelta(days=1))
    assert given() == [("Second", NOW + timedelta(days=1))]
