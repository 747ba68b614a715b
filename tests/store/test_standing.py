"""The standing of sellers against PostgreSQL: where its facts come from, disputes, restrictions, and their mails."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from world import NOW, Shop

from makewhole import standing as door
from makewhole.asks import idempotency
from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import tender_events as ev
from makewhole.domain.claim.commands import RunOutClock
from makewhole.domain.claim.events import Clause, Reason, Recorded
from makewhole.domain.claim.state import Claim
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, handle
from makewhole.store.codec import encode
from makewhole.store.ids import new_id
from makewhole.store.models import (
    Clock,
    Contest,
    Coverage,
    Event,
    Outbox,
    Restriction,
    Seller,
    SellerReport,
    StandingDispute,
    Tender,
)
from makewhole.store.standing import StandingKnown, restriction_state, standing_known

OWNER = Actor("person:31", "programme_owner")
REVIEWER = Actor("person:32", "reviewer")
DAY = timedelta(days=1)
TODAY = date(2026, 11, 21)  # NOW in New York


def of(seller: Seller, at: datetime = NOW) -> StandingKnown:
    return standing_known(Seller.objects.get(id=seller.pk), at)


def kinds(known: StandingKnown) -> list[str]:
    return sorted(fact.kind for fact in known.facts if not fact.kind.startswith("insurance"))


def as_seller(seller: Seller) -> Actor:
    return Actor(f"seller:{seller.pk}", "seller", seller_id=seller.pk, marketplaces=frozenset({seller.marketplace_id}))


def tendered(shop: Shop, answer: str, *, over_at: datetime = NOW - 5 * DAY, to: str = "seller") -> Claim:
    """A claim whose tender to the seller ended with this answer at that instant (empty: it still runs)."""
    claim = shop.file().claim
    Tender.objects.create(
        claim_id=claim.claim_id, no=1, tendered_to=to, seller=shop.insured, currency="USD", amount_minor=185_000,
        tendered_at=over_at - 7 * DAY, answer=answer,
        answered_at=over_at if answer not in ("", "silent") else None, ended_at=over_at if answer else None,
    )  # fmt: skip
    return claim


def logged(claim: Claim, event: Any, at: datetime, by: str = "machine:clock") -> None:
    """One more event of the claim's log, chained as the log chains it."""
    last = Event.objects.filter(claim_id=claim.claim_id).latest("version")
    body = encode(claim.claim_id, last.version + 1, Recorded(event, at, by))
    digest = hashlib.sha256(bytes(last.digest) + body).digest()
    Event.objects.create(
        claim_id=claim.claim_id, version=last.version + 1, kind=type(event).__name__, at=at, body=body.decode(),
        prior=last.digest, digest=digest,
    )  # fmt: skip


def stepped_in(
    claim: Claim, why: ev.StepInWhy = "rejected", *, at: datetime = NOW - 3 * DAY, by: str = "person:7"
) -> None:
    logged(claim, ev.SteppedIn(why, 185_000, Clause("step_in", "us 2021-1 · step_in.x", "so"), (), "us 2021-1"), at, by)


def contested(claim: Claim, outcome: str = "") -> None:
    Contest.objects.create(
        claim_id=claim.claim_id, kind="contest", no=1, marketplace_id=claim.filed.marketplace, clause="c",
        first_decider="person:7", filed_at=NOW - 2 * DAY, outcome=outcome,
        decided_at=NOW - DAY if outcome else None, decider="person:8" if outcome else "",
    )  # fmt: skip


def violations(shop: Shop, number: int, *, seller: Seller | None = None, on: date = TODAY - 2 * DAY) -> list[str]:
    seller = seller or shop.insured
    made = [
        door.report_violation(seller.pk, ref=f"v{n}", code="late shipping", on=on, by=shop.backend, at=NOW)
        for n in range(number)
    ]
    return [f"policy_violation:{each.id}" for each in made]


def restricted(
    shop: Shop, *, at: datetime = NOW, kind: Any = "listings", by: Actor = OWNER, **more: Any
) -> Restriction:
    told = {"takes_effect_at": at + 3 * DAY, "words": "Three violations within half a year."} | more
    acted = door.restrict(shop.insured.pk, kind, by=by, at=at, **told)
    return Restriction.objects.get(id=acted.id)


def mails_about(seller: Seller) -> list[str]:
    return list(
        Outbox.objects.filter(claim_id=None, facts__seller=seller.pk).order_by("id").values_list("template", flat=True)
    )


# Where facts come from ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("accepted", "tender_answered"), ("handles", "tender_answered"), ("offered", "tender_answered"),
        ("rejected", "tender_answered"), ("passed_on", "tender_answered"), ("silent", "tender_unanswered"),
    ],
)  # fmt: skip
def test_a_tender_is_a_fact_once_it_was_answered_or_its_time_is_over(shop: Shop, answer: str, kind: str):
    claim = tendered(shop, answer)
    (fact,) = [fact for fact in of(shop.insured).facts if fact.source == "claim"]
    assert (fact.kind, fact.claim) == (kind, claim.filed.reference)
    assert fact.key == f"{kind}:{claim.filed.reference}:1"
    assert (fact.on, fact.at) == (date(2026, 11, 16), NOW - 5 * DAY)


def test_a_tender_that_runs_or_went_to_the_producer_is_no_fact_of_the_seller(shop: Shop):
    tendered(shop, "")
    tendered(shop, "silent", to="producer")
    assert kinds(of(shop.insured)) == []


def test_a_fact_lies_on_its_day_in_the_marketplaces_zone_and_leaves_the_window_with_that_day(shop: Shop):
    """One minute before and after midnight in New York (05:00 UTC), a year ago: two days, two windows."""
    midnight = datetime(2025, 11, 21, 5, 0, tzinfo=UTC)
    before = tendered(shop, "silent", over_at=midnight - timedelta(minutes=1))
    after = tendered(shop, "silent", over_at=midnight + timedelta(minutes=1))
    counted = of(shop.insured).standing.counted
    assert f"tender_unanswered:{after.filed.reference}:1" in counted
    assert f"tender_unanswered:{before.filed.reference}:1" not in counted
    # At 23:59 in New York it is still that day; a minute later it is not.
    late, later = datetime(2026, 11, 22, 4, 59, tzinfo=UTC), datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
    assert len(of(shop.insured, late).standing.counted & counted) == len(counted)
    assert f"tender_unanswered:{after.filed.reference}:1" not in of(shop.insured, later).standing.counted


def test_a_rejection_is_unfounded_once_the_platform_stepped_in_and_no_contest_overturned_it(shop: Shop):
    only_rejected, unfounded, won, partly, lost, other = (tendered(shop, "rejected") for _ in range(6))
    for claim in (unfounded, won, partly, lost):
        stepped_in(claim)
    stepped_in(other, "not_paid")
    contested(won, "upheld")
    contested(partly, "partly")
    contested(lost, "dismissed")
    found = {fact.claim: fact for fact in of(shop.insured).facts if fact.kind == "rejection_unfounded"}
    assert found.keys() == {unfounded.filed.reference, lost.filed.reference}
    assert found[lost.filed.reference].on == date(2026, 11, 18)
    assert only_rejected.filed.reference not in found


def test_while_a_contest_of_the_claim_runs_its_rejection_does_not_count(shop: Shop):
    claim = tendered(shop, "rejected")
    stepped_in(claim)
    contested(claim)
    known = of(shop.insured)
    (fact,) = [fact for fact in known.facts if fact.kind == "rejection_unfounded"]
    assert fact.state == "disputed" and not known.counts(fact) and not fact.can_be_disputed


def test_a_finding_of_no_defect_shows_that_the_rejection_was_right(shop: Shop):
    claim = tendered(shop, "rejected")
    stepped_in(claim)
    logged(claim, ev.NoDefectFound(Reason("no_defect", "c", (), None), "us 2021-1"), NOW - DAY)
    assert "rejection_unfounded" not in kinds(of(shop.insured))


def proof_clock(shop: Shop, state: str, *, due_at: datetime = NOW - 4 * DAY) -> Claim:
    claim = shop.file().claim
    Clock.objects.create(
        claim_id=claim.claim_id, name="seller_proof_of_insurance", turn=1, started_at=due_at - 7 * DAY, due_at=due_at,
        state=state, ended_at=due_at if state != "running" else None, rule="r",
    )  # fmt: skip
    return claim


def sent(claim: Claim, *, in_time: bool, at: datetime, covers: bool | None = True) -> None:
    """The seller sent proof; a person found that it covers, or not, or has not looked (None)."""
    logged(claim, ev.ProofOfInsuranceSent((), None, in_time), at, "seller:1")
    if covers is not None:
        logged(claim, ev.ProofOfInsuranceChecked(1 if covers else None, None), at + timedelta(hours=1), "person:7")


def test_proof_of_insurance_is_in_time_late_or_missing(shop: Shop):
    in_time, late, never, wrong, unread, running, withdrawn = (
        proof_clock(shop, state)
        for state in ("stopped", "ran_out", "ran_out", "stopped", "ran_out", "running", "stopped")
    )
    sent(in_time, in_time=True, at=NOW - 6 * DAY)
    sent(late, in_time=False, at=NOW - 2 * DAY)
    sent(wrong, in_time=True, at=NOW - 6 * DAY, covers=False)
    sent(unread, in_time=False, at=NOW - 2 * DAY, covers=None)
    found = {fact.claim: (fact.kind, fact.on) for fact in of(shop.insured).facts if fact.kind.startswith("proof")}
    assert found == {
        in_time.filed.reference: ("proof_in_time", date(2026, 11, 15)),
        late.filed.reference: ("proof_late", date(2026, 11, 19)),
        never.filed.reference: ("proof_missing", date(2026, 11, 17)),
        wrong.filed.reference: ("proof_missing", date(2026, 11, 15)),
        unread.filed.reference: ("proof_missing", date(2026, 11, 17)),
    }
    assert running.filed.reference not in found and withdrawn.filed.reference not in found


def test_insurance_counts_where_it_was_asked_for(shop: Shop):
    assert of(shop.insured).standing.level == "good" and of(shop.uninsured).facts == ()
    Seller.objects.filter(id=shop.uninsured.pk).update(insurance_requested_at=NOW - 30 * DAY)
    assert [fact.kind for fact in of(shop.uninsured).facts] == ["insurance_asked"]
    later = of(shop.uninsured, NOW + DAY)
    assert later.standing.level == "may_be_restricted" and later.facts[0].on == date(2026, 11, 22)
    Coverage.objects.create(
        seller=shop.uninsured, insurer="Harbour", policy_number="H-2", starts_on=TODAY, ends_on=date(2027, 11, 21)
    )
    assert of(shop.uninsured, NOW + DAY).standing.level == "good"


def test_a_closed_account_and_an_insolvent_holder_are_dated(shop: Shop):
    Seller.objects.filter(id=shop.insured.pk).update(closed_at=NOW - DAY, insolvent_since=TODAY - 9 * DAY)
    known = of(shop.insured)
    assert kinds(known) == ["account_closed", "insolvent"] and known.standing.level == "not_assessed"
    assert of(shop.insured, NOW - 10 * DAY).standing.level == "good"


def test_the_import_dates_each_change_of_good_standing(shop: Shop):
    from makewhole.imports import sellers

    def imported(**row: str) -> None:
        sellers.load_rows(shop.code, [{"seller_ref": "kettle-co", "name": "Kettle Co", **row}])

    def reported() -> list[str]:
        return list(SellerReport.objects.filter(seller=shop.insured).order_by("id").values_list("kind", flat=True))

    imported(good_standing="yes")
    imported(name="Kettle Company")
    assert reported() == []
    imported(good_standing="no")
    imported(good_standing="no")
    imported(name="Kettle Co")
    assert reported() == ["good_standing_lost"]
    now = datetime.now(UTC)
    assert of(shop.insured, now).standing.level == "at_risk"
    imported(good_standing="yes")
    assert reported() == ["good_standing_lost", "good_standing_regained"]
    assert of(shop.insured, datetime.now(UTC)).standing.level == "good"
    sellers.load_rows(shop.code, [{"seller_ref": "new-1", "good_standing": "no"}, {"seller_ref": "new-2"}])
    new = SellerReport.objects.filter(seller__seller_ref__startswith="new-", seller__marketplace_id=shop.code)
    assert [(each.seller.seller_ref, each.kind) for each in new] == [("new-1", "good_standing_lost")]


def test_a_flag_from_before_changes_were_dated_is_a_fact_of_the_day_of_its_record(shop: Shop):
    Seller.objects.filter(id=shop.uninsured.pk).update(good_standing=False, imported_at=NOW - DAY)
    (fact,) = of(shop.uninsured).facts
    assert (fact.kind, fact.on, fact.source) == ("good_standing_lost", date(2026, 11, 20), "marketplace")


# Reports -----------------------------------------------------------------------------------------------


def test_a_violation_is_told_once_however_often_it_is_sent_and_the_seller_hears_of_it(shop: Shop):
    tell: Callable[..., door.Acted] = lambda **more: door.report_violation(  # noqa: E731 - one report, told again
        shop.insured.pk,
        **{"ref": "v1", "code": "late shipping", "on": TODAY, "by": shop.backend, "at": NOW} | more,
    )
    first, again = tell(), tell(at=NOW + DAY)
    assert again == door.Acted(first.id, repeated=True)
    assert mails_about(shop.insured) == ["standing_violation_reported"]
    (fact,) = [fact for fact in of(shop.insured).facts if fact.kind == "policy_violation"]
    assert (fact.on, fact.code, fact.source) == (TODAY, "late shipping", "marketplace")
    for other in ({"code": "counterfeit"}, {"on": TODAY - DAY}):
        with pytest.raises(Refused, match="report_ref_used_for_other_content"):
            tell(**other)
    with pytest.raises(Refused, match="violation_in_future"):
        tell(ref="v2", on=TODAY + DAY)
    for unusable in ({"code": ""}, {"code": "x" * 61}, {"code": "<b>"}, {"ref": ""}, {"ref": "r" * 101}):
        with pytest.raises(Refused, match="report_not_usable"):
            tell(**{"ref": "v3", **unusable})


def test_only_the_marketplace_and_an_administrator_report(shop: Shop):
    for by in (as_seller(shop.insured), OWNER, REVIEWER, shop.staff("adjuster", 7)):
        with pytest.raises(Refused, match="role_may_not"):
            door.report_violation(shop.insured.pk, ref="v", code="x", on=TODAY, by=by, at=NOW)
    elsewhere = replace(shop.backend, marketplaces=frozenset({"elsewhere"}))
    with pytest.raises(Refused, match="unknown_seller"):
        door.report_violation(shop.insured.pk, ref="v", code="x", on=TODAY, by=elsewhere, at=NOW)


# Disputes ----------------------------------------------------------------------------------------------


def disputed(shop: Shop, about: str, **more: Any) -> UUID:
    told = {"by": as_seller(shop.insured), "at": NOW} | more
    return UUID(door.dispute(shop.insured.pk, about, "The parcel was in time; see the scan.", **told).id)


def decided(shop: Shop, dispute_id: UUID, *, strike: bool, by: Actor = REVIEWER, at: datetime = NOW) -> None:
    door.resolve(shop.insured.pk, dispute_id, strike=strike, words="The scan shows it.", by=by, at=at)


def test_a_disputed_fact_waits_a_struck_one_is_gone_and_one_that_stands_counts(shop: Shop):
    facts = violations(shop, 3)
    assert of(shop.insured).standing.level == "may_be_restricted"
    first = disputed(shop, facts[0])
    assert of(shop.insured).fact(facts[0]).state == "disputed"  # type: ignore[union-attr]
    assert of(shop.insured).standing.level == "at_risk"
    decided(shop, first, strike=False)
    assert of(shop.insured).standing.level == "may_be_restricted"
    second = disputed(shop, facts[0])  # heard before: it counts through this one
    assert of(shop.insured).standing.level == "may_be_restricted"
    decided(shop, second, strike=True)
    assert of(shop.insured).standing.level == "at_risk"
    with pytest.raises(Refused, match="struck_already"):
        disputed(shop, facts[0])
    assert mails_about(shop.insured)[3:] == [
        "standing_dispute_received", "standing_dispute_filed", "standing_dispute_decided",
    ] * 2  # fmt: skip


def test_one_dispute_at_a_time_and_only_about_what_speaks_against_the_seller(shop: Shop):
    (fact,) = violations(shop, 1)
    answered = tendered(shop, "accepted")
    disputed(shop, fact)
    for about, code in (
        (fact, "disputed_already"),
        (f"tender_answered:{answered.filed.reference}:1", "fact_not_disputable"),
        ("policy_violation:0", "unknown_fact"),
        (f"restriction:{new_id()}", "unknown_restriction"),
    ):
        with pytest.raises(Refused, match=code):
            disputed(shop, about)
    with pytest.raises(IntegrityError, match="standing_dispute_open_once"):
        StandingDispute.objects.create(
            id=new_id(), seller=shop.insured, about=fact, words="x", evidence=[], filed_by="seller:1", filed_at=NOW
        )


def test_another_seller_cannot_dispute_nor_can_anybody_else(shop: Shop):
    (fact,) = violations(shop, 1)
    with pytest.raises(Refused, match="unknown_seller"):
        disputed(shop, fact, by=as_seller(shop.uninsured))
    for by in (OWNER, REVIEWER, shop.backend):
        with pytest.raises(Refused, match="role_may_not"):
            disputed(shop, fact, by=by)
    with pytest.raises(Refused, match="unknown_fact"):  # about itself, a fact of the other seller
        door.dispute(shop.uninsured.pk, fact, "Not mine.", by=as_seller(shop.uninsured), at=NOW)
    assert not StandingDispute.objects.filter(seller__marketplace_id=shop.code).exists()


def test_a_file_of_a_dispute_is_the_sellers_own_and_used_once(shop: Shop):
    first, second = violations(shop, 2)
    me = as_seller(shop.insured)
    own, strange = shop.send("photo", by=me).evidence_id, shop.send("photo").evidence_id
    for files, code in (((strange,), "unknown_evidence"), ((own, own), "evidence_named_twice")):
        with pytest.raises(Refused, match=code):
            disputed(shop, first, evidence=files)
    disputed(shop, first, evidence=(own,))
    with pytest.raises(Refused, match="evidence_used_before"):
        disputed(shop, second, evidence=(own,))


def test_who_took_part_does_not_hear_the_dispute(shop: Shop):
    claim = tendered(shop, "rejected")
    stepped_in(claim, by=REVIEWER.name)
    about = f"rejection_unfounded:{claim.filed.reference}:1"
    waiting = disputed(shop, about)
    with pytest.raises(Refused, match="took_part_before"):
        decided(shop, waiting, strike=False)
    decided(shop, waiting, strike=True, by=Actor("person:99", "reviewer"))
    with pytest.raises(Refused, match="dispute_decided_already"):
        decided(shop, waiting, strike=False, by=Actor("person:99", "reviewer"))


def test_who_restricted_on_a_fact_does_not_hear_the_dispute_of_it(shop: Shop):
    facts = violations(shop, 3)
    restricted(shop)
    waiting = disputed(shop, facts[0])
    with pytest.raises(Refused, match="took_part_before"):
        decided(shop, waiting, strike=True, by=OWNER)
    decided(shop, waiting, strike=True)
    assert "standing_restriction_shaken" in mails_about(shop.insured)


@pytest.mark.parametrize("role", ["seller", "marketplace", "adjuster", "auditor", "finance"])
def test_only_a_reviewer_or_programme_owner_decides_a_dispute_of_a_fact(shop: Shop, role: str):
    (fact,) = violations(shop, 1)
    waiting = disputed(shop, fact)
    with pytest.raises(Refused, match="role_may_not"):
        decided(shop, waiting, strike=True, by=shop.staff(role, 77))
    with pytest.raises(Refused, match="only_a_person_may"):
        decided(shop, waiting, strike=True, by=Actor("machine:clock", "reviewer"))


# Restrictions ------------------------------------------------------------------------------------------


def test_a_restriction_is_written_with_its_statement_and_its_notice(shop: Shop):
    facts = violations(shop, 3)
    made = restricted(shop)
    assert (made.decided_at, made.takes_effect_at, made.decided_by) == (NOW, NOW + 3 * DAY, OWNER.name)
    assert sorted(made.facts) == sorted(facts) and made.clauses == ["us 2021-1 · standing.violations_restrict"]
    assert made.policy_version == "us 2021-1" and made.machine
    said = made.statement
    assert said["title"] == "Restriction of listings" and said["amounts"] == [] and said["by"] == "person"
    assert said["issuer"] == "Test Shop Inc." and said["seller"] == "kettle-co"
    assert said["scope"] == "the marketplace Test shop (US), and no other"
    notice = Outbox.objects.get(dedupe=f"restriction:{made.pk}")
    assert (notice.recipient, notice.created_at) == (f"seller:{shop.insured.pk}", NOW)
    states = [restriction_state(made, at) for at in (NOW, NOW + 3 * DAY - timedelta(seconds=1), NOW + 3 * DAY)]
    assert states == ["announced", "announced", "in_force"]


def test_no_restriction_without_reasons_or_before_its_notice(shop: Shop):
    violations(shop, 2)
    with pytest.raises(Refused, match="restriction_needs_reasons"):
        restricted(shop)
    door.report_violation(shop.insured.pk, ref="third", code="x", on=TODAY, by=shop.backend, at=NOW)
    for more, code in (
        ({"takes_effect_at": NOW - timedelta(microseconds=1)}, "effect_before_notice"),
        ({"words": "  "}, "words_needed"),
        ({"clauses": ("us 2021-1 · standing.uninsured",)}, "clause_allows_no_restriction"),
        ({"kind": "everything"}, "unknown_restriction_kind"),
        ({"takes_effect_at": NOW + 3651 * DAY}, "restriction_too_far_ahead"),
    ):
        with pytest.raises(Refused, match=code):
            restricted(shop, **more)
    assert not Restriction.objects.filter(seller=shop.insured).exists()
    assert restricted(shop, takes_effect_at=NOW).takes_effect_at == NOW  # told and in effect in the same instant


@pytest.mark.parametrize("role", ["seller", "marketplace", "adjuster", "reviewer", "finance", "auditor"])
def test_only_the_programme_owner_or_an_administrator_restricts_and_only_a_person(shop: Shop, role: str):
    violations(shop, 3)
    with pytest.raises(Refused, match="role_may_not"):
        restricted(shop, by=shop.staff(role, 5))
    with pytest.raises(Refused, match="only_a_person_may"):
        restricted(shop, by=Actor("operator:cli", "administrator"))
    elsewhere = Actor("person:5", "administrator", marketplaces=frozenset({"elsewhere"}))
    with pytest.raises(Refused, match="unknown_seller"):
        restricted(shop, by=elsewhere)
    made = restricted(shop, by=shop.staff("administrator", 5))
    with pytest.raises(Refused, match="role_may_not"):
        door.lift(shop.insured.pk, made.pk, "Enough.", by=shop.staff(role, 5), at=NOW)


def test_one_restriction_of_a_kind_at_a_time_until_it_ends_or_is_lifted(shop: Shop):
    violations(shop, 3)
    first = restricted(shop, ends_at=NOW + 10 * DAY)
    with pytest.raises(Refused, match="restricted_already"):
        restricted(shop)
    restricted(shop, kind="payouts")
    with pytest.raises(Refused, match="restricted_already"):
        restricted(shop, at=NOW + 10 * DAY - timedelta(seconds=1))
    again = restricted(shop, at=NOW + 10 * DAY)
    assert restriction_state(first, NOW + 10 * DAY) == "ended"
    door.lift(shop.insured.pk, again.pk, "Mended.", by=OWNER, at=NOW + 11 * DAY)
    assert restriction_state(Restriction.objects.get(id=again.pk), NOW + 11 * DAY) == "lifted"
    with pytest.raises(Refused, match="restriction_lifted_already"):
        door.lift(shop.insured.pk, again.pk, "Mended.", by=OWNER, at=NOW + 12 * DAY)
    assert mails_about(shop.insured)[-1] == "standing_restriction_lifted"


def test_a_restriction_can_be_disputed_and_is_lifted_where_another_person_strikes_it(shop: Shop):
    violations(shop, 3)
    made = restricted(shop)
    waiting = disputed(shop, f"restriction:{made.pk}")
    with pytest.raises(Refused, match="took_part_before"):
        decided(shop, waiting, strike=True, by=OWNER)
    with pytest.raises(Refused, match="role_may_not"):
        decided(shop, waiting, strike=True, by=REVIEWER)
    decided(shop, waiting, strike=True, by=shop.staff("administrator", 41))
    made.refresh_from_db()
    assert (made.lifted_at, made.lifted_by, made.lifted_because) == (NOW, "person:41", "The scan shows it.")
    assert restricted(shop).pk != made.pk


def test_the_same_key_restricts_once_and_other_content_under_it_is_an_error(shop: Shop):
    violations(shop, 3)
    key = idempotency(OWNER, f"{shop.code}-k", "listings")
    first = door.restrict(shop.insured.pk, "listings", takes_effect_at=NOW, words="x", by=OWNER, at=NOW, key=key)
    again = door.restrict(shop.insured.pk, "listings", takes_effect_at=NOW, words="x", by=OWNER, at=NOW, key=key)
    assert again == door.Acted(first.id, repeated=True)
    other = idempotency(OWNER, f"{shop.code}-k", "payouts")
    with pytest.raises(Refused, match="key_used_for_other_content"):
        door.restrict(shop.insured.pk, "payouts", takes_effect_at=NOW, words="x", by=OWNER, at=NOW, key=other)


def test_two_people_who_restrict_at_once_make_one_restriction(shop: Shop):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    violations(shop, 3)

    def attempt(number: int) -> str:
        try:
            return door.restrict(
                shop.insured.pk, "listings", takes_effect_at=NOW, words="x", by=shop.staff("administrator", number),
                at=NOW,
            ).id  # fmt: skip
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(attempt, range(4)))
    assert sorted(answers)[1:].count("restricted_already") + answers.count("restricted_already") >= 3
    assert Restriction.objects.filter(seller=shop.insured).count() == 1


# What the database refuses -----------------------------------------------------------------------------


def refused(statement: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as said, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(said.value)


def test_reports_disputes_and_restrictions_are_not_edited_nor_removed(shop: Shop):
    (fact, *_) = violations(shop, 3)
    made = restricted(shop)
    waiting = disputed(shop, fact)
    mine = "where seller_id = %s"
    assert "append-only" in refused(f"update store_sellerreport set code = 'x' {mine}", shop.insured.pk)
    assert "append-only" in refused(f"delete from store_sellerreport {mine}", shop.insured.pk)
    assert "append-only" in refused("truncate store_sellerreport")
    assert "stays what it is" in refused("update store_standingdispute set words = 'x' where id = %s", waiting)
    assert "append-only" in refused("delete from store_standingdispute where id = %s", waiting)
    for change in ("takes_effect_at = decided_at", "statement = '{\"a\": 1}'", "facts = '{x}'", "kind = 'payouts'"):
        assert "keeps its terms" in refused(f"update store_restriction set {change} where id = %s", made.pk)
    assert "append-only" in refused("delete from store_restriction where id = %s", made.pk)
    decided(shop, waiting, strike=True)
    change = "update store_standingdispute set outcome = 'stands' where id = %s"
    assert "decided once" in refused(change, waiting)
    door.lift(shop.insured.pk, made.pk, "Mended.", by=OWNER, at=NOW)
    again = "update store_restriction set lifted_because = 'x' where id = %s"
    assert "lifted once" in refused(again, made.pk)


COPY = (
    "insert into store_restriction (id, seller_id, kind, decided_at, takes_effect_at, clauses, policy_version, facts, "
    "decided_by, machine, statement, lifted_by, lifted_because) "
    "select gen_random_uuid(), seller_id, kind, decided_at, {effect}, {clauses}, policy_version, {facts}, "
    "{by}, machine, statement, '', '' from store_restriction where id = %s"
)
AS_IT_IS = {"effect": "takes_effect_at", "clauses": "clauses", "facts": "facts", "by": "decided_by"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"effect": "decided_at - interval '1 microsecond'"}, "restriction_takes_effect_at_or_after_its_notice"),
        ({"facts": "'{}'"}, "restriction_has_reasons_and_a_person"),
        ({"clauses": "'{}'"}, "restriction_has_reasons_and_a_person"),
        ({"by": "'machine:clock'"}, "restriction_has_reasons_and_a_person"),
        ({}, "has no notice to its seller"),
    ],
)
def test_the_database_takes_no_restriction_without_reasons_person_and_notice(
    shop: Shop, changed: dict[str, str], said: str
):
    violations(shop, 3)
    made = restricted(shop)
    assert said in refused(COPY.format(**AS_IT_IS | changed), made.pk)


@pytest.mark.parametrize(("late_by", "taken"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_the_database_wants_the_notice_at_or_before_the_effect(shop: Shop, late_by: timedelta, taken: bool):
    violations(shop, 3)
    made = restricted(shop)
    new, told_at = new_id(), made.takes_effect_at + late_by
    copy = COPY.format(**AS_IT_IS).replace("gen_random_uuid()", f"'{new}'")

    def written() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Outbox.objects.create(
                dedupe=f"restriction:{new}", recipient=f"seller:{shop.insured.pk}", template="standing_restricted",
                facts={"seller": shop.insured.pk, "restriction": str(new)}, created_at=told_at, send_after=told_at,
            )  # fmt: skip
            cursor.execute(copy, [made.pk])

    if not taken:
        with pytest.raises(DatabaseError, match="has no notice to its seller"):
            written()
        return
    written()
    assert Restriction.objects.filter(id=new).exists()


# Mails -------------------------------------------------------------------------------------------------


def test_each_mail_about_a_standing_can_be_written(shop: Shop):
    from makewhole.people.models import Account, RoleAssignment
    from makewhole.reads import statement_lines as lines
    from makewhole.reads.standing import statement_to_seller
    from makewhole.workers.mails.letters import letter

    for role in ("programme_owner", "reviewer"):
        account = Account.objects.create(email=f"{role}.{shop.code}@example.com", name=role)
        RoleAssignment.objects.create(account=account, role=role, marketplace=shop.code)
    facts = violations(shop, 4)
    made = restricted(shop, ends_at=NOW + 30 * DAY)
    decided(shop, disputed(shop, facts[0]), strike=True)
    decided(shop, disputed(shop, facts[1]), strike=False)
    waiting = disputed(shop, f"restriction:{made.pk}")
    decided(shop, waiting, strike=True, by=shop.staff("administrator", 41))
    notices = Outbox.objects.filter(claim_id=None, facts__seller=shop.insured.pk).order_by("id")
    written = {notice.template: letter(notice) for notice in notices}
    assert set(written) == {
        "standing_violation_reported", "standing_dispute_received", "standing_dispute_filed",
        "standing_dispute_decided", "standing_restricted", "standing_restriction_lifted", "standing_restriction_shaken",
    }  # fmt: skip
    for template, mail in written.items():
        assert "\n" not in mail.subject and len(mail.subject) < 120, template
        assert "{" not in mail.text and "  " not in mail.text and " ." not in mail.text, mail.text
        to_staff = template in ("standing_dispute_filed", "standing_restriction_shaken")
        assert ("/sellers/" in mail.text) == to_staff and ("k@example.com" in mail.to) != to_staff
        if template != "standing_restricted":  # the statement names each report by its key
            assert not re.search(r"violation:\d|restriction:[0-9a-f]", mail.text), mail.text
    assert written["standing_restricted"].subject == "Restriction of your listings: the statement of reasons"
    assert written["standing_restriction_lifted"].subject == "The restriction of your listings is lifted"
    assert "You disputed: The restriction of listings." in written["standing_dispute_decided"].text
    shaken = written["standing_restriction_shaken"].text
    assert "rests on: The marketplace reported a violation of its rules: " in shaken and ".." not in shaken
    text = written["standing_restricted"].text
    stated = statement_to_seller(made)
    assert lines.text(stated).strip() in text and "until Mon 21 Dec 2026, 12:00 (New York)" in text
    assert "person:" not in text and "Facts:" not in written["standing_restriction_lifted"].text
    for said in (
        "Tue 24 Nov 2026, 12:00 (New York)", "late shipping", "us 2021-1 · standing.violations_restrict",
        "a report of the marketplace", "A person decided", "Each fact can be disputed", "Three violations",
    ):  # fmt: skip
        assert said in text, said


# Through the doors -------------------------------------------------------------------------------------


def test_a_seller_that_lets_a_tender_run_out_has_it_in_its_standing(shop: Shop):
    """No row made by hand: the claim is filed, tendered, and the clock runs out."""
    claim = shop.file(shop.notice(shop.sell(price="900.00"), claimed="1850.00")).claim
    assert kinds(of(shop.insured)) == []
    over_at = run_out(claim, "seller_answers")
    (fact,) = [fact for fact in of(shop.insured, over_at).facts if fact.source == "claim"]
    assert (fact.kind, fact.claim, fact.at) == ("tender_unanswered", claim.filed.reference, over_at)


def test_a_seller_that_shows_no_proof_of_insurance_in_its_days_has_it_in_its_standing(shop: Shop):
    claim = shop.file(shop.notice(shop.sell(seller=shop.uninsured))).claim
    over_at = run_out(claim, "seller_proof_of_insurance")
    (fact,) = of(shop.uninsured, over_at).facts
    assert (fact.kind, fact.claim, fact.at) == ("proof_missing", claim.filed.reference, over_at)
    assert of(shop.uninsured, over_at - timedelta(seconds=1)).facts == ()


def run_out(claim: Claim, name: str) -> datetime:
    (clock,) = [each for each in claim.clocks if each.name == name]
    handle(Ask(RunOutClock(name, clock.turn), CLOCK, clock.due_at, claim.claim_id))
    return clock.due_at


def test_a_notice_of_no_claim_goes_out_with_the_others(shop: Shop, settings: Any, tmp_path: Any):
    from makewhole.workers.outbox import send_waiting

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    violations(shop, 3)
    restricted(shop)
    while send_waiting(NOW):
        pass
    mine = Outbox.objects.filter(claim_id=None, facts__seller=shop.insured.pk)
    assert mine.count() == 4 and set(mine.values_list("sent_at", "error")) == {(NOW, "")}
