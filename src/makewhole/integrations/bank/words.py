"""What is said to a bank and by it, whatever the format: a run of orders, and answers to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from makewhole.domain.money import Money

LONGEST_ACCOUNT = 34
LONGEST_REFERENCE = 35
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

# paid: the bank carried it out. returned: the account cannot take it, and the claimant is asked for another.
# rejected: the bank did not carry it out for a reason that is ours. noted: nothing is decided yet.
Says = Literal["paid", "returned", "rejected", "noted"]


@dataclass(frozen=True, slots=True)
class Payer:
    """Our own account: whose, which, and at which bank (by BIC, or as a member of a clearing system)."""

    holder: str
    account: str
    bic: str = ""
    clearing_system: str = ""
    clearing_member: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One payment: `reference` comes back in every answer to it; `note` is what the payee reads."""

    reference: str
    holder: str
    account: str
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class Run:
    """Orders in one currency that go to the bank in one file, from one account."""

    reference: str
    made_at: datetime
    pay_on: date
    payer: Payer
    orders: tuple[Order, ...]

    @property
    def total(self) -> Money:
        return sum((order.amount for order in self.orders[1:]), self.orders[0].amount)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of one order, or (`whole_run`) of all orders of a run in one sum.

    `bank_ref` is the bank's own name of it: told twice, it is one. `amount` is None where the bank names none.
    """

    no: int
    reference: str
    says: Says
    bank_ref: str
    reason: str = ""
    amount: Money | None = None
    whole_run: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """A file as it was read: which kind, and the bank's name of it."""

    kind: str
    message_id: str
    answers: tuple[Answer, ...]


def reference_of(order_id: UUID) -> str:
    """How a payment or a run is named towards the bank: 32 signs that any system takes."""
    return order_id.hex


def is_iban(account: str) -> bool:
    """Whether it has an IBAN's form and its check digits are right."""
    if not _IBAN.fullmatch(account):
        return False
    moved = account[4:] + account[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def account_fits(account: str) -> bool:
    """Whether a bank's file can carry it."""
    return 4 <= len(account) <= LONGEST_ACCOUNT and account.isascii() and account.isalnum()
