"""One account for each role, with a password that everybody may know: for the demo only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from makewhole.demo.market import SHOWN_INSURER, SHOWN_SELLER
from makewhole.people.models import Account, RoleAssignment, RoleChange
from makewhole.people.roles import Role
from makewhole.store.models import Insurer, Seller

PASSWORD = "makewhole-demo"
CLAIMANT_EMAIL = "ana@demo.example"


@dataclass(frozen=True, slots=True)
class SignIn:
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class _Person:
    role: Role
    email: str
    name: str
    marketplace: str = ""


_PEOPLE = (
    _Person(Role.CLAIMANT, CLAIMANT_EMAIL, "Ana Rivera", "us"),
    _Person(Role.SELLER, "seller@demo.example", "Kim Osei", "us"),
    _Person(Role.INSURER, "insurer@demo.example", "Ines Stone"),
    _Person(Role.ADJUSTER, "adjuster@demo.example", "Alex Berg"),
    _Person(Role.REVIEWER, "reviewer@demo.example", "Robin Adler"),
    _Person(Role.FINANCE, "finance@demo.example", "Fiona Marsh"),
    _Person(Role.FINANCE, "finance2@demo.example", "Marc Olsen"),  # one makes a batch, the other signs it
    _Person(Role.SAFETY_OFFICER, "safety@demo.example", "Sasha Lund"),
    _Person(Role.PROGRAMME_OWNER, "owner@demo.example", "Olga Prince"),
    _Person(Role.AUDITOR, "auditor@demo.example", "Aude Colin"),
    _Person(Role.ADMINISTRATOR, "administrator@demo.example", "Max Admin"),
    _Person(Role.MARKETPLACE, "marketplace@demo.example", "Store back-end", "us"),
)


def sign_ins() -> list[SignIn]:
    """Who can sign in to the demo, and with what."""
    return [SignIn(str(person.role), person.email, PASSWORD) for person in _PEOPLE]


@transaction.atomic
def load(now: datetime) -> None:
    known = set(Account.objects.values_list("email", flat=True))
    missing = [person for person in _PEOPLE if person.email not in known]
    if not missing:
        return
    hashed = make_password(PASSWORD)  # one for all: a hash costs a good part of a second
    for person in missing:
        account = Account.objects.create(email=person.email, name=person.name, password=hashed)
        role = {
            "account": account, "role": person.role, "marketplace": person.marketplace,
            "seller_id": _seller_of(person), "insurer_id": _insurer_of(person),
        }  # fmt: skip
        RoleAssignment.objects.create(**role)
        RoleChange.objects.create(**role, act="given", at=now, by="machine:demo")


def account_of(role: Role) -> Account:
    return Account.objects.get(email=next(person.email for person in _PEOPLE if person.role == role))


def _seller_of(person: _Person) -> int | None:
    if person.role != Role.SELLER:
        return None
    return Seller.objects.get(marketplace=person.marketplace, seller_ref=SHOWN_SELLER).pk


def _insurer_of(person: _Person) -> int | None:
    return Insurer.objects.get(name=SHOWN_INSURER).pk if person.role == Role.INSURER else None
