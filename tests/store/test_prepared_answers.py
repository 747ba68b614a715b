"""What is prepared for who answers a seller: each proposal fits its form, and says the claim's own facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asked_back import demanded
from owing import do, seller_of, tendered

from makewhole import asks_recovery, asks_tender
from makewhole.domain.claim.tender_commands import REJECTION_REASONS
from makewhole.domain.recovery.commands import CONTEST_REASONS

if TYPE_CHECKING:
    from world import Shop

    from makewhole.domain.claim.state import Claim
    from makewhole.portals.frame.acts import ActForm

HOUR = timedelta(hours=1)


def form_of(kind: type[ActForm], claim: Claim, shop: Shop, role: str = "reviewer") -> ActForm:
    from makewhole.reads.views import claim_view

    by = shop.staff(role, 41)
    view = claim_view(claim.claim_id, by)
    assert kind.offered(view, by), kind.name
    return kind(view, by, claim.filed_at + 2 * HOUR)


def fits_its_form(form: ActForm) -> None:
    """Each proposal names fields of the form, chooses what may be chosen, and leaves no {name} of a fact open."""
    found = form.prepared()
    assert found and len({each.code for each in found}) == len(found)
    for each in found:
        for name, value in each.fields.items():
            field: Any = form.fields[name]
            assert "{" not in value and "}" not in value
            if hasattr(field, "choices"):
                assert value in dict(field.choices), (each.code, name, value)
            else:
                assert value[0].isupper() and value.endswith((".", "]")), value


def rejected(shop: Shop, *reasons: str) -> Claim:
    claim = tendered(shop)
    reject, why = asks_tender.reject_tender(reasons, "Not ours.", (), "USD")
    return do(reject, claim, seller_of(shop), claim.filed_at + HOUR, *why).claim


def test_each_reason_of_a_rejection_has_a_prepared_answer_and_no_other(shop: Shop) -> None:
    from makewhole.portals.adjuster.tender_acts import StepIn

    form = form_of(StepIn, rejected(shop, *REJECTION_REASONS), shop)
    fits_its_form(form)
    assert {each.code for each in form.prepared()} == set(REJECTION_REASONS)
    one = form_of(StepIn, rejected(shop, "misuse"), shop)
    assert [each.code for each in one.prepared()] == ["misuse"]


def test_an_amount_that_papers_show_is_answered_by_the_facts_until_the_seller_sends_a_paper(shop: Shop) -> None:
    from makewhole.portals.adjuster.tender_acts import StepIn

    form = form_of(StepIn, rejected(shop, "no_defect", "amount_too_high"), shop)
    first, second = form.prepared()
    assert (first.code, first.fits, second.code, second.fits) == ("amount_too_high", True, "no_defect", False)
    assert first.fields["words_amount_too_high"] == (
        "We go by the papers: $2,500.00 is claimed, and they show $2,500.00. You sent no photo and no paper. None of "
        "it shows a lower amount."
    )
    assert str(first.fields["clause_amount_too_high"]).endswith("· proof_required.property")
    paper = replace(form.view.evidence[0], sent_by="seller")
    form.view = replace(form.view, evidence=(*form.view.evidence, paper))
    assert not any(each.fits for each in form.prepared())
    form.view = replace(form.view, evidence=(*form.view.evidence[:-1], replace(paper, superseded=True)))
    assert form.prepared()[0].fits


def test_that_no_photo_was_used_before_is_said_only_where_that_was_looked_at_and_found(shop: Shop) -> None:
    from makewhole.portals.adjuster.tender_acts import StepIn

    form = form_of(StepIn, rejected(shop, "proof_not_genuine"), shop)
    (passed,) = form.prepared()
    assert passed.fits and "No photo was used in another claim." in passed.fields["words_proof_not_genuine"]
    without = tuple(replace(each, outcome="refer") for each in form.view.checks)
    form.view = replace(form.view, checks=without)
    (referred,) = form.prepared()
    assert not referred.fits and "No photo was used" not in referred.fields["words_proof_not_genuine"]


def test_a_form_begins_with_the_proposal_that_is_asked_for_and_with_no_other(shop: Shop) -> None:
    from makewhole.portals.adjuster.tender_acts import StepIn

    claim = rejected(shop, "misuse")
    form = form_of(StepIn, claim, shop)
    form.prepare("no_such_reason")
    assert form["words_misuse"].value() is None
    form = form_of(StepIn, claim, shop)
    form.prepare("misuse")
    assert str(form["words_misuse"].value()).startswith("You say that Kettle KX-2 was not used as it is meant to be.")
    assert form["approve_1"].value() == "2500.00"  # what the form begins with by itself stays


def test_each_reason_of_a_contest_has_words_to_dismiss_and_to_uphold_it(shop: Shop) -> None:
    from makewhole.portals.adjuster.tender_acts import DecideContest

    life = demanded(shop)
    contest, why = asks_recovery.contest_recovery(CONTEST_REASONS, "We were asleep.", (), "USD")
    life.does(contest, life.seller, words=tuple(why))
    form = form_of(DecideContest, life.claim, shop)
    fits_its_form(form)
    wanted = {f"{code}-{outcome}" for code in CONTEST_REASONS for outcome in ("dismissed", "upheld")}
    assert {each.code for each in form.prepared()} == wanted
    assert "We paid $850.00" in str(next(e for e in form.prepared() if e.code == "amount-dismissed").fields["words"])


def test_a_proof_of_insurance_is_refused_with_what_it_lacks(shop: Shop) -> None:
    from makewhole.portals.adjuster.tender_acts import CheckProof

    claim = shop.file(shop.notice(shop.sell(price="89.99", seller=shop.uninsured), claimed="850.00")).claim
    by = seller_of(shop)
    files = (shop.send("other", by=by),)
    proof, said = asks_tender.send_proof_of_insurance(files, "USD", "Here it is.")
    claim = do(proof, claim, by, claim.filed_at + HOUR, *said).claim
    form = form_of(CheckProof, claim, shop, "adjuster")
    fits_its_form(form)
    assert all(each.fields["proves"] == "no" for each in form.prepared())


@pytest.mark.parametrize("may_close", [True, False])
def test_a_settlement_is_not_found_while_the_claimant_may_still_say_so(shop: Shop, may_close: bool) -> None:
    from makewhole.portals.adjuster.prepared_answers import on_settlement
    from makewhole.reads.views import claim_view

    view = claim_view(tendered(shop).claim_id, shop.staff("adjuster", 41))
    assert [each.code for each in on_settlement(view, may_close=may_close)] == (["yes", "no"] if may_close else ["no"])


def test_no_defect_is_found_with_words_for_each_thing_that_the_evidence_may_show(shop: Shop) -> None:
    from makewhole.portals.adjuster.tender_acts import FindNoDefect

    form = form_of(FindNoDefect, demanded(shop).claim, shop)
    fits_its_form(form)
    assert {each.code for each in form.prepared()} == {"no_defect", "misuse", "not_our_product"}
