"""The administrator in a browser: people come and go, tokens are shown once, and what failed has a button."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from world import NOW, PROGRAMME_START

if TYPE_CHECKING:
    from journeys.visitors import Visitor
    from world import Shop

Visit = Callable[..., "Visitor"]
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


def _admin(visit: Visit, shop: Shop, width: int = 1280, *, everywhere: bool = False) -> Visitor:
    from journeys.visitors import hired

    visitor = visit(width)
    visitor.signs_in(hired("administrator", "" if everywhere else shop.code).email)
    return visitor


@WIDTHS
def test_somebody_is_invited_chooses_a_password_and_signs_in_and_is_let_go(
    visit: Visit, shop: Shop, width: int, settings: Any
) -> None:
    from makewhole.people.models import Account
    from makewhole.store.models import Outbox
    from makewhole.workers.mails.letters import letter

    admin = _admin(visit, shop, width)
    admin.goes_to("/admin/people")
    admin.page.get_by_role("link", name="Invite somebody").click()
    email = f"kim.{token_hex(4)}@example.com"
    admin.page.get_by_label("Name").fill("Kim Oyelaran")
    admin.page.get_by_label("E-mail").fill(email)
    admin.page.get_by_label("Role").select_option("seller")
    admin.page.get_by_label("Seller", exact=False).last.fill("nobody")
    admin.presses("Invite")
    assert admin.sees("We find none that is called so.")
    assert admin.page.get_by_label("Name").input_value() == "Kim Oyelaran"
    admin.keeps_picture("admin-invite")
    admin.page.get_by_label("Role").select_option("adjuster")
    admin.page.locator("#role_seller").fill("")
    admin.presses("Invite")
    assert admin.headline == "Kim Oyelaran no password yet"
    assert admin.sees("was invited") and admin.sees("was given Adjuster")
    admin.keeps_picture("admin-person")

    invited = Account.objects.get(email=email)
    settings.PUBLIC_URL = admin.address
    mail = letter(Outbox.objects.get(recipient=f"account:{invited.pk}"))
    assert mail.to == (email,) and f"adjuster in {shop.code}" in mail.text
    link = re.search(r"http\S+/invitation/\S+", mail.text)
    assert link is not None
    kim = visit(width)
    kim.page.goto(link[0])
    kim.page.get_by_label("Password", exact=True).fill("short")
    kim.page.get_by_label("The same again").fill("shorter")
    kim.presses("Save, and go to the sign-in")
    assert kim.sees("The two are not the same.")
    kim.keeps_picture("invitation")
    for label in ("Password", "The same again"):
        kim.page.get_by_label(label, exact=True).fill("an old bridge in spring")
    kim.presses("Save, and go to the sign-in")
    assert kim.sees("Your password is set.")
    kim.signs_in(email)
    kim.goes_to("/queue")
    assert kim.headline
    kim.page.goto(link[0])
    assert kim.headline == "This invitation is over."

    admin.page.reload()
    admin.presses("Close the account")
    assert admin.sees(f"{email} is closed: signed out everywhere, and its tokens end.")
    kim.goes_to("/queue")
    assert "/sign-in" in kim.page.url
    admin.presses("Open it again")
    kim.goes_to("/queue")
    assert "/sign-in" in kim.page.url  # the session of before does not come back
    admin.page.get_by_role("button", name=re.compile(f"^Take Adjuster in {shop.code}")).click()
    assert admin.page.url.endswith("/admin/people")  # with its last role here, the account is out of sight
    assert admin.sees("The role is taken, at once and everywhere it was used.")


@WIDTHS
def test_a_token_is_shown_once_and_opens_until_it_is_revoked(visit: Visit, shop: Shop, width: int) -> None:
    from journeys.visitors import hired

    from makewhole.domain.refusal import Refused
    from makewhole.people.access import admit

    machine = hired("marketplace", shop.code)
    admin = _admin(visit, shop, width)
    admin.goes_to("/admin/tokens")
    assert admin.sees("No machine has one yet.")
    admin.page.get_by_label("E-mail of its account").fill("nobody@example.com")
    admin.page.get_by_label("What it is for").fill("Shop back-end")
    admin.page.get_by_label("file claims and make links for claimants").check()
    admin.presses("Make it")
    assert admin.sees("We do not find this account.")
    admin.page.get_by_label("E-mail of its account").fill(machine.email)
    admin.presses("Make it")
    clear = admin.page.locator("code.secret").inner_text()
    assert clear.startswith("mwk_")
    admin.keeps_picture("admin-tokens")
    assert admit(clear, role="", now=NOW).scopes == {"claims:write"}
    admin.goes_to("/admin/tokens")
    assert clear not in admin.page.content() and admin.sees("0 seconds ago")
    admin.presses("Revoke Shop back-end")
    assert admin.sees("opens nothing any more.") and admin.sees("revoked")
    with pytest.raises(Refused, match="token_revoked"):
        admit(clear, role="", now=NOW)


@WIDTHS
def test_what_failed_has_a_button_each_and_what_is_mended_leaves_the_list(visit: Visit, shop: Shop, width: int) -> None:
    from makewhole.store import contacts, outbox, webhooks
    from makewhole.store.models import AdminAct, Delivery, ImportRun, Outbox

    party = f"seller:{shop.insured.pk}"
    broken = contacts.add(party, name="", email="broken@kettles.example", by="x", at=NOW)
    hook, _ = webhooks.add(party, "https://hooks.kettles.example/a", by="x", at=NOW, to_loopback=False)
    claim = shop.file().claim
    while outbox.spread(NOW):  # other tests' notices wait as well, and come first
        pass
    early = NOW - timedelta(hours=3)
    told = Delivery.objects.filter(notice__claim_id=claim.claim_id, notice__template="claim_about_your_product")
    mail, post = told.get(contact=broken), told.get(endpoint=hook)
    outbox.give_up(mail, at=early, error="the mail server said 550 <broken@kettles.example> is unknown")
    outbox.give_up(post, at=early, error="it answered 500")
    lost = Outbox.objects.get(claim_id=claim.claim_id, template="claim_received")
    outbox.give_up(lost, at=early, error="the claimant left no mail address")
    ImportRun.objects.create(
        subject="orders", marketplace=shop.code, source="orders-21-nov.csv", began_at=early, ended_at=early, rows=4120,
        new=4118, bad=2, bad_rows=[[7, "row 7: price is missing"], [19, "row 19: currency is no currency"]],
    )  # fmt: skip

    admin = _admin(visit, shop, width)
    admin.goes_to("/admin")
    assert admin.headline == "4 things failed and wait for you."
    assert admin.sees(f"A mail (claim received) of claim {claim.filed.reference} was not sent.")
    assert admin.sees("A mail (claim about your product) did not reach a contact of Kettle Co (b…@kettles.example).")
    assert "broken@kettles.example" not in admin.page.content() and "Ana" not in admin.page.content()
    admin.keeps_picture("admin-failed")
    admin.page.get_by_text("Correct the address").click()
    admin.page.get_by_label("The address that works").fill("claims@kettles.example")
    admin.presses("Use it, and send")
    assert admin.sees("The new address is told from now on, and gets this mail within seconds.")
    assert [each.email for each in contacts.contacts_of(party)] == ["claims@kettles.example"]
    again = Delivery.objects.get(notice=mail.notice, contact__email="claims@kettles.example")
    assert (again.sent_at, again.failed_at, again.attempts) == (None, None, 0)

    def presses(act: str, about: str) -> None:
        admin.page.get_by_role("button", name=re.compile(f"^{act} .*{about}")).click()

    presses("Try again", "hooks.kettles.example")
    post.refresh_from_db()
    assert post.failed_at is None and post.send_after <= NOW
    presses("Let it be", "claim received")
    presses("Seen to", "orders-21-nov.csv")
    assert admin.headline == "Nothing failed."
    admin.keeps_picture("admin-nothing-failed")
    lost.refresh_from_db()
    assert lost.failed_at == early and lost.let_be_at is not None
    acts = list(AdminAct.objects.order_by("-id").values_list("act", "came_of_it")[:4])
    assert acts == [
        ("see_to_import", "let_be"), ("let_be", "let_be"), ("send_again", "queued"), ("correct_address", "corrected"),
    ]  # fmt: skip


@WIDTHS
def test_whoever_looks_after_everything_sees_whether_workers_turn_and_opens_a_marketplace(
    visit: Visit, shop: Shop, width: int
) -> None:
    from makewhole.store import job_faults, policies
    from makewhole.store.ids import new_id
    from makewhole.store.models import Marketplace, Worker

    Worker.objects.all().delete()
    admin = _admin(visit, shop, width, everywhere=True)
    admin.goes_to("/admin")
    assert admin.sees("No worker turns: deadlines do not run out, and no mail leaves.")
    for seconds in (12, 7_300):
        Worker.objects.create(
            id=new_id(), host="claims-1", process=seconds, started_at=NOW - timedelta(days=1),
            turned_at=NOW - timedelta(seconds=seconds),
        )  # fmt: skip
    job_faults.note("sweep", "outbox", "the mail server is away", at=NOW - timedelta(minutes=9))
    admin.page.reload()
    assert admin.sees("The worker last turned 12 seconds ago.")
    assert admin.sees("No mail leaves") and admin.sees("The worker on claims-1, 7300 does not turn any more.")
    admin.keeps_picture("admin-workers")
    admin.page.get_by_role("button", name=re.compile("^It is gone The worker on claims-1, 7300")).click()
    assert admin.sees("The worker is forgotten.") and not admin.sees("does not turn any more")
    job_faults.worked("sweep", ["outbox"])

    # In force since the programme began, as other tests of this database expect of it.
    policies.publish(policies.shipped("eu"), where="eu.toml", at=PROGRAMME_START, by="person:1")
    code = f"m{token_hex(4)}"
    admin.goes_to("/admin/marketplaces")
    admin.unfolds("Open a marketplace")
    for label, words in (("Code", code), ("Name", "Kettles of Austria"), ("Legal entity", "Kettles GmbH"),
                         ("Country", "at"), ("Policy", "mars")):  # fmt: skip
        admin.page.get_by_label(label, exact=True).fill(words)
    admin.page.get_by_label("Currency", exact=True).select_option("EUR")
    admin.page.get_by_label("Zone", exact=True).fill("Europe/Vienna")
    admin.presses("Open it")
    assert admin.sees("No policy mars is published.") and not Marketplace.objects.filter(code=code).exists()
    admin.page.get_by_label("Policy", exact=True).fill("eu")
    admin.presses("Open it")
    assert admin.headline == f"Kettles of Austria {code}"
    admin.keeps_picture("admin-marketplace")
    admin.page.get_by_label("Name", exact=True).fill("Kettles of Vienna")
    admin.presses("Save")
    row = Marketplace.objects.get(code=code)
    assert (row.name, row.country, row.currency, row.policy) == ("Kettles of Vienna", "AT", "EUR", "eu")


def test_an_administrator_looks_through_people_and_webhooks(visit: Visit, shop: Shop) -> None:
    from journeys.visitors import hired

    from makewhole.store import webhooks

    webhooks.add(f"seller:{shop.insured.pk}", "https://hooks.kettles.example/a", by="x", at=NOW, to_loopback=False)
    for role in ("adjuster", "reviewer", "finance"):
        hired(role, shop.code)
    admin = _admin(visit, shop, 390)
    admin.goes_to("/admin/people?role=reviewer")
    assert admin.sees("reviewer.") and not admin.sees("finance.")
    admin.goes_to("/admin/people?q=finance")
    assert admin.sees("finance.") and not admin.sees("reviewer.")
    admin.goes_to("/admin/people")
    admin.keeps_picture("admin-people")
    admin.goes_to("/admin/webhooks")
    assert admin.sees("Kettle Co") and admin.sees("answers")
    admin.keeps_picture("admin-webhooks")
    admin.goes_to("/admin/webhooks?which=failing")
    assert admin.headline == "Every webhook answers."
    admin.goes_to("/admin/marketplaces")
    admin.keeps_picture("admin-marketplaces")


@WIDTHS
def test_somebody_who_lost_the_phone_is_helped_and_told(
    visit: Visit, shop: Shop, width: int, mailoutbox: list[Any]
) -> None:
    from allauth.mfa.models import Authenticator
    from journeys.visitors import hired

    from makewhole.people.models import SignIn
    from makewhole.store.models import AdminAct

    robin = hired("adjuster", shop.code)
    at_work = visit(width)
    at_work.signs_in(robin.email)
    at_work.goes_to("/queue")
    assert at_work.headline
    for sort in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=robin, type=sort, data={})

    admin = _admin(visit, shop, width)
    here = f"/admin/people/{robin.pk}"
    admin.goes_to(here)
    assert admin.sees("Signed in with 1 browser") and admin.sees("Signed in") and admin.sees("127.0.0.1")
    admin.keeps_picture("admin-person-signed-in")
    admin.unfolds("Give a role")
    admin.page.get_by_role("combobox", name="Role").select_option("seller")
    admin.page.get_by_label("Seller", exact=False).last.fill("nobody")
    admin.presses("Give")
    assert admin.sees("We find none that is called so.")  # and the form is still unfolded
    admin.keeps_picture("admin-person-give")
    admin.goes_to(here)
    admin.page.get_by_role("link", name="Take away the second factor").click()
    assert admin.headline == f"Take away the second factor of {robin.name}?"
    admin.keeps_picture("admin-second-factor")
    admin.page.get_by_role("link", name="Leave it").click()
    assert Authenticator.objects.filter(user=robin).count() == 2 and not mailoutbox
    admin.page.get_by_role("link", name="Take away the second factor").click()
    admin.presses("Take it away")
    assert admin.sees("has no second factor any more") and admin.sees("Not signed in anywhere")
    assert not Authenticator.objects.filter(user=robin).exists()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([robin.email], "An administrator removed your passkeys and codes")
    ]
    at_work.goes_to("/queue")
    assert "/sign-in" in at_work.page.url
    at_work.signs_in(robin.email)

    admin.goes_to(here)
    admin.presses("End all sessions")
    assert admin.sees("1 session has ended.")
    at_work.goes_to("/queue")
    assert "/sign-in" in at_work.page.url
    told = AdminAct.objects.filter(about=f"person:{robin.pk}, {robin.email}").order_by("id")
    assert list(told.values_list("act", "came_of_it")) == [
        ("take_second_factor", "factors_taken"), ("end_sessions", "sessions_ended"),
    ]  # fmt: skip

    SignIn.objects.create(account=robin, what="failed", how="password", address="203.0.113.9")
    admin.page.get_by_role("link", name="Sign-ins").click()
    assert admin.headline == "Who signed in, and who tried to"
    admin.page.get_by_label("What").select_option("failed")
    admin.page.get_by_label("Account, by its e-mail").fill(robin.email)
    admin.presses("Show")
    assert admin.page.locator(".sign-ins tbody tr").count() == 1 and admin.sees("203.0.113.9")
    admin.page.get_by_label("Account, by its e-mail").fill("nobody@example.com")
    admin.presses("Show")
    assert admin.sees("We do not find this account.")
    admin.goes_to("/admin/sign-ins")
    admin.keeps_picture("admin-sign-ins")
