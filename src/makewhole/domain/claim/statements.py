"""Which events of a claim are told as statements of reasons, to whom, and what each says. Start at statement_of().

What concerns the claim stands here, what concerns money that is asked back in recovery/statements.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from makewhole.domain.claim import events as ev
from makewhole.domain.claim import in_words
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim import tender_statements as tendering
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim
from makewhole.domain.claim.telling import Known, Telling
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery import statements as recovering
from makewhole.domain.statement import (
    AmountLine,
    Contest,
    Decided,
    Ours,
    Party,
    Said,
    StatementOfReasons,
    by_machine,
    by_people,
    say,
    sentence,
)


def addressees(recorded: Recorded, past: Sequence[Recorded]) -> tuple[Party, ...]:
    """Who gets a statement of this event, the one whom it concerns most first. `past`: what happened before it."""
    match recorded.event:
        case ev.ClaimDecided():
            told = any(isinstance(each.event, ev.SellerNotified) for each in past)
            return ("claimant", "seller") if told else ("claimant",)
        case tv.ClaimTendered(to=to):
            return (to,)
        case tv.SteppedIn():
            return ("seller", "claimant")
        case tv.BearerDecided() | tv.NoDefectFound():
            return ("seller",)
        case tv.InsurerNotified():
            return ("insurer", "seller")
        case (
            rv.RecoveryOpened()
            | rv.RecoveryRaised()
            | rv.DebtShifted()
            | rv.FundsWithheld()
            | rv.FundsReleased()
            | rv.ContestDecided()
            | rv.RecoveryWrittenOff()
            | rv.RecoveryClosed()
        ):
            return recovering.addressees(recorded.event, past)
        case _:
            return ()


def statement_of(
    recorded: Recorded, before: Claim, after: Claim, *, to: Party, past: Sequence[Recorded], known: Known
) -> StatementOfReasons | None:
    """What happened, to that party, as a statement of reasons; None where it gets none of this event.

    `before` and `after`: the claim before the event, and once all that happened with it was recorded, so that the
    clocks that it started run. `past`: everything before the event. `known`: what the log does not hold, as far as
    the reader of the statement may know it.
    """
    if to not in addressees(recorded, past):
        return None
    telling = Telling(recorded, before, after, to, past, known)
    match recorded.event:
        case ev.ClaimDecided():
            return _decided(recorded.event, telling)
        case tv.ClaimTendered():
            return tendering.tendered(recorded.event, telling)
        case tv.SteppedIn():
            return tendering.stepped_in(recorded.event, telling)
        case tv.BearerDecided():
            return tendering.bearer(recorded.event, telling)
        case tv.NoDefectFound():
            return tendering.no_defect(recorded.event, telling)
        case tv.InsurerNotified():
            return tendering.insurer_notified(recorded.event, telling)
        case _:
            return recovering.statement_of(recorded.event, telling)


# The decision -----------------------------------------------------------------------------------------------


def _decided(event: ev.ClaimDecided, telling: Telling) -> StatementOfReasons:
    refused = [line for line in event.lines if line.refused_minor and line.reason]
    return telling.statement(
        "claim_decided",
        _decision_title(event, telling),
        facts=(
            *telling.claimed(),
            *(
                say(
                    "{part}: {reason}; {refused} is not paid.",
                    part=telling.part(line.no),
                    reason=_why(line.reason),
                    refused=telling.money(line.refused_minor),
                )
                for line in refused
                if line.reason
            ),
            _went_by(telling),
        ),
        amounts=_decision_amounts(event, telling),
        policy_version=event.policy_version,
        clauses=[
            *((line.reason.clause, "") for line in refused if line.reason),
            *((clause.clause, clause.because if _by_machine(event) else "") for clause in event.clauses),
        ],
        evidence=telling.evidence([id_ for line in refused if line.reason for id_ in line.reason.evidence]),
        decided=_deciders(event, telling),
        then=_decision_then(event, telling),
        contest=_decision_contest(bool(refused), telling),
        others_see=_decision_others(telling),
        # Written to the claimant, of whom it may speak: for nobody else.
        wrote=[line.reason.words for line in refused if line.reason] if telling.to == "claimant" else (),
    )


def _decision_title(event: ev.ClaimDecided, telling: Telling) -> Said:
    approved = sum(line.approved_minor for line in event.lines)
    refused = sum(line.refused_minor for line in event.lines)
    left = telling.before.open_minor - approved - refused
    sums = {
        name: telling.money(minor)
        for name, minor in (("approved", approved), ("refused", refused), ("left", left))
        if minor
    }
    titles = _TITLES if telling.to == "claimant" else _SELLERS_TITLES
    return say(titles[bool(approved), bool(refused), bool(left)], **sums)


# By what there is of it: approved, refused, still open.
_TITLES = {
    (True, False, False): sentence("We approved {approved}."),
    (True, True, False): sentence("We approved {approved}, and refused {refused}."),
    (True, False, True): sentence("We approved {approved}; {left} is still open, and somebody looks at it."),
    (True, True, True): sentence(
        "We approved {approved}, and refused {refused}; {left} is still open, and somebody looks at it."
    ),
    (False, False, False): sentence("We approved nothing."),
    (False, True, False): sentence("We approved nothing, and refused {refused}."),
    (False, False, True): sentence("We approved nothing; {left} is still open, and somebody looks at it."),
    (False, True, True): sentence(
        "We approved nothing, and refused {refused}; {left} is still open, and somebody looks at it."
    ),
}
_SELLERS_TITLES = {
    (True, False, False): sentence(
        "Of the claim about your product {approved} was approved. You owe nothing by this decision."
    ),
    (True, True, False): sentence(
        "Of the claim about your product {approved} was approved, {refused} was refused. You owe nothing by this "
        "decision."
    ),
    (True, False, True): sentence(
        "Of the claim about your product {approved} was approved, {left} is still open. You owe nothing by this "
        "decision."
    ),
    (True, True, True): sentence(
        "Of the claim about your product {approved} was approved, {refused} was refused, {left} is still open. You owe "
        "nothing by this decision."
    ),
    (False, False, False): sentence(
        "Of the claim about your product nothing was approved. You owe nothing by this decision."
    ),
    (False, True, False): sentence(
        "Of the claim about your product nothing was approved, {refused} was refused. You owe nothing by this decision."
    ),
    (False, False, True): sentence(
        "Of the claim about your product nothing was approved, {left} is still open. You owe nothing by this decision."
    ),
    (False, True, True): sentence(
        "Of the claim about your product nothing was approved, {refused} was refused, {left} is still open. You owe "
        "nothing by this decision."
    ),
}


def _why(reason: ev.Reason) -> Ours:
    return in_words.said(in_words.REASONS, reason.code)


def _went_by(telling: Telling) -> Said:
    files = len(telling.before.current_evidence)
    if not files:
        return say("What we went by: the report, no photo or paper, and the order.")
    if files == 1:
        return say("What we went by: the report, 1 photo or paper, and the order.")
    return say("What we went by: the report, {files} photos or papers, and the order.", files=files)


def _decision_amounts(event: ev.ClaimDecided, telling: Telling) -> list[AmountLine]:
    mine = telling.to == "claimant"
    lines = []
    for line in event.lines:
        part = telling.part(line.no)
        exposure = telling.before.exposure(line.no)
        assert exposure is not None
        claims = say("you claim it") if mine else say("the customer claims it")
        lines.append(AmountLine(say("{part}, claimed", part=part), telling.money(exposure.claimed_minor), claims))
        if line.approved_minor or not line.refused_minor:
            pays = say("we pay it to you") if mine else say("we pay it to the customer")
            approved = telling.money(line.approved_minor)
            lines.append(AmountLine(say("{part}, approved", part=part), approved, pays, "platform", "claimant"))
        if line.refused_minor:
            lines.append(
                AmountLine(say("{part}, refused", part=part), telling.money(line.refused_minor), say("nobody pays it"))
            )
    if not mine:
        nothing = say("you owe nothing by this decision")
        lines.append(AmountLine(say("asked of you"), telling.money(0), nothing, "seller", "platform"))
    return lines


def _by_machine(event: ev.ClaimDecided) -> bool:
    return event.deciders[0].startswith("machine:")


def _deciders(event: ev.ClaimDecided, telling: Telling) -> Decided:
    if _by_machine(event):
        return by_machine(
            sentence(
                "A machine decided this, by these rules alone. A machine can only approve: nothing is ever refused or "
                "reduced without a person."
            )
        )
    return by_people(len(event.deciders), prepared=True, by=telling.names(event.deciders))


def _decision_then(event: ev.ClaimDecided, telling: Telling) -> list[Said]:
    if telling.to != "claimant" or not any(line.approved_minor for line in event.lines):
        return []
    pays = telling.until("pay")
    if pays is None:
        return []
    return [
        say("The payment is to be on its way by {until}; if it is not, finance has to answer for it.", until=pays),
        say("The money is yours: what we settle with the seller afterwards does not change that."),
    ]


def _decision_contest(refused: bool, telling: Telling) -> Contest:
    if telling.to == "seller":
        return Contest(
            (
                say(
                    "This asks no money of you: were you ever to bear it, you would see the reason first, and contest."
                ),
                say("You can add evidence on the page of the claim at any time; a person looks at it."),
            ),
            "a person of ours",
        )
    if not refused:
        return Contest(
            (say("If you think that this is wrong, answer on the page of your claim: a person looks at it."),),
            "a person of ours",
        )
    until = telling.until("appeal")
    return Contest(
        (
            say(
                "If you see it differently, you can appeal on the page of your claim, also with new proof. Somebody "
                "who took no part in this decision then looks at everything again."
            ),
            say("Appeal by {until}; after that the claim is closed for good.", until=until)
            if until
            else say(
                "You can appeal as soon as the rest of your claim is settled; we then tell you the last day, and the "
                "page of your claim names it."
            ),
            say("A legal right that you have against the seller or the maker is not touched by this decision."),
        ),
        "somebody who took no part in this decision",
        until,
    )


def _decision_others(telling: Telling) -> tuple[Said, ...]:
    if telling.to == "claimant":
        return (say("The seller is told the amounts and these reasons, not your name or address."),)
    return (say("The customer is told the same amounts and reasons, and not what insurance you have."),)
