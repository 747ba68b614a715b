"""`makewhole standing`, called as an operator calls it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.machines import Hire
from click.testing import CliRunner, Result
from world import Shop

from makewhole import standing as door
from makewhole.people.models import Account
from makewhole.store.models import Restriction


def makewhole(*args: str) -> Result:
    from makewhole.cli.standing import standing

    return CliRunner().invoke(standing, args)


def violated(shop: Shop) -> None:
    now = datetime.now(UTC)
    for n in range(3):
        on = (now - timedelta(days=3)).date()
        door.report_violation(shop.insured.pk, ref=f"v{n}", code="late shipping", on=on, by=shop.backend, at=now)


def test_a_standing_is_shown_restricted_and_lifted(shop: Shop, hire: Hire):
    email = Account.objects.get(id=hire("programme_owner").account_id).email
    here = ("kettle-co", "--marketplace", shop.code)
    assert "Kettle Co (kettle-co): good" in makewhole("show", *here).output
    person = ("--as", email, "--words", "Three violations.")
    refused = makewhole("restrict", *here, "--kind", "listings", *person)
    assert refused.exit_code == 1 and "gives no reason to restrict anything" in refused.output
    violated(shop)
    shown = makewhole("show", *here).output
    assert "may_be_restricted" in shown and "us 2021-1 · standing.violations_restrict" in shown
    assert shown.count("late shipping") == 3 and "policy_violation:" in shown
    past = makewhole("restrict", *here, "--kind", "listings", "--takes-effect", "2026-01-01", *person)
    assert past.exit_code == 1 and "not before" in past.output
    made = makewhole("restrict", *here, "--kind", "listings", *person)
    assert made.exit_code == 0, made.output
    restriction = Restriction.objects.get(seller=shop.insured)
    assert str(restriction.pk) in made.output and restriction.decided_by.startswith("person:")
    assert "restriction of listings: in_force" in makewhole("show", *here).output
    assert makewhole("lift", *here, str(restriction.pk), *person).exit_code == 0
    assert "restriction of listings: lifted" in makewhole("show", *here).output


def test_who_is_nobody_or_has_not_the_role_restricts_nothing(shop: Shop, hire: Hire):
    violated(shop)
    reviewer = Account.objects.get(id=hire("reviewer").account_id).email
    told = ("kettle-co", "--marketplace", shop.code, "--kind", "payouts", "--words", "x")
    assert "there is no account" in makewhole("restrict", *told, "--as", "nobody@example.com").output
    assert "does not have the role" in makewhole("restrict", *told, "--as", reviewer).output
    assert "there is no seller nobody" in makewhole("show", "nobody", "--marketplace", shop.code).output
    assert not Restriction.objects.filter(seller=shop.insured).exists()
