"""The promises against raw SQL: what the database refuses, whoever writes (docs/invariants.md)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from world import AFTER_THE_TENDER, Shop

from makewhole import asks
from makewhole.asks import LineTold
from makewhole.domain.claim.state import Claim
from makewhole.domain.refusal import Refused
from makewhole.handle import handle


@pytest.fixture
def claim(shop: Shop) -> Claim:
    """A small claim, approved and ordered."""
    return shop.file().claim


def refused(statement: str, *values: object) -> str:
    """Runs it in a transaction of its own and gives what the database said against it."""
    with pytest.raises(DatabaseError) as said, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(said.value)


def allowed(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("table", ["event", "posting"])
def test_the_log_and_the_books_are_never_edited_nor_emptied(claim: Claim, table: str):
    key = "where claim_id = %s"
    assert "append-only" in refused(f"update store_{table} set version = 99 {key}", claim.claim_id)
    assert "append-only" in refused(f"delete from store_{table} {key}", claim.claim_id)
    assert "append-only" in refused(f"truncate store_{table}")


def test_an_event_follows_the_one_before_it(claim: Claim):
    insert = (
        "insert into store_event (claim_id, version, kind, at, body, prior, digest) "
        "select claim_id, version + {step}, kind, at, body, {prior}, digest from store_event "
        "where claim_id = %s order by version desc limit 1"
    )
    assert "does not follow" in refused(insert.format(step=1, prior="'\\x00'"), claim.claim_id)
    assert "does not follow" in refused(insert.format(step=2, prior="digest"), claim.claim_id)
    assert "duplicate key" in refused(insert.format(step=0, prior="digest"), claim.claim_id)
    with transaction.atomic():  # the other side of the boundary: one that follows is taken
        allowed(insert.format(step=1, prior="digest"), claim.claim_id)
        transaction.set_rollback(True)


def test_an_entry_that_does_not_balance_is_refused_when_the_transaction_ends(claim: Claim):
    leg = (
        "insert into store_posting (claim_id, version, leg, account, seller_id, currency, amount_minor, at) "
        "values (%s, 999, {leg}, 'bank', 1, '{currency}', {minor}, now())"
    )
    assert "does not balance" in refused(leg.format(leg=1, currency="USD", minor=5), claim.claim_id)
    two = leg.format(leg=1, currency="USD", minor=5) + ";" + leg.format(leg=2, currency="EUR", minor=-5)
    assert "does not balance" in refused(two, claim.claim_id, claim.claim_id)
    balanced = leg.format(leg=1, currency="USD", minor=5) + ";" + leg.format(leg=2, currency="USD", minor=-5)
    allowed(balanced, claim.claim_id, claim.claim_id)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("paid_minor = ordered_minor + 1", "exposure_paid_within_approved_within_claimed"),
        ("ordered_minor = approved_minor + 1", "exposure_paid_within_approved_within_claimed"),
        ("approved_minor = claimed_minor + 1", "exposure_paid_within_approved_within_claimed"),
        ("refused_minor = 1, approved_minor = 0, ordered_minor = 0", "refusal_has_a_person_and_a_reason"),
        (
            "refused_minor = 1, approved_minor = 0, ordered_minor = 0, refused_by = 'machine:x', reason_code = 'x'",
            "refusal_has_a_person_and_a_reason",
        ),
        (
            "refused_minor = 1, approved_minor = 0, ordered_minor = 0, refused_by = 'person:1', reason_code = ''",
            "refusal_has_a_person_and_a_reason",
        ),
        ("decided_under = ''", "decision_has_a_policy_version"),
        ("reserve_minor = -1", "exposure_reserve_not_negative"),
    ],
)
def test_an_exposure_keeps_its_bounds_and_a_refusal_its_person(claim: Claim, change: str, constraint: str):
    assert constraint in refused(f"update store_exposure set {change} where claim_id = %s", claim.claim_id)


def test_a_refusal_by_a_person_with_a_reason_is_taken(claim: Claim):
    allowed(
        "update store_exposure set refused_minor = 1, approved_minor = 0, ordered_minor = 0, refused_by = 'person:1', "
        "reason_code = 'not_supported' where claim_id = %s",
        claim.claim_id,
    )


@pytest.mark.parametrize(
    "change",
    ["approved_minor = cap_minor + 1", "ordered_minor = approved_minor + 1", "paid_minor = ordered_minor + 1"],
)
def test_an_incident_stays_within_its_cap(claim: Claim, change: str):
    said = refused(f"update store_incident set {change} where id = %s", claim.filed.incident_id)
    assert "incident_paid_within_approved_within_cap" in said


def test_a_payment_keeps_its_terms_and_is_ordered_once(claim: Claim):
    payment = claim.payments[0].order.payment_id
    assert "keeps its terms" in refused("update store_payment set amount_minor = 1 where id = %s", payment)
    assert "keeps its terms" in refused("update store_payment set payee_id = id where id = %s", payment)
    assert "append-only" in refused("delete from store_payment where id = %s", payment)
    again = (
        "insert into store_payment "
        "(id, claim_id, seq, method, payee_id, currency, amount_minor, state, ordered_at, bank_ref) "
        "select gen_random_uuid(), claim_id, seq, method, payee_id, currency, amount_minor, state, ordered_at, '' "
        "from store_payment where id = %s"
    )
    assert "payment_ordered_once" in refused(again, payment)


def test_a_settled_payment_is_not_settled_again(claim: Claim):
    payment = claim.payments[0].order.payment_id
    allowed("update store_payment set state = 'settled', ended_at = now() where id = %s", payment)
    assert "keeps its terms" in refused("update store_payment set state = 'returned' where id = %s", payment)


def test_a_clock_does_not_run_out_before_its_instant(claim: Claim):
    early = "update store_clock set state = 'ran_out', ended_at = due_at - interval '1 microsecond' where claim_id = %s"
    assert "clock_runs_out_at_or_after_its_instant" in refused(early, claim.claim_id)
    allowed(early.replace("- interval '1 microsecond'", ""), claim.claim_id)


def test_evidence_stays_what_it_is_and_where_it_is(claim: Claim, shop: Shop):
    other = shop.file().claim
    move = "update store_evidence set claim_id = %s where claim_id = %s"
    assert "stays what it is" in refused(move, other.claim_id, claim.claim_id)
    assert "stays what it is" in refused("update store_evidence set sha256 = '' where claim_id = %s", claim.claim_id)
    assert "append-only" in refused("delete from store_evidence where claim_id = %s", claim.claim_id)


def test_a_published_policy_version_is_immutable(claim: Claim):
    assert "append-only" in refused("update store_policyversion set text = '' where version = %s", claim.policy_version)


def test_an_erased_person_keeps_no_key(claim: Claim):
    said = refused("update store_subject set erased_at = now() where id = %s", claim.filed.claimant_id)
    assert "erased_subject_keeps_no_key" in said


def test_a_closed_claim_has_an_outcome(claim: Claim):
    said = refused("update store_claim set stage = 'closed', outcome = '' where id = %s", claim.claim_id)
    assert "closed_claim_has_an_outcome" in said


def test_the_rules_and_the_database_agree_on_the_last_cent(shop: Shop):
    """Both sides of the cap: the whole cap is approved in two hands, one cent more is refused by the rules."""
    claim = shop.file_unanswered(shop.notice(shop.sell(price="900000.00"), claimed="1000000.01")).claim
    command, words = asks.decision((LineTold(1, approve="1000000.01"),), "USD")
    act: Callable[..., object] = lambda c, w: handle(  # noqa: E731 - one act, twice
        asks.act(c, claim_id=claim.claim_id, by=shop.staff("programme_owner", 31), at=AFTER_THE_TENDER, words=w)
    )
    with pytest.raises(Refused, match="above_cap"):
        act(command, words)
    act(*asks.decision((LineTold(1, approve="1000000.00"),), "USD"))


# Promise 3 -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize(
    "statement, says",
    [
        ("update store_recovery set held_minor = paid_minor + 1", "recovered_and_withheld_within_paid"),
        ("update store_recovery set received_minor = paid_minor + 1", "recovered_and_withheld_within_paid"),
        ("update store_recovery set owed_by_seller_minor = paid_minor + 1", "owed_within_paid"),
        ("update store_withholding set released_minor = amount_minor + 1", "withholding_ends_once"),
        ("update store_withholding set released_minor = 0", "keeps its terms and ends once"),
        ("update store_withholding set amount_minor = amount_minor + 1", "keeps its terms and ends once"),
        ("delete from store_withholding", "append-only"),
        ("update store_disbursement set withheld_minor = net_minor + 1", "withheld_within_the_net_amount"),
        ("update store_disbursement set net_minor = net_minor + 1", "keeps its terms"),
        ("update store_coverage set eroded_minor = limit_minor + 1", "coverage_pays_within_its_limit"),
    ],
)
def test_the_database_refuses_more_recovered_than_paid_and_a_second_release(statement: str, says: str):
    from store.claims_given import market
    from store.tender_given import is_silent_and_insured, rejects_and_wins_the_contest

    from makewhole.store.models import Insurer

    market(insured=False)
    insurer = Insurer.objects.create(name="Harbour Mutual")
    rejects_and_wins_the_contest(insurer)
    is_silent_and_insured(insurer)
    assert says in refused(statement)
