"""Orders against the bank against the books: day by day and currency by currency, with what does not agree.

Start at reconciled(). Days are those of the order, in the marketplace's zone; a period is bounded, and a block index on
the order's instant finds it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce

from makewhole.domain.actors import Actor
from makewhole.reads.batches import BatchTold, seen_by, told_of
from makewhole.reads.books import trial_balances
from makewhole.store import ledger_days, policies
from makewhole.store.models import BankLine, BatchedPayment, Marketplace, Payment

MOST_DAYS = 62
# A bank that is silent for longer has a payment run that somebody should ask it about.
SILENCE = timedelta(days=3)
IN_TRANSIT = "payments_in_transit"


@dataclass(frozen=True, slots=True)
class DayOfOrders:
    """What was ordered on one day in one currency, what became of it, and what the books say of the same day."""

    day: date
    currency: str
    number: int
    ordered_minor: int
    confirmed_minor: int
    returned_minor: int
    open_minor: int
    in_batches_minor: int
    by_bank_file_minor: int  # of confirmed and returned: told by a file of the bank; the rest by hand or by API
    booked_minor: int

    @property
    def difference_minor(self) -> int:
        """What the books have more, or (negative) less, than the orders."""
        return self.booked_minor - self.ordered_minor

    @property
    def by_hand_minor(self) -> int:
        return self.confirmed_minor + self.returned_minor - self.by_bank_file_minor


@dataclass(frozen=True, slots=True)
class Check:
    """One figure that two sides must agree on, in one currency, as of now."""

    name: str  # in_transit, sums_to_zero
    currency: str
    rows_minor: int
    booked_minor: int

    @property
    def off_minor(self) -> int:
        return self.booked_minor - self.rows_minor


def reconciled(marketplace: str, from_day: date, to_day: date) -> list[DayOfOrders]:
    """Each day of the period on which something was ordered, by bank transfer or otherwise, the newest first."""
    assert (to_day - from_day).days < MOST_DAYS, "a bounded period"
    calendar = policies.calendar_of(marketplace)
    local = Func(Value(calendar.zone), F("ordered_at"), function="timezone", output_field=DateTimeField())
    in_a_batch = BatchedPayment.objects.filter(payment_id=OuterRef("id"), out_at__isnull=True)
    in_a_file = BankLine.objects.filter(payment_id=OuterRef("id"), outcome="done")
    rows = (
        Payment.objects.filter(
            claim__marketplace_id=marketplace,
            ordered_at__gte=calendar.instant(from_day, time()),
            ordered_at__lt=calendar.instant(to_day + timedelta(days=1), time()),
        )
        .annotate(day=Cast(local, DateField()), in_batch=Exists(in_a_batch), in_file=Exists(in_a_file))
        .values("day", "currency")
        .annotate(
            number=Count("id"),
            ordered=Sum("amount_minor"),
            confirmed=_sum(Q(state="settled")),
            returned=_sum(Q(state="returned")),
            waiting=_sum(Q(state="ordered")),
            in_batches=_sum(Q(in_batch=True)),
            by_file=_sum(Q(in_file=True) & ~Q(state="ordered")),
        )
    )
    found = {
        (row["day"], row["currency"]): DayOfOrders(
            day=row["day"],
            currency=row["currency"],
            number=row["number"],
            ordered_minor=row["ordered"],
            confirmed_minor=row["confirmed"],
            returned_minor=row["returned"],
            open_minor=row["waiting"],
            in_batches_minor=row["in_batches"],
            by_bank_file_minor=row["by_file"],
            booked_minor=0,
        )
        for row in rows
    }
    place = Marketplace.objects.get(code=marketplace)
    currencies = {currency for _, currency in found} | {place.currency}
    for key, minor in _booked(marketplace, currencies, from_day, to_day).items():
        nothing = DayOfOrders(*key, 0, 0, 0, 0, 0, 0, 0, 0)  # the books have something that no order bears out
        found[key] = replace(found.get(key, nothing), booked_minor=minor)
    return sorted(found.values(), key=lambda each: (-each.day.toordinal(), each.currency))


def checks_now(marketplace: str, now: datetime) -> list[Check]:
    """Whether the books agree with the orders that wait, and with themselves."""
    today = policies.calendar_of(marketplace).day_of(now)
    waiting = Payment.objects.filter(state="ordered", claim__marketplace_id=marketplace)
    open_ = dict(waiting.values_list("currency").annotate(total=Sum("amount_minor")).order_by("currency"))
    found = []
    for balance in trial_balances(marketplace, today):
        transit = next((each.balance_minor for each in balance.accounts if each.account == IN_TRANSIT), 0)
        found.append(Check("in_transit", balance.currency, open_.get(balance.currency, 0), -transit))
        found.append(Check("sums_to_zero", balance.currency, 0, balance.off_minor))
    return found


def silent_batches(by: Actor, now: datetime, *, size: int = 50) -> list[BatchTold]:
    """Signed a while ago, and the bank has not answered all of it."""
    waits = BatchedPayment.objects.filter(batch_id=OuterRef("id"), out_at__isnull=True, payment__state="ordered")
    found = seen_by(by).filter(Exists(waits), signed_at__lt=now - SILENCE)
    return told_of(list(found.order_by("signed_at", "id")[:size]))


def payments_on(marketplace: str, currency: str, day: date, state: str) -> QuerySet[Payment]:
    """The orders of one day, for whoever looks into it."""
    calendar = policies.calendar_of(marketplace)
    found = Payment.objects.filter(
        claim__marketplace_id=marketplace, currency=currency,
        ordered_at__gte=calendar.instant(day, time()),
        ordered_at__lt=calendar.instant(day + timedelta(days=1), time()),
    )  # fmt: skip
    return found.filter(state=state) if state else found


def _booked(marketplace: str, currencies: set[str], from_day: date, to_day: date) -> dict[tuple[date, str], int]:
    """What the books put on its way on each day: the credits of the account for payments in transit."""
    return {
        (each.day, currency): each.credit_minor
        for currency in currencies
        for each in ledger_days.days(marketplace, currency, IN_TRANSIT, from_day, to_day)[1]
        if each.credit_minor
    }


def _sum(which: Q) -> Coalesce:
    return Coalesce(Sum("amount_minor", filter=which), 0)
