"""Who asks: from an account, or from a link that came by mail, to an Actor. Start at `acting`.

An account acts in one of its roles at a time. A claimant without an account is let in, claim by claim, by a
signed link or by having just filed; a producer by its link: the session keeps which.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.people import access, who_was_here
from makewhole.people.models import Account
from makewhole.people.roles import Role
from makewhole.people.who_was_here import LET_IN
from makewhole.reads.views import find_claim
from makewhole.store import envelope, vault
from makewhole.store.models import Subject

_ROLE = "role"
View = Callable[..., HttpResponseBase]


def acting(request: HttpRequest) -> Actor | None:
    """The role in which the signed-in account acts now; None for nobody, or for an account without a role."""
    actors = actors_of_request(request)
    chosen = request.session.get(_ROLE, 0)
    return actors[chosen] if chosen < len(actors) else actors[0] if actors else None


def actors_of_request(request: HttpRequest) -> list[Actor]:
    """Every role that the signed-in account may act in; looked up once for each request."""
    kept = getattr(request, "_actors", None)
    if kept is None:
        kept = actors_of(request.user) if isinstance(request.user, Account) else []
        setattr(request, "_actors", kept)  # noqa: B010 - a plain attribute would not be one that mypy knows
    return cast(list[Actor], kept)


def choose(request: HttpRequest, number: int) -> None:
    """From now on the account acts in this one of its roles."""
    if 0 <= number < len(actors_of_request(request)):
        request.session[_ROLE] = number


def actors_of(account: Account) -> list[Actor]:
    """Everybody that an account can be. Claimants, who mostly have no account, are known by its address."""
    held = access.held_by(account)
    claimants = [_claimant(account, each.marketplace) for each in held if each.role == Role.CLAIMANT]
    return [*access.actors_of(account.pk, held).values(), *claimants]


def let_in(request: HttpRequest, claim_id: UUID, guest: Actor) -> None:
    """This browser may from now on see this one claim as this claimant or producer."""
    request.session[LET_IN] = request.session.get(LET_IN, {}) | {claim_id.hex: guest.name}


def who_sees(request: HttpRequest, name: str) -> tuple[Actor, UUID]:
    """Who this reader is for that claim, and the claim's id. Refuses `unknown_claim`, whatever the reason."""
    by = acting(request)
    if by is not None:
        try:
            return by, find_claim(name, by)
        except Refused:
            pass  # perhaps it came by a link all the same
    for claim, known_as in request.session.get(LET_IN, {}).items():
        guest = _guest(known_as)
        try:
            found = find_claim(name, guest)
        except Refused:
            continue
        if found.hex == claim:
            return guest, found
    raise Refused("unknown_claim")


def guests_let_in(request: HttpRequest) -> dict[str, str]:
    """By claim (its id in hex), as whom a link let this browser in."""
    return cast(dict[str, str], request.session.get(LET_IN, {}))


def was_let_in(request: HttpRequest, name: str) -> tuple[UUID, str] | None:
    """The claim of that name, where this browser was let in by a link in a session that has ended; and as whom."""
    for claim, known_as in who_was_here.parties(request).items():
        try:
            found = find_claim(name, _guest(known_as))
        except Refused:
            continue
        if found.hex == claim:
            return found, known_as
    return None


def claimant_actor(claimant_id: UUID) -> Actor:
    return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id)


def producer_actor(producer_id: UUID) -> Actor:
    return Actor(f"producer:{producer_id}", "producer", producer_id=producer_id)


def claimant_called(marketplace: str, email: str) -> UUID | None:
    """The claimant who has this address in that marketplace, if somebody has."""
    digest = vault.match_digest("claimant", envelope.normal_email(email))
    return Subject.objects.filter(marketplace_id=marketplace, email_digest=digest).values_list("id", flat=True).first()


def only(*roles: RoleName) -> Callable[[View], View]:
    """A view for these roles: it is given the actor. Nobody signed in goes to the sign-in, others get a 403."""

    from makewhole.portals.frame.ended import to_sign_in  # which asks here who somebody is

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:  # what the route gives
            by = acting(request)
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if by is None or by.role not in roles:
                raise PermissionDenied
            return view(request, by, *given, **named)

        return guarded

    return decorate


def _guest(known_as: str) -> Actor:
    """Somebody who was let in, by the name that the session keeps. An id alone, as sessions kept it before there were
    producers, is a claimant's."""
    party, _, told = known_as.rpartition(":")
    return producer_actor(UUID(told)) if party == "producer" else claimant_actor(UUID(told))


def _claimant(account: Account, marketplace: str) -> Actor:
    # One that has not claimed yet sees no claim: no claimant has a small number as its id.
    claimant_id = claimant_called(marketplace, account.email) or UUID(int=account.pk)
    return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id, marketplaces=frozenset({marketplace}))
