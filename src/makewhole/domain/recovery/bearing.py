"""Who bears what was paid, and what follows: ask for proof, open a recovery, shift a debt, or end it.

Start at follow(): after every act that may change the answer, and after every act while a recovery runs (cover may have
come on file meanwhile), the policy's table `bearer` is asked again with the facts of that moment. A recovery follows
from the answer and from nothing else.
"""

from __future__ import annotations

from makewhole.domain.claim.assessment import clause_of
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import (
    ClaimClosed,
    ClockRanOut,
    ClosedForGood,
    Fact,
    PaymentSettled,
)
from makewhole.domain.claim.state import Claim, Closed
from makewhole.domain.claim.tender_events import (
    BearerDecided,
    InsurerAnswered,
    InsurerSilent,
    NoDefectFound,
    ProofOfInsuranceAsked,
    ProofOfInsuranceChecked,
    SubrogationChecked,
)
from makewhole.domain.claim.tendering import facts_told, notify_insurer, seller_answer
from makewhole.domain.policy.rules import Row
from makewhole.domain.recovery import money
from makewhole.domain.recovery.events import (
    Basis,
    DebtShifted,
    RecoveryOpened,
    RecoveryOutcome,
    RecoveryRaised,
    Share,
)
from makewhole.domain.recovery.insurance import FINAL
from makewhole.domain.recovery.state import Recovery

# After these the answer may be another one.
_MAY_CHANGE_IT = (
    PaymentSettled, ClaimClosed, ClosedForGood, NoDefectFound, InsurerAnswered, InsurerSilent, SubrogationChecked,
    ProofOfInsuranceChecked,
)  # fmt: skip


def follow(draft: Draft) -> None:
    """Asks who bears the cost, where this act may have changed it, and does what follows."""
    if not draft.events:
        return
    recovery = draft.claim.recovery
    runs = recovery is not None and recovery.is_open
    if runs or any(_matters(recorded.event) for recorded in draft.events):
        settle_bearer(draft)
        if "proof_of_insurance" not in draft.claim.tasks:
            money.finish(draft)
        if isinstance(draft.claim.stage, Closed) and not draft.claim.paid_minor:
            draft.stop_clocks("seller_proof_of_insurance", "insurer_answers")


def settle_bearer(draft: Draft) -> None:
    """The policy's answer now, recorded where it is new, and its consequence."""
    claim = draft.claim
    if not claim.paid_minor or "proof_of_insurance" in claim.tasks or _bearing_is_over(claim):
        return  # nothing to bear; or a proof is being looked at, and nothing may be asked meanwhile
    row, facts = _ask(draft)
    if claim.bearer != row.outcome:
        draft.add(
            BearerDecided(row.outcome, clause_of(row), facts, draft.case.rules.version),  # type: ignore[arg-type]
            by="machine:bearer",
        )
    match row.outcome:
        case "platform":
            _nobody_owes(draft)
        case "seller_asked_7_days":
            _ask_for_proof(draft)
        case _:
            _recover(draft, row, facts)


def _matters(event: object) -> bool:
    if isinstance(event, ClockRanOut):
        return event.name == "seller_proof_of_insurance"
    return isinstance(event, _MAY_CHANGE_IT)


def _ask(draft: Draft) -> tuple[Row, tuple[Fact, ...]]:
    claim, facts, rules = draft.claim, draft.case.facts, draft.case.rules
    told: dict[str, object] = {
        "seller_insured": facts.seller_insured,
        "proof_late": claim.proof_late,
        "good_standing": facts.seller_good_standing,
        "at_or_under_limit": claim.track == "direct",
        "insurance_required_or_requested": facts.insurance_requested,
        "seller_answer": _answer(draft),
        "seller_gone": bool(facts.seller_gone),
        "no_defect": claim.no_defect,
        "producer_accepted": claim.accepted_by == "producer",
    }
    return rules.decide("bearer", **told), facts_told(told)


def _answer(draft: Draft) -> str:
    """On a small claim the seller is asked for proof of insurance only; silence is that its time is over."""
    claim = draft.claim
    if claim.track == "tendered":
        return seller_answer(claim, gone=bool(draft.case.facts.seller_gone))
    if not claim.proof_asked or draft.will_run("seller_proof_of_insurance"):
        return "none_yet"
    return "silent"


def _bearing_is_over(claim: Claim) -> bool:
    """Somebody who took no part has decided, or the debt was paid, and no more was paid since."""
    recovery = claim.recovery
    if recovery is None or recovery.is_open:
        return False
    return claim.paid_minor == sum(each.paid_minor for each in claim.recoveries)


# Consequences -------------------------------------------------------------------------------------------------


def _ask_for_proof(draft: Draft) -> None:
    if draft.claim.proof_asked:
        return
    draft.add(ProofOfInsuranceAsked(), by="machine:bearer")
    draft.start_clock("seller_proof_of_insurance")


def _nobody_owes(draft: Draft) -> None:
    recovery = draft.claim.recovery
    draft.stop_clocks("seller_proof_of_insurance", "insurer_answers")
    if recovery is not None and recovery.is_open:
        outcome: RecoveryOutcome = "no_defect" if draft.claim.no_defect else "insured"
        money.end_owing_nothing(draft, outcome)


def _recover(draft: Draft, row: Row, facts: tuple[Fact, ...]) -> None:
    claim = draft.claim
    if claim.track == "tendered":
        notify_insurer(draft, claim.paid_minor)
        claim = draft.claim
    if claim.insurer is not None and claim.insurer.owes and claim.insurer.to_be_checked:
        return  # the anti-subrogation check comes first; it asks here again
    recovery = claim.recovery
    if recovery is not None and recovery.is_open:
        _raise(draft, recovery, row)
        _shift(draft, row)
        _await_the_insurer(draft)
        return
    shares = _shares_of_more(claim, row, claim.paid_minor - sum(each.paid_minor for each in claim.recoveries))
    basis = _basis(claim, shares)
    whole = _made_whole(draft, basis)
    if whole.outcome == "wait":
        return
    draft.add(
        RecoveryOpened(
            no=len(claim.recoveries) + 1,
            basis=basis,
            paid_minor=sum(share.amount_minor for share in shares),
            shares=shares,
            obstacle=draft.case.facts.seller_gone,
            clause=clause_of(row),
            made_whole=clause_of(whole),
            facts=facts,
            policy_version=draft.case.rules.version,
        ),
        by="machine:recovery",
    )
    draft.start_clock("seller_contests")
    _await_the_insurer(draft)


def _await_the_insurer(draft: Draft) -> None:
    """Who owes a part and has not said anything final has a time for it, also where an earlier one was stopped."""
    claim = draft.claim
    assert claim.recovery is not None
    if claim.insurer is not None and claim.recovery.debt("insurer").owed_minor and claim.insurer.answer not in FINAL:
        draft.start_clock("insurer_answers")


def _raise(draft: Draft, recovery: Recovery, row: Row) -> None:
    """More was paid on the claim while a recovery runs: it is demanded too, and may be contested anew."""
    claim = draft.claim
    more = claim.paid_minor - sum(each.paid_minor for each in claim.recoveries)
    if not more or _made_whole(draft, recovery.opened.basis).outcome == "wait":
        return
    for share in _shares_of_more(claim, row, more):
        raised = RecoveryRaised(recovery.no, share.amount_minor, share, draft.case.rules.version)
        draft.add(raised, by="machine:recovery")
    draft.restart_clock("seller_contests")


def _shift(draft: Draft, row: Row) -> None:
    """Cover that was found moves a debt to the insurer, once; cover that was lost moves back what it did not pay."""
    claim, recovery = draft.claim, draft.claim.recovery
    assert recovery is not None
    insurer = claim.insurer
    if insurer is None:
        return
    if not insurer.owes:  # whatever the table says by now: nothing more is asked of it
        unpaid = recovery.outstanding_minor("insurer")
        money.shift(draft, DebtShifted(recovery.no, "insurer", "seller", unpaid, "no_cover"))
    elif row.outcome not in ("producer_owes", "seller_owes") and not any(
        debt.debtor == "insurer" for debt in recovery.debts
    ):
        shares = {share.debtor: share.amount_minor for share in shares_of(claim, row, recovery.owed_minor)}
        # A debt that was written off is nobody's to shift.
        seller = recovery.debt("seller")
        covered = min(shares.get("insurer", 0), seller.owed_minor - seller.written_off_minor)
        money.shift(draft, DebtShifted(recovery.no, "seller", "insurer", covered, "cover"))


def shares_of(claim: Claim, row: Row, paid_minor: int) -> tuple[Share, ...]:
    """Who owes which part: the insurer above the deductible and within its limit, the seller the rest."""
    if row.outcome == "producer_owes":
        return (Share("producer", paid_minor),)
    insurer = claim.insurer
    if insurer is None or not insurer.owes or insurer.to_be_checked or row.outcome == "seller_owes":
        return (Share("seller", paid_minor),)
    covered = insurer.covered_minor(paid_minor)
    parts = (Share("seller", paid_minor - covered), Share("insurer", covered))
    return tuple(share for share in parts if share.amount_minor)


def _shares_of_more(claim: Claim, row: Row, more: int) -> tuple[Share, ...]:
    """Of what was paid beyond all recoveries so far, as if all had been paid at once: the deductible is borne once."""
    before = sum(recovery.owed_minor for recovery in claim.recoveries)
    whole = shares_of(claim, row, before + more)
    if whole[0].debtor == "producer":
        return (Share("producer", more),)
    insured = sum(share.amount_minor for share in whole if share.debtor == "insurer")
    insured_before = sum(recovery.debt("insurer").owed_minor for recovery in claim.recoveries)
    covered = min(more, max(0, insured - insured_before))
    parts = (Share("seller", more - covered), Share("insurer", covered))
    return tuple(share for share in parts if share.amount_minor)


def _basis(claim: Claim, shares: tuple[Share, ...]) -> Basis:
    """Accepted, or by the claimant's right against the insurer, or by the seller's agreement with the marketplace."""
    if claim.accepted_by:
        return "accepted_tender"
    return "assignment" if any(share.debtor == "insurer" for share in shares) else "contract"


def _made_whole(draft: Draft, basis: Basis) -> Row:
    claim = draft.claim
    ended = isinstance(claim.stage, Closed)
    return draft.case.rules.decide(
        "made_whole",
        basis=basis,
        claim_open=not ended or claim.payment_under_way,
        refused=bool(claim.refused_minor),
        appeal_possible=draft.will_run("appeal"),
    )
