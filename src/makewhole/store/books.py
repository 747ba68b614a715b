"""Are the books right? Start at check(): every entry balances, the accounts say what the claims and recoveries say,
payouts what was withheld of them, closed days what their postings do; and the log asks for every posting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from makewhole.domain.money import Money
from makewhole.store.replay import postings_by_the_log
from makewhole.store.sqls import sql
from makewhole.store.streams import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Balance:
    """An account's balance in one currency; debits positive."""

    account: str
    amount: Money


@dataclass(slots=True)
class Checked:
    claims: int = 0
    events: int = 0
    faults: int = 0
    trial_balance: list[Balance] = field(default_factory=list)


def check(tell: Callable[[str], None], *, progress: Progress = no_progress) -> Checked:
    """Tells every fault in the books, and returns the trial balance."""
    done = Checked()

    def count(fault: object) -> None:
        done.faults += 1
        tell(str(fault))

    for claim_id, version, currency, left in _asked("unbalanced_entries"):
        count(f"claim {claim_id}, version {version}: the entry is off by {Money(left, currency)}")
    for claim_id, currency, account, booked, by_row in _asked("books_against_rows"):
        count(_against_row(claim_id, account, Money(booked, currency), Money(by_row, currency)))
    for _, ref, currency, withheld, kept in _asked("withheld_against_payouts"):
        count(f"payout {ref}: {Money(withheld, currency)} withheld; by its withholdings it is {Money(kept, currency)}")
    for marketplace, currency, account, day, summed, posted in _asked("days_against_postings"):
        count(
            f"{marketplace}, {day}: {account} moved by {Money(summed, currency)} as summed up; "
            f"by its postings by {Money(posted, currency)}"
        )
    replayed = postings_by_the_log(count, progress=progress)
    done.claims, done.events = replayed.claims, replayed.events
    done.trial_balance = trial_balance()
    for currency, left in _sums(done.trial_balance).items():
        if left:
            count(f"all accounts in {currency} together are off by {Money(left, currency)}")
    return done


def trial_balance() -> list[Balance]:
    """Every account that was ever posted to, by currency."""
    return [Balance(account, Money(minor, currency)) for currency, account, minor in _asked("trial_balance")]


def _sums(balances: list[Balance]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for balance in balances:
        sums[balance.amount.currency] = sums.get(balance.amount.currency, 0) + balance.amount.minor
    return sums


def _against_row(claim_id: UUID, account: str, booked: Money, by_row: Money) -> str:
    return f"claim {claim_id}: {account} stands at {booked}; by the claim's row it is {by_row}"


def _asked(name: str) -> list[tuple[Any, ...]]:  # each statement has its own columns
    with connection.cursor() as cursor:
        cursor.execute(sql(name))
        return cursor.fetchall()
