"""Concerns that are prepared for this claim: code, clause of the version in force, and words with the claim's own
facts. What is prepared as an answer to a seller stands in prepared_answers.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from makewhole.domain.claim.state import Exposure
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import Prepared
from makewhole.portals.frame.clauses import citable
from makewhole.portals.frame.showing import day, money
from makewhole.reads.views import ClaimView


def concerns(view: ClaimView, at: datetime) -> list[Prepared]:
    """Every reason that can be cited on this claim, those that its facts speak for first."""
    clauses = [clause for clause, _says in citable(view, at)]
    open_ = [part for part in view.exposures if part.open_minor]
    found = []
    for code, prepare in _PREPARE.items():
        parts, told = prepare(view, open_)
        about = parts or open_
        clause = _clause(code, clauses, about)
        if about and clause:
            fields: dict[str, str | list[str]] = {
                "parts": [str(part.no) for part in about],
                "code": code,
                "clause": clause,
                "words": told,
            }
            found.append(Prepared(code, words.said(code, words.REASONS), fields, bool(parts)))
    return sorted(found, key=lambda each: not each.fits)


# The table whose row a reason rests on.
_ROWS: dict[str, str] = {
    "not_supported": "proof_required",
    "worth_less": "proof_required",
    "not_caused": "payable_heads",
    "not_as_told": "proof_required",
    "paid_elsewhere": "payable_heads",
    "not_payable": "payable_heads",
    "too_late": "in_scope",
    "digital": "in_scope",
    "not_bought_here": "in_scope",
}


def _clause(code: str, clauses: list[str], parts: list[Exposure]) -> str:
    """The clause that fits best: one that names the part's head, or the reason, before any of its table."""
    of_table = [clause for clause in clauses if f"· {_ROWS[code]}." in clause]
    about = [clause for clause in of_table if clause.endswith(f".{code}")]
    named = [clause for clause in of_table if any(_row(clause) in part.head for part in parts)]
    against = [clause for clause in of_table if code != "not_payable" or _row(clause) != "payable"]
    best = about or named or against
    return best[0] if best else ""


def _row(clause: str) -> str:
    return clause.rpartition(".")[2]


def _not_supported(view: ClaimView, open_: list[Exposure]) -> tuple[list[Exposure], str]:
    short = [part for part in open_ if part.supported_minor is not None and part.supported_minor < part.claimed_minor]
    told = [
        _("For {head} you claim {claimed}; what you sent shows {shown}, so {missing} is not shown.").format(
            head=_head(part),
            claimed=_sum(part.claimed_minor, view),
            shown=_sum(part.supported_minor or 0, view),
            missing=_sum(part.claimed_minor - (part.supported_minor or 0), view),
        )
        for part in short or open_
    ]
    asks = _("Please send a receipt, an estimate or a bill that shows the rest.")
    return short, " ".join([*told, asks])


def _worth_less(view: ClaimView, open_: list[Exposure]) -> tuple[list[Exposure], str]:
    things = [part for part in open_ if part.head == "property_damage"]
    return [], _(
        "You claim {claimed} for the damaged thing. It was [age] old on {on}, and a thing like it was then worth about "
        "[amount]. If it was newer, or worth more, please send what shows it."
    ).format(claimed=_sum(sum(part.claimed_minor for part in things or open_), view), on=day(view.loss_date))


def _not_caused(view: ClaimView, _open: list[Exposure]) -> tuple[list[Exposure], str]:
    return [], _(
        "What you sent shows the damage, but not that {product} caused it: [what the pictures show]. Please send what "
        "shows how it happened, such as a photo of the product as it is now."
    ).format(product=view.product_title)


def _not_as_told(view: ClaimView, open_: list[Exposure]) -> tuple[list[Exposure], str]:
    early = any(check.name == "incident_before_delivery" and check.outcome == "refer" for check in view.checks)
    if early:
        check = next(check for check in view.checks if check.name == "incident_before_delivery")
        told = _(
            "You say that it happened on {on}; by the carrier's record the product came later ({found}). "
            "Please tell us the right day, or send what shows the delivery."
        ).format(on=day(view.loss_date), found=check.found)
        return open_, told
    return [], _(
        "You say that it happened on {on}: [what was told]. What you sent shows: [what it shows]. "
        "Please explain the difference."
    ).format(on=day(view.loss_date))


def _paid_elsewhere(view: ClaimView, _open: list[Exposure]) -> tuple[list[Exposure], str]:
    return [], _(
        "We have word that [who] paid you [amount] for the same damage on [day]. What was paid elsewhere is not paid "
        "again. If that is not so, please tell us."
    )


def _not_payable(view: ClaimView, open_: list[Exposure]) -> tuple[list[Exposure], str]:
    not_paid = [part for part in open_ if part.head not in _PAYABLE]
    heads = words.listed([_head(part) for part in not_paid]) if not_paid else _("[the kind of loss]")
    return not_paid, _(
        "The guarantee pays damaged property, medical expense, lost wages and the price of the product. It does not "
        "pay {heads}. You keep every right that the law gives you against the seller."
    ).format(heads=heads)


def _too_late(view: ClaimView, _open: list[Exposure]) -> tuple[list[Exposure], str]:
    days = (view.calendar.day_of(view.claim.filed_at) - view.loss_date).days
    return [], _(
        "It happened on {on}, and your claim came {days} days later, on {filed}. The guarantee takes claims within the "
        "filing days of its rules. If something kept you from claiming earlier, please tell us."
    ).format(on=day(view.loss_date), days=days, filed=day(view.calendar.day_of(view.claim.filed_at)))


def _digital(view: ClaimView, _open: list[Exposure]) -> tuple[list[Exposure], str]:
    return [], _("{product} is not a physical product; the guarantee is for harm by things that were shipped.").format(
        product=view.product_title
    )


def _not_bought_here(view: ClaimView, _open: list[Exposure]) -> tuple[list[Exposure], str]:
    return [], _(
        "The thing on your pictures is not the one of order {order}: [the difference]. "
        "If it is, please send a photo of its label."
    ).format(order=view.order_ref)


_PREPARE: dict[str, Callable[[ClaimView, list[Exposure]], tuple[list[Exposure], str]]] = {
    "not_supported": _not_supported,
    "worth_less": _worth_less,
    "not_caused": _not_caused,
    "not_as_told": _not_as_told,
    "paid_elsewhere": _paid_elsewhere,
    "not_payable": _not_payable,
    "too_late": _too_late,
    "digital": _digital,
    "not_bought_here": _not_bought_here,
}
_PAYABLE = frozenset({"property_damage", "medical_expense", "lost_wages", "purchase_price"})


def _head(part: Exposure) -> str:
    return words.said(part.head, words.HEADS).lower()


def _sum(minor: int, view: ClaimView) -> str:
    return money(minor, view.claim.currency)
