"""Claims like this one, so that like is decided alike: each with what was claimed, what came of it, and why.

Only claims that the reader may see. The number of queries is fixed, and each looks at a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from makewhole.domain.actors import Actor
from makewhole.domain.claim.state import Claim
from makewhole.reads.worklist import visible
from makewhole.store.models import Claim as ClaimRow
from makewhole.store.models import Evidence, Exposure, MatchDigest, OrderLine, PhotoBand
from makewhole.store.photos import SAME_PHOTO_BITS, distance

MOST = 5  # of each kind
_NEWEST = 300  # so many claims of a seller, or of a marketplace, are looked through
_DAYS = 180  # and of a category not older than this
_SHARED = 200  # so many digests or files may be shared before we stop looking

# Why a claim is like another, the strongest first: what is shared says more than what is of the same kind.
KINDS = ("photo", "payee", "contact", "claimant", "product", "category")


@dataclass(frozen=True, slots=True)
class Similar:
    """One claim like this one. `why`: in how many ways, by KINDS. Refused parts with their reason's code."""

    row: ClaimRow
    why: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def shares(self) -> bool:
        """It has something in common that a person looks at; not only the kind of thing."""
        return not {"photo", "payee", "contact", "claimant"}.isdisjoint(self.why)


def similar_claims(claim: Claim, by: Actor) -> list[Similar]:
    """The claims most like this one, what is shared first, then the newest."""
    line = OrderLine.objects.only("product_ref", "category", "seller_id").get(pk=claim.filed.order_line_id)
    others = visible(by).exclude(pk=claim.claim_id)
    found: dict[UUID, list[str]] = {}
    for kind, ids in (
        ("photo", _with_the_same_files(claim.claim_id, others)),
        *_with_the_same_contacts(claim, others),
        ("claimant", _newest(others.filter(claimant_id=claim.filed.claimant_id))),
        ("product", _of_the_product(line, others)),
        ("category", _of_the_category(line, claim, others)),
    ):
        for claim_id in ids:
            found.setdefault(claim_id, []).append(kind)
    return _told(found)


def _told(found: dict[UUID, list[str]]) -> list[Similar]:
    rows = ClaimRow.objects.filter(pk__in=found).select_related("order_line", "seller")
    reasons: dict[UUID, list[str]] = {}
    refused = Exposure.objects.filter(claim_id__in=found, refused_minor__gt=0).order_by("claim_id", "no")
    for claim_id, code in refused.values_list("claim_id", "reason_code"):
        reasons.setdefault(claim_id, []).append(code)
    told = [Similar(row, tuple(found[row.pk]), tuple(dict.fromkeys(reasons.get(row.pk, ())))) for row in rows]
    return sorted(told, key=lambda each: (_rank(each), -each.row.noticed_at.timestamp(), str(each.row.pk)))


def _rank(each: Similar) -> int:
    return min(KINDS.index(kind) for kind in each.why)


def _newest(found: QuerySet[ClaimRow], most: int = MOST) -> list[UUID]:
    return list(found.order_by("-noticed_at", "-pk").values_list("pk", flat=True)[:most])


def _of_the_product(line: OrderLine, others: QuerySet[ClaimRow]) -> list[UUID]:
    """The same product of the same seller, among the newest claims about what it sold."""
    newest = others.filter(seller=line.seller_id).order_by("-noticed_at", "-pk")[:_NEWEST]
    return _newest(
        ClaimRow.objects.filter(pk__in=newest.values("pk"), order_line__product_ref=line.product_ref)
    )  # fmt: skip


def _of_the_category(line: OrderLine, claim: Claim, others: QuerySet[ClaimRow]) -> list[UUID]:
    """The same kind of thing with the same kind of harm, lately, in this marketplace: those that were decided."""
    if not line.category:
        return []
    since = claim.filed_at - timedelta(days=_DAYS)
    newest = others.filter(marketplace=claim.filed.marketplace, noticed_at__gt=since).order_by("-noticed_at", "-pk")
    looked_through = ClaimRow.objects.filter(pk__in=newest.values("pk")[:_NEWEST])
    alike = looked_through.filter(order_line__category=line.category, injury=claim.filed.injury)
    return _newest(alike.filter(Q(approved_minor__gt=0) | Q(refused_minor__gt=0)))


def _with_the_same_contacts(claim: Claim, others: QuerySet[ClaimRow]) -> list[tuple[str, list[UUID]]]:
    """Other people's claims to the same account; and those that share a mail, phone or address."""
    own = list(MatchDigest.objects.filter(claim_id=claim.claim_id).values_list("kind", "digest"))
    if not own:
        return []
    same = Q()
    for kind, digest in own:
        same |= Q(kind=kind, digest=digest)
    shared = MatchDigest.objects.filter(same).exclude(claimant_id=claim.filed.claimant_id)
    ids: dict[str, set[UUID]] = {"payee": set(), "contact": set()}
    for kind, claim_id in shared.order_by("-at").values_list("kind", "claim_id")[:_SHARED]:
        ids["payee" if kind == "payee" else "contact"].add(claim_id)
    seen = set(others.filter(pk__in=ids["payee"] | ids["contact"]).values_list("pk", flat=True))
    return [(kind, sorted(found & seen)[:MOST]) for kind, found in ids.items()]


def _with_the_same_files(claim_id: UUID, others: QuerySet[ClaimRow]) -> list[UUID]:
    """Claims with the same file, or with a photo that looks the same: one of its four bands is equal then."""
    files = Evidence.objects.filter(claim_id=claim_id).values_list("pk", "sha256", "photo_hash")
    own = [(pk, bytes(sha), mark) for pk, sha, mark in files]
    bands = PhotoBand.objects.filter(evidence__in=[pk for pk, _sha, _hash in own]).values_list("band", "bits")
    same = Q(sha256__in=[sha for _pk, sha, _hash in own])
    for band, bits in bands:
        same |= Q(photoband__band=band, photoband__bits=bits)
    if not own:
        return []
    near = Evidence.objects.filter(same, claim_id__isnull=False).exclude(claim_id=claim_id)
    rows = near.values_list("claim_id", "sha256", "photo_hash").distinct()[:_SHARED]
    ids = {other for other, sha, mark in rows if other and _is_same(bytes(sha), mark, own)}
    return _newest(others.filter(pk__in=ids))


def _is_same(sha: bytes, mark: int | None, own: Iterable[tuple[UUID, bytes, int | None]]) -> bool:
    return any(
        sha == theirs or (mark is not None and its is not None and distance(mark, its) <= SAME_PHOTO_BITS)
        for _pk, theirs, its in own
    )
