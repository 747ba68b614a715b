"""What is asked back: a list, what was released of payouts, sellers' statements, and how decisions were overturned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from makewhole.api.v1 import pages, said_tender, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import currency_of
from makewhole.api.v1.batches import marketplace_in, storable
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.shown import Shown, links
from makewhole.api.v1.tokens import Token, by, role_in
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.money import Money
from makewhole.reads import recoveries as reads
from makewhole.reads.overturns import Overturned, overturns
from makewhole.store.models import Recovery
from makewhole.store.statements import AccountStatement, statement

SEES_STATEMENTS: frozenset[RoleName] = reads.SEES_RECOVERIES - {"insurer"}
SEES_DECIDERS: frozenset[RoleName] = frozenset({"reviewer", "programme_owner", "auditor"})

router = Router(tags=["recovery"])


@router.get("/recoveries", auth=Token("recoveries:read"), response=shapes.Recoveries, summary="List recoveries")
def list_recoveries(
    request: HttpRequest, paging: Query[pages.Paging], asked: Query[said_tender.RecoveriesAsked]
) -> HttpResponse:
    """The newest first. A seller sees its own, an insurer those of claims that it was notified of."""
    actor = role_in(request, reads.SEES_RECOVERIES, "ReadRecoveries")
    if asked.marketplace:
        currency_of(storable(asked.marketplace), actor)
    rows, following = reads.recoveries_of(
        actor,
        stage=asked.stage,
        seller_ref=storable(asked.seller),
        marketplace=asked.marketplace,
        after=pages.place(paging.cursor, pages.BY_RECOVERY),
        size=paging.limit,
    )
    return answer(pages.page([_recovery(row) for row in rows], following))


@router.get("/releases", auth=Token("recoveries:read"), response=shapes.Releases, summary="What was released")
def list_releases(
    request: HttpRequest, paging: Query[pages.Paging], asked: Query[said_tender.ReleasesAsked]
) -> HttpResponse:
    """What had been held back of payouts and goes to the seller after all, the oldest first: pay it out. Each has an
    `id`; follow `next` to its end, and ask again with `since` a little before the last instant that you saw."""
    actor = role_in(request, reads.SEES_RELEASES, "ReadReleases")
    after = pages.place(paging.cursor, pages.BY_EVENT)
    found, following = reads.releases(actor, since=asked.since, after=after, size=paging.limit)
    return answer(pages.page([_release(each) for each in found], following))


@router.get("/sellers/{seller_ref}/statement", auth=Token("recoveries:read"), response=shapes.AccountsShape,
            summary="A seller's statement")  # fmt: skip
def show_statement(request: HttpRequest, seller_ref: str, asked: Query[said_tender.DaysAsked]) -> HttpResponse:
    """Per currency and account: what it opened with, every line, what it closes with. Compared with what claims and
    recoveries say today, to the cent."""
    actor = role_in(request, SEES_STATEMENTS, "ReadStatement")
    seller = reads.find_seller(storable(seller_ref), marketplace_in(asked.marketplace, actor), actor)
    if seller is None:
        raise Problem("unknown_seller")
    made = statement(seller, from_day=asked.from_day, to_day=asked.to_day)
    return answer(
        {
            "seller_ref": seller.seller_ref,
            "marketplace": seller.marketplace_id,
            "from_day": made.from_day,
            "to_day": made.to_day,
            "accounts": [_account(each) for each in made.accounts],
            "reconciles": made.reconciles,
            "differences": [
                {"account": each.account, "booked": _amount(each.booked), "by_row": _amount(each.by_row)}
                for each in made.differences
            ],
        }
    )


@router.get("/overturns", auth=Token("claims:read"), response=shapes.OverturnsShape, summary="Overturned decisions")
def show_overturns(request: HttpRequest, asked: Query[said_tender.DaysAsked]) -> HttpResponse:
    """How often a contest or an appeal was upheld, by marketplace, clause and first decider. By the day of filing."""
    actor = by(request)
    if asked.marketplace:
        currency_of(storable(asked.marketplace), actor)
    of = [asked.marketplace] if asked.marketplace else actor.marketplaces or None
    found = overturns(marketplaces=of, from_day=asked.from_day, to_day=asked.to_day)
    return answer(
        {
            "from_day": asked.from_day,
            "to_day": asked.to_day,
            "by_marketplace": [_overturned(each) for each in found.by_marketplace],
            "by_clause": [_overturned(each) for each in found.by_clause],
            "by_first_decider": [_overturned(each) for each in found.by_first_decider if _sees_deciders(actor)],
        }
    )


# Parts ----------------------------------------------------------------------------------------------------------


def _recovery(row: Recovery) -> Shown:
    def money(minor: int) -> dict[str, str]:
        return _amount(Money(minor, row.currency))

    return {
        "claim": row.claim.reference,
        "no": row.no,
        "marketplace": row.claim.marketplace_id,
        "seller_ref": row.seller.seller_ref,
        "stage": row.stage,
        "outcome": row.outcome,
        "obstacle": row.obstacle,
        "basis": row.basis,
        "clause": row.clause,
        "paid": money(row.paid_minor),
        "owed_by_seller": money(row.owed_by_seller_minor),
        "owed_by_others": money(row.owed_by_others_minor),
        "held": money(row.held_minor),
        "applied": money(row.applied_minor),
        "released": money(row.released_minor),
        "received": money(row.received_minor),
        "to_go_back": money(row.repaid_minor),
        "written_off": money(row.written_off_minor),
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "links": links(row.claim.reference),
    }


def _release(each: reads.Release) -> Shown:
    return {
        "id": f"{each.claim_reference}:{each.version}",
        "claim": each.claim_reference,
        "marketplace": each.marketplace,
        "seller_ref": each.seller_ref,
        "at": each.at,
        "why": each.why,
        "amount": _amount(each.amount),
        "lines": [{"disbursement_ref": ref, "amount": _amount(amount)} for ref, amount in each.lines],
    }


def _account(each: AccountStatement) -> Shown:
    return {
        "account": each.account,
        "opening": _amount(each.opening),
        "lines": [
            {"at": line.at, "claim": line.claim_reference, "kind": line.kind, "amount": _amount(line.amount)}
            for line in each.lines
        ],
        "closing": _amount(each.closing),
    }


def _overturned(each: Overturned) -> Shown:
    return {
        "kind": each.kind,
        "marketplace": each.marketplace,
        "clause": each.clause,
        "first_decider": each.first_decider,
        "filed": each.filed,
        "open": each.open,
        "decided": each.decided,
        "upheld": each.upheld,
        "partly": each.partly,
        "dismissed": each.dismissed,
        "overturned_percent": None if each.rate is None else str(each.rate),
    }


def _sees_deciders(actor: Actor) -> bool:
    return actor.role in SEES_DECIDERS


def _amount(money: Money) -> dict[str, str]:
    return {"amount": str(money.decimal), "currency": money.currency}
