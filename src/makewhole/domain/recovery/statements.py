"""What is told about money that is asked back: the demand, withholding, release, contest, write-off and end."""

from __future__ import annotations

from collections.abc import Sequence

from makewhole.domain.claim import in_words
from makewhole.domain.claim.events import ClaimEvent, Recorded
from makewhole.domain.claim.telling import Telling
from makewhole.domain.recovery import events as ev
from makewhole.domain.recovery.state import Recovery
from makewhole.domain.statement import AmountLine, Contest, Ours, Party, Said, StatementOfReasons, say, sentence


def addressees(event: ClaimEvent, past: Sequence[Recorded]) -> tuple[Party, ...]:
    """Who gets a statement of this event of a recovery."""
    match event:
        case ev.RecoveryOpened(shares=shares):
            return tuple(dict.fromkeys(share.debtor for share in shares if share.amount_minor))
        case ev.RecoveryRaised(share=share):
            return (share.debtor,)
        case ev.DebtShifted(from_debtor=giver, to_debtor=taker):
            return (taker, giver)
        case ev.FundsWithheld() | ev.FundsReleased():
            return ("seller",)
        case ev.ContestDecided(no=no):
            contest = _contest_of(past, no)
            return (contest.by,) if contest else ()
        case ev.RecoveryWrittenOff(debtor=debtor):
            return (debtor,)
        case ev.RecoveryClosed(no=no):
            debtors: tuple[Party, ...] = ("seller", "insurer", "producer")
            return tuple(debtor for debtor in debtors if debtor in _debtors(past, no))
        case _:
            return ()


def statement_of(event: ClaimEvent, telling: Telling) -> StatementOfReasons | None:
    match event:
        case ev.RecoveryOpened():
            return _opened(event, telling)
        case ev.RecoveryRaised():
            return _raised(event, telling)
        case ev.DebtShifted():
            return _shifted(event, telling)
        case ev.FundsWithheld():
            return _withheld(event, telling)
        case ev.FundsReleased():
            return _released(event, telling)
        case ev.ContestDecided():
            return _contest_decided(event, telling)
        case ev.RecoveryWrittenOff():
            return _written_off(event, telling)
        case ev.RecoveryClosed():
            return _closed(event, telling)
        case _:
            return None


# The demand ---------------------------------------------------------------------------------------------------


def _opened(event: ev.RecoveryOpened, telling: Telling) -> StatementOfReasons:
    debtor = _debtor(telling)
    mine = sum(share.amount_minor for share in event.shares if share.debtor == debtor)
    share, until = telling.money(mine), telling.until("seller_contests")
    by = {"until": until} if until else {}
    obstacle = in_words.OBSTACLES.get(event.obstacle)
    return telling.statement(
        "recovery_opened",
        say(
            sentence("You owe us {share} for this claim. You may contest it by {until}.")
            if until
            else sentence("You owe us {share} for this claim."),
            share=share,
            **by,
        ),
        facts=(
            _paid_for(telling),
            say(in_words.ONE_OF["basis"].get(event.basis, in_words.sentence(event.basis))),
            *telling.facts(event.facts),
            *([say(obstacle)] if obstacle else []),
            say("No interest is asked, and never more than the customer received."),
        ),
        amounts=[
            *_payments(telling),
            AmountLine(
                say("paid to the customer, together"),
                telling.money(event.paid_minor),
                say("we paid it"),
                "platform",
                "claimant",
            ),
            *(
                AmountLine(
                    say("asked of others"),
                    telling.money(other.amount_minor),
                    _owes(other.debtor),
                    other.debtor,
                    "platform",
                )
                for other in event.shares
                if other.debtor != debtor and other.amount_minor
            ),
            AmountLine(say("asked of you"), share, say("you owe it to us"), debtor, "platform"),
        ],
        policy_version=event.policy_version,
        clauses=[(event.clause.clause, event.clause.because), (event.made_whole.clause, event.made_whole.because)],
        evidence=telling.evidence(),
        decided=telling.decided(
            sentence("A machine made this demand, by these rules alone: what was paid, and who bears it.")
        ),
        then=_then(debtor, bool(event.obstacle)),
        contest=_may_contest(telling),
        others_see=_UNSEEN,
    )


def _raised(event: ev.RecoveryRaised, telling: Telling) -> StatementOfReasons:
    recovery, debtor, until = _recovery(telling, event.no), event.share.debtor, telling.until("seller_contests")
    more, owed = telling.money(event.share.amount_minor), recovery.outstanding_minor(debtor) + event.share.amount_minor
    return telling.statement(
        "recovery_raised",
        say(
            sentence("You owe us {more} more for this claim. You may contest it by {until}.")
            if until
            else sentence("You owe us {more} more for this claim."),
            more=more,
            **({"until": until} if until else {}),
        ),
        facts=(
            _paid_for(telling),
            say("We paid the customer {paid} more, after our demand.", paid=telling.money(event.paid_minor)),
            say("No interest is asked, and never more than the customer received."),
        ),
        amounts=[
            AmountLine(say("paid to the customer since"), more, say("we paid it"), "platform", "claimant"),
            AmountLine(say("asked of you now"), more, say("you owe it to us"), debtor, "platform"),
            AmountLine(say("owed by you, together"), telling.money(owed), say("you owe it to us"), debtor, "platform"),
        ],
        policy_version=event.policy_version,
        clauses=_demanded_by(recovery),
        evidence=telling.evidence(),
        decided=telling.decided(
            sentence("A machine made this demand, by these rules alone: what was paid, and who bears it.")
        ),
        then=_then(debtor, bool(recovery.obstacle)),
        contest=_may_contest(telling),
        others_see=_UNSEEN,
    )


_SHIFTS = {
    "cover": sentence("The insurance of the day of the incident was found, and covers this part."),
    "no_cover": sentence("The insurer denies cover, did not answer, or may not be asked."),
    "contest_won": sentence("The contest of the insurer succeeded."),
}


def _shifted(event: ev.DebtShifted, telling: Telling) -> StatementOfReasons:
    """To whom a debt moves, and from whom: what one does not owe after all, the other does."""
    recovery, debtor = _recovery(telling, event.no), _debtor(telling)
    takes, amount = debtor == event.to_debtor, telling.money(event.amount_minor)
    owed = recovery.outstanding_minor(debtor) + (event.amount_minor if takes else -event.amount_minor)
    other = event.from_debtor if takes else event.to_debtor
    text = (
        sentence("You owe us {amount}, which was asked of {other} before.")
        if takes
        else sentence("You no longer owe us {amount}: it is asked of {other}.")
    )
    return telling.statement(
        "debt_shifted",
        say(text, amount=amount, other=_DEBTORS[other]),
        facts=(_paid_for(telling), say(_SHIFTS.get(event.why, sentence("Who bears the cost was decided anew.")))),
        amounts=[
            AmountLine(
                say("moved to you") if takes else say("taken off"),
                amount,
                say("you owe it to us") if takes else _owes(other),
                event.to_debtor,
                "platform",
            ),
            AmountLine(
                say("owed by you, together"), telling.money(max(0, owed)), say("you owe it to us"), debtor, "platform"
            ),
        ],
        policy_version=recovery.opened.policy_version,
        clauses=_demanded_by(recovery),
        evidence=(),
        decided=telling.decided(
            sentence("A machine moved it, by these rules alone: who bears the cost, and what is insured.")
        ),
        then=_then(debtor, bool(recovery.obstacle)) if takes else [],
        contest=_may_contest(telling)
        if takes
        else Contest(
            (say("Nothing is asked of you by this. If a figure is wrong, say so: a person looks at it."),),
            "a person of ours",
        ),
        others_see=_UNSEEN,
    )


_DEBTORS = {
    "seller": Ours(sentence("the seller")),
    "insurer": Ours(sentence("the insurer")),
    "producer": Ours(sentence("the producer")),
}


def _owes(debtor: ev.Debtor) -> Said:
    return say("{debtor} owes it to us", debtor=_DEBTORS[debtor])


def _paid_for(telling: Telling) -> Said:
    known = telling.known
    return say(
        "We paid a customer for damage by {product}, order {order}, which happened on {day}.",
        product=known.product,
        order=known.order_ref,
        day=telling.before.filed.loss_date,
    )


def _payments(telling: Telling) -> list[AmountLine]:
    """What the customer received, part by part."""
    return [
        AmountLine(
            say("{part}, paid", part=telling.part(exposure.no)),
            telling.money(exposure.paid_minor),
            say("we paid it to the customer"),
            "platform",
            "claimant",
        )
        for exposure in telling.before.exposures
        if exposure.paid_minor
    ]


def _then(debtor: ev.Debtor, obstacle: bool) -> list[Said]:
    if debtor != "seller":
        return [say("Pay by transfer, naming the claim. A part is taken on account.")]
    pays = say("You may pay at once, or ask for instalments: while you keep them, nothing is withheld.")
    proof = say("Proof of insurance that was in force on the day of the incident ends this, as far as the policy says.")
    if obstacle:
        return [pays, proof]
    holds = say(
        "We may hold back from your payouts, at most up to the net amount of each. Until the time to contest is over, "
        "that money is only held: it pays nothing, and goes back at once if your contest succeeds."
    )
    return [pays, holds, proof]


def _may_contest(telling: Telling) -> Contest:
    until = telling.until("seller_contests")
    last = say("Contest by {until}; after that the demand stands.", until=until) if until else None
    how = say(
        "You may contest this on the page of the claim, with reasons and evidence. Somebody who took no part in it "
        "decides, and until then nothing more is withheld."
    )
    return Contest((how, *([last] if last else [])), "somebody who took no part in it", until)


_UNSEEN = (say("The customer does not see who bears the cost, and keeps what was paid."),)


# Withholding --------------------------------------------------------------------------------------------------


def _withheld(event: ev.FundsWithheld, telling: Telling) -> StatementOfReasons:
    recovery = _recovery(telling, event.no)
    left, held = recovery.outstanding_minor("seller"), recovery.held_minor + event.amount_minor
    payout = telling.known.payouts.get(event.disbursement_id, f"number {event.disbursement_id}")
    amount, net = telling.money(event.amount_minor), telling.money(event.disbursement_net_minor)
    return telling.statement(
        "funds_withheld",
        say("We hold back {amount} of your payout {payout} for this claim.", amount=amount, payout=payout),
        facts=(
            _paid_for(telling),
            say("Your payout {payout} is documented with a net amount of {net}.", payout=payout, net=net),
            say("You owe {left} on our demand for this claim.", left=telling.money(left)),
        ),
        amounts=[
            AmountLine(say("net amount of the payout"), net, say("it is yours"), "platform", "seller"),
            AmountLine(say("held back of it"), amount, say("we hold it; it is still yours"), "platform"),
            AmountLine(say("held back for this claim, together"), telling.money(held), say("we hold it"), "platform"),
            AmountLine(
                say("not covered by what is held"),
                telling.money(max(0, left - held)),
                say("you owe it to us"),
                "seller",
                "platform",
            ),
        ],
        policy_version=recovery.opened.policy_version,
        clauses=_demanded_by(recovery),
        evidence=(),
        decided=telling.decided(
            sentence(
                "A machine held it back, by these rules alone: at most what is owed, and at most the payout's net "
                "amount."
            )
        ),
        then=[
            say("It goes back at once if proof of insurance comes, if your contest succeeds, or if the debt is paid."),
            say("If nobody contests in time, or the contest is dismissed, it pays the debt."),
        ],
        contest=_may_contest(telling),
        others_see=_UNSEEN,
    )


def _released(event: ev.FundsReleased, telling: Telling) -> StatementOfReasons:
    back = sum(line.amount_minor for line in event.lines)
    recovery = _recovery(telling, event.no)
    held = recovery.held_minor - back
    why = in_words.said(in_words.RELEASES, event.why)
    return telling.statement(
        "funds_released",
        say("We give back to you {back} that we had held: {why}.", back=telling.money(back), why=why),
        facts=(_paid_for(telling), say("{why}.", why=why)),
        amounts=[
            *(
                AmountLine(
                    say(
                        "held back of payout {payout}",
                        payout=telling.known.payouts.get(line.disbursement_id, str(line.disbursement_id)),
                    ),
                    telling.money(line.amount_minor),
                    say("we pay it to you"),
                    "platform",
                    "seller",
                )
                for line in event.lines
            ),
            AmountLine(say("still held for this claim"), telling.money(held), say("we hold it"), "platform"),
        ],
        policy_version=recovery.opened.policy_version,
        clauses=_demanded_by(recovery),
        evidence=(),
        decided=telling.decided(
            sentence("A machine gave it back, by these rules alone, at once when the reason was there.")
        ),
        then=[say("It goes out with your next payout, and is paid to you once.")],
        contest=Contest(
            (say("Is it less than we held for this claim? Say so on the page of the claim: a person looks at it."),),
            "a person of ours",
        ),
        others_see=_UNSEEN,
    )


# Contest ------------------------------------------------------------------------------------------------------


def _contest_decided(event: ev.ContestDecided, telling: Telling) -> StatementOfReasons:
    contest = _contest_of(telling.past, event.no)
    assert contest is not None, "a contest is decided once it is there"
    debtor = contest.by
    recovery = _recovery(telling, event.no)
    before = recovery.outstanding_minor(debtor)
    off = min(event.off_minor, recovery.debt(debtor).owed_minor)
    left, back = max(0, before - off), max(0, off - before)
    given = {"off": telling.money(off), "left": telling.money(left)}
    title = {
        "upheld": sentence("You are right: {off} is taken off, and you owe {left} on this demand."),
        "partly": sentence("You are right in part: {off} is taken off, and you owe {left} on this demand."),
        "dismissed": sentence("Your contest is dismissed: you owe {left} on this demand."),
    }[event.outcome]
    reasons = tuple(in_words.said(in_words.DISPUTES, code) for code in contest.reasons)
    return telling.statement(
        "contest_decided",
        say(title, **{name: value for name, value in given.items() if f"{{{name}}}" in title}),
        facts=(
            _paid_for(telling),
            say("You contested it: {reasons}.", reasons=reasons),
            say("What was found: {reason}.", reason=_found(event.reason.code)),
        ),
        amounts=[
            AmountLine(say("owed before"), telling.money(before), say("you owed it to us"), debtor, "platform"),
            AmountLine(say("taken off"), telling.money(off), say("nobody asks it of you any more")),
            AmountLine(say("owed now"), telling.money(left), say("you owe it to us"), debtor, "platform"),
            *(
                [
                    AmountLine(
                        say("paid beyond that"), telling.money(back), say("we pay it back to you"), "platform", debtor
                    )
                ]
                if back
                else []
            ),
            *(
                [AmountLine(say("held back"), telling.money(recovery.held_minor), _held(event.outcome), "platform")]
                if recovery.held_minor
                else []
            ),
        ],
        policy_version=event.policy_version,
        clauses=[(event.reason.clause, "")],
        evidence=telling.evidence([*event.reason.evidence, *(item.evidence_id for item in contest.evidence)]),
        decided=telling.decided(sentence("A machine decided this.")),
        then=[
            say("What was held beyond what you owe goes back to you at once, in a statement of its own.")
            if event.outcome != "dismissed"
            else say("The demand stands. You may pay at once, or ask for instalments; no interest is asked.")
        ],
        contest=Contest(
            (
                say("This was decided by a person who took no part before. It is the last step within the guarantee."),
                say("A right that you have before a court, or by law, is not touched by this decision."),
            ),
            "a court, or whoever the law names",
        ),
        others_see=_UNSEEN,
        wrote=[event.reason.words],
    )


def _found(code: str) -> Ours:
    return in_words.said(in_words.DISPUTES if code in in_words.DISPUTES else in_words.REASONS, code)


def _held(outcome: ev.ContestOutcome) -> Said:
    if outcome == "dismissed":
        return say("it pays the debt")
    return say("it goes back to you, as far as you do not owe it")


# The end ------------------------------------------------------------------------------------------------------


def _written_off(event: ev.RecoveryWrittenOff, telling: Telling) -> StatementOfReasons:
    recovery = _recovery(telling, event.no)
    left = recovery.outstanding_minor(event.debtor) - event.amount_minor
    amount = telling.money(event.amount_minor)
    return telling.statement(
        "recovery_written_off",
        say("We no longer ask {amount} of you for this claim.", amount=amount),
        facts=(
            _paid_for(telling),
            say("Why: {reason}.", reason=in_words.said(in_words.WRITE_OFFS, event.reason.code)),
        ),
        amounts=[
            AmountLine(say("given up"), amount, say("nobody asks it of you any more")),
            AmountLine(
                say("owed after this"),
                telling.money(left),
                say("you owe it to us"),
                event.debtor,
                "platform",
            ),
        ],
        policy_version=recovery.opened.policy_version,
        clauses=[(event.reason.clause, "")],
        evidence=telling.evidence(event.reason.evidence) if event.reason.evidence else (),
        decided=telling.decided(sentence("A machine wrote it off.")),
        then=[],
        contest=Contest(
            (say("Nothing is asked of you by this. If a figure is wrong, say so: a person looks at it."),),
            "a person of ours",
        ),
        others_see=_UNSEEN,
    )


def _closed(event: ev.RecoveryClosed, telling: Telling) -> StatementOfReasons:
    debtor = _debtor(telling)
    recovery = _recovery(telling, event.no)
    debt = recovery.debt(debtor)
    why = in_words.said(in_words.ENDS, event.outcome)
    return telling.statement(
        "recovery_closed",
        say("Our demand for this claim is closed: {why}. You owe us {nothing}.", why=why, nothing=telling.money(0)),
        facts=(_paid_for(telling), say("{why}.", why=why)),
        amounts=[
            AmountLine(
                say("owed in the end"), telling.money(debt.owed_minor), say("it was yours to pay"), debtor, "platform"
            ),
            AmountLine(
                say("paid by you"),
                telling.money(recovery.settled_minor(debtor)),
                say("you paid it to us"),
                debtor,
                "platform",
            ),
            AmountLine(say("given up"), telling.money(debt.written_off_minor), say("nobody asks it of you any more")),
        ],
        policy_version=recovery.opened.policy_version,
        clauses=_demanded_by(recovery),
        evidence=(),
        decided=telling.decided(sentence("A machine closed it, by these rules alone: nothing is left to pay.")),
        then=[say("Nothing of yours is held for this claim any more.")] if debtor == "seller" else [],
        contest=Contest(
            (say("If a figure is wrong, say so on the page of the claim: a person looks at it."),),
            "a person of ours",
        ),
        others_see=_UNSEEN,
    )


# Parts --------------------------------------------------------------------------------------------------------


def _debtor(telling: Telling) -> ev.Debtor:
    assert telling.to != "claimant", "nothing is asked of a claimant"
    return telling.to


def _recovery(telling: Telling, no: int) -> Recovery:
    """As it stood before."""
    return next(recovery for recovery in telling.before.recoveries if recovery.no == no)


def _demanded_by(recovery: Recovery) -> list[tuple[str, str]]:
    return [(recovery.opened.clause.clause, recovery.opened.clause.because)]


def _contest_of(past: Sequence[Recorded], no: int) -> ev.RecoveryContested | None:
    contested = (each.event for each in reversed(past) if isinstance(each.event, ev.RecoveryContested))
    return next((event for event in contested if event.no == no), None)


def _debtors(past: Sequence[Recorded], no: int) -> set[ev.Debtor]:
    """Everybody of whom something was ever asked."""
    found: set[ev.Debtor] = set()
    for recorded in past:
        match recorded.event:
            case ev.RecoveryOpened(no=of, shares=shares) if of == no:
                found |= {share.debtor for share in shares if share.amount_minor}
            case ev.RecoveryRaised(no=of, share=share) if of == no:
                found.add(share.debtor)
            case ev.DebtShifted(no=of, to_debtor=debtor) if of == no:
                found.add(debtor)
            case _:
                pass
    return found
