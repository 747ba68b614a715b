"""What an administrator looks at: people and their roles, tokens, marketplaces with their feeds, webhooks.

Start at people(). Each list is a page with a cursor, and asks a fixed number of queries. An administrator of some
marketplaces sees what is in them, and nothing of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Count, Max, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.people.models import Account, ApiToken, RoleAssignment, RoleChange
from makewhole.store import policies
from makewhole.store.accounts import seen_by, wholly_within
from makewhole.store.models import (
    AdminAct,
    Delivery,
    Holiday,
    ImportRun,
    Insurer,
    Marketplace,
    Seller,
    WebhookEndpoint,
)

PAGE = 50
FEEDS = ("orders", "sellers", "disbursements", "coverages")
_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Held:
    """A role of an account in words' parts: where, and of which seller or insurer."""

    number: int
    role: str
    marketplace: str
    of: str


@dataclass(frozen=True, slots=True)
class Person:
    account: Account
    roles: list[Held]
    invited: bool  # no password yet


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of who gave or took what."""

    at: datetime
    act: str
    role: Held
    by: str


@dataclass(frozen=True, slots=True)
class TokenTold:
    token: ApiToken
    account: Account
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """What of a marketplace's data came last, and whether that went well."""

    subject: str
    run: ImportRun | None


@dataclass(frozen=True, slots=True)
class Place:
    """A marketplace, the policy version that decides in it now, its feeds, and until when its holidays are known."""

    row: Marketplace
    version: str
    feeds: list[Feed] = field(default_factory=list)
    holidays_until: date | None = None


@dataclass(frozen=True, slots=True)
class EndpointTold:
    row: WebhookEndpoint
    whose: str
    failed: int
    last_at: datetime | None


# People ----------------------------------------------------------------------------------------------


def people(by: Actor, *, query: str = "", role: str = "", after: int | None = None) -> tuple[list[Person], int | None]:
    """Accounts by name or address, the newest first; and the cursor of the next page."""
    found = seen_by(by)
    if query:
        found = found.filter(Q(name__icontains=query) | Q(email__icontains=query))
    if role:
        held = RoleAssignment.objects.filter(role=role)
        if by.marketplaces:
            held = held.filter(marketplace__in=by.marketplaces)
        found = found.filter(id__in=held.values("account"))
    if after is not None:
        found = found.filter(id__lt=after)
    page = list(found.order_by("-id")[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    return _persons(page, by), page[-1].pk if more else None


def person(account_id: int, by: Actor) -> Person:
    """One of them. Refuses `unknown_account`."""
    found = seen_by(by).filter(id=account_id).first()
    if found is None:
        raise Refused("unknown_account")
    return _persons([found], by)[0]


def is_wholly_within(account: Account, by: Actor) -> bool:
    """Whether this administrator may do something to it as a whole."""
    return wholly_within(by).filter(id=account.pk).exists()


def changes_of(account: Account | None, by: Actor, *, size: int = PAGE) -> list[tuple[Account, Changed]]:
    """What was done with an account, or with all of them, the newest first."""
    rows = RoleChange.objects.select_related("account")
    rows = rows.filter(account=account) if account is not None else rows
    if by.marketplaces:
        rows = rows.filter(account__in=seen_by(by).values("id"))
        rows = rows.filter(Q(marketplace__in=by.marketplaces) | Q(role=""))
    page = list(rows.order_by("-id")[:size])
    names, people_named = _Names(page), _people_named(row.by for row in page)
    return [(row.account, Changed(row.at, row.act, names.held(row), people_named.get(row.by, row.by))) for row in page]


def acts_of_administrators(*, size: int = 20) -> list[tuple[AdminAct, str]]:
    """The newest buttons that were pressed, each with who pressed it."""
    page = list(AdminAct.objects.order_by("-id")[:size])
    names = _people_named(row.by for row in page)
    return [(row, names.get(row.by, row.by)) for row in page]


def sellers_called(words: str, marketplace: str, *, most: int = 20) -> list[Seller]:
    """By the marketplace's own key, or by part of the name."""
    here = Seller.objects.filter(marketplace=marketplace)
    exact = list(here.filter(seller_ref=words)[:1])
    return exact or list(here.filter(name__icontains=words).order_by("name", "id")[:most])


def insurers_called(words: str, *, most: int = 20) -> list[Insurer]:
    exact = list(Insurer.objects.filter(name=words)[:1])
    return exact or list(Insurer.objects.filter(name__icontains=words).order_by("name", "id")[:most])


# Tokens ----------------------------------------------------------------------------------------------


def tokens(by: Actor, *, after: int | None = None) -> tuple[list[TokenTold], int | None]:
    """All that this administrator may end, the newest first."""
    found = ApiToken.objects.select_related("account")
    if by.marketplaces:
        found = found.filter(account__in=wholly_within(by).values("id"))
    if after is not None:
        found = found.filter(id__lt=after)
    page = list(found.order_by("-id")[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    counted = _counted_now([token.pk for token in page])
    told = [TokenTold(token, token.account, _later(counted.get(token.pk), token.last_used_at)) for token in page]
    return told, page[-1].pk if more else None


def may_have_token(email: str, by: Actor) -> Account:
    """The account of this address, where this administrator may make a token for it. Refuses `unknown_account`."""
    found = wholly_within(by).filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise Refused("unknown_account")
    return found


def _counted_now(ids: list[int]) -> dict[int, datetime]:
    """The newest minute that is still counted of each; older ones stand in the token's own row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select token_id, max(minute) from people_ratewindow where token_id = any(%s) group by token_id", [ids]
        )
        return {token: datetime.fromtimestamp(minute * 60, UTC) for token, minute in cursor.fetchall()}


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


# Marketplaces ----------------------------------------------------------------------------------------


def places(by: Actor, now: datetime) -> list[Place]:
    """The marketplaces of this administrator, with the state of their feeds."""
    rows = list(_marketplaces(by).order_by("code"))
    runs = _newest_runs([row.code for row in rows])
    known = dict(
        Holiday.objects.filter(marketplace__in=rows).values_list("marketplace").annotate(last=Max("day")).order_by()
    )
    versions = policies.versions_in_force({row.policy for row in rows}, now)
    return [
        Place(
            row, versions.get(row.policy, ""), [Feed(subject, runs.get((row.code, subject))) for subject in FEEDS],
            known.get(row.code),
        )
        for row in rows
    ]  # fmt: skip


def place(code: str, by: Actor, now: datetime) -> Place:
    """One of them. Refuses `unknown_marketplace`, also for one of other administrators."""
    found = next((each for each in places(by, now) if each.row.code == code), None)
    if found is None:
        raise Refused("unknown_marketplace", marketplace=code[:40])
    return found


def insurers_feed() -> Feed:
    """Insurers belong to no marketplace."""
    return Feed("insurers", ImportRun.objects.filter(subject="insurers").order_by("-id").first())


def _marketplaces(by: Actor) -> QuerySet[Marketplace]:
    return Marketplace.objects.filter(code__in=by.marketplaces) if by.marketplaces else Marketplace.objects.all()


def _newest_runs(codes: list[str]) -> dict[tuple[str, str], ImportRun]:
    newest = ImportRun.objects.filter(marketplace__in=codes).values("marketplace", "subject").annotate(newest=Max("id"))
    runs = ImportRun.objects.in_bulk([each["newest"] for each in newest])
    return {(run.marketplace, run.subject): run for run in runs.values()}


# Webhooks --------------------------------------------------------------------------------------------


def endpoints(by: Actor, now: datetime, *, failing: bool = False, after: str = "") -> tuple[list[EndpointTold], str]:
    """Those of every party that this administrator looks after, the newest first; `failing`: only those with
    deliveries that were given up, or that do not answer."""
    found = WebhookEndpoint.objects.filter(active=True)
    if by.marketplaces:
        sellers = Seller.objects.filter(marketplace__in=by.marketplaces).annotate(
            party=Concat(Value("seller:"), Cast("id", CharField()))
        )
        markets = [f"marketplace:{code}" for code in by.marketplaces]
        found = found.filter(Q(party__in=sellers.values("party")) | Q(party__in=markets))
    given_up = Delivery.objects.filter(failed_at__isnull=False, let_be_at=None, contact=None)
    if failing:
        found = found.filter(Q(rests_until__gt=now) | Q(id__in=given_up.values("endpoint")))
    if after:
        found = found.filter(id__lt=UUID(after))
    page = list(found.order_by("-id")[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    failed = dict(given_up.filter(endpoint__in=page).values_list("endpoint").annotate(Count("id")).order_by())
    last = dict(
        Delivery.objects.filter(endpoint__in=page, sent_at__isnull=False)
        .values_list("endpoint")
        .annotate(Max("sent_at"))
        .order_by()
    )
    names = party_names(each.party for each in page)
    told = [
        EndpointTold(each, names.get(each.party, each.party), failed.get(each.id, 0), last.get(each.id))
        for each in page
    ]
    return told, str(page[-1].id) if more else ""


def party_names(parties: Iterable[str]) -> dict[str, str]:
    """Each party's name: a seller's or an insurer's own, a marketplace's."""
    ids: dict[str, list[str]] = {"seller": [], "insurer": [], "marketplace": []}
    for party in set(parties):
        kind, _, key = party.partition(":")
        if kind in ids:
            ids[kind].append(key)
    sellers = Seller.objects.in_bulk([int(key) for key in ids["seller"]])
    insurers = Insurer.objects.in_bulk([int(key) for key in ids["insurer"]])
    markets = Marketplace.objects.in_bulk(ids["marketplace"])
    return {
        **{f"seller:{pk}": f"{row.name} ({row.marketplace_id})" for pk, row in sellers.items()},
        **{f"insurer:{pk}": row.name for pk, row in insurers.items()},
        **{f"marketplace:{pk}": row.name for pk, row in markets.items()},
    }


# Parts -----------------------------------------------------------------------------------------------


class _Names:
    """The names of the sellers and insurers that roles name, looked up at once."""

    def __init__(self, rows: Iterable[RoleAssignment | RoleChange]) -> None:
        rows = list(rows)
        self._sellers = Seller.objects.in_bulk([row.seller_id for row in rows if row.seller_id is not None])
        self._insurers = Insurer.objects.in_bulk([row.insurer_id for row in rows if row.insurer_id is not None])

    def held(self, row: RoleAssignment | RoleChange) -> Held:
        of = ""
        if row.seller_id is not None:
            of = self._sellers[row.seller_id].name if row.seller_id in self._sellers else str(row.seller_id)
        elif row.insurer_id is not None:
            of = self._insurers[row.insurer_id].name if row.insurer_id in self._insurers else str(row.insurer_id)
        return Held(row.pk, row.role, row.marketplace, of)


def _persons(page: list[Account], by: Actor) -> list[Person]:
    held = RoleAssignment.objects.filter(account__in=page).order_by("id")
    if by.marketplaces:
        held = held.filter(marketplace__in=by.marketplaces)
    rows = list(held)
    names = _Names(rows)
    roles: dict[int, list[Held]] = {}
    for row in rows:
        roles.setdefault(row.account_id, []).append(names.held(row))
    return [Person(each, roles.get(each.pk, []), not each.has_usable_password()) for each in page]


def _people_named(names: Iterable[str]) -> dict[str, str]:
    """Of people by their number in the log, their names; machines and commands keep theirs."""
    ids = {int(name.removeprefix("person:")) for name in names if name.startswith("person:")}
    found = Account.objects.filter(id__in=[pk for pk in ids if pk <= _LARGEST_KEY])
    return {f"person:{account.pk}": account.name for account in found}
