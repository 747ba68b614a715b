"""Assessment: what the papers support of each exposure, which proof is missing, and which track follows.

An assessment reduces nothing: what is not supported stays open until a person has looked at it.
"""

from __future__ import annotations

from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import AssessedLine, ClaimAssessed, Clause, EvidenceItem, MissingProof
from makewhole.domain.claim.screening import papers_of
from makewhole.domain.claim.state import Claim, Exposure
from makewhole.domain.policy.rules import Row, Rules

# What each outcome of the policy's proof table asks for; any one of the kinds in a group is enough.
PROOF_GROUPS: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "receipt_or_estimate_and_photo": (
        ("photo", frozenset({"photo"})),
        ("receipt_or_estimate", frozenset({"receipt", "repair_estimate"})),
    ),
    "receipt_or_estimate": (("receipt_or_estimate", frozenset({"receipt", "repair_estimate"})),),
    "photo": (("photo", frozenset({"photo"})),),
    "bill": (("bill", frozenset({"medical_bill", "receipt"})),),
    "wage_statement": (("wage_statement", frozenset({"wage_statement"})),),
    "none": (),
}


def missing_proof(claim: Claim, rules: Rules) -> tuple[MissingProof, ...]:
    """Everything that the policy asks for and that was not sent, over all exposures at once."""
    return tuple(
        MissingProof(exposure.no, what)
        for exposure in claim.exposures
        for what, kinds in PROOF_GROUPS[_proof_row(exposure, rules).outcome]
        if not any(item.kind in kinds for item in _evidence_of(claim, exposure))
    )


def assess(draft: Draft) -> ClaimAssessed:
    """Says per exposure what is supported and why not more, and routes by the sum of the incident."""
    claim, rules = draft.claim, draft.case.rules
    lines = tuple(_assess(exposure, claim, rules) for exposure in claim.exposures)
    others = draft.case.facts.same_incident(claim.claim_id, claim.filed.incident_id)
    elsewhere = sum(earlier.incident_minor for earlier in others)
    # By what is claimed for payable heads, not by what is proved so far: more proof must not change the track.
    here = sum(line.claimed_minor for line in lines if not line.basis.startswith("not payable"))
    row = rules.decide("route", incident_allowed=elsewhere + here)
    assessed = ClaimAssessed(
        lines=lines,
        incident_total_minor=elsewhere + here,
        track="direct" if row.outcome == "direct" else "tendered",
        clause=clause_of(row),
        policy_version=rules.version,
    )
    draft.add(assessed, by="machine:assessment")
    return assessed


def papers_changed(claim: Claim, rules: Rules) -> bool:
    """Whether the papers support another amount now than when the claim was assessed: more came with an answer."""
    return any(
        _assess(exposure, claim, rules).supported_minor != exposure.supported_minor for exposure in claim.exposures
    )


def clause_of(row: Row) -> Clause:
    return Clause(row.clause, row.outcome, row.because)


def payable(exposure: Exposure, rules: Rules) -> Row:
    """The policy's row on whether this head of loss is paid at all."""
    return rules.decide("payable_heads", head=exposure.head)


def _assess(exposure: Exposure, claim: Claim, rules: Rules) -> AssessedLine:
    head = payable(exposure, rules)
    if head.outcome != "payable":
        return AssessedLine(exposure.no, exposure.claimed_minor, 0, f"not payable: {head.clause}")
    if exposure.head == "purchase_price":
        price_minor = claim.filed.price_minor * claim.filed.quantity
        return _line(exposure, price_minor, "the price on the order")
    papers = papers_of(claim, exposure, rules)
    return _line(exposure, sum(item.documented_minor for item in papers), f"{len(papers)} papers")


def _line(exposure: Exposure, shown_minor: int, basis: str) -> AssessedLine:
    return AssessedLine(exposure.no, exposure.claimed_minor, min(shown_minor, exposure.claimed_minor), basis)


def _proof_row(exposure: Exposure, rules: Rules) -> Row:
    return rules.decide("proof_required", head=exposure.head, claimed=exposure.claimed_minor)


def _evidence_of(claim: Claim, exposure: Exposure) -> list[EvidenceItem]:
    return [item for item in claim.current_evidence if item.exposure_no in (exposure.no, 0)]
