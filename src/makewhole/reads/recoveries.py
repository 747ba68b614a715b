"""What is asked back, as rows: of whom, how much, what came; and what was released of which payout.

recoveries_of() is a list for one reader; releases() a feed for who pays the payouts out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.ledger.journal import RECEIVABLE
from makewhole.domain.money import Money
from makewhole.domain.recovery.events import FundsReleased
from makewhole.reads.places import instant_of, stamp
from makewhole.store.codec import decode
from makewhole.store.models import Claim, Disbursement, Event, Posting, Recovery, Seller

PAGE = 50
SEES_RECOVERIES: frozenset[RoleName] = frozenset(
    {"seller", "insurer", "adjuster", "reviewer", "programme_owner", "finance", "auditor"}
)
SEES_RELEASES: frozenset[RoleName] = frozenset({"marketplace", "seller", "finance", "programme_owner", "auditor"})


@dataclass(frozen=True, slots=True)
class Release:
    """Goes back to the seller, once: it is paid out with what is left of each of these payouts, or after them."""

    claim_id: UUID
    version: int
    claim_reference: str
    marketplace: str
    seller_ref: str
    at: datetime
    why: str
    lines: tuple[tuple[str, Money], ...]  # the payout's reference, and how much of it

    @property
    def amount(self) -> Money:
        amounts = [amount for _, amount in self.lines]
        return sum(amounts[1:], amounts[0])

    @property
    def place(self) -> str:
        """The cursor of the place after it."""
        return f"{stamp(self.at)}_{self.claim_id}_{self.version}"


def recoveries_of(
    by: Actor, *, stage: str = "", seller_ref: str = "", marketplace: str = "", after: str = "", size: int = PAGE
) -> tuple[list[Recovery], str]:
    """The recoveries that this reader may see, the newest first, with the cursor of the next page."""
    found = seen_by(by).select_related("claim", "seller")
    if stage:
        found = found.filter(stage=stage)
    if seller_ref:
        found = found.filter(seller__seller_ref=seller_ref)
    if marketplace:
        found = found.filter(seller__marketplace_id=marketplace)
    if after:
        at, claim_id, no = after.split("_")
        instant = instant_of(at)
        found = found.filter(
            Q(opened_at__lt=instant)
            | Q(opened_at=instant, claim_id__lt=claim_id)
            | Q(opened_at=instant, claim_id=claim_id, no__lt=no)
        )
    page = list(found.order_by("-opened_at", "-claim_id", "-no")[: size + 1])
    more, page = len(page) > size, page[:size]
    return page, f"{stamp(page[-1].opened_at)}_{page[-1].claim_id}_{page[-1].no}" if more else ""


def releases(
    by: Actor, *, since: datetime | None = None, after: str = "", size: int = PAGE
) -> tuple[list[Release], str]:
    """What was released, the oldest first, from an instant or after a place, with the cursor of the next page.

    Whoever follows it asks again from a little before the last instant that it saw: an act that took longer is written
    later than one that began after it. A release is named by its claim and version, so that twice is known as once.
    """
    found = Event.objects.filter(kind=FundsReleased.__name__, claim_id__in=_claims_seen_by(by))
    if after:
        at, claim_id, version = after.split("_")
        instant = instant_of(at)
        found = found.filter(
            Q(at__gt=instant)
            | Q(at=instant, claim_id__gt=claim_id)
            | Q(at=instant, claim_id=claim_id, version__gt=version)
        )
    elif since is not None:
        found = found.filter(at__gte=since)
    events = list(found.order_by("at", "claim_id", "version")[: size + 1])
    more, events = len(events) > size, events[:size]
    page = _released(events)
    return page, page[-1].place if more else ""


def _released(events: list[Event]) -> list[Release]:
    decoded = [decode(event.body)[1].event for event in events]
    told = [event for event in decoded if isinstance(event, FundsReleased)]
    claims = Claim.objects.select_related("seller").in_bulk({event.claim_id for event in events})
    payouts = Disbursement.objects.in_bulk({line.disbursement_id for event in told for line in event.lines})
    return [
        Release(
            claim_id=row.claim_id,
            version=row.version,
            claim_reference=claims[row.claim_id].reference,
            marketplace=claims[row.claim_id].marketplace_id,
            seller_ref=claims[row.claim_id].seller.seller_ref,
            at=row.at,
            why=event.why,
            lines=tuple(
                (
                    payouts[line.disbursement_id].disbursement_ref,
                    Money(line.amount_minor, claims[row.claim_id].currency),
                )
                for line in event.lines
            ),
        )
        for row, event in zip(events, told, strict=True)
    ]


def find_seller(seller_ref: str, marketplace: str, by: Actor) -> Seller | None:
    """The seller of this reference, where this reader may see what its books say."""
    found = Seller.objects.filter(seller_ref=seller_ref, marketplace_id=marketplace)
    if by.role == "seller":
        assert by.seller_id is not None
        found = found.filter(id=by.seller_id)
    return found.first() if by.works_in(marketplace) else None


def seen_by(by: Actor) -> QuerySet[Recovery]:
    """The recoveries that this reader may see."""
    found = Recovery.objects.all()
    if by.marketplaces:
        # By the seller, of whom there are few; a claim and its seller are of one marketplace.
        found = found.filter(seller__marketplace_id__in=sorted(by.marketplaces))
    if by.role == "seller":
        assert by.seller_id is not None
        return found.filter(seller_id=by.seller_id)
    if by.role == "insurer":
        assert by.insurer_id is not None
        # Of which something is, or was, asked of it: not what its insured, or a producer, owes alone.
        asked = Posting.objects.filter(claim_id=OuterRef("claim_id"), account=RECEIVABLE["insurer"])
        return found.filter(Exists(asked), claim__insurer_id=by.insurer_id)
    return found


def _claims_seen_by(by: Actor) -> QuerySet[Recovery, UUID]:
    return seen_by(by).filter(released_minor__gt=0).values_list("claim_id", flat=True)
