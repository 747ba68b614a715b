"""What the rules of a claim ask of a policy: a document may say anything well-formed, but a marketplace can
only run on one that answers all of this. `missing_from` is asked before a policy is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from makewhole.domain.policy.findings import Finding
from makewhole.domain.policy.kinds import ValueKind
from makewhole.domain.policy.shapes import PolicyDocument, Table


@dataclass(frozen=True, slots=True)
class TableNeed:
    """The facts that the caller can tell, and the outcomes it knows what to do with."""

    facts: frozenset[str]
    outcomes: frozenset[str]


SCREENING_CHECKS = (
    "duplicate_order_line", "reused_photo", "repeat_claimant", "amount_against_price", "amount_against_receipts",
    "incident_before_delivery", "linked_accounts", "linked_payee", "different_bank_details", "payee_velocity",
    "same_day_elsewhere", "grave_harm",
)  # fmt: skip

LARGEST_WEIGHT = 100

_WEIGHTS: Mapping[str, ValueKind] = {f"weight_{check}": "whole" for check in SCREENING_CHECKS}

VALUES: Mapping[str, ValueKind] = {
    "small_claim_limit": "money",
    "small_claim_limit_inclusive": "boolean",
    "claim_cap": "money",
    "filing_days": "days",
    "same_incident_days": "whole",
    "holiday_calendar": "text",
    "repeat_claims_window_days": "days",
    "repeat_claims_allowed": "whole",
    "price_multiple_refer": "whole",
    "linked_claimants_allowed": "whole",
    "payee_claims_window_days": "days",
    "payee_claims_allowed": "whole",
    "daily_payee_total": "money",
    "photo_distance_same": "whole",
    "sample_first_approval": "boolean",
    "sample_basis_points": "basis_points",
    "authority_machine": "money",
    "authority_adjuster": "money",
    "authority_reviewer": "money",
    "authority_programme_owner": "money",
    "four_eyes_above": "money",
    "release_above": "money",
    "authority_accepted": "money",
    "authority_step_in": "money",
    "seller_extension_days": "days",
    "offers_at_most": "whole",
    "standing_tenders_window_days": "days",
    "standing_rejections_window_days": "days",
    "standing_proofs_window_days": "days",
    "standing_violations_window_days": "days",
    "standing_insured_within_days": "days",
    "standing_disputed_facts_count": "boolean",
    **_WEIGHTS,
}

CLOCKS = (
    "acknowledge", "claimant_answers", "seller_answers", "seller_handles", "seller_proof_of_insurance",
    "seller_contests", "insurer_answers", "decision", "delay_letter", "whole_claim", "pay", "appeal", "safety_review",
    "producer_answers", "seller_pays", "step_in", "contest_decision", "instalment",
)  # fmt: skip


def _need(facts: str, outcomes: str) -> TableNeed:
    return TableNeed(frozenset(facts.split()), frozenset(outcomes.split()))


TABLES: Mapping[str, TableNeed] = {
    "payable_heads": _need("head", "payable not_payable"),
    "in_scope": _need("physical bought_here days_since_incident", "in_scope digital not_bought_here too_late"),
    "route": _need("incident_allowed", "direct tendered"),
    "machine_approval": _need(
        "all_checks_passed injury in_full track amount proof_complete open_dispute",
        "approve approve_undisputed person",
    ),
    "proof_required": _need("head claimed", "receipt_or_estimate_and_photo bill wage_statement none"),
    "after_tender": _need("seller_answer all_checks_passed injury in_full amount within_cap", "approve person"),
    "made_whole": _need("basis claim_open refused appeal_possible", "proceed wait"),
    "bearer": _need(
        "seller_insured proof_late good_standing at_or_under_limit insurance_required_or_requested seller_answer "
        "seller_gone no_defect producer_accepted",
        "platform seller_asked_7_days seller_owes seller_or_insurer platform_then_recovers producer_owes",
    ),
    "standing": _need("standing_subject standing_faults standing_kept", "good at_risk may_be_restricted not_assessed"),
}


def missing_from(document: PolicyDocument, *, where: str) -> list[Finding]:
    """Everything that claims need and this document does not say, or says in a way they cannot follow."""
    told = [(f"values.{name}", what) for name, kind in VALUES.items() for what in _value_faults(document, name, kind)]
    told += [(f"clocks.{name}", "is missing: claims need it") for name in CLOCKS if name not in document.clocks]
    for name, need in TABLES.items():
        series = document.tables.get(name)
        tables = [entry.what for entry in series.entries] if series else []
        faults = dict.fromkeys(what for table in tables for what in _table_faults(table, need))
        told += [(f"tables.{name}", what) for what in faults]
        if series is None:
            told.append((f"tables.{name}", "is missing: claims need it"))
    return [Finding(f"{where}: {path}", what) for path, what in told]


def _value_faults(document: PolicyDocument, name: str, kind: ValueKind) -> list[str]:
    series = document.values.get(name)
    if series is None:
        return [f"is missing: claims need it, as {kind}"]
    has = series.entries[0].what.kind
    if has != kind:
        return [f"is {has}: claims need it as {kind}"]
    figures = [entry.what.figure for entry in series.entries]
    heavy = [figure for figure in figures if name in _WEIGHTS and isinstance(figure, int) and figure > LARGEST_WEIGHT]
    return [f"weighs {figure}, more than {LARGEST_WEIGHT}" for figure in heavy]


def _table_faults(table: Table, need: TableNeed) -> list[str]:
    faults = [f"asks for {fact}, which no claim tells it" for fact in table.facts if fact not in need.facts]
    return faults + [
        f"answers {outcome}, which claims do not know" for outcome in table.outcomes if outcome not in need.outcomes
    ]
