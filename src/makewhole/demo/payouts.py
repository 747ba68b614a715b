"""The demo's disbursements: what the marketplace would pay out to a few sellers, told once recoveries are there."""

from __future__ import annotations

from datetime import datetime, timedelta

from makewhole.demo.market import PLACES, SHOWN_SELLER
from makewhole.imports import disbursements
from makewhole.imports.report import ImportReport
from makewhole.recovering import Withheld, withhold_from
from makewhole.store.models import Disbursement

PAYS_AFTER_DAYS = 3
# (marketplace, seller, net amounts in major units): some cover what is owed, some only a part of it.
_PAYOUTS = (
    ("us", SHOWN_SELLER, ("1840.20", "912.55")),
    ("us", "S-US-002", ("340.00", "2750.00")),
    ("us", "S-US-003", ("5120.75",)),
    ("us", "S-US-004", ("64.10", "118.00")),
    ("us", "S-US-005", ("0.00",)),
    ("uk", "S-UK-001", ("1210.00",)),
    ("de", "S-DE-001", ("830.40",)),
    ("ca", "S-CA-001", ("1499.99",)),
)


def load(now: datetime) -> list[Withheld]:
    """Tells the payouts of the day of loading, and of the week before; what is withheld of them comes back."""
    withheld: list[Withheld] = []
    report = ImportReport(on_stored=lambda ids: withheld.extend(withhold_from(ids, now)))
    for place in PLACES:
        disbursements.load_rows(place.code, _rows(place.code, now), now=now, report=report)
    assert not report.bad, report.bad_rows
    return withheld


def _rows(marketplace: str, now: datetime) -> list[dict[str, object]]:
    # Loaded again on a later day, a payout keeps its day: what was told of it does not change.
    days = dict(Disbursement.objects.filter(marketplace=marketplace).values_list("disbursement_ref", "pays_on"))
    return [
        {
            "disbursement_ref": (ref := f"D-{seller_ref}-{number}"),
            "seller_ref": seller_ref,
            "net_amount": net,
            "pays_on": days.get(ref) or (now + timedelta(days=PAYS_AFTER_DAYS - 7 * (number - 1))).date(),
        }
        for code, seller_ref, nets in _PAYOUTS
        if code == marketplace
        for number, net in enumerate(nets, start=1)
    ]
