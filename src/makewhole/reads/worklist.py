"""Who waits for what: the claims that need somebody, most urgent first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F, Q, QuerySet

from makewhole.domain.actors import Actor
from makewhole.store.models import Claim

PAGE = 50
# Which turns and tasks a role answers for.
TURNS = {
    "adjuster": ("adjuster",),
    "reviewer": ("reviewer", "adjuster"),
    "programme_owner": ("reviewer", "adjuster"),
    "finance": ("finance",),
}
TASKS = {
    "reviewer": ["quality_review", "seller_evidence", "repeated_notice", "missed_claimant_answers"],
    "adjuster": ["seller_evidence", "repeated_notice", "missed_claimant_answers"],
    "safety_officer": ["safety_review", "missed_safety_review"],
    "programme_owner": ["missed_decision", "missed_whole_claim", "quality_review"],
    "finance": ["missed_pay", "payment_returned"],
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One page of claims, and how many there are and are late in all."""

    claims: list[Claim]
    total: int
    late: int
    next_after: str


def worklist(by: Actor, *, now: datetime, mine: bool = False, after: str = "", size: int = PAGE) -> Waiting:
    """What waits for this role, the nearest clock first. `after` is the cursor that the page before gave."""
    found = _waiting_for(by)
    if mine:
        found = found.filter(assigned_to=by.name)
    total, late = found.count(), found.filter(due_at__lt=now).count()
    page = list(_after(found, after).order_by(F("due_at").asc(nulls_last=True), "id")[: size + 1])
    more = len(page) > size
    page = page[:size]
    return Waiting(page, total, late, cursor(page[-1]) if more else "")


def claims_of(by: Actor, *, after: str = "", size: int = PAGE) -> tuple[list[Claim], str]:
    """All claims that this reader may see, newest first, with the cursor of the next page."""
    found = _visible(by).order_by("-noticed_at", "-id").select_related("order_line", "seller")
    if after:
        at, _, claim_id = after.partition("_")
        instant = _instant(at)
        found = found.filter(Q(noticed_at__lt=instant) | Q(noticed_at=instant, id__lt=claim_id))
    page = list(found[: size + 1])
    more = len(page) > size
    page = page[:size]
    return page, f"{_stamp(page[-1].noticed_at)}_{page[-1].id}" if more else ""


def _visible(by: Actor) -> QuerySet[Claim]:
    found = Claim.objects.all()
    if by.marketplaces:
        found = found.filter(marketplace_id__in=by.marketplaces)
    if by.role == "claimant":
        assert by.claimant_id is not None
        return found.filter(claimant_id=by.claimant_id)
    if by.role == "seller":
        assert by.seller_id is not None
        # A seller hears of a claim only after screening: then it has a track.
        return found.filter(seller_id=by.seller_id).exclude(track="")
    if by.role in ("insurer", "producer"):
        # A producer comes by a link to one claim, and has no list.
        return found.none()
    return found


def _waiting_for(by: Actor) -> QuerySet[Claim]:
    turns, tasks = TURNS.get(by.role, ()), TASKS.get(by.role, [])
    return _visible(by).filter(Q(turn__in=turns) | Q(tasks__overlap=tasks)).select_related("order_line", "seller")


def cursor(claim: Claim) -> str:
    return f"{_stamp(claim.due_at) if claim.due_at else 'none'}_{claim.id}"


def _after(found: QuerySet[Claim], after: str) -> QuerySet[Claim]:
    if not after:
        return found
    at, _, claim_id = after.partition("_")
    if at == "none":
        return found.filter(due_at=None, id__gt=claim_id)
    due_at = _instant(at)
    return found.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=claim_id) | Q(due_at=None))


def _stamp(instant: datetime) -> str:
    return str(int(instant.timestamp() * 1_000_000))


def _instant(stamp: str) -> datetime:
    return datetime.fromtimestamp(int(stamp) / 1_000_000, UTC)
