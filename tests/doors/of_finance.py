"""Money: what finance signs and sends, what the bank answers, and the books."""

from __future__ import annotations

from collections.abc import Callable

from doors.doors import Door, Premises

FINANCE = frozenset({"finance"})
LOOKS_ON = frozenset({"finance", "auditor"})
READS_BOOKS = frozenset({"finance", "programme_owner", "auditor"})
REDIRECTED = frozenset({302})
SAID = frozenset({302, 422})


def of_batch(page: str = "") -> Callable[[Premises], str]:
    return lambda place: f"/batches/{place.batch.pk}{page}"


def _payment(place: Premises) -> str:
    return str(place.claim.payments[0].order.payment_id)


def _line(place: Premises) -> str:
    return f"/bank-answers/lines/{place.bank_file.answers.get().pk}/explain"


def _entry(place: Premises) -> str:
    from makewhole.store.models import Posting

    version = Posting.objects.filter(claim_id=place.claim.claim_id).values_list("version", flat=True)[0]
    return f"/books/entries/{place.claim.filed.reference}/{version}"


DOORS = [
    Door("finance", FINANCE, lambda place: "/finance", many=True),
    Door("approvals", FINANCE, lambda place: "/approvals", many=True),
    Door("approvals-look", FINANCE, lambda place: "/approvals/look", "POST",
         lambda place: {"item": f"batch:{place.batch.pk}"}, strangers=302),
    Door("approvals-sign", FINANCE, lambda place: "/approvals/sign", "POST", opens=REDIRECTED),
    Door("payments", FINANCE, lambda place: "/payments", many=True),
    Door("batches", LOOKS_ON, lambda place: "/batches", many=True),
    Door("make-batch", FINANCE, lambda place: "/batches/make", "POST",
         lambda place: {"marketplace": place.shop.code, "currency": "USD", "day": "2026-11-21"},
         opens=REDIRECTED, strangers=404),
    Door("batch", LOOKS_ON, of_batch(), strangers=404),
    Door("withdraw-batch", FINANCE, of_batch("/withdraw"), "POST", opens=SAID, strangers=404),
    Door("take-out", FINANCE, of_batch("/take-out"), "POST",
         lambda place: {"payment": _payment(place), "because": "the account looks wrong"}, opens=SAID, strangers=404),
    Door("free-batch", FINANCE, of_batch("/free"), "POST", lambda place: {"because": "rejected"}, opens=SAID,
         strangers=404),
    Door("batch-file", FINANCE, of_batch("/file"), "POST", opens=frozenset({422}), strangers=404),
    Door("paying-accounts", FINANCE, lambda place: "/paying-accounts"),
    Door("paying-accounts", FINANCE, lambda place: "/paying-accounts", "POST",
         lambda place: {"marketplace": place.shop.code, "currency": "USD", "holder": "Test Shop Inc.",
                        "account": "4412345678", "bic": "CXMCUSI0"}, opens=REDIRECTED, strangers=422),
    Door("bank-answers", LOOKS_ON, lambda place: "/bank-answers", many=True),
    Door("bank-answers", FINANCE, lambda place: "/bank-answers", "POST", opens=frozenset({422})),
    Door("bank-report", LOOKS_ON, lambda place: f"/bank-answers/{place.bank_file.pk}", strangers=404),
    Door("explain-answer", FINANCE, _line, "POST", lambda place: {"words": "A cent of charges."}, opens=REDIRECTED,
         strangers=404),
    Door("returns", LOOKS_ON, lambda place: "/returns", many=True),
    Door("reconciliation", LOOKS_ON, lambda place: f"/reconciliation?marketplace={place.shop.code}", many=True),
    Door("orders-of-a-day", LOOKS_ON, lambda place: f"/reconciliation/{place.shop.code}/USD/2026-11-21",
         strangers=404, many=True),
    Door("books", READS_BOOKS, lambda place: f"/books?marketplace={place.shop.code}", many=True),
    Door("account", READS_BOOKS, lambda place: f"/books/{place.shop.code}/USD/bank", strangers=404, many=True),
    Door("account-day", READS_BOOKS, lambda place: f"/books/{place.shop.code}/USD/payments_in_transit/2026-11-21",
         strangers=404, many=True),
    Door("book-entry", READS_BOOKS, _entry, strangers=404),
]  # fmt: skip
