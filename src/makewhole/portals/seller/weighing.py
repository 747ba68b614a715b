"""What each answer costs, beside the others: in money, whose it is and which way, and what is kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from makewhole.portals.frame.showing import money
from makewhole.reads.outlook import Answer, Outlook


@dataclass(frozen=True, slots=True)
class Weighed:
    """One answer on the scales. `you` and `insurer` are amounts, or words where there is no amount yet."""

    you: str
    way: str
    insurer: str
    defence: str


def asked_back(
    outlook: Outlook, answer: Answer, amount_minor: int, *, way: str, defence: str, at_most: bool
) -> Weighed:
    """What is asked of the seller and of its insurer once the platform has paid this amount."""
    borne = outlook.of(answer, amount_minor)
    currency = outlook.claim.currency
    told = _("up to %(sum)s") if at_most else "%(sum)s"
    return Weighed(
        you=told % {"sum": money(borne.by_seller_minor, currency)},
        way=way,
        insurer=told % {"sum": money(borne.by_insurer_minor, currency)} if outlook.claim.insurer else "",
        defence=defence,
    )


def nothing(outlook: Outlook, *, way: str, defence: str) -> Weighed:
    """Nothing is owed by this answer."""
    zero = money(0, outlook.claim.currency)
    return Weighed(zero, way, zero if outlook.claim.insurer else "", defence)


def silence(outlook: Outlook) -> Weighed:
    """What follows where no answer comes in time."""
    tender = outlook.claim.tender
    assert tender is not None
    return asked_back(
        outlook, "silent", tender.amount_minor, at_most=False,
        way=_("to us, once we have paid the customer"),
        defence=_("not heard before we pay; you may contest after"),
    )  # fmt: skip
