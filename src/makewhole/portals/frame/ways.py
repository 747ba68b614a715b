"""Where each role may go: the frame's navigation, and the start page with a sentence on each. The rules stand at the
foot of every page too, so the navigation leaves them out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from makewhole.domain.actors import Actor, RoleName
from makewhole.portals.frame.acts import Told


@dataclass(frozen=True, slots=True)
class Way:
    """A place to go to from here. `in_nav`: also from every page, and not from the start alone."""

    address: str
    title: Told
    says: Told
    in_nav: bool = True


QUEUE = Way("/queue", _("What waits"), _("The claims that need you, the nearest deadline first."))
CLAIMS = Way("/claims", _("All claims"), _("Every claim that you may see, the newest first."))
PROGRAMME = Way("/programme", _("Programme"), _("Clocks kept and missed, how soon the money came, who bears it."))
RECOVERIES = Way("/recoveries", _("Recoveries"), _("What is asked back, of whom, how much came, and what waits."))
BOOKS = Way("/books", _("Books"), _("A trial balance at any day, each account, and each entry."))
STANDING = Way("/standing", _("Standing"), _("Disputes that wait, and sellers that are restricted."))
INBOX = Way("/inbox", _("Inbox"), _("What waits for your answer, and what you were told."))
CONTACTS = Way("/contacts", _("Contacts"), _("Who gets our mails, and where your program is told by webhook."))
RULES = Way("/policies", _("The rules"), _("Every published version of the guarantee, with its sources."), in_nav=False)
WAYS: dict[RoleName, tuple[Way, ...]] = {
    "claimant": (
        Way("/orders", _("Your orders"), _("Something broke, burned or hurt somebody? Start from the order.")),
        Way("/claims", _("Your claims"), _("Where each stands, and what is waited for.")),
        RULES,
    ),
    "seller": (
        INBOX,
        Way("/claims", _("Claims"), _("Claims about your products, with the file and the reasons.")),
        Way("/recoveries", _("What you owe"), _("What is asked of you, contests, and your statements.")),
        Way("/insurance", _("Insurance"), _("Your policies on file, and what a gap would cost.")),
        Way("/standing", _("Your standing"), _("Each fact that counts, and how to dispute it.")),
        CONTACTS,
    ),
    "insurer": (
        Way("/tenders", _("To answer"), _("Claims that wait for your answer, each with your part of it.")),
        Way("/claims", _("Claims"), _("Claims that you were notified of, with the file and the reasons.")),
        Way("/recoveries", _("What you owe"), _("What is asked of you under your policies, and until when.")),
        INBOX,
        CONTACTS,
        RULES,
    ),
    "adjuster": (QUEUE, CLAIMS, RULES),
    "reviewer": (QUEUE, CLAIMS, STANDING, RULES),
    "safety_officer": (QUEUE, CLAIMS, RULES),
    "finance": (
        Way("/finance", _("Money"), _("What waits for your signature, came back, or does not reconcile.")),
        QUEUE,
        RECOVERIES,
        CLAIMS,
        RULES,
    ),
    "programme_owner": (
        PROGRAMME,
        QUEUE,
        RECOVERIES,
        CLAIMS,
        replace(BOOKS, in_nav=False),
        replace(STANDING, in_nav=False),
        RULES,
    ),
    "auditor": (
        Way("/audit", _("Audit"), _("The log, who decided what, who may do what, and who changed the rules.")),
        PROGRAMME,
        CLAIMS,
        BOOKS,
        # The page of the audit leads to these, and to more.
        replace(RECOVERIES, in_nav=False),
        replace(STANDING, in_nav=False),
        RULES,
    ),
    "administrator": (
        Way("/admin", _("Administration"), _("What failed, with a button; people, tokens, marketplaces, webhooks.")),
        STANDING,
        RULES,
    ),
    "marketplace": (RULES,),
}


def ways(by: Actor) -> tuple[Way, ...]:
    """The pages of a role."""
    return WAYS.get(by.role, (RULES,))
