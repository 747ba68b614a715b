"""What is told while the seller is heard: the tender, the step-in, who bears it, no defect, notice to the insurer."""

from __future__ import annotations

from makewhole.domain.claim import events as ev
from makewhole.domain.claim import in_words
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.telling import Telling
from makewhole.domain.money import Money
from makewhole.domain.statement import (
    AmountLine,
    Contest,
    Ours,
    Said,
    StatementOfReasons,
    by_machine,
    by_people,
    say,
    sentence,
)

# The tender -------------------------------------------------------------------------------------------------

_ANSWERS = (
    sentence("You may accept, and pay the customer yourself: you pay {amount}."),
    sentence("You may accept, and let us pay now: you owe us {amount}, or your insurer does."),
    sentence(
        "You may settle it with the customer yourself: you have a time of your own for that; else it comes back to us."
    ),
    sentence("You may offer another amount: the customer may accept it, refuse it or answer with another."),
    sentence(
        "You may reject it, with reasons and documents: a person answers each of them, and you keep your defence."
    ),
    sentence(
        "You may name the producer or importer, or its insurer: the tender passes on, with its own time to answer."
    ),
    sentence("You may ask once for more time: it is counted from the original start."),
)
_ANSWERS_OF_PRODUCER = (_ANSWERS[1], _ANSWERS[4])


def tendered(event: tv.ClaimTendered, telling: Telling) -> StatementOfReasons:
    amount = telling.money(event.amount_minor)
    until = telling.until("seller_answers" if event.to == "seller" else "producer_answers", "seller_answers")
    by = {"until": until} if until else {}
    product = telling.known.product
    title = {
        ("seller", True): sentence(
            "Please answer by {until}: a customer claims {amount} for damage by your product {product}."
        ),
        ("seller", False): sentence("Please answer: a customer claims {amount} for damage by your product {product}."),
        ("producer", True): sentence(
            "Please answer by {until}: a customer claims {amount} for damage by {product}, which the seller says you "
            "made or imported."
        ),
        ("producer", False): sentence(
            "Please answer: a customer claims {amount} for damage by {product}, which the seller says you made or "
            "imported."
        ),
    }[event.to, bool(until)]
    answers = _ANSWERS if event.to == "seller" else _ANSWERS_OF_PRODUCER
    silent = (
        sentence(
            "If you do not answer by {until}, we pay the customer what was assessed, at most {amount}, and may ask it "
            "back; you keep your defence, and may contest."
        )
        if until
        else sentence(
            "If you do not answer in your time, we pay the customer what was assessed, at most {amount}, and may ask "
            "it back; you keep your defence, and may contest."
        )
    )
    return telling.statement(
        "claim_tendered",
        say(title, amount=amount, product=product, **by),
        facts=(
            *telling.claimed(),
            say("We screened the claim before telling you."),
            say("The amount is what the papers support of what is claimed and what the guarantee pays."),
        ),
        amounts=[
            *_assessed(telling),
            AmountLine(
                say("tendered to you"), amount, say("you or your insurer bear it, if you accept"), event.to, "claimant"
            ),
        ],
        policy_version=event.policy_version,
        clauses=[(event.clause.clause, event.clause.because)],
        evidence=telling.evidence(),
        decided=telling.decided(
            sentence(
                "A machine screened the claim and added up its papers, by these rules alone. Nothing is decided yet."
            ),
            prepared=True,
        ),
        then=[
            *(say(text, amount=amount) if "{amount}" in text else say(text) for text in answers),
            say(silent, amount=amount, **by),
        ],
        contest=Contest(
            (
                say(
                    "To dispute it, reject it on the page of the claim, with your reasons and documents. A person "
                    "answers each of them, and a second person has to agree before we pay all the same."
                ),
            ),
            "two people, one after the other",
            until,
        ),
        others_see=(
            say("The customer sees that you were told and what you answer, not your insurance."),
            say("You see photos, amounts and what happened; the customer's name and address stay with us."),
        ),
    )


def _assessed(telling: Telling) -> list[AmountLine]:
    """Per part: claimed, and what is shown of it, and by what."""
    assessed = telling.last(ev.ClaimAssessed)
    if assessed is None:
        return []
    lines = []
    for line in assessed.lines:
        part = telling.part(line.no)
        lines.append(
            AmountLine(
                say("{part}, claimed", part=part), telling.money(line.claimed_minor), say("the customer claims it")
            )
        )
        shown = telling.money(line.supported_minor)
        lines.append(AmountLine(say("{part}, supported", part=part), shown, _basis(line.basis)))
    return lines


def _basis(basis: str) -> Said:
    number, _, what = basis.partition(" ")
    if basis.startswith("not payable"):
        return say("the guarantee does not pay it")
    if basis == "1 papers":
        return say("shown by 1 paper")
    if number.isdecimal() and what == "papers":
        return say("shown by {number} papers", number=int(number))
    return say("shown by the price on the order")


def stepped_in(event: tv.SteppedIn, telling: Telling) -> StatementOfReasons:
    amount = telling.money(event.amount_minor)
    to_seller, to_claimant = map(Ours, in_words.STEP_IN[event.why])
    mine = telling.to == "claimant"
    title = (
        say("We pay you {amount} ourselves: {why}.", amount=amount, why=to_claimant)
        if mine
        else say("We pay the customer {amount}: {why}.", amount=amount, why=to_seller)
    )
    answered = _answered(telling) if event.why == "rejected" else []
    people = _people(telling)
    return telling.statement(
        "stepped_in",
        title,
        facts=(*telling.claimed(), *telling.facts(event.facts), *(fact for fact, _ in answered)),
        amounts=[
            AmountLine(
                say("paid as assessed"),
                amount,
                say("we pay it to you") if mine else say("we pay it to the customer"),
                "platform",
                "claimant",
            ),
            *(() if mine else (_nothing_yet(telling),)),
        ],
        policy_version=event.policy_version,
        clauses=[
            (event.clause.clause, event.clause.because),
            *((reason.clause, "") for _, reason in answered if reason.clause),
        ],
        evidence=telling.evidence(),
        decided=by_people(len(people), prepared=True, by=telling.names(people))
        if people
        else by_machine(
            sentence(
                "A machine decided this, by these rules alone: the time was over, every check had passed, and it is "
                "within what may be paid without a person."
            )
        ),
        then=[say("You do not wait for the seller any longer. The money is yours, whatever we settle with it.")]
        if mine
        else [say("We pursue whoever is liable for it. If we ask money of you, an itemised demand comes first.")],
        contest=Contest(
            (say("If you think that this is wrong, answer on the page of your claim: a person looks at it."),)
            if mine
            else (
                say("You keep your defence: send evidence on the page of the claim at any time."),
                say("If we ask the money back, you may contest that, and somebody who took no part decides."),
            ),
            "a person of ours",
        ),
        others_see=(say("The seller is told the amount and these reasons, not your name or address."),)
        if mine
        else (say("The customer is told that we pay, and not what passed between you and us about the cost."),),
        # Written to the seller: what passes between it and us about its reasons is not the claimant's to read.
        wrote=() if mine else [reason.words for _, reason in answered],
    )


def _nothing_yet(telling: Telling) -> AmountLine:
    return AmountLine(
        say("asked of you"), telling.money(0), say("nothing yet: a demand comes first"), "seller", "platform"
    )


def _answered(telling: Telling) -> list[tuple[Said, ev.Reason]]:
    """The platform's answer to each reason of the rejection."""
    answered = telling.last(tv.RejectionAnswered)
    if answered is None:
        return []
    answer = {
        (True, True): sentence("The seller's reason “{reason}” was answered by {clause}."),
        (True, False): sentence("The seller's reason “{reason}” was answered."),
        (False, True): sentence("Your reason “{reason}” was answered by {clause}."),
        (False, False): sentence("Your reason “{reason}” was answered."),
    }
    return [
        (
            say(
                answer[telling.to == "claimant", bool(reason.clause)],
                reason=in_words.said(in_words.DISPUTES, reason.code),
                **({"clause": reason.clause} if reason.clause else {}),
            ),
            reason,
        )
        for reason in answered.answers
    ]


def _people(telling: Telling) -> tuple[str, ...]:
    """Who decided to step in: whoever answered the rejection, and whoever agreed."""
    since = [each for each in telling.past if isinstance(each.event, tv.RejectionAnswered)]
    names = [each.by for each in since[-1:]] + [telling.recorded.by]
    return tuple(dict.fromkeys(name for name in names if name.startswith("person:")))


# Who bears it -----------------------------------------------------------------------------------------------


def bearer(event: tv.BearerDecided, telling: Telling) -> StatementOfReasons:
    cost, proof = _cost(telling), telling.until("seller_proof_of_insurance")
    title, asked, way = _bearer_words(event.bearer, cost.amount, telling.money(0), telling)
    return telling.statement(
        "bearer_decided",
        title,
        facts=(*telling.claimed(), *telling.facts(event.facts)),
        amounts=[
            cost,
            AmountLine(say("asked of you by this"), asked, way, "seller", "platform"),
        ],
        policy_version=event.policy_version,
        clauses=[(event.clause.clause, event.clause.because)],
        evidence=(),
        decided=telling.decided(
            sentence("A machine read this off the policy's table, from the facts above. No person weighed it.")
        ),
        then=[
            say("If no proof of insurance comes by {until}, what was paid may be asked back from you.", until=proof)
            if proof
            else say("If no proof of insurance comes in your time, what was paid may be asked back from you.")
        ]
        if event.bearer == "seller_asked_7_days"
        else []
        if event.bearer in ("platform", "producer_owes")
        else [say("Before any money is taken, you get an itemised demand, with the time to contest it.")],
        contest=Contest(
            (
                say("Does one of these facts not hold? Send what shows it, on the claim's page: a person looks at it."),
                say("A demand for money can be contested on its own; somebody who took no part decides."),
            ),
            "a person of ours",
            proof if event.bearer == "seller_asked_7_days" else None,
        ),
        others_see=(say("The customer does not see who bears the cost, nor your insurance."),),
    )


def _cost(telling: Telling) -> AmountLine:
    """What the claim costs: what is approved, or as long as nothing is, what its papers support."""
    claim = telling.before
    if claim.approved_minor:
        paid = say("paid, or being paid, to the customer")
        return AmountLine(
            say("approved on the claim"), telling.money(claim.approved_minor), paid, "platform", "claimant"
        )
    expected = sum(exposure.expected_minor for exposure in claim.exposures)
    return AmountLine(
        say("supported on the claim"), telling.money(expected), say("not approved yet"), "platform", "claimant"
    )


def _bearer_words(bearer: tv.Bearer, cost: Money, nothing: Money, telling: Telling) -> tuple[Said, Money, Said]:
    proof = telling.until("seller_proof_of_insurance")
    match bearer:
        case "platform":
            return (
                say("You owe {nothing}: we bear the cost of this claim.", nothing=nothing),
                nothing,
                say("we bear it"),
            )
        case "seller_asked_7_days":
            until = {"until": proof} if proof else {}
            text = (
                sentence("You owe {nothing} today. Please show proof of insurance by {until}.")
                if proof
                else sentence("You owe {nothing} today. Please show proof of insurance.")
            )
            return say(text, nothing=nothing, **until), nothing, say("nothing yet")
        case "seller_owes":
            title = say("The cost of this claim is yours: {cost}.", cost=cost)
            return title, cost, say("you owe it to us once it is paid and demanded")
        case "seller_or_insurer":
            title = say("The cost of this claim, {cost}, is yours or your insurer's.", cost=cost)
            return title, cost, say("your insurer owes it above the deductible, you owe the rest")
        case "platform_then_recovers":
            title = say("We pay first, and may ask {cost} back from you or your insurer.", cost=cost)
            return title, nothing, say("nothing yet: a demand comes first")
        case "producer_owes":
            title = say("You owe {nothing}: the producer that you named accepted the claim.", nothing=nothing)
            return title, nothing, say("the producer owes it")


def no_defect(event: tv.NoDefectFound, telling: Telling) -> StatementOfReasons:
    nothing = telling.money(0)
    return telling.statement(
        "no_defect_found",
        say("We found no defect of your product: you owe {nothing} for this claim.", nothing=nothing),
        facts=(
            *telling.claimed(),
            say("{reason}.", reason=in_words.said(in_words.DISPUTES, event.reason.code)),
            say("What the customer was paid stays paid: this changes who bears it, and not that."),
        ),
        amounts=[
            _cost(telling),
            AmountLine(say("asked of you"), nothing, say("we bear it"), "seller", "platform"),
        ],
        policy_version=event.policy_version,
        clauses=[(event.reason.clause, "")],
        evidence=telling.evidence(event.reason.evidence),
        decided=telling.decided(sentence("A machine found this.")),
        then=[say("What we held back from your payouts for this claim goes back to you, in a statement of its own.")],
        contest=Contest(
            (say("Nothing is decided against you here. If a fact is wrong, say so: a person looks at it."),),
            "a person of ours",
        ),
        others_see=(say("The customer does not see who bears the cost."),),
        wrote=[event.reason.words],
    )


# The insurer ------------------------------------------------------------------------------------------------


def insurer_notified(event: tv.InsurerNotified, telling: Telling) -> StatementOfReasons:
    cover = telling.known.covers.get(event.coverage_id)
    asked_minor = max(0, min(event.amount_minor - event.deductible_minor, event.limit_left_minor))
    asked, amount = telling.money(asked_minor), telling.money(event.amount_minor)
    until = telling.until("insurer_answers")
    by = {"until": until} if until else {}
    policy = cover.policy_number if cover else Ours(sentence("on file"))
    mine = telling.to == "insurer"
    title = (
        say(
            sentence("Please answer by {until}: we give notice of a loss of {amount} under your policy {policy}.")
            if until
            else sentence("Please answer: we give notice of a loss of {amount} under your policy {policy}."),
            amount=amount,
            policy=policy,
            **by,
        )
        if mine
        else say(
            "We gave notice of this claim to your insurer {insurer}, under policy {policy}.",
            insurer=cover.insurer if cover else Ours(sentence("on file")),
            policy=policy,
        )
    )
    rest_minor = event.amount_minor - asked_minor
    return telling.statement(
        "insurer_notified",
        title,
        facts=(
            *telling.claimed(),
            *(
                [
                    say(
                        "The policy was in force from {start} until {end}, and so on the day of the incident.",
                        start=cover.starts_on,
                        end=cover.ends_on,
                    )
                ]
                if cover
                else []
            ),
            say("Of its limit {left} is left.", left=telling.money(event.limit_left_minor)),
            say("It names the marketplace as an insured: a person first checks whether money may be asked under it.")
            if event.platform_is_insured
            else say("It does not name the marketplace as an insured."),
        ),
        amounts=[
            AmountLine(say("the claim as tendered"), amount, say("the customer claims it, and the papers support it")),
            AmountLine(
                say("for the insurer"),
                asked,
                say("you pay it, if covered") if mine else say("your insurer pays it, if covered"),
                "insurer",
                "platform",
            ),
            AmountLine(
                say("deductible, and what is over the limit"),
                telling.money(rest_minor),
                say("the seller bears it") if mine else say("you bear it"),
                "seller",
                "platform",
            ),
        ],
        policy_version=telling.after.policy_version,
        clauses=telling.clauses_of_tender(),
        evidence=telling.evidence(),
        decided=telling.decided(
            sentence("A machine gave this notice, from the coverage on file. Nothing is decided by it.")
        ),
        then=[
            say(
                sentence(
                    "You may accept, reserve your rights, ask, or deny with the clause of your policy. If you do not "
                    "answer by {until}, what you would owe is asked of the seller."
                )
                if until
                else sentence(
                    "You may accept, reserve your rights, ask, or deny with the clause of your policy. If you do not "
                    "answer in your time, what you would owe is asked of the seller."
                ),
                **by,
            )
        ]
        if mine
        else [say("If your insurer denies or stays silent, its part is asked of you. You are told, and may contest.")],
        contest=Contest(
            (say("A denial names the clause of your policy that it rests on. A demand can be contested on its own."),)
            if mine
            else (say("Is this the wrong insurer or policy? Say so on the page of the claim: a person looks at it."),),
            "a person of ours",
            until if mine else None,
        ),
        others_see=(
            say("The customer does not see that an insurer was told."),
            say("You see amounts and papers; the customer's name and address stay with us.")
            if mine
            else say("Your insurer sees the file as you do."),
        ),
    )
