"""The administrator: people, tokens, marketplaces, webhooks, what failed; and the invitation of somebody new."""

from __future__ import annotations

from functools import cache

from doors.doors import EVERYBODY, Door, Premises

ADMIN = frozenset({"administrator"})
DONE = frozenset({302})


@cache
def _somebody(place_code: str) -> int:
    """Somebody who works in the shop, and holds one role there."""
    from journeys.visitors import hired

    return hired("adjuster", place_code).pk


def _person(page: str = "") -> object:
    return lambda place: f"/admin/people/{_somebody(place.shop.code)}{page}"


def _with_factor(place: Premises) -> str:
    from allauth.mfa.models import Authenticator

    somebody = _somebody(place.shop.code)
    Authenticator.objects.get_or_create(user_id=somebody, type=Authenticator.Type.TOTP, defaults={"data": {}})
    return f"/admin/people/{somebody}/second-factor"


def _role(place: Premises) -> str:
    from makewhole.people.models import RoleAssignment

    somebody = _somebody(place.shop.code)
    held, _ = RoleAssignment.objects.get_or_create(account_id=somebody, role="finance", marketplace=place.shop.code)
    return f"/admin/people/{somebody}/take/{held.pk}"


def _token(place: Premises) -> str:
    from makewhole.people import tokens
    from makewhole.people.models import Account

    account = Account.objects.get(id=_somebody(place.shop.code))
    return f"/admin/tokens/{tokens.make(account, name='t', scopes=['claims:read'])[0].pk}/revoke"


def _failed(place: Premises) -> str:
    from world import NOW

    from makewhole.store.models import Outbox

    Outbox.objects.filter(id=place.notice).update(failed_at=NOW, sent_at=None, error="the mail server said 550")
    return f"/admin/failed/mail/{place.notice}/let-be"


def _invitation(place: Premises) -> str:
    from secrets import token_hex

    from makewhole.people.invitations import invitation_key
    from makewhole.people.models import Account

    return f"/invitation/{invitation_key(Account.objects.create_user(f'{token_hex(6)}@example.com', name='New'))}"


DOORS = [
    Door("admin", ADMIN, lambda place: "/admin", many=True),
    Door("admin-mend", ADMIN, _failed, "POST", opens=DONE, strangers=302),  # nothing is there, and nothing is done
    Door("admin-people", ADMIN, lambda place: "/admin/people", many=True),
    Door("admin-invite", ADMIN, lambda place: "/admin/people/invite"),
    Door("admin-invite", ADMIN, lambda place: "/admin/people/invite", "POST", opens=frozenset({422})),
    Door("admin-changes", ADMIN, lambda place: "/admin/people/changes"),
    Door("admin-person", ADMIN, _person(), strangers=404),
    Door("admin-give", ADMIN, _person("/give"), "POST", opens=frozenset({422}), strangers=404),
    Door("admin-take", ADMIN, _role, "POST", opens=DONE, strangers=404),
    Door("admin-end-sessions", ADMIN, _person("/end-sessions"), "POST", opens=DONE, strangers=404),
    Door("admin-second-factor", ADMIN, _with_factor, strangers=404),
    Door("admin-second-factor", ADMIN, _person("/second-factor"), "POST", opens=DONE, strangers=404),
    Door("admin-sign-ins", ADMIN, lambda place: "/admin/sign-ins", many=True),
    Door("admin-account", ADMIN, _person("/close"), "POST", opens=DONE, strangers=404),
    Door("admin-tokens", ADMIN, lambda place: "/admin/tokens", many=True),
    Door("admin-tokens", ADMIN, lambda place: "/admin/tokens", "POST", opens=frozenset({422})),
    Door("admin-revoke", ADMIN, _token, "POST", opens=DONE, strangers=404),
    Door("admin-marketplaces", ADMIN, lambda place: "/admin/marketplaces"),
    Door("admin-marketplace", ADMIN, lambda place: f"/admin/marketplaces/{place.shop.code}", strangers=404),
    Door("admin-holidays", ADMIN, lambda place: f"/admin/marketplaces/{place.shop.code}/holidays", "POST", opens=DONE,
         strangers=404),
    Door("admin-webhooks", ADMIN, lambda place: "/admin/webhooks", many=True),
    Door("admin-webhook", ADMIN, lambda place: f"/admin/webhooks/{place.webhook}", strangers=404),
    Door("admin-replay", ADMIN, lambda place: f"/admin/webhooks/deliveries/{place.delivery}/replay", "POST", opens=DONE,
         strangers=404),
    Door("invitation", EVERYBODY, _invitation),
]  # fmt: skip
