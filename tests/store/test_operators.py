"""An operator sets itself up by command: marketplace, people, orders; and forgets somebody."""

from __future__ import annotations

import secrets

import pytest
from click.testing import CliRunner, Result
from django.db import IntegrityError
from world import NOW, Shop

from makewhole import asks
from makewhole.cli.operators import account, marketplace, vault
from makewhole.domain.claim.commands import ConfirmPayment
from makewhole.handle import handle
from makewhole.people.models import Account, RoleAssignment
from makewhole.store import evidence
from makewhole.store.models import Evidence, Holiday, Insurer, Marketplace
from makewhole.store.vault import contact_of

pytestmark = pytest.mark.usefixtures("kept")


def opened(code: str, **changed: str) -> Result:
    told = {
        "name": "Shop", "country": "DE", "currency": "EUR", "zone": "Europe/Berlin", "legal-entity": "Shop GmbH",
        "policy": "eu",
    } | changed  # fmt: skip
    return CliRunner().invoke(marketplace, ["add", code, *(f"--{name}={value}" for name, value in told.items())])


def test_a_marketplace_is_opened_with_its_policy_and_holidays():
    code = f"m{secrets.token_hex(4)}"
    told = opened(code)
    assert told.exit_code == 0, told.output
    assert Marketplace.objects.get(code=code).currency == "EUR"
    assert Holiday.objects.filter(marketplace=code, day__month=1, day__day=1).count() == 4
    assert "There is a marketplace" in opened(code).output
    assert code in CliRunner().invoke(marketplace, ["list"]).output


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"currency": "XXX"}, "do not know the currency XXX"),
        ({"zone": "Berlin"}, "There is no zone Berlin"),
        ({"policy": "mars"}, "No policy mars is published"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence_and_opens_nothing(changed: dict[str, str], said: str):
    code = f"m{secrets.token_hex(4)}"
    told = opened(code, **changed)
    assert told.exit_code == 1
    assert said in told.output
    assert not Marketplace.objects.filter(code=code).exists()


def test_a_person_gets_a_role_once(shop: Shop):
    email = f"bo.{secrets.token_hex(4)}@example.com"
    add = ["add", email, "--name=Bo", "--role=adjuster", f"--marketplace={shop.code}", "--password=twelve-signs-long"]
    assert CliRunner().invoke(account, add).exit_code == 0
    assert CliRunner().invoke(account, add).exit_code == 0
    assert RoleAssignment.objects.filter(account__email=email).count() == 1
    seller = ["add", email, "--name=Bo", "--role=seller", "--password=x"]
    assert "names a seller" in CliRunner().invoke(account, seller).output
    seller += [f"--marketplace={shop.code}", "--seller=kettle-co"]
    assert CliRunner().invoke(account, seller).exit_code == 0
    assert (
        "there is no role producer" in CliRunner().invoke(account, [*add[:3], "--role=producer", "--password=x"]).output
    )
    assert "there is no role king" in CliRunner().invoke(account, [*add[:3], "--role=king", "--password=x"]).output


def test_somebody_at_an_insurer_gets_its_role_with_the_insurers_name(shop: Shop):
    cliff = Insurer.objects.create(name=f"Cliff {secrets.token_hex(4)}")
    email = f"io.{secrets.token_hex(4)}@example.com"

    def add(role: str, *more: str) -> Result:
        return CliRunner().invoke(account, ["add", email, "--name=Io", f"--role={role}", "--password=x", *more])

    assert "names an insurer" in add("insurer").output
    assert "names an insurer" in add("adjuster", f"--insurer={cliff.name}").output
    assert "there is no insurer Dale; load it first" in add("insurer", "--insurer=Dale").output
    assert not RoleAssignment.objects.filter(account__email=email).exists()
    assert (
        add("insurer", f"--insurer={cliff.name}").exit_code == add("insurer", f"--insurer={cliff.name}").exit_code == 0
    )
    held = RoleAssignment.objects.get(account__email=email)
    assert (held.role, held.insurer_id, held.marketplace, held.seller_id) == ("insurer", cliff.pk, "", None)


def test_the_database_holds_no_insurers_person_without_an_insurer_and_no_producer(shop: Shop):
    holder = Account.objects.create_user(f"{secrets.token_hex(4)}@example.com", name="Io")
    with pytest.raises(IntegrityError, match="insurer_people_name_their_insurer"):
        RoleAssignment.objects.create(account=holder, role="insurer")
    with pytest.raises(IntegrityError, match="producers_come_by_link"):
        RoleAssignment.objects.create(account=holder, role="producer")


def test_a_claimant_is_forgotten_only_when_nothing_of_theirs_is_open(shop: Shop):
    claim = shop.file().claim
    forget = ["erase", claim.filed.reference, "--yes"]
    told = CliRunner().invoke(vault, forget)
    assert told.exit_code == 1
    assert getattr(told.exception, "code", "") == "claims_still_open"
    assert contact_of(claim.filed.claimant_id)
    confirm = ConfirmPayment(claim.payments[0].order.payment_id, "B-1")
    handle(asks.act(confirm, claim_id=claim.claim_id, by=shop.staff("finance", 5), at=NOW))
    files = list(Evidence.objects.filter(claim_id=claim.claim_id))
    assert CliRunner().invoke(vault, forget).exit_code == 0
    assert contact_of(claim.filed.claimant_id) is None
    assert not any(evidence.evidence_files().exists(file.folder, bytes(file.sha256).hex()) for file in files)
