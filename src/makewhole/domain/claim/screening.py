"""Screening: every check, what it found, and whether it passes, refers to a person, or has no data.

A check never denies. Each is a small function from (claim, facts, rules) to (outcome, finding); CHECKS is the
list. What "too much" means stands in the policy, and so does the weight a finding has in the worklist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from makewhole.domain.calendar import days_between
from makewhole.domain.claim.draft import Case, Draft
from makewhole.domain.claim.events import Check, CheckOutcome, ClaimScreened, EvidenceItem
from makewhole.domain.claim.state import Claim, Exposure
from makewhole.domain.money import Money
from makewhole.domain.policy.rules import Rules

Finding = tuple[CheckOutcome, str]
PAPERS = frozenset({"receipt", "repair_estimate", "medical_bill", "wage_statement"})
GRAVE = frozenset({"death", "grave_injury", "fire"})


def screen(draft: Draft) -> None:
    """Runs every check and records them all, passed ones too."""
    checks = tuple(_run(name, check, draft.claim, draft.case) for name, check in CHECKS.items())
    score = sum(check.weight for check in checks if check.outcome != "pass")
    draft.add(ClaimScreened(checks, score, draft.case.rules.version), by="machine:screening")


def _run(name: str, check: Callable[[Claim, Case], Finding], claim: Claim, case: Case) -> Check:
    outcome, found = check(claim, case)
    return Check(name, outcome, found, case.rules.whole(f"weight_{name}"))


def duplicate_order_line(claim: Claim, case: Case) -> Finding:
    """Another claim on the same order line, other than one of the same incident by another person."""
    same = [
        earlier
        for earlier in case.facts.same_line
        if earlier.claim_id != claim.claim_id
        and earlier.outcome != "withdrawn"
        and (earlier.incident_id != claim.filed.incident_id or earlier.claimant_id == claim.filed.claimant_id)
    ]
    return _none(same, "other claims on this order line", ", ".join(earlier.reference for earlier in same))


def same_day_elsewhere(claim: Claim, case: Case) -> Finding:
    """The same person claims a loss of the same days on another order line: perhaps one incident, split."""
    near = case.rules.whole("same_incident_days")
    same = [
        other.reference
        for other in case.facts.claimant_claims
        if other.order_line_id != claim.filed.order_line_id
        and other.outcome != "withdrawn"
        and abs(days_between(other.loss_date, claim.filed.loss_date)) <= near
    ]
    return _none(same, "claims about the same days", ", ".join(same))


def reused_photo(claim: Claim, case: Case) -> Finding:
    """A file, or a photo that looks the same, was sent with another claim."""
    if not claim.current_evidence and _needing_papers(claim, case.rules):
        return "no_data", "no file was sent"
    near = case.rules.whole("photo_distance_same")
    references = sorted({reference for _, reference, bits in case.facts.reused_evidence if bits <= near})
    return _none(references, "other claims with the same file", ", ".join(references))


def repeat_claimant(claim: Claim, case: Case) -> Finding:
    allowed, window = case.rules.whole("repeat_claims_allowed"), case.rules.days("repeat_claims_window_days")
    since = case.at - timedelta(days=window)
    earlier = sum(1 for other in case.facts.claimant_claims if other.noticed_at > since)
    outcome: CheckOutcome = "pass" if earlier <= allowed else "refer"
    return outcome, f"{earlier} earlier claims in {window} days, {allowed} are usual"


def amount_against_price(claim: Claim, case: Case) -> Finding:
    price_minor = claim.filed.price_minor * claim.filed.quantity
    if price_minor == 0:
        return "no_data", "the order line has no price"
    multiple = case.rules.whole("price_multiple_refer")
    outcome: CheckOutcome = "pass" if claim.claimed_minor <= multiple * price_minor else "refer"
    claimed, price = Money(claim.claimed_minor, claim.currency), Money(price_minor, claim.currency)
    return outcome, f"claimed {claimed} against a price of {price}; {multiple} times is usual at most"


def amount_against_receipts(claim: Claim, case: Case) -> Finding:
    """What is claimed against what the papers show, over all heads that need a paper."""
    needing = _needing_papers(claim, case.rules)
    if not needing:
        return "pass", "no part needs a paper"
    if not any(papers_of(claim, exposure, case.rules) for exposure in needing):
        return "no_data", "no paper with an amount"
    shown = {exposure.no: shown_minor(claim, exposure, case.rules) for exposure in needing}
    short = [str(exposure.no) for exposure in needing if exposure.claimed_minor > shown[exposure.no]]
    return _none(short, "parts claimed above their papers", ", ".join(short))


def incident_before_delivery(claim: Claim, case: Case) -> Finding:
    line = case.facts.order_line
    if line is None or line.delivered_at is None:
        return "no_data", "the delivery date is not known"
    delivered_on = case.calendar.day_of(line.delivered_at)
    # A day's grace: the carrier's scan and the claimant's day may lie on two sides of midnight.
    early = (delivered_on - claim.filed.loss_date).days
    return ("pass" if early <= 1 else "refer"), f"delivered {delivered_on}, incident {claim.filed.loss_date}"


def linked_accounts(claim: Claim, case: Case) -> Finding:
    """Mail, phone or address shared with other people's claims."""
    if case.facts.link_kinds == 0:
        return "no_data", "no contact to compare"
    allowed = case.rules.whole("linked_claimants_allowed")
    outcome: CheckOutcome = "pass" if case.facts.linked_claimants <= allowed else "refer"
    others, kinds = case.facts.linked_claimants, case.facts.link_kinds
    return outcome, f"{others} other claimants share a contact ({kinds} kinds compared)"


def linked_payee(claim: Claim, case: Case) -> Finding:
    if claim.payee.method != "bank_transfer":
        return "pass", "paid back the way the order was paid"
    outcome: CheckOutcome = "pass" if case.facts.payee_of_others == 0 else "refer"
    return outcome, f"{case.facts.payee_of_others} other claimants named this account"


def different_bank_details(claim: Claim, case: Case) -> Finding:
    """The claimant has another claim to be paid, to a different account (DFE-Digital/claim-additional-payments#819)."""
    if case.facts.other_payee_open:
        return "refer", "another open claim of this claimant names a different account"
    return "pass", "no open claim with a different account"


def payee_velocity(claim: Claim, case: Case) -> Finding:
    """Caps per account: claims within a window, and money within a day of the marketplace."""
    if claim.payee.method != "bank_transfer":
        return "pass", "paid back the way the order was paid"
    since = case.at - timedelta(days=case.rules.days("payee_claims_window_days"))
    named = sum(1 for at in case.facts.payee_named_at if at > since)
    today = case.calendar.day_of(case.at)
    ordered_minor = sum(minor for at, minor in case.facts.payee_orders if case.calendar.day_of(at) == today)
    many = named > case.rules.whole("payee_claims_allowed")
    # A sum over the limit by itself is the route's business; here it is about sums that add up.
    much = ordered_minor > 0 and ordered_minor + claim.claimed_minor > case.rules.amount("daily_payee_total")
    ordered = Money(ordered_minor, claim.currency)
    return ("refer" if many or much else "pass"), f"{named} claims, {ordered} ordered today to this account"


def grave_harm(claim: Claim, case: Case) -> Finding:
    """A death, a grave injury or a fire is looked at by a person, whatever the amount."""
    grave = sorted(GRAVE.intersection(claim.filed.hazards))
    return _none(grave, "grave harm", ", ".join(grave))


CHECKS: dict[str, Callable[[Claim, Case], Finding]] = {
    "duplicate_order_line": duplicate_order_line,
    "same_day_elsewhere": same_day_elsewhere,
    "reused_photo": reused_photo,
    "repeat_claimant": repeat_claimant,
    "amount_against_price": amount_against_price,
    "amount_against_receipts": amount_against_receipts,
    "incident_before_delivery": incident_before_delivery,
    "linked_accounts": linked_accounts,
    "linked_payee": linked_payee,
    "different_bank_details": different_bank_details,
    "payee_velocity": payee_velocity,
    "grave_harm": grave_harm,
}


def _none(found: object, what: str, told: str) -> Finding:
    return ("refer", f"{what}: {told}") if found else ("pass", f"no {what}")


def papers_of(claim: Claim, exposure: Exposure, rules: Rules) -> list[EvidenceItem]:
    """The papers that show an amount for this exposure. One sent for the whole claim counts only where a single
    exposure needs papers: its amount cannot be counted twice."""
    numbers = {exposure.no, 0} if _needing_papers(claim, rules) == [exposure] else {exposure.no}
    return [item for item in claim.current_evidence if item.kind in PAPERS and item.exposure_no in numbers]


def shown_minor(claim: Claim, exposure: Exposure, rules: Rules) -> int:
    return sum(item.documented_minor for item in papers_of(claim, exposure, rules))


def _needing_papers(claim: Claim, rules: Rules) -> list[Exposure]:
    """The exposures for which the policy asks for proof: not the price, and not what is not payable at all."""
    return [
        exposure
        for exposure in claim.exposures
        if rules.decide("proof_required", head=exposure.head, claimed=exposure.claimed_minor).outcome != "none"
    ]
