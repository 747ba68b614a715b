"""Facts and levels as people read them: the same words on the page, in mails and in statements."""

from __future__ import annotations

from collections.abc import Callable

from makewhole.domain.standing.counting import Level
from makewhole.domain.standing.facts import FactKind, Source, StandingFact

_FACTS: dict[FactKind, str] = {
    "tender_answered": "The tender of claim {claim} was answered in time.",
    "tender_unanswered": "The tender of claim {claim} was not answered in its time.",
    "rejection_unfounded": "The tender of claim {claim} was rejected, and the rejection was found unfounded.",
    "proof_in_time": "Proof of insurance for claim {claim} was shown in time.",
    "proof_late": "Proof of insurance for claim {claim} came after its time.",
    "proof_missing": "Proof of insurance for claim {claim} was asked for and did not come.",
    "insurance_asked": "Insurance was asked for, and the days for it run.",
    "insurance_in_force": "A policy of insurance is in force.",
    "insurance_missing": "Insurance was asked for, and none is in force.",
    "policy_violation": "The marketplace reported a violation of its rules: {code}.",
    "good_standing_lost": "The marketplace says that its rules are not kept.",
    "good_standing_regained": "The marketplace says that its rules are kept again.",
    "account_closed": "The account with the marketplace is closed.",
    "insolvent": "The holder of the account is insolvent.",
}
_SOURCES: dict[Source, str] = {
    "claim": "the log of the claim",
    "marketplace": "a report of the marketplace",
    "coverage": "our record of the seller's insurance",
    "account": "the marketplace's record of the account",
}
RESTRICTED: dict[str, str] = {"listings": "listings", "payouts": "payouts"}
LEVELS: dict[Level, str] = {
    "good": "Good",
    "at_risk": "At risk",
    "may_be_restricted": "May be restricted",
    "not_assessed": "Not assessed",
}


def fact_told(fact: StandingFact, say: Callable[[str], str] = str) -> str:
    """`say` puts the sentence into a reader's language; what is recorded stays as it is written here."""
    return say(_FACTS[fact.kind]).format(claim=fact.claim, code=fact.code)


def source_told(fact: StandingFact, say: Callable[[str], str] = str) -> str:
    return say(_SOURCES[fact.source])
