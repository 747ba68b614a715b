"""Answers to the other side that are prepared for this claim: to a rejection, a contest, a proof of insurance, a
settlement, and the finding that there was no defect. What a claimant is shown stands in prepared.py.

The sentences speak to the debtor, whom the words reach; what only a person can see stands in [brackets]. What is
taken from the claim are facts that the other side reads on its own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makewhole.domain.recovery.state import Contest
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import Prepared, Told
from makewhole.portals.frame.showing import day, money
from makewhole.reads.views import ClaimView

Clauses = Iterable[tuple[str, str]]  # what may be cited, and what it says


def to_rejection(view: ClaimView, clauses: Clauses) -> list[Prepared]:
    """For each reason of the seller's rejection, an answer and the clause that it rests on."""
    tender = view.claim.tender
    reasons = [code for code in (tender.reasons if tender else ()) if code in _TO_REJECTION]
    cited = [clause for clause, _says in clauses]
    return _own_first(
        Prepared(
            code,
            capfirst(words.said(code, words.DISPUTES)),
            {f"words_{code}": _told(_TO_REJECTION[code], view), f"clause_{code}": _row(_ROWS.get(code, ""), cited)},
            _speaks(code, view),
        )
        for code in reasons
    )


def to_contest(view: ClaimView, contest: Contest) -> list[Prepared]:
    """For each reason of a contest, words with which it is dismissed, and with which it is upheld."""
    return _own_first(
        Prepared(
            f"{code}-{outcome}",
            f"{words.CONTEST_OUTCOMES[outcome]}: {words.said(code, words.DISPUTES)}",
            {"outcome": outcome, "code": code, "words": _told(told, view)},
            outcome == "dismissed" and _speaks(code, view),
        )
        for code in contest.reasons
        for outcome, told in _TO_CONTEST.get(code, {}).items()
    )


def to_proof_of_insurance(view: ClaimView) -> list[Prepared]:
    """What a proof of insurance may lack."""
    return [
        Prepared(code, title, {"proves": "no", "words": _told(told, view)}) for code, (title, told) in _TO_PROOF.items()
    ]


def no_defect(view: ClaimView) -> list[Prepared]:
    return [
        Prepared(code, capfirst(words.said(code, words.DISPUTES)), {"code": code, "words": _told(told, view)})
        for code, told in _NO_DEFECT.items()
    ]


def on_settlement(view: ClaimView, *, may_close: bool) -> list[Prepared]:
    """`may_close`: the claimant's time to confirm is over, and the evidence may decide that it was settled."""
    return [
        Prepared(settled, title, {"settled": settled, "words": _told(told, view)})
        for settled, (title, told) in _ON_SETTLEMENT.items()
        if may_close or settled == "no"
    ]


# The sentences ------------------------------------------------------------------------------------------------

_TO_REJECTION: Mapping[str, Told] = {
    "no_defect": gettext_lazy(
        "You say that {product} had no defect. The photos show [what they show], on {on}, in ordinary use. {sent} "
        "We find no other cause in it."
    ),
    "misuse": gettext_lazy(
        "You say that {product} was not used as it is meant to be. It was used [how]; the instructions "
        "[allow it, or do not warn of it: where]. {sent}"
    ),
    "not_our_product": gettext_lazy(
        "Order {order} is of {product}, sold by you. The photos show [label, model or number], which is that product."
    ),
    "not_delivered_by_us": gettext_lazy(
        "Order {order} of {product} was delivered on [day], by [carrier and number], as your order. {sent}"
    ),
    "amount_too_high": gettext_lazy(
        "We go by the papers: {claimed} is claimed, and they show {shown}. {sent} None of it shows a lower amount."
    ),
    "settled_before": gettext_lazy(
        "You say that it was settled before. {sent} It does not show that {claimed} was paid for the damage of {on}: "
        "[what it shows]."
    ),
    "proof_not_genuine": gettext_lazy(
        "We looked at each photo and paper: [what was looked at]. {photos} {sent} It does not "
        "show that one of them was changed."
    ),
    "other": gettext_lazy("You say: [the reason]. We see it otherwise, because [the fact that speaks against it]."),
}
_TO_CONTEST: Mapping[str, Mapping[str, Told]] = {
    "no_defect": {
        "dismissed": gettext_lazy(
            "The photos show [what they show], on {on}, in ordinary use. {sent} We find no other cause in it."
        ),
        "upheld": gettext_lazy("{sent} It shows that {product} had no defect: [what it shows]."),
    },
    "misuse": {
        "dismissed": gettext_lazy(
            "{product} was used [how]; the instructions [allow it, or do not warn of it: where]. {sent}"
        ),
        "upheld": gettext_lazy(
            "{product} was used [how], against the instructions: [where they say it]. Without that it would not have "
            "happened."
        ),
    },
    "not_our_product": {
        "dismissed": gettext_lazy(
            "Order {order} is of {product}. The photos show [label, model or number], which is that product."
        ),
        "upheld": gettext_lazy("The photos show [label, model or number], which is not {product} of order {order}."),
    },
    "insured": {
        "dismissed": gettext_lazy(
            "No insurance is on file that was in force on {on}. What you sent shows [insurer, number and period]."
        ),
        "upheld": gettext_lazy("Your insurance was in force on {on}: [insurer, number and period]."),
    },
    "amount": {
        "dismissed": gettext_lazy("We paid {paid}, and the papers show {shown}. {sent} None of it shows less."),
        "upheld": gettext_lazy("We paid {paid}; what you sent shows that [amount] was right: [what it shows]."),
    },
    "paid_before": {
        "dismissed": gettext_lazy(
            "{sent} It shows no payment to the customer for the damage of {on}: [what it shows]."
        ),
        "upheld": gettext_lazy("You had paid the customer [amount] for the damage of {on}, on [day], by [reference]."),
    },
    "not_heard": {
        "dismissed": gettext_lazy(
            "The claim was handed to you on {tendered}, with the file and the time to answer. [What came of it.]"
        ),
        "upheld": gettext_lazy("The claim was not handed to you as it has to be: [what was missing]."),
    },
    "not_covered": {
        "dismissed": gettext_lazy("The clause that you name, [clause], does not exclude {product}: [why]."),
        "upheld": gettext_lazy("The clause that you name, [clause], excludes what happened on {on}: [why]."),
    },
    "other": {
        "dismissed": gettext_lazy(
            "You say: [the reason]. We see it otherwise, because [the fact that speaks against it]."
        ),
        "upheld": gettext_lazy("You say: [the reason]. You are right, because [the fact that speaks for it]."),
    },
}
_TO_PROOF: Mapping[str, tuple[Told, Told]] = {
    "period": (
        gettext_lazy("Not in force on that day"),
        gettext_lazy("The policy that you sent runs [from, until]; {on}, the day of the incident, is not within it."),
    ),
    "insured": (
        gettext_lazy("Somebody else is insured"),
        gettext_lazy(
            "The paper names [who] as the insured. We need one that names {seller}, or shows why it is the same."
        ),
    ),
    "no_policy": (
        gettext_lazy("A quote, an application or an invoice"),
        gettext_lazy(
            "What you sent is [a quote, an application, an invoice]. It does not show that a policy is in force."
        ),
    ),
    "products": (
        gettext_lazy("Products are not covered"),
        gettext_lazy(
            "The paper does not show cover for harm by products, or not for {product}. Please ask your broker for one "
            "that does."
        ),
    ),
    "unreadable": (
        gettext_lazy("It cannot be read"),
        gettext_lazy(
            "We cannot read [the number, the period, the insured] on what you sent. Please send the paper whole."
        ),
    ),
}
_NO_DEFECT: Mapping[str, Told] = {
    "no_defect": gettext_lazy("{sent} It shows that {product} had no defect: [what it shows]."),
    "misuse": gettext_lazy(
        "{product} was used [how], against the instructions: [where they say it]. Without that it would not have "
        "happened."
    ),
    "not_our_product": gettext_lazy(
        "The photos show [label, model or number], which is not {product} of order {order}."
    ),
}
_ON_SETTLEMENT: Mapping[str, tuple[Told, Told]] = {
    "yes": (
        gettext_lazy("What was sent shows that it was settled"),
        gettext_lazy(
            "The seller sent [what], which shows that [amount] was paid to the customer on [day] for the damage of "
            "{on}."
        ),
    ),
    "no": (
        gettext_lazy("What was sent does not show it"),
        gettext_lazy("{sent_of_seller} It does not show that it was settled: [what is missing]."),
    ),
}

# The clause that an answer to a rejection rests on.
_ROWS = {
    "no_defect": "payable_heads.payable",
    "misuse": "payable_heads.payable",
    "amount_too_high": "proof_required.",
    "proof_not_genuine": "proof_required.",
}


def _row(wanted: str, clauses: list[str]) -> str:
    return next((clause for clause in clauses if wanted and f"· {wanted}" in clause), "")


# The facts ----------------------------------------------------------------------------------------------------


def _told(sentence: Told, view: ClaimView) -> str:
    claim = view.claim
    shown = sum(part.supported_minor or 0 for part in view.exposures)
    tendered = claim.tender.tendered_at if claim.tender else claim.filed_at
    return str(sentence).format(
        product=view.product_title,
        order=view.order_ref,
        seller=view.seller_name,
        on=day(view.loss_date),
        claimed=money(claim.claimed_minor, claim.currency),
        shown=money(shown, claim.currency),
        paid=money(claim.paid_minor, claim.currency),
        tendered=day(view.calendar.day_of(tendered)),
        photos=_photos(view),
        sent=_sent(view),
        sent_of_seller=_sent_of_seller(view),
    )


def _photos(view: ClaimView) -> str:
    return _("No photo was used in another claim.") if _own_photos(view) else _("[What the look at the photos found.]")


def _own_photos(view: ClaimView) -> bool:
    return any(check.name == "reused_photo" and check.outcome == "pass" for check in view.checks)


def _sent(view: ClaimView) -> str:
    number = _files(view)
    if not number:
        return _("You sent no photo and no paper.")
    return ngettext("Your file shows: [what it shows].", "Your {number} files show: [what they show].", number).format(
        number=number
    )


def _sent_of_seller(view: ClaimView) -> str:
    number = _files(view)
    if not number:
        return _("The seller sent no photo and no paper.")
    return ngettext(
        "The seller's file shows: [what it shows].", "The seller's {number} files show: [what they show].", number
    ).format(number=number)


def _files(view: ClaimView) -> int:
    return sum(item.sent_by in ("seller", "insurer", "producer") and not item.superseded for item in view.evidence)


def _speaks(code: str, view: ClaimView) -> bool:
    """Whether the claim's own facts speak against this reason: then its words need little more."""
    shown = sum(part.supported_minor or 0 for part in view.exposures)
    tender = view.claim.tender
    match code:
        case "amount_too_high":
            return not _files(view) and shown >= view.claim.claimed_minor
        case "amount":
            return not _files(view) and shown >= view.claim.paid_minor
        case "proof_not_genuine":
            return _own_photos(view)
        case "not_heard":
            return tender is not None and tender.answer == "silent"
        case _:
            return False


def _own_first(found: Iterable[Prepared]) -> list[Prepared]:
    return sorted(found, key=lambda each: not each.fits)
