"""Accounts and their roles, as an administrator gives and takes them. Start at invite().

Every change leaves a line in people_rolechange, written with it or not at all: who gave which role to whom, and when.
Two rules hold whoever asks: the last administrator of everything stays one, and nobody changes an administrator's
role, or closes the account, of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.people.models import Account, RoleAssignment, RoleChange
from makewhole.people.roles import BY_LINK, Role
from makewhole.people.second_factor import take_away
from makewhole.people.sign_ins import end_all_sessions
from makewhole.store import mending
from makewhole.store.models import Insurer, Marketplace, Outbox, Seller

ROLES = tuple(role for role in Role if role not in BY_LINK)  # those that an account can be given
LONGEST_NAME = 200
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class RoleToGive:
    """A role, where it holds (empty: everywhere), and for which seller or insurer."""

    role: str
    marketplace: str = ""
    seller_id: int | None = None
    insurer_id: int | None = None


def invite(email: str, name: str, role: RoleToGive, *, by: Actor, at: datetime) -> Account:
    """An account with this role, and a mail by which its owner chooses a password; one that is there gets the role.

    Refuses `email_not_usable`, `text_missing`, `text_too_long`, `name_not_printable`, `account_closed`, and what
    give() refuses.
    """
    email, name = email.strip().lower(), name.strip()
    _check(email, name)
    with transaction.atomic():
        _take_turns(f"account:{email}")
        account = Account.objects.filter(email=email).first()
        if account is None:
            account = Account.objects.create_user(email, name=name)
            _give(account, role, by=by, at=at)
            _note(account, "invited", by, at)
            _mail(account, by, at)
        elif not account.is_active:
            raise Refused("account_closed")
        else:
            _give(account, role, by=by, at=at)
    return account


def invite_again(account_id: int, *, by: Actor, at: datetime) -> Account:
    """The invitation once more, with a link that works again. Refuses `unknown_account`, `account_closed`,
    `password_chosen_already`."""
    with transaction.atomic():
        account = _find(account_id, by)
        if not account.is_active:
            raise Refused("account_closed")
        if account.has_usable_password():
            raise Refused("password_chosen_already")
        _note(account, "invited", by, at)
        _mail(account, by, at)
    return account


def give(account_id: int, role: RoleToGive, *, by: Actor, at: datetime) -> RoleAssignment:
    """A role more. One that it holds already stays as it is.

    Refuses `unknown_account`, `unknown_role`, `unknown_marketplace`, `role_needs_a_seller`, `role_needs_an_insurer`,
    `own_administrator_role`, `role_of_other_places`.
    """
    with transaction.atomic():
        return _give(_find(account_id, by), role, by=by, at=at)


def take(assignment_id: int, *, by: Actor, at: datetime) -> Account:
    """A role less, at once: whoever is signed in in it can do nothing more.

    Refuses `unknown_role_assignment`, `own_administrator_role`, `last_administrator`.
    """
    with transaction.atomic():
        _take_turns("administrators")
        held = RoleAssignment.objects.select_related("account").filter(id=assignment_id).first()
        if held is None or not _within(by, held.marketplace):
            raise Refused("unknown_role_assignment")
        if held.role == Role.ADMINISTRATOR:
            _keep_administrators(held.account, by, only=held)
        account = held.account
        _note(account, "taken", by, at, RoleToGive(held.role, held.marketplace, held.seller_id, held.insurer_id))
        held.delete()
    return account


def close(account_id: int, *, by: Actor, at: datetime) -> Account:
    """Nobody signs in to it any more, and its sessions and tokens end now. Twice is once.

    Refuses `unknown_account`, `own_account`, `last_administrator`.
    """
    with transaction.atomic():
        _take_turns("administrators")
        account = _find(account_id, by, all_of_it=True)
        if by.name == person(account):
            raise Refused("own_account")
        if account.assignments.filter(role=Role.ADMINISTRATOR).exists():
            _keep_administrators(account, by)
        closed = Account.objects.filter(id=account.pk, is_active=True)
        if closed.update(is_active=False, closings=F("closings") + 1):
            _note(account, "closed", by, at)
        account.refresh_from_db()
    return account


def reopen(account_id: int, *, by: Actor, at: datetime) -> Account:
    """Its owner may sign in again, with the password of before. Twice is once. Refuses `unknown_account`."""
    with transaction.atomic():
        account = _find(account_id, by, all_of_it=True)
        if Account.objects.filter(id=account.pk, is_active=False).update(is_active=True):
            _note(account, "opened", by, at)
        account.refresh_from_db()
    return account


@transaction.atomic
def end_sessions(account_id: int, request: HttpRequest, *, by: Actor, at: datetime) -> int:
    """Signs an account out wherever it is signed in; it may sign in again. How many sessions they were.

    Refuses `unknown_account`, `account_works_elsewhere`, `own_sign_in`.
    """
    account = _find_another(account_id, by)
    ended = end_all_sessions(request, account)
    _note_act(account, "end_sessions", "sessions_ended" if ended else mending.NOTHING_LEFT, by, at)
    return ended


@transaction.atomic
def take_second_factor(account_id: int, request: HttpRequest, *, by: Actor, at: datetime) -> int:
    """Of somebody who lost the phone and the codes: every second factor, and every session. Its owner is told by
    mail, and sets up a new one with the next sign-in where its role needs one. How many they were.

    Refuses `unknown_account`, `account_works_elsewhere`, `own_sign_in`.
    """
    account = _find_another(account_id, by)
    taken = take_away(request, account)
    _note_act(account, "take_second_factor", "factors_taken" if taken else mending.NOTHING_LEFT, by, at)
    return taken


def seen_by(by: Actor) -> QuerySet[Account]:
    """The accounts that an administrator looks after: all, or those with a role in one of its marketplaces."""
    if not by.marketplaces:
        return Account.objects.all()
    return Account.objects.filter(assignments__marketplace__in=by.marketplaces).distinct()


def wholly_within(by: Actor) -> QuerySet[Account]:
    """Those that have no role elsewhere: what is done to them as a whole (a token, an end) stays in their places."""
    if not by.marketplaces:
        return Account.objects.all()
    elsewhere = RoleAssignment.objects.exclude(marketplace__in=by.marketplaces).values("account")
    return seen_by(by).exclude(id__in=elsewhere)


def person(account: Account) -> str:
    """The account as logs name it."""
    return f"person:{account.pk}"


# Parts -----------------------------------------------------------------------------------------------


def _give(account: Account, role: RoleToGive, *, by: Actor, at: datetime) -> RoleAssignment:
    _check_role(role, by)
    if role.role == Role.ADMINISTRATOR and by.name == person(account):
        raise Refused("own_administrator_role")
    held, new = RoleAssignment.objects.get_or_create(
        account=account, role=role.role, marketplace=role.marketplace, seller_id=role.seller_id,
        insurer_id=role.insurer_id,
    )  # fmt: skip
    if new:
        _note(account, "given", by, at, role)
    return held


def _check_role(role: RoleToGive, by: Actor) -> None:
    if role.role not in ROLES:
        raise Refused("unknown_role", role=role.role[:40], known=", ".join(ROLES))
    if role.marketplace and not Marketplace.objects.filter(code=role.marketplace).exists():
        raise Refused("unknown_marketplace", marketplace=role.marketplace[:40])
    seller, insurer = role.seller_id, role.insurer_id
    if (role.role == Role.SELLER) != (seller is not None) or not _is_there(Seller, seller, role.marketplace):
        raise Refused("role_needs_a_seller")
    if (role.role == Role.INSURER) != (insurer is not None) or not _is_there(Insurer, insurer):
        raise Refused("role_needs_an_insurer")
    if not _within(by, role.marketplace):
        raise Refused("role_of_other_places", places=", ".join(sorted(by.marketplaces)))


def _is_there(table: type[Seller | Insurer], number: int | None, marketplace: str | None = None) -> bool:
    """Whether there is a row of this number, where one is named."""
    if number is None:
        return True
    here = {"id": number} if marketplace is None else {"id": number, "marketplace": marketplace}
    return bool(table.objects.filter(**here).exists())


def _keep_administrators(account: Account, by: Actor, *, only: RoleAssignment | None = None) -> None:
    """An operator without an administrator could never get one again through its own pages."""
    if by.name == person(account):
        raise Refused("own_administrator_role")
    everywhere = Q(role=Role.ADMINISTRATOR, marketplace="", account__is_active=True)
    of_all = RoleAssignment.objects.filter(everywhere)
    left = of_all.exclude(id=only.pk) if only is not None else of_all.exclude(account=account)
    if of_all.exists() and not left.exists():
        raise Refused("last_administrator")


def _find(account_id: int, by: Actor, *, all_of_it: bool = False) -> Account:
    account = seen_by(by).filter(id=account_id).first()
    if account is None:
        raise Refused("unknown_account")
    if all_of_it and not wholly_within(by).filter(id=account_id).exists():
        raise Refused("account_works_elsewhere")
    return account


def _find_another(account_id: int, by: Actor) -> Account:
    """Nobody gets around the page that asks for one's own password first."""
    account = _find(account_id, by, all_of_it=True)
    if by.name == person(account):
        raise Refused("own_sign_in")
    return account


def _note_act(account: Account, act: str, came_of_it: str, by: Actor, at: datetime) -> None:
    mending.note(by, act, f"{person(account)}, {account.email}", came_of_it, at=at)


def _within(by: Actor, marketplace: str) -> bool:
    return not by.marketplaces or marketplace in by.marketplaces


def _note(account: Account, act: str, by: Actor, at: datetime, role: RoleToGive | None = None) -> None:
    told = role or RoleToGive("")
    RoleChange.objects.create(
        account=account, act=act, role=told.role, marketplace=told.marketplace, seller_id=told.seller_id,
        insurer_id=told.insurer_id, at=at, by=by.name,
    )  # fmt: skip


def _mail(account: Account, by: Actor, at: datetime) -> None:
    """The link itself is made when the mail is written: nothing that opens an account lies here."""
    number = by.name.removeprefix("person:")
    Outbox.objects.create(
        dedupe=f"invited:{account.pk}:{at.isoformat()}", recipient=f"account:{account.pk}", template="account_invited",
        facts={"invited_by": int(number) if number.isdecimal() else None}, created_at=at, send_after=at,
    )  # fmt: skip


def _check(email: str, name: str) -> None:
    if not name:
        raise Refused("text_missing", field="name")
    for field, told, longest in (("name", name, LONGEST_NAME), ("email", email, LONGEST_EMAIL)):
        if len(told) > longest:
            raise Refused("text_too_long", field=field, length=len(told), longest=longest)
    if not name.isprintable():
        raise Refused("name_not_printable")
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("email_not_usable") from None


def _take_turns(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
