"""What the endpoints share when they ask the write door: the headers of a request, and the claim that it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from makewhole import asks
from makewhole.api.v1 import said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.shown import claim_shown
from makewhole.api.v1.tokens import Token, by, now
from makewhole.asks import EvidenceTold, LineTold, Words
from makewhole.domain.actors import Actor
from makewhole.domain.claim.commands import ClaimCommand
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, Done, handle
from makewhole.reads.views import find_claim
from makewhole.store.models import Claim, Marketplace

HIT = {"Idempotency-Hit": "true"}
View = Callable[..., HttpResponse]
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def act_on(router: Router) -> Callable[[str, str], Callable[[View], View]]:
    """Makes endpoints under /claims/{name}/acts/: `@act("path", "Summary")`."""

    def act(path: str, summary: str) -> Callable[[View], View]:
        return router.post(
            f"/claims/{{name}}/acts/{path}", auth=Token("claims:act"), response=shapes.ClaimShape, summary=summary
        )

    return act


def key_in(request: HttpRequest) -> str | None:
    return request.headers.get("Idempotency-Key")


def version_seen(request: HttpRequest) -> int | None:
    """The version that If-Match names; None where any will do."""
    told = request.headers.get("If-Match", "*").strip()
    if told == "*":
        return None
    found = _ETAG.fullmatch(told)
    if found is None:
        raise Problem("version_not_usable")
    return int(found[1])


def ask_for(
    request: HttpRequest, name: str, command: ClaimCommand, content: object, *, words: tuple[Words, ...] = ()
) -> Ask:
    """A command on the claim that the address names, in the asker's role, under its key. `content`: what a repeated
    key must have again."""
    actor, claim_id = by(request), find_claim(name, by(request))
    told = (type(command).__name__, claim_id, content)
    key = asks.idempotency(actor, key_in(request), told)
    return asks.act(command, claim_id=claim_id, by=actor, at=now(), words=words, key=key, seen=version_seen(request))


def done(ask: Ask) -> HttpResponse:
    """Does it, and shows the claim as it now is."""
    outcome = handle(ask)
    headers = etag(outcome.claim.version)
    if ask.key is not None and already(outcome):
        headers |= HIT
    return answer(claim_shown(outcome.claim, ask.by), headers=headers)


def already(outcome: Done) -> bool:
    """Whether nothing happened now, because it had happened before."""
    return outcome.repeated and not outcome.events


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


def content(told: BaseModel) -> dict[str, Any]:
    """What a repeated key must have again."""
    return told.model_dump(mode="json")


# Money ------------------------------------------------------------------------------------------------------


@cache
def _currency(marketplace: str) -> str:
    # Never changes once a marketplace trades. An unknown one raises, and so is not remembered.
    return Marketplace.objects.values_list("currency", flat=True).get(code=marketplace)


def currency_of(marketplace: str, actor: Actor) -> str:
    """A marketplace's currency. One where this actor does not work is as unknown as one that does not exist."""
    if actor.works_in(marketplace):
        try:
            return _currency(marketplace)
        except Marketplace.DoesNotExist:
            pass
    raise Refused("unknown_marketplace", marketplace=marketplace[:20])


def currency_in(name: str, actor: Actor) -> tuple[UUID, str]:
    """The claim that the address names, and the currency of its amounts."""
    claim_id = find_claim(name, actor)
    return claim_id, Claim.objects.values_list("currency", flat=True).get(id=claim_id)


def same_currency(amounts: list[tuple[str, said.Money | None]], currency: str) -> None:
    """Refuses amounts in another currency than the claim's, all at once, each with its place."""
    strange = [(where, money) for where, money in amounts if money is not None and money.currency != currency]
    if strange:
        errors = [
            {
                "where": f"body.{where}.currency",
                "code": "other_currency",
                "what": f"The amounts here are in {currency}; {money.currency} cannot be used.",
            }
            for where, money in strange
        ]
        raise Problem("other_currency", errors=errors, currency=currency, given=strange[0][1].currency)


def evidence_told(items: list[said.EvidenceSaid], currency: str) -> tuple[EvidenceTold, ...]:
    same_currency([(f"evidence.{n}.amount", item.amount) for n, item in enumerate(items)], currency)
    return tuple(EvidenceTold(item.id, item.exposure, item.amount.amount if item.amount else "") for item in items)


def lines_told(lines: list[said.LineSaid], currency: str) -> tuple[LineTold, ...]:
    """A decision of exposures, in the claim's currency."""
    amounts = [
        (f"lines.{n}.{which}", money)
        for n, line in enumerate(lines)
        for which, money in (("approve", line.approve), ("refuse", line.refuse))
    ]
    same_currency(amounts, currency)
    return tuple(_line(line) for line in lines)


def _line(line: said.LineSaid) -> LineTold:
    reason = line.reason
    return LineTold(
        exposure=line.exposure,
        approve=line.approve.amount if line.approve else "0",
        refuse=line.refuse.amount if line.refuse else "0",
        code=reason.code if reason else "",
        clause=reason.clause if reason else "",
        evidence=tuple(reason.evidence) if reason else (),
        words=reason.words if reason else "",
    )


def forget() -> None:
    """Drops what is kept in memory: for tests."""
    _currency.cache_clear()
