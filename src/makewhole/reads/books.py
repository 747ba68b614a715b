"""The books for who may read them: the trial balance of a marketplace at a day, an account's days, a day's entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.ledger.accounts import MEANING
from makewhole.domain.refusal import Refused
from makewhole.reads.places import instant_of, stamp
from makewhole.store import ledger_days, policies
from makewhole.store.ledger_days import AccountBalance, Entry
from makewhole.store.models import Marketplace

SEES_BOOKS: frozenset[RoleName] = frozenset({"finance", "programme_owner", "auditor"})
PAGE = 100
# The order of the chart: as money moves.
_ORDER = {account: place for place, account in enumerate(MEANING)}


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account of one marketplace in one currency at the end of a day; what they sum to is zero, or a fault."""

    currency: str
    accounts: tuple[AccountBalance, ...]

    @property
    def off_minor(self) -> int:
        return sum(each.balance_minor for each in self.accounts)

    @property
    def debit_minor(self) -> int:
        return sum(each.balance_minor for each in self.accounts if each.balance_minor > 0)

    @property
    def credit_minor(self) -> int:
        return -sum(each.balance_minor for each in self.accounts if each.balance_minor < 0)


@dataclass(frozen=True, slots=True)
class DayTold:
    """One day of an account: what it moved and where it stood at its end."""

    day: date
    debit_minor: int
    credit_minor: int
    postings: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class Period:
    """An account from a day to a day."""

    opening_minor: int
    days: tuple[DayTold, ...]

    @property
    def closing_minor(self) -> int:
        return self.days[-1].balance_minor if self.days else self.opening_minor


@dataclass(frozen=True, slots=True)
class EntryTold:
    entry: Entry
    balance_minor: int  # of the account after it


def place_of(code: str, by: Actor) -> Marketplace:
    """A marketplace whose books this reader may see. Refuses `unknown_marketplace`, also for one of others."""
    found = Marketplace.objects.filter(code=code).first() if by.works_in(code) else None
    if found is None or by.role not in SEES_BOOKS:
        raise Refused("unknown_marketplace", marketplace=code[:20])
    return found


def trial_balances(marketplace: str, day: date) -> list[TrialBalance]:
    """One for each currency that was ever posted."""
    found: dict[str, list[AccountBalance]] = {}
    for each in ledger_days.balances(marketplace, day):
        found.setdefault(each.currency, []).append(each)
    return [
        TrialBalance(currency, tuple(sorted(accounts, key=lambda each: _ORDER.get(each.account, 99))))  # type: ignore[call-overload]
        for currency, accounts in sorted(found.items())
    ]


def account_days(marketplace: str, currency: str, account: str, from_day: date, to_day: date) -> Period:
    """What it stood at, every day on which it moved, and where it stood then."""
    opening, moved = ledger_days.days(marketplace, currency, account, from_day, to_day)
    told, balance = [], opening
    for each in moved:
        balance += each.debit_minor - each.credit_minor
        told.append(DayTold(each.day, each.debit_minor, each.credit_minor, each.postings, balance))
    return Period(opening, tuple(told))


def entries_of(
    marketplace: str, currency: str, account: str, day: date, *, after: str = "", size: int = PAGE
) -> tuple[list[EntryTold], int, str]:
    """A page of one day's legs with the running balance, what the page began with, and the cursor of the next page."""
    if after:
        at, claim_id, version, leg, balance = after.split("_")
        place = (instant_of(at), UUID(claim_id), int(version), int(leg))
        opening = int(balance)
        found = ledger_days.entries(marketplace, currency, account, day, after=place, most=size + 1)
    else:
        opening = ledger_days.days(marketplace, currency, account, day, day)[0]
        found = ledger_days.entries(marketplace, currency, account, day, most=size + 1)
    more, found = len(found) > size, found[:size]
    told, running = [], opening
    for entry in found:
        running += entry.amount_minor
        told.append(EntryTold(entry, running))
    last = found[-1] if more else None
    cursor = f"{stamp(last.at)}_{last.claim_id}_{last.version}_{last.leg}_{running}" if last else ""
    return told, opening, cursor


def today_in(marketplace: str, now: datetime) -> date:
    return policies.calendar_of(marketplace).day_of(now)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
